"""The word `last_before_exposure_flag`."""

from typing import ClassVar

import pandas as pd

from sdtm.iso_dates import complete_dates, earliest_moments, has_time
from specs import Derivation, Ref
from specs.derivation import Origin


class LastBeforeExposureFlag(Derivation):
    """Y on the last record with a result before the first exposure, one per subject and test: --LOBXFL.

    `LBLOBXFL: {last_before_exposure_flag: {result: LBSTRESC, date: LBDTC, by: [LBTESTCD]}}`. A record qualifies when
    it has a result, which none of `no_result` is, and a date complete to the day that is before the reference. On the
    day of the reference, times decide to the minute where both are known, and the same minute is not before; where
    one is not known, the record qualifies only at one of `same_day_visits`. A partial date never qualifies. Records
    of one day without a time come before those with one; of several at the same moment the last in the order of the
    export is flagged. A subject without a first exposure has no flag.

    >>> records = pd.DataFrame({"USUBJID": ["1", "1"], "LBTESTCD": ["ALT", "ALT"], "LBSTRESC": ["20", "22"],
    ...     "LBDTC": ["2014-01-06T08:00", "2014-01-06T10:00"], "DM.RFXSTDTC": ["2014-01-06T09:00"] * 2}, dtype="string")
    >>> LastBeforeExposureFlag(result="LBSTRESC", date="LBDTC", by=["LBTESTCD"]).compute(records).tolist()
    ['Y', <NA>]
    """

    source = "SDTMIG 3.4, 4.5.9"
    origin: ClassVar[Origin] = "Derived"
    method = (
        "{variable} = Y on the last record by {date} with a {result} before {reference}, per subject and {by}. On the day "
        "of {reference} times decide where both are known, else only records of these visits count: {same_day_visits}."
    )
    rowwise = False

    result: Ref
    """the result: a record without one does not count"""
    date: Ref
    """the date of the record"""
    reference: Ref = Ref("DM.RFXSTDTC")
    """the first exposure"""
    by: tuple[Ref, ...]
    """what beside the subject makes a series: the test, its method, its specimen"""
    visit: Ref | None = None
    """the visit, where `same_day_visits` are given"""
    same_day_visits: tuple[str, ...] = ()
    """visits whose records of the first day were collected before the exposure"""
    no_result: tuple[str, ...] = ("NOT DONE", "ND")
    """texts that stand where a result should, and are none"""
    subject: Ref = Ref("USUBJID")
    """whose records"""

    def compute(self, records: pd.DataFrame) -> pd.Series:
        day, first_day = complete_dates(records[self.date]), complete_dates(records[self.reference])
        moment, first = earliest_moments(records[self.date]), earliest_moments(records[self.reference])
        timed = has_time(records[self.date]) & has_time(records[self.reference])
        listed = (
            records[self.visit].isin(self.same_day_visits).fillna(False)
            if self.visit is not None
            else pd.Series(False, index=records.index)
        )
        earlier = (timed & (moment.dt.floor("min") < first.dt.floor("min"))) | (~timed & listed)
        before = (day < first_day) | ((day == first_day) & earlier)
        result = records[self.result]
        valid = before & result.notna() & ~result.isin(self.no_result)
        series = [str(self.subject), *(str(ref) for ref in self.by)]
        place = pd.Series(range(len(records)), index=records.index)
        candidates = records[list(dict.fromkeys(series))].assign(**{" moment": moment, " place": place})[
            valid.to_numpy(bool)
        ]
        chosen = candidates.sort_values([" moment", " place"]).drop_duplicates(series, keep="last")[" place"]
        return pd.Series(pd.NA, index=records.index, dtype="string").mask(place.isin(chosen), "Y")

    def method_text(self, variable: str) -> str:
        visits = ", ".join(self.same_day_visits) or "none"
        by = ", ".join(self.by)
        return self.method.format(
            variable=variable,
            date=self.date,
            result=self.result,
            reference=self.reference,
            by=by,
            same_day_visits=visits,
        )
