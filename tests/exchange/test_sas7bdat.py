"""SAS datasets, read by pyreadstat: the files are built here, byte by byte, uncompressed and 32-bit."""

from __future__ import annotations

import struct

import numpy as np
import pandas as pd
import pytest

from exchange import NUMBER, TEXT, Column, sas7bdat, text_records
from specs import UserError

PAGE = 4096
MAGIC = bytes.fromhex("000000000000000000000000c2ea8160b31411cfbd92080009c7318c181f1011")
META, DATA = 0x0000, 0x0100
UTF_8 = 20


def sas_file(name: str, columns: list[tuple[Column, int]], records: list[tuple[object, ...]]) -> bytes:
    """A dataset; each column with its width in bytes, numbers 8."""
    texts = [name, *(column.name for column, _ in columns)]
    texts += [column.label for column, _ in columns]
    texts += [column.format.rstrip("0123456789.") for column, _ in columns]
    blob, places = b"", {}
    for text in texts:
        places[text] = (
            16 + len(blob),
            len(text),
        )  # counted from behind the signature, with 16 bytes of its own
        blob += text.encode("ascii") + b" " * (-len(text) % 4)

    def reference(text: str) -> bytes:
        return struct.pack("<HHH", 0, *places[text]) if text else bytes(6)

    def subheader(signature: int, content: bytes, tail: int = 8) -> bytes:
        whole = struct.pack("<I", signature) + content + bytes(tail)
        return whole[:4] + struct.pack("<H", len(whole) - 12) + whole[6:]

    length = sum(width for _, width in columns)
    row_size = bytearray(480)
    struct.pack_into("<I", row_size, 0, 0xF7F7F7F7)
    struct.pack_into("<II", row_size, 20, length, len(records))
    struct.pack_into("<I", row_size, 60, len(records))
    attributes, position = bytes(8), 0
    for column, width in columns:
        kind = 1 if column.type == "Num" else 2
        attributes += struct.pack("<IIHBB", position, width, 0, kind, 0)
        position += width
    subheaders = [
        bytes(row_size),
        struct.pack("<III", 0xF6F6F6F6, len(columns), 0),
        subheader(0xFFFFFFFD, bytes(16) + blob),
        subheader(
            0xFFFFFFFF, bytes(8) + b"".join(reference(column.name) + bytes(2) for column, _ in columns)
        ),
        subheader(0xFFFFFFFC, attributes),
    ]
    for column, _ in columns:
        one = bytearray(52)
        struct.pack_into("<I", one, 0, 0xFFFFFBFE)
        width = column.format.strip("$.").lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        struct.pack_into("<H", one, 12, int(width or 0))
        one[34:46] = reference(column.format.rstrip("0123456789.")) + reference(column.label)
        subheaders.append(bytes(one))
    data = b""
    for record in records:
        for (column, width), value in zip(columns, record, strict=True):
            data += struct.pack("<d", value) if column.type == "Num" else str(value).encode().ljust(width)
    return _header(name, 2) + _meta_page(subheaders) + _page(DATA, len(records), 0, data)


def _header(name: str, pages: int) -> bytes:
    header = bytearray(1024)
    header[0:32] = MAGIC
    header[32], header[35], header[37], header[39], header[70] = 0x22, 0x33, 1, ord("1"), UTF_8
    header[84:92] = b"SAS FILE"
    header[92:124] = name.encode().ljust(32)
    header[156:164] = b"DATA    "
    struct.pack_into("<dd", header, 168, 0.0, 0.0)
    struct.pack_into("<III", header, 200, len(header), PAGE, pages)
    header[220:228] = b"9.0401M5"
    return bytes(header)


def _page(kind: int, blocks: int, subheaders: int, content: bytes) -> bytes:
    assert len(content) <= PAGE - 24
    return (bytes(16) + struct.pack("<HHHH", kind, blocks, subheaders, 0) + content).ljust(PAGE, b"\0")


def _meta_page(subheaders: list[bytes]) -> bytes:
    pointers, end = b"", PAGE
    content = bytearray(PAGE - 24)
    for each in subheaders:
        end -= len(each)
        pointers += struct.pack("<IIBBH", end, len(each), 0, 0, 0)
        content[end - 24 : end - 24 + len(each)] = each
    content[: len(pointers)] = pointers
    return _page(META, len(subheaders), len(subheaders), bytes(content))


AE = sas_file(
    "AE",
    [
        (Column("SUBJECT", "Subject number", "Char"), 8),
        (Column("AESEV", "Grade", "Num", format="BEST8."), 8),
        (Column("AESTDAT", "Start date", "Num", format="DATE9."), 8),
    ],
    [("01-001", 3.0, 20454.0), ("01-002", 1.5, float("nan")), ("", float("nan"), 0.0)],
)


def test_a_sas_dataset_is_read_with_its_metadata():
    table = sas7bdat.read(AE)
    assert table.name == "AE"
    assert table.columns == (
        Column("SUBJECT", "Subject number", "Char", 8, ""),
        Column("AESEV", "Grade", "Num", 8, "BEST8."),
        Column("AESTDAT", "Start date", "Num", 8, "DATE9."),
    )
    pd.testing.assert_frame_equal(
        table.records,
        pd.DataFrame(
            {
                "SUBJECT": pd.array(["01-001", "01-002", None], dtype=TEXT),
                "AESEV": pd.array([3.0, 1.5, None], dtype=NUMBER),
                "AESTDAT": pd.array([20454.0, None, 0.0], dtype=NUMBER),
            }
        ),
    )
    assert np.array_equal(table.rows, [1, 2, 3])


def test_a_sas_dataset_as_text_has_dates_in_iso_8601():
    records = text_records(sas7bdat.read(AE)).records
    assert records["AESEV"].tolist() == ["3", "1.5", pd.NA]
    assert records["AESTDAT"].tolist() == ["2016-01-01", pd.NA, "1960-01-01"]


def test_the_name_given_replaces_the_name_in_the_file(tmp_path):
    path = tmp_path / "ae.sas7bdat"
    path.write_bytes(AE)
    assert sas7bdat.read(path, name="AE_RAW").name == "AE_RAW"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"no SAS dataset" * 100, "Invalid file, or file has unsupported features"),
        (AE[:1500], "Unable to read from file"),
        (AE[:-PAGE], "Unable to read from file"),
    ],
    ids=["not a SAS dataset", "truncated in its description", "truncated in its records"],
)
def test_what_is_no_sas_dataset_is_refused(content: bytes, why: str):
    with pytest.raises(UserError) as raised:
        sas7bdat.read(content, file="edc.zip/AE.sas7bdat")
    assert str(raised.value) == (
        f"the SAS dataset cannot be read: {why}\n"
        "  where: edc.zip/AE.sas7bdat\n"
        "  to do: export it again, or name its encoding"
    )


def test_a_sas_dataset_without_records_has_its_columns():
    table = sas7bdat.read(sas_file("AE", [(Column("SUBJECT"), 8), (Column("AESEV", type="Num"), 8)], []))
    assert [*table.records.dtypes] == [TEXT, NUMBER]
    assert len(table.records) == len(table.rows) == 0
