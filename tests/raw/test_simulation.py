"""The simulated export of NCT01988506: its files, its cohort, its planted faults.

Longer than other modules, since all its tests share two exports.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from functools import lru_cache
from pathlib import Path

import pandas as pd
import pytest
from ruamel.yaml import YAML

from exchange import csv, xlsx, xpt
from raw.simulation import simulate
from specs import UserError

STUDY = Path(__file__).resolve().parents[2] / "specs/nct01988506"
PARAMETERS = STUDY / "simulation.yaml"
FILES = {
    "MANIFEST.json",
    "README.txt",
    "coding.xpt",
    "edc.zip",
    "lab_central.xlsx",
    "lab_local.csv",
    "planted.json",
}
FORMS = ("IC", "DM", "SV", "EXI", "EXM", "AE", "EOT", "EOS")


@lru_cache(maxsize=1)
def contract() -> dict[str, dict]:
    """The tables of raw.yaml."""
    return YAML(typ="safe").load((STUDY / "raw.yaml").read_text(encoding="utf-8"))["tables"]


def read(folder: Path, name: str) -> pd.DataFrame:
    """A table of an export, with the file's row as ROW."""
    table = contract()[name]
    if table["file"].startswith("edc.zip/"):
        with zipfile.ZipFile(folder / "edc.zip") as archive:
            content = archive.read(table["file"].removeprefix("edc.zip/"))
        found = csv.read(content, name=name, delimiter=table["delimiter"], encoding=table["encoding"])
    elif table["format"] == "csv":
        found = csv.read(
            folder / table["file"], name=name, delimiter=table["delimiter"], encoding=table["encoding"]
        )
    elif table["format"] == "xlsx":
        found = xlsx.read(folder / table["file"], name=name, sheet=table["sheet"])
    else:
        found = xpt.read(folder / table["file"], name=name)
    return found.records.assign(ROW=found.rows)


def tables(folder: Path) -> dict[str, pd.DataFrame]:
    return {name: read(folder, name) for name in contract()}


def planted(folder: Path) -> list[dict]:
    return json.loads((folder / "planted.json").read_text(encoding="utf-8"))["planted"]


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("simulated") / "export"
    simulate(PARAMETERS, out)
    return out


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("simulated") / "clean"
    simulate(PARAMETERS, out, defects=False)
    return out


@pytest.fixture(scope="module")
def read_export(export: Path) -> dict[str, pd.DataFrame]:
    return tables(export)


@pytest.fixture(scope="module")
def read_clean(clean: Path) -> dict[str, pd.DataFrame]:
    return tables(clean)


def days(texts: pd.Series) -> pd.Series:
    """Complete dates of the EDC."""
    iso = pd.to_datetime(texts, format="%Y-%m-%d", errors="coerce")
    return iso.fillna(pd.to_datetime(texts, format="%d/%m/%Y", errors="coerce"))


def fault(export: Path, read_export: dict[str, pd.DataFrame], defect: str) -> list[pd.Series]:
    """The records in which a fault is planted."""
    found = [each for each in planted(export) if each["defect"] == defect]
    assert found, f"{defect} is planted"
    return [read_export[each["table"]].set_index("ROW").loc[each["row"]] for each in found]


# --- files


def test_the_export_holds_these_files_and_no_other(export: Path) -> None:
    assert {path.name for path in export.iterdir()} == FILES


def test_the_same_seed_gives_the_same_bytes(export: Path, tmp_path: Path) -> None:
    simulate(PARAMETERS, tmp_path / "again")
    assert {path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()} == {
        path.name: path.read_bytes() for path in export.iterdir()
    }


def test_another_seed_gives_other_data_in_every_file(export: Path, tmp_path: Path) -> None:
    simulate(PARAMETERS, tmp_path / "other", seed=2)
    same = [
        name for name in FILES if (export / name).read_bytes() == (tmp_path / "other" / name).read_bytes()
    ]
    assert same == []


def test_a_test_less_changes_neither_forms_nor_other_results(clean: Path, tmp_path: Path) -> None:
    text = PARAMETERS.read_text(encoding="utf-8")
    start = text.index("    PCT: {names: [PCT, PCT]")
    (tmp_path / "simulation.yaml").write_text(
        text[:start] + text[text.index("\n\n", start) :], encoding="utf-8"
    )
    simulate(tmp_path / "simulation.yaml", tmp_path / "without", defects=False)
    for name in ("edc.zip", "lab_local.csv", "coding.xpt"):
        assert (tmp_path / "without" / name).read_bytes() == (clean / name).read_bytes(), name


def test_the_columns_are_those_of_the_contract(read_export: dict[str, pd.DataFrame]) -> None:
    assert {name: list(records.columns)[:-1] for name, records in read_export.items()} == {
        name: list(table["columns"]) for name, table in contract().items()
    }


def test_every_record_says_that_it_is_synthetic(read_export: dict[str, pd.DataFrame]) -> None:
    for name, records in read_export.items():
        column = "DATANAT" if name == "CODING" else "DATANATURE"
        assert set(records[column]) == {"SYNTHETIC"}, name


def test_every_file_says_that_it_is_synthetic(export: Path) -> None:
    assert (export / "README.txt").read_text(encoding="utf-8").startswith("SYNTHETIC DATA\n")
    for name in ("MANIFEST.json", "planted.json"):
        assert json.loads((export / name).read_text(encoding="utf-8"))["synthetic"] is True
    with zipfile.ZipFile(export / "edc.zip") as archive:
        assert archive.comment == b"SYNTHETIC data of NCT01988506"
        assert archive.namelist() == [f"{name}.csv" for name in FORMS]
    assert xpt.read(export / "coding.xpt", name="CODING").label == "SYNTHETIC coding of adverse events"
    readme = xlsx.read(export / "lab_central.xlsx", name="README", sheet="README")
    assert readme.records["README"].tolist() == [
        "SYNTHETIC DATA",
        "Transfer of the central laboratory for NCT01988506, made by a simulator.",
        "No line of it is about a patient.",
    ]


def test_the_manifest_names_every_other_file_with_its_hash(export: Path) -> None:
    import hashlib

    manifest = json.loads((export / "MANIFEST.json").read_text(encoding="utf-8"))
    assert {key: manifest[key] for key in ("study", "seed", "subjects", "screened", "defects")} == {
        "study": "NCT01988506",
        "seed": 1,
        "subjects": 46,
        "screened": 54,
        "defects": True,
    }
    assert {each["file"]: each["sha256"] for each in manifest["files"]} == {
        name: hashlib.sha256((export / name).read_bytes()).hexdigest() for name in FILES - {"MANIFEST.json"}
    }


def test_the_local_extract_is_windows_1252_with_semicolons(export: Path) -> None:
    content = (export / "lab_local.csv").read_bytes()
    assert content.startswith(b"STUDY;SUBJID;VISIT;SAMPID;")
    assert b";\xb5mol/L;" in content
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")


def test_archives_carry_no_clock(export: Path) -> None:
    for name in ("edc.zip", "lab_central.xlsx"):
        with zipfile.ZipFile(io.BytesIO((export / name).read_bytes())) as archive:
            assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}, name


# --- the cohort

COHORT = {  # disease: women, men, patients by site
    "RA": (4, 1, {"01": 3, "02": 2}),
    "AS": (3, 6, {"01": 3, "02": 4, "05": 2}),
    "SLE": (6, 0, {"01": 6}),
    "PSO": (2, 2, {"03": 4}),
    "BD": (2, 2, {"01": 4}),
    "GPA": (1, 1, {"01": 2}),
    "TAK": (3, 0, {"01": 2, "02": 1}),
    "CD": (2, 2, {"02": 4}),
    "UC": (1, 2, {"02": 3}),
    "AIH": (2, 0, {"02": 1, "04": 1}),
    "PSC": (1, 3, {"02": 3, "04": 1}),
}


@pytest.mark.parametrize("seed", [1, 7], ids=["seed 1", "seed 7"])
def test_the_46_treated_are_the_cohort_as_tabulated(seed: int, tmp_path: Path) -> None:
    simulate(PARAMETERS, tmp_path / "export", seed=seed, defects=False)
    treated = read(tmp_path / "export", "DM")
    treated = treated[treated["SUBJID"].isin(read(tmp_path / "export", "EOT")["SUBJID"])]
    found = {
        disease: (
            int((those["SEX"] == "Feminin").sum()),
            int((those["SEX"] == "Masculin").sum()),
            those["SITE"].value_counts().sort_index().to_dict(),
        )
        for disease, those in treated.groupby("DISEASE")
    }
    assert found == COHORT


def test_eight_fail_screening_for_these_reasons(read_clean: dict[str, pd.DataFrame]) -> None:
    failed = read_clean["IC"][read_clean["IC"]["ENROLDAT"].isna()]
    reasons = Counter(zip(failed["IECRIT"].fillna("none"), failed["NOTENRRE"], failed["ELIGYN"], strict=True))
    not_met = "Critere d'eligibilite non respecte"
    assert reasons == {
        ("EXCL07", not_met, "Non"): 2,
        ("EXCL05", not_met, "Non"): 1,
        ("INCL05", not_met, "Non"): 2,
        ("INCL04", not_met, "Non"): 2,
        ("none", "Retrait du consentement", "Oui"): 1,
    }


def test_the_laboratory_shows_why_screening_failed(read_clean: dict[str, pd.DataFrame]) -> None:
    criteria = read_clean["IC"].set_index("SUBJID")["IECRIT"]
    low = read_clean["LAB_LOCAL"]
    low = low[low["TEST"].isin(["LYMPHO", "LYMPHOCYTES"])]
    low = low[low["SUBJID"].str.replace("/", "-").map(criteria) == "EXCL05"]
    assert low["RESULT"].tolist() in (["0,45"], ["450"])
    thyroid = read_clean["LAB_CENTRAL"]
    thyroid = thyroid[(thyroid["TEST"] == "TSH") & (thyroid["RUN"] == "1") & (thyroid["RESULT"] != "NR")]
    parts = thyroid["SUBJECT"].str.split("-", expand=True).astype(int)
    numbers = parts[0].map("{:02d}".format) + "-" + parts[1].map("{:03d}".format)
    failed = numbers.map(criteria).eq("INCL05").fillna(False)
    assert (thyroid.loc[failed, "RESULT"].astype(float) > 4).all()
    screening = thyroid["VISIT"].isin(["SCREENING", "Screening", "SELECTION", "V1"])
    assert thyroid.loc[screening & ~failed, "RESULT"].astype(float).between(0.4, 4.0).all()


def test_the_first_subject_enrolled_consents_on_the_day_the_study_starts(
    read_clean: dict[str, pd.DataFrame],
) -> None:
    consent = read_clean["IC"].dropna(subset="ENROLDAT")["ICDAT"]
    assert days(consent).min() == pd.Timestamp("2014-01-06")
    assert days(consent).max() < pd.Timestamp("2017-07-01")


def test_treatment_and_study_end_as_planned(read_clean: dict[str, pd.DataFrame]) -> None:
    reasons = read_clean["EOT"]["EOTREAS"].fillna("none")
    assert Counter(zip(read_clean["EOT"]["EOTSTAT"], reasons, strict=True)) == {
        ("Termine", "none"): 41,
        ("Arret premature", "Rechute de la maladie"): 2,
        ("Arret premature", "Evenement indesirable"): 1,
        ("Arret premature", "Retrait du consentement"): 1,
        ("Arret premature", "Deviation au protocole"): 1,
    }
    assert Counter(read_clean["EOS"]["EOSSTAT"]) == {"Termine": 40, "Sortie prematuree": 6, "Non inclus": 8}
    assert (read_clean["EOS"]["EOSREAS"] == "Perdu de vue").sum() == 1


def test_the_event_that_stopped_treatment_is_reported(read_clean: dict[str, pd.DataFrame]) -> None:
    stopped = read_clean["AE"][read_clean["AE"]["AEACN"] == "Traitement arrete"]
    reasons = read_clean["EOT"].set_index("SUBJID")["EOTREAS"]
    assert stopped["SUBJID"].map(reasons).tolist() == ["Evenement indesirable"]
    relapsed = reasons[reasons == "Rechute de la maladie"].index
    flares = read_clean["AE"][read_clean["AE"]["AETERM"].str.lower().str.startswith(("poussee", "rechute"))]
    assert set(relapsed) <= set(flares["SUBJID"])
    assert len(flares) == 7


# --- the planted faults


def test_each_fault_stands_where_the_list_says(export: Path, read_export: dict[str, pd.DataFrame]) -> None:
    for each in planted(export):
        record = read_export[each["table"]].set_index("ROW").loc[each["row"]]
        cell = record[each["column"]]
        assert ("" if pd.isna(cell) else cell) == each["value"], each
        assert contract()[each["table"]]["file"] == each["file"]
        own = record[contract()[each["table"]]["subject"]]
        site, number = own.replace("/", "-").split("-")
        assert f"{int(site):02d}-{int(number):03d}" == each["subject"].replace("/", "-"), each


def test_all_faults_are_planted_as_often_as_the_parameters_say(export: Path) -> None:
    wanted = YAML(typ="safe").load(PARAMETERS.read_text(encoding="utf-8"))["defects"]
    assert Counter(each["defect"] for each in planted(export)) == {
        name: given["count"] for name, given in wanted.items()
    }


def test_no_record_has_two_faults(export: Path) -> None:
    assert max(Counter((each["file"], each["row"]) for each in planted(export)).values()) == 1


def test_the_expected_codes_are_these(export: Path) -> None:
    expected = Counter(next(iter(each["expect"].items())) for each in planted(export))
    assert expected == {
        ("accounting", "DUPLICATE"): 22,
        ("accounting", "NOT_DONE"): 1,
        ("accounting", "SUBJECT_UNKNOWN"): 1,
        ("finding", "AE_END_BEFORE_START"): 2,
        ("finding", "AE_OUTCOME_MISSING"): 1,
        ("finding", "AE_UNCODED"): 1,
        ("finding", "CONSENT_AFTER_FIRST_DOSE"): 1,
        ("finding", "DATE_IMPOSSIBLE"): 2,
        ("finding", "DATE_UNREADABLE"): 1,
        ("finding", "DOSE_NOT_PLANNED"): 1,
        ("finding", "EX_AFTER_DISCONTINUATION"): 1,
        ("finding", "LB_VISIT_NOT_HELD"): 1,
        ("finding", "NUMBER_UNREADABLE"): 1,
        ("finding", "RAW_KEY_REPEATED"): 1,
        ("finding", "RAW_REQUIRED_MISSING"): 1,
        ("finding", "RAW_TYPE"): 1,
        ("finding", "RAW_VALUE_NOT_ALLOWED"): 1,
        ("finding", "RESULT_IMPLAUSIBLE"): 1,
        ("finding", "SUBJECT_UNKNOWN"): 1,
        ("finding", "TERM_UNMAPPED"): 1,
        ("finding", "TEXT_CONTINUED"): 1,
        ("finding", "TEXT_LIKE_FORMULA"): 1,
        ("finding", "TEXT_TRANSLITERATED"): 1,
        ("finding", "TIME_WITHOUT_DATE"): 1,
        ("finding", "UNIT_MISSING"): 1,
        ("finding", "UNIT_UNKNOWN"): 1,
        ("finding", "VISIT_UNKNOWN"): 1,
    }


@pytest.mark.parametrize(
    ("defect", "table", "keys", "latest"),
    [
        ("duplicate_dm", "DM", ["SUBJID"], "LAST_MODIFIED"),
        ("duplicate_sv", "SV", ["SUBJID", "FOLDER", "PAGE_REPEAT"], "LAST_MODIFIED"),
        ("duplicate_exm", "EXM", ["SUBJID", "EXMNUM"], "LAST_MODIFIED"),
        ("duplicate_ae", "AE", ["SUBJID", "AELINE"], "LAST_MODIFIED"),
        ("duplicate_lab_local", "LAB_LOCAL", ["SUBJID", "SAMPID", "TEST"], "VALIDATED"),
    ],
)
def test_a_duplicate_is_older_than_another_record_with_its_keys(
    export: Path, read_export: dict[str, pd.DataFrame], defect: str, table: str, keys: list[str], latest: str
) -> None:
    for record in fault(export, read_export, defect):
        same = read_export[table]
        for key in keys:
            same = same[same[key] == record[key]]
        assert len(same) == 2
        assert same[latest].max() > record[latest]


def test_a_repeated_key_has_two_results_and_one_time(
    export: Path, read_export: dict[str, pd.DataFrame]
) -> None:
    (record,) = fault(export, read_export, "lab_key_repeated")
    records = read_export["LAB_LOCAL"]
    same = records[(records["SAMPID"] == record["SAMPID"]) & (records["TEST"] == record["TEST"])]
    assert same["RESULT"].nunique() == 2
    assert len(set(same["VALIDATED"])) == 1


def test_the_faults_of_dates_are_faults(export: Path, read_export: dict[str, pd.DataFrame]) -> None:
    def day(text: str) -> pd.Timestamp:
        return days(pd.Series([text])).item()

    for record in fault(export, read_export, "ae_end_before_start"):
        assert day(record["AEENDAT"]) < day(record["AESTDAT"])
    (record,) = fault(export, read_export, "consent_after_first_dose")
    first = read_export["EXI"]
    first = first[(first["SUBJID"] == record["SUBJID"]) & (first["EXINUM"] == "1")]
    assert day(record["ICDAT"]) > day(first["EXIDAT"].item())
    (record,) = fault(export, read_export, "injection_after_discontinuation")
    end = read_export["EOT"].set_index("SUBJID").loc[record["SUBJID"]]
    assert end["EOTSTAT"] == "Arret premature"
    assert day(record["EXMDAT"]) > day(end["EOTDAT"])
    assert record["EXMYN"] == "Oui"


def test_a_time_stands_beside_a_date_without_its_day(
    export: Path, read_export: dict[str, pd.DataFrame], read_clean: dict[str, pd.DataFrame]
) -> None:
    (record,) = fault(export, read_export, "injection_time_without_date")
    assert record["EXMDAT"].startswith("UN/")
    assert ":" in record["EXMTIM"]
    assert not record["EXMTIM"].startswith("UN")
    for name in ("EXI", "EXM"):
        open_days = read_clean[name][read_clean[name][f"{name}DAT"].str.startswith("UN/").fillna(False)]
        assert set(open_days[f"{name}TIM"]) == {"UN:UN"}, name


def test_a_sample_stands_at_a_visit_that_was_not_held(
    export: Path, read_export: dict[str, pd.DataFrame]
) -> None:
    (record,) = fault(export, read_export, "lab_visit_not_held")
    day = record["VISIT"].removeprefix("J")
    number = {"15": 8, "29": 9, "43": 10, "57": 11, "71": 12, "85": 13, "99": 14, "113": 15, "127": 16}.get(
        day
    )
    number = number or {"141": 17, "155": 18, "169": 19}[day]
    visits = read_export["SV"]
    visits = visits[visits["SUBJID"] == record["SUBJID"].replace("/", "-")]
    labels = [f"DAY {day}", f"J{day}", f"D{day}", f"V{number}", f"Jour {day}"]
    assert visits[visits["FOLDER"].isin(labels)]["VISDONE"].tolist() == ["Non"]


def test_the_term_too_long_is_longer_than_200_bytes_and_coded(
    export: Path, read_export: dict[str, pd.DataFrame]
) -> None:
    (record,) = fault(export, read_export, "ae_term_too_long")
    assert len(record["AETERM"].encode("utf-8")) > 200
    coded = read_export["CODING"].set_index("RECID").loc[record["RECORD_ID"]]
    assert (coded["VERBATIM"], coded["PT"]) == (
        record["AETERM"][:200].rstrip(),  # a transport file keeps no trailing blanks
        "Injection site reaction",
    )


def test_the_unknown_term_is_left_uncoded(export: Path, read_export: dict[str, pd.DataFrame]) -> None:
    (record,) = fault(export, read_export, "ae_uncoded")
    coded = read_export["CODING"].set_index("RECID")
    assert coded.loc[record["RECORD_ID"], "CODESTAT"] == "UNCODED"
    assert pd.isna(coded.loc[record["RECORD_ID"], "PT"])
    assert coded["CODESTAT"].value_counts().to_dict() == {"CODED": 213, "UNCODED": 1}


def test_each_event_is_coded_once(read_export: dict[str, pd.DataFrame]) -> None:
    assert sorted(read_export["CODING"]["RECID"]) == sorted(read_export["AE"]["RECORD_ID"].unique())


def test_the_implausible_result_is_a_haemoglobin(export: Path, read_export: dict[str, pd.DataFrame]) -> None:
    (record,) = fault(export, read_export, "lab_result_implausible")
    high = float(record["REFHIGH"].replace(",", "."))
    assert record["TEST"] in ("HB", "HEMOGLOBINE")
    assert float(record["RESULT"].replace(",", ".")) > 4 * high


# --- without faults


def test_a_clean_export_plants_nothing_and_keeps_its_features(clean: Path, export: Path) -> None:
    answers = json.loads((clean / "planted.json").read_text(encoding="utf-8"))
    assert answers["planted"] == []
    assert (
        answers["features"] == json.loads((export / "planted.json").read_text(encoding="utf-8"))["features"]
    )
    kinds = {each["feature"] for each in answers["features"]}
    assert {"partial_date", "below_limit", "decimal_comma", "visit_label", "unit", "year_first_date"} <= kinds


def test_a_clean_export_keeps_its_contract(read_clean: dict[str, pd.DataFrame]) -> None:
    for name, table in contract().items():
        records = read_clean[name]
        for column, given in table["columns"].items():
            values = records[column]
            assert not given.get("required") or values.notna().all(), (name, column)
            assert not given.get("values") or set(values.dropna()) <= set(given["values"]), (name, column)
            if given["type"] == "integer":
                assert values.dropna().str.fullmatch(r"\d+").all(), (name, column)
        if name == "LAB_CENTRAL":
            records = records.sort_values("RUNDTC").drop_duplicates(table["keys"], keep="last")
            repeated = read_clean[name]["RUN"].eq("2").sum()
            assert len(read_clean[name]) - len(records) == repeated > 0
        assert not records.duplicated(table["keys"]).any(), name


def test_a_clean_export_is_the_export_without_its_faults(
    export: Path, read_export: dict[str, pd.DataFrame], read_clean: dict[str, pd.DataFrame]
) -> None:
    for name, records in read_clean.items():
        faulty = read_export[name].iloc[: len(records)]
        touched = {each["row"] for each in planted(export) if each["table"] == name}
        untouched = ~records["ROW"].isin(touched)
        if name != "CODING":
            pd.testing.assert_frame_equal(records[untouched], faulty[untouched])


def test_laboratory_samples_belong_to_visits_held(read_clean: dict[str, pd.DataFrame]) -> None:
    held = read_clean["SV"].dropna(subset="VISDAT")
    visits = set(zip(held["SUBJID"], days(held["VISDAT"]), strict=True))
    lab = read_clean["LAB_LOCAL"].drop_duplicates("SAMPID")
    samples = zip(
        lab["SUBJID"].str.replace("/", "-"), pd.to_datetime(lab["SAMPDAT"], format="%d/%m/%Y"), strict=True
    )
    assert set(samples) <= visits
    unscheduled = lab[lab["VISIT"].isin(["UNSCHEDULED", "HORS VISITE"])]
    assert len(unscheduled) == (held["FOLDER"] == "UNSCHEDULED").sum() > 0


def test_visits_follow_each_other(read_clean: dict[str, pd.DataFrame]) -> None:
    held = read_clean["SV"].dropna(subset="VISDAT")
    gaps = days(held["VISDAT"]).groupby(held["SUBJID"].to_numpy()).diff().dropna()
    assert (gaps > pd.Timedelta(0)).all()


# --- where it is written


def test_an_earlier_export_is_replaced(tmp_path: Path) -> None:
    simulate(PARAMETERS, tmp_path / "export", subjects=2, seed=3)
    before = (tmp_path / "export/MANIFEST.json").read_bytes()
    simulate(PARAMETERS, tmp_path / "export", subjects=3, seed=3)
    assert (tmp_path / "export/MANIFEST.json").read_bytes() != before
    assert [path.name for path in tmp_path.iterdir()] == ["export"]


def test_a_folder_with_anything_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(UserError) as error:
        simulate(PARAMETERS, tmp_path, subjects=2)
    assert str(error.value) == (
        f"{tmp_path} holds something else than a simulated export\n"
        f"  where: {tmp_path}\n"
        "  to do: name another folder (--out)"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_an_export_to_which_a_file_was_added_is_left_alone(tmp_path: Path) -> None:
    simulate(PARAMETERS, tmp_path / "export", subjects=2)
    (tmp_path / "export/notes.txt").write_text("mine")
    with pytest.raises(UserError, match="holds something else than a simulated export"):
        simulate(PARAMETERS, tmp_path / "export", subjects=2)
    assert (tmp_path / "export/notes.txt").read_text() == "mine"


def test_nobody_cannot_be_simulated(tmp_path: Path) -> None:
    with pytest.raises(UserError) as error:
        simulate(PARAMETERS, tmp_path / "export", subjects=0)
    assert str(error.value) == (
        "cannot simulate 0 subjects\n  where: --subjects\n  to do: give a number of 1 or more"
    )
    assert not (tmp_path / "export").exists()
