"""The word `pre_treatment_flag`."""

from typing import ClassVar, Literal

import pandas as pd

from adam.sas_dates import days
from specs import Derivation, Ref
from specs.derivation import Origin


class PreTreatmentFlag(Derivation):
    """Y on a record that lies before the first exposure: PREFL, and what may become a baseline.

    `PREFL: {pre_treatment_flag: {date: ADT, datetime: ADTM, reference_time_flag: ADSL.TRTSTMF}}`. An earlier
    day is before. On the day of the first exposure the times decide, where both were collected: `datetime` is
    given and the hour of the reference was not imputed; equal times are `same_time`, before unless said
    otherwise. Where one time is not known, the record is `same_day`, before unless said otherwise. Missing
    where the record or the exposure has no date.

    >>> records = pd.DataFrame({"ADT": [9.0, 10.0], "ADTM": [None, 864060.0],
    ...     "ADSL.TRTSDT": [10.0, 10.0], "ADSL.TRTSDTM": [864000.0, 864000.0]})
    >>> PreTreatmentFlag(date="ADT", datetime="ADTM").compute(records).tolist()
    ['Y', <NA>]
    """

    source = "ADaMIG 1.3, 3.3.9 (ABLFL); ADaM OCCDS 1.1, 3.2.5 (PREFL)"
    origin: ClassVar[Origin] = "Derived"
    method = (
        "{variable} = Y where {date} is before {reference}. On the same day by time of day where both are "
        "known, a record "
        "at the same time counting as {same_time}; else it counts as {same_day}."
    )

    date: Ref
    """the numeric date of the record"""
    datetime: Ref | None = None
    """its numeric datetime, missing where the time was not collected"""
    reference: Ref = Ref("ADSL.TRTSDT")
    """the numeric date of the first exposure"""
    reference_datetime: Ref = Ref("ADSL.TRTSDTM")
    """its numeric datetime"""
    reference_time_flag: Ref | None = None
    """its time imputation flag: with H the time is not known"""
    same_day: Literal["before", "after"] = "before"
    """where a record of that day belongs when times are not known"""
    same_time: Literal["before", "after"] = "before"
    """where a record at the very time belongs"""

    def compute(self, records: pd.DataFrame) -> pd.Series:
        day, first_day = days(records, self.date), days(records, self.reference)
        first_time = records[self.reference_datetime].astype("Float64")
        if self.reference_time_flag is not None:
            first_time = first_time.mask(
                (records[self.reference_time_flag] == "H").fillna(False).astype(bool)
            )
        if self.datetime is None:
            time = pd.Series(pd.NA, index=records.index, dtype="Float64")
        else:
            time = records[self.datetime].astype("Float64")
        by_time = (time < first_time) | ((time == first_time) & (self.same_time == "before"))
        on_first_day = by_time.fillna(self.same_day == "before")
        before = (day < first_day) | ((day == first_day) & on_first_day)
        return pd.Series(pd.NA, index=records.index, dtype="string").mask(
            before.fillna(False).astype(bool), "Y"
        )
