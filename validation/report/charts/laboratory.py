"""Laboratory: where results stand outside the normal range, test by test and visit by visit."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from exchange import NUMBER, TEXT
from validation.report.charts import svg
from validation.report.charts.figure import Datasets, Figure, count, texts, unavailable

_KEY, _TITLE = "laboratory", "Laboratory results outside the normal range"
_MOST_TESTS, _MOST_VISITS = 40, 26
_LEFT, _RIGHT, _TOP, _ROW = 150, 900, 128, 22
_UNSCHEDULED, _NO_VISIT = "Unscheduled", "No visit"
_STEPS = (0.05, 0.10, 0.25, 0.50)
_LOW = ("#dbe9f6", "#b3d0ea", "#6aaed6", "#2e7ebc", "#084a91")
_HIGH = ("#fee6ce", "#fdc692", "#fa9442", "#d9580b", "#8c2d04")
_STEP_NAMES = ("to 5 %", "to 10 %", "to 25 %", "to 50 %", "over 50 %")


def laboratory(datasets: Datasets) -> Figure:
    """The share of results LOW and HIGH (LBNRIND) by test (LBTESTCD within LBCAT) and visit, as a heat table.

    Of the results that have an LBNRIND; visits named UNSCHEDULED, or without a
    name and with a fraction in VISITNUM, are one column. Of
    more than 40 tests those most often out of range are shown, of more than 26 visits the first.
    """
    reason = unavailable(datasets, "LB", "LBTESTCD", "LBNRIND")
    if reason:
        return Figure(_KEY, _TITLE, absent=reason)
    results = _results(datasets)
    if results.empty:
        return Figure(_KEY, _TITLE, absent="LB has no result with LBNRIND.")
    visits = results.groupby("visit", sort=True)["order"].min().reset_index().sort_values(["order", "visit"])
    tests = (
        results.groupby(["category", "test"], sort=True)[["low", "high", "other", "results"]]
        .sum()
        .reset_index()
    )
    tests = tests.assign(out=(tests["low"] + tests["high"] + tests["other"]) / tests["results"])
    most = tests.sort_values(["out", "category", "test"], ascending=[False, True, True]).head(_MOST_TESTS)
    shown_tests = most.sort_values(["category", "test"])
    shown_visits = visits["visit"].to_list()[:_MOST_VISITS]
    cells = results.groupby(["category", "test", "visit"], sort=True)[
        ["low", "high", "other", "results"]
    ].sum()
    total = results[["low", "high", "other", "results"]].sum()
    out = int(total["low"] + total["high"] + total["other"])
    caption = [
        f"{out:,} of {count(int(total['results']), 'result')} with LBNRIND are outside the range "
        f"({100 * out / int(total['results']):.1f} %): {int(total['low']):,} low, {int(total['high']):,} high"
        + (f", {int(total['other']):,} abnormal." if total["other"] else ".")
    ]
    if len(tests) > _MOST_TESTS:
        caption.append(f"Of {len(tests)} tests the {_MOST_TESTS} most often out of range are shown.")
    if len(visits) > _MOST_VISITS:
        caption.append(f"Of {len(visits)} visits the first {_MOST_VISITS} are shown.")
    keys = list(zip(shown_tests["category"], shown_tests["test"], strict=True))
    numbers = {
        key: (int(low), int(high), int(other), int(n))
        for key, low, high, other, n in zip(
            cells.index, cells["low"], cells["high"], cells["other"], cells["results"], strict=True
        )
    }
    table = tuple(
        (test, category, *(_written(numbers.get((category, test, visit))) for visit in shown_visits))
        for category, test in keys
    )
    return Figure(
        _KEY,
        _TITLE,
        " ".join(caption),
        _drawn(keys, shown_visits, numbers, " ".join(caption)),
        ("Test", "Category", *shown_visits),
        table,
    )


def _results(datasets: Datasets) -> pd.DataFrame:
    """The results that have an LBNRIND: category, test, visit, its order; 1 where low, high, abnormal."""
    records = datasets["LB"].records
    records = records[(records["LBNRIND"].notna() & records["LBTESTCD"].notna()).to_numpy()].reset_index(
        drop=True
    )
    given = texts(records, "LBNRIND").str.upper()
    number = (
        records["VISITNUM"].astype(NUMBER)
        if "VISITNUM" in records
        else pd.Series(pd.NA, index=records.index, dtype=NUMBER)
    )
    named = texts(records, "VISIT")
    between = ((number - number.round()).abs() > 1e-6).fillna(False) & named.isna()
    visit = named.fillna("Visit " + number.map(svg.number, na_action="ignore").astype(TEXT))
    unscheduled = visit.str.upper().str.startswith("UNSCHED").fillna(False) | between
    late = float(number.max()) + 1 if number.notna().any() else 1.0
    order = number.fillna(late).where(~unscheduled, late + 1).where(visit.notna() | unscheduled, late + 2)
    return pd.DataFrame(
        {
            "category": texts(records, "LBCAT").fillna(""),
            "test": records["LBTESTCD"],
            "visit": visit.where(~unscheduled, _UNSCHEDULED).fillna(_NO_VISIT),
            "order": order.astype("float64"),
            "low": given.str.startswith("LOW").astype("int64"),
            "high": given.str.startswith("HIGH").astype("int64"),
            "other": given.eq("ABNORMAL").astype("int64"),
            "results": 1,
        }
    )


def _written(cell: tuple[int, int, int, int] | None) -> str:
    if cell is None:
        return ""
    low, high, other, results = cell
    parts = [f"{n} {name}" for n, name in ((low, "low"), (high, "high"), (other, "abnormal")) if n]
    return f"{', '.join(parts) or 'none'} of {results}"


def _shade(share: float, shades: tuple[str, ...]) -> str:
    if share == 0:
        return "#ffffff"
    return shades[sum(share > step for step in _STEPS)]


def _drawn(
    keys: list[tuple[str, str]],
    visits: list[str],
    numbers: dict[tuple[str, str, str], tuple[int, int, int, int]],
    description: str,
) -> Markup:
    width = min(64.0, (_RIGHT - _LEFT) / len(visits))
    marks: list[Markup] = _legend()
    for at, visit in enumerate(visits):
        x = _LEFT + width * (at + 0.5)
        marks.append(
            svg.text(
                x,
                _TOP - 10,
                svg.shortened(visit, 14),
                transform=f"rotate(-50 {svg.number(x)} {_TOP - 10})",
                kind="tick",
            )
        )
    y = float(_TOP)
    before = None
    categories = len({category for category, _ in keys}) > 1
    for category, test in keys:
        if categories and category != before:
            marks.append(svg.text(8, y + 15, svg.shortened(category or "no category", 40), kind="bold"))
            y += _ROW
        before = category
        marks.append(svg.text(_LEFT - 10, y + 15, svg.shortened(test, 16), anchor="end"))
        for at, visit in enumerate(visits):
            marks.append(
                _cell(_LEFT + width * at, y, width, test, visit, numbers.get((category, test, visit)))
            )
        y += _ROW
    marks.append(
        svg.text(
            _LEFT,
            y + 24,
            "Visits from left to right, tests from top to bottom; share of results in %",
            kind="axis",
        )
    )
    return svg.drawing(_KEY, y + 36, _TITLE, description, *marks)


def _cell(
    x: float, y: float, width: float, test: str, visit: str, cell: tuple[int, int, int, int] | None
) -> Markup:
    """Two halves, low and high, each with its share in percent; a dot where there is no result."""
    if cell is None:
        return svg.element("circle", {"cx": x + width / 2, "cy": y + _ROW / 2, "r": 1.5, "fill": "#c3cad2"})
    low, high, _, results = cell
    half = (width - 2) / 2
    drawn = [svg.title(f"{test}, {visit}: {_written(cell)}")]
    for share, shades, left in ((low / results, _LOW, x + 1), (high / results, _HIGH, x + 1 + half)):
        drawn.append(svg.rect(left, y + 1, half, _ROW - 2, _shade(share, shades)))
        if share:
            kind = "cell light" if share > _STEPS[2] else "cell"
            drawn.append(svg.text(left + half / 2, y + 15, f"{100 * share:.0f}", anchor="middle", kind=kind))
    drawn.append(
        svg.element(
            "rect",
            {
                "x": x + 1,
                "y": y + 1,
                "width": width - 2,
                "height": _ROW - 2,
                "fill": "none",
                "stroke": svg.LINE,
            },
        )
    )
    return svg.group(*drawn)


def _legend() -> list[Markup]:
    marks: list[Markup] = []
    for at, (name, shades) in enumerate((("LOW, left half", _LOW), ("HIGH, right half", _HIGH))):
        y = 12 + 20 * at
        marks.append(svg.text(_LEFT - 10, y + 4, name, anchor="end", kind="tick"))
        entries = [
            (svg.rect(-7, -6, 13, 12, shade), step) for shade, step in zip(shades, _STEP_NAMES, strict=True)
        ]
        marks.append(svg.legend(_LEFT, y, entries))
    return marks
