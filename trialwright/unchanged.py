"""A build that would come out the same is not made again: the latest one is taken, if it is whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from trialwright.identity import build_id, digest, input_digests
from trialwright.names import LATEST, MANIFEST


def unchanged(
    home: Path, folder: Path, export: Path, terminology: Path | None
) -> tuple[Path, dict[str, Any]] | None:
    """The latest build of a study and its manifest, where nothing that goes in has changed since and no file of it is
    missing or damaged; None otherwise."""
    latest = home / LATEST
    try:
        manifest = json.loads((latest / MANIFEST).read_text(encoding="utf-8"))
        root = export.parent if export.is_file() else export
        named = [each["file"] for each in manifest["inputs"]]
        files = tuple(root / name.removeprefix("export/") for name in named if name.startswith("export/"))
        inputs = input_digests(folder, export, files, terminology)
        same = sorted(inputs) == sorted(named) and build_id(inputs, None) == manifest["build"]
        whole = same and all(digest(latest / each["file"]) == each["sha256"] for each in manifest["outputs"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return (latest.resolve(), manifest) if whole else None
