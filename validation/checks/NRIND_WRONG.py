"""The check NRIND_WRONG."""

from collections.abc import Iterator
from typing import ClassVar

from engine import Severity
from validation.check import Fault, StandingCheck
from validation.numbers import as_floats
from validation.written import Written, WrittenDataset

_LOW, _HIGH = ("LOW", "LOW LOW"), ("HIGH", "HIGH HIGH")


class NrindWrong(StandingCheck):
    """A reference range indicator that the standard result and its range contradict.

    LOW needs a result below the lower limit, HIGH one above the upper limit, NORMAL one that no known limit
    excludes. What follows from a missing limit is the study's choice, and not looked at.
    """

    severity: ClassVar[Severity] = "error"
    title = "a reference range indicator contradicts the result"
    why = (
        "Shift tables and marked abnormalities come from --NRIND; limits in another unit are the usual cause."
    )
    to_do = "see whether result and limits were converted by the same factor"
    applies_to = "--NRIND beside --STRESN, --STNRLO and --STNRHI"

    def faults(self, written: Written) -> Iterator[Fault]:
        for dataset in written.sdtm:
            names = [f"{dataset.prefix}{ending}" for ending in ("NRIND", "STRESN", "STNRLO", "STNRHI")]
            if dataset.prefix and dataset.has(*names):
                yield from self._of(dataset, *names)

    def _of(
        self, dataset: WrittenDataset, indicator: str, result: str, low: str, high: str
    ) -> Iterator[Fault]:
        said = dataset.records[indicator]
        value, lower, upper = (as_floats(dataset.records[name]) for name in (result, low, high))
        below, above = value < lower, value > upper
        wrong = said.isin(_LOW).to_numpy() & (value >= lower)
        wrong |= said.isin(_HIGH).to_numpy() & (value <= upper)
        wrong |= (said == "NORMAL").fillna(False).to_numpy(dtype=bool) & (below | above)
        shown = {"said": said, **{name: dataset.texts(name) for name in (result, low, high)}}
        message = (
            f"{indicator} is {{said}}, but {result} is {{{result}}} and the range {{{low}}} to {{{high}}}"
        )
        yield from self.on_records(dataset, indicator, wrong, message, shown)
