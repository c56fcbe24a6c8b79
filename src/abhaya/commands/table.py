"""The table of commands: what each is called, what it does, its options, and the function that runs it.

Names and columns are kept stable (semantic versioning); `docs/reference.md` has the same list in words.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from uuid import UUID

from abhaya.access.permissions import Role
from abhaya.commands.command import Command, option
from abhaya.commands.table_keeping import KEEPING
from abhaya.commands.table_matching import MATCHING
from abhaya.training.parameters import Parameters

EXPORTS = ("reports", "bundles", "links", "matches", "network", "priorities", "routes", "subjects")
QUIET = option("--quiet", action="store_true", help="say nothing unless something is wrong")

HOST = option("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
PORT = option("--port", type=int, default=8000, help="port to listen on (8000)")
STEPS_PORT = option(
    "--steps-port", type=int, default=8080, metavar="P", help="port of the steps to trust the own certificate (8080)"
)
SERVER_PROCESSES = option(
    "--workers", type=int, default=0, metavar="N", help="server processes (one per core, at most 4)"
)
SERVER_THREADS = option("--threads", type=int, default=8, metavar="N", help="threads of each (8)")

COMMANDS = (
    Command(
        "migrate",
        "brings the database to this version: roles, tables, grants",
        "abhaya migrate",
        "database.migrate",
        (QUIET,),
    ),
    Command(
        "serve",
        "the web server alone: pages and the reporting door",
        "abhaya serve --port 8000",
        "serve.serve",
        (HOST, PORT, SERVER_PROCESSES, SERVER_THREADS),
        needs_rooms=False,
    ),
    Command(
        "worker",
        "one worker alone: moves reports along the road, orders the ledger, keeps the clocks",
        "abhaya worker",
        "worker.worker",
    ),
    Command(
        "up",
        "runs it: database, web server and workers; starts again what dies",
        "abhaya up --name desk.unit.example",
        "up.up",
        (
            option(
                "--name",
                nargs="?",
                const="",
                metavar="NAME",
                help="for the unit's network, over HTTPS with its own certificate authority: the host name by which"
                " browsers reach this machine, more of them after commas (this machine's own name)",
            ),
            option("--host", help="address to listen on (127.0.0.1; with a name, every address)"),
            PORT,
            STEPS_PORT,
            option("--workers", type=int, default=1, metavar="N", help="worker processes (1)"),
        ),
    ),
    Command(
        "authority show",
        "the unit's own certificate authority: its names, its fingerprint, until when its certificate holds",
        "abhaya authority show",
        "authority.show",
    ),
    Command(
        "authority serve",
        "the steps by which a computer comes to trust the unit's own authority, over plain HTTP, and nothing else",
        "abhaya authority serve --port 8080",
        "authority.serve",
        (HOST, option("--port", type=int, default=8080, help="port to listen on (8080)")),
    ),
    Command(
        "authority remake",
        "another certificate authority for other names; every computer has to trust it anew",
        "abhaya authority remake --name new-desk.unit.example",
        "authority.remake",
        (option("--name", required=True, metavar="NAME", help="host names, separated by commas"),),
    ),
    Command(
        "demo",
        "an invented world, received through the real door, with officers to step into, at one address",
        "abhaya demo --port 8000",
        "demo.demo",
        (
            PORT,
            option("--world", default="small", choices=["tiny", "small"], help="how much is invented (small)"),
            option("--seed", type=int, default=1, metavar="N", help="another seed, another world (1)"),
            option("--until-ready", action="store_true", help="stop when everything is in: for a trial run"),
        ),
        is_training=True,
    ),
    Command(
        "sender add",
        "adds a sender; with a user name and password it may submit through the door",
        "abhaya sender add Lumichat --username lumichat --password-file F",
        "intake.sender_add",
        (
            option("name", metavar="NAME"),
            option("--username", help="for the door (the name in small letters)"),
            option("--password-file", metavar="F", help="file with the password; - is standard input"),
            option("--kind", default="platform", choices=["platform", "hotline", "partner", "public"]),
            option("--unit", metavar="CODE", help="the hub that receives its reports (the first hub)"),
            option("--test", action="store_true", help="its reports are marked, never routed and never counted"),
            option("--contact", default="", help="whom to call at night"),
        ),
    ),
    Command(
        "load",
        "takes in files of any known format: kept submissions, police JSON, workbooks, PDFs, archives",
        "abhaya load january.zip february/ --sender NCMEC",
        "intake.load",
        (
            option("paths", nargs="+", metavar="PATH"),
            option("--sender", default="", metavar="NAME", help="who sent them, when the files do not say"),
            option("--unit", metavar="CODE", help="the unit that receives them (the sender’s, else the first hub)"),
            option("--json", action="store_true", help="one line of JSON for each item"),
        ),
    ),
    Command(
        "world",
        "writes an invented world in real wire formats, with the truth apart",
        "abhaya world --seed 7 --reports 1000 --out world --mobile-share 0.95",
        "world.world",
        (
            option("--seed", type=int, required=True, metavar="S"),
            option("--reports", type=int, required=True, metavar="N"),
            option("--out", required=True, metavar="DIR", help="a new folder: DIR/reports, DIR/truth"),
            option("--json-every", type=int, default=0, metavar="K", help="every K-th report as police JSON (none)"),
            option("--drawn", action="store_true", help="parameters drawn from their published ranges by the seed"),
            option("--founding", action="store_true", help="the founding documents’ network too, in DIR/founding"),
            *[
                option(
                    f"--{field.name.replace('_', '-')}",
                    type=type(field.default),
                    metavar="X",
                    help=f"({field.default})",
                )
                for field in fields(Parameters)
            ],
        ),
        needs_database=False,
    ),
    *[
        Command(
            f"export {what}",
            f"the auditor's table of {what}",
            f"abhaya export {what} --csv {what}.csv",
            "export.table",
            (
                option("--csv", required=True, metavar="F", help="a new file; - is standard output"),
                option("--purpose", default="", metavar="WHY", help="what it is for, for the ledger"),
            ),
        )
        for what in EXPORTS
    ],
    Command(
        "unit import",
        "adds and changes units from a CSV file: code, name, kind, and what else is known of them",
        "abhaya unit import units.csv",
        "access.unit_import",
        (option("file", metavar="F.csv", help="code, name, kind, name_hi, parent_code, place_code, forward_rule, …"),),
    ),
    Command(
        "officer import",
        "adds officers from a CSV file; their temporary passwords go to a sheet that only you can read",
        "abhaya officer import officers.csv --sheet officers-sheet.csv",
        "access.officer_import",
        (
            option("file", metavar="F.csv", help="columns username, name, unit, roles, language; - is standard input"),
            option("--sheet", required=True, metavar="OUT.csv", help="a new file for what is handed over, mode 0600"),
        ),
    ),
    Command(
        "officer add",
        "adds an officer with a temporary password; the second step is set up at the first sign-in",
        "abhaya officer add a.kale --name 'Insp. A. Kale' --unit MH-JAL --role officer --password-file F",
        "access.officer_add",
        (
            option("username", help="small letters, digits and . _ - @"),
            option("--name", required=True, help="name and rank"),
            option("--unit", required=True, metavar="CODE", help="code of the unit"),
            option(
                "--role",
                required=True,
                action="append",
                choices=[str(role) for role in Role],
                help="may be given again",
            ),
            option(
                "--password-file",
                required=True,
                metavar="F",
                help="file with a temporary password; - is standard input",
            ),
            option("--language", default="en", choices=["en", "hi"]),
        ),
    ),
    Command(
        "gazetteer import",
        "takes in what a unit knows better than public data: address ranges, places, which unit answers for which place",
        "abhaya gazetteer import our-ranges.csv --as-of 2026-11-12",
        "gazetteer.take_in",
        (
            option(
                "file", metavar="F.csv", help="cidr, country, state, district, operator, kind, valid_from, valid_to"
            ),
            option("--as-of", metavar="DAY", help="the day its facts are of; today if not given"),
        ),
    ),
    Command(
        "export shredded",
        "the signed proof that keys to an original were destroyed, for the stand-alone verifier",
        "abhaya export shredded 0190b1c2-… --out proof",
        "key.export_shredded",
        (
            option("object", metavar="ORIGINAL", help="its id, as abhaya check, the ledger and the record name it"),
            option("--out", required=True, metavar="DIR", help="a new folder: one file each, and the ledger's key"),
        ),
    ),
    Command(
        "key split",
        "writes the vault's key on paper: one sheet for each holder, of which some are enough",
        "abhaya key split --shares 5 --needed 3 --out sheets",
        "key.split",
        (
            option("--shares", type=int, required=True, metavar="N", help="how many sheets, 2 to 16"),
            option("--needed", type=int, required=True, metavar="M", help="how many of them are the key, 2 or more"),
            option("--out", required=True, metavar="DIR", help="a new folder; print it, then destroy it"),
        ),
    ),
    Command(
        "key join",
        "puts the vault's key together from its paper sheets, typed without echo, and writes it back or only proves it",
        "abhaya key join --prove",
        "key.join",
        (
            option("--prove", action="store_true", help="write nothing: the rehearsal of a restore"),
            option(
                "--shares-file", metavar="F", help="sheets in a file, a blank line between them; - is standard input"
            ),
        ),
    ),
    Command(
        "key rotate",
        "changes the vault's key while everything goes on; run again, it goes on where it was interrupted",
        "abhaya key rotate",
        "key.change",
    ),
    Command(
        "key retire",
        "destroys the old key after a rotation, once nothing needs it",
        "abhaya key retire",
        "key.retire_old",
    ),
    Command(
        "key show",
        "which keys the vault has, from where, and whether they lie on paper; never a key",
        "abhaya key show",
        "key.show",
    ),
    Command(
        "person held",
        "where a person’s identifier or name stands, as far as a named officer may see; on record",
        "abhaya person held asha@example.com --officer s.rao --purpose 'letter 4 of 2026'",
        "person.held",
        (
            option("identifier", help="a telephone number, e-mail, account or name"),
            option("--officer", required=True, metavar="USERNAME", help="who handles the request"),
            option("--purpose", required=True, metavar="WHY", help="the reference of the request, for the ledger"),
        ),
    ),
    Command(
        "erasures replay",
        "after a restore, before anything opens: deletes again what the erasure journal says was deleted",
        "abhaya erasures replay erasures.jsonl",
        "erasures.replay",
        (option("journal", nargs="?", metavar="F", help="the journal kept apart (the one of this data folder)"),),
    ),
    Command(
        "erasures export",
        "a copy of the erasure journal, to be kept apart from the backups",
        "abhaya erasures export --out erasures.jsonl",
        "erasures.export",
        (option("--out", required=True, metavar="F", help="a new file"),),
    ),
    Command(
        "retention import",
        "takes in rules on how long each kind of thing is kept; whole or not at all",
        "abhaya retention import retention.csv",
        "erasures.retention_import",
        (option("file", metavar="F.csv", help="kind, country, days, act, source, note"),),
    ),
    Command(
        "retention export",
        "the retention rules in force, as a file that can be imported again",
        "abhaya retention export --csv retention.csv",
        "erasures.retention_export",
        (option("--csv", required=True, metavar="F", help="a new file; - is standard output"),),
    ),
    Command(
        "export ledger",
        "the ledger as files that the stand-alone verifier checks",
        'abhaya export ledger --out ledger-2026-11 --for "Sessions Court, Pune"',
        "ledger.export",
        (
            option("--out", required=True, metavar="DIR", help="a new folder"),
            option("--for", dest="recipient", default="not named", metavar="WHO", help="who will hold it"),
            option("--purpose", default="", metavar="WHY", help="why, for the ledger"),
        ),
    ),
    Command(
        "export proof",
        "who looked at a report, as a file that the stand-alone verifier checks",
        'abhaya export proof --report 4503599627370497 --day 2026-03-03 --out who-looked.json --for "Sessions Court, Pune"',
        "ledger.export_proof",
        (
            option("--report", required=True, type=int, metavar="N", help="the number it goes by outside"),
            option("--item", type=UUID, metavar="ID", help="only this item of it"),
            option("--day", type=date.fromisoformat, metavar="DAY", help="only this day, in the unit's own time"),
            option("--out", required=True, metavar="F", help="a new file"),
            option("--for", dest="recipient", default="not named", metavar="WHO", help="who will hold it"),
            option("--purpose", default="", metavar="WHY", help="why, for the ledger"),
        ),
    ),
    Command(
        "training tamper",
        "bends the ledger or the vault of an invented world as its owner could, so that one can see it caught",
        "abhaya training tamper changed",
        "training.tamper",
        (
            option(
                "how",
                choices=[
                    "changed",
                    "removed",
                    "inserted",
                    "re-ordered",
                    "back-dated",
                    "swapped-file",
                    "forged-checkpoint",
                    "split-view",
                ],
                help="docs/tampering.md walks through them",
            ),
        ),
    ),
    Command(
        "ledger resume",
        "after a restore the ledger goes on, on record: what was signed beyond the backup is named in an entry",
        "abhaya ledger resume --reason 'disk of 12 March lost; backup of 11 March restored'",
        "ledger.resume",
        (option("--reason", required=True, metavar="WHY", help="what happened, for whoever reads the ledger"),),
    ),
    Command(
        "ledger request-witness",
        "writes the newest checkpoint as a request for a witness that is reached by file",
        "abhaya ledger request-witness --out request.txt",
        "ledger.request_witness",
        (
            option("--out", required=True, metavar="F", help="a new file, to carry to the witness"),
            option("--witness", metavar="NAME", help="which of ABHAYA_WITNESSES, where there are several"),
            option("--old", type=int, metavar="N", help="how many entries it signed last, where it says so"),
        ),
    ),
    Command(
        "ledger receive-witness",
        "takes back what a witness signed",
        "abhaya ledger receive-witness signed.txt",
        "ledger.receive_witness",
        (option("file", metavar="F", help="the checkpoint as the witness signed it"),),
    ),
    *MATCHING,
    *KEEPING,
)
