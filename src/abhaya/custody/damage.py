"""What can be wrong with an original that is held, in the operator's words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from uuid import UUID

from abhaya.custody.sealing import SealBroken, WrongOperatorKey, open_stream
from abhaya.errors import OperatorError


class OriginalDamaged(OperatorError):  # noqa: N818 — reads as what it says at the place of raising
    """An original is not as it was received. `how` is one word: missing, torn, changed, key."""

    def __init__(self, object_id: UUID, how: str, sentence: str) -> None:
        super().__init__(sentence)
        self.object_id = object_id
        self.how = how


def opened(blocks: Iterable[bytes], key: bytes, object_id: UUID) -> Iterator[bytes]:
    """The plain bytes of sealed chunks, each verified before it is handed out. Raises `OriginalDamaged`."""
    try:
        yield from open_stream(blocks, key, object_id)
    except SealBroken as error:
        raise OriginalDamaged(
            object_id, "changed", f"The original {object_id} was changed after it was stored: {error}."
        ) from error


def unwrapped(object_id: UUID, unwrap: Callable[[], bytes]) -> bytes:
    """The object's key as `unwrap` gives it. Raises `OriginalDamaged` where it gives none."""
    try:
        return unwrap()
    except WrongOperatorKey as error:
        raise OriginalDamaged(
            object_id,
            "key",
            f"The original {object_id} is sealed under another operator key ({error}). Put the right secrets/vault back.",
        ) from error
    except SealBroken as error:
        raise OriginalDamaged(
            object_id, "key", f"The key of the original {object_id} was changed after it was stored: {error}."
        ) from error
