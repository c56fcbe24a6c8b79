"""Where an internet address was at an instant: the unit's own table first, then the public one, else nothing.

The unit's own table wins everywhere, even in ranges kept for examples (the training world lives in them). Public data
answer with a country and an operator and never with a district; the kind of a network (mobile, hosting, …) is only
ever the unit's own word.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, summarize_address_range
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from abhaya.places import special
from abhaya.places.kernels import (
    ADDRESS_BITS,
    ALWAYS_FROM,
    ALWAYS_TO,
    NOT_FOUND,
    PrefixTable,
    in_ranges,
    keys_of,
    most_specific,
    pairs_of,
    prefix_table,
)
from abhaya.places.location import Location
from abhaya.places.names import Place
from abhaya.places.prepare import ABOUT, DISPUTE, FORMAT_VERSION, PREPARED
from abhaya.places.queries import SQL, generation, world
from abhaya.places.special import Address
from abhaya.shared.reason import Reason
from abhaya.shared.sql import fetch

IPV4_BITS = 32
COUNTRY_CODE_LETTERS = 2

Values = dict[str, str | int | float]


class OwnRow(NamedTuple):
    id: int
    first: str
    last: str
    country: str
    state: str
    district: str
    operator: str
    kind: str
    valid_from: int | None  # microseconds since 1970, UTC
    valid_to: int | None
    source: str
    as_of: date


class OwnTable(NamedTuple):
    generation: int
    rows: list[OwnRow]
    prefixes: PrefixTable


class PublicTable(NamedTuple):
    """One published table, mapped from disk."""

    package: str
    licence: str
    as_of: date
    caution: bool  # the publisher itself says that the data contain errors
    first: dict[int, npt.NDArray[np.generic]]
    last: dict[int, npt.NDArray[np.generic]]
    value: dict[int, npt.NDArray[np.uint32]]
    values: dict[int, list[str]]

    def look_up(self, version: int, numbers: Sequence[int]) -> list[str]:
        """The value of each address, "" where the table has none."""
        wanted = np.array(numbers, dtype=np.uint32) if version == 4 else keys_of(pairs_of(list(numbers)))
        rows = in_ranges(self.first[version], self.last[version], wanted)
        return [self.values[version][self.value[version][row]] if row != NOT_FOUND else "" for row in rows]


def locate(addresses: Sequence[str], instants: Sequence[datetime | None]) -> list[Location]:
    """One answer per address, in order. An instant that is not given asks the table as it is today, and says so."""
    parsed = [special.parse(address) for address in addresses]
    known = [row for row, address in enumerate(parsed) if address is not None]
    answers = [
        Location(address[:60], reasons=(Reason("not_an_address", {"address": address[:60]}),)) for address in addresses
    ]
    table = own_table()
    now = _microseconds(datetime.now(UTC))
    at = [now if (one := instants[row]) is None else _microseconds(one) for row in known]
    asked = pairs_of([special.number(_sure(parsed[row])) for row in known])
    found = most_specific(table.prefixes, asked, np.array(at, dtype=np.int64))
    public = [row for row, own in zip(known, found, strict=True) if own == NOT_FOUND]
    for row, own in zip(known, found, strict=True):
        if own != NOT_FOUND:
            answers[row] = _own_location(addresses[row], table.rows[own], given=instants[row] is not None)
    for row, location in zip(public, _public([_sure(parsed[row]) for row in public]), strict=True):
        answers[row] = location
    return answers


def kinds_at(addresses: Sequence[str], instants: Sequence[datetime]) -> list[str]:
    """What the unit's own table calls the network of each address at its instant (mobile, fixed, …), "" where it does not
    say: `locate` for thousands of addresses at once, without the reasons.
    """
    table = own_table()
    if not table.rows:
        return [""] * len(addresses)
    parsed = [special.parse(address) for address in addresses]
    known = [row for row, address in enumerate(parsed) if address is not None]
    asked = pairs_of([special.number(_sure(parsed[row])) for row in known])
    found = most_specific(
        table.prefixes, asked, np.array([_microseconds(instants[row]) for row in known], dtype=np.int64)
    )
    kinds = [""] * len(addresses)
    for row, own in zip(known, found, strict=True):
        if own != NOT_FOUND:
            kinds[row] = table.rows[own].kind
    return kinds


def own_table() -> OwnTable:
    """The unit's own ranges, read again when an import has added to them."""
    global _own  # noqa: PLW0603 — one table per process, replaced whole
    now = generation("networks")
    if _own is None or _own.generation != now:
        _own = _built(now, fetch(OwnRow, SQL["networks"]))
    return _own


_own: OwnTable | None = None


def _built(now: int, rows: list[OwnRow]) -> OwnTable:
    numbers, lengths, owners = [], [], []
    for owner, row in enumerate(rows):
        for network in _networks(row):
            numbers.append(special.number(network.network_address))
            lengths.append(network.prefixlen + (ADDRESS_BITS - IPV4_BITS if network.version == 4 else 0))
            owners.append(owner)
    begins = [ALWAYS_FROM if (start := rows[owner].valid_from) is None else start for owner in owners]
    ends = [ALWAYS_TO if (end := rows[owner].valid_to) is None else end for owner in owners]
    integers = (np.array(column, dtype=np.int64) for column in (lengths, owners, begins, ends))
    return OwnTable(now, rows, prefix_table(pairs_of(numbers), *integers))


def _own_location(address: str, row: OwnRow, *, given: bool) -> Location:
    values: Values = {
        "source": row.source,
        "as_of": row.as_of.isoformat(),
        "range": _range(row),
        "operator": row.operator or "–",
        "kind": row.kind,
    }
    return Location(
        address=address,
        country=row.country,
        state=row.state,
        district=row.district,
        operator=row.operator,
        kind=row.kind,
        source=row.source,
        as_of=row.as_of,
        own=True,
        reasons=(Reason("own_range", values), *(() if given else (Reason("no_instant"),))),
    )


def _networks(row: OwnRow) -> list[IPv4Network | IPv6Network]:
    return list(summarize_address_range(ip_address(row.first), ip_address(row.last)))


def _range(row: OwnRow) -> str:
    networks = _networks(row)
    return str(networks[0]) if len(networks) == 1 else f"{row.first}–{row.last}"


def _public(addresses: list[Address]) -> list[Location]:
    """The public answer to each address; what a tunnel carries is asked in its place."""
    inside = [special.inner(address) or address for address in addresses]
    countries, operators = _asked("country", inside), _asked("operator", inside)
    names = world()
    return [
        _public_location(address, asked, names.places.get(country) or country, operator)
        for address, asked, country, operator in zip(addresses, inside, countries, operators, strict=True)
    ]


def _public_location(address: Address, asked: Address, country: Place | str, operator: str) -> Location:
    tunnel = (Reason("tunnel", {"address": str(address), "inner": str(asked)}),) if asked != address else ()
    kept = special.special(asked)
    if kept is not None:
        words: Values = {"address": str(asked), "what": kept.what, "what_hi": kept.what_hi, "rfc": kept.rfc}
        return Location(str(address), kind=kept.kind, reasons=(*tunnel, Reason("special_range", words)))
    tables = public_tables()
    if not tables:
        return Location(str(address), reasons=(*tunnel, Reason("no_public_table")))
    if not country and not operator:
        return Location(str(address), reasons=(*tunnel, Reason("no_table")))
    table = tables["country" if country else "operator"]
    values: Values = {"source": table.package, "as_of": table.as_of.isoformat(), "operator": operator or "–"}
    reasons = _public_reasons(country, values)
    if table.caution:
        reasons.append(Reason("public_caution"))
    return Location(
        str(address),
        country.code if isinstance(country, Place) else country if len(country) == COUNTRY_CODE_LETTERS else "",
        operator=operator,
        source=table.package,
        as_of=table.as_of,
        reasons=(*tunnel, *reasons),
    )


def _public_reasons(country: Place | str, values: Values) -> list[Reason]:
    if isinstance(country, Place):
        named: Values = {"place": country.name, "place_hi": country.name_hi or country.name}
    elif DISPUTE in country:
        return [Reason("public_disputed", values | {"countries": country.replace(DISPUTE, ", ")})]
    elif not country:
        return [Reason("public_operator_only", values)]
    else:
        named = {"place": country, "place_hi": country}
    return [Reason("public_range", values | named), Reason("public_country_only")]


def _asked(name: str, addresses: list[Address]) -> list[str]:
    answers = [""] * len(addresses)
    table = public_tables().get(name)
    if table is None:
        return answers
    for version in (4, 6):
        rows = [row for row, address in enumerate(addresses) if address.version == version]
        for row, found in zip(rows, table.look_up(version, [int(addresses[row]) for row in rows]), strict=True):
            answers[row] = found
    return answers


def public_tables() -> dict[str, PublicTable]:
    """The prepared public tables by name (country, operator); empty where set-up has prepared none."""
    return _tables_in(PREPARED)


@cache
def _tables_in(folder: Path) -> dict[str, PublicTable]:
    try:
        about: dict[str, Any] = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    except OSError:
        return {}
    if about["format"] != FORMAT_VERSION:
        return {}
    return {table["name"]: _opened(folder, table) for table in about["tables"]}


def _opened(folder: Path, about: dict[str, Any]) -> PublicTable:
    def column(family: int, what: str) -> Any:
        return np.load(folder / f"{about['name']}-v{family}-{what}.npy", mmap_mode="r", allow_pickle=False)

    def words(family: int) -> list[str]:
        return list(json.loads((folder / f"{about['name']}-v{family}-values.json").read_text(encoding="utf-8")))

    return PublicTable(
        package=f"{about['package']} {about['version']}",
        licence=about["licence"],
        as_of=date.fromisoformat(about["as_of"]),
        caution=about["caution"],
        first={family: column(family, "first") for family in (4, 6)},
        last={family: column(family, "last") for family in (4, 6)},
        value={family: column(family, "value") for family in (4, 6)},
        values={family: words(family) for family in (4, 6)},
    )


def _microseconds(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)


def _sure(address: Address | None) -> IPv4Address | IPv6Address:
    assert address is not None  # noqa: S101 — rows were chosen by it
    return address
