"""Enrolment: the subjects of each site as they came in."""

from __future__ import annotations

import itertools

import pandas as pd
from markupsafe import Markup

from exchange import TEXT
from validation.report.charts import svg
from validation.report.charts.figure import Datasets, Figure, count, dates, texts, unavailable

_KEY, _TITLE = "enrolment", "Enrolment by site"
_HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 380, 56, 796, 14, 322
_COLOURS = (svg.BLUE, svg.VERMILION, svg.GREEN, svg.PURPLE, svg.ORANGE, svg.SKY, svg.INK)
_MONTHS_APART = (1, 2, 3, 6, 12, 24, 60, 120)
_MOST_TICKS = 9


def enrolment(datasets: Datasets) -> Figure:
    """Subjects of each site by date of informed consent (RFICDTC), or by RFSTDTC where no record has RFICDTC.

    Each subject of DM counts once; a partial date places nobody and is counted in the caption. Of more than
    seven sites those with the most subjects are drawn; the table lists every site.
    """
    reason = unavailable(datasets, "DM", "USUBJID", "SITEID")
    if reason:
        return Figure(_KEY, _TITLE, absent=reason)
    subjects = datasets["DM"].records.drop_duplicates("USUBJID")
    variable = next(
        (name for name in ("RFICDTC", "RFSTDTC") if dates(texts(subjects, name)).notna().any()), ""
    )
    if not variable:
        return Figure(_KEY, _TITLE, absent="DM has no complete date in RFICDTC or RFSTDTC.")
    meaning = "informed consent" if variable == "RFICDTC" else "first participation"
    dated = pd.DataFrame(
        {
            "site": texts(subjects, "SITEID").fillna("no site").to_numpy(),
            "date": dates(texts(subjects, variable)).to_numpy(),
            "treated": texts(subjects, "RFXSTDTC").notna().to_numpy(),
        }
    ).astype({"site": TEXT})
    known = dated[dated["date"].notna()].sort_values(["date", "site"], kind="stable", ignore_index=True)
    ticks = _date_ticks(known["date"].iloc[0], known["date"].iloc[-1])
    caption = [
        f"{count(len(known), 'subject')} at {count(known['site'].nunique(), 'site')}, "
        f"from {_day(known['date'].iloc[0])} to {_day(known['date'].iloc[-1])}, "
        f"by date of {meaning} ({variable})."
    ]
    if known["site"].nunique() > len(_COLOURS):
        caption.append(f"Drawn are the {len(_COLOURS)} sites with the most subjects; the table has all.")
    if len(known) < len(dated):
        caption.append(
            f"{count(len(dated) - len(known), 'subject')} without a complete {variable}, not drawn."
        )
    return Figure(
        _KEY,
        _TITLE,
        " ".join(caption),
        _drawn(known, ticks, meaning, variable, caption[0]),
        *_table(dated, ticks, with_treated="RFXSTDTC" in subjects),
    )


def _table(
    dated: pd.DataFrame, ticks: tuple[pd.Timestamp, ...], with_treated: bool
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    shown = ticks[1:]
    columns = ("Site", "Subjects", *(("Treated",) if with_treated else ()), "First", "Last")
    rows = [
        (
            name,
            str(len(part)),
            *((str(int(part["treated"].sum())),) if with_treated else ()),
            _day(part["date"].min()),
            _day(part["date"].max()),
            *(str(int((part["date"] < tick).sum())) for tick in shown),
        )
        for name, part in [*dated.groupby("site", sort=True), ("All sites", dated)]
    ]
    return (*columns, *(f"before {_day(tick)}" for tick in shown)), tuple(rows)


def _drawn(
    known: pd.DataFrame, ticks: tuple[pd.Timestamp, ...], meaning: str, variable: str, description: str
) -> Markup:
    lines = _lines(known)
    highest = svg.round_steps(0, max(len(days) for _, days in lines))
    across = svg.Scale(ticks[0].toordinal(), ticks[-1].toordinal(), _LEFT, _RIGHT)
    up = svg.Scale(0, highest[-1], _BOTTOM, _TOP)
    marks: list[Markup] = []
    for value in highest:
        marks.append(svg.line(_LEFT, up(value), _RIGHT, up(value)))
        marks.append(svg.text(_LEFT - 8, up(value) + 4, str(value), anchor="end", kind="tick"))
    for tick in ticks:
        x = across(tick.toordinal())
        marks.append(svg.line(x, _BOTTOM, x, _BOTTOM + 5, svg.GREY))
        marks.append(svg.text(x, _BOTTOM + 20, _tick_label(tick, ticks), anchor="middle", kind="tick"))
    marks.append(
        svg.text(
            (_LEFT + _RIGHT) / 2,
            _BOTTOM + 46,
            f"Date of {meaning} ({variable})",
            anchor="middle",
            kind="axis",
        )
    )
    turned = f"rotate(-90 14 {svg.number((_TOP + _BOTTOM) / 2)})"
    marks.append(
        svg.text(
            14, (_TOP + _BOTTOM) / 2, "Subjects, cumulative", anchor="middle", kind="axis", transform=turned
        )
    )
    places = _apart([up(len(days)) for _, days in lines])
    last = known["date"].iloc[-1].toordinal()
    for (site, days), colour, place in zip(lines, _COLOURS, places, strict=False):
        path = [f"M{svg.number(across(days[0]))} {_BOTTOM}"]
        for reached, day in enumerate(days, start=1):
            path.append(f"H{svg.number(across(day))}V{svg.number(up(reached))}")
        path.append(f"H{svg.number(across(last))}")
        marks.append(
            svg.group(
                svg.title(f"Site {site}: {count(len(days), 'subject')}"),
                svg.element(
                    "path", {"d": "".join(path), "fill": "none", "stroke": colour, "stroke-width": 2}
                ),
                svg.line(across(last) + 3, up(len(days)), _RIGHT + 8, place, colour),
                svg.text(
                    _RIGHT + 12, place + 4, f"Site {svg.shortened(site, 14)} · {len(days)}", kind="bold"
                ),
            )
        )
    return svg.drawing(_KEY, _HEIGHT, _TITLE, description, *marks)


def _lines(known: pd.DataFrame) -> list[tuple[str, list[int]]]:
    """The days of each line, the site with the most subjects first; as many sites as there are colours."""
    sizes = known.groupby("site", sort=True).size().sort_values(ascending=False, kind="stable")
    days = known["date"].map(pd.Timestamp.toordinal)
    return [(str(site), days[known["site"] == site].to_list()) for site in sizes.index[: len(_COLOURS)]]


def _apart(places: list[float], least: float = 17) -> list[float]:
    """Places for labels near those wanted, in the same order, so that none overlaps."""
    order = sorted(range(len(places)), key=lambda each: places[each])
    found = list(places)
    for before, each in itertools.pairwise(order):
        found[each] = max(found[each], found[before] + least)
    overflow = max(0.0, max(found) - _BOTTOM)
    for each in reversed(order):
        limit = _BOTTOM if each == order[-1] else found[order[order.index(each) + 1]] - least
        found[each] = min(found[each], limit) if overflow else found[each]
    return found


def _date_ticks(first: pd.Timestamp, last: pd.Timestamp) -> tuple[pd.Timestamp, ...]:
    """First days of months that enclose the dates, at most ten, evenly apart."""
    start = pd.Timestamp(first.year, first.month, 1)
    months = (last.year - start.year) * 12 + last.month - start.month + 1
    apart = next((each for each in _MONTHS_APART if months / each <= _MOST_TICKS - 1), 240)
    start = (
        pd.Timestamp(start.year, 1, 1)
        if apart >= 12
        else start - pd.DateOffset(months=(start.month - 1) % apart)
    )
    ticks = [start]
    while ticks[-1] <= last:
        ticks.append(ticks[-1] + pd.DateOffset(months=apart))
    return tuple(ticks)


def _tick_label(tick: pd.Timestamp, ticks: tuple[pd.Timestamp, ...]) -> str:
    return f"{tick:%Y}" if all(each.month == 1 for each in ticks) else f"{tick:%Y-%m}"


def _day(day: pd.Timestamp) -> str:
    return "" if pd.isna(day) else f"{day:%Y-%m-%d}"
