"""The pages of the EDC: what every form carries beside its own questions, and how dates are entered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from raw.simulation.as_text import Texts, constant, counted, days, frame, integers, looked_up, stamps
from raw.simulation.cohort import Cohort
from raw.simulation.draws import Bools, Days, Ints, chosen, on_weekday
from raw.simulation.parameters import Parameters
from raw.simulation.streams import Streams

COMPLETE, NO_DAY, NO_MONTH, SHORT = range(4)


@dataclass(frozen=True)
class Form:
    """One form of the EDC, filled in."""

    name: str
    records: pd.DataFrame
    subject: Ints
    """position of each record's subject"""


def filled_in(
    parameters: Parameters,
    cohort: Cohort,
    streams: Streams,
    name: str,
    subject: Ints,
    happened: Days,
    answers: Mapping[str, Texts],
    *,
    folder: Texts | None = None,
    repeat: Ints | None = None,
) -> Form:
    """The pages of a form: its answers between the columns that every form has.

    `happened` is the day of which a page speaks, and after which it was last modified; `folder` is
    the visit's folder where the form belongs to visits.
    """
    rng = streams.of(f"pages {name}")
    size = subject.size
    roles = list(parameters.edc.roles)
    after = parameters.edc.entered_after
    wait = rng.integers(int(after.low), int(after.high) + 1, size).astype("timedelta64[D]")
    second = rng.integers(8 * 3600, 18 * 3600, size)
    records = frame(
        {
            "STUDY": constant(parameters.study, size),
            "SITE": looked_up([f"{site:02d}" for site in range(100)], cohort.site[subject]),
            "SUBJID": looked_up(cohort.subject, subject),
            "FOLDER": constant(parameters.words.folders[name], size) if folder is None else folder,
            "FORM": constant(name, size),
            "RECORD_ID": counted(name, np.arange(1, size + 1), 8),
            "PAGE_REPEAT": integers(np.ones(size, dtype=np.int64) if repeat is None else repeat),
            **answers,
            "ENTERED_BY": looked_up(roles, chosen(rng, list(parameters.edc.roles.values()), size)),
            "LAST_MODIFIED": stamps(on_weekday(happened + wait), second),
            "DATANATURE": constant(parameters.nature, size),
        }
    )
    return Form(name, records, subject)


def entered(
    parameters: Parameters, cohort: Cohort, subject: Ints, dates: Days, partial: Ints | None = None
) -> Texts:
    """Dates as the EDC shows them: DD/MM/YYYY, YYYY-MM-DD at a migrated site, or the part that is known."""
    migrated = np.array([site.migrated for site in parameters.sites.values()])[cohort.ways[subject]]
    unknown = parameters.words.unknown_part
    forms = ["%d/%m/%Y", f"{unknown}/%m/%Y", f"{unknown}/{unknown}/%Y", "/%m/%Y", "%Y-%m-%d"]
    form = (
        np.where(migrated, 4, 0)
        if partial is None
        else np.where(partial > 0, partial, np.where(migrated, 4, 0))
    )
    written = pa.concat_arrays([days(dates, each) for each in forms])
    return looked_up(written, form * dates.size + np.arange(dates.size))


def yes_no(parameters: Parameters, answer: Bools, asked: Bools | None = None) -> Texts:
    """Yes or no, as the EDC writes it; missing where it was not asked."""
    position = np.where(answer, 0, 1)
    return looked_up(
        [parameters.words.yes, parameters.words.no],
        position if asked is None else np.where(asked, position, -1),
    )


def partial_kinds(parameters: Parameters, size: int, rng: np.random.Generator) -> Ints:
    """How much of each date is known."""
    given = parameters.edc.partial
    return chosen(rng, [1 - given.day - given.month - given.short, given.day, given.month, given.short], size)
