"""The check DATE_ORDER."""

from collections.abc import Iterator
from typing import ClassVar

from engine import Severity
from validation.check import Fault, StandingCheck, Which
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
)
_IMPUTED = (("ASTDT", "AENDT"), ("ASTDTM", "AENDTM"))
_COLLECTED = ("AESTDTC", "AEENDTC")


class DateOrder(StandingCheck):
    """A period that ends before it begins: its start is after its end however missing parts are filled.

    Imputed dates are not looked at where the collected ones beside them are out of order themselves. Partial
    dates are compared as far as both are known, so that `2015-03-10` is not after `2015-03`.
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
                wrong = _out_of_order(dataset, start, end)
                if (start, end) in _IMPUTED and dataset.has(*_COLLECTED):
                    wrong &= ~_out_of_order(dataset, *_COLLECTED)
                shown = {"start": dataset.texts(start), "end": dataset.texts(end)}
                message = f"{start} {{start}} is after {end} {{end}}"
                yield from self.on_records(
                    dataset, end, wrong, message, shown, kind=f"{start} not after {end}"
                )

    @staticmethod
    def _pairs(dataset: WrittenDataset) -> Iterator[tuple[str, str]]:
        starts = [name for name in dataset.columns if name.endswith("STDTC") and name[2:] == "STDTC"]
        pairs = [(name, f"{name[:2]}ENDTC") for name in starts if name != "RFSTDTC"]
        for start, end in dict.fromkeys((*pairs, *_SUBJECT_LEVEL, *_IMPUTED)):
            if dataset.has(start, end):
                yield start, end


def _out_of_order(dataset: WrittenDataset, start: str, end: str) -> Which:
    return surely_after(spans(dataset.records[start], start), spans(dataset.records[end], end))
