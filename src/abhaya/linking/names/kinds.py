"""What persons are called and where they say they live: of each kind, its keys and how two are compared. It proposes, and
never links.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from abhaya.linking.names.addresses import address_keys, compare_addresses
from abhaya.linking.names.compare import Verdict, compare
from abhaya.linking.names.parts import keys, sought
from abhaya.linking.names.screen_names import compare_screen_names, screen_name_keys

NAME, ADDRESS, SCREEN_NAME = "name", "address", "screen_name"  # as sightings name them
TELLING = 3  # how much a key says: the most (`parts.sought`)


class Kind(NamedTuple):
    """`sought`: under which of others' `keys` one is found, with how much each says."""

    keys: Callable[[str], AbstractSet[str]]
    sought: Callable[[str], Mapping[str, int]]
    compare: Callable[[str, str], Verdict]


def _by_own(keys_of: Callable[[str], AbstractSet[str]]) -> Callable[[str], Mapping[str, int]]:
    return lambda text: dict.fromkeys(keys_of(text), TELLING)


KINDS = {  # in the order in which a page has them
    NAME: Kind(keys, sought, compare),
    ADDRESS: Kind(address_keys, _by_own(address_keys), compare_addresses),
    SCREEN_NAME: Kind(screen_name_keys, _by_own(screen_name_keys), compare_screen_names),
}
