"""What can be asked of the machine: disk, clock, keys on disk, time zones, certificate."""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings

from abhaya.shared import confined
from abhaya.shared.checks import Result, bad, ok, warn
from abhaya.shared.durable import write_whole
from abhaya.shared.identity import on_the_road
from abhaya.shared.late import late
from abhaya.shared.sql import value

if TYPE_CHECKING:
    from cryptography import x509
else:
    x509 = late("cryptography.x509")

SERVICE = "road:check"
GIB = 1024**3
DISK_WARN_PERCENT, DISK_WARN_BYTES = 10, 5 * GIB  # both must be fallen short of
DISK_BAD_PERCENT, DISK_BAD_BYTES = 3, GIB
INODES_WARN_PERCENT, INODES_BAD_PERCENT = 10, 2
DRIFT_SECONDS_MAX = 2.0
AHEAD_SECONDS_MAX = 5.0  # entries are dated by several machines
MOVED_SECONDS_MAX = 5.0
CERTIFICATE_WARN_DAYS, CERTIFICATE_BAD_DAYS = 30, 7
OTHERS = 0o077
WALLS_WORKER = Path(__file__).with_name("walls_worker.py")
PASSED_THROUGH = 0o011  # what a private server run as another user needs: to pass through, without reading


def disk() -> Result:
    """Room where the data is: the data folder, the vault, the private server, each on its own disk perhaps."""
    least: tuple[int, int, Path] | None = None
    for place in _places():
        status = os.statvfs(place)
        free, percent = status.f_bavail * status.f_frsize, 100 * status.f_bavail // max(status.f_blocks, 1)
        if least is None or free < least[0]:
            least = (free, percent, place)
        for judge, percent_min, bytes_min in (
            (bad, DISK_BAD_PERCENT, DISK_BAD_BYTES),
            (warn, DISK_WARN_PERCENT, DISK_WARN_BYTES),
        ):
            if percent < percent_min and free < bytes_min:
                return judge("disk-low", free_gib=round(free / GIB, 1), percent=percent, place=str(place))
    return ok("disk-free", free_gib=round(least[0] / GIB, 1) if least else 0)


def inodes() -> Result:
    """Room for more files; a file system may run out of it with space left."""
    fewest: int | None = None
    for place in _places():
        status = os.statvfs(place)
        if not status.f_files:
            continue  # this file system counts none
        percent = 100 * status.f_favail // status.f_files
        if percent < INODES_WARN_PERCENT:
            judge = bad if percent < INODES_BAD_PERCENT else warn
            return judge("inodes-low", count=status.f_favail, percent=percent, place=str(place))
        fewest = status.f_favail if fewest is None else min(fewest, status.f_favail)
    return ok("inodes-free", count=fewest or 0)


def _places() -> list[Path]:
    data = Path(settings.DATA_DIR)
    return [place for place in (data, data / "vault", data / "postgres") if place.exists()]


def secret_files() -> Result:
    """Keys and passwords, and the folders they lie in, are this user's alone."""
    data = Path(settings.DATA_DIR)
    if data.stat().st_mode & OTHERS & ~PASSED_THROUGH:
        return bad("secrets-open", path=str(data))
    folder = data / "secrets"
    for path in [folder, *sorted(folder.iterdir())] if folder.exists() else []:
        if path.lstat().st_mode & OTHERS:
            return bad("secrets-open", path=str(path))
    return ok("secrets-closed")


def time_zone() -> Result:
    """The unit's time zone can be computed with, here and in the database."""
    zone = settings.TIME_ZONE
    try:
        ZoneInfo(zone)
    except ZoneInfoNotFoundError:
        return bad("zone-unknown", zone=zone)
    known = value("select exists (select 1 from pg_timezone_names where name = %s)", [zone])
    return ok("zone-known", zone=zone) if known else bad("zone-unknown", zone=zone)


def readers() -> Result:
    """What reads strangers' files can do nothing else: it is tried, by one that means harm."""
    tried = confined.run(WALLS_WORKER, b"", {}, confined.Limits())
    if tried.ended is not confined.Ended.DONE:
        return bad("readers-fail", ended=tried.ended.value)
    told = json.loads(tried.answer)
    if told["done"]:
        return bad("readers-open", done=", ".join(told["done"]))
    missing = [name for name, stands in told["walls"].items() if not stands]
    return warn("readers-walls", missing=", ".join(missing)) if missing else ok("readers-closed")


def certificate() -> Result:
    """How long the certificate holds that this server shows, when it speaks TLS itself."""
    if settings.TLS_CERTIFICATE is None:
        return ok("certificate-none")
    shown = x509.load_pem_x509_certificate(Path(settings.TLS_CERTIFICATE).read_bytes())
    days = (shown.not_valid_after_utc - datetime.now(UTC)).days
    if days < 0:
        return bad("certificate-ended")
    if days < CERTIFICATE_WARN_DAYS:
        return (bad if days < CERTIFICATE_BAD_DAYS else warn)("certificate-ends", days=days)
    return ok("certificate-valid", days=days)


@dataclass(frozen=True, slots=True)
class _Mark:
    """What this machine's clock said, beside the seconds since it was switched on, which nobody can set."""

    boot: str
    since_boot: float
    said: float

    @classmethod
    def now(cls) -> _Mark:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return cls(boot, time.clock_gettime(time.CLOCK_BOOTTIME), time.time())


def clock() -> Result:
    """The machine’s own clock against PostgreSQL's, the ledger's newest entry, and its own count of seconds.

    No time server is asked: there may be none.
    """
    before = time.time()
    theirs = float(value("select extract(epoch from clock_timestamp())"))
    after = time.time()
    drift = max(before - theirs, theirs - after, 0.0)
    if drift > DRIFT_SECONDS_MAX:
        return bad("clock-differs", drift=round(drift, 1))
    with on_the_road(SERVICE):
        newest = value("select extract(epoch from at) from ledger_entry order by id desc limit 1")
    if newest is not None and float(newest) - after > AHEAD_SECONDS_MAX:
        return bad("clock-behind", seconds=round(float(newest) - after))
    moved = _moved_seconds()
    if abs(moved) > MOVED_SECONDS_MAX:
        return warn("clock-moved", seconds=round(moved))
    return ok("clock-right", drift=round(drift, 1))


def _moved_seconds() -> float:
    """By how much the clock was set since the mark of the last check; 0 after a restart, which ends what can be known."""
    try:
        was = _Mark(**json.loads(_mark_path().read_text(encoding="ascii")))
        now = _Mark.now()
    except (OSError, ValueError, TypeError):
        return 0.0
    return (now.said - was.said) - (now.since_boot - was.since_boot) if was.boot == now.boot else 0.0


def mark_clock() -> None:
    """Leaves the mark that the next check compares with."""
    with suppress(OSError):
        now, path = _Mark.now(), _mark_path()
        write_whole(path, json.dumps({"boot": now.boot, "since_boot": now.since_boot, "said": now.said}).encode())


def _mark_path() -> Path:
    return Path(settings.DATA_DIR) / "clock"
