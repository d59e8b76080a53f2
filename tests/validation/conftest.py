"""Written files and specifications from literal tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd
import pytest

import adam
import sdtm
from exchange import NUMBER, TEXT, Column, Table
from specs import Check, Codelist, Dataset, Derivation, RawTable, Study, SubjectNumber, Variable
from specs.derivation import Origin

VOCABULARY = {word.word: word for word in (*sdtm.VOCABULARY, *adam.VOCABULARY)}


class Given(Derivation):
    """Any value at all."""

    source = "these tests"
    origin: ClassVar[Origin] = "Collected"

    def compute(self, records: pd.DataFrame) -> pd.Series:
        raise AssertionError("these tests compute nothing")


def _table(name: str, given: Mapping[str, Any]) -> Table:
    columns, data = [], {}
    for variable, values in given["records"].items():
        said = given.get("columns", {}).get(variable, {})
        numeric = said.get("type") == "Num" or any(isinstance(value, (int, float)) for value in values)
        data[variable] = pd.array(values, dtype=NUMBER if numeric else TEXT)
        longest = max((len(str(value)) for value in values if value is not None), default=1)
        columns.append(
            Column(
                variable,
                label=said.get("label", variable.capitalize()),
                type="Num" if numeric else "Char",
                length=said.get("length", 8 if numeric else longest),
            )
        )
    return Table(name, given.get("label", name), tuple(columns), pd.DataFrame(data))


def _variable(name: str, given: Any, *, standard: bool) -> Variable:
    said = {"type": given} if isinstance(given, str) else dict(given)
    codelist = said.get("codelist")
    words = [key for key in said if key in VOCABULARY]
    derivation = VOCABULARY[words[0]].model_validate(said[words[0]]) if words else Given()
    return Variable(
        name=name,
        label=said.get("label", name.capitalize()),
        type=said["type"],
        derivation=derivation,
        core=said.get("core", ""),
        codelist=Codelist.model_validate(codelist) if codelist else None,
        standard=standard,
    )


def _dataset(name: str, given: Mapping[str, Any]) -> Dataset:
    own = [_variable(each, said, standard=True) for each, said in given["variables"].items()]
    others = [_variable(each, said, standard=False) for each, said in given.get("nonstandard", {}).items()]
    return Dataset(
        name=name,
        label=given.get("label", name),
        model=given.get("model", "sdtm"),
        class_name="EVENTS",
        structure="One record per event",
        keys=tuple(given.get("keys", ())),
        records=(),
        variables=(*own, *others),
    )


@pytest.fixture
def tables() -> Callable[[Mapping[str, Any]], dict[str, Table]]:
    """Written files: for each dataset `records` (a list for each variable), and `columns` and `label` where
    they matter."""
    return lambda given: {name: _table(name, each) for name, each in given.items()}


@pytest.fixture
def study() -> Callable[[Mapping[str, Any]], Study]:
    """A study: `datasets` with `keys`, `variables` (a type, or attributes and a word), `nonstandard`;
    `checks`; `raw`."""

    def made(given: Mapping[str, Any]) -> Study:
        return Study(
            id=given.get("id", "NCT1"),
            name="Study",
            description="A study",
            protocol="P1",
            folder=Path(),
            files=(),
            subject=SubjectNumber(form="{number:2}"),
            standards={},
            raw={name: RawTable(name=name, **each) for name, each in given.get("raw", {}).items()},
            codelists={},
            conversions={},
            datasets={name: _dataset(name, each) for name, each in given.get("datasets", {}).items()},
            checks=tuple(Check(code=code, **each) for code, each in given.get("checks", {}).items()),
        )

    return made
