"""The faults planted in the laboratories' files."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from raw.simulation.as_text import counted
from raw.simulation.cohort import Cohort
from raw.simulation.draws import Bools, Ints
from raw.simulation.local_laboratory import NUMERIC, LocalResults
from raw.simulation.parameters import Parameters
from raw.simulation.planting import Amount, Planted, Planting, later
from raw.simulation.streams import Streams
from raw.simulation.visits import Visits

_ADDED_SAMPLES = 90_000_000
"""sample numbers of added samples begin here"""


@dataclass(frozen=True)
class FaultyRecords:
    """Records with their faults."""

    records: pd.DataFrame
    planted: tuple[Planted, ...]


def plant_in_local(
    parameters: Parameters,
    cohort: Cohort,
    visits: Visits,
    results: LocalResults,
    amount: Amount,
    streams: Streams,
    block: int,
    first_row: int,
) -> FaultyRecords:
    """Plant the faults of a block of the local extract, whose first record stands in `first_row`."""
    table = Planting(
        "LAB_LOCAL",
        "lab_local.csv",
        results.records,
        cohort.subject[results.subject],
        streams.of("faults LAB_LOCAL", block),
        first_row=first_row,
    )
    numeric = results.kind == NUMERIC
    _delivered_again(table, numeric, amount)
    _in_cells(table, results, numeric, amount)
    _added(table, parameters, cohort, visits, results, amount, block, streams.of("faults not held", block))
    return FaultyRecords(table.records, tuple(table.planted("SUBJID")))


def plant_in_central(
    cohort: Cohort,
    records: pd.DataFrame,
    subject: Ints,
    amount: Amount,
    streams: Streams,
    block: int,
    first_row: int,
) -> FaultyRecords:
    """Plant the faults of a block of the central transfer, whose first record stands in `first_row`."""
    rng = streams.of("faults LAB_CENTRAL", block)
    table = Planting(
        "LAB_CENTRAL", "lab_central.xlsx", records, cohort.subject[subject], rng, first_row=first_row
    )
    once = (records["RUN"] == "1").to_numpy(dtype=np.bool_, na_value=False)
    those = table.pick(once, amount.of("central_subject_unknown"))
    added = table.copied(those)
    table.write(added, "SUBJECT", amount.given("central_subject_unknown").text if added.size else None)
    table.write(added, "ACCESSN", _new("AC", block, 0, added))
    table.note("central_subject_unknown", added, "SUBJECT", "finding", "SUBJECT_UNKNOWN", nobody=True)
    return FaultyRecords(table.records, tuple(table.planted("SUBJECT")))


def _delivered_again(table: Planting, numeric: Bools, amount: Amount) -> None:
    """Results delivered twice: corrected later, and once with nothing that tells the two apart."""
    those = table.pick(numeric, amount.of("duplicate_lab_local"))
    again = table.copied(those)
    table.write(again, "VALIDATED", later(table.texts("VALIDATED", those), 9))
    table.write(again, "RESULT", [_next_number(text) for text in table.texts("RESULT", those)])
    table.write(again, "COMMENT", amount.given("duplicate_lab_local").text if again.size else None)
    table.note("duplicate_lab_local", those, "VALIDATED", "accounting", "DUPLICATE")

    those = table.pick(numeric, amount.of("lab_key_repeated"))
    again = table.copied(those)
    table.write(again, "RESULT", [_next_number(text) for text in table.texts("RESULT", those)])
    table.note("lab_key_repeated", again, "SUBJID", "finding", "RAW_KEY_REPEATED")


def _in_cells(table: Planting, results: LocalResults, numeric: Bools, amount: Amount) -> None:
    """Faults in single cells."""
    for defect, column, code in (
        ("lab_visit_unknown", "VISIT", "VISIT_UNKNOWN"),
        ("lab_unit_unknown", "UNIT", "UNIT_UNKNOWN"),
        ("lab_unit_missing", "UNIT", "UNIT_MISSING"),
        ("lab_number_unreadable", "RESULT", "NUMBER_UNREADABLE"),
        ("lab_date_impossible", "SAMPDAT", "DATE_IMPOSSIBLE"),
    ):
        count = amount.of(defect)
        given = amount.given(defect) if count else None
        fits = numeric & (results.test == given.test) if given and given.test else numeric
        those = table.pick(fits, count)
        table.write(those, column, given.text or None if given else None)
        table.note(defect, those, column, "finding", code)

    count = amount.of("lab_result_implausible")
    test = amount.given("lab_result_implausible").test if count else ""
    those = table.pick(numeric & (results.test == test), count)
    table.write(those, "RESULT", [_tenfold(text) for text in table.texts("RESULT", those)])
    table.note("lab_result_implausible", those, "RESULT", "finding", "RESULT_IMPLAUSIBLE")


def _added(
    table: Planting,
    parameters: Parameters,
    cohort: Cohort,
    visits: Visits,
    results: LocalResults,
    amount: Amount,
    block: int,
    rng: np.random.Generator,
) -> None:
    """Records that should not be there."""
    numeric = results.kind == NUMERIC
    those = table.pick(numeric, amount.of("lab_test_unknown"))
    added = table.copied(those)
    if added.size:
        given = amount.given("lab_test_unknown")
        table.write(added, "TEST", given.text)
        for column, text in given.cells.items():
            table.write(added, column, text)
    table.note("lab_test_unknown", added, "TEST", "finding", "TERM_UNMAPPED")

    those = table.pick(numeric, amount.of("lab_subject_unknown"))
    added = table.copied(those)
    table.write(added, "SUBJID", amount.given("lab_subject_unknown").text if added.size else None)
    table.write(added, "SAMPID", _new("L", block, 0, added))
    table.note("lab_subject_unknown", added, "SUBJID", "accounting", "SUBJECT_UNKNOWN", nobody=True)

    subject, visit = np.nonzero(visits.absence >= 0)
    here = np.isin(subject, results.subject)
    drawn = np.flatnonzero(here)
    drawn = np.sort(rng.choice(drawn, size=min(amount.of("lab_visit_not_held"), drawn.size), replace=False))
    subject, visit = subject[drawn], visit[drawn]
    sources = np.flatnonzero(numeric)
    source = sources[np.searchsorted(results.subject[sources], subject)]
    added = table.copied(source)
    day = np.array([each.day for each in parameters.calendar.visits])[visit]
    date = cohort.first_dose[subject] + (day - 1).astype("timedelta64[D]")
    french = parameters.calendar.labels["french"]
    table.write(added, "SAMPID", _new("L", block, 1, added))
    table.write(added, "VISIT", [french.format(day=each) for each in day.tolist()])
    table.write(added, "SAMPDAT", [f"{each:%d/%m/%Y}" for each in date.tolist()])
    table.write(added, "VALIDATED", [f"{each:%Y-%m-%d}T16:00:00" for each in date.tolist()])
    table.note("lab_visit_not_held", added, "VISIT", "finding", "LB_VISIT_NOT_HELD")


def _new(prefix: str, block: int, kind: int, added: Ints) -> list[str]:
    """Numbers of samples that no other sample has."""
    first = _ADDED_SAMPLES + block * 20_000 + kind * 10_000
    return [str(text) for text in counted(prefix, first + np.arange(added.size), 8).to_pylist()]


def _next_number(text: str | None) -> str:
    """A number that differs in its last digit."""
    assert text, "a numeric result is not empty"
    return text[:-1] + (str(int(text[-1]) + 1) if text[-1] != "9" else "8")


def _tenfold(text: str | None) -> str:
    """A number without its decimal mark, or with a zero too many: at least ten times as large."""
    assert text, "a numeric result is not empty"
    digits = text.replace(",", "").replace(".", "")
    return digits if digits != text else f"{text}0"
