"""Runs a program as an ordinary user inside a user namespace: PostgreSQL refuses to run as root.

Called as a script by `shared.cluster`: `python -I unprivileged.py UID GID PROGRAM ARGUMENT…`. The kernel shows the
program UID and GID; its files stay the caller's, no user is made and no folder is opened to others. What
`unshare --user --map-user` does, without needing a version of that program that knows the option.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

CLONE_NEWUSER = 0x10000000  # linux/sched.h


def main() -> None:
    uid, gid, *command = sys.argv[1:]
    real_uid, real_gid = os.geteuid(), os.getegid()
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER) != 0:
        raise SystemExit(f"user namespaces are not allowed here: {os.strerror(ctypes.get_errno())}")
    process = Path("/proc/self")
    (process / "setgroups").write_text("deny")  # user_namespaces(7): before gid_map
    (process / "uid_map").write_text(f"{uid} {real_uid} 1")
    (process / "gid_map").write_text(f"{gid} {real_gid} 1")
    os.execv(command[0], command)  # noqa: S606 — the launcher's own command, never input


if __name__ == "__main__":
    main()
