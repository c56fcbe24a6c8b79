"""Whom a name or an address may be, among many: milliseconds of the look-up under row security, for who sees all and who sees one in a hundred.

    .venv/bin/python benchmarks/names_lookup.py --names 200000

Invented names, drawn so that some are everywhere and most are rare, each in a report of its own; the fifty first ones are
borne by many more; a quarter as many addresses, in reports of their own. Asked for are names that are there, and other spellings of some. Rivals, over the same names without
row security: `similarity` of PostgreSQL's pg_trgm with its own index, and rapidfuzz over all of them in memory; what they
cannot do at all is another script. A data folder of its own.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID, uuid4

sys.path.insert(0, str(Path(__file__).parents[1]))  # its siblings
import psycopg
from benchmarks.ground import installation  # it sets Django up, in a data folder of its own
from rapidfuzz import fuzz, process

from abhaya.access.actions import NewOfficer, add_officer
from abhaya.intake.actions import Arrival, Original, number_key, receive
from abhaya.intake.formats.record import Fact, Record
from abhaya.intake.formats.record import Person as Described
from abhaya.intake.senders import add_sender, sender_named
from abhaya.linking import queries_names as names
from abhaya.linking.names.kinds import ADDRESS, KINDS, NAME
from abhaya.linking.names.words import COMMON
from abhaya.selectors.sighting import selector_id
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.postgres import DATABASE, Cluster
from abhaya.shared.sql import value

ASKED = 60
OFTEN, OFTEN_BEARERS = 50, 200  # names that many bear, and how many
SEEN_BY_DISTRICT = 100  # one in so many
SYLLABLES = "ba bi bha cha da dha di ga gu ha ja ka ki kha la lo ma me mi na ni pa pra ra ri sa sha shi ta tha tri va ve ya".split()  # noqa: SIM905 — words, not code
# A report, an opening and a sighting for each name, as copies of one that was received.
FILL = (
    (
        "insert into intake_report select (jsonb_populate_record(null::intake_report, to_jsonb(r) || jsonb_build_object("
        "'id', b.report, 'compartment', b.compartment, 'number', b.number, 'external_ref', b.number::text))).* from borne b,"
        " (select * from intake_report limit 1) r"
    ),
    "insert into selectors_selector (id, kind, value) select distinct on (name) name, kind, text from borne",
    (
        "insert into selectors_sighting select (jsonb_populate_record(null::selectors_sighting, to_jsonb(s) ||"
        " jsonb_build_object('id', b.report, 'compartment', b.compartment, 'report_id', b.report, 'selector_id', b.name,"
        " 'kind', b.kind, 'raw', b.text, 'account_id', b.account))).* from borne b,"
        " (select * from selectors_sighting where role = 'reported' limit 1) s"
    ),
    (
        "insert into access_opening select (jsonb_populate_record(null::access_opening, to_jsonb(o) || jsonb_build_object("
        "'compartment', b.compartment))).* from borne b, (select * from access_opening limit 1) o"
    ),
    (
        "insert into access_opening select (jsonb_populate_record(null::access_opening, to_jsonb(o) || jsonb_build_object("
        "'compartment', b.compartment, 'viewer', %(district)s::uuid))).* from borne b, (select * from access_opening limit 1) o"
        " where b.number %% %(share)s = 0"
    ),
    (
        "insert into linking_name (selector_id, report_id, role, person, compartment, account_id)"
        " select name, report, 'reported', 1, compartment, account from borne"
    ),
    "analyze linking_name",
    "analyze linking_name_key",
    "analyze selectors_sighting",
    "analyze access_opening",
    "analyze intake_report",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--names", type=int, default=200_000)
    given = parser.parse_args()
    with installation() as data:
        measure(data, drawn(given.names))


def drawn(count: int) -> list[str]:
    """So many different names; the first given names and surnames are drawn far more often than the last."""
    chance = random.Random(5)

    def word() -> str:
        return "".join(chance.choices(SYLLABLES, k=chance.choice((2, 3, 3, 4)))) + chance.choice(
            ("", "", "n", "l", "r")
        )

    pools = [[*COMMON[at::2], *(word() for _ in range(size))] for at, size in ((0, 800), (1, 6000))]
    weights = [[1 / (place + 3) for place in range(len(pool))] for pool in pools]
    found: dict[str, None] = {}
    while len(found) < count:
        each = [chance.choices(pool, weight, k=2000) for pool, weight in zip(pools, weights, strict=True)]
        found.update(dict.fromkeys(f"{given} {surname}" for given, surname in zip(*each, strict=True)))
    return list(found)[:count]


def drawn_addresses(count: int) -> list[str]:
    """So many houses in streets of one PIN code in every fifty; a tenth of them is written twice, in other words."""
    chance = random.Random(7)
    streets = ["".join(chance.choices(SYLLABLES, k=3)) for _ in range(2000)]
    pins = [f"{chance.randrange(110001, 855117)}" for _ in range(max(1, count // 50))]
    found: dict[str, None] = {}
    while len(found) < count:
        number, street, near, pin = chance.randrange(1, 200), *chance.sample(streets, 2), chance.choice(pins)
        found[f"h. no. {number}, {street} nagar, near {near} mandir, {pin}"] = None
        if chance.random() < 0.1:
            found[f"{number} {street} colony, opp {near}, pin {pin}"] = None
    return list(found)[:count]


def measure(data: Path, every: Sequence[str]) -> None:
    district = uuid4()
    receive_one()
    with on_the_road("benchmark"):
        hub = value("select id from access_unit where code = 'HUB'")
        value("insert into access_unit (id, kind, name, code, place_code) values (%s, 'district', 'D', 'D', '') returning 1", [district])  # fmt: skip
        officers = {
            called: add_officer(NewOfficer(called, called.title(), unit, ["analyst"]))
            for called, unit in (("hub", hub), ("district", district))
        }
    houses = drawn_addresses(len(every) // 4)
    fill(data, every, houses, district)
    chance = random.Random(6)
    wanted = [*chance.sample(every, ASKED - 10), *every[:5], *(one.replace("a", "aa", 1) for one in every[100:105])]
    print(f"{len(every):,} names\n\n| look-up | median ms | p95 ms |\n|---|---|---|")
    for called, officer in officers.items():
        with acting(officer):
            timed(f"{called}: by keys, compared, with addresses", wanted, ours)
            timed(f"{called}: an address, by keys, compared", houses[:: len(houses) // ASKED], ours_of_address)
    with Cluster(data).connect("postgres", DATABASE) as owner:
        rival(owner, wanted)
    timed("rapidfuzz token_sort_ratio over all", wanted[:10], lambda one: process.extract(one, every, scorer=fuzz.token_sort_ratio, limit=60))  # fmt: skip


def receive_one() -> None:
    with on_the_road("benchmark"):
        add_sender(
            "names", value("select id from access_unit where code = 'HUB'"), username=None, password="", is_test=False
        )
        sender = sender_named("names")
    assert sender is not None
    facts = (Fact("account", "first", "/account", "reported", 1, platform="ChatLine"),)
    told = Record("ncmec_json", 1, external_ref="1", persons=(Described("reported", 1, "/report"),), facts=facts)
    one = Arrival(told, sender, "json", number_key("names", "1"), (Original("report.json", b"{}"),), ())
    with on_the_road("benchmark"):
        receive([one])


def fill(data: Path, every: Sequence[str], houses: Sequence[str], district: UUID) -> None:
    start = time.perf_counter()
    bearers = [(NAME, one) for one in (*every, *(one for one in every[:OFTEN] for _ in range(OFTEN_BEARERS)))]
    bearers += [(ADDRESS, one) for one in houses]
    made = {(NAME, one): KINDS[NAME].keys(one) for one in every}
    seconds = time.perf_counter() - start
    print(f"keys: {seconds / len(every) * 1e6:.0f} µs a name, {sum(map(len, made.values())) / len(every):.1f} each")
    made |= {(ADDRESS, one): KINDS[ADDRESS].keys(one) for one in houses}
    with Cluster(data).connect("postgres", DATABASE) as owner:
        owner.execute("set session_replication_role = replica")  # what is copied holds already
        owner.execute("create temporary table borne (name uuid, kind text, text text, number bigint, report uuid, compartment uuid, account uuid)")  # fmt: skip
        (first,) = owner.execute("select id from intake_report limit 1").fetchone() or (None,)
        assert first is not None
        with owner.cursor().copy("copy borne from stdin") as copy:
            for number, (kind, one) in enumerate(bearers):
                report = UUID(int=(first.int & ~((1 << 62) - 1)) | random.getrandbits(62))
                copy.write_row((selector_id(kind, one), kind, one, number + 1, report, uuid4(), uuid4()))
        with owner.cursor().copy("copy linking_name_key (selector_id, key) from stdin") as copy:
            for (kind, one), its in made.items():
                for key in its:
                    copy.write_row((selector_id(kind, one), key))
        for statement in FILL:
            owner.execute(statement, {"district": district, "share": SEEN_BY_DISTRICT})
        (size,) = owner.execute("select pg_total_relation_size('linking_name_key') + pg_total_relation_size('linking_name')").fetchone() or (0,)  # fmt: skip
    print(
        f"{len(bearers):,} bearers; the two tables {size / 2**20:.0f} MiB; filled in {time.perf_counter() - start:.0f} s"
    )


def named(text: str) -> names.Named:
    return names.Named("", 0, None, None, text)


def ours(text: str) -> object:
    return names.alike([named(text)], hides=lambda _: (), most=8)


def ours_of_address(text: str) -> object:
    return names.alike([named(text)._replace(kind=ADDRESS)], hides=lambda _: (), most=8)


def timed(called: str, wanted: Sequence[str], look: Callable[[str], object]) -> None:
    look(wanted[0])
    times = []
    for one in wanted:
        start = time.perf_counter()
        look(one)
        times.append((time.perf_counter() - start) * 1000)
    print(f"| {called} | {statistics.median(times):.1f} | {sorted(times)[int(len(times) * 0.95)]:.1f} |")


def rival(owner: psycopg.Connection, wanted: Sequence[str]) -> None:
    try:
        owner.execute("create extension if not exists pg_trgm")
    except psycopg.Error as refusal:
        print(f"pg_trgm: not here ({str(refusal).splitlines()[0]})")
        owner.rollback()
        return
    owner.execute("create index on selectors_selector using gin (value gin_trgm_ops)")
    statement = "select value from selectors_selector where value %% %s order by similarity(value, %s) desc limit 60"
    timed("pg_trgm, its index, all names", wanted, lambda one: owner.execute(statement, [one, one]).fetchall())


if __name__ == "__main__":
    main()
