"""The central laboratory's transfer: one assay for all sites, subjects padded as it pleases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from raw.simulation.as_text import (
    Texts,
    clock,
    constant,
    counted,
    days,
    frame,
    integers,
    joined,
    looked_up,
    numbers,
)
from raw.simulation.cohort import Cohort
from raw.simulation.draws import Floats, Ints, chosen, on_weekday
from raw.simulation.local_laboratory import local_labels
from raw.simulation.parameters import Parameters
from raw.simulation.parameters.frozen import BySex
from raw.simulation.samples import PANELS, Samples
from raw.simulation.streams import Streams


@dataclass(frozen=True)
class CentralResults:
    """A block of the transfer."""

    records: pd.DataFrame
    padding: Ints
    """which padding each record's subject number has"""
    subject: Ints
    """position of each record's subject"""


def central_results(
    parameters: Parameters,
    cohort: Cohort,
    samples: Samples,
    first_sample: int,
    values: Mapping[str, Floats],
    streams: Streams,
    block: int,
) -> CentralResults:
    """The records of a block of samples; the first of them is number `first_sample` of the study."""
    rng = streams.of("central laboratory", block)
    given = parameters.laboratory.central
    tests = {name: test for name, test in parameters.laboratory.tests.items() if test.central}
    sent = samples.taken & (rng.random(samples.size) >= given.missing)
    wanted = sent[:, None] & samples.panels[:, [PANELS.index(test.panel) for test in tests.values()]]
    sample, test = np.nonzero(wanted)
    again = rng.random(sample.size) < given.repeated.share
    source = np.repeat(np.arange(sample.size), 1 + again)
    sample, test = sample[source], test[source]
    run = np.ones(sample.size, dtype=np.int64)
    run[1:][source[1:] == source[:-1]] = 2
    first_of_two = again[source] & (run == 1)

    early = samples.date[sample] < np.datetime64(given.changed, "D")
    sex = cohort.sex[samples.subject[sample]]
    result: list[Texts] = []
    codes = np.empty(sample.size, dtype=np.int64)
    units: list[str] = []
    unit_codes = np.empty(sample.size, dtype=np.int64)
    limits: list[tuple[str | None, str]] = []
    used = 0
    for column, (name, each) in enumerate(tests.items()):
        for in_early in (False, True):
            standard = next(iter(each.units))
            unit = given.early_units.get(name, standard) if in_early else standard
            form = each.units[unit]
            own = np.flatnonzero((test == column) & (early == in_early))
            value = values[name][sample[own]] * form.factor
            value = value * np.where(first_of_two[own], np.exp(rng.normal(0, given.repeated.sd, own.size)), 1)
            steps = np.rint(value * 10.0**form.decimals).astype(np.int64)
            top = (1 << int(steps.max(initial=1)).bit_length()) - 1
            texts = numbers(form.decimals, top)
            if each.censored is not None:
                texts = pa.concat_arrays([texts, pa.array([f"<{each.censored:g}"])])
                steps = np.where(value < each.censored, len(texts) - 1, steps)
            result.append(texts)
            codes[own] = used + steps
            used += len(texts)
            unit_codes[own] = len(units)
            units.append(unit)
            ranges = (
                (each.range.F, each.range.M) if isinstance(each.range, BySex) else (each.range, each.range)
            )
            for low, high in ranges:
                written = [f"{limit * form.factor:.{form.decimals}f}" for limit in (low, high)]
                limits.append((written[0] if low > 0 else None, written[1]))

    result.append(pa.array([given.not_done.text]))
    not_done = (rng.random(sample.size) < given.not_done.share) & ~again[source]
    codes[not_done] = used
    range_codes = np.where(not_done, -1, unit_codes * 2 + sex)
    comment = np.where(not_done, 0, np.where(run == 2, 1, -1))

    padding = chosen(rng, [each[0] for each in given.padding], samples.size)
    label = local_labels(parameters, cohort, samples, rng)
    moment = joined(days(samples.date, "%Y-%m-%d"), "T", clock(samples.minute))
    wait = rng.integers(1, 4, samples.size)[sample] + (run - 1) * given.repeated.days
    run_day = on_weekday(samples.date[sample] + wait.astype("timedelta64[D]"))
    run_day = np.where(run == 2, on_weekday(run_day + np.timedelta64(1, "D")), run_day)
    run_minute = rng.integers(8 * 60, 18 * 60, samples.size)[sample]
    records = frame(
        {
            "STUDY": constant(parameters.study, sample.size),
            "SUBJECT": looked_up(_subjects(parameters, cohort, samples, padding), sample),
            "VISIT": looked_up(label, sample),
            "ACCESSN": looked_up(counted("AC", first_sample + np.arange(samples.size) + 1, 8), sample),
            "SAMPDTC": looked_up(moment, sample),
            "TEST": looked_up([each.names[0] for each in tests.values()], test),
            "RESULT": looked_up(pa.concat_arrays(result), codes),
            "UNIT": looked_up(units, np.where(not_done, -1, unit_codes)),
            "REFLOW": looked_up([low for low, _ in limits], range_codes),
            "REFHIGH": looked_up([high for _, high in limits], range_codes),
            "RUN": integers(run),
            "RUNDTC": joined(days(run_day, "%Y-%m-%d"), "T", clock(run_minute)),
            "COMMENT": looked_up([given.not_done.comment, given.repeated.comment], comment),
            "DATANATURE": constant(parameters.nature, sample.size),
        }
    )
    return CentralResults(records, padding[sample], samples.subject[sample])


def _subjects(parameters: Parameters, cohort: Cohort, samples: Samples, padding: Ints) -> Texts:
    """The subjects' numbers, padded as drawn for each sample."""
    texts: list[str] = []
    pairs = list(zip(cohort.site.tolist(), cohort.number.tolist(), strict=True))
    for _, site_digits, number_digits in parameters.laboratory.central.padding:
        texts += [f"{site:0{site_digits}d}-{number:0{number_digits}d}" for site, number in pairs]
    return looked_up(texts, padding * len(pairs) + samples.subject)
