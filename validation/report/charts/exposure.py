"""Exposure: what each subject was given over the study days, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from validation.report.charts import svg
from validation.report.charts.figure import Datasets, Figure, count, study_days, texts, unavailable

_KEY, _TITLE = "exposure", "Exposure by subject"
_MOST_SUBJECTS = 60
_LEFT, _RIGHT, _TOP, _ROW, _BAR = 150, 944, 48, 14, 8


@dataclass(frozen=True)
class Swimmer:
    """One subject: study days of what was given (first and last) and of what was not, and the end in DS."""

    subject: str
    given: tuple[tuple[float, float], ...]
    missed: tuple[float, ...]
    end: str
    """DSDECOD; "" where DS has none"""
    ended: float | None
    discontinued: bool

    @property
    def first(self) -> float:
        """The study day of the first record of exposure."""
        return min([*(first for first, _ in self.given), *self.missed])

    @property
    def last(self) -> float:
        """The study day of the last record of exposure."""
        return max([*(last for _, last in self.given), *self.missed])


def exposure(datasets: Datasets) -> Figure:
    """Each subject's exposure over the study days, with completion or discontinuation (a swimmer plot).

    Days are EXSTDY and EXENDY, or counted from DM.RFSTDTC; a missing end is the start. A record whose
    EXOCCUR is N or that has an EXSTAT was planned and not given. Of more than 60 subjects the first 60 by
    USUBJID are shown.
    """
    reason = unavailable(datasets, "EX", "USUBJID")
    if reason:
        return Figure(_KEY, _TITLE, absent=reason)
    administrations = _administrations(datasets)
    placed = administrations[administrations["first"].notna() & administrations["USUBJID"].notna()]
    if placed.empty:
        absent = "EX has no study day, neither EXSTDY nor EXSTDTC with DM.RFSTDTC."
        return Figure(_KEY, _TITLE, absent=absent)
    everybody = sorted(placed["USUBJID"].unique())
    ends = _ends(datasets)
    swimmers = _swimmers(placed, ends, everybody[:_MOST_SUBJECTS])
    stopped = int((ends["discontinued"] & ends["USUBJID"].isin(administrations["USUBJID"])).sum())
    exposed = int(administrations["USUBJID"].nunique())
    caption = [f"{count(exposed, 'subject')} with exposure, {stopped} with a discontinuation in DS."]
    if len(everybody) > _MOST_SUBJECTS:
        caption.append(f"Shown are the first {_MOST_SUBJECTS} by subject identifier.")
    if len(placed) < len(administrations):
        undated = len(administrations) - len(placed)
        nobody = exposed - len(everybody)
        them = f" ({count(nobody, 'subject has', 'subjects have')} no other)" if nobody else ""
        caption.append(f"Not drawn: {count(undated, 'exposure record')} without a complete date{them}.")
    start = svg.common_start([each.subject for each in swimmers])
    if start:
        caption.append(f"Subjects are named by what follows {start} in USUBJID.")
    columns = ("Subject", "Given", "Not given", "First day", "Last day", "End", "Day of the end")
    table = tuple(
        (
            each.subject,
            str(len(each.given)),
            str(len(each.missed)),
            svg.number(each.first),
            svg.number(each.last),
            each.end,
            "" if each.ended is None else svg.number(each.ended),
        )
        for each in swimmers
    )
    longest_first = sorted(swimmers, key=lambda each: (-each.last, each.subject))
    drawing = _drawn(longest_first, start, " ".join(caption))
    return Figure(_KEY, _TITLE, " ".join(caption), drawing, columns, table)


def _administrations(datasets: Datasets) -> pd.DataFrame:
    records = datasets["EX"].records.reset_index(drop=True)
    first = study_days(records, "EXSTDY", "EXSTDTC", datasets)
    last = study_days(records, "EXENDY", "EXENDTC", datasets).fillna(first)
    missed = texts(records, "EXOCCUR").eq("N").fillna(False) | texts(records, "EXSTAT").notna()
    return pd.DataFrame(
        {
            "USUBJID": texts(records, "USUBJID"),
            "first": first,
            "last": last.where((last >= first).fillna(False), first),
            "missed": missed.astype(bool),
        }
    )


def _ends(datasets: Datasets) -> pd.DataFrame:
    """One record per subject, the first discontinuation in DS, else the last completion.

    USUBJID, end, ended (study day), discontinued.
    """
    if unavailable(datasets, "DS", "USUBJID", "DSDECOD"):
        return pd.DataFrame(
            {"USUBJID": [], "end": [], "ended": [], "discontinued": pd.Series([], dtype=bool)}
        )
    records = datasets["DS"].records.reset_index(drop=True)
    term, category = texts(records, "DSDECOD"), texts(records, "DSCAT")
    disposition = category.eq("DISPOSITION EVENT").fillna(False) if category.notna().any() else term.notna()
    ends = pd.DataFrame(
        {
            "USUBJID": texts(records, "USUBJID"),
            "end": term,
            "ended": study_days(records, "DSSTDY", "DSSTDTC", datasets),
            "discontinued": term.ne("COMPLETED").fillna(False).astype(bool),
        }
    )[(disposition & term.notna()).to_numpy(dtype=bool)].sort_values(["USUBJID", "ended"], kind="stable")
    stopped = ends[ends["discontinued"]].drop_duplicates("USUBJID")
    done = ends[~ends["discontinued"] & ~ends["USUBJID"].isin(stopped["USUBJID"])]
    done = done.sort_values(["USUBJID", "ended"], kind="stable", na_position="first")
    return pd.concat([stopped, done.drop_duplicates("USUBJID", keep="last")], ignore_index=True)


def _swimmers(placed: pd.DataFrame, ends: pd.DataFrame, subjects: Sequence[str]) -> list[Swimmer]:
    shown = placed[placed["USUBJID"].isin(subjects)].sort_values(["USUBJID", "first", "last"], kind="stable")
    given: dict[str, list[tuple[float, float]]] = {subject: [] for subject in subjects}
    missed: dict[str, list[float]] = {subject: [] for subject in subjects}
    for subject, first, last, not_given in zip(
        shown["USUBJID"].to_list(),
        shown["first"].astype("float64").to_list(),
        shown["last"].astype("float64").to_list(),
        shown["missed"].to_list(),
        strict=True,
    ):
        if not_given:
            missed[subject].append(first)
        else:
            given[subject].append((first, last))
    end_of = {
        subject: (str(end), None if pd.isna(ended) else float(ended), bool(discontinued))
        for subject, end, ended, discontinued in zip(
            ends["USUBJID"].to_list(),
            ends["end"].to_list(),
            ends["ended"].to_list(),
            ends["discontinued"].to_list(),
            strict=True,
        )
    }
    return [
        Swimmer(
            subject, tuple(given[subject]), tuple(missed[subject]), *end_of.get(subject, ("", None, False))
        )
        for subject in subjects
    ]


def _drawn(swimmers: Sequence[Swimmer], start: str, description: str) -> Markup:
    bottom = _TOP + _ROW * len(swimmers)
    furthest = max([each.last for each in swimmers] + [each.ended or 1 for each in swimmers])
    ticks = svg.round_steps(min(0.0, *(each.first for each in swimmers)), furthest, about=8)
    across = svg.Scale(ticks[0], ticks[-1], _LEFT, _RIGHT)
    marks: list[Markup] = [
        _legend(swimmers),
        svg.text(_LEFT - 10, _TOP - 8, "Subject", anchor="end", kind="axis"),
    ]
    for tick in ticks:
        x = across(tick or 1)
        marks.append(svg.line(x, _TOP - 4, x, bottom))
        marks.append(svg.text(x, bottom + 18, str(tick or 1), anchor="middle", kind="tick"))
    axis = "Study day (days; day 1 is the reference start date)"
    marks.append(svg.text((_LEFT + _RIGHT) / 2, bottom + 42, axis, anchor="middle", kind="axis"))
    for at, each in enumerate(swimmers):
        marks.append(_lane(each, _TOP + _ROW * at + _ROW / 2, start, across))
    return svg.drawing(_KEY, bottom + 54, _TITLE, description, *marks)


def _lane(each: Swimmer, y: float, start: str, across: svg.Scale) -> Markup:
    told = (
        f"{each.subject}: {len(each.given)} given, days {svg.number(each.first)} to {svg.number(each.last)}"
    )
    told += f", {len(each.missed)} not given" if each.missed else ""
    told += f"; {each.end}" if each.end else ""
    told += "" if each.ended is None else f" on day {svg.number(each.ended)}"
    label = svg.shortened(each.subject.removeprefix(start), 17)
    marks = [
        svg.title(told),
        svg.rect(0, y - _ROW / 2, svg.WIDTH, _ROW, "transparent"),
        svg.text(_LEFT - 10, y + 4, label, anchor="end", kind="small"),
        svg.line(across(each.first), y, across(each.last), y, "#b8c0ca"),
        _bars(each, y, across),
        *(_ring(across(day), y) for day in sorted(set(each.missed))),
    ]
    if each.ended is not None:
        marks.append((_cross if each.discontinued else _done)(across(each.ended), y))
    return svg.group(*marks)


def _bars(each: Swimmer, y: float, across: svg.Scale) -> Markup:
    """A subject's administrations, at least two units wide; those that fall on the same place are one bar."""
    places = sorted({(round(across(first)), round(across(last))) for first, last in each.given})
    top = svg.number(y - _BAR / 2)
    path = "".join(f"M{a - 1} {top}h{b - a + 2}v{_BAR}h{a - b - 2}z" for a, b in places)
    return svg.element("path", {"d": path, "fill": svg.BLUE}) if path else Markup()


def _cross(x: float, y: float) -> Markup:
    at = f"M{svg.number(x - 4)} {svg.number(y - 4)}l8 8m0 -8l-8 8"
    edge = svg.element("path", {"d": at, "stroke": "#fff", "stroke-width": 5, "fill": "none"})
    mark = svg.element("path", {"d": at, "stroke": svg.VERMILION, "stroke-width": 2.5, "fill": "none"})
    return svg.group(edge, mark)


def _done(x: float, y: float) -> Markup:
    at = f"M{svg.number(x - 3)} {svg.number(y - 5)}l8 5l-8 5z"
    return svg.element("path", {"d": at, "fill": svg.GREEN, "stroke": "#fff"})


def _ring(x: float, y: float) -> Markup:
    look: dict[str, str | int | float] = {"fill": "#fff", "stroke": svg.ORANGE, "stroke-width": 1.5}
    return svg.element("circle", {"cx": x, "cy": y, "r": 3.5} | look)


def _legend(swimmers: Sequence[Swimmer]) -> Markup:
    ended = [each.discontinued for each in swimmers if each.ended is not None]
    entries = (
        (svg.rect(-1.5, -_BAR / 2, 3, _BAR, svg.BLUE), "given", any(each.given for each in swimmers)),
        (_ring(0, 0), "not given", any(each.missed for each in swimmers)),
        (_cross(0, 0), "discontinued", any(ended)),
        (_done(0, 0), "completed", not all(ended)),
    )
    return svg.legend(_LEFT, 14, [(mark, meaning) for mark, meaning, occurs in entries if occurs])
