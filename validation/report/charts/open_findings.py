"""Open findings: which subjects still have an error or a warning, and where."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from markupsafe import Markup

from validation.report.charts import svg
from validation.report.charts.figure import Datasets, Figure, count, unavailable

_KEY, _TITLE = "open-findings", "Open findings by subject"
_MOST_SUBJECTS, _MOST_DATASETS = 40, 24
_LEFT, _RIGHT, _TOP, _ROW = 150, 880, 62, 20
_ERROR, _WARNING, _CLEAN = "#b3261e", "#f6c667", "#e3efe8"

Counts = Mapping[tuple[str, str], tuple[int, int]]


def open_findings(findings: pd.DataFrame, datasets: Datasets) -> Figure:
    """Errors and warnings by subject and dataset (a clean-subject tracker), the subjects with the most first.

    `findings` has one record for each finding that is about a subject: subject, dataset, severity. Notices
    leave a subject clean. Of more than 40 subjects with open findings the 40 with the most errors are
    shown.
    """
    reason = unavailable(datasets, "DM", "USUBJID")
    if reason:
        return Figure(_KEY, _TITLE, absent=reason)
    subjects = datasets["DM"].records["USUBJID"].drop_duplicates()
    still = findings[findings["severity"].isin(["error", "warning"])]
    of_dm = int(subjects.isin(still["subject"]).sum())
    clean = f"Without an error or a warning: {len(subjects) - of_dm:,} of {count(len(subjects), 'subject')}."
    if still.empty:
        return Figure(_KEY, _TITLE, clean, absent="No subject has an error or a warning.")
    counted = still.assign(error=still["severity"].eq("error"), warning=still["severity"].eq("warning"))
    cells = counted.groupby(["subject", "dataset"], sort=True)[["error", "warning"]].sum()
    numbers: Counts = dict(
        zip(
            cells.index.to_list(),
            zip(cells["error"].to_list(), cells["warning"].to_list(), strict=True),
            strict=True,
        )
    )
    totals = counted.groupby("subject", sort=True)[["error", "warning"]].sum().reset_index()
    totals = totals.sort_values(
        ["error", "warning", "subject"], ascending=[False, False, True], kind="stable"
    )
    rows = totals["subject"].to_list()[:_MOST_SUBJECTS]
    sizes = counted.groupby("dataset", sort=True).size().sort_values(ascending=False, kind="stable")
    columns = [str(name) for name in sizes.index[:_MOST_DATASETS]]
    caption = [clean]
    if len(totals) > _MOST_SUBJECTS:
        caption.append(f"Shown are the {_MOST_SUBJECTS} of {len(totals):,} with the most errors.")
    if len(sizes) > _MOST_DATASETS:
        caption.append(f"Of {len(sizes)} datasets the {_MOST_DATASETS} with the most are shown.")
    table = tuple(
        (subject, *(_written(*numbers.get((subject, dataset), (0, 0))) for dataset in columns))
        for subject in rows
    )
    start = svg.common_start(rows)
    if start:
        caption.append(f"Subjects are named by what follows {start} in USUBJID.")
    drawn = _drawn(rows, start, columns, numbers, " ".join(caption))
    return Figure(_KEY, _TITLE, " ".join(caption), drawn, ("Subject", *columns), table)


def _written(errors: int, warnings: int) -> str:
    parts = [count(n, name) for n, name in ((errors, "error"), (warnings, "warning")) if n]
    return ", ".join(parts)


def _drawn(subjects: list[str], start: str, names: list[str], numbers: Counts, description: str) -> Markup:
    width = min(76.0, (_RIGHT - _LEFT) / len(names))
    entries = (
        (svg.rect(-7, -6, 13, 12, _ERROR), "with errors"),
        (svg.rect(-7, -6, 13, 12, _WARNING), "warnings only"),
        (svg.rect(-7, -6, 13, 12, _CLEAN), "neither"),
    )
    marks: list[Markup] = [svg.legend(_LEFT, 12, entries)]
    turned = max(len(name) for name in names) * 9 > width
    top = _TOP + (50 if turned else 0)
    for at, name in enumerate(names):
        x = _LEFT + width * (at + 0.5)
        if turned:
            turn = f"rotate(-40 {svg.number(x)} {top - 8})"
            marks.append(svg.text(x, top - 8, svg.shortened(name, 16), kind="bold", transform=turn))
        else:
            marks.append(svg.text(x, top - 8, name, anchor="middle", kind="bold"))
    marks.append(svg.text(_LEFT - 10, top - 8, "Subject", anchor="end", kind="axis"))
    for row, subject in enumerate(subjects):
        y = top + _ROW * row
        marks.append(
            svg.text(
                _LEFT - 10, y + 14, svg.shortened(subject.removeprefix(start), 20), anchor="end", kind="small"
            )
        )
        for at, name in enumerate(names):
            x = _LEFT + width * at
            errors, warnings = numbers.get((subject, name), (0, 0))
            box = svg.rect(
                x + 1, y + 1, width - 2, _ROW - 2, _ERROR if errors else _WARNING if warnings else _CLEAN
            )
            if not errors + warnings:
                marks.append(box)
                continue
            told = svg.title(f"{subject}, {name}: {_written(errors, warnings)}")
            kind = "cell light" if errors else "cell"
            number = svg.text(x + width / 2, y + 14, str(errors + warnings), anchor="middle", kind=kind)
            marks.append(svg.group(told, box, number))
    bottom = top + _ROW * len(subjects)
    marks.append(svg.text(_LEFT, bottom + 22, "Number of errors and warnings in each dataset", kind="axis"))
    return svg.drawing(_KEY, bottom + 32, _TITLE, description, *marks)
