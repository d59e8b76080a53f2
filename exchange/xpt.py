"""SAS transport files, version 5: the form in which agencies take datasets.

A file holds one dataset: a header (see `xpt_layout`), then the records back to back, each value at its fixed
place and of its fixed length. There is no count of records and no mark for a missing text but blanks, so that
trailing blanks of a text are not kept.

Source: SAS technical support note TS-140, "The record layout of a SAS transport data set".
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from exchange.ibm_float import MISSING_CODES, from_ibm
from exchange.source import file_name, open_source
from exchange.table import TEXT, Column, Table
from exchange.xpt_layout import (
    CARD,
    MEMBER_START,
    RECORDS_AT_ONCE,
    Bytes,
    Header,
    Variable,
    field_of,
    read_header,
    truncated,
)
from exchange.xpt_writer import Writer, write
from specs import UserError

__all__ = ["Writer", "read", "read_columns", "special_missings", "write"]

_WIDE = 64  # from this length on, texts are trimmed once for each distinct value


def read(source: Path | bytes, *, name: str = "", file: str = "", encoding: str | None = None) -> Table:
    """The dataset of a transport file.

    `name` replaces the name it has there, `file` is what messages call the file, `encoding` is UTF-8 unless
    given. Texts lose their trailing blanks; blank texts and numeric missing values of every kind are NA
    (`special_missings` tells the kinds apart). `rows` numbers the observations.

    Raises UserError with the byte offset when the file is no transport file of version 5, is truncated or
    damaged, or holds several datasets.
    """
    file = file_name(source, file, name)
    with open_source(source, file) as stream:
        header = read_header(stream, file, encoding)
        count = _count(stream, header, file)
        numbers = {
            variable.column.name: (np.empty(count), np.empty(count, dtype=np.bool_))
            for variable in header.variables
            if variable.numeric
        }
        texts: dict[str, list[pa.Array]] = {
            variable.column.name: [] for variable in header.variables if not variable.numeric
        }
        for start, block in _blocks(stream, header, count, file):
            for variable in header.variables:
                if variable.numeric:
                    values, missing = from_ibm(_words(block, variable))
                    for whole, part in zip(numbers[variable.column.name], (values, missing), strict=True):
                        whole[start : start + len(block)] = part
                else:
                    at = header.start + start * header.record_length + variable.position
                    where = f"{file}, {variable.column.name}, from byte {at} on"
                    texts[variable.column.name].append(_trimmed(block, variable, encoding, where))
    columns = tuple(variable.column for variable in header.variables)
    records = pd.DataFrame(
        {
            column.name: pd.arrays.FloatingArray(*numbers[column.name])
            if column.type == "Num"
            else pd.array(pa.chunked_array(texts[column.name], type=pa.large_string()), dtype=TEXT)
            for column in columns
        },
        copy=False,
    )
    return Table(name or header.name, header.label, columns, records, np.arange(1, count + 1, dtype=np.int64))


def read_columns(source: Path | bytes, *, file: str = "", encoding: str | None = None) -> tuple[Column, ...]:
    """The variables of a transport file, read from its header alone.

    Raises UserError with the byte offset when this is no header of a transport file of version 5.
    """
    file = file_name(source, file, "")
    with open_source(source, file) as stream:
        return tuple(variable.column for variable in read_header(stream, file, encoding).variables)


def special_missings(source: Path | bytes, *, file: str = "") -> pd.DataFrame:
    """The numeric values that are missing with a code of their own, `.A` to `.Z` and `._`.

    One record for each: `observation` (from 1), `variable`, `code`.

    Raises UserError as `read` does.
    """
    file = file_name(source, file, "")
    found: list[pd.DataFrame] = []
    with open_source(source, file) as stream:
        header = read_header(stream, file)
        for start, block in _blocks(stream, header, _count(stream, header, file), file):
            for variable in (each for each in header.variables if each.numeric):
                words = _words(block, variable)
                tops = (words >> np.uint64(56)).astype(np.intp)
                places = np.flatnonzero(from_ibm(words)[1] & (tops != ord(".")))
                found.append(
                    pd.DataFrame(
                        {
                            "observation": start + places + 1,
                            "variable": pd.array([variable.column.name] * len(places), dtype=TEXT),
                            "code": pd.array([MISSING_CODES[top] for top in tops[places]], dtype=TEXT),
                        }
                    )
                )
    none = pd.DataFrame({"observation": np.empty(0, np.int64)}).assign(
        variable=pd.array([], dtype=TEXT), code=pd.array([], dtype=TEXT)
    )
    return pd.concat([none, *found]).sort_values(["observation", "variable"], ignore_index=True)


def _count(stream: BinaryIO, header: Header, file: str) -> int:
    """How many records there are: the format does not say, and pads the last ones to a full card with blanks.

    A blank record is padding when it and all that follows fit into the 79 bytes that padding may take.
    """
    size = stream.seek(0, 2)
    total, length = size - header.start, header.record_length
    count = total // length
    tail_start = max(0, total - CARD + 1)
    stream.seek(header.start + tail_start)
    tail = stream.read()
    while count and (count - 1) * length >= tail_start:
        if tail[(count - 1) * length - tail_start :].strip(b" "):
            break
        count -= 1
    rest = total - count * length
    if rest >= CARD or tail[len(tail) - rest :].strip(b" ") or size % CARD:
        _refuse_further_datasets(stream, header, file)
        inside = (
            f"inside the observation {total // length + 1}"
            if total % length
            else "before its last card is full"
        )
        raise truncated(file, size, inside)
    return count


def _refuse_further_datasets(stream: BinaryIO, header: Header, file: str) -> None:
    stream.seek(header.start)
    at = header.start
    while cards := stream.read(RECORDS_AT_ONCE * CARD):
        _refuse_member(np.frombuffer(cards, dtype=np.uint8), at, file)
        at += len(cards)


def _refuse_member(content: Bytes, at: int, file: str) -> None:
    cards = content[: len(content) // CARD * CARD].reshape(-1, CARD)
    suspects = np.flatnonzero(field_of(cards, 0, "V8") == np.frombuffer(MEMBER_START[:8], dtype="V8")[0])
    for suspect in suspects:
        if cards[suspect].tobytes().startswith(MEMBER_START):
            raise UserError.of(
                "the transport file holds several datasets",
                f"{file}, byte {at + int(suspect) * CARD}",
                "export each dataset to a file of its own",
            )


def _blocks(stream: BinaryIO, header: Header, count: int, file: str) -> Iterator[tuple[int, Bytes]]:
    """The records, block by block, each with its first record's position; the memory is used again."""
    stream.seek(header.start)
    buffer = np.empty((min(count, RECORDS_AT_ONCE), header.record_length), dtype=np.uint8)
    for start in range(0, count, RECORDS_AT_ONCE):
        block = buffer[: count - start]
        if stream.readinto(block.data.cast("B")) < block.nbytes:  # type: ignore[attr-defined]
            raise truncated(file, header.start + start * header.record_length, "while it is read")
        _refuse_member(block.reshape(-1), header.start + start * header.record_length, file)
        yield start, block


def _words(block: Bytes, variable: Variable) -> npt.NDArray[np.uint64]:
    """The numbers of a variable as words of the machine's byte order; short ones end in zeros."""
    if variable.length == 8:
        return field_of(block, variable.position, ">u8").astype(np.uint64)
    whole = np.zeros((len(block), 8), dtype=np.uint8)
    whole[:, : variable.length] = block[:, variable.position : variable.position + variable.length]
    return whole.view(">u8")[:, 0].astype(np.uint64)


def _trimmed(block: Bytes, variable: Variable, encoding: str | None, where: str) -> pa.LargeStringArray:
    """The texts of a variable without trailing blanks, NA for blank ones."""
    length = variable.length
    content = (
        np.ascontiguousarray(field_of(block, variable.position, f"V{length}"))
        .view(np.uint8)
        .reshape(-1, length)
    )
    if length < _WIDE and encoding is None:
        return _without_blanks(_fixed_texts(content, where))
    cells = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(length), len(content), [None, pa.py_buffer(content)]
    )
    coded = cells.dictionary_encode()
    distinct = coded.dictionary.cast(pa.large_binary())
    if encoding is None:
        texts = _fixed_texts(
            np.frombuffer(b"".join(distinct.to_pylist()), np.uint8).reshape(-1, length), where
        )
    else:
        try:
            texts = pa.array([cell.decode(encoding) for cell in distinct.to_pylist()], type=pa.large_string())
        except UnicodeDecodeError as error:
            raise _undecodable(encoding, where) from error
    return _without_blanks(texts).take(coded.indices)


def _fixed_texts(content: Bytes, where: str) -> pa.LargeStringArray:
    ends = np.arange(0, content.size + 1, content.shape[1], dtype=np.int64)
    texts = pa.LargeStringArray.from_buffers(len(content), pa.py_buffer(ends), pa.py_buffer(content))
    try:
        texts.validate(full=True)
    except pa.ArrowInvalid as error:
        raise _undecodable("utf-8", where) from error
    return texts


def _without_blanks(texts: pa.LargeStringArray) -> pa.LargeStringArray:
    trimmed = pc.ascii_rtrim(texts, " \0")
    blank = pc.equal(pc.binary_length(trimmed), 0)
    return pc.if_else(blank, None, trimmed) if pc.any(blank).as_py() else trimmed


def _undecodable(encoding: str, where: str) -> UserError:
    return UserError.of(f"a value is not {encoding}", where, "name the file's encoding, for example cp1252")
