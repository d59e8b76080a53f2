"""The word `matched_visit_number`."""

from collections.abc import Mapping
from typing import ClassVar

import pandas as pd

from sdtm.iso_dates import complete_dates
from sdtm.visits import PLANNED, planned_numbers, read_labels
from specs import Codelist, Derivation, Doubt, Field, Judged, Ref, RelatedRecords
from specs.derivation import Origin


class MatchedVisitNumber(Derivation):
    """The number of the visit at which a record was collected: of TV for a planned one, of SV for an unscheduled one.

    `VISITNUM: {matched_visit_number: {label: VISIT, date: LBDTC, codelist: VISIT}}`. The label maps through the codelist
    of visits. An unscheduled one is the subject's unscheduled visit of that day in SV. A label that means no visit of
    TV is held back, and so is an unscheduled record on a day without an unscheduled visit, on one with several, or
    without a complete date. Missing where the label is.

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
        "VISIT_UNKNOWN": Doubt(
            "error", "the label means no visit", "add a synonym to the codelist of visits, or query the site"
        ),
        "VISIT_NOT_FOUND": Doubt(
            "warning",
            "an unscheduled record on a day without an unscheduled visit",
            "have the visit or the date corrected",
        ),
        "VISIT_AMBIGUOUS": Doubt(
            "warning",
            "an unscheduled record on a day with several unscheduled visits",
            "have it said to which visit the record belongs",
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
    planned: tuple[RelatedRecords, RelatedRecords] = PLANNED
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
        number, extra, unknown = read_labels(records[self.label], self.codelist, numbers, self.unscheduled)
        date, held_number = self.held
        held = related[date.dataset].dropna(subset=[held_number.variable])
        held = held[~held[held_number.variable].isin(numbers)]
        visits = pd.DataFrame(
            {
                "subject": held["USUBJID"],
                "day": complete_dates(held[date.variable]),
                "found": held[held_number.variable].astype("Float64"),
            }
        )
        visits = visits.dropna().drop_duplicates()
        visits = visits.assign(several=visits.duplicated(["subject", "day"], keep=False))
        one_a_day = visits.drop_duplicates(["subject", "day"])
        asked = pd.DataFrame({"subject": records[self.subject], "day": complete_dates(records[self.date])})
        found = asked.merge(one_a_day, on=["subject", "day"], how="left", validate="many_to_one").set_axis(
            records.index
        )
        several = found["several"].eq(True).fillna(False)
        values = number.where(~extra, found["found"].mask(several))
        doubts = pd.Series(pd.NA, index=records.index, dtype="string").mask(unknown, "VISIT_UNKNOWN")
        doubts = doubts.mask(extra & values.isna(), "VISIT_NOT_FOUND")
        return Judged(values, doubts.mask(extra & several, "VISIT_AMBIGUOUS"))
