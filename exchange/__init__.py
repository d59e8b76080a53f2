"""Files in and out, one module per format; it may import engine and specs.

A Table is a file's content with its metadata. `read` takes any of FORMATS; `csv`, `dataset_json`, `sas7bdat`,
`xlsx` and `xpt` hold what is particular to a format. `Export` opens the files of an export, in folders and
archives; `whole_file` writes a file whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from exchange import csv, dataset_json, sas7bdat, xlsx, xpt
from exchange.archive import Export, Limits
from exchange.as_text import number_text, text_records
from exchange.table import NUMBER, TEXT, Column, Table
from exchange.whole_file import WholeFile, whole_file
from specs import UserError, nearest

__all__ = [
    "FORMATS",
    "NUMBER",
    "TEXT",
    "Column",
    "Export",
    "Format",
    "Limits",
    "Table",
    "WholeFile",
    "csv",
    "dataset_json",
    "number_text",
    "read",
    "sas7bdat",
    "text_records",
    "whole_file",
    "xlsx",
    "xpt",
]


@dataclass(frozen=True)
class Format:
    """A file format: how it is called in raw.yaml, its file name extensions, and its reader and writer.

    `write` takes a table, a path, and the moment that the file states; None for a format that is only read.
    """

    name: str
    extensions: tuple[str, ...]
    read: Callable[..., Table]
    write: Callable[[Table, Path, datetime], None] | None


FORMATS = (
    Format("csv", (".csv", ".txt", ".tsv"), csv.read, lambda table, path, created: csv.write(table, path)),
    Format(
        "dataset_json",
        (".json", ".ndjson"),
        dataset_json.read,
        lambda table, path, created: dataset_json.write(table, path, created=created),
    ),
    Format("sas7bdat", (".sas7bdat",), sas7bdat.read, None),
    Format(
        "xlsx",
        (".xlsx",),
        xlsx.read,
        lambda table, path, created: xlsx.write({table.name: table}, path, created=created),
    ),
    Format("xpt", (".xpt",), xpt.read, lambda table, path, created: xpt.write(table, path, created=created)),
)
"""All file formats, by name."""


def read(source: Path | bytes, *, format: str, name: str, file: str = "", **options: Any) -> Table:
    """The table of a file in one of FORMATS; the options are those of the format's own `read`.

    Raises UserError for an unknown format, and as the format's own `read` does.
    """
    for each in FORMATS:
        if each.name == format:
            return each.read(source, name=name, file=file, **options)
    names = [each.name for each in FORMATS]
    raise UserError.of(
        f"unknown format '{format}'", file or name, nearest(format, names, f"use one of: {', '.join(names)}")
    )
