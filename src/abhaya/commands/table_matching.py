"""The table of commands, second part: hash lists and what is held against them; links."""

from __future__ import annotations

from abhaya.commands.command import Command, option
from abhaya.matching.formats.names import FORMS
from abhaya.matching.nearness import RADIUS_BUILT_FOR, RADIUS_MAX

VICS = option(
    "--vics", metavar="F", help="a new file: all of the table as a VICS 2.0 case, when it is whole (with --out)"
)

MATCHING = (
    Command(
        "lists import",
        "takes in a hash list, or a newer version of one: VICS, CAID, ICSE, NSRL, an exchange's XML or JSON, a plain table",
        "abhaya lists import list.json --name 'Partner list' --version 12 --dated 2026-11-01 --source 'A partner'",
        "lists.take_in",
        (
            option("file", metavar="F", help="the file; it goes to the vault first, and is told by its first bytes"),
            option("--name", metavar="N", help="what the list is called here (the file's name)"),
            option("--version", metavar="V", help="what its source calls this version (the day)"),
            option("--dated", metavar="DAY", help="the day its source says it is of (today)"),
            option("--unit", metavar="CODE", help="the unit that answers for the list (the hub)"),
            option("--source", metavar="WHO", help="of a new list: who keeps it"),
            option("--licence", metavar="TERMS", help="of a new list: on which terms it is held"),
            option("--scheme", metavar="S", help="of a new list: whose category codes stand in it"),
            option(
                "--purpose", choices=["material", "viral", "harmless"], default="material",
                help="of a new list: what it names is sought (material), known to everybody, or ordinary files",
            ),
            option("--vouched", type=int, default=0, metavar="N", help="of a new list: how many people verified each entry"),
            option("--vouched-basis", metavar="TEXT", help="where the source says so"),
            option("--accept-withdrawals", action="store_true", help="even if more than a fifth of the list is gone"),
            option("--json", action="store_true", help="one line of JSON about what became of it"),
        ),
    ),
    Command(
        "lists export",
        "writes what is live in a hash list into a file that others read, unknown fields of its original too",
        "abhaya lists export 'Partner list' --out list.json --format vics --purpose 'letter 12 of the partner'",
        "lists.export",
        (
            option("name", metavar="N", help="what the list is called here"),
            option("--out", required=True, metavar="F", help="a new file; - is standard output"),
            option("--format", choices=FORMS, help="its form (that of its newest version)"),
            option("--purpose", default="", metavar="WHY", help="what it is for, for the ledger"),
            option("--json", action="store_true", help="what was lost as one line of JSON, on standard error"),
        ),
    ),
    Command(
        "lists categories",
        "takes in what the codes of hash lists mean here: scheme, code, label, label_hi, severity, unlawful, source",
        "abhaya lists categories our-codes.csv",
        "lists.categories",
        (option("file", metavar="F.csv", help="a table with this header; label_hi and what follows may be missing"),),
    ),
    Command(
        "lists end",
        "ends a hash list: nothing of it finds anything any more, and what it found is open again",
        "abhaya lists end 'Partner list' --reason 'the partner withdrew it'",
        "lists.end",
        (
            option("name", metavar="N", help="what the list is called here"),
            option("--reason", required=True, metavar="WHY", help="for the ledger and for everyone it touched"),
        ),
    ),
    Command(
        "lists against",
        "holds a whole hash list against another, or against our pictures: pairs of ids within the radius, and their distance",
        "abhaya lists against 'Partner list' 'Our list' --out pairs.csv",
        "against.against",
        (
            option("name", metavar="N", help="the list whose pictures' hashes are looked for"),
            option("other", metavar="OTHER", nargs="?", help="the list they are looked for in"),
            option("--files", action="store_true", help="in our own pictures, in all their turned forms, instead"),
            option("--out", required=True, metavar="F", help="a new file: CSV, Parquet if it ends in .parquet; - is standard output"),
            option(
                "--radius", type=int, default=RADIUS_BUILT_FOR, choices=range(RADIUS_MAX + 1), metavar="BITS",
                help=f"by how many of 256 bits they may differ, 0 to {RADIUS_MAX} ({RADIUS_BUILT_FOR})",
            ),
            option(
                "--on", default="auto", choices=["auto", "here", "gpu", "spark"],
                help="processors, graphics processor, Apache Spark: the same answer (the graphics processor if it is worth it)",
            ),
            option("--master", default="local[*]", metavar="URL", help="Spark's master: spark://host:7077, yarn (local[*])"),
            option("--shared", metavar="DIR", help="for Spark: a folder that all its machines see (one in the data folder)"),
            option("--purpose", default="", metavar="WHY", help="what it is for, for the ledger"),
        ),
    ),
    Command(
        "link rebuild",
        "computes evidence, links and subjects anew from everything received, and writes what changed",
        "abhaya link rebuild",
        "linking.rebuild",
        (option("--json", action="store_true", help="what changed as one line of JSON"),),
    ),
    Command(
        "retrohunt",
        "holds hash lists against every file again",
        "abhaya retrohunt --list 'Partner list'",
        "retrohunt.retrohunt",
        (
            option("--list", metavar="N", help="what the list is called here (all that are in use)"),
            option("--json", action="store_true", help="what was found as one line of JSON"),
        ),
    ),
    Command(
        "hash",
        "digests of files, PDQ of pictures, vPDQ of films, as a table; links are not followed",
        "abhaya hash /mnt/telephone --out hashes.csv",
        "hashing.hash_files",
        (
            option("paths", nargs="+", metavar="PATH", help="files, folders, a mounted image"),
            option("--out", metavar="F", help="the table; run again, it goes on behind its last row (standard output)"),
            option("--json", action="store_true", help="one line of JSON for each file (CSV)"),
            VICS,
            option("--bulk", action="store_true", help="large JPEGs decoded at 1/8: faster, PDQ within a few bits"),
            option("--processes", type=int, default=0, metavar="N", help="files read at a time (one for each core)"),
        ),
        needs_database=False,
    ),
    Command(
        "match",
        "files held against hash lists, without a server: known, looks known or new, as a table",
        "abhaya match /mnt/telephone --list list.json --out matches.csv",
        "matching.match",
        (
            option("paths", nargs="+", metavar="PATH", help="files, folders, a mounted image"),
            option("--list", required=True, action="append", metavar="F", help="a hash list in any known form; may be given again"),
            option(
                "--radius", type=int, default=RADIUS_BUILT_FOR, choices=range(RADIUS_MAX + 1), metavar="BITS",
                help=f"by how many of 256 bits pictures may differ, 0 to {RADIUS_MAX} ({RADIUS_BUILT_FOR})",
            ),
            option("--out", metavar="F", help="the table; run again, it goes on behind its last file (standard output)"),
            option("--json", action="store_true", help="one line of JSON for each row (CSV)"),
            VICS,
            option("--bulk", action="store_true", help="large JPEGs decoded at 1/8: faster, PDQ within a few bits"),
            option("--processes", type=int, default=0, metavar="N", help="files read at a time (one for each core)"),
        ),
        needs_database=False,
    ),
    Command(
        "lists share",
        "lets a partner read a hash list at the hash-sharing door, or ends that",
        "abhaya lists share 'Partner list' --with 'Neighbour unit' --until 2027-11-01",
        "sharing.share_list",
        (
            option("name", metavar="N", help="what the list is called here"),
            option("--with", dest="partner", required=True, metavar="WHO", help="a sender with a password: abhaya sender add --kind partner"),
            option("--until", metavar="DAY", help="the last day of it (until it is ended)"),
            option("--end", action="store_true", help="the partner reads nothing of it from now on"),
        ),
    ),
    Command(
        "lists poll",
        "reads a hash list from another's hash-sharing door; the worker then asks it every ten minutes",
        "abhaya lists poll 'Partner list' --from https://host/hashsharing --credentials /etc/abhaya/partner",
        "sharing.poll",
        (
            option("name", metavar="N", help="what the list is called here; a new one is opened, with --purpose material"),
            option("--from", dest="address", metavar="URL", help="the door's address, up to before /v2 (as it was)"),
            option("--credentials", metavar="F", help="file with user name and password, a line each (as it was)"),
            option("--unit", metavar="CODE", help="of a new list: the unit that answers for it (the hub)"),
        ),
    ),
    Command(
        "lists vote",
        "says for a unit of ours that an entry of a hash list is right, or is not",
        "abhaya lists vote 'Partner list' --hash md5:… --against 'The file is not unlawful'",
        "sharing.cast_vote",
        (
            option("name", metavar="N", help="what the list is called here"),
            option("--hash", required=True, metavar="KIND:HEX", help="the hash that is voted on"),
            option("--against", metavar="WHY", help="one of the reasons; without it the vote is for the entry"),
            option("--unit", metavar="CODE", help="whose vote it is (the hub's)"),
        ),
    ),
)  # fmt: skip
