"""SoftHSM2, the token in software that the tests of PKCS#11 use: installed where we may, asked for loudly where not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys


def main() -> int:
    if shutil.which("softhsm2-util"):
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("test: installing SoftHSM2", flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=False, env=quiet)
        words = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "softhsm2"]
        if subprocess.run(words, check=False, env=quiet, stdout=subprocess.DEVNULL).returncode == 0:
            return 0
    print(
        "\n*** THE TOKEN TESTS NEED SOFTHSM2, and it could not be installed here: they will fail and say so."
        "\n*** Install it (Debian: apt-get install softhsm2) and run make test again.\n",
        file=sys.stderr,
    )
    return 3


if __name__ == "__main__":
    sys.exit(main())
