"""The local laboratories' extract: every hospital with its own names, units, limits and decimal mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from raw.simulation.as_text import Texts, clock, constant, counted, days, frame, looked_up, numbers, stamps
from raw.simulation.cohort import Cohort
from raw.simulation.draws import Bools, Floats, Ints, on_weekday
from raw.simulation.parameters import Parameters, Site, Test, Unit
from raw.simulation.parameters.frozen import BySex
from raw.simulation.samples import PANELS, UNPLANNED, Samples
from raw.simulation.streams import Streams
from raw.simulation.visit_labels import labels, ways_drawn

NUMERIC, TEXTUAL, CENSORED = 0, 1, 2


@dataclass(frozen=True)
class LocalResults:
    """A block of the extract; beside the records, what the planting of faults and the counts need to know."""

    records: pd.DataFrame
    subject: Ints
    """position of each record's subject"""
    test: npt.NDArray[np.object_]
    """test code of each record"""
    kind: Ints
    """NUMERIC, TEXTUAL or CENSORED"""
    standard_unit: Bools
    """the unit is the test's first one"""
    visit: Ints
    """position of the planned visit; UNPLANNED"""


def local_tests(parameters: Parameters) -> Mapping[str, Test]:
    """The tests that the local laboratories make."""
    return {name: test for name, test in parameters.laboratory.tests.items() if not test.central}


def local_results(
    parameters: Parameters,
    cohort: Cohort,
    samples: Samples,
    first_sample: int,
    values: Mapping[str, Floats],
    streams: Streams,
    block: int,
) -> LocalResults:
    """The records of a block of samples; the first of them is number `first_sample` of the study."""
    rng = streams.of("local laboratory", block)
    given = parameters.laboratory
    tests, sites = local_tests(parameters), list(parameters.sites.values())
    delivered = (samples.taken | samples.reported)[:, None]
    wanted = delivered & samples.panels[:, [PANELS.index(test.panel) for test in tests.values()]]
    sample, test = np.nonzero(wanted)
    sex, way = cohort.sex[samples.subject], cohort.ways[samples.subject]

    codes = np.zeros(wanted.shape, dtype=np.int64)
    kinds = np.full(wanted.shape, NUMERIC)
    dictionary: list[Texts] = [pa.array([given.not_done_text, given.haemolysed.text])]
    used = len(dictionary[0])
    for column, (name, each) in enumerate(tests.items()):
        for position, site in enumerate(sites):
            own = np.flatnonzero(way == position)
            if not own.size:
                continue
            texts, code, censored = _written(each, name, site, {key: x[own] for key, x in values.items()})
            codes[own, column] = code + used
            kinds[own, column] = np.where(censored, CENSORED, NUMERIC)
            dictionary.append(texts)
            used += len(texts)

    comments = ["", given.haemolysed.comment, given.clumped.comment, given.not_done_comment]
    comment = np.full(wanted.shape, -1)
    names = list(tests)
    haemolysed = (rng.random(samples.size) < given.haemolysed.share)[:, None] & np.isin(
        names, given.haemolysed.tests
    )
    codes[haemolysed], kinds[haemolysed], comment[haemolysed] = 1, TEXTUAL, 1
    clumped = (rng.random(samples.size) < given.clumped.share) & samples.taken
    column = names.index(given.clumped.test)
    limits = [
        _number(tests[given.clumped.test], given.clumped.test, site, given.clumped.limit) for site in sites
    ]
    dictionary.append(pa.array([f"<{limit}" for limit in limits]))
    codes[clumped, column] = used + way[clumped]
    kinds[clumped, column], comment[clumped, column] = CENSORED, 2
    single = rng.random(wanted.shape) < given.single_not_done
    codes[single], kinds[single] = 0, TEXTUAL
    codes[~samples.taken], kinds[~samples.taken], comment[~samples.taken] = 0, TEXTUAL, 3
    not_done = (codes == 0)[sample, test]

    by_sample = _by_sample(parameters, cohort, samples, first_sample, rng)
    by_way = test * len(sites) + way[sample]
    by_sex = np.where(not_done, -1, by_way * 2 + sex[sample])
    low, high = _ranges(tests, sites)
    records = frame(
        {
            "STUDY": constant(parameters.study, sample.size),
            **{name: looked_up(texts, sample) for name, texts in by_sample.items() if name != "VALIDATED"},
            "TEST": looked_up(
                [each.names[site.names == "long"] for each in tests.values() for site in sites], by_way
            ),
            "RESULT": looked_up(pa.concat_arrays(dictionary), codes[sample, test]),
            "UNIT": looked_up(
                [unit_of(each, name, site)[0] for name, each in tests.items() for site in sites],
                np.where(not_done, -1, by_way),
            ),
            "REFLOW": looked_up(low, by_sex),
            "REFHIGH": looked_up(high, by_sex),
            "LABNAME": looked_up([site.laboratory for site in sites], way[sample]),
            "COMMENT": looked_up(comments, comment[sample, test]),
            "VALIDATED": looked_up(by_sample["VALIDATED"], sample),
            "DATANATURE": constant(parameters.nature, sample.size),
        }
    )
    first = np.array(
        [
            [unit_of(each, name, site)[0] == next(iter(each.units)) for site in sites]
            for name, each in tests.items()
        ]
    )
    return LocalResults(
        records=records,
        subject=samples.subject[sample],
        test=np.array(names, dtype=object)[test],
        kind=kinds[sample, test],
        standard_unit=first[test, way[sample]],
        visit=samples.visit[sample],
    )


def unit_of(test: Test, name: str, site: Site) -> tuple[str, Unit]:
    """The unit that the site's laboratory uses for the test."""
    unit = site.units.get(name, next(iter(test.units)))
    return unit, test.units[unit]


def local_subjects(cohort: Cohort) -> Texts:
    """The subjects' numbers as the local laboratories write them, 01/007."""
    pairs = zip(cohort.site.tolist(), cohort.number.tolist(), strict=True)
    return pa.array([f"{site:02d}/{number:03d}" for site, number in pairs])


def local_labels(parameters: Parameters, cohort: Cohort, samples: Samples, rng: np.random.Generator) -> Texts:
    """What the laboratories call the visits of the samples."""
    given = parameters.calendar.unscheduled.laboratory_labels
    way = ways_drawn(parameters, cohort, samples.subject, rng)
    planned = labels(parameters, np.maximum(samples.visit, 0), way, samples.early_end)
    unplanned = np.floor(rng.random(samples.size) * len(given)).astype(np.int64)
    both = pa.concat_arrays([planned, pa.array(given)])
    return looked_up(
        both, np.where(samples.visit == UNPLANNED, samples.size + unplanned, np.arange(samples.size))
    )


def _by_sample(
    parameters: Parameters, cohort: Cohort, samples: Samples, first_sample: int, rng: np.random.Generator
) -> Mapping[str, Texts]:
    """The columns that are the same for all results of a sample."""
    after = parameters.laboratory.validated_after
    hours = after.low + rng.random(samples.size) * (after.high - after.low)
    second = samples.minute * 60 + np.floor(hours * 3600).astype(np.int64)
    validated = on_weekday(samples.date + (second // 86_400).astype("timedelta64[D]"))
    return {
        "SUBJID": looked_up(local_subjects(cohort), samples.subject),
        "VISIT": local_labels(parameters, cohort, samples, rng),
        "SAMPID": counted("L", first_sample + np.arange(samples.size) + 1, 8),
        "SAMPDAT": days(samples.date, "%d/%m/%Y"),
        "SAMPTIM": clock(samples.minute),
        "VALIDATED": stamps(validated, second % 86_400),
    }


def _written(test: Test, name: str, site: Site, values: Mapping[str, Floats]) -> tuple[Texts, Ints, Bools]:
    """Results as the site writes them: a dictionary, each value's place in it, which are below the limit."""
    unit = unit_of(test, name, site)[1]
    value = 100 * values[name] / values[unit.percent_of] if unit.percent_of else values[name] * unit.factor
    steps = np.maximum(np.rint(value * 10.0**unit.decimals), 0).astype(np.int64)
    top = (1 << int(steps.max(initial=1)).bit_length()) - 1
    texts = numbers(unit.decimals, top, site.comma)
    limit = site.censored.get(name)
    if limit is None:
        return texts, steps, np.zeros(steps.size, dtype=np.bool_)
    below: Bools = value < limit
    return pa.concat_arrays([texts, pa.array([f"<{limit:g}"])]), np.where(below, len(texts), steps), below


def _number(test: Test, name: str, site: Site, value: float) -> str:
    """One number (in the standard unit) as the site writes it."""
    unit = unit_of(test, name, site)[1]
    return str(_as_written(value * unit.factor, unit, site))


def _as_written(value: float, unit: Unit, site: Site) -> str:
    text = f"{round(value, unit.decimals):.{max(unit.decimals, 0)}f}"
    return text.replace(".", ",") if site.comma else text


def _ranges(tests: Mapping[str, Test], sites: Sequence[Site]) -> tuple[list[str | None], list[str | None]]:
    """Reference limits as written, for each test, site and sex, in this order; no lower limit of 0."""
    low: list[str | None] = []
    high: list[str | None] = []
    for name, test in tests.items():
        for site in sites:
            unit = unit_of(test, name, site)[1]
            standard = (
                (test.range.F, test.range.M) if isinstance(test.range, BySex) else (test.range, test.range)
            )
            for limits in standard:
                pair = unit.range or (limits[0] * unit.factor, limits[1] * unit.factor)
                low.append(_as_written(pair[0], unit, site) if pair[0] > 0 else None)
                high.append(_as_written(pair[1], unit, site))
    return low, high
