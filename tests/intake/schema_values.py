"""The values that the corpus tries for each simple type, with the rule that each tries."""

from __future__ import annotations

from collections.abc import Iterator

from abhaya.intake.formats.ispws_grammar import Values

BY_BASE = {
    "dateTime": [
        "2026-01-31T10:00:00Z", "2026-01-31T10:00:00+05:30", "2026-01-31T10:00:00", "2026-01-31T10:00:00.123456789Z",
        "2026-01-31", "2026-02-30T10:00:00Z", "2026-01-31 10:00:00Z", "31/01/2026", "", "1767000000", "2026-01-31T24:00:00Z",
        " 2026-01-31T10:00:00Z ", "2026-01-31T10:00Z", "2026-01-31T25:00:00Z", "2026-01-31T10:00:00+15:00", "-2026-01-31T10:00:00Z",
    ],
    "date": ["2010-12-31", "2010-12-31Z", "2010-13-31", "31-12-2010", "", "2010-12-31T00:00:00Z", "2010", "2011-02-29"],
    "boolean": ["true", "false", "1", "0", " true ", "yes", "TRUE", "", "True"],
    "int": ["0", "7", "-1", "+5", "007", " 8 ", "1.5", "", "x", "2147483648"],
    "long": ["0", "-1", "9223372036854775807", "9223372036854775808", "12a", ""],
    "double": ["18.52", "-123.456", "1e3", "INF", "NaN", "north", "", "1,5", "200"],
    "token": ["a", "", " a  b "],
    "string": ["", " ", "<>&\"'", "ठीक है", "a\nb"],
}  # fmt: skip


def tried(values: Values) -> Iterator[tuple[str, str]]:
    if values.name == "flag":
        yield from (("value", text) for text in ("", "true", "false", "0", "yes"))
        yield from (("flag-written", text) for text in ("1", " true "))
        return
    if values.allowed:
        yield from (("value", text) for text in (*values.allowed, "No such value", values.allowed[0].lower(), ""))
        yield ("value", " " + values.allowed[0])
        return
    if values.name in {"country", "state"}:
        return
    if values.name == "url":
        yield from (
            ("value", text) for text in ("https://page.example/a", "page.example", "", "ftp:/x", "https://ठीक.example/")
        )
        yield from (("url-space", text) for text in ("https://page.example/a b", "https://page.example/\u0085"))
        yield ("length", "u" * 2084)
        return
    if values.name == "reason":
        yield from (("value", text) for text in ("now", "x" * 3000))
        yield from (("blank-reason", text) for text in ("", " \n "))
        yield ("length", "x" * 3001)
        return
    if values.lowest is not None:
        yield from (("value", str(number)) for number in (values.lowest, values.highest, " 8 ", "x", "1.5", ""))
        yield from (("range", str(number)) for number in (values.lowest - 1, values.highest + 1, 2**31 - 1))
        return
    yield from (("value", text) for text in BY_BASE[values.base])
    if values.length_max is not None:
        yield ("value", "ठ" * values.length_max)
        yield ("length", "x" * (values.length_max + 1))


COUNTRIES = """
A1 A2 O1 AD AE AF AG AI AL AM AN AO AP AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CX CW CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET EU FI FJ FK FM FO FR FX GA GB
GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM
KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC
NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL
SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK
YE YT ZA ZM ZW
"""
STATES = "AK AL AR AZ CA CO CT DC DE FL GA GU HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM NV NY OH OK OR PA PR RI SC SD TN TX UT VA VI VT WA WI WV WY"
