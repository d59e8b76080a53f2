"""The whole export: every table simulated, faults planted, files written."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from raw.simulation import delivery
from raw.simulation.adverse_events import simulate_events
from raw.simulation.central_laboratory import central_results
from raw.simulation.cohort import Cohort, simulate_cohort
from raw.simulation.edc_defects import Faulty, plant_in_forms
from raw.simulation.event_form import EventForm, coding, event_form
from raw.simulation.features import Features
from raw.simulation.forms import (
    consent_form,
    demography_form,
    end_of_study_form,
    end_of_treatment_form,
    folder_ways,
    injection_form,
    visit_form,
)
from raw.simulation.laboratory_defects import plant_in_central, plant_in_local
from raw.simulation.levels import simulate_levels
from raw.simulation.local_laboratory import local_results
from raw.simulation.pages import Form
from raw.simulation.parameters import Parameters, read_parameters
from raw.simulation.planting import Amount, Planted
from raw.simulation.results import simulate_results
from raw.simulation.samples import simulate_samples
from raw.simulation.streams import Streams
from raw.simulation.visits import Unscheduled, Visits, simulate_unscheduled, simulate_visits
from specs import UserError

SUBJECTS_AT_ONCE = 2_000
"""subjects whose laboratory results are in memory together"""


@dataclass(frozen=True)
class _Course:
    """What happened to the subjects, before anybody wrote it down."""

    parameters: Parameters
    cohort: Cohort
    visits: Visits
    unscheduled: Unscheduled
    streams: Streams
    defects: bool


def simulate(
    parameters: Path, out: Path, *, subjects: int | None = None, seed: int = 1, defects: bool = True
) -> None:
    """Write the export of a study as an EDC and its vendors would send it.

    `parameters` is a simulation.yaml; `subjects` how many are treated (as in the cohort, unless given); `out`
    a folder that does not exist yet or that holds an earlier simulated export, which is replaced. The
    same parameters, subjects and seed give the same bytes. Without `defects` no fault is planted.

    Raises UserError when the parameters do not fit together, the number of subjects is not possible, or the
    folder cannot be written or holds anything else.
    """
    given = read_parameters(parameters)
    count = given.cohort.size if subjects is None else subjects
    if count < 1:
        raise UserError.of(f"cannot simulate {count} subjects", "--subjects", "give a number of 1 or more")
    if seed < 0:
        raise UserError.of(f"seed {seed} is negative", "--seed", "give a number of 0 or more")
    delivery.check_replaceable(out)
    streams = Streams(seed)
    cohort = simulate_cohort(given, count, streams)
    visits = simulate_visits(given, cohort, streams)
    unscheduled = simulate_unscheduled(given, cohort, visits, streams)
    course = _Course(given, cohort, visits, unscheduled, streams, defects)

    out.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        features = Features()
        planted = [*_write_forms(course, staging, features), *_write_laboratories(course, staging, features)]
        delivery.write_answers(given, staging, planted, features)
        delivery.write_readme(given, cohort, staging, seed)
        delivery.write_manifest(given, cohort, staging, seed=seed, defects=defects)
        delivery.replace_folder(staging, out)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _write_forms(course: _Course, folder: Path, features: Features) -> tuple[Planted, ...]:
    """edc.zip and coding.xpt."""
    given, cohort, visits, streams = course.parameters, course.cohort, course.visits, course.streams
    ways = folder_ways(given, cohort, streams)
    events = event_form(given, cohort, simulate_events(given, cohort, visits, streams), streams)
    forms = {
        form.name: form
        for form in (
            consent_form(given, cohort, streams),
            demography_form(given, cohort, streams),
            visit_form(given, cohort, visits, course.unscheduled, ways, streams),
            injection_form(given, cohort, visits, ways, streams, "EXI"),
            injection_form(given, cohort, visits, ways, streams, "EXM"),
            events.form,
            end_of_treatment_form(given, cohort, visits, streams),
            end_of_study_form(given, cohort, visits, streams),
        )
    }
    faulty = _faulty(course, forms, events)
    logical = faulty.forms["AE"].records.iloc[: len(events.pt)]
    coded = coding(given, logical, events.pt, events.soc, faulty.uncoded)
    for name, form in forms.items():
        features.add(name, form.records)
    delivery.write_edc(given, {name: form.records for name, form in faulty.forms.items()}, folder)
    delivery.write_coding(given, coded, folder, visits.last_contact.max())
    return faulty.planted


def _faulty(course: _Course, forms: Mapping[str, Form], events: EventForm) -> Faulty:
    if not course.defects:
        return Faulty(forms, np.zeros(len(events.pt), dtype=np.bool_), ())
    return plant_in_forms(course.parameters, course.cohort, course.visits, forms, events, course.streams)


def _write_laboratories(course: _Course, folder: Path, features: Features) -> list[Planted]:
    """lab_local.csv and lab_central.xlsx, subjects by subjects."""
    given, cohort, streams = course.parameters, course.cohort, course.streams
    samples = simulate_samples(given, cohort, course.visits, course.unscheduled, streams)
    levels = simulate_levels(given, cohort, streams)
    bounds = [*range(0, cohort.screened, SUBJECTS_AT_ONCE), cohort.screened]
    planted: list[Planted] = []
    central: list[pd.DataFrame] = []
    central_row = 2
    with delivery.local_extract(folder) as extract:
        for block, (first, end) in enumerate(pairwise(bounds)):
            amount = Amount(given, cohort.treated, first / cohort.screened, end / cohort.screened)
            begin, stop = np.searchsorted(samples.subject, [first, end]).tolist()
            part = samples.part(slice(begin, stop))
            values = simulate_results(given, cohort, levels, part, streams, block)
            local = local_results(given, cohort, part, begin, values, streams, block)
            transfer = central_results(given, cohort, part, begin, values, streams, block)
            local_records, central_records = local.records, transfer.records
            if course.defects:
                faulty = plant_in_local(
                    given, cohort, course.visits, local, amount, streams, block, extract.next_row
                )
                sent = plant_in_central(
                    cohort, transfer.records, transfer.subject, amount, streams, block, central_row
                )
                local_records, central_records = faulty.records, sent.records
                planted += [*faulty.planted, *sent.planted]
            central_row += len(central_records)
            extract.append(local_records)
            central.append(central_records)
            features.add("LAB_LOCAL", local.records)
            features.add("LAB_CENTRAL", transfer.records)
    delivery.write_central(given, pd.concat(central, ignore_index=True), folder)
    return planted
