"""The word `analysis_datetime`."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import pandas as pd
from pydantic import field_validator, model_validator

from adam.imputation import DOUBTS, Imputation, imputed, problem_with, sentence
from adam.sas_dates import as_floats, seconds
from specs import Derivation, Doubt, Judged, Ref
from specs.derivation import Origin


class AnalysisDatetime(Derivation):
    """The number of an ISO 8601 datetime, a partial one imputed as told: ASTDTM, ADTM.

    `ADTM: {analysis_datetime: {date: LB.LBDTC, highest_imputation: s}}`. Seconds since 1 January 1960; an
    offset from UTC is not applied, the clock of the site counts. All is as in `analysis_date`, and beside it:
    levels s, m and h impute the time only (h, the default: a missing time is imputed, a partial date is not);
    the time rule is `first` (00:00:00), `last` (23:59:59) or `hh:mm:ss`. A date among `min_dates` stands for
    its first second, among `max_dates` for its last. Where both a date and a datetime are wanted, impute the
    datetime and take the date of it (`date_of_datetime`).

    >>> records = pd.DataFrame({"LB.LBDTC": ["1960-01-02T00:01", "1960-01-02"]}, dtype="string")
    >>> AnalysisDatetime(date="LB.LBDTC", highest_imputation="s").compute(records).values.tolist()
    [86460.0, <NA>]
    """

    source = "ADaMIG 1.3, 3.1.2 and 3.1.3"
    origin: ClassVar[Origin] = "Derived"
    method = "{variable} = {date} as a numeric datetime. {imputation}"
    shorthand = "date"
    doubts: ClassVar[Mapping[str, Doubt]] = DOUBTS

    date: Ref
    """the ISO 8601 date or datetime"""
    highest_imputation: Literal["none", "s", "m", "h", "D", "M", "Y"] = "h"
    """the highest part that may be imputed"""
    date_imputation: str = "first"
    """first, mid, last, mm-dd or dd"""
    time_imputation: str = "first"
    """first, last or hh:mm:ss"""
    preserve: bool = False
    """whether a known lower part is kept where a higher one is missing"""
    min_dates: tuple[Ref, ...] = ()
    """numeric dates or datetimes before which an imputed one does not lie"""
    max_dates: tuple[Ref, ...] = ()
    """numeric dates or datetimes after which an imputed one does not lie"""

    @field_validator("date_imputation", mode="before")
    @classmethod
    def _day_as_text(cls, given: Any) -> Any:
        return f"{given:02d}" if isinstance(given, int) else given

    @model_validator(mode="after")
    def _possible(self) -> "AnalysisDatetime":
        wrong = problem_with(self._rule, min_dates=bool(self.min_dates), max_dates=bool(self.max_dates))
        if wrong:
            raise ValueError(wrong)
        return self

    @property
    def _rule(self) -> Imputation:
        return Imputation(self.highest_imputation, self.date_imputation, self.time_imputation, self.preserve)

    def compute(self, records: pd.DataFrame) -> Judged:
        numbers, codes = imputed(
            records[self.date],
            self._rule,
            with_time=True,
            earliest=[as_floats(seconds(records, ref)) for ref in self.min_dates],
            latest=[as_floats(seconds(records, ref, end_of_day=True)) for ref in self.max_dates],
        )
        return Judged(
            pd.Series(numbers, index=records.index, dtype="Float64"),
            pd.Series(codes, index=records.index, dtype="string"),
        )

    def method_text(self, variable: str) -> str:
        said = sentence(self._rule, with_time=True, min_dates=self.min_dates, max_dates=self.max_dates)
        return self.method.format(variable=variable, date=self.date, imputation=said)
