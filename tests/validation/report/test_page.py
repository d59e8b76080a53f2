"""The page: what stands on it, in which words, and that nothing can break out of it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

import lxml.html
import pytest

from engine import LeftOut, TableAccount
from specs import UserError
from validation.report import ReportContent, write_report
from validation.report.page import size

HOSTILE = "</script><img src=x onerror=alert(1)>"


def page_of(content: ReportContent, folder: Path) -> lxml.html.HtmlElement:
    write_report(content, folder / "report.html")
    return lxml.html.fromstring((folder / "report.html").read_bytes().decode("utf-8"))


def texts(element: lxml.html.HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())


def rows(page: lxml.html.HtmlElement, table: str) -> list[list[str]]:
    return [[texts(cell) for cell in row] for row in page.get_element_by_id(table).iter("tr")]


def of_class(page: lxml.html.HtmlElement, name: str) -> list[lxml.html.HtmlElement]:
    return list(page.find_class(name))


def test_verdict_is_one_sentence(content: ReportContent, tmp_path: Path) -> None:
    page = page_of(content, tmp_path)
    assert texts(page.get_element_by_id("verdict")) == (
        "8 findings: 3 errors, 2 warnings, 3 notices; 5 datasets built; 1,242 raw rows accounted for."
    )
    assert page.get_element_by_id("verdict").get("class") == "verdict error"


@pytest.mark.parametrize(
    ("severities", "sentence", "kind"),
    [
        ((), "No findings; 5 datasets built; 1,242 raw rows accounted for.", "verdict clean"),
        (
            ("notice",),
            "3 findings: 0 errors, 0 warnings, 3 notices; 5 datasets built; 1,242 raw rows accounted for.",
            "verdict clean",
        ),
        (
            ("warning",),
            "2 findings: 0 errors, 2 warnings, 0 notices; 5 datasets built; 1,242 raw rows accounted for.",
            "verdict warning",
        ),
    ],
)
def test_verdict_without_errors(
    content: ReportContent, tmp_path: Path, severities: tuple[str, ...], sentence: str, kind: str
) -> None:
    kept = [each for each in content.findings if each.severity in severities]
    verdict = page_of(replace(content, findings=kept), tmp_path).get_element_by_id("verdict")
    assert (texts(verdict), verdict.get("class")) == (sentence, kind)


def test_header_names_study_build_and_time(content: ReportContent, tmp_path: Path) -> None:
    page = page_of(content, tmp_path)
    assert page.findtext(".//title") == "XY-1: report of build b0123456789"
    assert texts(page.find(".//h1")) == "XY-1 XANADU"
    assert texts(of_class(page, "description")[0]) == "A study of <nothing> at all"
    assert [texts(each) for each in of_class(page, "facts")[0].findall("div")] == [
        "Build b0123456789",
        "Data as of 2024-06-01T09:30:00Z",
        "Protocol XY-1-P",
        "Standards SDTMIG 3.4",
    ]


def test_synthetic_data_are_called_so_everywhere(content: ReportContent, tmp_path: Path) -> None:
    page = page_of(content, tmp_path)
    assert texts(of_class(page, "synthetic")[0]).startswith("SYNTHETIC DATA These data are made up.")
    assert texts(of_class(page, "tag")[0]) == "Synthetic data"
    assert '@top-center { content: "SYNTHETIC DATA"' in page.findall(".//style")[1].text


def test_data_of_people_are_not_called_synthetic(content: ReportContent, tmp_path: Path) -> None:
    real = replace(content, study=content.study.model_copy(update={"synthetic": False}))
    page = page_of(real, tmp_path)
    assert of_class(page, "synthetic") + of_class(page, "tag") == []
    assert len(page.findall(".//style")) == 1


def test_datasets_with_their_counts(content: ReportContent, tmp_path: Path) -> None:
    assert rows(page_of(content, tmp_path), "built") == [
        [
            *("Dataset", "Label", "Model", "Class", "Records", "Variables", "Subjects"),
            *("Findings", "Errors", "File"),
        ],
        ["DM", "Demographics", "SDTM", "SPECIAL PURPOSE", "3", "6", "3", "1", "·", "2.6 kB"],
        ["AE", "Adverse Events", "SDTM", "EVENTS", "5", "5", "2", "5", "1", "no file"],
        ["EX", "Exposure", "SDTM", "INTERVENTIONS", "4", "6", "2", "·", "·", "no file"],
        ["DS", "Disposition", "SDTM", "EVENTS", "3", "5", "2", "·", "·", "no file"],
        ["LB", "Laboratory Test Results", "SDTM", "FINDINGS", "8", "7", "3", "·", "·", "no file"],
        ["5 datasets", "", "", "23", "29", "", "6", "1", "2.6 kB"],
    ]


def test_findings_about_raw_tables_are_not_counted_with_the_dataset_of_that_name(
    content: ReportContent, tmp_path: Path
) -> None:
    section = texts(page_of(content, tmp_path).get_element_by_id("datasets"))
    assert "2 more findings are about raw tables or about the build as a whole." in section


def test_summary_by_code_stands_without_javascript(content: ReportContent, tmp_path: Path) -> None:
    assert rows(page_of(content, tmp_path), "summary-by-code") == [
        ["Severity", "Code", "Datasets", "Findings", "Records", "Subjects", "What is wrong, and what to do"],
        [
            *("Error", "RAW_TYPE", "raw.AE, raw.LAB", "2", "2", "2"),
            "the value is no number To do: have it corrected",
        ],
        [
            *("Error", "END_BEFORE_START", "AE", "1", "1", "1"),
            "The event ends before it starts. To do: Query both dates.",
        ],
        ["Warning", "NOT_CODED", "AE", "2", "2", "2", "The event is not coded. To do: Have it coded."],
        [
            *("Notice", "PARTIAL", "DM, AE", "3", "3", "2"),
            "The date is partial. To do: Nothing, if the site confirmed it.",
        ],
    ]


def test_commonest_wording_speaks_for_its_code(content: ReportContent, tmp_path: Path) -> None:
    one = content.findings[2]
    other = replace(one, message="Further events are not coded.", keys=(), count=70)
    page = page_of(replace(content, findings=[other, one, replace(one, value="again")]), tmp_path)
    assert rows(page, "summary-by-code")[1:] == [
        ["Warning", "NOT_CODED", "AE", "3", "72", "1", "The event is not coded. To do: Have it coded."]
    ]
    assert "NOT_CODED 3 in AE, 72 records, 1 subject" in texts(page.get_element_by_id("first"))


def test_standard_that_both_models_use_is_named_once(content: ReportContent, tmp_path: Path) -> None:
    sdtm = content.study.standards["sdtm"]
    both = content.study.model_copy(update={"standards": {"sdtm": sdtm, "adam": sdtm}})
    page = page_of(replace(content, study=both), tmp_path)
    assert texts(of_class(page, "facts")[0]).endswith("Standards SDTMIG 3.4")


def test_sites_with_their_clean_subjects(content: ReportContent, tmp_path: Path) -> None:
    assert rows(page_of(content, tmp_path), "by-site") == [
        ["Site", "Subjects", "Clean", "Errors", "Warnings", "Notices"],
        ["01", "2", "0", "3", "1", "1"],
        ["02", "1", "1", "·", "·", "2"],
        ["no site", "", "", "·", "1", "·"],
    ]


def test_sums_of_raw_tables_are_shown_and_close(content: ReportContent, tmp_path: Path) -> None:
    assert rows(page_of(content, tmp_path), "sums")[1:] == [
        ["AE", "edc.zip/AE.csv", "1,234", "1,220", "14", "✓ 1,220 + 14 = 1,234", "AE 1,219, SUPPAE 3"],
        ["LAB", "lab.csv", "8", "8", "·", "✓ 8 + 0 = 8", "LB 8"],
        ["All raw tables", "1,242", "1,228", "14", "✓ 1,228 + 14 = 1,242", ""],
    ]


def test_sums_that_do_not_close_are_told(content: ReportContent, tmp_path: Path) -> None:
    broken = TableAccount(
        "AE", "edc.zip/AE.csv", 10, 6, {}, (LeftOut("EMPTY", "nothing in it", 1, (3,)),), ()
    )
    page = page_of(replace(content, accounts=[broken]), tmp_path)
    assert rows(page, "sums")[1][5] == "✗ 6 + 1 is not 10: 3 missing"
    assert rows(page, "sums")[2][4] == "✗ the sums do not close"
    assert texts(page.get_element_by_id("verdict")).endswith("the sums of 1 raw table do not close.")


def _numbers(first: int, end: int) -> str:
    return ", ".join(str(number) for number in range(first, end))


def test_of_many_lines_left_out_the_first_twenty_are_shown(content: ReportContent, tmp_path: Path) -> None:
    reason = LeftOut("DUPLICATE", "a later row has the same keys", 30, tuple(range(2, 32)))
    many = TableAccount("AE", "edc.zip/AE.csv", 30, 0, {}, (reason,), ())
    page = page_of(replace(content, accounts=[many]), tmp_path)
    assert rows(page, "left-out")[1][4] == f"{_numbers(2, 22)}, …"


def test_rows_left_out_have_reason_and_lines(content: ReportContent, tmp_path: Path) -> None:
    assert rows(page_of(content, tmp_path), "left-out")[1:] == [
        ["AE", "DUPLICATE", "a later row has the same keys", "12", f"14, {_numbers(29, 40)}"],
        ["AE", "EMPTY", "no event was reported", "2", "50, 51"],
    ]


def test_columns_have_a_fate(content: ReportContent, tmp_path: Path) -> None:
    page = page_of(content, tmp_path)
    assert rows(page, "raw-AE")[1:] == [
        ["TERM", "AE.AETERM, AE.AEDECOD", ""],
        ["FORM", "", "constant of the form"],
    ]
    assert rows(page, "raw-LAB")[1:] == [["KIT", "", "✗ no variable reads it, and no reason is given"]]
    summaries = [texts(each.find("summary")) for each in of_class(page, "raw")]
    assert summaries == [
        "AE edc.zip/AE.csv 1 of 2 columns feed variables",
        "LAB lab.csv 0 of 1 columns feed variables ✗ 1 without a fate",
    ]


def test_expectations_by_dataset_and_those_not_met(content: ReportContent, tmp_path: Path) -> None:
    page = page_of(content, tmp_path)
    assert "2 of 3 expectations were met." in texts(page.get_element_by_id("expectations"))
    assert rows(page, "met")[1:] == [
        ["DM", "1", "1", "all met"],
        ["AE", "1", "2", "1 not met"],
    ]
    assert rows(page, "unmet")[1:] == [["AE", "AESEV", "AESEV is of its codelist in_set", "3"]]


def test_files_with_hashes_and_relative_links(content: ReportContent, tmp_path: Path) -> None:
    page = page_of(content, tmp_path)
    assert rows(page, "files-read")[1:] == [
        ["edc.zip", "", "a" * 64],
        ["edc.zip/AE.csv", "1,234", "b" * 64],
    ]
    assert rows(page, "files-written")[1:] == [
        ["sdtm/dm.xpt", "2.6 kB", "c" * 64],
        ["sdtm/define 1.xml", "999 bytes", "d" * 64],
    ]
    links = [each.get("href") for each in page.get_element_by_id("files").iter("a")]
    assert links == ["sdtm/dm.xpt", "sdtm/define%201.xml"]


def test_empty_build_says_so_in_every_section(content: ReportContent, tmp_path: Path) -> None:
    empty = replace(content, inputs=[], datasets={}, findings=[], expectations=[], accounts=[], outputs=[])
    page = page_of(empty, tmp_path)
    for section, sentence in {
        "first": "Neither DM nor any finding names a site.",
        "datasets": "No dataset was built.",
        "findings": "There are no findings.",
        "lost": "There is no account of raw tables in this build.",
        "pictures": "There is no dataset AE in this build.",
        "expectations": "No expectations were checked in this build.",
        "files": "No file was written.",
    }.items():
        assert sentence in texts(page.get_element_by_id(section))


def test_hostile_values_stay_text_wherever_they_stand(content: ReportContent, tmp_path: Path) -> None:
    hostile = [
        replace(
            each,
            code=HOSTILE,
            dataset=HOSTILE,
            variable=HOSTILE,
            message=HOSTILE,
            to_do=HOSTILE,
            origin=HOSTILE,
        )
        for each in content.findings
    ]
    tables = {HOSTILE: replace(content.datasets["DM"], label=HOSTILE), **content.datasets}
    accounts = [
        replace(
            content.accounts[0],
            table=HOSTILE,
            file=HOSTILE,
            left_out=(LeftOut(HOSTILE, HOSTILE, 14, (1,)),),
            records={HOSTILE: 1},
            columns=tuple(replace(each, column=HOSTILE) for each in content.accounts[0].columns),
        )
    ]
    outputs = [replace(each, file="javascript:" + HOSTILE) for each in content.outputs]
    changed = replace(
        content, findings=hostile, datasets=tables, accounts=accounts, outputs=outputs, build_id=HOSTILE
    )
    page = page_of(changed, tmp_path)
    assert page.findall(".//img") == []
    assert len(page.findall(".//script")) == 2
    assert [each for each in page.iter() if isinstance(each.tag, str) and each.get("onerror")] == []
    assert [link for link in page.iter("a") if link.get("href").startswith("javascript:")] == []
    data = json.loads(page.get_element_by_id("findings-data").text)
    assert HOSTILE in data["plain"]["value"]
    assert data["coded"]["code"]["terms"] == [HOSTILE]


def test_nothing_is_loaded_from_anywhere(content: ReportContent, tmp_path: Path) -> None:
    page = page_of(content, tmp_path)
    for element in page.iter():
        if not isinstance(element.tag, str):
            continue
        assert element.tag not in {"iframe", "object", "embed", "base", "img", "video", "audio"}
        for name in ("src", "href", "action", "srcset", "data", "poster", "xlink:href"):
            given = element.get(name, "#")
            assert given.startswith(("#", "data:,", "sdtm/")), f"{element.tag} {name}={given}"
    for style in page.iter("style"):
        assert "url(" not in style.text
        assert "@import" not in style.text
    script = page.findall(".//script")[1].text
    for means in ("fetch(", "XMLHttpRequest", "import(", "WebSocket", "sendBeacon", "innerHTML", "eval("):
        assert means not in script


def test_policy_forbids_all_but_the_one_script(content: ReportContent, tmp_path: Path) -> None:
    page = page_of(content, tmp_path)
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']")[0].get("content")
    script = page.findall(".//script")[1].text
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def test_page_is_built_of_what_a_screen_reader_needs(content: ReportContent, tmp_path: Path) -> None:
    page = page_of(content, tmp_path)
    assert page.get("lang") == "en"
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    for header in page.iter("th"):
        assert header.get("scope") in {"col", "row"}
    for table in page.iter("table"):
        assert texts(table.find("caption")) != ""
    for control in page.xpath("//form//select | //form//input[@type='search']"):
        assert len(page.xpath("//label[@for=$id]", id=control.get("id"))) == 1
    for section in page.iter("section"):
        assert texts(page.get_element_by_id(section.get("aria-labelledby"))) != ""
    for link in page.xpath("//a[starts-with(@href, '#')]"):
        assert link.get("href")[1:] in ids
    assert page.get_element_by_id("shown").get("aria-live") == "polite"
    for drawing in page.iter("svg"):
        assert drawing.get("role") == "img"
        assert all(page.get_element_by_id(each).text for each in drawing.get("aria-labelledby").split())


def test_same_content_gives_the_same_bytes(content: ReportContent, tmp_path: Path) -> None:
    write_report(content, tmp_path / "one.html")
    write_report(replace(content, findings=list(reversed(content.findings))), tmp_path / "two.html")
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


def test_page_is_small_and_has_no_control_signs(content: ReportContent, tmp_path: Path) -> None:
    write_report(content, tmp_path / "report.html")
    written = (tmp_path / "report.html").read_bytes()
    assert len(written) < 100_000
    assert re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\r]", written) is None


def test_folder_that_is_not_there_is_the_users_to_mend(content: ReportContent, tmp_path: Path) -> None:
    with pytest.raises(UserError) as raised:
        write_report(content, tmp_path / "none" / "report.html")
    assert str(raised.value) == (
        "report.html cannot be written: the folder does not exist\n"
        f"  where: {tmp_path / 'none' / 'report.html'}\n"
        "  to do: create the folder"
    )


@pytest.mark.parametrize(
    ("bytes", "shown"),
    [(0, "0 bytes"), (999, "999 bytes"), (2560, "2.6 kB"), (5_000_000_000_000, "5000.0 GB")],
)
def test_size_for_people(bytes: int, shown: str) -> None:
    assert size(bytes) == shown
