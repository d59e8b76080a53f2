"""The faults planted in the forms of the EDC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from raw.simulation.as_text import counted
from raw.simulation.cohort import Cohort
from raw.simulation.draws import Bools, Ints, order_within
from raw.simulation.event_form import EventForm
from raw.simulation.pages import NO_DAY, Form, entered
from raw.simulation.parameters import Parameters
from raw.simulation.planting import Amount, Planted, Planting, later
from raw.simulation.streams import Streams
from raw.simulation.visits import Visits

_REQUERY_DAYS = 12
"""a page is exported a second time that long after it was first modified"""


@dataclass(frozen=True)
class Faulty:
    """The forms with their faults."""

    forms: Mapping[str, Form]
    uncoded: Bools
    """records of AE whose term the coder does not know"""
    planted: tuple[Planted, ...]


@dataclass(frozen=True)
class _Study:
    parameters: Parameters
    cohort: Cohort
    visits: Visits
    amount: Amount


def plant_in_forms(
    parameters: Parameters,
    cohort: Cohort,
    visits: Visits,
    forms: Mapping[str, Form],
    events: EventForm,
    streams: Streams,
) -> Faulty:
    """Plant the faults of consent, demography, visits, injections and adverse events."""
    study = _Study(parameters, cohort, visits, Amount(parameters, cohort.treated))
    tables = {
        name: Planting(
            name,
            f"edc.zip/{name}.csv",
            form.records,
            cohort.subject[form.subject],
            streams.of(f"faults {name}"),
        )
        for name, form in forms.items()
    }
    _in_consent(study, forms["IC"], tables["IC"])
    _in_demography(study, forms["DM"], tables["DM"])
    _in_visits(study, forms["SV"], tables["SV"])
    _in_injections(study, forms["EXM"], tables["EXM"])
    uncoded = _in_events(study, events, tables["AE"])
    planted = [fault for table in tables.values() for fault in table.planted("SUBJID")]
    changed = {name: replace(forms[name], records=table.records) for name, table in tables.items()}
    return Faulty(changed, uncoded, tuple(planted))


def _in_consent(study: _Study, form: Form, table: Planting) -> None:
    those = table.pick(study.cohort.enrolled[form.subject], study.amount.of("consent_after_first_dose"))
    subject = form.subject[those]
    late = study.cohort.first_dose[subject] + np.timedelta64(3, "D")
    table.write(those, "ICDAT", entered(study.parameters, study.cohort, subject, late).to_pylist())
    table.note("consent_after_first_dose", those, "ICDAT", "finding", "CONSENT_AFTER_FIRST_DOSE")


def _in_demography(study: _Study, form: Form, table: Planting) -> None:
    enrolled = study.cohort.enrolled[form.subject]
    those = table.pick(enrolled, study.amount.of("sex_not_allowed"))
    table.write(those, "SEX", study.amount.given("sex_not_allowed").text)
    table.note("sex_not_allowed", those, "SEX", "finding", "RAW_VALUE_NOT_ALLOWED")

    those = table.pick(enrolled, study.amount.of("weight_unreadable"))
    table.write(those, "WEIGHT", study.amount.given("weight_unreadable").text)
    table.note("weight_unreadable", those, "WEIGHT", "finding", "RAW_TYPE")

    those = table.pick(enrolled, study.amount.of("duplicate_dm"))
    _exported_again(table, those)
    table.write(those, "WEIGHT", [f"{weight + 1:.1f}" for weight in study.cohort.weight[form.subject[those]]])
    table.note("duplicate_dm", those, "LAST_MODIFIED", "accounting", "DUPLICATE")


def _in_visits(study: _Study, form: Form, table: Planting) -> None:
    held = form.records["VISDAT"].notna().to_numpy()
    those = table.pick(held, study.amount.of("duplicate_sv"))
    _exported_again(table, those)
    table.write(those, "VISDAT", None)
    table.note("duplicate_sv", those, "LAST_MODIFIED", "accounting", "DUPLICATE")


def _in_injections(study: _Study, form: Form, table: Planting) -> None:
    given = form.records["EXMDAT"].notna().to_numpy()
    those = table.pick(given, study.amount.of("dose_not_planned"))
    table.write(those, "EXMDOSE", study.amount.given("dose_not_planned").text)
    table.note("dose_not_planned", those, "EXMDOSE", "finding", "DOSE_NOT_PLANNED")

    times, unknown = form.records["EXMTIM"], study.parameters.words.unknown_part
    timed = given & ~times.str.startswith(unknown).fillna(True).to_numpy(dtype=np.bool_)
    those = table.pick(timed, study.amount.of("injection_time_without_date"))
    subject = form.subject[those]
    known = study.visits.date[subject, _visit_of(study, form, those)]
    partial = np.full(those.size, NO_DAY)
    table.write(those, "EXMDAT", entered(study.parameters, study.cohort, subject, known, partial).to_pylist())
    table.note("injection_time_without_date", those, "EXMDAT", "finding", "TIME_WITHOUT_DATE")

    those = table.pick(given, study.amount.of("duplicate_exm"))
    _exported_again(table, those)
    table.write(those, "EXMTIM", None)
    table.note("duplicate_exm", those, "LAST_MODIFIED", "accounting", "DUPLICATE")

    stopped = np.isin(form.subject, np.nonzero(study.visits.early_end)[0])
    one_each = np.zeros(form.subject.size, dtype=np.bool_)
    candidates = np.flatnonzero(stopped & given)
    one_each[candidates[order_within(form.subject[candidates]) == 0]] = True
    after = table.pick(one_each, study.amount.of("injection_after_discontinuation"))
    not_done = table.pick(one_each, study.amount.of("injection_page_not_done"))

    added = _added_injections(study, form, table, after, later_by=1)
    table.note("injection_after_discontinuation", added, "EXMDAT", "finding", "EX_AFTER_DISCONTINUATION")

    added = _added_injections(study, form, table, not_done, later_by=0)
    table.write(added, "EXMYN", study.parameters.words.no)
    for column in ("EXMDAT", "EXMTIM", "EXMDOSE", "EXMUNIT", "EXMSITE"):
        table.write(added, column, None)
    table.note("injection_page_not_done", added, "EXMYN", "accounting", "NOT_DONE")


def _visit_of(study: _Study, form: Form, those: Ints) -> Ints:
    """The planned visits of pages of the diary."""
    calendar = study.parameters.calendar.visits
    doses = np.array([i for i, visit in enumerate(calendar) if visit.dose and visit.day >= 8])
    return doses[form.records["EXMNUM"].iloc[those].astype(np.int64).to_numpy() - 1]


def _added_injections(study: _Study, form: Form, table: Planting, of: Ints, *, later_by: int) -> Ints:
    """Pages added for subjects who stopped: of the injection of that day, or of one later by that many."""
    calendar = study.parameters.calendar
    doses = np.array([i for i, visit in enumerate(calendar.visits) if visit.dose and visit.day >= 8])
    subject = form.subject[of]
    stop = study.visits.early_end[subject].argmax(axis=1)
    number = np.minimum(np.searchsorted(doses, stop) + later_by, doses.size - 1)
    visit = doses[number]
    day = np.array([each.day for each in calendar.visits])[visit]
    date = study.cohort.first_dose[subject] + (day - 1).astype("timedelta64[D]")
    added = table.copied(of)
    first_new = int(added[0]) + 1 if added.size else 0
    table.write(added, "RECORD_ID", counted(form.name, first_new + np.arange(added.size), 8).to_pylist())
    table.write(added, "FOLDER", [calendar.labels["french"].format(day=each) for each in day.tolist()])
    table.write(added, "EXMNUM", [str(each + 1) for each in number.tolist()])
    table.write(added, "EXMDAY", [str(each) for each in day.tolist()])
    table.write(added, "EXMDAT", entered(study.parameters, study.cohort, subject, date).to_pylist())
    return added


def _in_events(study: _Study, form: EventForm, table: Planting) -> Bools:
    events, words = form.events, study.parameters.words
    ordinary = form.complete & ~events.serious & (events.action == 0)

    those = table.pick(ordinary, study.amount.of("ae_end_before_start"))
    earlier = events.start[those] - np.timedelta64(4, "D")
    table.write(
        those, "AEENDAT", entered(study.parameters, study.cohort, events.subject[those], earlier).to_pylist()
    )
    table.note("ae_end_before_start", those, "AEENDAT", "finding", "AE_END_BEFORE_START")

    for defect, column, code in (
        ("ae_outcome_missing", "AEOUT", "AE_OUTCOME_MISSING"),
        ("ae_seriousness_missing", "AESER", "RAW_REQUIRED_MISSING"),
    ):
        those = table.pick(ordinary, study.amount.of(defect))
        table.write(those, column, None)
        table.note(defect, those, column, "finding", code)

    for defect, column, code in (
        ("ae_date_impossible", "AEENDAT", "DATE_IMPOSSIBLE"),
        ("ae_date_unreadable", "AESTDAT", "DATE_UNREADABLE"),
        ("ae_term_accented", "AETERM", "TEXT_TRANSLITERATED"),
        ("ae_term_too_long", "AETERM", "TEXT_CONTINUED"),
        ("ae_comment_like_formula", "AECOM", "TEXT_LIKE_FORMULA"),
    ):
        pt = study.amount.given(defect).pt if study.amount.of(defect) else ""
        those = table.pick(ordinary & ((form.pt == pt) | (not pt)), study.amount.of(defect))
        table.write(those, column, study.amount.given(defect).text if those.size else None)
        table.note(defect, those, column, "finding", code)

    those = table.pick(ordinary & (events.grade == 1), study.amount.of("ae_uncoded"))
    table.write(those, "AETERM", study.amount.given("ae_uncoded").text if those.size else None)
    table.note("ae_uncoded", those, "AETERM", "finding", "AE_UNCODED")
    uncoded = np.zeros(events.subject.size, dtype=np.bool_)
    uncoded[those] = True

    those = table.pick(ordinary, study.amount.of("duplicate_ae"))
    _exported_again(table, those)
    table.write(those, "AEENDAT", None)
    table.write(those, "AEONGO", words.yes)
    table.write(those, "AEOUT", words.outcomes.not_recovered)
    table.note("duplicate_ae", those, "LAST_MODIFIED", "accounting", "DUPLICATE")
    return uncoded


def _exported_again(table: Planting, those: Ints) -> None:
    """Export the records a second time, as they stood after a query; the first ones are older."""
    again = table.copied(those)
    table.write(again, "LAST_MODIFIED", later(table.texts("LAST_MODIFIED", those), _REQUERY_DAYS))
