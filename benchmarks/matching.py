"""All of `matching`: hashing pictures, near search, exact look-up; each part a program of its own, run one after the other.

pip install -e '.[benchmarks]'
python benchmarks/matching.py [PART…]        # hashing, search, digests; their sizes are options of `matching_PART.py`
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PARTS = ("hashing", "search", "digests")


def main() -> None:
    missed = False
    for part in sys.argv[1:] or PARTS:
        program = Path(__file__).with_name(f"matching_{part}.py")
        if not program.exists():
            sys.exit(f"There is no part {part}: {', '.join(PARTS)}.")
        print(f"== {part}", flush=True)
        missed |= subprocess.run([sys.executable, program], check=False).returncode != 0
    sys.exit(missed)


if __name__ == "__main__":
    main()
