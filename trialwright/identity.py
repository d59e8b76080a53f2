"""What makes two builds the same: a digest of everything that goes in. Light to import, so that asking costs little."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from trialwright import __version__

ROOMS = (
    "specs",
    "engine",
    "exchange",
    "raw",
    "sdtm",
    "adam",
    "define_xml",
    "validation",
    "submission",
    "trialwright",
)
_SUFFIXES = (".py", ".yaml", ".tsv", ".j2", ".css", ".js")


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def build_id(inputs: Mapping[str, str], only: frozenset[str] | None) -> str:
    """The name of a build, made of what goes in: specification, export, terminology, the program and its own text data."""
    told = json.dumps([__version__, _program(), sorted(inputs.items()), sorted(only or ())])
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def specification_files(folder: Path) -> tuple[Path, ...]:
    """The texts of a study folder that make its specification, sorted; what simulates an export is not one."""
    named = [folder / name for name in ("study.yaml", "raw.yaml", "codelists.yaml", "units.yaml")]
    listed = [path for part in ("sdtm", "adam", "checks") for path in (folder / part).glob("*.yaml")]
    return tuple(sorted(path for path in [*named, *listed] if path.is_file()))


def input_digests(
    folder: Path, export: Path, files: tuple[Path, ...], terminology: Path | None
) -> dict[str, str]:
    """The digests of everything that goes into a build, by the names that a manifest gives them."""
    root = export.parent if export.is_file() else export
    told = {
        f"specification/{path.relative_to(folder).as_posix()}": path for path in specification_files(folder)
    }
    told |= {f"export/{path.relative_to(root).as_posix()}": path for path in files}
    if terminology is not None:
        told[f"terminology/{terminology.name}"] = terminology
    return {name: digest(path) for name, path in told.items()}


def _program() -> str:
    """A digest of our own packages: text data and code."""
    whole = hashlib.sha256()
    home = Path(__file__).parent.parent
    for room in ROOMS:
        for path in sorted((home / room).rglob("*")):
            if path.suffix in _SUFFIXES and path.is_file():
                whole.update(path.relative_to(home).as_posix().encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()
