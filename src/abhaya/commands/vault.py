"""`abhaya vault move`: the originals into an S3-compatible store, or back into the folder."""

from __future__ import annotations

from argparse import Namespace

from abhaya.commands.progress import Progress
from abhaya.custody.moving import NAMED_MAX, move
from abhaya.errors import OperatorError

DONE, SET_ASIDE = 0, 1


def move_to(arguments: Namespace) -> int:
    """1 when the move waits for somebody, or something of the old place stays."""
    again = f"abhaya vault move --to {arguments.to}"
    try:
        with Progress("originals") as progress:
            done = move(arguments.to == "store", progress.step, without_missing=arguments.without_missing)
    except OperatorError as error:
        raise OperatorError(f"{error} The vault goes on with what it has. When that is mended: {again}") from error
    for lost in done.missing[:NAMED_MAX]:
        print(f"The original {lost} is in neither place.")
    if not done.is_done:
        if done.uploads:
            print(
                f"{done.uploads} uploads that began before the move are under way in the old place, or broke off. Run it"
                f" again later; after a day the worker has swept what broke off: {again}"
            )
        else:
            print(
                f"{len(done.missing)} originals are in neither place, so the old one is kept. Is its disk there? Put them"
                f" back from a backup, or end without them: {again} --without-missing"
            )
        return SET_ASIDE
    print(f"The vault is in the {arguments.to} now: {done.objects} originals, {done.size_bytes} bytes, each compared.")
    for path in done.left[:NAMED_MAX]:
        print(f"{path} stays in the old place: it is no original that the database knows.")
    return SET_ASIDE if done.left or done.missing else DONE
