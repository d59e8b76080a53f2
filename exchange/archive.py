"""The files of an export, in a folder or in zip archives, opened so that no archive can harm.

Nothing is ever unpacked to disk. An archive with an entry that climbs out of it, a link, an encrypted or
doubled entry, overlapping entries or a size beyond the limits is refused whole, before anything of it is
read.
"""

from __future__ import annotations

import io
import lzma
import re
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from exchange.source import all_bytes, unreadable
from specs import Problem, UserError, nearest

_DEEPEST = 2  # an archive in an archive
_PIECE = 1 << 20
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_LOCAL_HEADER = 30  # bytes before an entry's name and content, at least


@dataclass(frozen=True)
class Limits:
    """What an archive may unpack to: bytes of an entry, of all entries, and their ratio to the packed size.

    The ratio counts for entries above `ratio_from` bytes only: small files of repeated lines pack well.
    """

    entry: int = 4 << 30
    total: int = 16 << 30
    ratio: int = 250
    ratio_from: int = 64 << 20
    entries: int = 100_000


class Export:
    """The files of one export: a folder, which may hold zip archives, or one zip archive.

    A reference names a file from the export's root, with slashes; behind an archive stands its entry:
    `lab.csv`, `edc.zip/AE.csv`, `edc.zip/forms/AE.csv`. Letter case counts.
    """

    def __init__(self, root: Path, limits: Limits | None = None) -> None:
        self.root = root
        self.limits = limits or Limits()
        if not root.exists():
            raise UserError.of(
                "there is no such export",
                str(root),
                "name the folder or the zip archive of the export (--raw)",
            )

    def names(self) -> tuple[str, ...]:
        """The references of all files, those inside archives included, sorted.

        Raises UserError for symbolic links and for archives that must not be opened.
        """
        return tuple(sorted(self._names()))

    def read(self, reference: str) -> bytes:
        """The content of a file.

        Raises UserError when there is no such file or the archive must not be opened or is damaged.
        """
        source = self.source(reference)
        return all_bytes(source, self.place(reference)) if isinstance(source, Path) else source

    def source(self, reference: str) -> Path | bytes:
        """What a reader takes: the path of a plain file, the content of an archive's entry.

        Raises UserError as `read` does.
        """
        if (why := _unsafe(reference)) is not None:
            raise UserError.of(
                f"the file reference '{reference}' {why}",
                str(self.root),
                "write it from the export's root with slashes, as in edc.zip/AE.csv",
            )
        if self.root.is_file():
            with self._opened(self.root, str(self.root)) as archive:
                return self._entry(archive, reference, str(self.root), 1)
        return self._in_folder(reference.split("/"))

    def place(self, reference: str) -> str:
        """What messages call a file."""
        return f"{self.root}/{reference}"

    def _in_folder(self, parts: list[str]) -> Path | bytes:
        path = self.root
        for depth, part in enumerate(parts):
            try:
                known = [each.name for each in path.iterdir()]
            except OSError as error:
                raise unreadable(error, path, str(path)) from error
            if part not in known:
                raise _missing(part, known, str(path))
            path = path / part
            if path.is_symlink():
                raise UserError(_link(str(path)))
            if path.is_file():
                rest = "/".join(parts[depth + 1 :])
                if not rest:
                    return path
                with self._opened(path, str(path)) as archive:
                    return self._entry(archive, rest, str(path), 1)
        raise UserError.of("the file reference names a folder", str(path), "name a file inside it")

    def _entry(self, archive: zipfile.ZipFile, name: str, place: str, depth: int) -> bytes:
        known = [info.filename for info in archive.infolist() if not info.is_dir()]
        if name in known:
            return self._content(archive, archive.getinfo(name), place)
        for inner in known:
            if name.startswith(inner + "/") and depth < _DEEPEST:
                content = self._content(archive, archive.getinfo(inner), place)
                inside = f"{place}/{inner}"
                with self._opened(content, inside) as further:
                    return self._entry(further, name.removeprefix(inner + "/"), inside, depth + 1)
        raise _missing(name, known, place)

    def _opened(self, source: Path | bytes, place: str) -> zipfile.ZipFile:
        try:
            archive = zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source)
        except OSError as error:
            raise unreadable(error, Path(place), place) from error
        except (zipfile.BadZipFile, NotImplementedError) as error:
            raise UserError.of(
                "this is no zip archive, or it is truncated", place, "copy or export it again"
            ) from error
        problems = [*problems_of(archive, place, self.limits)]
        if problems:
            archive.close()
            raise UserError(problems)
        return archive

    def _content(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, place: str) -> bytes:
        try:
            with archive.open(info) as stream:
                return whole_content(stream, info, f"{place}/{info.filename}", self.limits)
        except zipfile.BadZipFile as error:  # the entry's own header
            raise damaged(f"{place}/{info.filename}") from error

    def _names(self) -> Iterator[str]:
        if self.root.is_file():
            with self._opened(self.root, str(self.root)) as archive:
                yield from self._names_within(archive, str(self.root), "", 1)
            return
        paths = sorted(self.root.rglob("*"))
        links = [path for path in paths if path.is_symlink()]
        if links:
            raise UserError(_link(str(path)) for path in links)
        for path in paths:
            reference = path.relative_to(self.root).as_posix()
            if path.is_file() and not _is_archive(reference):
                yield reference
            elif path.is_file():
                with self._opened(path, str(path)) as archive:
                    yield from self._names_within(archive, str(path), f"{reference}/", 1)

    def _names_within(self, archive: zipfile.ZipFile, place: str, before: str, depth: int) -> Iterator[str]:
        for info in archive.infolist():
            if info.is_dir():
                continue
            if _is_archive(info.filename) and depth < _DEEPEST:
                inside = f"{place}/{info.filename}"
                with self._opened(self._content(archive, info, place), inside) as further:
                    yield from self._names_within(further, inside, f"{before}{info.filename}/", depth + 1)
            else:
                yield before + info.filename


def problems_of(archive: zipfile.ZipFile, place: str, limits: Limits) -> Iterator[Problem]:
    """Why an archive must not be opened, judged by its directory alone."""
    infos = archive.infolist()
    to_do = "do not use this archive; have the export made again"
    if len(infos) > limits.entries:
        yield Problem(f"the archive has {len(infos)} entries, more than {limits.entries}", place, to_do)
        return
    for info in infos:
        where = f"{place}, entry {info.orig_filename!r}"
        kind = stat.S_IFMT(info.external_attr >> 16)
        if (why := _unsafe(info.orig_filename.removesuffix("/"))) is not None:
            yield Problem(f"the name of an entry {why}", where, to_do)
        if kind == stat.S_IFLNK:
            yield _link(where)
        elif kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            yield Problem("an entry is no plain file", where, to_do)
        if info.flag_bits & 1:
            yield Problem("an entry is encrypted", where, "export it without a password, or decrypt it first")
        elif info.compress_type not in _METHODS:
            yield Problem(
                f"an entry is packed with the unknown method {info.compress_type}",
                where,
                "pack it with deflate",
            )
        yield from _too_large(info, where, limits)
    for name, count in sorted(Counter(info.filename for info in infos).items()):
        if count > 1:
            yield Problem(f"{count} entries have the same name", f"{place}, entry {name!r}", to_do)
    total = sum(info.file_size for info in infos)
    if total > limits.total:
        yield Problem(
            f"the archive unpacks to {total} bytes, more than {limits.total}",
            place,
            "split the export, or unpack it first",
        )
    if _overlap(infos):
        yield Problem("entries of the archive overlap, as in an archive made to harm", place, to_do)


def whole_content(stream: IO[bytes], info: zipfile.ZipInfo, place: str, limits: Limits) -> bytes:
    """All bytes of an open entry, no more than the limit and no fewer than its directory says.

    Raises UserError when the entry is larger, or damaged.
    """
    pieces: list[bytes] = []
    size = 0
    try:
        while piece := stream.read(_PIECE):
            size += len(piece)
            if size > min(limits.entry, info.file_size):
                raise UserError.of(
                    f"an entry unpacks to more than the {info.file_size} bytes it declares",
                    place,
                    "do not use this archive; have the export made again",
                )
            pieces.append(piece)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError) as error:
        raise damaged(place) from error
    if size < info.file_size:
        raise damaged(place)
    return b"".join(pieces)


def damaged(place: str) -> UserError:
    """The error of an entry whose content is not what was packed."""
    return UserError.of(
        "an entry of the archive is damaged or truncated", place, "copy or export the archive again"
    )


def _too_large(info: zipfile.ZipInfo, where: str, limits: Limits) -> Iterator[Problem]:
    if info.file_size > limits.entry:
        yield Problem(
            f"an entry unpacks to {info.file_size} bytes, more than {limits.entry}",
            where,
            "unpack it first, or split the export",
        )
    elif info.file_size > limits.ratio_from and info.file_size > limits.ratio * max(1, info.compress_size):
        yield Problem(
            f"an entry unpacks to more than {limits.ratio} times its packed size, as one made to harm",
            where,
            "if the archive can be trusted, unpack it first",
        )


def _overlap(infos: Iterable[zipfile.ZipInfo]) -> bool:
    end = 0
    for info in sorted(infos, key=lambda each: each.header_offset):
        if info.header_offset < end:
            return True
        end = info.header_offset + _LOCAL_HEADER + info.compress_size
    return False


def _unsafe(name: str) -> str | None:
    """Why a name may lead out of its folder, or to different files on different systems."""
    if not name or "\0" in name or re.search(r"[\x01-\x1f]", name):
        return "is empty or holds control characters"
    if "\\" in name:
        return "holds a backslash"
    if name.startswith("/") or re.match(r"[A-Za-z]:", name):
        return "is absolute"
    if {"..", ".", ""} & set(name.split("/")):
        return "climbs or holds empty parts"
    return None


def _is_archive(name: str) -> bool:
    return name.lower().endswith(".zip")


def _link(where: str) -> Problem:
    return Problem(
        "a symbolic link stands in the export",
        where,
        "put the file itself in its place: links are not followed",
    )


def _missing(name: str, known: Iterable[str], place: str) -> UserError:
    names = sorted(known)
    same = [each for each in names if each.casefold() == name.casefold()]
    return UserError.of(
        f"there is no '{name}' in the export",
        place,
        nearest(
            same[0] if same else name, names, "correct `file` in raw.yaml, or add the file to the export"
        ),
    )
