"""The word `iso8601`."""

from collections.abc import Callable
from typing import Annotated, ClassVar

import pandas as pd
from pydantic import AfterValidator

from sdtm.date_formats import Reading, known_format, read_date, read_time
from specs import Derivation, Doubt, Field, Judged
from specs.derivation import Origin

Format = Annotated[str, AfterValidator(known_format)]


class Iso8601(Derivation):
    """A collected date, with a time where one was collected, in ISO 8601 to the precision that is known.

    `AESTDTC: {iso8601: {date: AESTDAT, formats: [DD/MM/YYYY]}}`. Parts that were not collected, or stand as one of
    `unknown`, are left away; in front of a known part a hyphen stands for them: `2019---07`. A text must fit a format;
    under several formats it must say the same, else it is ambiguous. An impossible date (31 February), an unreadable
    or ambiguous one is held back and never shifted. A time is written as far as it is known (`T09`, `T-:30`); one
    that is impossible, unreadable, or without a complete date is held back, not the date. Months may be English or
    French (`FEB`, `FEV`, `févr`). Where no sign stands between the parts, each has all its digits. Years of two digits
    count from `century_from`.

    >>> word = Iso8601(date="AESTDAT", formats=["DD/MM/YYYY"])
    >>> word.compute(pd.DataFrame({"raw.AESTDAT": ["UN/03/2014", "31/02/2015"]}, dtype="string")).values.tolist()
    ['2014-03', <NA>]
    """

    source = "SDTMIG 3.4, 4.4.1 and 4.4.2"
    origin: ClassVar[Origin] = "Collected"
    doubts: ClassVar = {
        "DATE_IMPOSSIBLE": Doubt("error", "there is no such date in the calendar", "have the date corrected"),
        "DATE_AMBIGUOUS": Doubt(
            "error", "the date can be read in two ways", "have the date written in one format"
        ),
        "DATE_UNREADABLE": Doubt(
            "error", "the date fits none of the formats", "have it corrected, or add its format"
        ),
        "TIME_IMPOSSIBLE": Doubt(
            "error", "there is no such time of day", "have the time corrected", about="time"
        ),
        "TIME_UNREADABLE": Doubt(
            "error", "the time is not of the form HH:MM", "have the time corrected", about="time"
        ),
        "TIME_WITHOUT_DATE": Doubt(
            "warning", "a time was collected for a date that is not complete", "complete the date"
        ),
    }

    date: Field
    """the date, as collected"""
    time: Field | None = None
    """the time of day, HH:MM or HH:MM:SS, where it is a field of its own"""
    formats: tuple[Format, ...]
    """how dates are written: of the tokens YYYY YY MM MON DD HH MI SS"""
    unknown: tuple[str, ...] = ("UN", "UNK", "NK", "ND", "XX")
    """texts that stand for an unknown part"""
    century_from: int = 1968
    """the earliest year that two digits can mean"""

    def compute(self, records: pd.DataFrame) -> Judged:
        unknown = tuple(token.upper() for token in self.unknown)
        dates = self._read(
            records[self.date], lambda text: read_date(text, self.formats, unknown, self.century_from)
        )
        values, doubts = dates.values, dates.doubts
        if self.time is not None:
            times = self._read(records[self.time], lambda text: read_time(text, unknown))
            complete = values.str.fullmatch(r"\d{4}-\d{2}-\d{2}").fillna(False).astype(bool)
            with_time = complete & times.values.notna()
            values = values.mask(with_time, values + "T" + times.values.fillna(""))
            doubts = doubts.fillna(times.doubts)
            lost = times.values.notna() & ~complete
            doubts = doubts.mask(doubts.isna() & lost, "TIME_WITHOUT_DATE")
        return Judged(values, doubts)

    @staticmethod
    def _read(texts: pd.Series, read: Callable[[str], Reading]) -> Judged:
        known = {text: read(text) for text in texts.dropna().unique()}
        values = texts.map({text: reading.text for text, reading in known.items()}, na_action="ignore")
        doubts = texts.map({text: reading.doubt for text, reading in known.items()}, na_action="ignore")
        return Judged(values.astype("string"), doubts.astype("string"))
