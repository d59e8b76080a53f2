"""The build of the shipped study: the same bytes twice, whole or not at all, nothing lost, everything readable."""

from __future__ import annotations

import errno
import json
import math
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

import define_xml
from raw.simulation import simulate
from specs import UserError
from trialwright.build import Build, build_study
from trialwright.names import LATEST
from trialwright.place import building, publish
from trialwright.shipped import study_folder
from trialwright.studies import load_study
from trialwright.unchanged import unchanged

STUDY = "nct01988506"
PANDAS_ZERO = 2.0**-260
"""what pandas.read_sas makes of eight zero bytes, which are 0 in the transport format"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small") / STUDY
    simulate(study_folder(STUDY) / "simulation.yaml", folder, subjects=11, seed=7)
    return folder


def transport_files(build: Build) -> Iterator[Path]:
    return iter(sorted(build.folder.glob("*/*.xpt")))


def test_two_builds_of_the_same_export_are_byte_identical(built: Build, export: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "copy"
    shutil.copytree(export, elsewhere)  # other file times, another place
    again = build_study(load_study(STUDY), elsewhere, tmp_path / "builds")
    assert again.id == built.id
    first = {
        p.relative_to(built.folder).as_posix(): p.read_bytes() for p in built.folder.rglob("*") if p.is_file()
    }
    second = {
        p.relative_to(again.folder).as_posix(): p.read_bytes() for p in again.folder.rglob("*") if p.is_file()
    }
    assert sorted(first) == sorted(second)
    assert [name for name in first if first[name] != second[name]] == []


def test_every_dataset_of_the_specification_is_written(built: Build) -> None:
    study = load_study(STUDY)
    assert {path.stem.upper() for path in transport_files(built)} == set(study.datasets)
    for needed in (
        "DM",
        "EX",
        "AE",
        "LB",
        "DS",
        "SE",
        "SV",
        "TA",
        "TE",
        "TV",
        "TI",
        "TS",
        "SUPPDM",
        "SUPPAE",
        "SUPPLB",
    ):
        assert needed in built.records
    assert {"ADSL", "ADAE", "ADLB"} <= set(built.records)


def test_transport_files_are_read_identically_by_pyreadstat_and_pandas(built: Build) -> None:
    for path in transport_files(built):
        witness, _ = pyreadstat.read_xport(path, disable_datetime_conversion=True)
        other = pd.read_sas(path, format="xport", encoding="ascii")
        assert list(witness.columns) == list(other.columns)
        assert len(witness) == len(other) > 0
        for name in witness.columns:
            left, right = witness[name], other[name]
            if pd.api.types.is_numeric_dtype(left.dtype):
                numbers = right.to_numpy(dtype=float)
                numbers = np.where(numbers == PANDAS_ZERO, 0.0, numbers)
                np.testing.assert_array_equal(left.to_numpy(dtype=float), numbers)
            else:
                texts = [["" if pd.isna(v) else str(v).rstrip() for v in column] for column in (left, right)]
                assert texts[0] == texts[1], f"{path.name} {name}"


def test_a_variable_has_one_byte_length_wherever_it_occurs_and_is_cut_to_its_longest_value(
    built: Build,
) -> None:
    lengths: dict[str, set[int]] = {}
    longest: dict[str, int] = {}
    for path in transport_files(built):
        frame, meta = pyreadstat.read_xport(path)
        for name in frame.columns:
            if meta.readstat_variable_types[name] == "string":
                lengths.setdefault(name, set()).add(meta.variable_storage_width[name])
                values = [len(str(v).encode()) for v in frame[name].dropna() if v]
                longest[name] = max([longest.get(name, 1), *values])
    assert {name: widths for name, widths in lengths.items() if widths != {longest[name]}} == {}


def test_define_xml_of_both_models_is_valid_and_complete(built: Build) -> None:
    from lxml import etree

    for model in ("sdtm", "adam"):
        path = built.folder / model / define_xml.DEFINE
        assert define_xml.schema_problems(path) == ()
        tree = etree.parse(path)
        assert define_xml.reference_problems(tree, path.parent) == ()
        space = {"o": "http://www.cdisc.org/ns/odm/v1.3", "d": "http://www.cdisc.org/ns/def/v2.1"}
        named = set(tree.xpath("//o:ItemGroupDef/@Name", namespaces=space))
        assert named == {each.stem.upper() for each in (built.folder / model).glob("*.xpt")}
        assert (built.folder / model / define_xml.PAGE).stat().st_size > 10_000
    sdtm = etree.parse(built.folder / "sdtm" / define_xml.DEFINE)
    for variable in ("LB.LBORRES", "SUPPAE.QVAL"):
        assert sdtm.xpath(f"//d:ValueListDef[contains(@OID, '{variable}')]/o:ItemRef", namespaces=space)
    adam = etree.parse(built.folder / "adam" / define_xml.DEFINE)
    assert adam.xpath("//d:ValueListDef[contains(@OID, 'ADLB.AVAL')]/o:ItemRef", namespaces=space)


def test_rows_read_are_rows_used_and_rows_left_out(built: Build) -> None:
    accounts = json.loads((built.folder / "accounting.json").read_text())
    assert {account["table"] for account in accounts} == set(load_study(STUDY).raw)
    for account in accounts:
        left_out = sum(reason["rows"] for reason in account["left_out"])
        assert account["read"] == account["used"] + left_out, account["table"]
        for column in account["columns"]:
            assert bool(column["feeds"]) or bool(column["not_submitted"]), (
                account["table"],
                column["column"],
            )


def planted() -> list[object]:
    """The kinds of planted defects, by name: the list itself is read when the export is there."""
    names = """
        ae_comment_like_formula ae_date_impossible ae_date_unreadable ae_end_before_start ae_outcome_missing
        ae_seriousness_missing ae_term_accented ae_term_too_long ae_uncoded central_subject_unknown
        consent_after_first_dose dose_not_planned duplicate_ae duplicate_dm duplicate_exm
        duplicate_lab_local duplicate_sv injection_after_discontinuation injection_page_not_done
        injection_time_without_date lab_date_impossible lab_key_repeated lab_number_unreadable
        lab_result_implausible lab_subject_unknown lab_test_unknown lab_unit_missing lab_unit_unknown
        lab_visit_not_held lab_visit_unknown sex_not_allowed weight_unreadable
    """
    return [pytest.param(name, id=f"{name} is found") for name in names.split()]


THROUGH_THE_SUBJECT = {"consent_after_first_dose": "edc.zip/DM.csv"}
"""defects that show on the subject's record of another form, since DM takes its dates from many records"""


def lines_of(export: Path, subject: str) -> int:
    """The line of DM.csv on which a subject stands."""
    with zipfile.ZipFile(export / "edc.zip") as archive:
        lines = archive.read("DM.csv").decode().splitlines()
    return next(number for number, line in enumerate(lines, 1) if f",{subject}," in line)


@pytest.mark.parametrize("name", planted())
def test_each_planted_defect_appears_by_name_where_it_stands(name: str, built: Build, export: Path) -> None:
    defects = [
        each
        for each in json.loads((export / "planted.json").read_text())["planted"]
        if each["defect"] == name
    ]
    assert defects, f"the simulator plants no '{name}'"
    left_out = {
        (account.file, line): reason.reason
        for account in built.accounts
        for reason in account.left_out
        for line in reason.lines
    }
    for defect in defects:
        place = f"{defect['file']}:{defect['row']}"
        if "accounting" in defect["expect"]:
            assert left_out.get((defect["file"], defect["row"])) == defect["expect"]["accounting"], defect
        else:
            code = defect["expect"]["finding"]
            places = [f"{f.origin}:" for f in built.findings if f.code == code]
            if name in THROUGH_THE_SUBJECT:
                place = f"{THROUGH_THE_SUBJECT[name]}:{lines_of(export, defect['subject'])}"
            assert any(each.startswith(f"{place}:") for each in places), (defect, places[:20])


def test_the_list_of_planted_defects_is_the_one_tested(export: Path) -> None:
    listed = {each["defect"] for each in json.loads((export / "planted.json").read_text())["planted"]}
    assert listed == {case.values[0] for case in planted()}  # type: ignore[attr-defined]


def test_a_clean_export_has_no_errors(tmp_path: Path) -> None:
    simulate(study_folder(STUDY) / "simulation.yaml", tmp_path / "clean", seed=3, defects=False)
    clean = build_study(load_study(STUDY), tmp_path / "clean", tmp_path / "builds")
    assert [(f.code, f.dataset, f.variable, f.origin) for f in clean.findings if f.severity == "error"] == []


def test_the_manifest_names_every_file_with_its_hash(built: Build) -> None:
    import hashlib

    manifest = json.loads((built.folder / "manifest.json").read_text())
    listed = {each["file"]: each["sha256"] for each in manifest["outputs"]}
    there = {p.relative_to(built.folder).as_posix() for p in built.folder.rglob("*") if p.is_file()}
    assert there == {*listed, "manifest.json"}
    for name, digest in listed.items():
        assert hashlib.sha256((built.folder / name).read_bytes()).hexdigest() == digest
    assert manifest["synthetic"] is True


def test_every_record_has_its_sources_in_the_lineage(built: Build) -> None:
    study = load_study(STUDY)
    for path in transport_files(built):
        dataset = study.datasets[path.stem.upper()]
        count = len(pyreadstat.read_xport(path)[0])
        sources = pd.read_parquet(built.folder / "lineage" / f"{path.stem}.parquet")
        if dataset.reference_data:
            assert sources.empty
            continue
        assert set(sources["record"]) == set(range(count)), path.stem
        for table, rows in sources.groupby("table")["row"]:
            name = table.removeprefix("raw.")
            size = (
                len(pd.read_parquet(built.folder / "lineage" / f"{table}.parquet"))
                if table.startswith("raw.")
                else built.records[name]
            )
            assert rows.between(0, size - 1).all()


def test_the_source_of_an_event_is_the_line_that_holds_its_text(built: Build, export: Path) -> None:
    import csv
    import io

    with zipfile.ZipFile(export / "edc.zip") as archive:
        lines = list(csv.reader(io.StringIO(archive.read("AE.csv").decode())))
    events = pyreadstat.read_xport(built.folder / "sdtm" / "ae.xpt")[0]
    sources = pd.read_parquet(built.folder / "lineage" / "ae.parquet")
    places = pd.read_parquet(built.folder / "lineage" / "raw.AE.parquet").set_index("row")["line"]
    of_form = sources[sources["table"] == "raw.AE"].set_index("record")["row"].map(places)
    at = lines[0].index("AELINE"), lines[0].index("SUBJID")
    for record, line in of_form.items():
        row = lines[line - 1]
        assert row[at[0]] == events["AESPID"][record]
        assert events["USUBJID"][record] == f"NCT01988506-{row[at[1]]}"


def test_a_build_that_is_killed_leaves_the_last_one_untouched(small: Path, tmp_path: Path) -> None:
    out = tmp_path / "builds"
    first = build_study(load_study(STUDY), small, out)
    before = {p: p.read_bytes() for p in first.folder.rglob("*") if p.is_file()}
    other = tmp_path / "other"
    simulate(study_folder(STUDY) / "simulation.yaml", other, subjects=11, seed=8)
    command = [sys.executable, "-m", "trialwright", "build", STUDY, "--raw", str(other), "--out", str(out)]
    for delay in (1.5, 4.0, 7.0):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
        latest = (out / STUDY / LATEST).resolve()
        assert (latest / "manifest.json").is_file()
        if latest == first.folder.resolve():
            assert {p: p.read_bytes() for p in first.folder.rglob("*") if p.is_file()} == before
    done = subprocess.run(
        [*command, "--severity", "never", "--quiet"], check=True, capture_output=True, text=True
    )
    assert (out / STUDY / LATEST).resolve() != first.folder.resolve(), done.stdout


def test_a_damaged_build_is_replaced_and_latest_never_dangles(tmp_path: Path) -> None:
    home = tmp_path / "builds"
    for content in ("one", "one", "two"):
        with building(home) as folder:
            (folder / "report.html").write_text(content)
            publish(folder, home, "abc")
        assert (home / LATEST / "report.html").read_text() == content
        assert sorted(p.name for p in home.iterdir()) == [".lock", "abc", "latest"]


def test_two_builds_of_a_study_do_not_run_at_once(tmp_path: Path) -> None:
    with building(tmp_path), pytest.raises(UserError) as caught, building(tmp_path):
        pass
    assert str(caught.value) == (
        f"another build of this study is running\n  where: {tmp_path}\n"
        "  to do: wait until it has ended, or give another --out"
    )


def test_a_full_disk_is_told_and_nothing_is_left(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trialwright import place

    def full(folder: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(place, "_sync", full)
    with pytest.raises(UserError) as caught:
        build_study(load_study(STUDY), small, tmp_path)
    home = tmp_path / STUDY
    assert (
        str(caught.value) == f"the disk is full\n  where: {home}\n  to do: make room, or give another --out"
    )
    assert [p.name for p in home.iterdir()] == [".lock"]


def test_numbers_survive_the_way_to_xpt(built: Build) -> None:
    results = pyreadstat.read_xport(built.folder / "sdtm" / "lb.xpt")[0]
    numeric = results.dropna(subset=["LBSTRESN"])
    assert all(
        math.isclose(float(t), n, rel_tol=0)
        for t, n in zip(numeric["LBSTRESC"], numeric["LBSTRESN"], strict=True)
    )


def test_a_build_of_which_nothing_changed_is_not_made_again(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from trialwright.cli import main

    out = tmp_path / "builds"
    command = ["build", STUDY, "--raw", str(small), "--out", str(out), "--severity", "never"]
    assert main(command) == 0
    first = capsys.readouterr()
    latest = out / STUDY / LATEST
    before = {path: path.stat().st_mtime_ns for path in latest.rglob("*")}
    assert main(command) == 0
    again = capsys.readouterr()
    assert again.err == "nothing has changed since the latest build\n"
    assert re.sub(r"\(.*s\)", "", again.out.splitlines()[0]) == re.sub(
        r"\(.*s\)", "", first.out.splitlines()[0]
    )
    assert {path: path.stat().st_mtime_ns for path in latest.rglob("*")} == before


@pytest.mark.parametrize(
    "damage", ("a file is missing", "a file is damaged", "the manifest is no JSON", "a line is new")
)
def test_a_build_that_is_damaged_or_stale_is_not_taken(damage: str, small: Path, tmp_path: Path) -> None:
    study = tmp_path / STUDY
    shutil.copytree(study_folder(STUDY), study)
    made = build_study(load_study(str(study)), small, tmp_path / "builds")
    home = tmp_path / "builds" / STUDY
    assert unchanged(home, study, small, None) is not None
    match damage:
        case "a file is missing":
            (made.folder / "accounting.json").unlink()
        case "a file is damaged":
            with (made.folder / "sdtm" / "ae.xpt").open("r+b") as file:
                file.seek(-1, os.SEEK_END)
                file.write(b"x")
        case "the manifest is no JSON":
            (made.folder / "manifest.json").write_text("{")
        case "a line is new":
            with (study / "sdtm" / "ae.yaml").open("a") as file:
                file.write("# a remark\n")
    assert unchanged(home, study, small, None) is None


def test_a_build_of_some_datasets_leaves_the_latest_alone(small: Path, tmp_path: Path) -> None:
    study = load_study(STUDY)
    whole = build_study(study, small, tmp_path)
    some = build_study(study, small, tmp_path, only=frozenset({"DM", "AE"}))
    assert [path.name for path in transport_files(some)] == ["ae.xpt", "dm.xpt"]
    assert {finding.dataset for finding in some.findings} & study.datasets.keys() <= {"DM", "AE"}
    assert (tmp_path / STUDY / LATEST).resolve() == whole.folder
    for path in transport_files(some):
        assert len(pyreadstat.read_xport(path)[0]) == whole.records[path.stem.upper()]
