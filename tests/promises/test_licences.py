"""Whatever is installed with us, directly or not, may be given away under Apache-2.0: no GPL, no unknown terms."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from importlib import metadata
from pathlib import Path

import imageio_ffmpeg
import pytest

ROOT = Path(__file__).resolve().parents[2]
ALLOWED = {
    "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0", "MIT-CMU", "MPL-2.0",
    "PSF-2.0", "Python-2.0", "Unlicense", "Zlib", "LicenseRef-public-domain", "OFL-1.1", "PostgreSQL",
}  # fmt: skip
# LGPL is used by ordinary import only: whoever runs Abhaya can replace the library (LGPL-3.0, section 4).
BY_IMPORT_ONLY = {"psycopg", "psycopg-binary", "psycopg-pool"}
# Wheels whose own licence is not that of the program or library they carry. A program is started by tests and never comes
# with us; a library is loaded by ordinary import, as above.
CARRIED_PROGRAMS = {"imageio-ffmpeg": "GPL-3.0-or-later"}
CARRIED_LIBRARIES = {"pi-heif": "LGPL-3.0"}  # libheif and libde265, files of their own that can be replaced; no encoder
# How older packages write it, word for word.
SPELT = {
    "apache 2.0": "Apache-2.0", "apache license 2.0": "Apache-2.0", "apache software license": "Apache-2.0",
    "bsd": "BSD-3-Clause", "bsd license": "BSD-3-Clause", "bsd 2-clause license": "BSD-2-Clause",
    "mit license": "MIT", "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0", "isc license (iscl)": "ISC",
    "python software foundation license": "PSF-2.0", "the unlicense (unlicense)": "Unlicense",
}  # fmt: skip
# npm packages whose licence field is a pointer; each file was read.
READ_BY_HAND = {
    "@ip-location-db/asn": "CC-BY-4.0",  # data; named with its notice on every answer that uses it
    "@ip-location-db/geo-whois-asn-country": "CC0-1.0",
    "only": "MIT",  # named in its Readme; comes with the sign-in service that tests start, never with us
}


def licence(package: metadata.Distribution) -> str:
    """The licence as an SPDX expression where it can be had."""
    told = package.metadata
    written = told.get("License-Expression") or ""
    if not written and len(told.get("License") or "") < 60:
        written = told.get("License") or ""
    if not written or (written.lower() not in SPELT and not re.fullmatch(r"[\w.\-+ ()]+", written)):
        written = ""
    if not written or (
        " " in written and written.lower() not in SPELT and " AND " not in written and " OR " not in written
    ):
        named = [
            line.split("::")[-1].strip() for line in told.get_all("Classifier", []) if line.startswith("License ::")
        ]
        written = named[0] if named else written
    return SPELT.get(written.lower(), written)


def is_allowed(expression: str) -> bool:
    """SPDX's AND and OR, without nesting: every part of an AND, one part of an OR."""
    parts = expression.replace("(", "").replace(")", "")
    return all(any(one.strip() in ALLOWED for one in part.split(" OR ")) for part in parts.split(" AND "))


def installed() -> list[metadata.Distribution]:
    return sorted(metadata.distributions(), key=lambda package: package.name.lower())


@pytest.mark.parametrize("package", installed(), ids=lambda package: package.name)
def test_the_licence_of_every_installed_package_is_on_the_list(package: metadata.Distribution):
    if package.name.lower() in BY_IMPORT_ONLY:
        assert licence(package) == "LGPL-3.0-only"
    else:
        assert is_allowed(licence(package)), f"{package.name}: {licence(package) or 'no licence named'}"


def test_a_package_under_the_gpl_would_be_found():
    assert not is_allowed("GPL-3.0-or-later")
    assert not is_allowed("MIT AND GPL-2.0-only")
    assert not is_allowed("")
    assert is_allowed("Apache-2.0 OR GPL-2.0-only")


def test_the_licence_of_every_npm_package_is_on_the_list():
    locked = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    named = {path.removeprefix("node_modules/"): found.get("license", "") for path, found in locked.items() if path}
    assert named
    refused = {
        name: written
        for name, written in named.items()
        if not is_allowed(READ_BY_HAND.get(name, written)) and name not in READ_BY_HAND
    }
    assert refused == {}


def test_a_program_under_the_gpl_is_for_tests_alone():
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for_tests = ours["optional-dependencies"].pop("dev")
    comes_with_us = [
        *ours["dependencies"],
        *(name for names in ours["optional-dependencies"].values() for name in names),
    ]
    for name in CARRIED_PROGRAMS:
        assert any(wanted.startswith(name) for wanted in for_tests)
        assert not any(wanted.startswith(name) for wanted in comes_with_us)
        module = name.replace("-", "_")
        assert not [path for path in (ROOT / "src").rglob("*.py") if module in path.read_text(encoding="utf-8")]
    told = subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-L"], check=True, capture_output=True, text=True).stdout
    assert "GNU General Public License" in told  # what stands above, in its own words
    assert "Lesser" not in told


@pytest.mark.parametrize("name", CARRIED_LIBRARIES)
def test_a_library_that_a_wheel_carries_is_under_the_lgpl_and_no_more_than_that(name):
    files = metadata.distribution(name).files or []
    (told,) = [path.read_text() for path in files if path.name == "LICENSES_bundled.txt"]
    assert set(re.findall(r"^License: (.+)$", told, re.MULTILINE)) == {"LGPLv3"}
    assert not [path for path in files if "x265" in path.name]
    assert any(".so" in path.name and path.name.startswith("libheif") for path in files)


def test_traps_are_not_installed():
    traps = {
        "phonenumbers",
        "unidecode",
        "levenshtein",
        "python-levenshtein",
        "html2text",
        "extract-msg",
        "pymupdf",
        "igraph",
        "leidenalg",
        "pillow-heif",  # as pi-heif, with an encoder under the GPL
    }
    assert traps.isdisjoint(package.name.lower() for package in installed())
