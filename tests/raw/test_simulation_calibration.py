"""The simulated study against its targets, at twenty times the cohort; and at other sizes."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from exchange import csv
from raw.simulation import simulate
from raw.simulation.adverse_events import WITHDRAWN, Events, simulate_events
from raw.simulation.cohort import Cohort, simulate_cohort
from raw.simulation.levels import creatinine_at, simulate_levels
from raw.simulation.parameters import Parameters, read_parameters
from raw.simulation.results import simulate_results
from raw.simulation.samples import Samples, simulate_samples
from raw.simulation.streams import Streams
from raw.simulation.visits import Visits, simulate_unscheduled, simulate_visits
from specs import UserError

PARAMETERS = Path(__file__).resolve().parents[2] / "specs/nct01988506/simulation.yaml"
SUBJECTS = 920


@pytest.fixture(scope="module")
def parameters() -> Parameters:
    return read_parameters(PARAMETERS)


@pytest.fixture(scope="module")
def cohort(parameters: Parameters) -> Cohort:
    return simulate_cohort(parameters, SUBJECTS, Streams(1))


@pytest.fixture(scope="module")
def visits(parameters: Parameters, cohort: Cohort) -> Visits:
    return simulate_visits(parameters, cohort, Streams(1))


@pytest.fixture(scope="module")
def events(parameters: Parameters, cohort: Cohort, visits: Visits) -> Events:
    return simulate_events(parameters, cohort, visits, Streams(1))


@pytest.fixture(scope="module")
def samples(parameters: Parameters, cohort: Cohort, visits: Visits) -> Samples:
    unscheduled = simulate_unscheduled(parameters, cohort, visits, Streams(1))
    return simulate_samples(parameters, cohort, visits, unscheduled, Streams(1))


@pytest.fixture(scope="module")
def results(parameters: Parameters, cohort: Cohort, samples: Samples) -> dict[str, np.ndarray]:
    levels = simulate_levels(parameters, cohort, Streams(1))
    return dict(simulate_results(parameters, cohort, levels, samples, Streams(1), 0))


def share_with(events: Events, parameters: Parameters, *pts: str) -> float:
    terms = [at for at, term in enumerate(parameters.adverse_events.all_terms) if term.pt in pts]
    return np.unique(events.subject[np.isin(events.term, terms)]).size / SUBJECTS


# --- adverse events


def test_91_percent_have_an_event_and_52_percent_a_related_one(events: Events) -> None:
    assert np.unique(events.subject).size / SUBJECTS == pytest.approx(42 / 46, abs=0.002)
    assert np.unique(events.subject[events.related]).size / SUBJECTS == pytest.approx(24 / 46, abs=0.002)


def test_there_are_as_many_events_as_in_the_cohort(events: Events) -> None:
    assert events.subject.size == pytest.approx(214 * SUBJECTS / 46, rel=0.002)


def test_72_percent_of_events_are_of_grade_1_and_4_percent_of_grade_3(events: Events) -> None:
    shares = np.bincount(events.grade, minlength=5)[1:] / events.grade.size
    assert shares == pytest.approx([0.72, 0.24, 0.04, 0], abs=0.025)


def test_three_serious_events_in_46_none_related(events: Events) -> None:
    assert events.serious.sum() == 3 * SUBJECTS / 46
    assert not (events.serious & events.related).any()
    assert (events.action == WITHDRAWN).sum() == SUBJECTS / 46


def test_the_shares_of_subjects_with_a_term_are_those_tabulated(
    events: Events, parameters: Parameters
) -> None:
    for term in parameters.adverse_events.all_terms:
        assert share_with(events, parameters, term.pt) == pytest.approx(term.patients / 46, abs=0.006), (
            term.pt
        )


def test_injection_site_events_and_fever_are_as_common_as_in_comparators(
    events: Events, parameters: Parameters
) -> None:
    sites = [term.pt for term in parameters.adverse_events.all_terms if term.pt.startswith("Injection site")]
    assert 0.35 <= share_with(events, parameters, *sites) <= 0.45
    assert share_with(events, parameters, "Pyrexia", "Influenza like illness") == pytest.approx(
        0.20, abs=0.03
    )


def test_70_percent_of_injection_site_events_begin_with_the_induction(
    events: Events, cohort: Cohort, parameters: Parameters
) -> None:
    own = [at for at, term in enumerate(parameters.adverse_events.all_terms) if term.onset == "injection"]
    own_events = np.isin(events.term, own)
    day = (events.start - cohort.first_dose[events.subject])[own_events].astype(int) + 1
    assert (day <= 8).mean() == pytest.approx(0.70, abs=0.04)


def test_no_event_begins_before_treatment_or_after_the_last_contact(
    events: Events, cohort: Cohort, visits: Visits
) -> None:
    assert (events.start >= cohort.first_dose[events.subject]).all()
    assert (events.start <= visits.last_contact[events.subject]).all()
    ended = ~np.isnat(events.end)
    assert (events.end[ended] >= events.start[ended]).all()
    assert (events.end[ended] <= visits.last_contact[events.subject][ended]).all()


def test_raised_transaminases_occur_in_liver_diseases_only(
    events: Events, cohort: Cohort, parameters: Parameters
) -> None:
    codes = np.array(list(parameters.cohort.diseases))
    for at, term in enumerate(parameters.adverse_events.all_terms):
        if term.pt == "Alanine aminotransferase increased":
            diseases = codes[cohort.disease[events.subject[events.term == at]]]
            assert set(diseases) == {"AIH", "PSC"}


# --- exposure and visits


def test_41_of_46_complete_treatment_and_40_the_study(cohort: Cohort, visits: Visits) -> None:
    assert visits.early_end.any(axis=1).sum() == 5 * SUBJECTS / 46
    assert visits.held[:, -1].sum() == 40 * SUBJECTS / 46


def test_3_percent_of_maintenance_and_half_a_percent_of_induction_injections_are_missed(
    visits: Visits, parameters: Parameters
) -> None:
    induction = np.array([visit.day < 8 for visit in parameters.calendar.visits])
    missed = visits.due & ~visits.given
    assert missed[:, ~induction].sum() / visits.due[:, ~induction].sum() == pytest.approx(0.03, abs=0.006)
    assert missed[:, induction].sum() / visits.due[:, induction].sum() == pytest.approx(0.005, abs=0.003)


def test_6_percent_of_injections_are_more_than_3_days_off(visits: Visits, parameters: Parameters) -> None:
    maintenance = np.array([visit.dose and visit.window == 3 for visit in parameters.calendar.visits])
    given = visits.given & maintenance
    off = np.abs((visits.date - visits.planned)[given].astype(int))
    assert (off > 3).mean() == pytest.approx(0.06, abs=0.015)


def test_the_first_five_injections_are_on_five_days_running(visits: Visits, cohort: Cohort) -> None:
    held = visits.date[cohort.enrolled][:, 1:6]
    assert (np.diff(held, axis=1).astype(int) == 1).all()


# --- laboratory


def test_eosinophils_rise_on_treatment_and_come_back(
    samples: Samples, results: dict[str, np.ndarray], parameters: Parameters
) -> None:
    days = [visit.day for visit in parameters.calendar.visits]
    median = {day: np.median(results["EOS"][samples.visit == days.index(day)]) for day in (1, 8, 15, 85, 240)}
    assert median[8] / median[1] == pytest.approx(1.50, abs=0.15)  # median of a log-normal with mean 1.60
    assert median[15] / median[1] == pytest.approx(1.18, abs=0.12)
    assert median[85] / median[1] == pytest.approx(1.08, abs=0.12)
    assert median[240] / median[1] == pytest.approx(1.00, abs=0.12)


def test_baseline_depends_on_the_disease(
    samples: Samples, results: dict[str, np.ndarray], cohort: Cohort, parameters: Parameters
) -> None:
    codes = list(parameters.cohort.diseases)
    first = (samples.visit == 1) & cohort.enrolled[samples.subject]
    for code, test, expected, tolerance in (
        ("SLE", "WBC", 5.0, 0.5),
        ("PSC", "ALP", 230, 25),
        ("AS", "HGB", 143 + 6 * 6 / 9 - 4 * 3 / 9, 3),
    ):
        own = results[test][first & (cohort.disease[samples.subject] == codes.index(code))]
        assert own.mean() == pytest.approx(expected, abs=tolerance), (code, test)


def test_nobody_is_enrolled_against_the_criteria(
    samples: Samples, results: dict[str, np.ndarray], cohort: Cohort, parameters: Parameters
) -> None:
    screening = (samples.visit == 0) & cohort.enrolled[samples.subject]
    subject = samples.subject[screening]
    codes = np.array(list(parameters.cohort.diseases))[cohort.disease[subject]]
    clearance = creatinine_at(cohort, 1.0)[subject] / results["CREAT"][screening]
    assert (results["WBC"][screening] >= 2).all()
    assert (results["LYM"][screening] >= 0.6).all()
    assert (results["PLAT"][screening] >= 80).all()
    assert (results["ALT"][screening] <= 5 * 45).all()
    assert (clearance[~np.isin(codes, ["SLE", "GPA"])] >= 60).all()


def test_the_white_cells_add_up(results: dict[str, np.ndarray]) -> None:
    parts = sum(results[test] for test in ("NEUT", "LYM", "MONO", "EOS", "BASO"))
    assert parts == pytest.approx(results["WBC"])


def test_2_percent_of_samples_are_missing_on_day_8_and_6_percent_later(
    samples: Samples, parameters: Parameters
) -> None:
    days = np.array([visit.day for visit in parameters.calendar.visits])
    day = np.where(samples.visit >= 0, days[samples.visit], 0)
    assert samples.taken[day == 1].all()
    assert 1 - samples.taken[day == 8].mean() == pytest.approx(0.02, abs=0.012)
    assert 1 - samples.taken[day >= 15].mean() == pytest.approx(0.06, abs=0.01)


# --- sizes


@pytest.fixture(scope="module")
def larger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("simulated") / "larger"
    simulate(PARAMETERS, out, subjects=230)
    return out


def test_each_laboratory_writes_its_own_units(larger: Path) -> None:
    found = csv.read(larger / "lab_local.csv", name="LAB_LOCAL", delimiter=";", encoding="cp1252").records
    counts = found[found["UNIT"].isin(["G/L", "/mm3", "%"])].groupby(["LABNAME", "TEST"])["UNIT"].unique()
    white = {
        lab: sorted(set(counts[lab].get("GB", counts[lab].get("LEUCOCYTES")))) for lab, _ in counts.index
    }
    assert white == {
        "LABO COCHIN": ["G/L"],
        "LABO HENRI MONDOR": ["G/L"],
        "LABO PAUL BROUSSE": ["/mm3"],
        "LABO PITIE-SALPETRIERE": ["G/L"],
        "LABO SAINT-ANTOINE": ["/mm3"],
    }
    assert list(counts["LABO PAUL BROUSSE", "PNN"]) == ["%"]
    haemoglobin = found[found["TEST"].isin(["HB", "HEMOGLOBINE"])]["UNIT"].value_counts(normalize=True)
    assert haemoglobin["g/dL"] == pytest.approx(40 / 46, abs=0.03)  # sites 01, 02 and 05
    comma = found["RESULT"].str.contains(",") & found["RESULT"].ne("4,,2")
    assert set(found[comma.fillna(False)]["LABNAME"]) == {
        "LABO PITIE-SALPETRIERE",
        "LABO COCHIN",
        "LABO HENRI MONDOR",
    }


def test_partial_dates_of_events_are_6_percent(larger: Path) -> None:
    with zipfile.ZipFile(larger / "edc.zip") as archive:
        dates = csv.read(archive.read("AE.csv"), name="AE").records["AESTDAT"]
    assert dates.str.match(r"UN/|/").mean() == pytest.approx(0.06, abs=0.02)
    assert {"UN/UN/", "UN/0", "/0"} <= set(dates.str.extract(r"^(UN/UN/|UN/0|/0)")[0].dropna())


@pytest.mark.parametrize(("subjects", "screened"), [(1, 1), (7, 8), (100, 117), (4_600, 5_400)])
def test_other_sizes_keep_the_proportions(subjects: int, screened: int, parameters: Parameters) -> None:
    cohort = simulate_cohort(parameters, subjects, Streams(5))
    assert (cohort.treated, cohort.screened) == (subjects, screened)
    assert len(set(cohort.subject)) == screened
    women = {
        code: each.female / (each.female + each.male) for code, each in parameters.cohort.diseases.items()
    }
    for at, (code, disease) in enumerate(parameters.cohort.diseases.items()):
        own = cohort.enrolled & (cohort.disease == at)
        assert own.sum() == pytest.approx((disease.female + disease.male) * subjects / 46, abs=2.5), code
        assert (cohort.sex[own] == 0).sum() == pytest.approx(women[code] * own.sum(), abs=0.51), code


@pytest.mark.parametrize("subjects", [1, 7])
def test_a_very_small_study_is_written_whole(subjects: int, tmp_path: Path) -> None:
    simulate(PARAMETERS, tmp_path / "export", subjects=subjects)
    with zipfile.ZipFile(tmp_path / "export/edc.zip") as archive:
        treated = csv.read(archive.read("EOT.csv"), name="EOT").records
    assert len(treated) == subjects


def test_a_full_site_is_followed_by_further_sites_with_its_ways(parameters: Parameters) -> None:
    cohort = simulate_cohort(parameters, 4_600, Streams(1))
    sites = pd.DataFrame({"site": cohort.site, "ways": cohort.ways, "number": cohort.number})
    assert sites["number"].max() == 999
    assert sites.groupby("ways")["site"].unique().map(sorted).tolist() == [
        [1, 6, 7],
        [2, 8, 9],
        [3],
        [4],
        [5],
    ]


def test_more_sites_than_two_digits_can_number_are_refused(parameters: Parameters) -> None:
    with pytest.raises(UserError) as error:
        simulate_cohort(parameters, 90_000, Streams(1))
    assert str(error.value) == (
        "the study would need 108 sites, but a site number has two digits\n"
        "  where: simulate, --subjects\n"
        "  to do: simulate fewer subjects: a site holds 999"
    )


def test_an_age_at_consent_is_the_number_of_birthdays(cohort: Cohort) -> None:
    consent, birth = (pd.DatetimeIndex(days) for days in (cohort.consent, cohort.birth))
    before = (consent.month * 100 + consent.day) < (birth.month * 100 + birth.day)
    assert (consent.year - birth.year - before == cohort.age).all()
    assert cohort.age.min() >= 19
    assert cohort.age.max() <= 75
