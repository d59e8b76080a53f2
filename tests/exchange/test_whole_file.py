"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from exchange import WholeFile, whole_file
from specs import UserError


def test_the_file_has_its_name_only_when_it_is_whole(tmp_path):
    path = tmp_path / "ae.xpt"
    with whole_file(path) as target:
        target.write(b"one ")
        assert not path.exists()
        target.write(b"two")
    assert path.read_bytes() == b"one two"
    assert list(tmp_path.iterdir()) == [path]


def test_a_block_that_raises_leaves_what_stood_there(tmp_path):
    path = tmp_path / "ae.xpt"
    path.write_bytes(b"before")
    with pytest.raises(RuntimeError), whole_file(path) as target:  # noqa: PT012
        target.write(b"half")
        raise RuntimeError
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_left_over_of_a_killed_build_is_no_hindrance(tmp_path):
    path = tmp_path / "ae.xpt"
    killed = WholeFile(path)
    killed.write(b"half")
    left_over = next(tmp_path.iterdir())
    outside = tmp_path / "outside"
    left_over.unlink()
    left_over.symlink_to(outside)
    with whole_file(path) as target:
        target.write(b"whole")
    assert path.read_bytes() == b"whole"
    assert not path.is_symlink()
    assert not outside.exists()


def test_the_file_has_the_rights_that_new_files_have(tmp_path):
    path = tmp_path / "ae.xpt"
    before = os.umask(0o027)
    try:
        with whole_file(path) as target:
            target.write(b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("prepare", "name", "why", "to_do"),
    [
        (lambda folder: None, "sdtm/ae.xpt", "the folder does not exist", "create the folder"),
        (lambda folder: (folder / "sdtm").touch(), "sdtm/ae.xpt", "the folder's name belongs to a file", "name a folder"),
        (lambda folder: (folder / "ae.xpt").mkdir(), "ae.xpt", "a folder stands under that name",
         "remove the folder or name another file"),
    ],
    ids=["no folder", "a file for a folder", "a folder under the name"],
)  # fmt: skip
def test_what_hinders_writing_is_explained(tmp_path: Path, prepare, name, why, to_do):
    prepare(tmp_path)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(UserError) as raised, whole_file(tmp_path / name) as target:
        target.write(b"x")
    assert (
        str(raised.value) == f"ae.xpt cannot be written: {why}\n  where: {tmp_path / name}\n  to do: {to_do}"
    )
    assert sorted(tmp_path.iterdir()) == before
