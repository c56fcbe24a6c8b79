"""What the pages of a person as far as known share: reading it, writing down that it was read, and its words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import wraps
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from abhaya.access.gate import OfficerRequest
from abhaya.cases.actions import note_asked
from abhaya.desk import words
from abhaya.desk.forms import in_reader_language
from abhaya.errors import NotThere, OfficerError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.linking import queries_subjects as subjects
from abhaya.linking import subject_shown as shown
from abhaya.linking.queries_subjects import SubjectView
from abhaya.linking.reasons_subjects import LEAD, SENTENCES
from abhaya.linking.subject_shown import Account
from abhaya.linking.words import ANSWERS, CAUSES, CHANGES
from abhaya.web.errors import error_page

SubjectPage = Callable[[OfficerRequest, UUID], HttpResponse]
MASKED = ("a masked person", "एक छिपाया गया व्यक्ति")
UNNAMED = ("an account not named, report {number}", "बिना नाम का खाता, रिपोर्ट {number}")
WORDS = {
    "sentences": SENTENCES,
    "lead_words": {"lead": LEAD},
    "answers": ANSWERS,
    "causes": CAUSES,
    "change_words": CHANGES,
    "words": {"roles": words.ROLES, "events": words.EVENTS},
}


def view_of(subject_id: UUID) -> SubjectView:
    """By a subject's id, or an account's. Raises `NotThere` where nothing of it is open to the reader."""
    members = subjects.members(subject_id) or subjects.members(subject_id, now=False)
    view = subjects.as_seen(members[0] if members else subject_id)
    if view is None:
        raise NotThere(_("There is nothing here for you."))
    return view


def of_a_subject(page: Callable[[OfficerRequest, UUID, SubjectView, dict[UUID, Account]], HttpResponse]) -> SubjectPage:
    """A page under a subject's id, or an account's: noted as asked for, and with what is open of it to the reader."""

    @wraps(page)
    def opened(request: OfficerRequest, subject_id: UUID) -> HttpResponse:
        note_asked(request.officer.id, [subject_id])
        try:
            view = view_of(subject_id)
        except NotThere as nothing:
            return nothing_for(request, nothing)
        return page(request, subject_id, view, shown.accounts(view))

    return opened


def nothing_for(request: OfficerRequest, nothing: NotThere) -> HttpResponse:
    """Returned, not raised, so that what was asked for stays noted: who asks for much that others protect stands out."""
    return error_page(request, nothing.status, sentence=nothing.sentence)


def viewed(accounts: Collection[Account], about: UUID, *, kept_in: Iterable[UUID] = ()) -> None:
    """One entry for each compartment of which something is shown; `kept_in`: cases of which a remark is."""
    facts = {"accounts": len(accounts)}
    record([Act(Event.DESK_SUBJECT_VIEWED, about, trace, facts) for trace in {*shown.traces(accounts), *kept_in}])


def called(account: Account) -> str:
    """An account in words, masked where it has to be."""
    if account.is_protected:
        return in_reader_language(MASKED)
    if account.value:
        return f"{account.name} ({account.platform})"
    return in_reader_language(UNNAMED).format(number=account.first.number)


def status_of(errors: Mapping[str, object], refused: OfficerError | None) -> int:
    if refused is not None:
        return refused.status
    return 422 if errors else 200


def uuid_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
