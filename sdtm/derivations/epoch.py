"""The word `epoch`."""

from collections.abc import Mapping
from typing import ClassVar

import pandas as pd

from sdtm.iso_dates import earliest_moments, has_time, latest_moments
from specs import Derivation, Ref, RelatedRecords
from specs.derivation import Origin


class Epoch(Derivation):
    """The epoch of the subject's element in which a date lies.

    `EPOCH: {epoch: AESTDTC}`. An element holds the moments from its start up to the next one's start. On a day of
    transition, times decide where both are known; else the day belongs to the element that starts on it. A partial
    date has an epoch only where all days that it allows lie in elements of one epoch; of one that misses its month
    these are all days of the year. A date before the first element or after the end of the last (to the day) has none;
    an element without an end has not ended yet.

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
        spans = pd.DataFrame(
            {
                "subject": elements["USUBJID"],
                "start": earliest_moments(elements[start]),
                "start_timed": has_time(elements[start]),
                "end_day": latest_moments(elements[end]).dt.floor("D"),
                "epoch": elements[epoch].astype("string"),
            }
        )
        dates = pd.DataFrame({"subject": records[self.subject], "date": records[self.date].astype("string")})
        distinct = dates.dropna().drop_duplicates().reset_index(drop=True)
        asked = _asked(distinct, spans)
        found = _epochs(asked, spans)
        one = found.groupby(asked["number"]).agg(["nunique", "count", "size", "first"])
        agreed = one["first"].where((one["nunique"] == 1) & (one["count"] == one["size"]))
        by_date = distinct.assign(epoch=agreed.reindex(distinct.index).astype("string"))
        joined = dates.merge(by_date, on=["subject", "date"], how="left", validate="many_to_one")
        return joined["epoch"].set_axis(records.index)


def _asked(dates: pd.DataFrame, spans: pd.DataFrame) -> pd.DataFrame:
    """For each date the moments on which its epoch can differ: its first and last, and what begins or follows an
    end in between."""
    first, last = earliest_moments(dates["date"]), latest_moments(dates["date"])
    allowed = dates.assign(number=dates.index, first=first, last=last).drop(columns="date")
    partial = allowed[first.dt.floor("D") < last.dt.floor("D")]
    turns = pd.concat(
        [
            pd.DataFrame({"subject": spans["subject"], "moment": days})
            for days in (spans["start"].dt.floor("D"), spans["end_day"] + pd.Timedelta(days=1))
        ],
        ignore_index=True,
    )
    between = partial.merge(turns, on="subject", how="inner", validate="many_to_many")
    between = between[(between["moment"] > between["first"]) & (between["moment"] <= between["last"])]
    moments = [allowed.assign(moment=first), partial.assign(moment=partial["last"]), between]
    asked: pd.DataFrame = pd.concat(moments, ignore_index=True)[["number", "subject", "moment"]]
    timed = has_time(dates["date"])
    return asked.assign(place=range(len(asked)), timed=asked["number"].map(timed).astype(bool))


def _epochs(asked: pd.DataFrame, spans: pd.DataFrame) -> pd.Series:
    """The epoch at each moment; missing where it lies in no element."""
    pairs = asked.merge(spans, on="subject", how="inner", validate="many_to_many")
    day = pairs["moment"].dt.floor("D")
    exact = pairs["timed"] & pairs["start_timed"]
    begun = (pairs["start"] <= pairs["moment"]).where(exact, pairs["start"].dt.floor("D") <= day)
    within = pairs[begun & ~(pairs["end_day"] < day)].sort_values(["place", "start"], kind="stable")
    last: pd.Series = within.drop_duplicates("place", keep="last").set_index("place")["epoch"]
    return last.reindex(asked["place"]).set_axis(asked.index).astype("string")
