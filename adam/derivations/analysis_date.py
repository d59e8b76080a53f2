"""The word `analysis_date`."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import pandas as pd
from pydantic import field_validator, model_validator

from adam.imputation import DOUBTS, Imputation, imputed, problem_with, sentence
from adam.sas_dates import as_floats, days
from specs import Derivation, Doubt, Judged, Ref
from specs.derivation import Origin


class AnalysisDate(Derivation):
    """The number of an ISO 8601 date, a partial one imputed as told: ASTDT, AENDT, ADT.

    `ASTDT: {analysis_date: {date: AE.AESTDTC, highest_imputation: M, min_dates: [ADSL.TRTSDT]}}`. Days since
    1 January 1960; a time of day does not count. Up to `highest_imputation` missing parts are imputed; a part
    missing above it leaves the date missing (without imputation, every date that is not complete). Rules:
    `first`; `last` (the last day of the month); `mid` (day 15, or 30 June where the month is missing too);
    `mm-dd`; `dd` where only the day may be imputed. Where a higher part is missing, a known lower one is
    imputed as well, unless it is to be preserved. Each of `min_dates` and `max_dates` in turn holds only
    where it agrees with all known parts, so those never change; where it is missing, it does not count. A
    year is imputed only as the first of `min_dates` or the last of `max_dates`. A rule that makes an
    impossible date is an error, not a shift; so is a text that is no date. Both leave the value missing.

    >>> records = pd.DataFrame({"AE.AESTDTC": ["2014-03"], "ADSL.TRTSDT": pd.array([19795], dtype="Float64")})
    >>> word = AnalysisDate(date="AE.AESTDTC", highest_imputation="M", min_dates=["ADSL.TRTSDT"])
    >>> word.compute(records).values.tolist()  # 2014-03-13 is day 19795
    [19795.0]
    """

    source = "ADaMIG 1.3, 3.1.2 and 3.1.3"
    origin: ClassVar[Origin] = "Derived"
    method = "{variable} = {date} as a numeric date. {imputation}"
    shorthand = "date"
    doubts: ClassVar[Mapping[str, Doubt]] = DOUBTS

    date: Ref
    """the ISO 8601 date or datetime"""
    highest_imputation: Literal["none", "D", "M", "Y"] = "none"
    """the highest part that may be imputed"""
    date_imputation: str = "first"
    """first, mid, last, mm-dd or dd"""
    preserve: bool = False
    """whether a known day is kept where the month is missing"""
    min_dates: tuple[Ref, ...] = ()
    """numeric dates before which an imputed date does not lie"""
    max_dates: tuple[Ref, ...] = ()
    """numeric dates after which an imputed date does not lie"""

    @field_validator("date_imputation", mode="before")
    @classmethod
    def _day_as_text(cls, given: Any) -> Any:
        return f"{given:02d}" if isinstance(given, int) else given

    @model_validator(mode="after")
    def _possible(self) -> "AnalysisDate":
        wrong = problem_with(self._rule, min_dates=bool(self.min_dates), max_dates=bool(self.max_dates))
        if wrong:
            raise ValueError(wrong)
        return self

    @property
    def _rule(self) -> Imputation:
        return Imputation(self.highest_imputation, self.date_imputation, preserve=self.preserve)

    def compute(self, records: pd.DataFrame) -> Judged:
        numbers, codes = imputed(
            records[self.date],
            self._rule,
            with_time=False,
            earliest=[as_floats(days(records, ref)) for ref in self.min_dates],
            latest=[as_floats(days(records, ref)) for ref in self.max_dates],
        )
        return Judged(
            pd.Series(numbers, index=records.index, dtype="Float64"),
            pd.Series(codes, index=records.index, dtype="string"),
        )

    def method_text(self, variable: str) -> str:
        said = sentence(self._rule, with_time=False, min_dates=self.min_dates, max_dates=self.max_dates)
        return self.method.format(variable=variable, date=self.date, imputation=said)
