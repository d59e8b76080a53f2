"""A file that is either written whole or not at all."""

from __future__ import annotations

import errno
import os
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from specs import Problem, UserError

_REMEDIES = {
    errno.ENOSPC: ("the disk is full", "free space on the disk or write to another folder (--out)"),
    errno.EDQUOT: ("the disk quota is used up", "free space in the quota or write to another folder (--out)"),
    errno.EFBIG: ("the file is larger than the system allows", "write to another file system (--out)"),
    errno.EROFS: ("the file system is read-only", "write to another folder (--out)"),
    errno.EACCES: (
        "permission is denied",
        "ask for the right to write there or write to another folder (--out)",
    ),
    errno.EPERM: (
        "permission is denied",
        "ask for the right to write there or write to another folder (--out)",
    ),
    errno.ENOENT: ("the folder does not exist", "create the folder"),
    errno.ENOTDIR: ("the folder's name belongs to a file", "name a folder"),
    errno.EISDIR: ("a folder stands under that name", "remove the folder or name another file"),
}


class WholeFile:
    """A file under a temporary name in the target's folder, until `keep` gives it its name.

    Of a write that fails or is discarded nothing stays; a file that stood there before stays as it was.

    Raises UserError when the system refuses to write (full disk, missing folder, no permission).
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._part = path.parent / f".{path.name}.{os.getpid()}-{threading.get_ident()}.part"
        try:
            self._part.unlink(missing_ok=True)
            self._file = self._part.open("xb")
        except OSError as error:
            raise UserError(not_written(error, path)) from error

    def write(self, content: bytes | memoryview) -> None:
        """Append bytes to the file."""
        with self._explained():
            self._file.write(content)

    def keep(self) -> None:
        """Close the file and give it its name."""
        with self._explained():
            self._file.close()
            self._part.replace(self.path)

    def discard(self) -> None:
        """Close and remove the temporary file; harmless after `keep`."""
        with suppress(OSError):  # the last buffer of a full disk: the file goes anyway
            self._file.close()
        self._part.unlink(missing_ok=True)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.discard()
            raise UserError(not_written(error, self.path)) from error


def not_written(error: OSError, path: Path) -> Problem:
    """What the user must mend so that a file can be written."""
    why, to_do = _REMEDIES.get(
        error.errno or 0, (error.strerror or "the system refuses", "write to another folder (--out)")
    )
    return Problem(f"{path.name} cannot be written: {why}", str(path), to_do)


@contextmanager
def whole_file(path: Path) -> Iterator[WholeFile]:
    """A WholeFile that is kept when the block ends well and discarded when it raises."""
    target = WholeFile(path)
    try:
        yield target
        target.keep()
    finally:
        target.discard()


class WholeFileWriter(ABC):
    """A writer that appends records to a WholeFile: closed where its block ends well, given up where it raises."""

    _file: WholeFile

    @abstractmethod
    def close(self) -> None:
        """End the file and give it its name."""

    def discard(self) -> None:
        """Give the file up; nothing stays of it."""
        self._file.discard()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.close()
        finally:
            self.discard()
