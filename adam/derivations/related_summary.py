"""The word `related_summary`."""

from collections.abc import Mapping
from typing import ClassVar, Literal

import pandas as pd
from pydantic import model_validator

from specs import Derivation, Ref, RelatedRecords
from specs.derivation import Origin


class RelatedSummary(Derivation):
    """The number, sum, mean, least or greatest of the values of related records: a cumulative dose, a number
    of doses.

    `CUMDOSE: {related_summary: {of: EX.EXDOSE, each: EXSEQ, statistic: sum}}`. Records without a value do not
    count. `each` names what tells the records apart (EXSEQ), so that equal values of different records all
    count. A subject without such records has the number 0 if `no_records` says so, else missing.

    >>> doses = pd.DataFrame({"USUBJID": ["1", "1"], "EXSEQ": [1.0, 2.0], "EXDOSE": [1.0, 1.0]})
    >>> word = RelatedSummary(of="EX.EXDOSE", each="EXSEQ", statistic="sum")
    >>> word.compute_from(pd.DataFrame({"USUBJID": ["1", "2"]}, dtype="string"), {"EX": doses}).tolist()
    [2.0, <NA>]
    """

    source = "ADaMIG 1.3, 3.2"
    origin: ClassVar[Origin] = "Derived"
    method = "{variable} = {statistic} of {of} over the subject's records, one per {each}."
    rowwise = False

    of: RelatedRecords
    """the variable, of the records that its condition chooses; numeric unless they are only counted"""
    each: str
    """the variable of that dataset that tells a subject's records apart"""
    statistic: Literal["count", "sum", "mean", "min", "max"]
    """what is made of the values"""
    no_records: float | None = None
    """the value of a subject without such records; none: missing"""
    subject: Ref = Ref("USUBJID")
    """whose records"""

    @model_validator(mode="after")
    def _tells_apart(self) -> "RelatedSummary":
        if "." in self.each:
            raise ValueError(f"each: name a variable of {self.of.dataset} without the dataset")
        return self

    def related(self) -> set[Ref]:
        return super().related() | {Ref(f"{self.of.dataset}.{self.each}")}

    def compute_from(self, records: pd.DataFrame, related: Mapping[str, pd.DataFrame]) -> pd.Series:
        found = related[self.of.dataset]
        if self.of.where is not None:
            found = found[self.of.where.selects(found)]
        found = found[found[self.of.variable].notna()]
        grouped = found.groupby("USUBJID", sort=False)[self.of.variable]
        match self.statistic:
            case "count":
                result = grouped.count()
            case "sum":
                result = grouped.sum()
            case "mean":
                result = grouped.mean()
            case "min":
                result = grouped.min()
            case "max":
                result = grouped.max()
        values = records[self.subject].map(result, na_action="ignore").astype("Float64")
        return values if self.no_records is None else values.fillna(self.no_records)
