"""The house keeps its habits: small files, plain code, a note in every room, and documents that do not fall behind."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from abhaya import cli
from abhaya.ledger.events import Event

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src/abhaya"
OURS = [SOURCE, ROOT / "verify", ROOT / "benchmarks", ROOT / "scripts"]
LINES_MAX, FUNCTION_LINES_MAX, README_LINES_MAX = 400, 60, 14
NOT_ROOMS = {"commands"}  # the command line stands above the rooms


def files(*folders: Path) -> list[Path]:
    found = [path for folder in folders for path in sorted(folder.rglob("*.py")) if "migrations" not in path.parts]
    assert found
    return found


def parsed(*folders: Path) -> Iterator[tuple[str, str, ast.Module]]:
    """(path, text, tree) of every file."""
    for path in files(*folders):
        text = path.read_text(encoding="utf-8")
        yield str(path.relative_to(ROOT)), text, ast.parse(text)


def rooms() -> list[Path]:
    return [path for path in sorted(SOURCE.iterdir()) if (path / "__init__.py").exists() and path.name not in NOT_ROOMS]


def is_function(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


def test_no_file_is_longer_than_400_lines():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in files(*OURS, ROOT / "tests")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LINES_MAX
    }
    assert long == {}


def test_no_function_is_longer_than_60_lines():
    long = {
        f"{path}:{node.lineno} {node.name}": length
        for path, _, tree in parsed(*OURS, ROOT / "tests")
        for node in ast.walk(tree)
        if is_function(node) and (length := node.end_lineno - node.lineno + 1) > FUNCTION_LINES_MAX
    }
    assert long == {}


def test_imports_stand_at_the_top_where_readers_look_for_them():
    inside = [
        f"{path}:{inner.lineno}"
        for path, _, tree in parsed(*OURS)
        for node in ast.walk(tree)
        if is_function(node)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


def test_a_broad_except_says_its_reason_beside_it():
    silent = []
    for path, text, tree in parsed(*OURS):
        lines = text.splitlines()
        for node in ast.walk(tree):
            if not isinstance(node, ast.ExceptHandler):
                continue
            caught = {named.id for named in ast.walk(node.type or ast.Name("all")) if isinstance(named, ast.Name)}
            remark = lines[node.lineno - 1].partition("#")[2]
            if (node.type is None or caught & {"Exception", "BaseException"}) and len(remark) < 20:
                silent.append(f"{path}:{node.lineno}")
    assert silent == []


def test_every_ignore_says_its_reason_beside_it():
    silent = [
        f"{path}:{number}"
        for path, text, _ in parsed(*OURS)
        for number, line in enumerate(text.splitlines(), 1)
        for mark in re.findall(r"#\s*(?:noqa|type: ignore)[:\[]?\s*[\w\-, ]*\]?(.*)", line)
        if len(mark.strip(" —-#")) < 3
    ]
    assert silent == [], "\n".join(silent)


@pytest.mark.parametrize(
    "word",
    [
        "django.dispatch",
        "django.db.models.signals",
        "django.core.signals",
        "django.views.generic",
        "django.contrib.admin",
    ],
)
def test_no_signals_no_generic_views_no_admin(word: str):
    users = [
        f"{path}:{node.lineno}"
        for path, _, tree in parsed(*OURS)
        for node in ast.walk(tree)
        if (isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith(f"{word}."))
        or (isinstance(node, ast.Import) and any(f"{name.name}.".startswith(f"{word}.") for name in node.names))
    ]
    assert users == []


@pytest.mark.parametrize("room", rooms(), ids=lambda room: room.name)
def test_every_room_says_in_a_few_lines_what_it_is_for_and_refuses(room: Path):
    note = room / "README.md"
    assert note.exists(), (
        f"src/abhaya/{room.name}/README.md is missing: ten lines, what the room is for and refuses to do"
    )
    assert 3 <= len(note.read_text(encoding="utf-8").splitlines()) <= README_LINES_MAX


def test_every_kind_of_identifier_is_held_to_be_pure():
    """The import contract names each file of the room; the words every room has are the only others."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    named = {
        module.removeprefix("abhaya.selectors.")
        for contract in contracts
        for module in contract.get("source_modules", [])
        if module.startswith("abhaya.selectors.")
    }
    there = {path.stem for path in (SOURCE / "selectors").glob("*.py")}
    assert there - named == {"__init__", "actions", "erasure", "models", "queries"}
    assert named <= there


def documented(kind: str) -> set[str]:
    """The first cells of the table under the heading `kind` in docs/reference.md."""
    text = (ROOT / "docs/reference.md").read_text(encoding="utf-8")
    section = text.split(f"\n## {kind}\n")[1].split("\n## ")[0]
    return set(re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE))


def settings_read() -> set[str]:
    return {name for _, text, _ in parsed(SOURCE) for name in re.findall(r"[\"'](ABHAYA_[A-Z_]+)[\"']", text)}


def test_every_setting_is_documented_and_nothing_else_is():
    assert documented("Settings") == settings_read()


def test_every_command_is_documented_and_nothing_else_is():
    assert documented("Commands") == {f"abhaya {command.name}" for command in cli.COMMANDS}


def test_every_ledger_event_is_documented_and_nothing_else_is():
    assert documented("Ledger events") == {event.value for event in Event}


def test_every_command_has_help_with_an_example_and_a_function_that_runs_it(capsys):
    for command in cli.COMMANDS:
        with pytest.raises(SystemExit) as ended:
            cli.main([*command.name.split(), "--help"])
        assert ended.value.code == 0
        told = " ".join(capsys.readouterr().out.split())
        assert command.example in told
        assert command.example.startswith(f"abhaya {command.name}")
        module, _, function = command.runs.rpartition(".")
        text = (SOURCE / "commands" / f"{module}.py").read_text(encoding="utf-8")
        assert f"\ndef {function}(arguments: Namespace) -> int:" in text
