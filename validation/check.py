"""What a check of ours is, and the faults that it finds."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from engine import Finding, Severity
from validation.written import Written, WrittenDataset

MOST = 100
"""how many records with one fault in one variable get a finding of their own; one more finding counts the
others
"""

Which = npt.NDArray[np.bool_]

_NAMED = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Described:
    """What a code means: one line of the catalogue."""

    code: str
    severity: Severity
    title: str
    """what is wrong, as a phrase"""
    why: str
    """why it matters, and where it is required"""
    to_do: str


@dataclass(frozen=True)
class Fault:
    """A finding, and what tells whether another finding says the same.

    Faults of one dataset and one kind that speak of the same records are the same. Most kinds are a code and
    a variable; `missing AEOUT` and `AESTDTC not after AEENDTC` can be found by several checks.
    """

    finding: Finding
    kind: str
    positions: tuple[int, ...] = ()
    """the records of the file that it speaks of, counted from 0; none where it speaks of the file"""


class StandingCheck(ABC):
    """A check that every study needs, whatever its specification says.

    The code is the class name in capitals, and the name of the file. The docstring says what is looked at.
    """

    code: ClassVar[str]
    severity: ClassVar[Severity]
    title: ClassVar[str]
    why: ClassVar[str]
    to_do: ClassVar[str]
    applies_to: ClassVar[str]
    """the datasets and variables that are looked at, as a phrase"""

    @classmethod
    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.code = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).upper()
        module = cls.__module__.rpartition(".")[2]
        assert ".checks." not in cls.__module__ or module == cls.code, (
            f"{cls.__name__}: the file is {cls.code}.py"
        )
        assert cls.__doc__, f"{cls.__name__}: a check is documented by its docstring"
        for name in ("severity", "title", "why", "to_do", "applies_to"):
            assert getattr(cls, name, ""), f"{cls.__name__}: a check says its {name}"

    @classmethod
    def described(cls) -> Described:
        """Its line of the catalogue."""
        return Described(cls.code, cls.severity, cls.title, cls.why, cls.to_do)

    @abstractmethod
    def faults(self, written: Written) -> Iterator[Fault]:
        """Every fault of its kind in the written files."""

    def on_file(self, dataset: str, variable: str, message: str, value: str = "", count: int = 1) -> Fault:
        """The fault of a file or of a variable in it."""
        return file_fault(self.described(), dataset, variable, message, value, count)

    def on_records(
        self,
        dataset: WrittenDataset,
        variable: str,
        wrong: Which,
        message: str,
        shown: Mapping[str, pd.Series] | None = None,
        kind: str = "",
    ) -> Iterator[Fault]:
        """A fault for each record that is wrong; see `record_faults`."""
        return record_faults(self.described(), dataset, variable, wrong, message, shown or {}, kind)


def file_fault(
    described: Described,
    dataset: str,
    variable: str,
    message: str,
    value: str = "",
    count: int = 1,
    kind: str = "",
) -> Fault:
    """The fault of a file or of a variable in it."""
    finding = Finding(
        code=described.code,
        severity=described.severity,
        dataset=dataset,
        variable=variable,
        keys=(),
        value=value,
        message=message,
        to_do=described.to_do,
        count=count,
    )
    return Fault(finding, kind or f"{described.code} {variable}")


def record_faults(
    described: Described,
    dataset: WrittenDataset,
    variable: str,
    wrong: Which,
    message: str,
    shown: Mapping[str, pd.Series] | None = None,
    kind: str = "",
) -> Iterator[Fault]:
    """A fault for each record that is wrong, up to `MOST`; one more counts the records beyond.

    `message` holds `{name}` for the text of each of `shown` on the record. The value
    is that of `variable`; a missing one is shown as "".
    """
    positions = np.flatnonzero(wrong)
    if not positions.size:
        return
    kind = kind or f"{described.code} {variable}"
    first = positions[:MOST]
    values = _at(dataset.texts(variable), first) if variable in dataset.columns else [""] * len(first)
    texts = {name: _at(series, first) for name, series in (shown or {}).items()}
    for number, (position, keys) in enumerate(zip(first.tolist(), dataset.keys(first), strict=True)):
        said = _filled(message, {name: text[number] or "missing" for name, text in texts.items()})
        yield Fault(_finding(described, dataset, variable, keys, values[number], said), kind, (position,))
    if len(positions) > len(first):
        yield _beyond(described, dataset, variable, positions[len(first) :], kind)


def group_faults(
    described: Described,
    dataset: WrittenDataset,
    variable: str,
    groups: Sequence[npt.NDArray[np.int64]],
    message: str,
    kind: str = "",
) -> Iterator[Fault]:
    """A fault for each group of records that are wrong together; its keys are those that the group has in
    common.

    `message` holds `{count}`.
    """
    kind = kind or f"{described.code} {variable}"
    for group in groups[:MOST]:
        keys = dataset.keys(group)
        common = tuple(pair for pair in keys[0] if all(pair in other for other in keys[1:]))
        value = _at(dataset.texts(variable), group[:1])[0] if variable in dataset.columns else ""
        found = _finding(
            described, dataset, variable, common, value, _filled(message, {"count": str(len(group))})
        )
        positions = tuple(int(position) for position in group)
        yield Fault(replace(found, count=len(group)), kind, positions)
    if len(groups) > MOST:
        yield _beyond(described, dataset, variable, np.concatenate(groups[MOST:]), kind)


def repeated(records: pd.DataFrame, names: Sequence[str]) -> list[npt.NDArray[np.int64]]:
    """The positions of records that are equal in all of these variables, missing equal to missing: groups of
    two and more, in the order of their first records.
    """
    duplicated = records.duplicated(list(names), keep=False).to_numpy()
    positions = np.flatnonzero(duplicated)
    if not positions.size:
        return []
    group = records.iloc[positions].groupby(list(names), sort=False, dropna=False).ngroup().to_numpy()
    order = np.argsort(group, kind="stable")
    return np.split(positions[order], np.flatnonzero(np.diff(group[order])) + 1)


def _finding(
    described: Described,
    dataset: WrittenDataset,
    variable: str,
    keys: tuple[tuple[str, str], ...],
    value: str,
    message: str,
) -> Finding:
    return Finding(
        code=described.code,
        severity=described.severity,
        dataset=dataset.name,
        variable=variable,
        keys=keys,
        value=value,
        message=message,
        to_do=described.to_do,
    )


def _beyond(
    described: Described, dataset: WrittenDataset, variable: str, rest: npt.NDArray[np.int64], kind: str
) -> Fault:
    records = "1 further record" if len(rest) == 1 else f"{len(rest)} further records"
    found = _finding(described, dataset, variable, (), "", f"{described.title}: {records}")
    return Fault(replace(found, count=len(rest)), kind, tuple(rest.tolist()))


def _filled(message: str, texts: Mapping[str, str]) -> str:
    """The message with its `{name}` filled in; what stands between other braces stays as it is."""
    return _NAMED.sub(lambda found: texts.get(found[1], found[0]), message)


def _at(texts: pd.Series, positions: npt.NDArray[np.int64]) -> list[str]:
    return [str(text) for text in texts.iloc[positions].fillna("")]
