"""What a Dataset-JSON file says of its dataset, and which JSON values its variables take.

Source: CDISC Dataset-JSON 1.1 (2024-12-05), attributes of the dataset and of its columns.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from exchange.dataset_json_values import FIRST_INEXACT, is_iso, iso_kind
from exchange.table import Column, floats
from specs import Problem

VERSION = "1.1.0"
DataType = Literal[
    "string", "integer", "decimal", "float", "double", "boolean", "datetime", "date", "time", "URI"
]
WrittenType = Literal["string", "integer", "float", "double", "datetime", "date", "time"]
"""The data types that the writer uses: `string` of character variables, the others of numeric ones."""
PLACES_SHOWN = 5


@dataclass(frozen=True)
class Identity:
    """What a file states of a dataset beside its content: the OIDs of define.xml, and where it comes from.

    `item_oids`, `key_sequence`, `lengths` and `types` are by variable; a text that is "" is not stated.
    `lengths` overrides the length of a column, and is the only length of a numeric one. A type that is not
    given follows from the column and its values (see `data_types`).
    """

    item_group_oid: str
    item_oids: Mapping[str, str]
    file_oid: str = ""
    study_oid: str = ""
    metadata_oid: str = ""
    metadata_ref: str = ""
    originator: str = ""
    source_system: str = ""
    source_system_version: str = ""
    key_sequence: Mapping[str, int] = field(default_factory=dict)
    lengths: Mapping[str, int] = field(default_factory=dict)
    types: Mapping[str, WrittenType] = field(default_factory=dict)

    @classmethod
    def of(cls, dataset: str, variables: Iterable[str]) -> Self:
        """The identity of a dataset without a define.xml: OIDs made of its names, IG.AE and IT.AE.AETERM."""
        return cls(f"IG.{dataset}", {name: f"IT.{dataset}.{name}" for name in variables})


def data_types(
    columns: Sequence[Column], stated: Mapping[str, WrittenType], records: pd.DataFrame | None = None
) -> tuple[WrittenType, ...]:
    """The data type of each variable: the one stated, else what its format and values say.

    A character variable is a string. A numeric one with a format of dates, moments or times is date, datetime
    or time, if its values are whole days or seconds within the years 1 to 9999 or one day. Other numbers are
    integer where all are whole, else float. Without `records`, formats decide alone, and numbers are float.
    """
    found: list[WrittenType] = []
    for at, column in enumerate(columns):
        if column.type == "Char":
            found.append("string")
        elif column.name in stated:
            found.append(stated[column.name])
        else:
            kind = iso_kind(column.format)
            values = None if records is None else floats(records.iloc[:, at])
            if kind and (values is None or bool(is_iso(kind, values).all())):
                found.append(kind)
            elif values is not None and bool(is_whole(values).all()):
                found.append("integer")
            else:
                found.append("float")
    assert all(stated.get(c.name, kind) == kind for c, kind in zip(columns, found, strict=True)), "types fit"
    return tuple(found)


def is_whole(values: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Which numbers are whole and exact as such (below 2 to the power of 53), or missing."""
    whole: npt.NDArray[np.bool_] = (values == np.floor(values)) & (np.abs(values) < FIRST_INEXACT)
    return whole | np.isnan(values)


def packed_header(
    name: str,
    label: str,
    columns: Sequence[Column],
    types: Sequence[WrittenType],
    identity: Identity,
    *,
    records: int,
    created: datetime,
    modified: datetime | None,
) -> str:
    """The metadata object, in the order that the standard recommends, without its closing brace."""
    system = {"name": identity.source_system, "version": identity.source_system_version}
    assert all(system.values()) or not any(system.values()), "a source system has a name and a version"
    header: dict[str, Any] = {
        "datasetJSONCreationDateTime": created.isoformat(timespec="seconds"),
        "datasetJSONVersion": VERSION,
        "fileOID": identity.file_oid,
        "dbLastModifiedDateTime": modified.isoformat(timespec="seconds") if modified else "",
        "originator": identity.originator,
        "sourceSystem": system if identity.source_system else "",
        "studyOID": identity.study_oid,
        "metaDataVersionOID": identity.metadata_oid,
        "metaDataRef": identity.metadata_ref,
    }
    header = {key: value for key, value in header.items() if value}
    header |= {"itemGroupOID": identity.item_group_oid, "records": records, "name": name, "label": label}
    header["columns"] = [_column(*each, identity) for each in zip(columns, types, strict=True)]
    return json.dumps(header, ensure_ascii=False, separators=(",", ":"))[:-1]


def _column(column: Column, kind: WrittenType, identity: Identity) -> dict[str, Any]:
    told: dict[str, Any] = {
        "itemOID": identity.item_oids[column.name],
        "name": column.name,
        "label": column.label,
        "dataType": kind,
    }
    dated = kind in ("date", "datetime", "time")
    optional = {
        "targetDataType": "integer" if dated else None,
        "length": None if dated else planned_length(column, identity),
        "displayFormat": column.format,
        "keySequence": identity.key_sequence.get(column.name),
    }
    return told | {key: value for key, value in optional.items() if value}


def planned_length(column: Column, identity: Identity) -> int:
    """The length that is stated of a variable; 0 for none."""
    return identity.lengths.get(column.name, column.length if column.type == "Char" else 0)


@dataclass
class Faults:
    """Values that a variable cannot have, counted by variable and by what is wrong with them."""

    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    places: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.counts)

    def room(self, variable: str, kind: str) -> int:
        """How many more places are wanted."""
        return PLACES_SHOWN - len(self.places.get((variable, kind), ()))

    def add(self, variable: str, kind: str, count: int, places: Iterable[str]) -> None:
        """Count further values of one variable with one fault."""
        key = (variable, kind)
        self.counts[key] = self.counts.get(key, 0) + count
        self.places.setdefault(key, []).extend(places)

    def problems(self, where: str, texts: Mapping[str, tuple[str, str]]) -> list[Problem]:
        """One problem per variable and fault; `texts` says what each fault is and what to do."""
        found = []
        for (variable, kind), count in sorted(self.counts.items()):
            values = "1 value" if count == 1 else f"{count} values"
            what, to_do = texts[kind]
            places = "; ".join(self.places[variable, kind])
            found.append(Problem(f"{values} {what}", f"{where}.{variable}, {places}", to_do))
        return found
