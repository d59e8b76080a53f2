"""Where the records of a delimited text file begin and end, and how many cells each has."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from specs import Problem, UserError

Places = npt.NDArray[np.int64]

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
"""The delimiters that are found without being declared."""

_SAMPLE = 1 << 18  # bytes from which the delimiter is found
_SHOWN = 5


class Records(Protocol):
    """Records one after the other; `line_num` is the last line of those read so far."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...


@dataclass(frozen=True)
class Layout:
    """The records of a text whose quotes all stand as RFC 4180 has them.

    Record i is the bytes from `starts[i]` to before `ends[i]`, its line end not counted, begins in line
    `lines[i]` and has `cells[i]` cells. The header is the first record.
    """

    starts: Places
    ends: Places
    lines: Places
    cells: Places
    line_ends_in_cells: bool


def line_end(content: bytes) -> bytes:
    """What ends a line: LF (CR LF included), or CR in a file that has no LF."""
    return b"\r" if b"\n" not in content and b"\r" in content else b"\n"


def layout(content: bytes, delimiter: str, quote: str | None, first_line: int, file: str) -> Layout | None:
    """The layout of a text that begins in `first_line`; None when a quote stands where RFC 4180 has none.

    The text is not empty and does not end with a line end.

    Raises UserError when a carriage return stands outside quotes and ends no line.
    """
    text = np.frombuffer(content, dtype=np.uint8)
    end = line_end(content)
    delimiters = np.flatnonzero(text == ord(delimiter))
    line_ends = np.flatnonzero(text == ord(end))
    closing = line_ends
    inside = None
    if quote is not None and quote.encode() in content:
        quoting = text == ord(quote)
        if not _regular(text, np.flatnonzero(quoting), delimiter, quote, end):
            return None
        inside = np.cumsum(quoting, dtype=np.uint8) % 2 == 1
        delimiters = delimiters[~inside[delimiters]]
        closing = line_ends[~inside[line_ends]]
    stray = _stray_returns(text, end, inside)
    if len(stray):
        raise stray_return(first_line + int(np.searchsorted(line_ends, stray[0])), file)
    starts = np.concatenate([[0], closing + 1])
    ends = np.concatenate([closing, [len(text)]])
    cells = np.diff(np.searchsorted(delimiters, ends), prepend=0) + 1
    if end == b"\n":
        ends = ends - ((ends > starts) & (text[np.maximum(ends - 1, 0)] == ord("\r")))
    lines = first_line + np.searchsorted(line_ends, starts)
    return Layout(starts, ends, lines, cells, len(closing) < len(line_ends))


def _regular(text: npt.NDArray[np.uint8], quotes: Places, delimiter: str, quote: str, end: bytes) -> bool:
    """Whether each opening quote begins a cell, or is a doubled one, and each closing quote ends one."""
    if len(quotes) % 2:
        return False
    opening, closing = quotes[0::2], quotes[1::2]
    before = text[np.maximum(opening - 1, 0)]
    begins = (opening == 0) | np.isin(before, [ord(delimiter), ord(end), ord(quote)])
    after = text[np.minimum(closing + 1, len(text) - 1)]
    finishes = (closing == len(text) - 1) | np.isin(after, [ord(delimiter), ord(end), ord("\r"), ord(quote)])
    return bool(begins.all() and finishes.all())


def _stray_returns(text: npt.NDArray[np.uint8], end: bytes, inside: npt.NDArray[np.bool_] | None) -> Places:
    if end == b"\r":
        return np.empty(0, dtype=np.int64)
    returns = np.flatnonzero(text == ord("\r"))
    followed = text[np.minimum(returns + 1, len(text) - 1)] == ord("\n")
    stray: Places = returns[~followed]
    if inside is not None:
        stray = stray[~inside[stray]]
    return stray


def stray_return(line: int, file: str) -> UserError:
    """The error of a carriage return that ends no line."""
    return UserError.of(
        "a carriage return stands inside a record, outside quotes",
        f"{file}, line {line}",
        "export the file again with one kind of line end, and texts that hold line ends in quotes",
    )


def found_delimiter(content: bytes, quote: str | None, file: str) -> str:
    """The one of DELIMITERS that gives all records the same number of cells, above one.

    The beginning of the file is judged. Where none does, but the header has only one of them, that one is
    returned, so that reading names the faulty records.

    Raises UserError when none fits, or several do.
    """
    sample = content[:_SAMPLE]
    if len(content) > _SAMPLE:
        sample = sample[: sample.rfind(line_end(content)) + 1]
    text = sample.decode("utf-8", errors="ignore")
    possible = [delimiter for delimiter in DELIMITERS if delimiter != quote]
    found = [each for each in possible if _divides(text, each, quote, len(sample) < len(content))]
    if not found:
        header = text.splitlines()[0] if text else ""
        found = [each for each in possible if each in header]
    if len(found) != 1:
        names = " and ".join(DELIMITERS[each] for each in found)
        raise UserError.of(
            f"{names} could each be the delimiter"
            if found
            else "the delimiter is none of comma, semicolon, tab and bar",
            file,
            "declare it in raw.yaml, for example `delimiter: ';'`"
            + ("" if found else ", also for a file of one column"),
        )
    return found[0]


def _divides(text: str, delimiter: str, quote: str | None, is_cut: bool) -> bool:
    counts: list[int] = []
    try:
        counts.extend(len(record) for record in records_of(text, delimiter, quote))
    except csv.Error:
        if not is_cut:
            return False
    return len(set(counts)) == 1 and counts[0] > 1


def records_of(text: str, delimiter: str, quote: str | None) -> Records:
    """The records one by one, by the standard library; csv.Error at a wrong quote."""
    lines = io.StringIO(text, newline="")
    if quote is None:
        return csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE, strict=True)
    return csv.reader(lines, delimiter=delimiter, quotechar=quote, strict=True)


def check_header(header: Sequence[str], line: int, file: str) -> None:
    """Raises UserError when a column has no name, or two have the same."""
    problems = [
        Problem(f"the column {number} has no name", f"{file}, line {line}", "name the column in the export")
        for number, name in enumerate(header, start=1)
        if not name.strip()
    ]
    problems += [
        Problem(f"two columns are named '{name}'", f"{file}, line {line}", "rename one of them in the export")
        for name in sorted({name for name in header if name.strip() and header.count(name) > 1})
    ]
    if problems:
        raise UserError(problems)


def check_cells(cells: Places, lines: Places, expected: int, file: str) -> None:
    """Raises UserError when records have more or fewer cells than the header."""
    odd = np.flatnonzero(cells != expected)
    if not len(odd):
        return
    shown = [
        f"line {lines[at]} ({cells[at]} {'cell' if cells[at] == 1 else 'cells'})"
        for at in odd[:_SHOWN].tolist()
    ]
    if len(odd) > _SHOWN:
        shown.append("...")
    raise UserError.of(
        f"{len(odd)} records have more or fewer cells than the header's {expected}"
        if len(odd) > 1
        else f"1 record has more or fewer cells than the header's {expected}",
        f"{file}, {', '.join(shown)}",
        "export the file again with texts that hold the delimiter or a line end in quotes, or correct these",
    )
