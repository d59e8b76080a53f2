"""The word `visit_number`."""

from collections.abc import Mapping
from typing import ClassVar

import pandas as pd

from sdtm.iso_dates import complete_dates
from sdtm.visits import PLANNED, planned_numbers, read_labels
from specs import Codelist, Derivation, Doubt, Field, Judged, Ref, RelatedRecords
from specs.derivation import Origin


class VisitNumber(Derivation):
    """The number of a visit: that of TV for a planned one, n.1, n.2 ... for unscheduled ones after planned visit n.

    `VISITNUM: {visit_number: {label: FOLDER, date: SVSTDTC, codelist: VISIT}}`. The label maps through the codelist of
    visits to VISIT of TV. Where it maps to `unscheduled`, n is the subject's last planned visit that began before that
    day (or on it), and the unscheduled ones after it are numbered by date, those of one day in the order of the
    export; a tenth makes the step a hundredth. An unscheduled visit without a complete date, or before every planned
    one, and a label that means no visit of TV are held back. Missing where the label is.

    >>> visits = Codelist(name="VISIT", terms=[{"value": "DAY 8", "synonyms": ["J8"]}, {"value": "UNSCHEDULED"}])
    >>> planned = pd.DataFrame({"VISIT": ["DAY 8"], "VISITNUM": pd.array([7], dtype="Float64")})
    >>> records = pd.DataFrame({"USUBJID": ["1", "1"], "raw.FOLDER": ["J8", "UNSCHEDULED"],
    ...                         "SVSTDTC": ["2014-01-13", "2014-01-20"]}, dtype="string")
    >>> word = VisitNumber(label="FOLDER", date="SVSTDTC", codelist=visits)
    >>> word.compute_from(records, {"TV": planned}).values.tolist()
    [7.0, 7.1]
    """

    source = "SDTMIG 3.4, 4.4.5 and 5.4 (SV)"
    origin: ClassVar[Origin] = "Derived"
    method = (
        "{variable} is TV.VISITNUM of the planned visit that {label} means. An unscheduled visit is numbered n.1, n.2 "
        "... by {date} after the subject's last planned visit n that began on or before it."
    )
    rowwise = False
    doubts: ClassVar = {
        "VISIT_UNKNOWN": Doubt(
            "error", "the label means no visit", "add a synonym to the codelist of visits, or query the site"
        ),
        "VISIT_NOT_NUMBERED": Doubt(
            "error", "an unscheduled visit cannot be placed among the planned ones", "complete its date"
        ),
    }

    label: Field
    """the visit, as collected"""
    date: Ref
    """the date on which it began"""
    codelist: Codelist
    """the codelist of visits; without it the variable's own"""
    unscheduled: str = "UNSCHEDULED"
    """the term that is no planned visit"""
    planned: tuple[RelatedRecords, RelatedRecords] = PLANNED
    """name and number of the planned visits"""
    subject: Ref = Ref("USUBJID")
    """whose visits"""

    def compute_from(self, records: pd.DataFrame, related: Mapping[str, pd.DataFrame]) -> Judged:
        numbers = planned_numbers(self.planned, related)
        number, extra, unknown = read_labels(records[self.label], self.codelist, numbers, self.unscheduled)
        day = complete_dates(records[self.date])
        frame = pd.DataFrame({"subject": records[self.subject], "day": day, "number": number, "extra": extra})
        values = number.where(~extra, self._unscheduled(frame))
        doubts = pd.Series(pd.NA, index=records.index, dtype="string").mask(unknown, "VISIT_UNKNOWN")
        return Judged(values, doubts.mask(extra & values.isna(), "VISIT_NOT_NUMBERED"))

    @staticmethod
    def _unscheduled(frame: pd.DataFrame) -> pd.Series:
        placed = frame.assign(place=range(len(frame))).dropna(subset=["subject", "day"])
        ordered = placed.sort_values(["subject", "day", "extra", "number", "place"], na_position="first")
        after = ordered["number"].where(~ordered["extra"]).groupby(ordered["subject"]).ffill()
        extra = ordered[ordered["extra"]].assign(after=after).dropna(subset=["after"])
        group = extra.groupby(["subject", "after"])
        digits = group["after"].transform("size").astype(str).str.len()
        numbers = (extra["after"] + (group.cumcount() + 1) / 10.0**digits).astype("Float64").round(4)
        return numbers.reindex(frame.index)
