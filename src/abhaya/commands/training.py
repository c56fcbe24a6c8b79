"""`abhaya training tamper`: bends the ledger or the vault of an invented world, so that one can see it caught."""

from __future__ import annotations

from argparse import Namespace

from abhaya.training.tamper import tamper as do


def tamper(arguments: Namespace) -> int:
    print(do(arguments.how))
    return 0
