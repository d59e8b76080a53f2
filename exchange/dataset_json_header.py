"""The attributes of a Dataset-JSON file, checked against the standard as they are read.

Source: CDISC Dataset-JSON 1.1, attributes of the dataset and of its columns; no others are allowed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from exchange.dataset_json_layout import DataType
from exchange.dataset_json_scan import has_surrogates
from exchange.table import Column
from specs import Problem, UserError, nearest

Holds = Literal["text", "number", "truth", "decimal", "date", "datetime", "time"]
"""What stands for a value: a JSON text, number or truth value, or a text that becomes a number."""

_VERSION = re.compile(r"1\.1(\.[0-9]+)?")
_EXPORT = "have the file written as Dataset-JSON 1.1"


@dataclass(frozen=True)
class Variable:
    """A variable of the file, and what stands in the file for its values."""

    column: Column
    holds: Holds
    whole: bool
    """whether its numbers are whole"""


@dataclass(frozen=True)
class Header:
    """What the file says of its dataset."""

    name: str
    label: str
    records: int
    variables: tuple[Variable, ...]


@dataclass(frozen=True)
class _Kind:
    """A kind of values of attributes."""

    called: str
    holds: Callable[[Any], bool]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and not has_surrogates(value)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 53


def _is_moment(value: Any) -> bool:
    if not isinstance(value, str) or "T" not in value:
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_system(value: Any) -> bool:
    return (
        isinstance(value, dict) and value.keys() == {"name", "version"} and all(map(_is_text, value.values()))
    )


_TEXT = _Kind("a text", _is_text)
_COUNT = _Kind("a whole number", _is_count)
_MOMENT = _Kind("a date and time (ISO 8601)", _is_moment)
_REQUIRED: Mapping[str, _Kind] = {
    "datasetJSONCreationDateTime": _MOMENT,
    "datasetJSONVersion": _Kind(
        "version 1.1", lambda value: _is_text(value) and bool(_VERSION.fullmatch(value))
    ),
    "itemGroupOID": _TEXT,
    "records": _COUNT,
    "name": _TEXT,
    "label": _TEXT,
    "columns": _Kind("a list of columns", lambda value: isinstance(value, list) and bool(value)),
}
_OPTIONAL: Mapping[str, _Kind] = {
    "fileOID": _TEXT,
    "dbLastModifiedDateTime": _MOMENT,
    "originator": _TEXT,
    "sourceSystem": _Kind("an object of name and version", _is_system),
    "studyOID": _TEXT,
    "metaDataVersionOID": _TEXT,
    "metaDataRef": _TEXT,
}
_COLUMN_REQUIRED: Mapping[str, _Kind] = {
    "itemOID": _TEXT,
    "name": _TEXT,
    "label": _TEXT,
    "dataType": _Kind(f"one of {', '.join(get_args(DataType))}", lambda value: value in get_args(DataType)),
}
_COLUMN_OPTIONAL: Mapping[str, _Kind] = {
    "targetDataType": _Kind("integer or decimal", lambda value: value in ("integer", "decimal")),
    "length": _COUNT,
    "displayFormat": _TEXT,
    "keySequence": _COUNT,
}


def checked_header(attributes: Mapping[str, Any], file: str) -> Header:
    """The header of these attributes.

    Raises UserError with every attribute that is missing, unknown or of the wrong kind.
    """
    problems = [*_problems(attributes, _REQUIRED, _OPTIONAL, file, "")]
    columns = attributes.get("columns")
    if isinstance(columns, list):
        for at, column in enumerate(columns):
            place = f"columns[{at}]"
            if not isinstance(column, dict):
                problems.append(Problem(f"{place} is no object", file, _EXPORT))
                continue
            own = [*_problems(column, _COLUMN_REQUIRED, _COLUMN_OPTIONAL, file, f"{place}.")]
            problems += own or _unfit_target(column, file, place)
        problems += _repeated(columns, file)
    if problems:
        raise UserError(problems)
    return Header(
        attributes["name"],
        attributes["label"],
        attributes["records"],
        tuple(_variable(each) for each in attributes["columns"]),
    )


def _problems(
    found: Mapping[str, Any],
    required: Mapping[str, _Kind],
    optional: Mapping[str, _Kind],
    file: str,
    place: str,
) -> Iterator[Problem]:
    known = {**required, **optional}
    for name in required:
        if name not in found:
            yield Problem(f"the attribute {place}{name} is missing", file, _EXPORT)
    for name, value in found.items():
        if name not in known:
            yield Problem(
                f"{place}{name[:40]} is no attribute of Dataset-JSON 1.1",
                file,
                nearest(name[:40], known, "leave it out"),
            )
        elif not known[name].holds(value):
            yield Problem(f"{place}{name} is not {known[name].called}", file, _EXPORT)


def _unfit_target(column: Mapping[str, Any], file: str, place: str) -> list[Problem]:
    kind, target = column["dataType"], column.get("targetDataType")
    fits = {
        None: True,
        "integer": kind in ("date", "datetime", "time", "integer"),
        "decimal": kind == "decimal",
    }
    if fits[target]:
        return []
    what = f"{place} has the dataType {kind}, which does not become {target}"
    return [Problem(what, file, "leave targetDataType out, or correct it")]


def _repeated(columns: list[Any], file: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for column in columns:
        name = column.get("name") if isinstance(column, dict) else None
        if isinstance(name, str):
            if name in seen:
                yield Problem(f"two columns are named '{name}'", file, "rename one of the columns")
            seen.add(name)


def _variable(column: Mapping[str, Any]) -> Variable:
    holds = _holds(column["dataType"], "targetDataType" in column)
    text = holds in ("text", "truth")
    made = Column(
        column["name"],
        column["label"],
        "Char" if text else "Num",
        column.get("length", 0) if text else 8,
        column.get("displayFormat", ""),
    )
    return Variable(made, holds, column["dataType"] == "integer")


def _holds(kind: DataType, targeted: bool) -> Holds:
    if kind in ("integer", "float", "double"):
        return "number"
    if kind == "boolean":
        return "truth"
    if kind == "decimal":
        return "decimal"
    if kind in ("date", "datetime", "time") and targeted:
        return kind
    return "text"
