"""Events that were recorded in several lines: which lines follow treatment start, and from which on they are
worse."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

KEYS = ["subject", "group"]


def worsened_lines(
    lines: pd.DataFrame, greater: Callable[[pd.Series, pd.Series], pd.Series]
) -> tuple[pd.Series, pd.Series]:
    """Lines after treatment start of an event that began before it, and those of them since it has worsened.

    `lines` has subject, group, start, before (whether the line starts before treatment) and intensity. A line
    is worse where its intensity is `greater` than that of the event's last line before treatment start; so
    are all later ones.
    """
    lines = lines.assign(place=range(len(lines)))
    grouped = lines["group"].notna() & lines["start"].notna()
    at_start = (
        lines[grouped & lines["before"]]
        .sort_values(["start", "place"], kind="stable")
        .drop_duplicates(KEYS, keep="last")[[*KEYS, "intensity"]]
        .assign(began=True)
    )
    beside = lines[KEYS].merge(at_start, on=KEYS, how="left", validate="many_to_one").set_axis(lines.index)
    linked = grouped & beside["began"].notna() & ~lines["before"]
    worse = linked & greater(lines["intensity"], beside["intensity"])
    in_order = lines.assign(worse=worse)[grouped].sort_values(["start", "place"], kind="stable")
    since = in_order.groupby(KEYS, sort=False)["worse"].cummax().reindex(lines.index, fill_value=False)
    return linked, linked & since.astype(bool)
