"""References: how an argument of a word names a variable or a field of the export."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, model_validator
from pydantic_core import CoreSchema, core_schema

from specs.condition import Condition

RAW = "raw"
"""The qualifier of a field of the export, as in `raw.AESTDAT`."""


SUBJECT_FIELD = "@SUBJECT"
"""the field that every raw record has beside its columns: the subject's number as the study writes it"""
TABLE_FIELD = "@TABLE"
"""the field that every raw record has beside its columns: the name of its raw table"""


class Ref(str):
    """A variable that a word reads on the record it fills.

    `AESTDTC` is a variable of the record's own dataset. `raw.AESTDAT` is a field of the raw record that it came from.
    `DM.RFSTDTC` is a variable of another dataset: of the record that this one came from, where the dataset is made
    of DM's records, else of the subject's only record there.
    """

    __slots__ = ()

    @property
    def dataset(self) -> str:
        """The qualifier before the first dot, "" for the record's own dataset."""
        return self.partition(".")[0] if "." in self else ""

    @property
    def variable(self) -> str:
        """The name behind the first dot: names of raw fields may hold further dots."""
        return self.partition(".")[2] if "." in self else str(self)

    @classmethod
    def read(cls, text: str) -> Ref:
        """The reference that a specification writes as `text`."""
        if not text or text != text.strip() or text.startswith(".") or text.endswith("."):
            raise ValueError(f"'{text}' is not the name of a variable")
        return cls(text)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(cls.read, core_schema.str_schema())


class Field(Ref):
    """A field of the raw record: written without its qualifier, `AESTDAT` for `raw.AESTDAT`."""

    __slots__ = ()

    @classmethod
    def read(cls, text: str) -> Ref:
        Ref.read(text)
        return cls(text if text.startswith(f"{RAW}.") else f"{RAW}.{text}")


class Argument(BaseModel):
    """A group of arguments within a word."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class RelatedRecords(Argument):
    """Records of another dataset, of which a subject may have many: `EX.EXSTDTC`, or with a condition on them.

    Written as `EX.EXSTDTC` or as `{dataset: EX, variable: EXSTDTC, where: EXOCCUR EQ Y}`.
    """

    shorthand: ClassVar[str] = "DATASET.VARIABLE"

    dataset: str
    """the other dataset"""
    variable: str
    """the variable that is read there"""
    where: Condition | None = None
    """the records meant; without it all of the subject's"""

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, given: Any) -> Any:
        if isinstance(given, str):
            dataset, dot, variable = given.partition(".")
            if not dot or not dataset or not variable:
                raise ValueError(f"'{given}' is not of the form DATASET.VARIABLE")
            return {"dataset": dataset, "variable": variable}
        return given

    def reads(self) -> set[Ref]:
        """The variables of the other dataset that are read."""
        names = {self.variable} | ({str(ref) for ref in self.where.variables} if self.where else set())
        return {Ref(f"{self.dataset}.{name}") for name in names}

    def __str__(self) -> str:
        return f"{self.dataset}.{self.variable}" + (f" where {self.where}" if self.where else "")
