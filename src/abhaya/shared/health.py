"""What can be asked of the database and of the road: does it answer, does anything wait, is anybody at work?"""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from psycopg import sql

from abhaya.shared import road, roles
from abhaya.shared.checks import HOUR, MINUTE, Result, aged, bad, ok, warn
from abhaya.shared.identity import on_the_road
from abhaya.shared.ids import made_at
from abhaya.shared.migrate import pending
from abhaya.shared.postgres import connect
from abhaya.shared.programs import OLDEST_MAJOR
from abhaya.shared.sql import NamedSql, fetch, value

SERVICE = "road:check"
QUEUE_WARN_SECONDS, QUEUE_BAD_SECONDS = 5 * MINUTE, HOUR
SILENT_SECONDS = 60  # a worker's heartbeat comes every ten
MONTHS_AHEAD_MIN = 6
SQL = NamedSql(__file__, "health.sql")


def database() -> Result:
    """The server answers, and is new enough."""
    version = str(value("show server_version")).split()[0]
    if int(version.split(".")[0]) < OLDEST_MAJOR:
        return bad("database-old", version=version, oldest=OLDEST_MAJOR)
    return ok("database-answers", version=version)


def migrations() -> Result:
    """The tables are those of this version."""
    missing = len(pending())
    return bad("migrations-pending", count=missing) if missing else ok("migrations-done")


def queue() -> Result:
    """The stage before which reports have waited longest."""
    waiting = [stand for stand in road.standing() if stand.waiting > stand.failed]
    if not waiting:
        return ok("queue-empty")
    oldest = min(waiting, key=lambda stand: made_at(stand.oldest))
    seconds = (datetime.now(UTC) - made_at(oldest.oldest)).total_seconds()
    return aged(
        "queue-waits", seconds, warn_after=QUEUE_WARN_SECONDS, bad_after=QUEUE_BAD_SECONDS,
        waiting=oldest.waiting - oldest.failed, stage=oldest.stage,
    )  # fmt: skip


def stuck() -> Result:
    """What failed too often to be tried again by itself."""
    reports = sum(stand.failed for stand in road.standing())
    with on_the_road(SERVICE):
        jobs = int(value(SQL["failed_jobs"]))
    if reports:
        return bad("stuck-some", reports=reports, jobs=jobs)
    return warn("stuck-some", reports=reports, jobs=jobs) if jobs else ok("stuck-none")


def workers() -> Result:
    """Somebody moves reports on: seen by the heartbeat that every worker leaves in the database."""
    with on_the_road(SERVICE):
        count = int(value(SQL["workers"], {"seconds": SILENT_SECONDS}))
    return ok("workers-alive", count=count) if count else warn("workers-none")


def partitions() -> Result:
    """Every large table has its partitions for the months to come."""
    with on_the_road(SERVICE):
        last = fetch(str, SQL["last_partitions"])
    now = datetime.now(UTC)
    ahead = min(((int(name[-7:-3]) - now.year) * 12 + int(name[-2:]) - now.month for name in last), default=0)
    if ahead >= MONTHS_AHEAD_MIN:
        return ok("partitions-ahead", months=ahead)
    return (bad if ahead < 1 else warn)("partitions-few", months=max(ahead, 0))


def closed_rows() -> Result:
    """Signed in as the application's own role, and as no officer: every table of content must answer nothing."""
    with connect(settings.DATA_DIR, roles.APP) as stranger:
        stranger.read_only = True
        tables = stranger.execute(SQL["content_tables"]).fetchall()
        for table, is_secured in tables:
            statement = sql.SQL("select exists (select 1 from {})").format(sql.Identifier(table))
            if not is_secured or stranger.execute(statement).fetchone() != (False,):
                return bad("rows-open", table=table)
    return ok("rows-closed", tables=len(tables))
