"""JSON text from a stream, value by value, with the line on which each stands.

What RFC 8259 (JSON) does not allow or leaves open is refused: NaN and Infinity, names given twice, texts with
half a surrogate pair. A value may be as large as LARGEST, so that no input takes more memory than that.
"""

from __future__ import annotations

import codecs
import json
import re
from typing import Any, BinaryIO, NoReturn

from specs import UserError

BLOCK = 1 << 22
"""Bytes that are read at once."""
LARGEST = 1 << 23
"""Characters of the largest value: a record, or an attribute of the dataset."""
_SPACE = re.compile(r"[ \t\n\r]*")
_PLACE = re.compile(r"( starting)? at$")
_LONGEST_SIGN = len(r"\ud83d\ude00")  # what may be cut in two at the end of a block
_SURROGATE = re.compile(r"[\ud800-\udfff]")


class _RefusedError(ValueError):
    """A value that JSON has no place for."""


class Scanner:
    """The text of a stream: `text[at:]` is still to be read, and begins on the line `line`."""

    def __init__(self, stream: BinaryIO, file: str) -> None:
        self.file = file
        self.text, self.at, self.line = "", 0, 1
        self._stream, self._ended, self._bytes = stream, False, 0
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self.more()
        self.text = self.text.removeprefix("\ufeff")

    def more(self) -> bool:
        """Read a further block, and forget what was read before; False at the end of the stream."""
        if self._ended:
            return False
        block = self._stream.read(BLOCK)
        self._ended = not block
        try:
            further = self._decoder.decode(block, final=self._ended)
        except UnicodeDecodeError as error:
            held = len(error.object) - len(block)  # a character begun in the block before
            at = max(self._bytes - held + error.start, 0)
            raise UserError.of(
                f"the file is not in UTF-8: the byte 0x{error.object[error.start]:02X} does not fit",
                f"{self.file}, byte {at}",
                "save the file in UTF-8, the only encoding of Dataset-JSON",
            ) from error
        self._bytes += len(block)
        self.text, self.at = self.text[self.at :] + further, 0
        return True

    def advance(self, to: int) -> None:
        """Go to a place of the text."""
        self.line += self.text.count("\n", self.at, to)
        self.at = to

    def peek(self) -> str:
        """The next character that is not white space; "" at the end."""
        while True:
            self.advance(_SPACE.match(self.text, self.at).end())  # type: ignore[union-attr]  # it matches ""
            if self.at < len(self.text) or not self.more():
                return self.text[self.at : self.at + 1]

    def take(self, wanted: str) -> str:
        """The next character, which is one of those wanted."""
        found = self.peek()
        if not found or found not in wanted:
            signs = " or ".join(f"'{sign}'" for sign in wanted)
            self.fail(f"{signs} is missing" + (f" before '{found}'" if found else ""))
        self.advance(self.at + 1)
        return found

    def value(self) -> Any:
        """The next JSON value."""
        if not self.peek():
            self.fail("a value is missing")
        while True:
            try:
                value, end = JSON.raw_decode(self.text, self.at)
            except json.JSONDecodeError as error:
                what = _PLACE.sub("", error.msg[:1].lower() + error.msg[1:])
                open_text = what == "unterminated string"
                if error.pos < len(self.text) - _LONGEST_SIGN and not open_text:
                    self.fail(what, error.pos)
                if len(self.text) - self.at >= LARGEST:
                    self.fail(f"a value is larger than {LARGEST >> 20} MB")
                if not self.more():
                    self.fail(what, len(self.text) if open_text else error.pos)
                continue
            except RecursionError:
                self.fail("arrays or objects are nested too deeply")
            except ValueError as error:
                refused = isinstance(error, _RefusedError)
                self.fail(str(error) if refused else "a number has too many digits")
            if end < len(self.text) or not self.more():  # else more digits may follow
                break
        self.advance(end)
        return value

    def fail(self, what: str, at: int | None = None) -> NoReturn:
        """Refuse the file for what stands at a place of the text, by default the next."""
        at = self.at if at is None else at
        line = self.line + self.text.count("\n", self.at, at)
        ended = self._ended and at >= len(self.text.rstrip())
        raise UserError.of(
            "the file is truncated" if ended else f"the file is no valid JSON: {what}",
            f"{self.file}, line {line}",
            "export it again, or copy it again",
        )


def has_surrogates(text: str) -> bool:
    """Whether a text holds half a surrogate pair, which an escape can write and UTF-8 cannot."""
    return _SURROGATE.search(text) is not None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _RefusedError(f"the name '{twice[:40]}' is given twice")
    return found


def _no_constant(text: str) -> NoReturn:
    raise _RefusedError(f"{text} is no number of JSON")


JSON = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant)
"""The decoder of a value; what JSON has no place for is a ValueError."""
