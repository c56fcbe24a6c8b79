"""What comes round by the clock here, and what officers ask for. The index and its kernels are loaded when there is work for them: they cost half a
second, and every start of every program would pay for it.
"""

from __future__ import annotations

from importlib import import_module


def hash_pictures() -> None:
    """Hashes the pictures that wait, and holds them against the lists."""
    import_module("abhaya.matching.actions.pictures").hash_pictures()


def hash_films() -> None:
    """Hashes the film that waits longest, and holds it against the lists; else puts one into its stack."""
    if not import_module("abhaya.matching.actions.films").hash_films():
        import_module("abhaya.matching.actions.film_stacks").stack_films()


def stack_pictures() -> None:
    """Puts hashed pictures of ours into their stacks."""
    import_module("abhaya.matching.actions.stacks").stack_pictures()


def merge_indexes() -> None:
    """Keeps searches as quick as they are."""
    import_module("abhaya.matching.near_index").merge_indexes()
    import_module("abhaya.matching.film_index").merge_indexes()
