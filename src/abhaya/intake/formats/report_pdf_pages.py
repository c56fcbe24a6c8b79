"""A PDF's text, page by page, read in a confined process: a page can ask for endless work, and the parser is large.

Answers one JSON object: `{"pages": [[text, fault], …]}` or `{"refused": sentence}`.
"""

from __future__ import annotations

import io
import json
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from typing import Any, BinaryIO

import pypdf
from pypdf import PdfReader

# A confined process opens no file any more, so what the library would import on the way is imported now.
for _module in pkgutil.walk_packages(pypdf.__path__, "pypdf."):
    if not _module.name.endswith("._pycryptodome"):  # a library not used here
        import_module(_module.name)


def answer(source: BinaryIO, order: dict[str, Any]) -> Iterator[bytes]:
    yield json.dumps(told(source.read(), order["pages_max"])).encode()


def told(data: bytes, pages_max: int) -> dict[str, object]:
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        is_closed = reader.is_encrypted and not reader.decrypt("")
        count = 0 if is_closed else len(reader.pages)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 — a stranger's file: whatever the library meets in it is the file's fault
        return {"refused": f"The PDF cannot be opened: {type(error).__name__}."}
    if is_closed:
        return {"refused": "The PDF is protected by a password."}
    if count > pages_max:
        return {"refused": f"The PDF has {count:,} pages; at most {pages_max} are read."}
    pages = []
    for index in range(count):
        try:
            pages.append((reader.pages[index].extract_text() or "", ""))
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 — as above; the other pages are read
            pages.append(("", f"this page cannot be read: {type(error).__name__}"))
    return {"pages": pages}
