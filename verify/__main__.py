"""`python3 verify DIR`: runs from this folder alone, with Python and the `cryptography` package."""

from __future__ import annotations

import sys
from pathlib import Path

if not __package__:  # started as a folder: its own modules are then found beside it
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from verify.program import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
