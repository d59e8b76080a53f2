"""The word `stated_visit_number`."""

import re
from collections.abc import Mapping
from typing import ClassVar

import pandas as pd
from pydantic import field_validator

from sdtm.visits import PLANNED, planned_numbers
from specs import Codelist, Derivation, Doubt, Field, Judged, RelatedRecords
from specs.derivation import Origin

_NUMBER = "{number}"


class StatedVisitNumber(Derivation):
    """The number of a visit whose label says which: that of TV for a planned one, else the one it states.

    `VISITNUM: {stated_visit_number: {label: INSTANCE, codelist: VISIT}}`. The label maps through the codelist
    of visits to VISIT of TV; any other label must be of the form `unscheduled`, to the letter, and its number
    is taken as it stands: `Unscheduled 4.1` is visit 4.1. A label that is neither is held back, and so is an
    unscheduled visit with the number of a planned one. Missing where the label is.

    >>> visits = Codelist(name="VISIT", terms=[{"value": "WEEK 2", "synonyms": ["Week 2"]}])
    >>> planned = pd.DataFrame({"VISIT": ["WEEK 2"], "VISITNUM": pd.array([4], dtype="Float64")})
    >>> records = pd.DataFrame({"raw.INSTANCE": ["Week 2", "Unscheduled 4.1", "Unscheduled"]}, dtype="string")
    >>> word = StatedVisitNumber(label="INSTANCE", codelist=visits)
    >>> word.compute_from(records, {"TV": planned}).values.tolist()
    [4.0, 4.1, <NA>]
    """

    source = "SDTMIG 3.4, 4.4.5"
    origin: ClassVar[Origin] = "Derived"
    method = (
        "{variable} is TV.VISITNUM of the planned visit that {label} means; for an unscheduled one the "
        "number that {label} states ('{unscheduled}')."
    )
    rowwise = False
    doubts: ClassVar = {
        "VISIT_UNKNOWN": Doubt(
            "error", "the label means no visit", "add a synonym to the codelist of visits, or query the site"
        ),
        "VISIT_NUMBER_TAKEN": Doubt(
            "error", "an unscheduled visit has the number of a planned one", "have the label corrected"
        ),
    }

    label: Field
    """the visit, as collected"""
    codelist: Codelist
    """the codelist of visits; without it the variable's own"""
    unscheduled: str = "Unscheduled {number}"
    """how the label of an unscheduled visit is written; {number} stands for its number, with a point"""
    planned: tuple[RelatedRecords, RelatedRecords] = PLANNED
    """name and number of the planned visits"""

    @field_validator("unscheduled")
    @classmethod
    def _has_number(cls, form: str) -> str:
        if form.count(_NUMBER) != 1:
            raise ValueError(f"'{form}' does not hold {_NUMBER} once")
        return form

    def compute_from(self, records: pd.DataFrame, related: Mapping[str, pd.DataFrame]) -> Judged:
        numbers = planned_numbers(self.planned, related)
        label = records[self.label].astype("string")
        visit = label.map(self.codelist.by_collected, na_action="ignore").astype("string")
        number = visit.map(numbers, na_action="ignore").astype("Float64")
        before, after = (re.escape(part) for part in self.unscheduled.split(_NUMBER))
        form = re.compile(rf"{before}([0-9]+(?:\.[0-9]+)?){after}")
        matches = {text: form.fullmatch(text) for text in label.dropna().unique()}
        said = {text: float(match[1]) for text, match in matches.items() if match is not None}
        stated = label.map(said, na_action="ignore").astype("Float64")
        extra = visit.isna() & stated.notna()
        taken = extra & stated.isin(numbers)
        doubts = pd.Series(pd.NA, index=records.index, dtype="string")
        doubts = doubts.mask(label.notna() & number.isna() & ~extra, "VISIT_UNKNOWN")
        return Judged(number.where(~extra, stated.mask(taken)), doubts.mask(taken, "VISIT_NUMBER_TAKEN"))
