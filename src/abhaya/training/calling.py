"""Telephone numbers that nobody has, for many countries: the right calling code and length, and a block that is in no plan.

North America: 555-0100 to 555-0199 of each area code are kept for fiction (NANPA). Everywhere else a block is taken
that libphonenumber's plan of that country knows as possible in length and given to nobody. A test holds that to be so.
"""

from __future__ import annotations

from dataclasses import dataclass

_PLANS = (  # ISO country, calling code, block in no plan, digits of a national number
    "AE 971 100 9|AF 93 100 9|AL 355 100 9|AM 374 130 8|AO 244 100 9|AR 54 100 11|AT 43 100 9|AZ 994 110 9|BA 387 100 8|"
    "BD 880 100 10|BE 32 100 9|BF 226 100 8|BG 359 100 8|BH 973 100 8|BJ 229 100 10|BN 673 100 7|BO 591 100 8|"
    "BR 55 100 11|BT 975 100 8|BW 267 100 8|BY 375 100 9|CD 243 100 9|CH 41 100 9|CI 225 100 10|CL 56 100 9|CM 237 100 9|"
    "CN 86 100 11|CO 57 100 10|CR 506 100 8|CU 53 100 8|CY 357 100 8|CZ 420 100 9|DE 49 100 11|DK 45 100 8|DZ 213 100 9|"
    "EC 593 100 9|EE 372 100 8|EG 20 130 10|ES 34 100 9|ET 251 100 9|FR 33 262 9|GE 995 100 9|GH 233 100 9|GN 224 100 9|"
    "GR 30 100 10|GT 502 100 8|HK 852 100 8|HN 504 100 8|HR 385 100 9|HU 36 100 9|ID 62 100 9|IE 353 200 9|IL 972 100 9|"
    "IN 91 100 10|IQ 964 100 10|IR 98 100 10|JO 962 100 9|JP 81 100 10|KE 254 109 9|KG 996 100 9|KH 855 200 8|KR 82 130 10|"
    "KW 965 100 8|LA 856 100 10|LB 961 100 8|LK 94 100 9|LT 370 100 8|LV 371 100 8|LY 218 100 9|MD 373 100 8|"
    "MG 261 100 9|ML 223 100 8|MM 95 100 8|MN 976 100 8|MU 230 100 8|MV 960 100 7|MX 52 100 10|MY 60 100 9|MZ 258 100 9|"
    "NG 234 100 10|NL 31 110 9|NP 977 100 10|NZ 64 100 9|OM 968 100 8|PE 51 100 9|PH 63 100 10|PK 92 100 10|PL 48 100 9|"
    "PT 351 100 9|QA 974 100 8|RO 40 100 9|RS 381 100 9|RW 250 100 9|SA 966 100 9|SE 46 100 9|SG 65 100 8|SN 221 100 9|"
    "TH 66 100 9|TR 90 100 10|TW 886 100 9|TZ 255 100 9|UA 380 100 9|UG 256 100 9|UZ 998 100 9|VE 58 100 10|VN 84 100 9|"
    "YE 967 100 9|ZA 27 190 9"
)
_AREAS = {  # of North America: each has a hundred numbers for fiction
    "CA": (204, 226, 236, 250, 306, 343, 403, 416, 418, 438, 450, 506, 514, 519, 604, 613, 647, 705, 778, 807, 902, 905),
    "US": (202, 205, 206, 208, 212, 213, 214, 215, 216, 303, 304, 305, 312, 313, 314, 401, 402, 404, 405, 412, 415, 503),
}  # fmt: skip
_FICTION = 100


@dataclass(frozen=True, slots=True)
class Plan:
    code: str
    block: str
    digits: int


def _read() -> dict[str, Plan]:
    rows = (entry.split() for entry in _PLANS.split("|"))
    return {country: Plan(code, block, int(digits)) for country, code, block, digits in rows}


PLANS = _read()
COUNTRIES = (*PLANS, *_AREAS)


def number(country: str, index: int) -> str:
    """The `index`-th invented number of a country, in international form without spaces; different for another index."""
    areas = _AREAS.get(country)
    if areas:
        area, line = divmod(index * 137 % (len(areas) * _FICTION), _FICTION)
        return f"+1{areas[area]}55501{line:02}"
    plan = PLANS[country]
    free = plan.digits - len(plan.block)
    apart = 7919 * int.from_bytes(country.encode())
    scattered = (index * 7_368_787 + apart) % 10**free  # the factor is prime to 10: no two indexes meet
    return f"+{plan.code}{plan.block}{scattered:0{free}}"


def written(number_: str, country: str, form: int) -> str:
    """A number as one or another person writes it; every form is the same telephone."""
    code = "1" if country in _AREAS else PLANS[country].code
    national = number_[1 + len(code) :]
    return (
        f"+{code} {national[:3]} {national[3:]}",
        f"+{code}{national}",
        f"+{code} {national[:3]}-{national[3:6]}-{national[6:]}".rstrip("-"),
        f"+{code} ({national[:3]}) {national[3:]}",
    )[form % 4]
