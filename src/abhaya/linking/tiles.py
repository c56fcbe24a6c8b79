"""Maps as tiles: one square for each code of ISO 3166-1, near where it lies; and the same for a country's states. (pure)

No borders are drawn, and none can be drawn wrongly: how India's are shown is a matter of law (Survey of India; Criminal Law
Amendment Act 1961, section 2), other countries have such laws too, and small states get as much room as large ones.
The arrangement is this project's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

SHADES = 5  # steps of shading, each twice the number before it at least; the number stands in the tile too
SEA = ".."

_AMERICAS = """
.. .. .. CA .. .. GL ..
.. .. .. US .. PM BM ..
.. .. MX .. BS TC VG AI
.. GT BZ CU HT DO PR VI
.. SV HN KY JM SX MF BL
.. .. NI AW CW BQ KN AG
.. CR PA VC LC DM MS GP
.. EC CO VE GD BB TT MQ
.. .. PE BR GY SR GF ..
.. .. BO PY .. .. .. ..
.. .. CL AR UY FK GS ..
"""
_EUROPE = """
IS FO SJ NO SE FI AX ..
IE IM GB DK .. EE LV RU
GG JE NL DE PL LT BY ..
.. FR BE LU CZ SK UA ..
.. AD MC CH LI AT HU MD
PT ES GI IT SI HR RO ..
.. .. VA SM BA RS BG ..
.. .. .. MT ME AL MK GR
.. .. .. .. .. .. .. CY
"""
_AFRICA = """
.. MA DZ TN LY EG .. ..
EH MR ML NE TD SD ER ..
CV SN BF NG CM SS ET DJ
GM GW CI GH CF UG KE SO
GN SL TG BJ CG RW TZ SC
.. LR GQ ST CD BI MW KM
SH .. .. GA AO ZM MZ YT
.. .. .. .. NA ZW MG MU
.. .. .. .. BW SZ .. RE
.. .. .. .. ZA LS .. ..
"""
_ASIA = """
.. .. GE .. KZ .. .. MN .. ..
TR AM AZ UZ KG .. CN KP JP ..
SY IQ IR TM TJ .. .. KR .. ..
LB JO KW AF PK NP BT MO HK TW
IL PS BH QA IN BD MM LA VN ..
.. SA AE OM LK .. TH KH PH ..
.. .. YE .. MV .. MY BN .. ..
.. .. .. .. IO .. SG ID TL ..
"""
_OCEANIA = """
.. MP GU PW MH .. UM ..
.. PG FM NR KI TK AS ..
CC SB TV WF WS CK PF ..
CX AU VU FJ TO NU PN ..
.. NF NC NZ .. .. .. ..
HM TF AQ BV .. .. .. ..
"""


def _read(drawn: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(line.split()) for line in drawn.split("\n") if line)


BLOCKS: dict[str, tuple[tuple[str, ...], ...]] = {
    "americas": _read(_AMERICAS),
    "europe": _read(_EUROPE),
    "africa": _read(_AFRICA),
    "asia": _read(_ASIA),
    "oceania": _read(_OCEANIA),
}
ON_THE_MAP = frozenset(code for block in BLOCKS.values() for row in block for code in row if code != SEA)


@dataclass(frozen=True, slots=True)
class Tile:
    """One square. `code` is empty at sea; `shade` 0 where there is nothing, up to `SHADES`."""

    code: str = ""
    count: int = 0
    shade: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """One part of the world, row by row, every row as wide as the others."""

    name: str
    columns: int
    tiles: tuple[Tile, ...]


def drawn(counts: Mapping[str, int]) -> list[Block]:
    """The map with a count for each country; what stands on no tile is left to `beside`."""
    most = max((count for code, count in counts.items() if code in ON_THE_MAP), default=0)
    return [
        Block(name, len(rows[0]), tuple(_tile(code, counts.get(code, 0), most) for row in rows for code in row))
        for name, rows in BLOCKS.items()
    ]


def of_places(name: str, rows: Sequence[Sequence[str]], counts: Mapping[str, int]) -> Block:
    """Places of one country, row by row, "" where nothing lies."""
    most = max((counts.get(code, 0) for row in rows for code in row), default=0)
    return Block(
        name, len(rows[0]), tuple(_tile(code or SEA, counts.get(code, 0), most) for row in rows for code in row)
    )


def beside(codes: Iterable[str]) -> list[str]:
    """Codes that have no tile: "" (no country known), and what telephone plans use beyond ISO 3166-1 (XK)."""
    return [code for code in codes if code not in ON_THE_MAP]


def shade(count: int, most: int) -> int:
    """0 for none, `SHADES` for the highest; halving from there downwards, so that few large counts leave the rest visible."""
    step = SHADES
    while step > 1 and count * 2 ** (SHADES - step + 1) <= most:
        step -= 1
    return step if count else 0


def _tile(code: str, count: int, most: int) -> Tile:
    return Tile() if code == SEA else Tile(code, count, shade(count, most))
