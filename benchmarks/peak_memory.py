"""Runs a command and writes the largest memory of it alone, in KiB, to a file: `peak_memory.py FILE COMMAND…`."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

if __name__ == "__main__":
    done = subprocess.run(sys.argv[2:], check=False)
    Path(sys.argv[1]).write_text(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss), encoding="utf-8")
    os._exit(done.returncode)
