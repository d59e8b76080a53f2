"""The word `extreme_datetime`."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd
from pydantic import field_validator, model_validator

from adam.derivations.time_imputation_flag import SECONDS_COLLECTED, SECONDS_DOUBT, time_flags
from adam.imputation import DOUBTS, Imputation, imputed, parts_of, problem_with, sentence
from adam.sas_dates import DAY
from specs import Derivation, Doubt, Judged, Ref, RelatedRecords
from specs.derivation import Origin


class ExtremeDatetime(Derivation):
    """The first or last of a subject's datetimes, of one or several datasets: TRTSDTM, TRTEDTM, LSTALVDT.

    `TRTSDTM: {extreme_datetime: {of: {dataset: EX, variable: EXSTDTC, where: EXDOSE GT 0}, take: first}}`.
    Each date is made a datetime as by `analysis_datetime`; those that stay missing do not count. Of equal
    ones the one with the fewest imputed parts is taken, then the one listed first. `gives` says what of it
    the variable holds: the datetime, its date, its date or time imputation flag, or the dataset or variable
    that it came from. Missing without any date.

    >>> doses = {"USUBJID": ["1", "1"], "EXSTDTC": ["1960-01-03", "1960-01-02"]}
    >>> word = ExtremeDatetime(of="EX.EXSTDTC", take="first", gives="date")
    >>> records = pd.DataFrame({"USUBJID": ["1", "2"]}, dtype="string")
    >>> word.compute_from(records, {"EX": pd.DataFrame(doses, dtype="string")}).values.tolist()
    [1.0, <NA>]
    """

    source = "ADaMIG 1.3, 3.2"
    origin: ClassVar[Origin] = "Derived"
    method = "{variable} = {gives} of the {take} of {of}. {imputation}"
    rowwise = False
    doubts: ClassVar[Mapping[str, Doubt]] = {**DOUBTS, SECONDS_COLLECTED: SECONDS_DOUBT}

    of: tuple[RelatedRecords, ...]
    """the ISO 8601 dates, each of the records that its condition chooses"""
    take: Literal["first", "last"]
    """the first or the last of them"""
    gives: Literal["datetime", "date", "date flag", "time flag", "dataset", "variable"] = "datetime"
    """what the variable holds of it"""
    highest_imputation: Literal["none", "s", "m", "h", "D", "M"] = "h"
    """the highest part that may be imputed"""
    date_imputation: str = "first"
    """first, mid, last, mm-dd or dd"""
    time_imputation: str = "first"
    """first, last or hh:mm:ss"""
    preserve: bool = False
    """whether a known lower part is kept where a higher one is missing"""
    seconds_collected: bool = False
    """for the time flag: whether seconds are ever collected"""
    subject: Ref = Ref("USUBJID")
    """whose datetimes"""

    @field_validator("of", mode="before")
    @classmethod
    def _one_or_several(cls, given: Any) -> Any:
        return given if isinstance(given, (list, tuple)) else [given]

    @field_validator("date_imputation", mode="before")
    @classmethod
    def _day_as_text(cls, given: Any) -> Any:
        return f"{given:02d}" if isinstance(given, int) else given

    @model_validator(mode="after")
    def _possible(self) -> "ExtremeDatetime":
        wrong = problem_with(self._rule, min_dates=False, max_dates=False)
        if wrong:
            raise ValueError(wrong)
        return self

    @property
    def _rule(self) -> Imputation:
        return Imputation(self.highest_imputation, self.date_imputation, self.time_imputation, self.preserve)

    def compute_from(self, records: pd.DataFrame, related: Mapping[str, pd.DataFrame]) -> Judged:
        dates = self._dates(related)
        numbers, codes = imputed(dates["text"], self._rule, with_time=True, earliest=(), latest=())
        parts, _ = parts_of(dates["text"])
        dates = dates.assign(number=numbers, code=codes, imputed_parts=np.isnan(parts).sum(axis=1))
        best = dates.sort_values(
            ["number", "imputed_parts"],
            ascending=[self.take == "first", True],
            kind="stable",
            na_position="last",
        )
        best = best.drop_duplicates("subject").set_index("subject")
        given, doubts = self._given(best)
        faulty = dates.dropna(subset=["code"]).drop_duplicates("subject").set_index("subject")["code"]
        doubts = doubts.where(doubts.notna(), faulty.reindex(doubts.index).astype("string"))
        subjects = records[self.subject]
        return Judged(
            subjects.map(given, na_action="ignore"), subjects.map(doubts, na_action="ignore").astype("string")
        )

    def _dates(self, related: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
        parts = []
        for each in self.of:
            found = related[each.dataset]
            if each.where is not None:
                found = found[each.where.selects(found)]
            dates = pd.DataFrame({"subject": found["USUBJID"], "text": found[each.variable].astype("string")})
            parts.append(dates.dropna().assign(dataset=each.dataset, variable=each.variable))
        return pd.concat(parts, ignore_index=True)

    def _given(self, best: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
        number = best["number"].astype("Float64").mask(best["number"].isna())
        doubts = pd.Series(pd.NA, index=best.index, dtype="string")
        match self.gives:
            case "datetime":
                return number, doubts
            case "date":
                return number // DAY, doubts
            case "date flag":
                missing = np.isnan(parts_of(best["text"])[0][:, :3])
                flags = np.select([missing[:, 0], missing[:, 1], missing[:, 2]], ["Y", "M", "D"], "")
                text = pd.Series(flags, index=best.index, dtype="string")
                return text.where((text != "") & number.notna()), doubts
            case "time flag":
                return time_flags(best["text"], number, self.seconds_collected)
            case _:
                return best[self.gives].astype("string").where(number.notna()), doubts

    def method_text(self, variable: str) -> str:
        said = "Partial dates do not count."
        if self.gives.endswith(("datetime", "flag")) or self.highest_imputation in ("D", "M"):
            said = sentence(self._rule, with_time=True, min_dates=(), max_dates=())
        of = ", ".join(str(each) for each in self.of)
        return self.method.format(variable=variable, gives=self.gives, take=self.take, of=of, imputation=said)
