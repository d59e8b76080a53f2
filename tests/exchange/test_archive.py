"""The files of an export: found in folders and archives, and archives that are not opened."""

from __future__ import annotations

import io
import stat
import struct
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from exchange import Export, Limits
from specs import UserError

AE, LAB = b"a,b\n1,2\n", b"x\n1\n"
HARM = "do not use this archive; have the export made again"


def archive(
    entries: dict[str, bytes] | list[tuple[str | zipfile.ZipInfo, bytes]], method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the doubled names that are meant
        for name, data in entries.items() if isinstance(entries, dict) else entries:
            made.writestr(name, data)
    return content.getvalue()


@pytest.fixture
def export(tmp_path) -> Path:
    """A folder with a plain file, a file in a folder, and an archive with an archive in it."""
    (tmp_path / "vendor").mkdir()
    (tmp_path / "lab_local.csv").write_bytes(LAB)
    (tmp_path / "vendor" / "PK.csv").write_bytes(LAB)
    inner = archive({"VS.csv": LAB})
    (tmp_path / "edc.zip").write_bytes(
        archive({"AE.csv": AE, "forms/": b"", "forms/DM.csv": LAB, "inner.zip": inner})
    )
    return tmp_path


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(UserError) as raised:
        call()
    return str(raised.value)


def refused_entry(tmp_path: Path, content: bytes, limits: Limits | None = None) -> str:
    (tmp_path / "edc.zip").write_bytes(content)
    export = Export(tmp_path, limits)
    message = refusal(lambda: export.read("edc.zip/AE.csv"))
    assert refusal(export.names) == message
    return message.replace(str(tmp_path), "EXPORT")


def test_all_files_are_named_those_in_archives_too(export):
    assert Export(export).names() == (
        "edc.zip/AE.csv",
        "edc.zip/forms/DM.csv",
        "edc.zip/inner.zip/VS.csv",
        "lab_local.csv",
        "vendor/PK.csv",
    )


def test_each_name_is_read(export):
    found = Export(export)
    assert {name: found.read(name) for name in found.names()} == {
        "edc.zip/AE.csv": AE,
        "edc.zip/forms/DM.csv": LAB,
        "edc.zip/inner.zip/VS.csv": LAB,
        "lab_local.csv": LAB,
        "vendor/PK.csv": LAB,
    }


def test_a_plain_file_is_given_by_its_path_and_an_entry_by_its_bytes(export):
    assert Export(export).source("lab_local.csv") == export / "lab_local.csv"
    assert Export(export).source("edc.zip/AE.csv") == AE


def test_an_archive_can_be_the_export(export):
    found = Export(export / "edc.zip")
    assert found.names() == ("AE.csv", "forms/DM.csv", "inner.zip/VS.csv")
    assert [found.read(name) for name in found.names()] == [AE, LAB, LAB]


def test_an_archive_can_be_read_whole(export):
    assert Export(export).read("edc.zip") == (export / "edc.zip").read_bytes()


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_every_common_packing_is_read(tmp_path, method):
    (tmp_path / "edc.zip").write_bytes(archive({"AE.csv": AE}, method))
    assert Export(tmp_path).read("edc.zip/AE.csv") == AE


@pytest.mark.parametrize(
    ("reference", "what", "place", "to_do"),
    [
        ("ae.csv", "there is no 'ae.csv' in the export", "",
         "correct `file` in raw.yaml, or add the file to the export"),
        ("LAB_LOCAL.CSV", "there is no 'LAB_LOCAL.CSV' in the export", "", "did you mean 'lab_local.csv'?"),
        ("lab_locale.csv", "there is no 'lab_locale.csv' in the export", "", "did you mean 'lab_local.csv'?"),
        ("edc.zip/ae.CSV", "there is no 'ae.CSV' in the export", "/edc.zip", "did you mean 'AE.csv'?"),
        ("edc.zip/DM.csv", "there is no 'DM.csv' in the export", "/edc.zip", "did you mean 'forms/DM.csv'?"),
        ("edc.zip/inner.zip/vs.csv", "there is no 'vs.csv' in the export", "/edc.zip/inner.zip",
         "did you mean 'VS.csv'?"),
        ("edc.zip/forms", "there is no 'forms' in the export", "/edc.zip",
         "correct `file` in raw.yaml, or add the file to the export"),
        ("vendor", "the file reference names a folder", "/vendor", "name a file inside it"),
        ("lab_local.csv/AE.csv", "this is no zip archive, or it is truncated", "/lab_local.csv",
         "copy or export it again"),
    ],
    ids=[
        "missing", "in other letter case", "mistyped", "an entry in other letter case", "an entry mistyped",
        "an entry of the inner archive", "a folder of the archive", "a folder", "an entry of what is no archive",
    ],
)  # fmt: skip
def test_a_missing_file_is_refused_with_the_nearest_name(export, reference, what, place, to_do):
    assert (
        refusal(lambda: Export(export).read(reference))
        == f"{what}\n  where: {export}{place}\n  to do: {to_do}"
    )


def test_a_missing_export_is_refused(tmp_path):
    assert refusal(lambda: Export(tmp_path / "raw")) == (
        f"there is no such export\n  where: {tmp_path / 'raw'}\n"
        "  to do: name the folder or the zip archive of the export (--raw)"
    )


@pytest.mark.parametrize(
    ("reference", "why"),
    [
        ("../secret.csv", "climbs or holds empty parts"),
        ("vendor/../../secret.csv", "climbs or holds empty parts"),
        ("edc.zip/../lab_local.csv", "climbs or holds empty parts"),
        ("vendor//PK.csv", "climbs or holds empty parts"),
        ("./lab_local.csv", "climbs or holds empty parts"),
        ("/etc/hostname", "is absolute"),
        ("C:/lab.csv", "is absolute"),
        ("vendor\\PK.csv", "holds a backslash"),
        ("", "is empty or holds control characters"),
        ("lab\n.csv", "is empty or holds control characters"),
    ],
)
def test_a_reference_that_leads_out_of_the_export_is_refused(export, reference, why):
    (export.parent / "secret.csv").write_bytes(b"secret")
    assert refusal(lambda: Export(export).read(reference)) == (
        f"the file reference '{reference}' {why}\n"
        f"  where: {export}\n"
        "  to do: write it from the export's root with slashes, as in edc.zip/AE.csv"
    )


@pytest.mark.parametrize("link", ["lab.csv", "folder"])
def test_symbolic_links_are_not_followed(export, tmp_path_factory, link):
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.csv").write_bytes(b"secret")
    (export / link).symlink_to(outside if link == "folder" else outside / "secret.csv")
    reference = "folder/secret.csv" if link == "folder" else link
    message = (
        "a symbolic link stands in the export\n"
        f"  where: {export / link}\n"
        "  to do: put the file itself in its place: links are not followed"
    )
    assert refusal(lambda: Export(export).read(reference)) == message
    assert refusal(Export(export).names) == message


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../../etc/cron.d/harm", "climbs or holds empty parts"),
        ("forms/../../AE.csv", "climbs or holds empty parts"),
        ("/etc/passwd", "is absolute"),
        ("C:/Windows/AE.csv", "is absolute"),
        ("forms\\AE.csv", "holds a backslash"),
        ("AE\x07.csv", "is empty or holds control characters"),
    ],
)
def test_an_archive_with_a_name_that_climbs_out_is_refused_whole(tmp_path, name, why):
    content = archive([("AE.csv", AE), (name, b"harm")])
    assert refused_entry(tmp_path, content) == (
        f"the name of an entry {why}\n  where: EXPORT/edc.zip, entry {name!r}\n  to do: {HARM}"
    )


def special(name: str, kind: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (kind | 0o644) << 16
    return info


def test_an_archive_with_a_link_is_refused_whole(tmp_path):
    content = archive([("AE.csv", AE), (special("lab.csv", stat.S_IFLNK), b"/etc/passwd")])
    assert refused_entry(tmp_path, content) == (
        "a symbolic link stands in the export\n"
        "  where: EXPORT/edc.zip, entry 'lab.csv'\n"
        "  to do: put the file itself in its place: links are not followed"
    )


def test_an_archive_with_a_device_is_refused_whole(tmp_path):
    content = archive([("AE.csv", AE), (special("disk", stat.S_IFBLK), b"")])
    assert refused_entry(tmp_path, content) == (
        f"an entry is no plain file\n  where: EXPORT/edc.zip, entry 'disk'\n  to do: {HARM}"
    )


def directory_at(content: bytes) -> int:
    return content.index(b"PK\1\2")


def test_an_encrypted_archive_is_refused(tmp_path):
    content = bytearray(archive({"AE.csv": AE}))
    content[directory_at(content) + 8] |= 1
    assert refused_entry(tmp_path, bytes(content)) == (
        "an entry is encrypted\n"
        "  where: EXPORT/edc.zip, entry 'AE.csv'\n"
        "  to do: export it without a password, or decrypt it first"
    )


def test_an_unknown_packing_is_refused(tmp_path):
    content = bytearray(archive({"AE.csv": AE}))
    struct.pack_into("<H", content, directory_at(content) + 10, 9)
    assert refused_entry(tmp_path, bytes(content)) == (
        "an entry is packed with the unknown method 9\n"
        "  where: EXPORT/edc.zip, entry 'AE.csv'\n"
        "  to do: pack it with deflate"
    )


def test_doubled_names_are_refused(tmp_path):
    content = archive([("AE.csv", AE), ("AE.csv", b"a,b\n3,4\n")])
    assert refused_entry(tmp_path, content) == (
        f"2 entries have the same name\n  where: EXPORT/edc.zip, entry 'AE.csv'\n  to do: {HARM}"
    )


def test_all_that_is_wrong_with_an_archive_is_said_together(tmp_path):
    content = archive(
        [("../a", b""), ("AE.csv", AE), (special("lab.csv", stat.S_IFLNK), b"/etc"), ("/b", b"")]
    )
    assert [line for line in refused_entry(tmp_path, content).splitlines() if not line.startswith("  ")] == [
        "the name of an entry climbs or holds empty parts",
        "a symbolic link stands in the export",
        "the name of an entry is absolute",
    ]


@pytest.mark.parametrize("kept", [0, 10, 60, -1, -30])
def test_a_truncated_archive_is_refused(tmp_path, kept):
    content = archive({"AE.csv": AE, "DM.csv": LAB})
    cut = content[:kept] if kept >= 0 else content[: len(content) + kept]
    assert refused_entry(tmp_path, cut) == (
        "this is no zip archive, or it is truncated\n  where: EXPORT/edc.zip\n  to do: copy or export it again"
    )


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_damaged_content_is_refused(tmp_path, method, place):
    data = AE * 1000
    content = bytearray(archive({"AE.csv": data}, method))
    start, end = 30 + len("AE.csv"), directory_at(content)
    at = {"first": start + 12, "middle": (start + end) // 2, "last": end - 3}[place]
    content[at] ^= 0x55
    (tmp_path / "edc.zip").write_bytes(content)
    export = Export(tmp_path)
    assert export.names() == ("edc.zip/AE.csv",)
    assert refusal(lambda: export.read("edc.zip/AE.csv")) == (
        "an entry of the archive is damaged or truncated\n"
        f"  where: {tmp_path}/edc.zip/AE.csv\n"
        "  to do: copy or export the archive again"
    )


def test_an_entry_whose_own_header_is_damaged_is_refused(tmp_path):
    content = bytearray(archive({"AE.csv": AE}))
    content[0:2] = b"XX"
    (tmp_path / "edc.zip").write_bytes(content)
    assert refusal(lambda: Export(tmp_path).read("edc.zip/AE.csv")) == (
        "an entry of the archive is damaged or truncated\n"
        f"  where: {tmp_path}/edc.zip/AE.csv\n"
        "  to do: copy or export the archive again"
    )


def test_an_entry_larger_than_the_limit_is_refused(tmp_path):
    assert refused_entry(tmp_path, archive({"AE.csv": bytes(2000)}), Limits(entry=1999)) == (
        "an entry unpacks to 2000 bytes, more than 1999\n"
        "  where: EXPORT/edc.zip, entry 'AE.csv'\n"
        "  to do: unpack it first, or split the export"
    )


def test_entries_larger_than_the_limit_together_are_refused(tmp_path):
    assert refused_entry(
        tmp_path, archive({"AE.csv": bytes(1500), "DM.csv": bytes(1500)}), Limits(total=2999)
    ) == (
        "the archive unpacks to 3000 bytes, more than 2999\n"
        "  where: EXPORT/edc.zip\n"
        "  to do: split the export, or unpack it first"
    )


def test_too_many_entries_are_refused(tmp_path):
    content = archive({f"{number}.csv": b"" for number in range(11)})
    assert refused_entry(tmp_path, content, Limits(entries=10)) == (
        f"the archive has 11 entries, more than 10\n  where: EXPORT/edc.zip\n  to do: {HARM}"
    )


def test_an_entry_packed_too_well_is_refused_by_default(tmp_path):
    assert refused_entry(tmp_path, archive({"AE.csv": bytes(65 << 20)})) == (
        "an entry unpacks to more than 250 times its packed size, as one made to harm\n"
        "  where: EXPORT/edc.zip, entry 'AE.csv'\n"
        "  to do: if the archive can be trusted, unpack it first"
    )


def test_a_small_entry_may_pack_well(tmp_path):
    (tmp_path / "edc.zip").write_bytes(archive({"AE.csv": bytes(1 << 20)}))
    assert Export(tmp_path).read("edc.zip/AE.csv") == bytes(1 << 20)


def test_an_entry_that_lies_about_its_size_is_refused(tmp_path):
    content = bytearray(archive({"AE.csv": bytes(1 << 20)}))
    struct.pack_into("<I", content, directory_at(content) + 24, 1000)
    (tmp_path / "edc.zip").write_bytes(content)
    assert refusal(lambda: Export(tmp_path).read("edc.zip/AE.csv")) == (
        "an entry of the archive is damaged or truncated\n"
        f"  where: {tmp_path}/edc.zip/AE.csv\n"
        "  to do: copy or export the archive again"
    )


def test_overlapping_entries_are_refused(tmp_path):
    content = bytearray(archive({"AE.csv": AE, "DM.csv": AE}))
    second = content.index(b"PK\1\2", directory_at(content) + 4)
    struct.pack_into("<I", content, second + 42, 0)
    assert refused_entry(tmp_path, bytes(content)) == (
        f"entries of the archive overlap, as in an archive made to harm\n  where: EXPORT/edc.zip\n  to do: {HARM}"
    )


def test_the_limits_hold_for_an_archive_in_an_archive(tmp_path):
    inner = archive({"AE.csv": bytes(5000)})
    (tmp_path / "edc.zip").write_bytes(archive({"inner.zip": inner}))
    assert refusal(lambda: Export(tmp_path, Limits(entry=4000)).read("edc.zip/inner.zip/AE.csv")) == (
        "an entry unpacks to 5000 bytes, more than 4000\n"
        f"  where: {tmp_path}/edc.zip/inner.zip, entry 'AE.csv'\n"
        "  to do: unpack it first, or split the export"
    )


def test_archives_are_opened_two_deep_and_no_deeper(tmp_path):
    third = archive({"AE.csv": AE})
    (tmp_path / "edc.zip").write_bytes(archive({"b.zip": archive({"c.zip": third})}))
    export = Export(tmp_path)
    assert export.names() == ("edc.zip/b.zip/c.zip",)
    assert export.read("edc.zip/b.zip/c.zip") == third
    assert refusal(lambda: export.read("edc.zip/b.zip/c.zip/AE.csv")) == (
        "there is no 'c.zip/AE.csv' in the export\n"
        f"  where: {tmp_path}/edc.zip/b.zip\n"
        "  to do: correct `file` in raw.yaml, or add the file to the export"
    )
