"""Where a reader's bytes come from: a file on disk, or bytes taken from an archive."""

from __future__ import annotations

import errno
import io
from pathlib import Path
from typing import BinaryIO

from specs import UserError


def file_name(source: Path | bytes, file: str, name: str) -> str:
    """What messages call the source: the given name, else the path, else the table's name."""
    return file or (str(source) if isinstance(source, Path) else name)


def open_source(source: Path | bytes, file: str) -> BinaryIO:
    """The source as an open binary file.

    Raises UserError when there is no such file or the system refuses to open it.
    """
    if isinstance(source, bytes):
        return io.BytesIO(source)
    try:
        return source.open("rb")
    except OSError as error:
        raise unreadable(error, source, file) from error


def all_bytes(source: Path | bytes, file: str) -> bytes:
    """The source's whole content.

    Raises UserError when there is no such file or the system refuses to read it.
    """
    if isinstance(source, bytes):
        return source
    try:
        return source.read_bytes()
    except OSError as error:
        raise unreadable(error, source, file) from error


def unreadable(error: OSError, path: Path, file: str) -> UserError:
    """Why the system refuses to read a file, as the user must mend it."""
    why, to_do = {
        errno.ENOENT: ("there is no such file", "check the name, or put the file there"),
        errno.EACCES: ("permission is denied", "ask for the right to read it"),
        errno.EISDIR: ("it is a folder", "name a file inside it"),
    }.get(error.errno or 0, (error.strerror or "the system refuses", "check the file"))
    return UserError.of(f"{path.name} cannot be read: {why}", file, to_do)
