"""How the program behaves: no code from text, no network, no subject's values on the screen or in logs."""

from __future__ import annotations

import ast
import logging
import re
import socket
from pathlib import Path

import pytest

from raw.simulation import simulate
from trialwright.cli import main
from trialwright.identity import ROOMS
from trialwright.shipped import study_folder

HOME = Path(__file__).parents[2]
MODULES = sorted(path for room in ROOMS for path in (HOME / room).rglob("*.py"))
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}
FORBIDDEN_IMPORTS = {
    "pickle",
    "marshal",
    "shelve",
    "socket",
    "urllib",
    "http",
    "requests",
    "ftplib",
    "smtplib",
}
HARMLESS = {"urllib.parse"}


def test_there_are_modules_to_look_at() -> None:
    assert len(MODULES) > 100


def test_nothing_evaluates_text_and_nothing_opens_a_connection() -> None:
    found: list[str] = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            where = f"{path.relative_to(HOME)}:{getattr(node, 'lineno', 0)}"
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in FORBIDDEN_CALLS
            ):
                found.append(f"{where}: {node.func.id}()")
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in {"eval", "query"}
            ):
                found.append(f"{where}: .{node.func.attr}()")
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found += [
                f"{where}: import {name}"
                for name in names
                if name not in HARMLESS and name.partition(".")[0] in FORBIDDEN_IMPORTS
            ]
    assert found == []


def test_no_module_iterates_over_rows_or_applies_by_row() -> None:
    pattern = re.compile(r"\.iterrows\(|\.itertuples\(|\.apply\(.*axis=|inplace=True")
    found = [
        f"{path.relative_to(HOME)}:{number}"
        for path in MODULES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


def test_a_build_opens_no_connection_and_shows_no_subject_values(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    simulate(study_folder("nct01988506") / "simulation.yaml", tmp_path / "export", subjects=11, seed=5)

    def closed(*args: object, **kwargs: object) -> None:
        raise AssertionError("a build must not open a connection")

    monkeypatch.setattr(socket.socket, "connect", closed)
    monkeypatch.setattr(socket, "getaddrinfo", closed)
    with caplog.at_level(logging.DEBUG):
        code = main(
            ["build", "nct01988506", "--raw", str(tmp_path / "export"), "--out", str(tmp_path / "builds")]
        )
    told = capsys.readouterr()
    assert code == 1
    shown = told.out + told.err + caplog.text
    assert "datasets; findings:" in told.out
    assert not re.search(r"\b0[1-5]-\d{3}\b", shown)
    for value in ("cephalees", "Headache", "mi-mars", "Feminin"):
        assert value not in shown


def test_our_import_names_are_ours() -> None:
    for room in ROOMS:
        module = __import__(room)
        assert module.__file__ is not None
        assert Path(module.__file__).is_relative_to(HOME) or "site-packages" in module.__file__


@pytest.mark.parametrize("arguments", (["--help"], ["build", "--help"], ["spec", "check", "--help"]))
def test_help_is_there(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 0
    assert "usage: trialwright" in capsys.readouterr().out
