"""Chromium and fonts for the browser tests: installed where we may, asked for loudly where we may not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ["chromium", "fonts-noto-core"]


def main() -> int:
    if any(shutil.which(name) for name in NAMES):
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("test: installing Chromium and fonts", flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=False, env=quiet)
        words = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES]
        if subprocess.run(words, check=False, env=quiet, stdout=subprocess.DEVNULL).returncode == 0:
            return 0
    print(
        "\n*** THE BROWSER TESTS NEED CHROMIUM, and it could not be installed here."
        "\n*** Install it (Debian: apt-get install chromium fonts-noto-core) and run make test again.\n",
        file=sys.stderr,
    )
    return 3


if __name__ == "__main__":
    sys.exit(main())
