"""Where builds live: one at a time, whole or not at all, and `latest` always a complete one."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from specs import UserError
from trialwright.names import LATEST

_BUILDING = ".building"
_LOCK = ".lock"


@contextmanager
def building(home: Path) -> Iterator[Path]:
    """An empty folder beside the builds in `home`, removed at the end; no other build of the study runs meanwhile.

    Raises UserError where another build runs, where nothing can be written, and where the disk is full.
    """
    with _told(home):
        home.mkdir(parents=True, exist_ok=True)
        lock = (home / _LOCK).open("w")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise UserError.of(
                "another build of this study is running",
                str(home),
                "wait until it has ended, or give another --out",
            ) from None
        folder = home / _BUILDING
        try:
            with _told(home):
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def publish(folder: Path, home: Path, name: str, *, latest: bool = True) -> Path:
    """Make the complete `folder` the build `name` of `home`, and `latest` point to it.

    At every moment `latest` points to a complete build. An equal build that stands there already is kept; a different
    one under the same name is replaced.
    """
    target = home / name
    with _told(home):
        _sync(folder)
        if not target.exists():
            folder.rename(target)
        elif _content(folder) != _content(target):
            beside = home / f"{name}.new"
            shutil.rmtree(beside, ignore_errors=True)
            folder.rename(beside)
            if _points_to(home, name):
                _point(home, beside.name)
            shutil.rmtree(target)
            shutil.copytree(beside, target, copy_function=os.link)
            if _points_to(home, beside.name):
                _point(home, name)
            shutil.rmtree(beside)
        if latest:
            _point(home, name)
        _sync_folder(home)
    return target


def _points_to(home: Path, name: str) -> bool:
    link = home / LATEST
    return link.is_symlink() and os.readlink(link) == name


def _point(home: Path, name: str) -> None:
    link = home / f".{LATEST}"
    link.unlink(missing_ok=True)
    link.symlink_to(name)
    os.replace(link, home / LATEST)


def _content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _sync(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder]:
        if path.is_dir():
            _sync_folder(path)
            continue
        with path.open("rb") as file:
            os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _told(home: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise UserError.of("the disk is full", str(home), "make room, or give another --out") from None
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST):
            what = f"cannot write there: {error.strerror}"
            raise UserError.of(what, str(home), "ask for the right to write, or give another --out") from None
        raise
