"""A variable of a dataset: its attributes, and the one word that fills it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from specs.codelist import Codelist
from specs.condition import Condition
from specs.derivation import Derivation
from specs.reference import Ref

Core = Literal["Req", "Exp", "Perm", "Cond", ""]


class Variable(BaseModel):
    """One variable, complete: what the specification leaves open is taken from the standard."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    name: str
    label: str
    type: Literal["Char", "Num"]
    derivation: Derivation
    """the word that fills it"""
    where: Condition | None = None
    """the records that are filled; the others stay missing"""
    codelist: Codelist | None = None
    role: str = ""
    core: Core = ""
    format: str = ""
    """display format, such as DATE9."""
    comment: str = ""
    standard: bool = True
    """False for a non-standard variable, which is submitted in SUPP--"""
    evaluator: str = ""
    """QEVAL of a non-standard variable"""
    value_level: str = ""
    """the variable by whose values its metadata differ, such as LBTESTCD"""
    line: str = ""
    """file and line of the specification"""

    def reads(self) -> dict[Ref, None]:
        """Every variable read on the record itself, the word's arguments first."""
        return self.derivation.reads() | {
            Ref(name): None for name in (self.where.variables if self.where else ())
        }

    @property
    def method(self) -> str:
        """The method of define.xml; "" where none is due."""
        text = self.derivation.method_text(self.name)
        return f"{text} Only where {self.where}." if text and self.where else text
