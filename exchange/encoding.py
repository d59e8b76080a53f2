"""Bytes of a text file in whatever encoding, as UTF-8; what is not in the stated encoding is refused."""

from __future__ import annotations

import codecs

from specs import UserError

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def as_utf8(content: bytes, declared: str | None, file: str) -> bytes:
    """The text in UTF-8, without a byte order mark.

    The encoding is the one declared, else what the mark says, else UTF-8.

    Raises UserError with line and byte offset when the bytes are not in that encoding, when mark and
    declaration disagree, and when there are NUL characters, which no text has.
    """
    mark, marked = next((each for each in _MARKS if content.startswith(each[0])), (b"", ""))
    encoding = _known(declared, file) if declared else marked or "utf-8"
    if marked and not (encoding == marked or encoding.replace("_", "-").startswith(marked)):
        raise UserError.of(
            f"the file is declared as {declared} and its byte order mark says {marked}",
            f"{file}, byte 0",
            f"declare `encoding: {marked}` in raw.yaml, or leave the declaration out",
        )
    if encoding in ("utf-8", "ascii"):
        text = content.removeprefix(mark)
        if not text.isascii():
            _decoded(text, encoding, len(mark), declared, file)
    else:
        text = _decoded(content, encoding, 0, declared, file).removeprefix("\ufeff").encode("utf-8")
    _refuse_nul(text, file)
    return text


def _known(declared: str, file: str) -> str:
    try:
        name = codecs.lookup(declared).name
        "a".encode(name)  # fails for codecs that are no text encodings
    except (LookupError, UnicodeError) as error:
        raise UserError.of(
            f"'{declared}' is no encoding",
            file,
            "declare the encoding in raw.yaml, for example `encoding: cp1252`",
        ) from error
    return "utf-8" if name == "utf-8-sig" else name


def _decoded(content: bytes, encoding: str, offset: int, declared: str | None, file: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        before = content[: error.start]
        if encoding.startswith(("utf-16", "utf-32")):
            line = before.decode(encoding, errors="ignore").count("\n") + 1
        else:
            line = before.count(b"\n") + 1
        what = (
            f"the file is not in {encoding}"
            if declared
            else "the file is not in UTF-8 and no encoding is declared"
        )
        raise UserError.of(
            f"{what}: the byte 0x{content[error.start]:02X} does not fit",
            f"{file}, line {line}, byte {offset + error.start}",
            "declare the file's encoding in raw.yaml, for example `encoding: cp1252`",
        ) from error


def _refuse_nul(text: bytes, file: str) -> None:
    at = text.find(b"\0")
    if at >= 0:
        line = text.count(b"\n", 0, at) + 1
        raise UserError.of(
            "the file holds NUL characters, which no text has",
            f"{file}, line {line}",
            "export it again; if it is UTF-16, declare `encoding: utf-16` in raw.yaml",
        )
