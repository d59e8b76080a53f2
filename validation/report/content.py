"""What the report is made of, as the build hands it over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from engine import Finding, TableAccount
from exchange import Table
from specs import Study


class Expectation(Protocol):
    """One expectation about a dataset and whether it was met."""

    @property
    def dataset(self) -> str:
        """the dataset (`AE`) or raw table (`raw.AE`) it speaks of"""

    @property
    def expectation(self) -> str:
        """the kind of expectation, as Great Expectations calls it"""

    @property
    def meaning(self) -> str:
        """what is expected, as a phrase"""

    @property
    def column(self) -> str:
        """the variable it speaks of; "" where it speaks of the whole dataset"""

    @property
    def success(self) -> bool:
        """whether it was met"""

    @property
    def unexpected_count(self) -> int:
        """the records that do not meet it"""


@dataclass(frozen=True)
class InputFile:
    """A file that the build read; `rows` is None where it holds no records."""

    name: str
    sha256: str
    rows: int | None = None


@dataclass(frozen=True)
class OutputFile:
    """A file that the build wrote; `file` is its path from the folder of the report, with `/`."""

    file: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class ReportContent:
    """Everything that the report shows; it adds nothing of its own, no clock and no look at the disk."""

    study: Study
    build_id: str
    created: str
    """the moment as of which the data stand, as it shall be written on the page"""
    inputs: Sequence[InputFile]
    datasets: Mapping[str, Table]
    """the SDTM and ADaM datasets, read back from the written files, by name and in the order of submission"""
    findings: Sequence[Finding]
    expectations: Sequence[Expectation]
    accounts: Sequence[TableAccount]
    outputs: Sequence[OutputFile]
