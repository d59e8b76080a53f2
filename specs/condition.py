"""Conditions on records, in the comparators of define.xml's RangeCheck, with three-valued logic.

`AESER EQ Y and AEOUT IN (FATAL, "NOT RECOVERED/NOT RESOLVED")`. A comparison with a missing value is unknown, and
only what is known to be true selects a record. `AEENDTC EQ ""` asks whether a value is missing, and is never unknown.
LT LE GT GE compare numbers: of a text the number that it is, and a text that is none is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

Comparator = Literal["EQ", "NE", "IN", "NOTIN", "LT", "LE", "GT", "GE"]
COMPARATORS: tuple[Comparator, ...] = ("EQ", "NE", "IN", "NOTIN", "LT", "LE", "GT", "GE")

_NUMBER = r"[+-]?[0-9]+(?:\.[0-9]+)?"
_TOKEN = re.compile(r'\s*(?:"([^"]*)"|([(),])|([^\s(),"]+))')


@dataclass(frozen=True)
class Comparison:
    """One variable against one or more values."""

    variable: str
    comparator: Comparator
    values: tuple[str, ...]

    def __str__(self) -> str:
        shown = [_quoted(value) for value in self.values]
        if self.comparator in ("IN", "NOTIN"):
            return f"{self.variable} {self.comparator} ({', '.join(shown)})"
        return f"{self.variable} {self.comparator} {shown[0]}"

    @property
    def no_number(self) -> str | None:
        """The first value that no number can equal."""
        return next((value for value in self.values if value and not re.fullmatch(_NUMBER, value)), None)

    def holds(self, records: pd.DataFrame) -> pd.Series:
        """True, False or NA (unknown) for each record."""
        column = records[self.variable]
        if self.values == ("",):
            found = column.isna() if self.comparator == "EQ" else column.notna()
            return found.astype("boolean")
        if pd.api.types.is_numeric_dtype(column.dtype):
            return self._compare(column, [float(value) for value in self.values])
        text = column.astype("string")
        if self.comparator in ("LT", "LE", "GT", "GE"):
            numbers = text.where(text.str.fullmatch(_NUMBER).fillna(False)).astype("Float64")
            return self._compare(numbers, [float(value) for value in self.values])
        return self._compare(text, list(self.values))

    def _compare(self, column: pd.Series, values: list[Any]) -> pd.Series:
        result: pd.Series
        match self.comparator:
            case "EQ":
                result = column == values[0]
            case "NE":
                result = column != values[0]
            case "IN":
                result = column.isin(values).astype("boolean").mask(column.isna())
            case "NOTIN":
                result = (~column.isin(values)).astype("boolean").mask(column.isna())
            case "LT":
                result = column < values[0]
            case "LE":
                result = column <= values[0]
            case "GT":
                result = column > values[0]
            case "GE":
                result = column >= values[0]
        return result.astype("boolean")


@dataclass(frozen=True)
class Condition:
    """Alternatives (joined by `or`) of comparisons that must all hold (joined by `and`)."""

    alternatives: tuple[tuple[Comparison, ...], ...]

    @property
    def comparisons(self) -> Iterator[Comparison]:
        """Every comparison, in the order written."""
        return (comparison for alternative in self.alternatives for comparison in alternative)

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables compared, each once, in the order written."""
        return tuple(dict.fromkeys(comparison.variable for comparison in self.comparisons))

    def holds(self, records: pd.DataFrame) -> pd.Series:
        """True, False or NA for each record, by Kleene's logic.

        >>> records = pd.DataFrame({"AESER": pd.array(["Y", "N", None], dtype="string")})
        >>> Condition.read("AESER EQ Y").holds(records).tolist()
        [True, False, <NA>]
        """
        result = pd.Series(False, index=records.index, dtype="boolean")
        for alternative in self.alternatives:
            every = pd.Series(True, index=records.index, dtype="boolean")
            for comparison in alternative:
                every = every & comparison.holds(records)
            result = result | every
        return result

    def selects(self, records: pd.DataFrame) -> pd.Series:
        """True where the condition is known to hold: unknown is not true."""
        return self.holds(records).fillna(False).astype(bool)

    def __str__(self) -> str:
        return " or ".join(" and ".join(str(c) for c in alternative) for alternative in self.alternatives)

    @classmethod
    def read(cls, text: str) -> Condition:
        """The condition that a specification writes as `text`.

        Raises ValueError with what is wrong and what was expected.
        """
        tokens = _tokens(text)
        alternatives: list[tuple[Comparison, ...]] = []
        current: list[Comparison] = []
        position = 0
        while True:
            comparison, position = _comparison(tokens, position, text)
            current.append(comparison)
            if position == len(tokens):
                break
            kind, joiner = tokens[position]
            if kind != "word" or joiner not in ("and", "or"):
                raise ValueError(f"condition '{text}': expected 'and' or 'or' before '{joiner}'")
            if joiner == "or":
                alternatives.append(tuple(current))
                current = []
            position += 1
        return cls((*alternatives, tuple(current)))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def from_text(given: Any) -> Condition:
            if isinstance(given, cls):
                return given
            if isinstance(given, str):
                return cls.read(given)
            raise ValueError("a condition is a text such as 'AESER EQ Y'")

        return core_schema.no_info_plain_validator_function(
            from_text, json_schema_input_schema=core_schema.str_schema()
        )


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            raise ValueError(f"condition '{text}': a quotation mark is not closed")
        quoted, sign, word = match.groups()
        if quoted is not None:
            tokens.append(("text", quoted))
        elif sign is not None:
            tokens.append(("sign", sign))
        else:
            tokens.append(("word", word))
        position = match.end()
    return tokens


def _comparison(tokens: list[tuple[str, str]], position: int, text: str) -> tuple[Comparison, int]:
    if position + 2 >= len(tokens):
        raise ValueError(f"condition '{text}': expected VARIABLE COMPARATOR VALUE")
    (kind, variable), (_, comparator) = tokens[position], tokens[position + 1]
    if kind != "word":
        raise ValueError(f"condition '{text}': '{variable}' is not a variable")
    if comparator not in COMPARATORS:
        raise ValueError(f"condition '{text}': '{comparator}' is not one of {' '.join(COMPARATORS)}")
    position += 2
    if comparator not in ("IN", "NOTIN"):
        kind, value = tokens[position]
        if kind == "sign":
            raise ValueError(f"condition '{text}': expected a value after {comparator}")
        if value == "" and comparator not in ("EQ", "NE"):
            raise ValueError(f"condition '{text}': only EQ and NE compare with \"\"")
        if comparator in ("LT", "LE", "GT", "GE"):
            _number(value, text)
        return Comparison(variable, comparator, (value,)), position + 1
    if tokens[position] != ("sign", "("):
        raise ValueError(f"condition '{text}': expected '(' after {comparator}")
    values: list[str] = []
    position += 1
    while position < len(tokens) and tokens[position] != ("sign", ")"):
        kind, value = tokens[position]
        if kind != "sign":
            values.append(value)
        elif value != ",":
            raise ValueError(f"condition '{text}': '{value}' is out of place in a list")
        position += 1
    if position == len(tokens):
        raise ValueError(
            f"condition '{text}': the list of values is not closed; quote a condition that holds a comma"
        )
    if not values or "" in values:
        raise ValueError(f"condition '{text}': a list of values is empty, or holds an empty value")
    return Comparison(variable, comparator, tuple(values)), position + 1


def _number(value: str, text: str) -> None:
    if not re.fullmatch(_NUMBER, value):
        raise ValueError(f"condition '{text}': '{value}' is not a number; LT LE GT GE compare numbers")


def _quoted(value: str) -> str:
    return value if re.fullmatch(r"[^\s(),\"]+", value) and value not in ("and", "or") else f'"{value}"'
