"""The header of a SAS transport file, version 5: what its records say, and where each variable stands.

Source: SAS technical support note TS-140, "The record layout of a SAS transport data set".
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from exchange.table import Column
from specs import Problem, UserError

CARD = 80
"""Bytes of a header record; the whole file is a multiple of it."""
LONGEST_TEXT = 200
"""Bytes of the longest character value."""
RECORDS_AT_ONCE = 32_000
"""Records of a block; a multiple of 80, so that no card straddles two blocks."""
LONGEST_LABEL = 40
MOST_VARIABLES = 9999
SYSTEM = "Linux"
"""The operating system that the header names, as SAS 9.4 writes it."""

Bytes = npt.NDArray[np.uint8]

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_NAME = re.compile(r"[A-Z_][A-Z0-9_]{0,7}")
_FORMAT = re.compile(r"(\$?(?:[A-Z_][A-Z0-9_]*)?(?<![0-9]))([0-9]*)\.([0-9]*)")
_NAMESTR = struct.Struct(">hhhh8s40s8shhh2s8shhl")
_TAIL = 52  # NULs that fill a NAMESTR to 140 bytes
_LIBRARY, _MEMBER, _DESCRIPTOR, _NAMESTRS, _OBSERVATIONS = (
    f"HEADER RECORD*******{kind:8}HEADER RECORD!!!!!!!".encode("ascii")
    for kind in ("LIBRARY", "MEMBER", "DSCRPTR", "NAMESTR", "OBS")
)
MEMBER_START = _MEMBER[:28]
"""How the header of a dataset begins."""


@dataclass(frozen=True)
class Variable:
    """A variable as the file holds it: `length` bytes from byte `position` of each record."""

    column: Column
    numeric: bool
    length: int
    position: int


@dataclass(frozen=True)
class Header:
    """What a file says of its dataset; the records begin at byte `start`."""

    name: str
    label: str
    variables: tuple[Variable, ...]
    record_length: int
    start: int


def unholdable(name: str, label: str, columns: Sequence[Column], file: str) -> Iterator[Problem]:
    """What the header cannot hold of a dataset's and its variables' names, labels, lengths and formats."""
    if not _NAME.fullmatch(name):
        yield Problem(
            f"'{name}' is no dataset name of a transport file",
            file,
            "use up to 8 capital letters, digits and underscores, the first no digit",
        )
    yield from _unholdable_label(label, f"{file}, {name}")
    if not columns:
        yield Problem(f"{name} has no variables", file, "give the dataset at least one variable")
    if len(columns) > MOST_VARIABLES:
        yield Problem(
            f"{name} has {len(columns)} variables, a transport file holds {MOST_VARIABLES}",
            file,
            "split the dataset",
        )
    seen: set[str] = set()
    for column in columns:
        where = f"{file}, {name}.{column.name}"
        if not _NAME.fullmatch(column.name):
            yield Problem(
                f"'{column.name}' is no variable name of a transport file",
                where,
                "use up to 8 capital letters, digits and underscores, the first no digit",
            )
        if column.name in seen:
            yield Problem(f"{column.name} is named twice", where, "rename one of the variables")
        seen.add(column.name)
        yield from _unholdable_label(column.label, where)
        if column.type == "Char" and not 1 <= column.length <= LONGEST_TEXT:
            yield Problem(
                f"the length {column.length} is planned, a transport file holds 1 to {LONGEST_TEXT} bytes",
                where,
                "plan 200 bytes at most; the rest belongs in SUPP-- (SDTM) or in a further variable",
            )
        if split_format(column.format) is None:
            yield Problem(
                f"'{column.format}' is no SAS format of a transport file",
                where,
                "write the format's name of up to 8 characters, its width, and a dot, as in DATE9.",
            )


def _unholdable_label(label: str, where: str) -> Iterator[Problem]:
    length = len(label.encode("utf-8"))
    if length > LONGEST_LABEL:
        yield Problem(
            f"the label is {length} bytes long, a transport file holds {LONGEST_LABEL}",
            where,
            f"shorten the label to {LONGEST_LABEL} bytes",
        )
    if not label.isascii() or "\0" in label:
        yield Problem("the label is not ASCII", where, "write the label in ASCII characters")


def split_format(text: str) -> tuple[str, int, int] | None:
    """A format's name, width and decimals; 0 where not given; None when it is no format of a transport file.

    >>> split_format("DATE9."), split_format("8.3"), split_format("$200."), split_format("E8601DA.")
    (('DATE', 9, 0), ('', 8, 3), ('$', 200, 0), ('E8601DA', 0, 0))
    """
    if not text:
        return "", 0, 0
    parts = _FORMAT.fullmatch(text)
    if parts is None:
        return None
    name, width, decimals = parts[1], int(parts[2] or 0), int(parts[3] or 0)
    return (name, width, decimals) if len(name) <= 8 and max(width, decimals) < 1 << 15 else None


def joined_format(name: str, width: int, decimals: int) -> str:
    """A format as SAS writes it, "" for none.

    >>> joined_format("DATE", 9, 0), joined_format("", 8, 3), joined_format("", 0, 0)
    ('DATE9.', '8.3', '')
    """
    if not (name or width or decimals):
        return ""
    return f"{name}{width or ''}.{decimals or ''}"


def packed_header(name: str, label: str, columns: Sequence[Column], created: datetime) -> bytes:
    """The file's bytes up to the first record; the columns have their final lengths."""
    system, stamp = SYSTEM.ljust(8), _stamp(created)
    made_by = f"9.4     {system}{'':24}{stamp}"
    cards = [
        _LIBRARY + b"0" * 30,
        f"SAS     SAS     SASLIB  {made_by}".encode("ascii"),
        stamp.encode("ascii"),
        _MEMBER + b"000000000000000001600000000140",
        _DESCRIPTOR + b"0" * 30,
        f"SAS     {name:8}SASDATA {made_by}".encode("ascii"),
        f"{stamp}{'':16}{label:40}".encode("ascii"),
        _NAMESTRS + f"000000{len(columns):04}".encode("ascii") + b"0" * 20,
    ]
    namestrs, position = b"", 0
    for number, column in enumerate(columns, start=1):
        length = stored_length(column)
        namestrs += _packed_namestr(column, number, length, position)
        position += length
    cards += [namestrs, _OBSERVATIONS + b"0" * 30]
    return b"".join(card + b" " * (-len(card) % CARD) for card in cards)


def stored_length(column: Column) -> int:
    """The bytes a value takes in the record: 8 for a number."""
    return 8 if column.type == "Num" else column.length


def _packed_namestr(column: Column, number: int, length: int, position: int) -> bytes:
    parts = split_format(column.format)
    assert parts is not None, "formats are judged before they are written"
    return _NAMESTR.pack(
        1 if column.type == "Num" else 2,
        0,
        length,
        number,
        column.name.ljust(8).encode("ascii"),
        column.label.ljust(40).encode("ascii"),
        parts[0].ljust(8).encode("ascii"),
        parts[1],
        parts[2],
        0,
        b"\0\0",
        b" " * 8,
        0,
        0,
        position,
    ) + bytes(_TAIL)


def _stamp(moment: datetime) -> str:
    """A moment as ddMMMyy:hh:mm:ss, in English whatever the locale."""
    return f"{moment:%d}{_MONTHS[moment.month - 1]}{moment:%y:%H:%M:%S}"


def read_header(stream: BinaryIO, file: str, encoding: str | None = None) -> Header:
    """The header, read from the file's first byte; `encoding` is that of the labels, UTF-8 unless given.

    Raises UserError with the byte offset when the file is no transport file of version 5 or ends too early.
    """
    cards = _Cards(stream, file, encoding or "utf-8")
    _check_kind(cards.take(), file)
    cards.take(2)
    size = cards.number(_MEMBER, 74, 78, "the size of its variable descriptions")
    if size not in (136, 140):
        raise _damaged(file, cards.at, f"variable descriptions of {size} bytes")
    cards.starting(_DESCRIPTOR)
    member = cards.take(2)
    count = cards.number(_NAMESTRS, 54, 58, "the number of its variables")
    if count == 0:
        raise UserError.of("the dataset has no variables", f"{file}, byte {cards.at}", "export it again")
    start = cards.at
    namestrs = cards.take(-(-count * size // CARD))
    variables = tuple(
        _variable(namestrs[at : at + size], cards, start + at) for at in range(0, count * size, size)
    )
    _check_layout(variables, file, start)
    cards.starting(_OBSERVATIONS)
    return Header(
        name=cards.text(member[8:16], start - 3 * CARD + 8),
        label=cards.text(member[112:152], start - 2 * CARD + 32),
        variables=variables,
        record_length=sum(variable.length for variable in variables),
        start=cards.at,
    )


class _Cards:
    """A transport file's header records, read one after the other."""

    def __init__(self, stream: BinaryIO, file: str, encoding: str) -> None:
        self._stream, self._encoding = stream, encoding
        self.file = file
        self.at = 0

    def take(self, count: int = 1) -> bytes:
        content = self._stream.read(count * CARD)
        if len(content) < count * CARD:
            if self.at == 0 and not content.startswith(_LIBRARY[:20]):
                raise _foreign(self.file)
            raise truncated(self.file, self.at + len(content), "in its header")
        self.at += count * CARD
        return content

    def starting(self, start: bytes) -> bytes:
        card = self.take()
        if not card.startswith(start):
            raise _damaged(
                self.file, self.at - CARD, f"no {start[20:28].decode('ascii').strip()} header record"
            )
        return card

    def number(self, start: bytes, first: int, last: int, what: str) -> int:
        digits = self.starting(start)[first:last]
        if not digits.isdigit():
            raise _damaged(self.file, self.at - CARD + first, f"no digits for {what}")
        return int(digits)

    def text(self, content: bytes, at: int) -> str:
        try:
            return content.rstrip(b" \0").decode(self._encoding)
        except UnicodeDecodeError as error:
            raise UserError.of(
                f"a name or label is not {self._encoding}",
                f"{self.file}, byte {at + error.start}",
                "name the file's encoding, for example cp1252",
            ) from error


def _variable(namestr: bytes, cards: _Cards, at: int) -> Variable:
    kind, _, length, _, name, label, form, width, decimals, _, _, _, _, _, position = _NAMESTR.unpack_from(
        namestr
    )
    if kind not in (1, 2) or not (2 <= length <= 8 if kind == 1 else length >= 1) or position < 0:
        raise _damaged(cards.file, at, "a variable of unknown type or impossible length")
    column = Column(
        name=cards.text(name, at + 8),
        label=cards.text(label, at + 16),
        type="Num" if kind == 1 else "Char",
        length=8 if kind == 1 else length,
        format=joined_format(cards.text(form, at + 56), max(width, 0), max(decimals, 0)),
    )
    return Variable(column, kind == 1, length, position)


def _check_layout(variables: Sequence[Variable], file: str, start: int) -> None:
    names = [variable.column.name for variable in variables]
    for name in sorted(set(names)):
        if names.count(name) > 1:
            raise _damaged(file, start, f"two variables named '{name}'")
    position = 0
    for variable in sorted(variables, key=lambda each: each.position):
        if variable.position != position:
            raise _damaged(file, start, f"a gap or an overlap before the variable {variable.column.name}")
        position += variable.length


def _check_kind(card: bytes, file: str) -> None:
    if card.startswith(_LIBRARY):
        return
    if card.startswith(b"HEADER RECORD*******LIBV8"):
        raise UserError.of(
            "this is a transport file of version 8, not 5",
            f"{file}, byte 20",
            "export it as version 5: PROC COPY with the XPORT engine, or %loc2xpt with format=V5",
        )
    raise _foreign(file, card)


def _foreign(file: str, card: bytes = b"") -> UserError:
    if card.startswith(b"**COMPRESSED**"):
        return UserError.of(
            "this is a file of PROC CPORT, not a transport file",
            f"{file}, byte 0",
            "export it with PROC COPY and the XPORT engine",
        )
    return UserError.of(
        "this is not a SAS transport file",
        f"{file}, byte 0",
        "name a file written by the XPORT engine (.xpt)",
    )


def _damaged(file: str, at: int, found: str) -> UserError:
    return UserError.of(f"the transport file is damaged: {found}", f"{file}, byte {at}", "export it again")


def truncated(file: str, at: int, inside: str) -> UserError:
    """The error of a file that ends at byte `at`, before its time."""
    return UserError.of(
        f"the transport file is truncated: it ends {inside}", f"{file}, byte {at}", "copy or export it again"
    )


def field_of(block: Bytes, position: int, dtype: str) -> npt.NDArray[Any]:
    """The values at one place of every record, as a view."""
    return np.ndarray(
        (len(block),), dtype=dtype, buffer=block.data, offset=position, strides=(block.shape[1],)
    )
