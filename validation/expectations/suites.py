"""Suites of expectations, made from the specification alone: one for each raw table and each dataset."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from specs import Check, RawTable, Study
from validation.check import Described
from validation.checks.KEYS_REPEATED import KeysRepeated
from validation.expectations import kinds
from validation.expected import ExpectedDataset, ExpectedVariable, expected_datasets
from validation.study_checks import described as described_check
from validation.study_checks import kind as kind_of_check

LONGEST_TEXT = 200
"""characters of a text in a transport file, whose texts are ASCII: one byte each"""
TYPES = {"Char": "str", "Num": "float64"}
"""how Great Expectations calls the types of the columns that a reader gives"""
_RAW_TYPES = {"integer": r"[+-]?\d+", "number": r"[+-]?\d+(?:[.,]\d+)?"}
_BOUNDS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "LT": (("min_value", ""),),
    "LE": (("min_value", "strict_min"),),
    "GT": (("max_value", ""),),
    "GE": (("max_value", "strict_max"),),
    "NE": (("min_value", ""), ("max_value", "")),
}
"""what a comparison that must never hold leaves: the bound, and the argument that makes it strict"""


@dataclass(frozen=True)
class Expectation:
    """One expectation: a class of Great Expectations (or of `custom`), its arguments, and what it means if
    not met.
    """

    name: str
    column: str
    """the variable it speaks of; "" where it speaks of the dataset"""
    arguments: Mapping[str, Any]
    meaning: str
    """what is expected, as a phrase"""
    described: Described = field(repr=False)
    kind: str
    """the kind of its faults"""
    message: str
    """what a finding says"""

    @property
    def needs(self) -> tuple[str, ...]:
        """The columns without which it cannot be met."""
        if self.name == "ExpectTableColumnsToMatchOrderedList":
            return ()
        several = self.arguments.get("column_list", ())
        pair = [self.arguments[name] for name in ("column_A", "column_B") if name in self.arguments]
        return (*several, *pair, *([self.arguments["column"]] if "column" in self.arguments else []))


@dataclass(frozen=True)
class Suite:
    """The expectations of one raw table (`raw.AE`) or dataset (`AE`)."""

    dataset: str
    expectations: tuple[Expectation, ...]


def dataset_suites(study: Study) -> tuple[Suite, ...]:
    """A suite for each dataset of the specification and each SUPP--, in the order of submission."""
    return tuple(
        Suite(expected.name, tuple(_of_dataset(expected, study)))
        for expected in expected_datasets(study).values()
    )


def raw_suites(study: Study) -> tuple[Suite, ...]:
    """A suite for each raw table, by its contract in raw.yaml."""
    return tuple(Suite(f"raw.{table.name}", tuple(_of_raw(table))) for table in study.raw.values())


def _of_dataset(expected: ExpectedDataset, study: Study) -> Iterator[Expectation]:
    names = [variable.name for variable in expected.variables]
    yield _expectation(
        "ExpectTableColumnsToMatchOrderedList",
        kinds.VARIABLE_ORDER,
        "",
        {"column_list": names},
        "the variables and their order are those of the specification",
    )
    for variable in expected.variables:
        yield from _of_variable(variable)
    if expected.keys:
        name, arguments = _unique(expected.keys)
        yield _expectation(
            name,
            KeysRepeated.described(),
            "",
            arguments,
            f"{', '.join(expected.keys)} name one record",
            f"another record has the same {', '.join(expected.keys)}",
        )
    for check in study.checks:
        if check.dataset == expected.name and all(str(ref) in names for ref in check.reads()):
            yield from _of_check(check, {variable.name: variable for variable in expected.variables})


def _of_variable(variable: ExpectedVariable) -> Iterator[Expectation]:
    name = variable.name
    column = {"column": name}
    yield _expectation(
        "ExpectColumnValuesToBeOfType",
        kinds.TYPE_DIFFERS,
        name,
        {**column, "type_": TYPES[variable.type]},
        f"{name} is {'text' if variable.type == 'Char' else 'numeric'}",
        f"{name} is not {'text' if variable.type == 'Char' else 'numeric'} in the file",
    )
    if variable.type == "Char":
        yield _expectation(
            "ExpectColumnValueLengthsToBeBetween",
            kinds.VALUE_TOO_LONG,
            name,
            {**column, "max_value": LONGEST_TEXT},
            f"{name} has at most {LONGEST_TEXT} characters",
            f"{name} has more than {LONGEST_TEXT} characters",
        )
    if variable.required:
        yield _expectation(
            "ExpectColumnValuesToNotBeNull",
            kinds.REQUIRED_MISSING,
            name,
            column,
            f"{name} is never missing",
            f"{name} is missing",
            kind=f"missing {name}",
        )
    terms = _terms(variable)
    if terms:
        codelist = variable.codelist
        assert codelist is not None
        yield _expectation(
            "ExpectColumnValuesToBeInSet",
            kinds.TERM_NOT_IN_CODELIST,
            name,
            {**column, "value_set": terms},
            f"{name} holds terms of {codelist.name}",
            f"{name} is no term of {codelist.name}",
        )


def _terms(variable: ExpectedVariable) -> list[str] | list[float]:
    """The values that a variable may have; empty where its list is external, or no list of numbers.

    A standard result (--STRESC) is a term only where it is no number, so its list does not bind it.
    """
    if variable.codelist is None or variable.codelist.dictionary or variable.name.endswith("STRESC"):
        return []
    values = list(variable.codelist.by_value)
    if variable.type == "Char":
        return values
    try:
        return [float(value) for value in values]
    except ValueError:
        return []


def _of_check(check: Check, variables: Mapping[str, ExpectedVariable]) -> Iterator[Expectation]:
    """What of the study's own checks is an expectation: a plain range of one number, or the order of two
    dates.
    """
    if check.where is not None:
        return
    bounds = _bounds(check)
    if bounds is not None and variables[check.variable].type == "Num":
        yield _expectation(
            "ExpectColumnValuesToBeBetween",
            described_check(check),
            check.variable,
            {"column": check.variable, **bounds},
            f"never {check.never}",
            check.message,
            kind_of_check(check),
        )
    if check.order is not None:
        yield _expectation(
            "ExpectColumnPairDatesToBeInOrder",
            described_check(check),
            check.variable,
            {"column_A": check.order.first, "column_B": check.order.then, "days": check.order.days},
            f"{check.order.first} is not after {check.order.then}",
            check.message,
            kind_of_check(check),
        )


def _bounds(check: Check) -> dict[str, Any] | None:
    """The range that `never` leaves; None where it leaves no plain range of one variable."""
    if check.never is None or check.never.variables != (check.variable,):
        return None
    bounds: dict[str, Any] = {}
    for alternative in check.never.alternatives:
        if (
            len(alternative) != 1
            or alternative[0].comparator not in _BOUNDS
            or alternative[0].values == ("",)
        ):
            return None
        for bound, strict in _BOUNDS[alternative[0].comparator]:
            if bound in bounds:
                return None
            bounds[bound] = float(alternative[0].values[0])
            if strict:
                bounds[strict] = True
    return bounds


def _unique(keys: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """The expectation that keys name one record; missing keys are equal to each other where there are
    several."""
    if len(keys) == 1:
        return "ExpectColumnValuesToBeUnique", {"column": keys[0]}
    return "ExpectCompoundColumnsToBeUnique", {"column_list": list(keys), "ignore_row_if": "never"}


def _of_raw(table: RawTable) -> Iterator[Expectation]:
    yield _expectation(
        "ExpectTableColumnsToMatchOrderedList",
        kinds.RAW_COLUMNS,
        "",
        {"column_list": list(table.columns)},
        "the columns are those of raw.yaml",
    )
    for name, column in table.columns.items():
        where = {"column": name}
        if column.required:
            missing = "a required value is missing"
            meaning = f"{name} is never missing"
            yield _expectation(
                "ExpectColumnValuesToNotBeNull", kinds.RAW_REQUIRED_MISSING, name, where, meaning, missing
            )
        if column.values:
            outside = "the value is not one of those allowed"
            meaning = f"{name} is one of {', '.join(column.values)}"
            arguments = {**where, "value_set": list(column.values)}
            yield _expectation(
                "ExpectColumnValuesToBeInSet", kinds.RAW_VALUE_NOT_ALLOWED, name, arguments, meaning, outside
            )
        if column.type in _RAW_TYPES:
            unlike = f"the value is no {column.type}"
            arguments = {**where, "regex": rf"\A(?:{_RAW_TYPES[column.type]})\Z"}
            yield _expectation(
                "ExpectColumnValuesToMatchRegex",
                kinds.RAW_TYPE,
                name,
                arguments,
                f"{name} is a number",
                unlike,
            )
    if table.keys:
        keys = ", ".join(table.keys)
        name, arguments = _unique(table.keys)
        yield _expectation(
            name,
            kinds.RAW_KEY_REPEATED,
            table.keys[0],
            arguments,
            f"{keys} name one row",
            f"several rows with the same {keys}",
        )


def _expectation(
    name: str,
    described: Described,
    column: str,
    arguments: Mapping[str, Any],
    meaning: str,
    message: str = "",
    kind: str = "",
) -> Expectation:
    return Expectation(
        name=name,
        column=column,
        arguments=arguments,
        meaning=meaning,
        described=described,
        kind=kind or f"{described.code} {column}",
        message=message or described.title,
    )


def snake_case(name: str) -> str:
    """How Great Expectations calls an expectation in its files.

    >>> snake_case("ExpectColumnPairDatesToBeInOrder")
    'expect_column_pair_dates_to_be_in_order'
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
