"""A word of the vocabulary: one frozen class that computes a variable (or records) and documents itself.

One class is the definition, and everybody reads it: the engine runs `compute`, the specification gives the arguments,
the documentation is the docstring, define.xml takes `method` and `origin`, the tests call it on literal tables.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import BaseModel, ConfigDict

from specs.condition import Comparison, Condition
from specs.reference import Argument, Ref, RelatedRecords

Origin = Literal["Collected", "Assigned", "Derived", "Predecessor", "Protocol", "Not Available"]
"""def:Origin Type of Define-XML 2.1, as far as a word can have it."""


@dataclass(frozen=True)
class Judged:
    """Values with doubts: where `doubts` holds a code, the value is held back (or kept with a remark) and why.

    Both have the index of the records given. A code is one of the keys of the word's `doubts`.
    """

    values: pd.Series
    doubts: pd.Series


@dataclass(frozen=True)
class Doubt:
    """What a word says where it will not guess: its severity, the message, and the remedy."""

    severity: Literal["error", "warning", "notice"]
    message: str
    to_do: str
    about: str = ""
    """the argument that is in doubt; the first that reads the export where nothing is said"""


class Word(BaseModel):
    """What the two bases share: a name, typed arguments, documentation."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    word: ClassVar[str]
    """the name in a specification, made from the class name"""
    source: ClassVar[str]
    """standard, version, section"""
    shorthand: ClassVar[str] = ""
    """the argument that may be written without its name: `assigned: AE` for `assigned: {value: AE}`"""
    doubts: ClassVar[Mapping[str, Doubt]] = {}
    """the findings that the word may raise, by code"""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        if ABC in cls.__bases__:
            return
        cls.word = snake_case(cls.__name__)
        module = cls.__module__.rpartition(".")[2]
        place = f"{cls.__module__}.{cls.__name__}"
        assert cls.__doc__, f"{place}: a word is documented by its docstring"
        assert getattr(cls, "source", ""), f"{place}: a word names its source"
        assert ".derivations." not in cls.__module__ or module == cls.word, (
            f"{place}: the file is {cls.word}.py"
        )
        assert not cls.shorthand or cls.shorthand in cls.model_fields, f"{place}: shorthand is an argument"
        for name, info in cls.model_fields.items():
            assert info.annotation is not None, f"{place}.{name}: an argument has a type"
        for code, doubt in cls.doubts.items():
            assert doubt.about in ("", *cls.model_fields), f"{place}: {code} is about an argument"

    def _parts(self) -> Iterator[Ref | Condition | RelatedRecords]:
        for name in type(self).model_fields:
            yield from _parts(getattr(self, name))

    def reads(self) -> dict[Ref, None]:
        """Every variable read on the record itself, at any depth: each once, in the order of the arguments."""
        found: dict[Ref, None] = {}
        for part in self._parts():
            if isinstance(part, Ref):
                found[part] = None
            elif isinstance(part, Condition):
                found |= {Ref(name): None for name in part.variables}
        return found

    def comparisons(self) -> Iterator[tuple[str, Comparison]]:
        """Every comparison of its conditions, with the dataset that it is made on: "" for the record itself."""
        for part in self._parts():
            if isinstance(part, Condition):
                yield from (("", comparison) for comparison in part.comparisons)
            elif isinstance(part, RelatedRecords) and part.where is not None:
                yield from ((part.dataset, comparison) for comparison in part.where.comparisons)

    def related(self) -> set[Ref]:
        """Every variable read on related records of other datasets, as DATASET.VARIABLE."""
        found: set[Ref] = set()
        for part in self._parts():
            if isinstance(part, RelatedRecords):
                found |= part.reads()
        return found


class Derivation(Word, ABC):
    """A word that fills one variable.

    Override `compute` where a value depends on variables that can be laid beside the record; override `compute_from`
    where it depends on several records of other datasets. Both return one value per record with the index of
    `records`, and change nothing in place.
    """

    origin: ClassVar[Origin]
    """def:Origin Type"""
    method: ClassVar[str] = ""
    """the sentence in define.xml: {variable} and the arguments' names in braces are filled in; "" where none is due"""
    rowwise: ClassVar[bool] = True
    """whether a value depends on its own record alone, so that the engine may evaluate distinct inputs only"""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if ABC in cls.__bases__:
            return
        place = f"{cls.__module__}.{cls.__name__}"
        assert getattr(cls, "origin", None), f"{place}: a derivation has an origin"
        assert cls.method or cls.origin != "Derived", f"{place}: a derived variable has a method"
        shown = {name for _, name, _, _ in Formatter().parse(cls.method) if name is not None}
        filled_in = cls.method_text is not Derivation.method_text
        assert filled_in or shown <= {"variable", *cls.model_fields}, f"{place}: the method shows arguments"
        own = [
            name
            for name in ("compute", "compute_from")
            if getattr(cls, name) is not getattr(Derivation, name)
        ]
        assert len(own) == 1, f"{place}: override compute or compute_from, one of them"
        assert own == ["compute"] or not cls.rowwise, (
            f"{place}: a word that reads other datasets is not rowwise"
        )

    def compute(self, records: pd.DataFrame) -> pd.Series | Judged:
        """One value per record, from the variables that `reads` names: the columns of `records`."""
        raise AssertionError(f"{self.word} reads related records: call compute_from")

    def compute_from(self, records: pd.DataFrame, related: Mapping[str, pd.DataFrame]) -> pd.Series | Judged:
        """One value per record, with related records: for each dataset that `related()` names, USUBJID and those
        variables."""
        return self.compute(records)

    def remark(self) -> str:
        """What define.xml says as a comment on the variable; "" where the specification alone decides."""
        return ""

    def method_text(self, variable: str) -> str:
        """The method of define.xml for `variable`, with the arguments filled in."""
        shown = {name: shown_argument(getattr(self, name)) for name in type(self).model_fields}
        return self.method.format(variable=variable, **shown)


@dataclass(frozen=True)
class Records:
    """Records and where they came from, and for the records of the export where they stand in their file.

    `data` has a range index; its columns are variables, or `raw.FIELD` and `DATASET.VARIABLE` of the source records.
    `sources` names for each record its source records: `record` (position in data), `table` and `row` (position
    in that table), in long form since one record may come from many; integers beside the data, never inside it.
    """

    data: pd.DataFrame
    sources: pd.DataFrame = field(default_factory=lambda: sources_of(None, np.empty(0, np.int64)))
    left_out: pd.DataFrame = field(default_factory=lambda: left_out_of(None, np.empty(0, np.int64), "", ""))
    """source records that became nothing: `table`, `row`, `reason` (a code) and `because` (a sentence)"""
    file: str = ""
    """the file of the export, as messages name it"""
    lines: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    """the line or row of that file on which each record stands"""


class RecordDerivation(Word, ABC):
    """A word that adds records to a dataset."""

    carries_variables: ClassVar[bool] = False
    """whether each record comes from one record of a dataset and has its variables beside it, as `AE.AETERM`"""

    @abstractmethod
    def tables(self) -> tuple[str, ...]:
        """The raw tables whose records it takes."""

    @abstractmethod
    def datasets(self) -> tuple[str, ...]:
        """The datasets whose records it takes."""

    def fields(self) -> frozenset[str]:
        """The names of the fields it makes beside the columns of its tables, without the qualifier `raw.`."""
        return frozenset()

    def columns_behind(self, table: str, field: str) -> tuple[str, ...]:
        """The columns of a raw table that the field of its records is made of."""
        return (field,)

    def columns_used(self, table: str) -> tuple[str, ...]:
        """The columns of a raw table that choose, order or join its records."""
        return ()

    @abstractmethod
    def compute(self, given: Mapping[str, Records]) -> Records:
        """The records, from the raw tables (`raw.AE`) and datasets (`AE`) that it takes."""


def snake_case(name: str) -> str:
    """The word that a class name spells.

    >>> snake_case("LastRecordBeforeExposure"), snake_case("Iso8601")
    ('last_record_before_exposure', 'iso8601')
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def sources_of(table: str | None, rows: npt.NDArray[np.int64]) -> pd.DataFrame:
    """The sources of records that each come from one row of `table`, in order."""
    return pd.DataFrame(
        {
            "record": np.arange(len(rows), dtype=np.int64),
            "table": pd.Series([table or ""] * len(rows), dtype="str"),
            "row": rows,
        }
    )


def left_out_of(table: str | None, rows: npt.NDArray[np.int64], reason: str, because: str) -> pd.DataFrame:
    """Rows of `table` that became no record, with the reason."""
    texts = {"table": table or "", "reason": reason, "because": because}
    frame = pd.DataFrame({name: pd.Series([text] * len(rows), dtype="str") for name, text in texts.items()})
    return frame.assign(row=rows)[["table", "row", "reason", "because"]]


def shown_argument(value: Any) -> str:
    """An argument as a method sentence shows it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(shown_argument(each) for each in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {shown_argument(each)}" for key, each in value.items())
    if isinstance(value, Ref):
        return value.removeprefix("raw.")
    return "" if value is None else str(value)


def _parts(value: Any) -> Iterator[Ref | Condition | RelatedRecords]:
    if isinstance(value, (Ref, Condition, RelatedRecords)):
        yield value
    elif isinstance(value, Argument):
        for name in type(value).model_fields:
            yield from _parts(getattr(value, name))
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _parts(each)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for each in value:
            yield from _parts(each)
