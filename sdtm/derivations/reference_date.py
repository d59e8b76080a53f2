"""The word `reference_date`."""

from collections.abc import Mapping
from typing import ClassVar, Literal

import pandas as pd

from sdtm.iso_dates import earliest_moments, has_time, latest_moments
from specs import Derivation, Ref, RelatedRecords
from specs.derivation import Origin


class ReferenceDate(Derivation):
    """The first or last date of a subject over several sources: RFSTDTC, RFENDTC, RFXSTDTC, RFPENDTC.

    `RFXSTDTC: {reference_date: {sources: [EX.EXSTDTC], take: first}}`. Dates are compared as far as they are
    known: a missing part counts as the earliest possible moment for the first date and as the latest possible
    for the last one, never as zero; of two that then are equal the more precise is taken. So the last of
    `2014-07-02` and `2014-07-02T11:45` is the former; with `prefer_timed` it is the latter, and so it is for
    the first date. The text is taken as it stands, partial dates included, unless `complete` asks for dates
    complete to the day. Missing where there is none.

    >>> word = ReferenceDate(sources=["EX.EXSTDTC"], take="first")
    >>> days = ["2014-01-07", "2014-01-06T09:00"]
    >>> doses = pd.DataFrame({"USUBJID": ["1", "1"], "EXSTDTC": days}, dtype="string")
    >>> word.compute_from(pd.DataFrame({"USUBJID": ["1", "2"]}, dtype="string"), {"EX": doses}).tolist()
    ['2014-01-06T09:00', <NA>]
    """

    source = "SDTMIG 3.4, 5.2 (DM)"
    origin: ClassVar[Origin] = "Derived"
    method = "{variable} is the {take} date of {sources}."
    rowwise = False
    shorthand = "sources"

    sources: tuple[RelatedRecords, ...]
    """the dates, each of the records that its condition chooses"""
    take: Literal["first", "last"]
    """the first or the last of them"""
    complete: bool = False
    """whether only dates complete to the day count"""
    date_only: bool = False
    """whether the time of day is left away"""
    prefer_timed: bool = False
    """whether of several dates on one day one with a time of day goes before one without"""
    subject: Ref = Ref("USUBJID")
    """whose dates"""

    def compute_from(self, records: pd.DataFrame, related: Mapping[str, pd.DataFrame]) -> pd.Series:
        parts = []
        for source in self.sources:
            found = related[source.dataset]
            if source.where is not None:
                found = found[source.where.selects(found)]
            parts.append(
                pd.DataFrame({"subject": found["USUBJID"], "date": found[source.variable].astype("string")})
            )
        dates = pd.concat(parts, ignore_index=True).dropna()
        if self.complete:
            dates = dates[dates["date"].str.match(r"\d{4}-\d{2}-\d{2}")]
        if self.date_only:
            dates = dates.assign(date=dates["date"].str.replace("T.*", "", regex=True))
        first = self.take == "first"
        moments = earliest_moments(dates["date"]) if first else latest_moments(dates["date"])
        ordered = (
            dates.assign(
                day=moments.dt.floor("D") if self.prefer_timed else moments,
                untimed=~has_time(dates["date"]) & self.prefer_timed,
                moment=moments,
                length=-dates["date"].str.len(),
            )
            .dropna(subset=["moment"])
            .sort_values(
                ["day", "untimed", "moment", "length", "date"], ascending=[first, True, first, True, True]
            )
        )
        chosen = ordered.drop_duplicates("subject").set_index("subject")["date"]
        return records[self.subject].map(chosen, na_action="ignore").astype("string")

    def method_text(self, variable: str) -> str:
        timed = (
            " Of several on one day one with a time of day goes before one without."
            if self.prefer_timed
            else ""
        )
        return super().method_text(variable) + timed
