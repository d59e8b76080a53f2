"""Adverse events: how many subjects had each, and how bad it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from exchange import TEXT
from validation.report.charts import svg
from validation.report.charts.figure import Datasets, Figure, count, texts, unavailable

_KEY, _TITLE = "adverse-events", "Adverse events by preferred term"
_MOST_TERMS = 20
_LEFT, _RIGHT, _TOP, _ROW = 268, 742, 44, 24
_SEVERITIES = ("MILD", "MODERATE", "SEVERE")
_GRADES = ("1", "2", "3", "4", "5")
_COLOURS = {1: ("#e08214",), 2: ("#fdc77d", "#b35806"), 3: ("#fdd49e", "#e9833a", "#8f2d00")}
_FIVE = ("#fee0b6", "#fdb863", "#e08214", "#b35806", "#5e2500")
_UNKNOWN, _UNKNOWN_COLOUR = "not given", "#aab2bc"
_NOT_CODED = "(not coded)"


@dataclass(frozen=True)
class Bar:
    """One term: its subjects and events, and its subjects by worst severity, in the order of the levels."""

    term: str
    subjects: int
    events: int
    by: tuple[int, ...]


def adverse_events(datasets: Datasets) -> Figure:
    """Subjects with each AEDECOD at their worst AESEV (AETOXGR where that is empty), twenty terms at most.

    A subject counts once for each term; the share is of the subjects with exposure, or of DM where there is
    no EX. An event without AEDECOD counts as not coded.
    """
    reason = unavailable(datasets, "AE", "USUBJID", "AEDECOD")
    if reason:
        return Figure(_KEY, _TITLE, absent=reason)
    records = datasets["AE"].records.reset_index(drop=True)
    variable = next((name for name in ("AESEV", "AETOXGR") if texts(records, name).notna().any()), "")
    order = _order(texts(records, variable))
    rank = (
        texts(records, variable).map({each: at for at, each in enumerate(order)}).fillna(-1).astype("int64")
    )
    events = pd.DataFrame(
        {"USUBJID": records["USUBJID"], "term": texts(records, "AEDECOD").fillna(_NOT_CODED), "rank": rank}
    )
    worst = events.groupby(["term", "USUBJID"], sort=True)["rank"].max().reset_index()
    subjects = worst.pivot_table(
        index="term", columns="rank", values="USUBJID", aggfunc="count", fill_value=0
    )
    numbers = pd.DataFrame({"subjects": subjects.sum(axis=1), "events": events.groupby("term").size()})
    numbers = numbers.reset_index().sort_values(
        ["subjects", "events", "term"], ascending=[False, False, True], kind="stable"
    )
    shown = numbers.head(_MOST_TERMS)
    levels = [(at, order[at]) for at in range(len(order)) if at in subjects]
    levels += [(-1, _UNKNOWN)] if -1 in subjects else []
    at_risk, of_whom = _denominator(datasets)
    with_events = events["USUBJID"].nunique()
    terms = int((numbers["term"] != _NOT_CODED).sum())
    caption = [
        f"{count(len(events), 'event')} in {count(with_events, 'subject')} of {at_risk:,} {of_whom}, "
        f"{count(terms, 'preferred term')}."
    ]
    if len(numbers) > _MOST_TERMS:
        caption.append(f"Shown are the {_MOST_TERMS} that most subjects had.")
    uncoded = int((events["term"] == _NOT_CODED).sum())
    if uncoded:
        caption.append(f"{count(uncoded, 'event')} not coded.")
    by_level = (
        subjects.reindex(index=shown["term"], columns=[at for at, _ in levels]).astype("int64").to_numpy()
    )
    bars = [
        Bar(str(term), int(total), int(times), tuple(by))
        for term, total, times, by in zip(
            shown["term"], shown["subjects"], shown["events"], by_level.tolist(), strict=True
        )
    ]
    table = tuple(
        (each.term, str(each.subjects), _share(each.subjects, at_risk), str(each.events), *map(str, each.by))
        for each in bars
    )
    grade = "worst grade" if variable == "AETOXGR" else "worst severity"
    columns = ("Preferred term", "Subjects", "Share", "Events", *(f"{grade}: {name}" for _, name in levels))
    description = " ".join(caption)
    drawn = _drawn(bars, [name for _, name in levels], at_risk, grade, description)
    return Figure(_KEY, _TITLE, description, drawn, columns, table)


def _order(values: pd.Series) -> tuple[str, ...]:
    """The severities that occur, from mild to severe; texts outside the usual ones stand last."""
    found = sorted(values.dropna().unique())
    usual = _SEVERITIES if set(found) & set(_SEVERITIES) else _GRADES
    return (*(each for each in usual if each in found), *(each for each in found if each not in usual))


def _denominator(datasets: Datasets) -> tuple[int, str]:
    for dataset, of_whom in (("EX", "with exposure"), ("DM", "in DM"), ("AE", "in AE")):
        if not unavailable(datasets, dataset, "USUBJID"):
            return int(datasets[dataset].records["USUBJID"].astype(TEXT).nunique()), of_whom
    return 0, "in AE"


def _share(subjects: int, of: int) -> str:
    return f"{100 * subjects / of:.0f} %" if of else ""


def _colours(levels: list[str]) -> list[str]:
    known = [each for each in levels if each != _UNKNOWN]
    shades = _COLOURS.get(len(known), _FIVE)
    return [
        _UNKNOWN_COLOUR if each == _UNKNOWN else shades[min(known.index(each), len(shades) - 1)]
        for each in levels
    ]


def _drawn(bars: Sequence[Bar], levels: list[str], at_risk: int, grade: str, description: str) -> Markup:
    colours = _colours(levels)
    bottom = _TOP + _ROW * len(bars)
    ticks = svg.round_steps(0, max(each.subjects for each in bars))
    across = svg.Scale(0, ticks[-1], _LEFT, _RIGHT)
    swatches = [(svg.rect(-7, -6, 13, 12, each), name) for each, name in zip(colours, levels, strict=True)]
    marks: list[Markup] = [
        svg.text(_LEFT, 16, f"By {grade}:", kind="tick"),
        svg.legend(_LEFT + 118, 12, swatches),
    ]
    for tick in ticks:
        marks.append(svg.line(across(tick), _TOP - 6, across(tick), bottom))
        marks.append(svg.text(across(tick), bottom + 18, str(tick), anchor="middle", kind="tick"))
    marks.append(
        svg.text((_LEFT + _RIGHT) / 2, bottom + 42, "Subjects (number)", anchor="middle", kind="axis")
    )
    for at, each in enumerate(bars):
        y = _TOP + _ROW * at
        split = ", ".join(f"{n} {name}" for n, name in zip(each.by, levels, strict=True) if n)
        told = f"{each.term}: {count(each.subjects, 'subject')} ({split}), {count(each.events, 'event')}"
        label = svg.shortened(each.term, 34)
        drawn = [svg.title(told), svg.text(_LEFT - 10, y + 16, label, anchor="end")]
        reached = 0
        for n, colour in zip(each.by, colours, strict=True):
            if n:
                width = across(reached + n) - across(reached)
                drawn.append(svg.rect(across(reached), y + 3, max(width - 1, 1), _ROW - 7, colour))
            reached += n
        share = f" ({_share(each.subjects, at_risk)})" if at_risk else ""
        said = f"{each.subjects}{share}, {count(each.events, 'event')}"
        drawn.append(svg.text(across(each.subjects) + 8, y + 16, said, kind="tick halo"))
        marks.append(svg.group(*drawn))
    return svg.drawing(_KEY, bottom + 54, _TITLE, description, *marks)
