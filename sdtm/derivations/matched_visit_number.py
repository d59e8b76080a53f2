"""The word `matched_visit_number`."""

from collections.abc import Mapping
from typing import ClassVar

import pandas as pd

from sdtm.derivations.visit_number import planned_numbers
from specs import Codelist, Derivation, Doubt, Field, Judged, Ref, RelatedRecords
from specs.derivation import Origin


class MatchedVisitNumber(Derivation):
    """The number of the visit at which a record was collected: of TV for a planned one, of SV for an unscheduled one.

    `VISITNUM: {matched_visit_number: {label: VISIT, date: LBDTC, codelist: VISIT}}`. The label maps through the codelist
    of visits. An unscheduled one is the subject's unscheduled visit of that day in SV. A label that means no visit, and an unscheduled
    record on a day without an unscheduled visit, are held back.

    >>> visits = Codelist(name="VISIT", terms=[{"value": "DAY 8", "synonyms": ["J8"]}, {"value": "UNSCHEDULED"}])
    >>> planned = pd.DataFrame({"VISIT": ["DAY 8"], "VISITNUM": pd.array([7], dtype="Float64")})
    >>> held = pd.DataFrame({"USUBJID": ["1"], "SVSTDTC": ["2014-01-20"], "VISITNUM": [7.1]})
    >>> records = pd.DataFrame({"USUBJID": ["1", "1"], "raw.VISIT": ["J8", "UNSCHEDULED"],
    ...                         "LBDTC": ["2014-01-13", "2014-01-20T08:00"]}, dtype="string")
    >>> word = MatchedVisitNumber(label="VISIT", date="LBDTC", codelist=visits)
    >>> word.compute_from(records, {"TV": planned, "SV": held}).values.tolist()
    [7.0, 7.1]
    """

    source = "SDTMIG 3.4, 4.4.5"
    origin: ClassVar[Origin] = "Derived"
    method = (
        "{variable} is TV.VISITNUM of the planned visit that {label} means; for an unscheduled one SV.VISITNUM of the "
        "subject's unscheduled visit on the day of {date}."
    )
    rowwise = False
    doubts: ClassVar = {
        "VISIT_UNKNOWN": Doubt("error", "the label means no visit", "add a synonym to the codelist of visits, or query the site"),
        "VISIT_NOT_FOUND": Doubt(
            "warning", "an unscheduled record on a day without an unscheduled visit", "have the visit or the date corrected"
        ),
    }

    label: Field
    """the visit, as collected"""
    date: Ref
    """the date of the record"""
    codelist: Codelist
    """the codelist of visits; without it the variable's own"""
    unscheduled: str = "UNSCHEDULED"
    """the term that is no planned visit"""
    planned: tuple[RelatedRecords, RelatedRecords] = (
        RelatedRecords(dataset="TV", variable="VISIT"),
        RelatedRecords(dataset="TV", variable="VISITNUM"),
    )
    """name and number of the planned visits"""
    held: tuple[RelatedRecords, RelatedRecords] = (
        RelatedRecords(dataset="SV", variable="SVSTDTC"),
        RelatedRecords(dataset="SV", variable="VISITNUM"),
    )
    """date and number of the visits that were held"""
    subject: Ref = Ref("USUBJID")
    """whose visits"""

    def compute_from(self, records: pd.DataFrame, related: Mapping[str, pd.DataFrame]) -> Judged:
        numbers = planned_numbers(self.planned, related)
        visit = records[self.label].astype("string").map(self.codelist.by_collected, na_action="ignore").astype("string")
        number = visit.map(numbers, na_action="ignore").astype("Float64")
        extra = (visit == self.unscheduled).fillna(False)
        date, held_number = self.held
        held = related[date.dataset].dropna(subset=[held_number.variable])
        held = held[~held[held_number.variable].isin(numbers)]
        by_day = pd.DataFrame(
            {
                "subject": held["USUBJID"],
                "day": held[date.variable].astype("string").str.slice(0, 10),
                "found": held[held_number.variable].astype("Float64"),
            }
        ).sort_values("found", kind="stable")
        by_day = by_day.dropna().drop_duplicates(["subject", "day"])
        asked = pd.DataFrame(
            {"subject": records[self.subject], "day": records[self.date].astype("string").str.slice(0, 10)}
        )
        found = asked.merge(by_day, on=["subject", "day"], how="left", validate="many_to_one")["found"]
        values = number.where(~extra, found.set_axis(records.index))
        unknown = records[self.label].notna() & visit.isna()
        doubts = pd.Series(pd.NA, index=records.index, dtype="string").mask(unknown, "VISIT_UNKNOWN")
        return Judged(values, doubts.mask(extra & values.isna(), "VISIT_NOT_FOUND"))
