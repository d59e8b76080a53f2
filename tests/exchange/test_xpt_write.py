"""Transport files as they are written: the bytes, what is refused, and what stays when writing fails."""

from __future__ import annotations

import errno
import os
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from exchange import NUMBER, TEXT, Column, xpt
from specs import UserError

USUBJID = Column("USUBJID", "Unique Subject Identifier", "Char", 6)
AESEQ = Column("AESEQ", "Sequence Number", "Num", 8, "8.")
AESTDT = Column("AESTDT", "Start Date", "Num", 8, "DATE9.")

NULS = "\0"
HEADER = (
    "HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!000000000000000000000000000000  "
    "SAS     SAS     SASLIB  9.4     Linux                           01MAR24:08:30:15"
    "01MAR24:08:30:15                                                                "
    "HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!000000000000000001600000000140  "
    "HEADER RECORD*******DSCRPTR HEADER RECORD!!!!!!!000000000000000000000000000000  "
    "SAS     AE      SASDATA 9.4     Linux                           01MAR24:08:30:15"
    "01MAR24:08:30:15                Adverse Events                                  "
    "HEADER RECORD*******NAMESTR HEADER RECORD!!!!!!!000000000300000000000000000000  "
    + "\0\2\0\0\0\6\0\1"
    + "USUBJID Unique Subject Identifier               "
    + "        \0\0\0\0\0\0\0\0        \0\0\0\0\0\0\0\0"
    + NULS * 52
    + "\0\1\0\0\0\10\0\2"
    + "AESEQ   Sequence Number                         "
    + "        \0\10\0\0\0\0\0\0        \0\0\0\0\0\0\0\6"
    + NULS * 52
    + "\0\1\0\0\0\10\0\3"
    + "AESTDT  Start Date                              "
    + "DATE    \0\11\0\0\0\0\0\0        \0\0\0\0\0\0\0\16"
    + NULS * 52
    + " " * 60
    + "HEADER RECORD*******OBS     HEADER RECORD!!!!!!!000000000000000000000000000000  "
).encode("ascii")


def problems_of(table, path: Path, created, keys=()) -> str:
    with pytest.raises(UserError) as raised:
        xpt.write(table, path, created=created, keys=keys)
    assert not path.exists()
    assert list(path.parent.iterdir()) == []
    return str(raised.value)


def test_a_small_file_has_exactly_these_bytes(dataset, created, tmp_path):
    ae = dataset(
        "AE",
        {USUBJID: ["01-001", "01-2", None], AESEQ: [1, 2, None], AESTDT: [20454, None, -1]},
        "Adverse Events",
    )
    xpt.write(ae, tmp_path / "ae.xpt", created=created)
    records = (
        b"01-001" + bytes.fromhex("4110000000000000 444FE60000000000")
        + b"01-2  " + bytes.fromhex("4120000000000000 2E00000000000000")
        + b"      " + bytes.fromhex("2E00000000000000 C110000000000000")
    )  # fmt: skip
    assert (tmp_path / "ae.xpt").read_bytes() == HEADER + records + b" " * 14


def test_a_dataset_without_records_is_its_header(dataset, created, tmp_path):
    ae = dataset("AE", {USUBJID: [], AESEQ: [], AESTDT: []}, "Adverse Events")
    xpt.write(ae, tmp_path / "ae.xpt", created=created)
    assert (tmp_path / "ae.xpt").read_bytes() == HEADER


def test_the_month_is_english_whatever_the_date(dataset, tmp_path, created):
    stamps = []
    for month in range(1, 13):
        xpt.write(dataset("AE", {AESEQ: [1]}), tmp_path / "ae.xpt", created=created.replace(month=month))
        stamps.append((tmp_path / "ae.xpt").read_bytes()[146:149].decode())
    assert " ".join(stamps) == "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"


def test_a_length_of_0_is_cut_to_the_longest_value(dataset, created, tmp_path):
    table = dataset(
        "AE", {Column("AETERM"): ["ab", "abcd", None], Column("AEACN"): [None, None, None], AESEQ: [1, 2, 3]}
    )
    xpt.write(table, tmp_path / "ae.xpt", created=created)
    assert [column.length for column in xpt.read_columns(tmp_path / "ae.xpt")] == [4, 1, 8]


@pytest.mark.parametrize("empty", [None, ""], ids=["missing", "empty"])
def test_a_variable_without_any_value_is_blank(dataset, created, tmp_path, empty):
    xpt.write(
        dataset("AE", {Column("AEACN", length=3): [empty] * 3, AESEQ: [1, 2, 3]}),
        tmp_path / "ae.xpt",
        created=created,
    )
    assert xpt.read(tmp_path / "ae.xpt").records["AEACN"].isna().all()


def test_a_planned_length_is_kept(dataset, created, tmp_path):
    xpt.write(dataset("AE", {Column("AETERM", length=200): ["ab"]}), tmp_path / "ae.xpt", created=created)
    assert xpt.read_columns(tmp_path / "ae.xpt")[0].length == 200


def test_everything_the_header_cannot_hold_is_said_together(dataset, created, tmp_path):
    table = dataset(
        "adverse",
        {
            Column("AESTDTCIMP", "x" * 41): ["a"],
            Column("AESEQ", "Séquence", "Num", 8, "8"): [1],
            Column("AETERM", length=201): ["a"],
            Column("AESEQ", "", "Num", 8, "NUMBERFORM8."): [1],
            Column("1AE", "", "Num", 8, "$8a."): [1],
        },
        "y" * 41,
    )
    assert problems_of(table, tmp_path / "adverse.xpt", created) == (
        "'adverse' is no dataset name of a transport file\n"
        "  where: adverse.xpt\n"
        "  to do: use up to 8 capital letters, digits and underscores, the first no digit\n"
        "the label is 41 bytes long, a transport file holds 40\n"
        "  where: adverse.xpt, adverse\n"
        "  to do: shorten the label to 40 bytes\n"
        "'AESTDTCIMP' is no variable name of a transport file\n"
        "  where: adverse.xpt, adverse.AESTDTCIMP\n"
        "  to do: use up to 8 capital letters, digits and underscores, the first no digit\n"
        "the label is 41 bytes long, a transport file holds 40\n"
        "  where: adverse.xpt, adverse.AESTDTCIMP\n"
        "  to do: shorten the label to 40 bytes\n"
        "the label is not ASCII\n"
        "  where: adverse.xpt, adverse.AESEQ\n"
        "  to do: write the label in ASCII characters\n"
        "'8' is no SAS format of a transport file\n"
        "  where: adverse.xpt, adverse.AESEQ\n"
        "  to do: write the format's name of up to 8 characters, its width, and a dot, as in DATE9.\n"
        "the length 201 is planned, a transport file holds 1 to 200 bytes\n"
        "  where: adverse.xpt, adverse.AETERM\n"
        "  to do: plan 200 bytes at most; the rest belongs in SUPP-- (SDTM) or in a further variable\n"
        "AESEQ is named twice\n"
        "  where: adverse.xpt, adverse.AESEQ\n"
        "  to do: rename one of the variables\n"
        "'NUMBERFORM8.' is no SAS format of a transport file\n"
        "  where: adverse.xpt, adverse.AESEQ\n"
        "  to do: write the format's name of up to 8 characters, its width, and a dot, as in DATE9.\n"
        "'1AE' is no variable name of a transport file\n"
        "  where: adverse.xpt, adverse.1AE\n"
        "  to do: use up to 8 capital letters, digits and underscores, the first no digit\n"
        "'$8a.' is no SAS format of a transport file\n"
        "  where: adverse.xpt, adverse.1AE\n"
        "  to do: write the format's name of up to 8 characters, its width, and a dot, as in DATE9."
    )


def test_everything_the_records_cannot_hold_is_said_together_with_up_to_five_keys(dataset, created, tmp_path):
    table = dataset(
        "AE",
        {
            USUBJID: ["01-001"] * 7,
            AESEQ: [1, 2, 3, 4, 5, 6, 7],
            Column("AETERM", length=5): ["Übel", "x" * 201, "é" * 6, "abcdef", "abc\0", "ok", None],
            Column("AEACN", length=1): ["NO"] * 7,
            Column("AEDUR", type="Num"): [np.inf, 1e76, 1e-80, -np.inf, 0, None, 5],
        },
    )
    assert problems_of(table, tmp_path / "ae.xpt", created, keys=("USUBJID", "AESEQ")) == (
        "3 values not in ASCII, which is all a transport file holds\n"
        "  where: ae.xpt, AE.AETERM, USUBJID=01-001 AESEQ=1; USUBJID=01-001 AESEQ=3; USUBJID=01-001 AESEQ=5\n"
        "  to do: map the characters to ASCII in the specification, or have the export corrected\n"
        "1 value longer than 200 bytes, the most a transport file holds (longest: 201)\n"
        "  where: ae.xpt, AE.AETERM, USUBJID=01-001 AESEQ=2\n"
        "  to do: split the text: the rest belongs in SUPP-- (SDTM) or in a further variable\n"
        "2 values longer than the planned length 5 (longest: 12)\n"
        "  where: ae.xpt, AE.AETERM, USUBJID=01-001 AESEQ=3; USUBJID=01-001 AESEQ=4\n"
        "  to do: plan a length of 12 bytes, or correct the values\n"
        "7 values longer than the planned length 1 (longest: 2)\n"
        "  where: ae.xpt, AE.AEACN, USUBJID=01-001 AESEQ=1; USUBJID=01-001 AESEQ=2; USUBJID=01-001 AESEQ=3; "
        "USUBJID=01-001 AESEQ=4; USUBJID=01-001 AESEQ=5\n"
        "  to do: plan a length of 2 bytes, or correct the values\n"
        "4 values infinite or out of the range of a transport file (5.4e-79 to 7.2e+75)\n"
        "  where: ae.xpt, AE.AEDUR, USUBJID=01-001 AESEQ=1; USUBJID=01-001 AESEQ=2; USUBJID=01-001 AESEQ=3; "
        "USUBJID=01-001 AESEQ=4\n"
        "  to do: correct the computation, or the export"
    )


def test_without_keys_faulty_values_are_located_by_their_observation(dataset, created, tmp_path):
    table = dataset("AE", {Column("AETERM", length=2): ["ab", "abc"]})
    assert problems_of(table, tmp_path / "ae.xpt", created) == (
        "1 value longer than the planned length 2 (longest: 3)\n"
        "  where: ae.xpt, AE.AETERM, observation 2\n"
        "  to do: plan a length of 3 bytes, or correct the values"
    )


def test_a_value_longer_than_200_bytes_is_refused_also_without_a_planned_length(dataset, created, tmp_path):
    assert problems_of(dataset("AE", {Column("AETERM"): ["x" * 201]}), tmp_path / "ae.xpt", created) == (
        "1 value longer than 200 bytes, the most a transport file holds (longest: 201)\n"
        "  where: ae.xpt, AE.AETERM, observation 1\n"
        "  to do: split the text: the rest belongs in SUPP-- (SDTM) or in a further variable"
    )


@pytest.mark.parametrize("last", [None, "", "  "], ids=["missing", "empty", "blanks"])
def test_a_blank_last_record_is_refused(dataset, created, tmp_path, last):
    table = dataset("AE", {Column("AETERM", length=3): ["abc", last]})
    assert problems_of(table, tmp_path / "ae.xpt", created) == (
        "the last record of AE is entirely blank, which readers take for padding\n"
        "  where: ae.xpt, AE, observation 2\n"
        "  to do: leave the record out, or give it a key"
    )


def test_a_dataset_without_variables_is_refused(dataset, created, tmp_path):
    assert problems_of(dataset("AE", {}), tmp_path / "ae.xpt", created) == (
        "AE has no variables\n  where: ae.xpt\n  to do: give the dataset at least one variable"
    )


def pieces(counts: list[int]) -> list[pd.DataFrame]:
    ends = np.cumsum([0, *counts])
    return [
        pd.DataFrame(
            {
                "USUBJID": pd.array([f"01-{number:05}" for number in range(start, end)], dtype=TEXT),
                "AESEQ": pd.array(np.arange(start, end), dtype=NUMBER),
            }
        )
        for start, end in pairwise(ends.tolist())
    ]


@pytest.mark.parametrize(
    "counts", [[40_000], [1, 39_999], [32_000, 8_000], [1, 32_000, 7_999], [0, 40_000, 0]], ids=str
)
def test_the_bytes_are_the_same_however_the_records_are_cut(created, tmp_path, counts):
    columns = (Column("USUBJID", length=8), AESEQ)
    for name, cut in (("whole.xpt", [40_000]), ("cut.xpt", counts)):
        with xpt.Writer(tmp_path / name, name="AE", label="", columns=columns, created=created) as writer:
            for piece in pieces(cut):
                writer.append(piece)
    whole = (tmp_path / "whole.xpt").read_bytes()
    assert (tmp_path / "cut.xpt").read_bytes() == whole
    assert xpt.read(tmp_path / "whole.xpt").records["AESEQ"].sum() == 40_000 * 39_999 / 2


def test_faults_are_gathered_over_all_pieces(created, tmp_path):
    columns = (Column("USUBJID", length=8), AESEQ)
    with pytest.raises(UserError) as raised:  # noqa: SIM117, PT012
        with xpt.Writer(tmp_path / "ae.xpt", name="AE", label="", columns=columns, created=created) as writer:
            for piece in pieces([2, 20_000]):
                writer.append(
                    piece.assign(USUBJID=(piece["USUBJID"] + "9").where(piece["AESEQ"] % 7000 == 1))
                )
    assert str(raised.value) == (
        "3 values longer than the planned length 8 (longest: 9)\n"
        "  where: ae.xpt, AE.USUBJID, observation 2; observation 7002; observation 14002\n"
        "  to do: plan a length of 9 bytes, or correct the values"
    )


def test_an_error_while_writing_leaves_the_file_that_stood_there(dataset, created, tmp_path):
    path = tmp_path / "ae.xpt"
    xpt.write(dataset("AE", {AESEQ: [1]}), path, created=created)
    before = path.read_bytes()
    with pytest.raises(KeyboardInterrupt):  # noqa: SIM117
        with xpt.Writer(path, name="AE", label="", columns=(AESEQ,), created=created):
            raise KeyboardInterrupt
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["ae.xpt"]


@pytest.mark.parametrize(
    ("number", "why", "to_do"),
    [
        (errno.ENOSPC, "the disk is full", "free space on the disk or write to another folder (--out)"),
        (
            errno.EDQUOT,
            "the disk quota is used up",
            "free space in the quota or write to another folder (--out)",
        ),
        (errno.EIO, "Input/output error", "write to another folder (--out)"),
    ],
    ids=["full disk", "quota", "broken disk"],
)
def test_a_system_that_does_not_write_is_explained(
    dataset, created, tmp_path, monkeypatch, number, why, to_do
):
    class Full:
        def __init__(self, path: Path) -> None:
            path.touch()

        def write(self, content: bytes) -> None:
            raise OSError(number, os.strerror(number))

        def close(self) -> None:
            pass

    monkeypatch.setattr(Path, "open", lambda path, mode: Full(path))
    path = tmp_path / "ae.xpt"
    assert problems_of(dataset("AE", {AESEQ: [1]}), path, created) == (
        f"ae.xpt cannot be written: {why}\n  where: {path}\n  to do: {to_do}"
    )


def test_a_missing_folder_is_explained(dataset, created, tmp_path):
    path = tmp_path / "sdtm" / "ae.xpt"
    with pytest.raises(UserError) as raised:
        xpt.write(dataset("AE", {AESEQ: [1]}), path, created=created)
    assert str(raised.value) == (
        f"ae.xpt cannot be written: the folder does not exist\n  where: {path}\n  to do: create the folder"
    )
