"""Errors, by *who must act*. Each carries a plain sentence that its reader can act on; nothing technical leaks.

A rule never raises: it returns its refusal with a reason. An action raises one of these; the edge (page, door,
command) turns it into its own answer.
"""

from __future__ import annotations


class AbhayaError(Exception):
    """Something a named person must act on. `status` is the HTTP status where it reaches a browser or a client."""

    status = 500

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class SenderError(AbhayaError):
    """The sender of a report must act: a document, an upload or a credential is not acceptable."""

    status = 400

    def __init__(self, sentence: str, *, code: int = 4000, status: int = 400) -> None:
        super().__init__(sentence)
        self.code = code  # CyberTipline response code, see intake.rules
        self.status = status


class OfficerError(AbhayaError):
    """The officer at the page must act: the state has moved on, a reason is missing, another holds the item."""

    status = 409


class NotPermitted(OfficerError):  # noqa: N818 — reads as what it says at the place of raising
    """The officer lacks the permission. The sentence never says whether the thing exists."""

    status = 403


class NotThere(OfficerError):  # noqa: N818 — as above
    """Nothing here for this officer: absent and not-to-be-seen answer alike."""

    status = 404


class OperatorError(AbhayaError):
    """Whoever runs the server must act: a setting, a disk, a missing program, a database that is not ours."""

    status = 503
