"""The check DATE_ORDER."""

from collections.abc import Iterator
from typing import ClassVar

from engine import Severity
from validation.check import Fault, StandingCheck
from validation.dates import spans, surely_after
from validation.written import Written, WrittenDataset

_SUBJECT_LEVEL = (
    ("RFSTDTC", "RFENDTC"),
    ("RFXSTDTC", "RFXENDTC"),
    ("BRTHDTC", "RFICDTC"),
    ("RFICDTC", "RFPENDTC"),
    ("BRTHDTC", "DTHDTC"),
    ("TRTSDT", "TRTEDT"),
    ("TRTSDTM", "TRTEDTM"),
    ("ASTDT", "AENDT"),
    ("ASTDTM", "AENDTM"),
)


class DateOrder(StandingCheck):
    """A period that ends before it begins: its start is after its end however missing parts are filled.

    Partial dates are compared as far as both are known, so that `2015-03-10` is not after `2015-03`.
    """

    severity: ClassVar[Severity] = "error"
    title = "a period ends before it begins"
    why = (
        "Durations come out negative, and flags that compare with the start or the end go wrong without "
        "a word."
    )
    to_do = "have the dates corrected"
    applies_to = "--STDTC and --ENDTC, and the pairs of reference dates in DM and ADaM"

    def faults(self, written: Written) -> Iterator[Fault]:
        for dataset in written.all:
            for start, end in self._pairs(dataset):
                wrong = surely_after(spans(dataset.records[start], start), spans(dataset.records[end], end))
                shown = {"start": dataset.texts(start), "end": dataset.texts(end)}
                message = f"{start} {{start}} is after {end} {{end}}"
                yield from self.on_records(
                    dataset, end, wrong, message, shown, kind=f"{start} not after {end}"
                )

    @staticmethod
    def _pairs(dataset: WrittenDataset) -> Iterator[tuple[str, str]]:
        starts = [name for name in dataset.columns if name.endswith("STDTC") and name[2:] == "STDTC"]
        pairs = [(name, f"{name[:2]}ENDTC") for name in starts if name != "RFSTDTC"]
        for start, end in dict.fromkeys((*pairs, *_SUBJECT_LEVEL)):
            if dataset.has(start, end):
                yield start, end
