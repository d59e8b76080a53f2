"""The word `epoch`."""

from collections.abc import Mapping
from typing import ClassVar

import pandas as pd

from sdtm.iso_dates import earliest_moments, has_time, latest_moments
from specs import Derivation, Ref, RelatedRecords
from specs.derivation import Origin


class Epoch(Derivation):
    """The epoch of the subject's element in which a date lies.

    `EPOCH: {epoch: AESTDTC}`. An element holds the moments from its start up to the next one's start. On a day of transition,
    times decide where both are known; else the day belongs to the element that starts on it. A partial date has an
    epoch only where all days that it allows lie in elements of one epoch. A date before the first element or after the end
    of the last (to the day) has none.

    >>> elements = pd.DataFrame({
    ...     "USUBJID": ["1", "1"], "SESTDTC": ["2014-01-01", "2014-01-15"], "SEENDTC": ["2014-01-15", "2014-02-01"],
    ...     "EPOCH": ["SCREENING", "TREATMENT"]}, dtype="string")
    >>> records = pd.DataFrame({"USUBJID": ["1", "1"], "AESTDTC": ["2014-01-15", "2014-01"]}, dtype="string")
    >>> Epoch(date="AESTDTC").compute_from(records, {"SE": elements}).tolist()
    ['TREATMENT', <NA>]
    """

    source = "SDTMIG 3.4, 5.3 (SE) and 7.1"
    origin: ClassVar[Origin] = "Derived"
    method = "{variable} is the epoch of the element of SE in which {date} lies; on a day of transition the later one."
    rowwise = False
    shorthand = "date"

    date: Ref
    """the date"""
    subject: Ref = Ref("USUBJID")
    """whose elements"""
    elements: tuple[RelatedRecords, ...] = tuple(
        RelatedRecords(dataset="SE", variable=name) for name in ("SESTDTC", "SEENDTC", "EPOCH")
    )
    """start, end and epoch of the elements"""

    def compute_from(self, records: pd.DataFrame, related: Mapping[str, pd.DataFrame]) -> pd.Series:
        start, end, epoch = (each.variable for each in self.elements)
        elements = related[self.elements[0].dataset].dropna(subset=[start, epoch])
        dates = pd.DataFrame({"subject": records[self.subject], "date": records[self.date].astype("string")})
        distinct = dates.dropna().drop_duplicates().reset_index(drop=True)
        at_first = self._epoch_at(distinct, earliest_moments(distinct["date"]), elements, start, end, epoch)
        at_last = self._epoch_at(distinct, latest_moments(distinct["date"]), elements, start, end, epoch)
        agreed = at_first.where((at_first == at_last).fillna(False))
        found = distinct.assign(epoch=agreed)
        return dates.merge(found, on=["subject", "date"], how="left", validate="many_to_one")["epoch"].set_axis(
            records.index
        )

    @staticmethod
    def _epoch_at(
        asked: pd.DataFrame, moments: pd.Series, elements: pd.DataFrame, start: str, end: str, epoch: str
    ) -> pd.Series:
        timed = has_time(asked["date"])
        asked = asked.assign(number=range(len(asked)), moment=moments, day=moments.dt.floor("D"), timed=timed)
        spans = pd.DataFrame(
            {
                "subject": elements["USUBJID"],
                "start": earliest_moments(elements[start]),
                "start_timed": has_time(elements[start]),
                "end": latest_moments(elements[end]),
                "epoch": elements[epoch].astype("string"),
            }
        )
        pairs = asked.merge(spans, on="subject", how="inner", validate="many_to_many")
        exact = pairs["timed"] & pairs["start_timed"]
        begun = (pairs["start"] <= pairs["moment"]).where(exact, pairs["start"].dt.floor("D") <= pairs["day"])
        over = (pairs["end"].dt.floor("D") < pairs["day"]).fillna(False)
        within = pairs[begun & ~over].sort_values(["number", "start"], kind="stable")
        last = within.drop_duplicates("number", keep="last").set_index("number")["epoch"]
        return last.reindex(asked["number"]).set_axis(asked.index).astype("string")
