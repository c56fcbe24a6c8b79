"""Secrets live in files of mode 0600 under `ABHAYA_DATA/secrets`, made on first use, never printed and never logged."""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path

from abhaya.shared.durable import fsync_folder, write_whole

SECRET_BYTES = 32


def secret(data_dir: Path, name: str, *, form: str = "{}") -> str:
    """The named secret as text, made if it is not there. Two processes starting at once agree on one.

    `form` is the text around a new secret, for a program that reads the file itself (libpq's password file).
    """
    path = secret_path(data_dir, name)
    if not path.exists():
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        text = form.format(secrets.token_hex(SECRET_BYTES))
        with suppress(FileExistsError):  # another process was first: its secret stands
            write_whole(path, text.encode(), may_replace=False)
        fsync_folder(data_dir)
    return path.read_text(encoding="utf-8").strip()


def secret_path(data_dir: Path, name: str) -> Path:
    """Where the named secret is, or will be."""
    return data_dir / "secrets" / name
