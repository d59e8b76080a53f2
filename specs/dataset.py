"""A dataset of the study: an SDTM domain or an ADaM analysis dataset."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict

from specs.derivation import RecordDerivation
from specs.reference import RAW, Ref
from specs.variable import Variable


class Dataset(BaseModel):
    """One dataset: the words that make its records, and its variables in the order they are submitted."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    name: str
    label: str
    model: Literal["sdtm", "adam"]
    class_name: str
    """the class in Define-XML's terms, such as EVENTS or BASIC DATA STRUCTURE"""
    subclass: str = ""
    """the subclass in Define-XML's terms, such as ADVERSE EVENT"""
    structure: str
    """One record per ..."""
    keys: tuple[str, ...]
    records: tuple[RecordDerivation, ...]
    variables: tuple[Variable, ...]
    repeating: bool = True
    reference_data: bool = False
    """it holds no subject's data: trial design"""
    comment: str = ""
    line: str = ""

    @cached_property
    def by_name(self) -> dict[str, Variable]:
        """The variables by name."""
        return {variable.name: variable for variable in self.variables}

    @property
    def submitted(self) -> tuple[Variable, ...]:
        """The variables of the dataset itself; the others go to SUPP--."""
        return tuple(variable for variable in self.variables if variable.standard)

    @property
    def nonstandard(self) -> tuple[Variable, ...]:
        """The non-standard variables, which are submitted in SUPP--."""
        return tuple(variable for variable in self.variables if not variable.standard)

    @property
    def topic(self) -> Variable | None:
        """The variable of role Topic, without which a record says nothing."""
        return next((v for v in self.variables if v.role == "Topic" and v.core == "Req"), None)

    @property
    def source_datasets(self) -> frozenset[str]:
        """The datasets whose records its records are made of."""
        return frozenset(name for word in self.records for name in word.datasets())

    @property
    def carried_datasets(self) -> frozenset[str]:
        """The datasets whose variables lie beside its records: `AE.AETERM` is then that of the source record."""
        return frozenset(name for word in self.records if word.carries_variables for name in word.datasets())

    @property
    def raw_tables(self) -> frozenset[str]:
        """The raw tables whose records its records are made of."""
        return frozenset(name for word in self.records for name in word.tables())

    @property
    def raw_fields(self) -> frozenset[str]:
        """The fields of raw records that its variables read, without the qualifier."""
        return frozenset(
            ref.variable for variable in self.variables for ref in variable.reads() if ref.dataset == RAW
        )

    def needs(self) -> frozenset[Ref]:
        """The variables of other datasets that its variables read."""
        refs = {
            ref for variable in self.variables for ref in {*variable.reads(), *variable.derivation.related()}
        }
        return frozenset(ref for ref in refs if ref.dataset and ref.dataset != RAW)
