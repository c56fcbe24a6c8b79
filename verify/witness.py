"""A witness: remembers the newest checkpoint of each ledger it knows, and signs only what continues it.

    python3 verify/witness.py init  --data DIR --name witness.example/pune     once; prints the witness's key
    python3 verify/witness.py trust --data DIR key.txt                         a ledger's key, as its export brings it
    python3 verify/witness.py serve --data DIR --port 8700                     for ledgers that reach it over the network
    python3 verify/witness.py restart --data DIR key.txt --reason "…"          after its holder restored a backup
    python3 verify/witness.py sign  --data DIR request.txt --out answer.txt    for ledgers that come on a USB stick

Runs on a partner's or a second machine, with Python and `cryptography` alone. A ledger that shows one history here and
another elsewhere is refused, and what it asked is kept as evidence. Protocol: c2sp.org/tlog-witness, /tlog-cosignature.
"""

from __future__ import annotations

import argparse
import sys
from http import HTTPStatus
from pathlib import Path

if not __package__:  # started as a file: its own modules are then found beside it
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from verify.notes import STAMPED, Unreadable
from verify.witness_http import serve
from verify.witnessing import Witness, init, read_request, write

DONE, REFUSED, WRONG_USAGE = 0, 1, 2


def main(words: list[str]) -> int:
    asked = _parser().parse_args(words)
    try:
        return int(asked.run(asked))
    except (Unreadable, OSError) as error:
        print(f"witness: {error}", file=sys.stderr)
        return WRONG_USAGE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="witness", description="Signs only what continues what it signed before.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, run in (("init", _init), ("trust", _trust), ("restart", _restart), ("sign", _offline), ("serve", _serve)):
        one = commands.add_parser(name)
        one.add_argument("--data", type=Path, required=True, metavar="DIR")
        one.set_defaults(run=run)
        if name == "init":
            one.add_argument("--name", required=True, help="for example witness.example/pune")
        elif name == "serve":
            one.add_argument("--host", default="127.0.0.1")
            one.add_argument("--port", type=int, default=8700)
            one.add_argument("--certificate", type=Path, metavar="FILE", help="serve TLS with this certificate")
            one.add_argument("--certificate-key", type=Path, metavar="FILE")
        else:
            one.add_argument("file", type=Path)
        if name == "restart":
            one.add_argument("--reason", required=True)
        if name == "sign":
            one.add_argument("--out", type=Path, required=True, metavar="FILE")
    return parser


def _init(asked: argparse.Namespace) -> int:
    print(init(asked.data, asked.name).key.line(STAMPED))
    return DONE


def _trust(asked: argparse.Namespace) -> int:
    print(f"{Witness(asked.data).trust(asked.file.read_text(encoding='utf-8')).name} is known here now.")
    return DONE


def _restart(asked: argparse.Namespace) -> int:
    Witness(asked.data).restart(asked.file.read_text(encoding="utf-8"), asked.reason)
    print("Set aside, and kept. The next checkpoint of this ledger is signed as the first.")
    return DONE


def _offline(asked: argparse.Namespace) -> int:
    """A request from a file. Where the ledger did not know what was signed last, the answer tells it."""
    data = asked.file.read_bytes()
    answer = Witness(asked.data).add(data)
    if answer.status is HTTPStatus.OK:
        write(asked.out, read_request(data).note + answer.text)
        print(f"Signed. Take {asked.out} back to the ledger.")
        return DONE
    if answer.size is not None:
        print(f"Not signed: this witness last signed {answer.size} entries. Ask again with --old {answer.size}.")
    else:
        print(f"Not signed: {answer.text.strip()}")
    return REFUSED


def _serve(asked: argparse.Namespace) -> int:
    serve(Witness(asked.data), asked.host, asked.port, asked.certificate, asked.certificate_key)
    return DONE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
