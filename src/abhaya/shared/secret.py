"""Secrets live in files of mode 0600 under `ABHAYA_DATA/secrets`, made on first use, never printed and never logged."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

SECRET_BYTES = 32


def secret(data_dir: Path, name: str, *, form: str = "{}") -> str:
    """The named secret as text, made if it is not there. Two processes starting at once agree on one.

    `form` is the text around a new secret, for a program that reads the file itself (libpq's password file).
    """
    path = secret_path(data_dir, name)
    if not path.exists():
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        draft = path.with_name(f".{name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(form.format(secrets.token_hex(SECRET_BYTES)))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)  # fails when another process was first: its secret stands
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="utf-8").strip()


def secret_path(data_dir: Path, name: str) -> Path:
    """Where the named secret is, or will be."""
    return data_dir / "secrets" / name
