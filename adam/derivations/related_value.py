"""The word `related_value`."""

from collections.abc import Mapping
from typing import ClassVar, Literal

import pandas as pd
from pydantic import model_validator

from specs import Derivation, Doubt, Judged, Ref, RelatedRecords
from specs.derivation import Origin

SEVERAL_VALUES = "SEVERAL_VALUES"


class RelatedValue(Derivation):
    """The value of a variable in a related record: DCSREAS of DS, a baseline weight of VS.

    `DCSREAS: {related_value: {of: {dataset: DS, variable: DSDECOD, where: DSSCAT EQ "STUDY
    PARTICIPATION"}}}`. One value per subject is expected among the records that the condition chooses and
    that have a value; different ones are an error and the value is held back. With `take` and `by`, the first
    or last record by these variables is used; one that is missing there comes after all others, and only
    different values in records that are equal there are an error. Missing, or `otherwise`, where there is no
    such record.

    >>> status = pd.DataFrame({"USUBJID": ["1"], "DSDECOD": ["LOST TO FOLLOW-UP"]}, dtype="string")
    >>> subjects = pd.DataFrame({"USUBJID": ["1", "2"]}, dtype="string")
    >>> RelatedValue(of="DS.DSDECOD").compute_from(subjects, {"DS": status}).values.tolist()
    ['LOST TO FOLLOW-UP', <NA>]
    """

    source = "ADaMIG 1.3, 3.2"
    origin: ClassVar[Origin] = "Derived"
    method = "{variable} = {of}{order}{otherwise}."
    rowwise = False
    shorthand = "of"
    doubts: ClassVar[Mapping[str, Doubt]] = {
        SEVERAL_VALUES: Doubt(
            "error",
            "the subject has several records with different values here",
            "say which one is meant (take, by), narrow the condition, or correct the data",
        )
    }

    of: RelatedRecords
    """the variable, of the records that its condition chooses"""
    take: Literal["first", "last"] | None = None
    """which of several records is used; without it there must be one value"""
    by: tuple[str, ...] = ()
    """the variables of that dataset by which the records are sorted, texts in the order of their
    characters"""
    otherwise: str | int | float | None = None
    """the value where there is no such record"""
    subject: Ref = Ref("USUBJID")
    """whose records"""

    @model_validator(mode="after")
    def _take_and_by(self) -> "RelatedValue":
        if (self.take is None) != (not self.by):
            raise ValueError("take and by belong together: say both or none")
        return self

    def related(self) -> set[Ref]:
        return super().related() | {Ref(f"{self.of.dataset}.{name}") for name in self.by}

    def compute_from(self, records: pd.DataFrame, related: Mapping[str, pd.DataFrame]) -> Judged:
        found = related[self.of.dataset]
        if self.of.where is not None:
            found = found[self.of.where.selects(found)]
        value, by = self.of.variable, list(self.by)
        found = found.loc[found[value].notna(), list(dict.fromkeys(["USUBJID", value, *by]))]
        if by:
            found = found.sort_values(by, ascending=self.take == "first", kind="stable", na_position="last")
            heads = found.drop_duplicates("USUBJID")[["USUBJID", *by]]
            found = found.merge(heads, on=["USUBJID", *by], how="inner", validate="many_to_one")
        distinct = found[["USUBJID", value]].drop_duplicates()
        several = distinct["USUBJID"].duplicated(keep=False)
        single = distinct[~several].set_index("USUBJID")[value]
        subjects = records[self.subject]
        values = subjects.map(single, na_action="ignore")
        ambiguous = subjects.isin(distinct.loc[several, "USUBJID"])
        if self.otherwise is not None:
            values = values.astype("object").mask(
                values.isna() & ~ambiguous & subjects.notna(), self.otherwise
            )
        return Judged(
            values, pd.Series(pd.NA, index=records.index, dtype="string").mask(ambiguous, SEVERAL_VALUES)
        )

    def method_text(self, variable: str) -> str:
        order = f", the {self.take} record by {', '.join(self.by)}" if self.take else ""
        otherwise = "" if self.otherwise is None else f"; {self.otherwise} without such a record"
        return self.method.format(variable=variable, of=self.of, order=order, otherwise=otherwise)
