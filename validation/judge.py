"""The verdict on written files: every check, every expectation, one finding for each fault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine import Finding
from exchange import Table, xpt
from specs import RAW, Problem, Records, Study, UserError
from validation.check import Fault
from validation.checks import CHECKS
from validation.expectations import ExpectationResult, dataset_suites, raw_suites, run
from validation.expectations.faults import dataset_faults, raw_columns, raw_faults, result_of
from validation.merging import merged
from validation.study_checks import study_faults
from validation.written import Written

FOLDERS = ("", "sdtm", "adam")


@dataclass(frozen=True)
class Judgement:
    """What was found in a build, from the gravest on, and what became of the expectations."""

    findings: tuple[Finding, ...]
    expectations: tuple[ExpectationResult, ...]


def judge(study: Study | None, datasets: Mapping[str, Table]) -> tuple[Finding, ...]:
    """The findings of the study's own checks and of those that every study needs, on datasets read back from
    files.

    Without a study only what the files say themselves is judged. Great Expectations is not asked.
    """
    written = Written(study, datasets)
    return merged((), _checked(written), (), written)


def judge_build(
    study: Study,
    folder: Path,
    raw: Mapping[str, Records],
    earlier: Sequence[Finding],
    *,
    only: frozenset[str] | None = None,
) -> Judgement:
    """The judgement on a build: the transport files under `sdtm` and `adam` of `folder`, and the raw tables
    (`raw.AE`).

    `earlier` are the findings of reading and building; where they tell of the same fault theirs stays. Raises
    UserError where a file cannot be read.
    """
    wanted = study if only is None else _restricted(study, only)
    written = Written(wanted, read_back(folder))
    records = {dataset.name: dataset.records for dataset in written.all}
    for name, table in wanted.raw.items():
        if f"{RAW}.{name}" in raw:
            records[f"{RAW}.{name}"] = raw_columns(table, raw[f"{RAW}.{name}"])
    outcomes = run((*raw_suites(wanted), *dataset_suites(wanted)), records)
    faults = _checked(written)
    of_export: list[Fault] = []
    for outcome in outcomes:
        if outcome.dataset in written.datasets:
            faults += dataset_faults(outcome, written)
        else:
            of_export += raw_faults(outcome, wanted, raw)
    results = tuple(result_of(outcome) for outcome in outcomes)
    return Judgement(merged(earlier, faults, of_export, written), results)


def read_back(folder: Path) -> dict[str, Table]:
    """The datasets of a folder by name, read from its transport files and those under its `sdtm` and `adam`.

    Raises UserError, all problems together, where a file cannot be read, or a dataset stands in two files.
    """
    found: dict[str, Table] = {}
    problems: list[Problem] = []
    for path in sorted(path for name in FOLDERS for path in (folder / name).glob("*.xpt")):
        file = path.relative_to(folder).as_posix()
        try:
            table = xpt.read(path, file=file)
        except UserError as error:
            problems += error.problems
            continue
        if table.name in found:
            problems.append(Problem(f"{table.name} stands in two files", file, "keep one of them"))
        found[table.name] = table
    if problems:
        raise UserError(problems)
    return found


def _checked(written: Written) -> list[Fault]:
    """The faults that checks find, the study's own first: they say more."""
    return [*study_faults(written), *(fault for check in CHECKS for fault in check.faults(written))]


def _restricted(study: Study, only: frozenset[str]) -> Study:
    """The study as far as these datasets go."""
    checks = [
        check
        for check in study.checks
        if {check.dataset, *(ref.dataset or check.dataset for ref in check.reads())} <= only
    ]
    datasets = {name: dataset for name, dataset in study.datasets.items() if name in only}
    return study.model_copy(update={"datasets": datasets, "checks": tuple(checks)})
