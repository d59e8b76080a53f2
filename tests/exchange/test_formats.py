"""Every format of FORMATS: a writer's file is read back by the format's reader."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import exchange
from exchange import FORMATS, TEXT, Column, Table, read, text_records
from specs import UserError

WRITABLE = [each for each in FORMATS if each.write]


@pytest.fixture
def ae(dataset) -> Table:
    return dataset(
        "AE",
        {
            Column("USUBJID", "Unique Subject Identifier", "Char", 11): ["01-001", "01-002", "01-002"],
            Column("AETERM", "Reported Term", "Char", 20): ['"DIZZY", SAID', None, "HEADACHE"],
            Column("AESEQ", "Sequence Number", "Num", 8): [1, 1, 2],
            Column("AEDUR", "Duration", "Num", 8): [0.1, None, -1e-7],
            Column("AESTDT", "Start Date", "Num", 8, "DATE9."): [20454, None, 21609],
            Column("AESTDTM", "Start", "Num", 8, "DATETIME20."): [1_767_256_215, None, 0],
        },
        "Adverse Events",
    )


@pytest.mark.parametrize("form", WRITABLE, ids=lambda form: form.name)
def test_what_a_format_writes_it_reads(form, ae, created, tmp_path):
    path = tmp_path / f"ae{form.extensions[0]}"
    form.write(ae, path, created)
    table = read(path, format=form.name, name="AE")
    assert table.name == "AE"
    pd.testing.assert_frame_equal(text_records(table).records, text_records(ae).records)
    assert np.all(np.diff(table.rows) > 0)
    pd.testing.assert_frame_equal(
        read(path.read_bytes(), format=form.name, name="AE", file="edc.zip/ae").records, table.records
    )


@pytest.mark.parametrize("form", WRITABLE, ids=lambda form: form.name)
def test_a_format_writes_the_same_bytes_twice(form, ae, created, tmp_path):
    for name in ("first", "second"):
        form.write(ae, tmp_path / name, created)
    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()


@pytest.mark.parametrize("form", WRITABLE, ids=lambda form: form.name)
def test_writing_changes_no_argument(form, ae, created, tmp_path):
    before = ae.records.copy(deep=True)
    form.write(ae, tmp_path / "ae", created)
    pd.testing.assert_frame_equal(ae.records, before)


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_a_missing_file_is_refused_alike(form, tmp_path):
    with pytest.raises(UserError) as raised:
        read(tmp_path / "ae", format=form.name, name="AE")
    assert str(raised.value) == (
        f"ae cannot be read: there is no such file\n  where: {tmp_path / 'ae'}\n"
        "  to do: check the name, or put the file there"
    )


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_a_folder_is_refused_alike(form, tmp_path):
    (tmp_path / "ae").mkdir()
    with pytest.raises(UserError) as raised:
        read(tmp_path / "ae", format=form.name, name="AE")
    assert str(raised.value) == (
        f"ae cannot be read: it is a folder\n  where: {tmp_path / 'ae'}\n  to do: name a file inside it"
    )


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_random_bytes_are_refused_as_the_users_to_mend(form):
    content = np.random.default_rng(5).integers(0, 256, 5000, dtype=np.uint8).tobytes()
    with pytest.raises(UserError) as raised:
        read(content, format=form.name, name="AE", file="edc.zip/ae")
    assert all(problem.where.startswith("edc.zip/ae") for problem in raised.value.problems)


def test_an_unknown_format_is_refused():
    with pytest.raises(UserError) as raised:
        read(b"", format="xls", name="AE")
    assert str(raised.value) == "unknown format 'xls'\n  where: AE\n  to do: did you mean 'xlsx'?"


def test_every_reader_of_a_format_is_registered():
    modules = {path.stem for path in Path(exchange.__file__).parent.glob("*.py")}
    readers = {name for name in modules if hasattr(getattr(exchange, name, None), "read")}
    assert {form.name for form in FORMATS} == readers


def test_missing_text_is_never_the_empty_text(ae, created, tmp_path):
    for form in WRITABLE:
        form.write(ae, tmp_path / "ae", created)
        terms = read(tmp_path / "ae", format=form.name, name="AE").records["AETERM"]
        assert terms.dtype == TEXT
        assert terms.isna().tolist() == [False, True, False]
