"""The commands that keep an installation alive: check, backup, upgrade, moving the vault, restore."""

from __future__ import annotations

from abhaya.commands.command import Command, option

KEEPING = (
    Command(
        "check",
        "says in words whether everything is well; reads every original and every ledger entry again",
        "abhaya check --quick",
        "check.check",
        (
            option("--quick", action="store_true", help="without reading originals and ledger again"),
            option("--sample", type=int, metavar="N", help="only N originals, taken at random; the ledger in full"),
            option("--json", action="store_true", help="one line of JSON: holds, checks, vault, ledger"),
        ),
    ),
    Command(
        "backup",
        "saves everything at one instant while the service goes on, data and keys as two parts",
        "abhaya backup /media/usb --keep 14",
        "backup.backup",
        (
            option("dir", metavar="DIR", help="a folder on another disk; earlier backups in it are built upon"),
            option("--keys", metavar="DIR", help="another folder for the keys (DIR/keys)"),
            option("--keep", type=int, metavar="N", help="remove all but the newest N backups afterwards (keep all)"),
            option("--json", action="store_true", help="one line of JSON about what was made"),
        ),
    ),
    Command(
        "upgrade",
        "brings the database to this version, whole or not at all; --plan says what would happen",
        "abhaya upgrade --plan",
        "upgrade.upgrade",
        (
            option("--plan", action="store_true", help="say what would happen, what it costs and how to go back"),
            option("--backup", metavar="DIR", help="where the backup before it goes, as in abhaya backup"),
            option("--keys", metavar="DIR", help="another folder for the keys of that backup (DIR/keys)"),
            option("--json", action="store_true", help="the plan as one line of JSON"),
        ),
    ),
    Command(
        "vault move",
        "moves the originals into an S3-compatible store or back while everything goes on; run again, it goes on",
        "abhaya vault move --to store",
        "vault.move_to",
        (
            option("--to", required=True, choices=["store", "folder"], help="store: the one of ABHAYA_VAULT_STORE"),
            option("--without-missing", action="store_true", help="end although originals are in neither place"),
        ),
    ),
    Command(
        "restore",
        "makes an installation from a backup in a new folder; with --verify, rehearses and proves it",
        "abhaya restore /media/usb --to /var/lib/abhaya --keys /media/safe --operator-key vault.key",
        "restore.restore",
        (
            option("dir", metavar="DIR", help="the folder that was given to abhaya backup"),
            option("--to", metavar="DATA", help="the new data folder; with --verify, where to rehearse"),
            option("--keys", metavar="DIR", help="the folder of the keys (DIR/keys)"),
            option("--backup", metavar="NAME", help="which backup (the newest)"),
            option("--operator-key", action="append", metavar="F", help="file with the operator key, from its safe"),
            option("--erasures", metavar="F", help="newer erasure journal (the newest among the keys)"),
            option("--verify", action="store_true", help="restore into a temporary place, compare, remove it again"),
            option("--sample", type=int, metavar="N", help="decrypt only N originals, taken at random (all)"),
            option("--reason", default="", metavar="WHY", help="why, for the ledger"),
            option("--json", action="store_true", help="one line of JSON about what was found"),
        ),
        first="restore_place.choose",
    ),
)
