"""Transport files as they are read: values, metadata, padding, and what is refused."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from exchange import NUMBER, TEXT, Column, xpt
from specs import UserError

USUBJID = Column("USUBJID", "Unique Subject Identifier", "Char", 6)
AESEQ = Column("AESEQ", "Sequence Number", "Num", 8, "8.")


@pytest.fixture
def ae(dataset, created, tmp_path) -> Path:
    """A file of two variables and three records; its header is 1040 bytes long."""
    path = tmp_path / "ae.xpt"
    xpt.write(
        dataset("AE", {USUBJID: ["01-001", "01-002", None], AESEQ: [1, 2, None]}, "Adverse"),
        path,
        created=created,
    )
    return path


def refusal(source: Path | bytes, file: str = "ae.xpt") -> str:
    with pytest.raises(UserError) as raised:
        xpt.read(source, file=file)
    return str(raised.value)


def test_a_file_gives_back_what_was_written(ae):
    table = xpt.read(ae)
    assert (table.name, table.label, table.columns) == ("AE", "Adverse", (USUBJID, AESEQ))
    pd.testing.assert_frame_equal(
        table.records,
        pd.DataFrame(
            {
                "USUBJID": pd.array(["01-001", "01-002", None], dtype=TEXT),
                "AESEQ": pd.array([1, 2, None], dtype=NUMBER),
            }
        ),
    )
    assert np.array_equal(table.rows, [1, 2, 3])


def test_bytes_are_read_as_a_file_is(ae):
    table = xpt.read(ae.read_bytes(), name="AE_RAW")
    assert table.name == "AE_RAW"
    pd.testing.assert_frame_equal(table.records, xpt.read(ae).records)


def test_the_variables_are_read_from_the_header_alone(ae):
    assert xpt.read_columns(ae.read_bytes()[:1040]) == (USUBJID, AESEQ)


def test_a_dataset_without_records_has_its_columns(dataset, created, tmp_path):
    xpt.write(dataset("AE", {USUBJID: [], AESEQ: []}), tmp_path / "ae.xpt", created=created)
    table = xpt.read(tmp_path / "ae.xpt")
    assert [*table.records.dtypes] == [TEXT, NUMBER]
    assert len(table.records) == len(table.rows) == 0


def test_trailing_blanks_go_and_leading_blanks_stay(dataset, created, tmp_path):
    column = Column("AETERM", length=80)
    xpt.write(dataset("AE", {column: ["  a b  ", "  ", "x"]}), tmp_path / "ae.xpt", created=created)
    assert xpt.read(tmp_path / "ae.xpt").records["AETERM"].tolist() == ["  a b", pd.NA, "x"]


def test_a_file_by_pyreadstat_is_read(tmp_path):
    path = tmp_path / "lb.xpt"
    frame = pd.DataFrame(
        {"LBTESTCD": ["ALT", "", "CREAT"], "LBSTRESN": [0.1, np.nan, -1e30], "LBDT": [20454.0, 1, 0]}
    )
    pyreadstat.write_xport(
        frame,
        str(path),
        file_format_version=5,
        table_name="LB",
        column_labels=["Test", "Result", "Date"],
        variable_format={"LBDT": "DATE9."},
    )
    table = xpt.read(path)
    assert table.name == "LB"
    assert [(column.name, column.label, column.type, column.format) for column in table.columns] == [
        ("LBTESTCD", "Test", "Char", ""),
        ("LBSTRESN", "Result", "Num", ""),
        ("LBDT", "Date", "Num", "DATE9."),
    ]
    assert table.records["LBTESTCD"].tolist() == ["ALT", pd.NA, "CREAT"]
    assert table.records["LBSTRESN"].tolist() == [0.1, pd.NA, -1e30]
    assert table.records["LBDT"].tolist() == [20454, 1, 0]


@pytest.mark.parametrize("length", [*range(1, 10), 39, 40, 79, 80, 81, 100, 160, 200])
@pytest.mark.parametrize("count", [1, 2, 3, 10, 80])
def test_the_number_of_records_is_found_whatever_the_padding(dataset, created, tmp_path, length, count):
    values = [*[None] * (count - 1), "x"]
    xpt.write(dataset("AE", {Column("AETERM", length=length): values}), tmp_path / "ae.xpt", created=created)
    assert xpt.read(tmp_path / "ae.xpt").records["AETERM"].tolist() == [*[pd.NA] * (count - 1), "x"]


@pytest.mark.parametrize(
    ("length", "records", "found"),
    [
        (100, b"x" * 100 + b" " * 100, 2),
        (100, b" " * 100, 1),
        (80, b"x" * 80 + b" " * 80, 2),
        (80, b" " * 80, 1),
        (40, b"x" * 40 + b" " * 40, 1),
        (40, b"x" * 40 + b" " * 80, 3),
        (8, b"x" * 8, 1),
        (200, b" " * 400, 2),
    ],
    ids=[
        "100 bytes: a blank record of 200 to 240 bytes is a record, for it exceeds the padding",
        "100 bytes: 20 of padding leave 100 blank bytes, which are a record",
        "80 bytes: nothing is padded, so a blank record is one",
        "80 bytes: nothing is padded, so the only record may be blank",
        "40 bytes: a blank record that fills up the card is padding",
        "40 bytes: of three blank records the one within the last 79 bytes is padding",
        "8 bytes: nine blank records fill up the card and are padding",
        "200 bytes: blank records of more than a card are records",
    ],
)
def test_a_trailing_blank_record_is_padding_only_where_padding_may_be(
    dataset, created, tmp_path, length, records, found
):
    xpt.write(dataset("AE", {Column("AETERM", length=length): []}), tmp_path / "ae.xpt", created=created)
    content = (tmp_path / "ae.xpt").read_bytes() + records
    content += b" " * (-len(content) % 80)
    assert len(xpt.read(content).records) == found


def test_missing_values_keep_their_codes_for_those_who_ask(ae):
    content = bytearray(ae.read_bytes())
    content[1040 + 6] = ord("A")
    content[1040 + 7 : 1040 + 14] = bytes(7)
    content[1040 + 20 : 1040 + 28] = b"_" + bytes(7)
    assert xpt.read(bytes(content)).records["AESEQ"].tolist() == [pd.NA, pd.NA, pd.NA]
    pd.testing.assert_frame_equal(
        xpt.special_missings(bytes(content)),
        pd.DataFrame(
            {
                "observation": [1, 2],
                "variable": pd.array(["AESEQ", "AESEQ"], dtype=TEXT),
                "code": pd.array([".A", "._"], dtype=TEXT),
            }
        ),
    )
    assert xpt.special_missings(ae).empty


@pytest.mark.parametrize("length", range(2, 8))
def test_short_numbers_are_the_leading_bytes_of_long_ones(ae, length):
    """AESEQ cut to `length` bytes, in the description and in the records."""
    content = ae.read_bytes()
    header = bytearray(content[:1040])
    header[640 + 140 + 4 : 640 + 140 + 6] = struct.pack(">h", length)
    records = b"".join(content[at : at + 6 + length] for at in range(1040, 1040 + 42, 14))
    records += b" " * (-len(records) % 80)
    assert xpt.read(bytes(header) + records).records["AESEQ"].tolist() == [1, 2, pd.NA]


def test_descriptions_of_136_bytes_are_read(ae):
    """As old VAX systems write them."""
    content = ae.read_bytes()
    header = content[:320].replace(b"0000000140  ", b"0000000136  ") + content[320:640]
    namestrs = content[640 : 640 + 136] + content[780 : 780 + 136]
    assert xpt.read(header + namestrs.ljust(320) + content[960:]).columns == (USUBJID, AESEQ)


def test_another_encoding_is_read_when_it_is_named(ae):
    content = ae.read_bytes().replace(b"01-001", b"M\xfcller")
    assert xpt.read(content, encoding="cp1252").records["USUBJID"].tolist() == ["Müller", "01-002", pd.NA]
    assert refusal(content) == (
        "a value is not utf-8\n"
        "  where: ae.xpt, USUBJID, from byte 1040 on\n"
        "  to do: name the file's encoding, for example cp1252"
    )


def test_a_wide_text_in_another_encoding_is_refused_too(dataset, created, tmp_path):
    column = Column("AETERM", length=80)
    xpt.write(dataset("AE", {column: ["Mueller", "x"]}), tmp_path / "ae.xpt", created=created)
    content = (tmp_path / "ae.xpt").read_bytes().replace(b"Mueller", b"M\xfcller ")
    assert refusal(content) == (
        "a value is not utf-8\n"
        "  where: ae.xpt, AETERM, from byte 880 on\n"
        "  to do: name the file's encoding, for example cp1252"
    )
    assert xpt.read(content, encoding="latin-1").records["AETERM"].tolist() == ["Müller", "x"]


def test_a_label_in_another_encoding_is_refused(ae):
    assert refusal(ae.read_bytes().replace(b"Sequence", b"S\xe9quence"[:8])) == (
        "a name or label is not utf-8\n"
        "  where: ae.xpt, byte 797\n"
        "  to do: name the file's encoding, for example cp1252"
    )


EXPORT_AGAIN, COPY_AGAIN = "export it again", "copy or export it again"
NAME_ANOTHER = "name a file written by the XPORT engine (.xpt)"
DAMAGED, TRUNCATED = "the transport file is damaged: ", "the transport file is truncated: "


def changed(content: bytes, at: int, new: bytes) -> bytes:
    return content[:at] + new + content[at + len(new) :]


@pytest.mark.parametrize(
    ("change", "what", "byte", "to_do"),
    [
        (lambda all: b"", "this is not a SAS transport file", 0, NAME_ANOTHER),
        (lambda all: b"a,b\n1,2\n" * 40, "this is not a SAS transport file", 0, NAME_ANOTHER),
        (lambda all: changed(all, 20, b"LIBV8   "), "this is a transport file of version 8, not 5", 20,
         "export it as version 5: PROC COPY with the XPORT engine, or %loc2xpt with format=V5"),
        (lambda all: b"**COMPRESSED** " * 20, "this is a file of PROC CPORT, not a transport file", 0,
         "export it with PROC COPY and the XPORT engine"),
        (lambda all: all[:700], TRUNCATED + "it ends in its header", 700, COPY_AGAIN),
        (lambda all: all[:40], TRUNCATED + "it ends in its header", 40, COPY_AGAIN),
        (lambda all: all[:1060], TRUNCATED + "it ends inside the observation 2", 1060, COPY_AGAIN),
        (lambda all: all[:1082], TRUNCATED + "it ends before its last card is full", 1082, COPY_AGAIN),
        (lambda all: all + b"x", TRUNCATED + "it ends inside the observation 6", 1121, COPY_AGAIN),
        (lambda all: changed(all, 314, b"0200"), DAMAGED + "variable descriptions of 200 bytes", 320, EXPORT_AGAIN),
        (lambda all: changed(all, 314, b"01x0"),
         DAMAGED + "no digits for the size of its variable descriptions", 314, EXPORT_AGAIN),
        (lambda all: changed(all, 260, b"SOMETHING"), DAMAGED + "no MEMBER header record", 240, EXPORT_AGAIN),
        (lambda all: changed(all, 340, b"SOMETHING"), DAMAGED + "no DSCRPTR header record", 320, EXPORT_AGAIN),
        (lambda all: changed(all, 980, b"SOMETHING"), DAMAGED + "no OBS header record", 960, EXPORT_AGAIN),
        (lambda all: changed(all, 614, b"0000"), "the dataset has no variables", 640, EXPORT_AGAIN),
        (lambda all: changed(all, 640, b"\0\3"),
         DAMAGED + "a variable of unknown type or impossible length", 640, EXPORT_AGAIN),
        (lambda all: changed(all, 784, b"\0\11"),
         DAMAGED + "a variable of unknown type or impossible length", 780, EXPORT_AGAIN),
        (lambda all: changed(all, 788, b"USUBJID "), DAMAGED + "two variables named 'USUBJID'", 640, EXPORT_AGAIN),
        (lambda all: changed(all, 864, b"\0\0\0\5"),
         DAMAGED + "a gap or an overlap before the variable AESEQ", 640, EXPORT_AGAIN),
        (lambda all: all + all[240:],
         "the transport file holds several datasets", 1120, "export each dataset to a file of its own"),
    ],
    ids=[
        "empty", "CSV", "version 8", "CPORT", "ends in a description", "ends in the first card", "ends in a record",
        "ends without padding",
        "longer than a card", "descriptions of an unknown size", "descriptions of no size", "no MEMBER", "no DSCRPTR",
        "no OBS", "no variables", "unknown type", "impossible length", "doubled name", "overlap", "two datasets",
    ],
)  # fmt: skip
def test_what_is_no_sound_transport_file_is_refused_with_the_byte(ae, change, what, byte, to_do):
    assert refusal(change(ae.read_bytes())) == f"{what}\n  where: ae.xpt, byte {byte}\n  to do: {to_do}"


def test_a_missing_file_is_refused(tmp_path):
    path = tmp_path / "ae.xpt"
    assert refusal(path, "") == (
        "ae.xpt cannot be read: there is no such file\n"
        f"  where: {path}\n"
        "  to do: check the name, or put the file there"
    )
