"""YAML of which every part knows its line, and what is refused of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from specs import UserError
from specs.readers.located import Located, read_located


def read(tmp_path: Path, text: str | bytes) -> Located:
    path = tmp_path / "study.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_located(path, "study.yaml")


def refusal(tmp_path: Path, text: str | bytes) -> str:
    with pytest.raises(UserError) as refused:
        read(tmp_path, text)
    return str(refused.value)


def test_data_are_plain_and_dates_and_yes_and_no_are_texts(tmp_path: Path) -> None:
    text = "id: X\nstart: 2014-01-06\ncodes: [Y, N, NO, yes, on]\nsynthetic: true\nn: 12\nlow: -0.5\nnothing:\nempty: ''\n"
    assert read(tmp_path, text).data == {
        "id": "X",
        "start": "2014-01-06",
        "codes": ["Y", "N", "NO", "yes", "on"],
        "synthetic": True,
        "n": 12,
        "low": -0.5,
        "nothing": None,
        "empty": "",
    }


def test_keys_are_texts(tmp_path: Path) -> None:
    assert read(tmp_path, "1: a\nnull: b\n01: c\n").data == {"1": "a", "null": "b", "01": "c"}


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, "").data == {}


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    assert read(tmp_path, "\ufeffid: X\n").data == {"id": "X"}


def test_every_part_knows_its_line_and_a_missing_one_that_of_the_part_around_it(tmp_path: Path) -> None:
    located = read(
        tmp_path,
        "dataset: AE\nvariables:\n  AETERM:\n    collected: AETERM\n  AESEV: {coded_value: SEV}\nrecords:\n  - AE\n  - CM\n",
    )
    assert located.where("variables", "AETERM", "collected") == "study.yaml:4"
    assert located.where("variables", "AESEV", "coded_value") == "study.yaml:5"
    assert located.where("records", 1) == "study.yaml:8"
    assert located.where("variables", "AETERM", "label", "x") == "study.yaml:3"
    assert located.where("nothing") == "study.yaml:1"


@pytest.mark.parametrize(
    "text, told",
    [
        pytest.param(
            "a: 1\nb: 2\na: 3\n",
            "'a' stands twice\n  where: study.yaml:3\n  to do: keep one of them",
            id="a key twice",
        ),
        pytest.param(
            "a: !!python/object:os.system x\n",
            "a tag (tag:yaml.org,2002:python/object:os.system)\n  where: study.yaml:1\n"
            "  to do: take the tag out: plain data only",
            id="a tag that would make an object",
        ),
        pytest.param(
            "a: b\n!x c: d\n",
            "a tag (!x)\n  where: study.yaml:2\n  to do: take the tag out: plain data only",
            id="a tag on a key",
        ),
        pytest.param(
            "a: b\nc: &x d\ne: *x\n",
            "an anchor or alias (& or *)\n  where: study.yaml:2\n  to do: write the part out",
            id="an anchor and its alias are told once",
        ),
        pytest.param(
            "&x a: b\n",
            "an anchor or alias (& or *)\n  where: study.yaml:1\n  to do: write the part out",
            id="an anchor on a key",
        ),
        pytest.param(
            "a: &x [*x]\n",
            "an anchor or alias (& or *)\n  where: study.yaml:1\n  to do: write the part out",
            id="a part that holds itself",
        ),
        pytest.param(
            "? [a, b]\n: c\n",
            "a key that is no text\n  where: study.yaml:1\n  to do: write a name before the colon",
            id="a key that is a list",
        ),
        pytest.param(
            "a: 1\nb: 007\nc: 0x1F\nd: 1_000\ne: .inf\nf: .nan\n",
            "\n".join(
                f"'{text}' is no plain number\n  where: study.yaml:{line}\n  to do: quote it to make it a text"
                for line, text in enumerate(["007", "0x1F", "1_000", ".inf", ".nan"], 2)
            ),
            id="numbers of which a sign would be lost",
        ),
        pytest.param(
            "%YAML 1.1\n---\na: NO\n",
            "'NO' is not true or false\n  where: study.yaml:3\n  to do: quote it to make it a text",
            id="NO of an older YAML",
        ),
        pytest.param(
            "a: b\nc: d: e\n",
            "study.yaml is not YAML: mapping values are not allowed here\n  where: study.yaml:2\n"
            "  to do: mend the line; quote texts that hold ': ' or ' #'",
            id="a colon in a text",
        ),
        pytest.param(
            "a:\n\t- b\n",
            "study.yaml is not YAML: found character '\\t' that cannot start any token\n  where: study.yaml:2\n"
            "  to do: mend the line; quote texts that hold ': ' or ' #'",
            id="a tabulator",
        ),
        pytest.param(
            "a: b\n---\nc: d\n",
            "study.yaml is not YAML: but found another document\n  where: study.yaml:2\n"
            "  to do: mend the line; quote texts that hold ': ' or ' #'",
            id="two documents in one file",
        ),
        pytest.param(
            b"a: b\nc: Asth\xe9nie\n",
            "study.yaml is not UTF-8\n  where: study.yaml:2\n  to do: save the file as UTF-8",
            id="another encoding",
        ),
        pytest.param(
            "a: b\nc: d\x00\n",
            "study.yaml holds a control character\n  where: study.yaml:2\n  to do: take it out",
            id="a control character",
        ),
        pytest.param(
            "a: " + "[" * 50 + "]" * 50,
            "nested more than 40 deep\n  where: study.yaml:1\n  to do: write it flatter",
            id="too deep",
        ),
        pytest.param(
            "[" * 5000,
            "study.yaml is nested more than 40 deep\n  where: study.yaml\n  to do: write it flatter",
            id="so deep that it cannot be read at all",
        ),
        pytest.param(
            b"a: " + b"b" * 5_000_000,
            "study.yaml is larger than 5000000 bytes\n  where: study.yaml\n  to do: split it",
            id="too large",
        ),
    ],
)
def test_what_is_refused(tmp_path: Path, text: str | bytes, told: str) -> None:
    assert refusal(tmp_path, text) == told


def test_all_faults_of_a_file_are_told_together(tmp_path: Path) -> None:
    assert refusal(tmp_path, "a: !x b\nc: &y d\ne: 1\ne: 2\n") == (
        "a tag (!x)\n  where: study.yaml:1\n  to do: take the tag out: plain data only\n"
        "an anchor or alias (& or *)\n  where: study.yaml:2\n  to do: write the part out\n"
        "'e' stands twice\n  where: study.yaml:4\n  to do: keep one of them"
    )


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError) as refused:
        read_located(tmp_path / "raw.yaml", "raw.yaml")
    assert str(refused.value) == (
        "cannot read raw.yaml\n  where: raw.yaml\n  to do: see that the file is there: No such file or directory"
    )


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "raw.yaml").mkdir()
    with pytest.raises(UserError) as refused:
        read_located(tmp_path / "raw.yaml")
    assert str(refused.value) == (
        "cannot read raw.yaml\n  where: raw.yaml\n  to do: see that the file is there: Is a directory"
    )
