"""The part of a real country that the invented world is set in: names and codes of places (Local Government Directory),
and address space that no operator has (RFC 2544, RFC 5737, RFC 3849), shared out to invented operators.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Network


@dataclass(frozen=True, slots=True)
class District:
    code: str  # LGD, "IN-27-478"
    name: str
    name_hi: str


@dataclass(frozen=True, slots=True)
class State:
    code: str  # LGD, "IN-27"
    name: str
    name_hi: str
    pin: str  # first three digits of an invented postal code
    districts: tuple[District, ...]


_TABLE = (
    ("27", "Maharashtra", "महाराष्ट्र", "425", "478 Jalgaon जलगाँव|490 Pune पुणे|484 Nagpur नागपुर|487 Nashik नाशिक|494 Satara सातारा|497 Thane ठाणे"),
    ("29", "Karnataka", "कर्नाटक", "570", "545 Mysuru मैसूरु|536 Dharwad धारवाड़|527 Belagavi बेलगावी|549 Udupi उडुपी"),
    ("9", "Uttar Pradesh", "उत्तर प्रदेश", "226", "162 Lucknow लखनऊ|187 Varanasi वाराणसी|169 Meerut मेरठ|118 Agra आगरा"),
    ("8", "Rajasthan", "राजस्थान", "302", "102 Jaipur जयपुर|117 Udaipur उदयपुर|107 Jodhpur जोधपुर|109 Kota कोटा"),
    ("33", "Tamil Nadu", "तमिलनाडु", "625", "578 Madurai मदुरै|584 Salem सेलम|569 Coimbatore कोयंबटूर|595 Vellore वेल्लोर"),
    ("19", "West Bengal", "पश्चिम बंगाल", "711", "313 Howrah हावड़ा|312 Hooghly हुगली|320 Nadia नदिया|316 Maldah मालदा"),
    ("24", "Gujarat", "गुजरात", "395", "459 Surat सूरत|457 Rajkot राजकोट|461 Vadodara वडोदरा|440 Anand आनंद"),
    ("32", "Kerala", "केरल", "691", "559 Kollam कोल्लम|557 Kannur कण्णूर|556 Idukki इडुक्की|567 Wayanad वायनाड"),
    ("10", "Bihar", "बिहार", "800", "212 Patna पटना|196 Gaya गया|214 Purnia पूर्णिया|209 Nalanda नालंदा"),
    ("3", "Punjab", "पंजाब", "141", "36 Ludhiana लुधियाना|27 Amritsar अमृतसर|41 Patiala पटियाला|38 Moga मोगा"),
    ("18", "Assam", "असम", "788", "282 Cachar काछाड़|290 Jorhat जोरहाट|297 Nagaon नगाँव|286 Dibrugarh डिब्रूगढ़"),
)  # fmt: skip


def _state(row: tuple[str, str, str, str, str]) -> State:
    code, name, name_hi, pin, listed = row
    districts = []
    for entry in listed.split("|"):
        number, district, district_hi = entry.split(" ")
        districts.append(District(f"IN-{code}-{number}", district, district_hi))
    return State(f"IN-{code}", name, name_hi, pin, tuple(districts))


STATES: tuple[State, ...] = tuple(_state(row) for row in _TABLE)

_INVENTED_SPACE = int(IPv4Address("198.18.0.0"))  # 198.18.0.0/15, RFC 2544: assigned to nobody
_STATE_ADDRESSES = 8192
VPN_NETWORK = IPv4Network("203.0.113.0/24")
WIFI_NETWORK = IPv4Network("192.0.2.0/24")
HOSTING_NETWORK = IPv4Network("198.51.100.0/24")


@cache
def mobile_network(state: int) -> IPv4Network:
    """The carrier-NAT range of a state: it says the state and no more."""
    return IPv4Network((_INVENTED_SPACE + state * _STATE_ADDRESSES, 20))


@cache
def fixed_network(state: int, district: int) -> IPv4Network:
    """Fixed lines of one district."""
    return IPv4Network((_INVENTED_SPACE + state * _STATE_ADDRESSES + 4096 + district * 256, 24))


@cache
def district_mobile_network(state: int, district: int) -> IPv4Network:
    """A carrier's range that the unit's own table ties to one district."""
    return IPv4Network((_INVENTED_SPACE + state * _STATE_ADDRESSES + 6144 + district * 256, 24))


@cache
def education_network(state: int) -> IPv4Network:
    """Schools and hostels of a state: hundreds of people behind each address."""
    return IPv4Network((_INVENTED_SPACE + state * _STATE_ADDRESSES + 7680, 24))


@cache
def network_prefix(network: IPv4Network) -> str:
    """What every address of a /24 begins with, the last dot included."""
    return str(network.network_address).rpartition(".")[0] + "."


def fixed_network_v6(state: int, district: int) -> IPv6Network:
    return IPv6Network(f"2001:db8:{state:x}{district:02x}::/48")


def gazetteer_rows(states: int, districts_per_state: int) -> list[dict[str, str]]:
    """The unit's own table for this world, as `abhaya gazetteer import` takes it."""
    rows = []
    for s, state in enumerate(STATES[:states]):
        rows.append(_row(mobile_network(s), state.code, "", "Kalpit Mobile", "mobile"))
        rows.append(_row(education_network(s), state.code, "", "Namuna Education Network", "education"))
        for d, district in enumerate(state.districts[:districts_per_state]):
            rows.append(_row(fixed_network(s, d), state.code, district.code, "Kalpit Broadband", "fixed"))
            rows.append(_row(fixed_network_v6(s, d), state.code, district.code, "Kalpit Broadband", "fixed"))
            rows.append(_row(district_mobile_network(s, d), state.code, district.code, "Kalpit Mobile", "mobile"))
    rows.append(_row(VPN_NETWORK, "", "", "Namuna VPN", "vpn", country=""))
    rows.append(_row(WIFI_NETWORK, "", "", "Station Wi-Fi", "wifi"))
    rows.append(_row(HOSTING_NETWORK, "", "", "Namuna Hosting", "hosting", country="SG"))
    return rows


def _row(
    network: object, state: str, district: str, operator: str, kind: str, *, country: str = "IN"
) -> dict[str, str]:
    return {
        "cidr": str(network), "country": country, "state": state, "district": district,
        "operator": operator, "kind": kind, "valid_from": "2025-01-01", "valid_to": "",
    }  # fmt: skip
