"""Which store the vault is in, as `vault/place` says it: one line with the store, and while it moves a second one.

    s3://bucket/prefix          new originals go here
    from folder                 and everything else may still be there; "emptying folder": it is proved that nothing is

Without the file the vault is where the settings say. It is written by `moving` alone, in one step, and every process of
this server looks before each use. `folder` is the folder `vault` itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from abhaya.custody.disk import replace_durably
from abhaya.errors import OperatorError

FOLDER = "folder"
_FROM, _EMPTYING = "from", "emptying"
State = tuple[int, int, int] | None


@dataclass(frozen=True, slots=True)
class Place:
    """`leaving` is empty when nothing moves. `is_emptying`: nobody reads from there any more."""

    now: str
    leaving: str = ""
    is_emptying: bool = False


def read_place(data_dir: Path) -> Place | None:
    """What the file says; None where there is none."""
    try:
        lines = _path(data_dir).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None
    words = lines[1].split(" ", 1) if len(lines) == 2 else []
    if len(lines) == 1 and lines[0]:
        return Place(lines[0])
    if len(words) == 2 and words[0] in {_FROM, _EMPTYING}:
        return Place(lines[0], words[1], is_emptying=words[0] == _EMPTYING)
    raise OperatorError(
        f"{_path(data_dir)} is damaged: it should say which store the vault is in, as {FOLDER} or s3://BUCKET/PREFIX."
        " Write that line, or put the file back from a backup of the folder."
    )


def write_place(data_dir: Path, place: Place) -> None:
    """Says so from now on, to every process of this server."""
    word = _EMPTYING if place.is_emptying else _FROM
    text = f"{place.now}\n" + (f"{word} {place.leaving}\n" if place.leaving else "")
    replace_durably(_path(data_dir), text.encode())


def place_state(data_dir: Path) -> State:
    """What changes when the place does."""
    try:
        status = _path(data_dir).stat()
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size


def _path(data_dir: Path) -> Path:
    return data_dir / "vault" / "place"
