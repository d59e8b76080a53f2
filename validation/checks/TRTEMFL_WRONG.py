"""The check TRTEMFL_WRONG."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from engine import Severity
from validation.check import Fault, StandingCheck
from validation.dates import DAY, Seconds, spans
from validation.written import SUBJECT, Written, WrittenDataset

_FLAG = "TRTEMFL"


@dataclass(frozen=True)
class _Rule:
    """What the study settles: how long after treatment an event still counts, and whether worsening is looked
    at.
    """

    window: float | None
    worsening: bool


class TrtemflWrong(StandingCheck):
    """A treatment-emergent flag that the dates of the event and of the treatment contradict, decided anew.

    An event is treatment-emergent when it starts on or after the first day of treatment, and within the
    study's window after the last where it has one; treatment without an end goes on. So is an event whose
    start is unknown, unless it ended before treatment. A subject without treatment has no such event. Dates
    are taken as collected (AESTDTC, AEENDTC), else as imputed, and only what holds however missing parts are
    filled is a finding; events that start on the first day of treatment with a time are left out, and those
    before it where the study looks at worsening.
    """

    severity: ClassVar[Severity] = "error"
    title = "a treatment-emergent flag contradicts the dates"
    why = (
        "Every table of adverse events counts by TRTEMFL; the flag falls to blank without a word when a "
        "date is missing."
    )
    to_do = "follow the flag back to its dates; see how the specification treats missing ones"
    applies_to = "TRTEMFL beside the event's dates, TRTSDT and TRTEDT (of the dataset or of ADSL)"

    def faults(self, written: Written) -> Iterator[Fault]:
        for dataset in written.adam:
            dates = next((p for p in (("AESTDTC", "AEENDTC"), ("ASTDT", "AENDT")) if dataset.has(*p)), None)
            if dates is None or not dataset.has(SUBJECT, _FLAG):
                continue
            treatment = [name if dataset.has(name) else f"ADSL.{name}" for name in ("TRTSDT", "TRTEDT")]
            if written.reads(dataset, treatment):
                yield from self._of(written, dataset, dates, treatment)

    def _of(
        self, written: Written, dataset: WrittenDataset, dates: tuple[str, str], treatment: list[str]
    ) -> Iterator[Fault]:
        rule = _rule(dataset)
        start, end = (_days(spans(dataset.records[name], name)) for name in dates)
        beside = written.beside(dataset, treatment)
        first, last = (_days(spans(beside[name], name.rpartition(".")[2]))[0] for name in treatment)
        treated = ~np.isnan(first)
        before = treated & (end[1] < first)
        unknown = treated & np.isnan(start[0])
        after = treated & (start[0] >= first)
        timed = (
            after
            & (start[0] == first)
            & dataset.texts(dates[0]).str.contains("T").fillna(False).to_numpy(dtype=bool)
        )
        late = np.zeros(len(dataset.records), dtype=np.bool_)
        in_window = np.ones(len(dataset.records), dtype=np.bool_)
        if rule is not None and rule.window is not None:
            late = treated & (start[0] > last + rule.window)
            in_window = np.isnan(last) | (start[1] <= last + rule.window)
        flag = (dataset.records[_FLAG] == "Y").fillna(False).to_numpy(dtype=bool)
        shown = {name: dataset.texts(name) for name in dates}
        begins, ends = dates

        def found(wrong: npt.NDArray[np.bool_], message: str) -> Iterator[Fault]:
            return self.on_records(dataset, _FLAG, wrong, message, shown)

        yield from found(flag & ~treated, f"{_FLAG} is Y, but the subject has no first day of treatment")
        yield from found(flag & before, f"{_FLAG} is Y, but {ends} {{{ends}}} is before treatment")
        yield from found(
            flag & late & ~before,
            f"{_FLAG} is Y, but {begins} {{{begins}}} is after treatment and its window",
        )
        if rule is None:
            return
        if not rule.worsening:
            early = treated & (start[1] < first)
            yield from found(
                flag & early & ~before, f"{_FLAG} is Y, but {begins} {{{begins}}} is before treatment"
            )
        blank = ~flag & ~before
        sure_end = np.isnan(end[0]) | (end[0] >= first)
        yield from found(
            blank & after & in_window & ~timed,
            f"{_FLAG} is not Y, but {begins} {{{begins}}} is on or after treatment start",
        )
        yield from found(
            blank & unknown & sure_end,
            f"{_FLAG} is not Y, but {begins} is missing and nothing ends before treatment",
        )


def _days(span: tuple[Seconds, Seconds]) -> tuple[Seconds, Seconds]:
    """First and last day that a date allows, counted from 1970-01-01."""
    with np.errstate(invalid="ignore"):
        return np.floor(span[0] / DAY), np.floor(span[1] / DAY)


def _rule(dataset: WrittenDataset) -> _Rule | None:
    """What the specification says of the flag; None where it is not specified or made in another way."""
    variable = dataset.spec.by_name.get(_FLAG) if dataset.spec is not None else None
    if variable is None or variable.derivation.word != "treatment_emergent_flag":
        return None
    window: int | None = getattr(variable.derivation, "end_window", None)
    worsening = getattr(variable.derivation, "intensity", None) is not None
    return _Rule(None if window is None else float(window), worsening)
