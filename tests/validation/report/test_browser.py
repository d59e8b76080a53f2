"""The page in a browser: filters in the address, records that open, sorting, the CSV file."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import lxml.html
import pytest

from engine import Finding
from validation.report import ReportContent, write_report

pytestmark = pytest.mark.browser

Opened = Callable[..., lxml.html.HtmlElement]


@pytest.fixture
def opened(content: ReportContent, chromium: str, tmp_path: Path) -> Opened:
    """The page as it stands in the browser, at an address, after steps and a wait of milliseconds."""

    def open_page(
        address: str = "", steps: str = "", findings: list[Finding] | None = None, wait: int = 0
    ) -> lxml.html.HtmlElement:
        path = tmp_path / "report.html"
        given = content if findings is None else replace(content, findings=findings)
        write_report(given, path)
        if steps:
            page = path.read_text(encoding="utf-8")
            assert page.count("script-src 'sha256-") == 1
            page = page.replace("script-src 'sha256-", "script-src 'unsafe-inline' 'x-")
            path.write_text(page.replace("</body>", f"<script>{steps}</script></body>"), encoding="utf-8")
        flags = (
            *(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
            ),
            *("--disable-component-update", "--disable-sync", f"--user-data-dir={tmp_path / 'browser'}"),
            *((f"--virtual-time-budget={wait}",) if wait else ()),
            "--dump-dom",
        )
        done = subprocess.run(
            [chromium, *flags, path.as_uri() + address], capture_output=True, timeout=60, check=True
        )
        return lxml.html.fromstring(done.stdout.decode("utf-8"))

    return open_page


def texts(element: lxml.html.HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())


def shown(page: lxml.html.HtmlElement) -> str:
    return texts(page.get_element_by_id("shown"))


def groups(page: lxml.html.HtmlElement) -> list[str]:
    headings = page.get_element_by_id("groups").xpath(".//h3 | .//h4")
    return [texts(each) for each in headings]


def records(page: lxml.html.HtmlElement, at: int = 0) -> list[list[str]]:
    return [[texts(cell) for cell in row] for row in page.get_element_by_id(f"records-{at}").iter("tr")]


def test_all_findings_stand_in_groups_by_dataset_and_code(opened: Opened) -> None:
    page = opened()
    assert page.get_element_by_id("browser").get("hidden") is None
    assert shown(page) == "8 findings in 6 groups"
    assert groups(page) == [
        *("DM 1 finding", "Notice PARTIAL 1 finding, 1 subject"),
        *("AE 5 findings", "Error END_BEFORE_START 1 finding, 1 subject"),
        *("Warning NOT_CODED 2 findings, 2 subjects", "Notice PARTIAL 2 findings, 2 subjects"),
        *("raw.AE 1 finding", "Error RAW_TYPE 1 finding, 1 subject"),
        *("raw.LAB 1 finding", "Error RAW_TYPE 1 finding, 1 subject"),
    ]
    assert page.get_element_by_id("records-0").get("hidden") is not None


ADDRESSES = {
    "#findings": "8 findings in 6 groups",
    "#findings?severity=error": "3 of 8 findings in 3 groups",
    "#findings?severity=error,warning": "5 of 8 findings in 4 groups",
    "#findings?dataset=AE": "5 of 8 findings in 3 groups",
    "#findings?dataset=AE&severity=notice": "2 of 8 findings in 1 group",
    "#findings?code=PARTIAL": "3 of 8 findings in 2 groups",
    "#findings?site=02": "2 of 8 findings in 2 groups",
    "#findings?subject=01-002": "1 of 8 findings in 1 group",
    "#findings?text=CODED%20onerror": "1 of 8 findings in 1 group",
    "#findings?text=lab.csv:12": "1 of 8 findings in 1 group",
    "#findings?code=OTHER": "No finding matches this filter.",
    "#findings?severity=none": "8 findings in 6 groups",
    "#findings?text=%": "No finding matches this filter.",
}


def test_address_filters(opened: Opened) -> None:
    page = opened(
        steps=f"const addresses = {json.dumps(list(ADDRESSES))};"
        """
        const said = {};
        const next = (left) => {
          if (!left.length) { document.body.dataset.said = JSON.stringify(said); return; }
          window.addEventListener("hashchange", () => {
            said[left[0]] = document.getElementById("shown").textContent;
            next(left.slice(1));
          }, {once: true});
          location.hash = left[0];
        };
        next(addresses);
        """,
        wait=3000,
    )
    assert json.loads(page.find("body").get("data-said")) == ADDRESSES


def test_single_group_is_open_with_its_records(opened: Opened) -> None:
    page = opened("#findings?code=NOT_CODED")
    assert records(page) == [
        ["Site", "Subject", "Keys", "Variable", "Value"],
        ["01", "XY-1-01-001", "AESEQ=3", "AEDECOD", "</script><img src=x onerror=alert(1)>"],
        ["", "XY-1-09-009", "AESEQ=1", "AEDECOD", ""],
    ]
    assert page.findall(".//img") == []
    assert records(opened("#findings?code=END_BEFORE_START")) == [
        ["Site", "Subject", "Keys", "Variable", "Value", "Origin"],
        ["01", "XY-1-01-001", "AESEQ=2", "AEENDTC", "2024-01-01", "edc.zip/AE.csv:7:AEENDAT"],
    ]


def test_commonest_wording_speaks_for_its_group(opened: Opened, findings: list[Finding]) -> None:
    other = replace(findings[2], message="Further events are not coded.", keys=(), count=70)
    page = opened(findings=[other, findings[2], replace(findings[2], value="again")])
    assert groups(page)[1] == "Warning NOT_CODED 3 findings, 72 records, 1 subject"
    assert texts(page.find_class("says")[0]) == (
        "The event is not coded. (and 1 other wording) To do: Have it coded."
    )


def test_button_opens_the_records_of_a_group(opened: Opened) -> None:
    page = opened(steps="document.querySelectorAll('.opener')[1].click();")
    openers = page.find_class("opener")
    assert [each.get("aria-expanded") for each in openers] == [
        "false",
        "true",
        "false",
        "false",
        "false",
        "false",
    ]
    assert page.get_element_by_id(openers[1].get("aria-controls")).get("hidden") is None
    assert records(page, 1)[1][1] == "XY-1-01-001"


def test_typing_filters_and_the_address_keeps_it(opened: Opened) -> None:
    page = opened(
        steps="""
        const text = document.getElementById("f-text");
        text.value = "no number & so";
        text.value = "no number";
        text.dispatchEvent(new Event("input", {bubbles: true}));
        document.querySelector("input[value=error]").checked = true;
        setTimeout(() => { document.body.dataset.address = location.hash; }, 500);
        """,
        wait=2000,
    )
    assert shown(page) == "2 of 8 findings in 2 groups"
    assert page.find("body").get("data-address") == "#findings?severity=error&text=no%20number"


def test_clear_shows_everything_again(opened: Opened) -> None:
    page = opened("#findings?severity=error&dataset=AE", steps='document.getElementById("clear").click();')
    assert shown(page) == "8 findings in 6 groups"
    assert page.get_element_by_id("clear").get("disabled") is not None


def test_code_of_the_summary_links_to_its_findings(opened: Opened) -> None:
    page = opened(steps="document.querySelector('#summary-by-code tbody a').click();", wait=1000)
    assert shown(page) == "2 of 8 findings in 2 groups"
    assert page.xpath("//*[@id='summary-by-code']//tbody//a/@href")[0] == "#findings?code=RAW_TYPE"


def test_records_come_in_pages(opened: Opened, findings: list[Finding]) -> None:
    many = [
        replace(findings[2], keys=(("USUBJID", "XY-1-01-001"), ("AESEQ", f"{at:03}"))) for at in range(120)
    ]
    first = opened("#findings?code=NOT_CODED", findings=many)
    assert [row[2] for row in records(first)[1:]] == [f"AESEQ={at:03}" for at in range(50)]
    assert texts(first.find_class("pager")[0]) == "Previous Next 1 to 50 of 120"
    click = "document.querySelectorAll('.pager button')[1].click();"
    last = opened("#findings?code=NOT_CODED", steps=click + click, findings=many)
    assert [row[2] for row in records(last)[1:]] == [f"AESEQ={at:03}" for at in range(100, 120)]
    assert texts(last.find_class("pager")[0]) == "Previous Next 101 to 120 of 120"


def test_groups_come_forty_at_a_time(opened: Opened, findings: list[Finding]) -> None:
    many = [replace(findings[2], code=f"CODE_{at:02}") for at in range(45)]
    page = opened(findings=many)
    assert len(page.find_class("opener")) == 40
    assert texts(page.get_element_by_id("more-groups")) == "Show more groups (5)"
    page = opened(findings=many, steps="document.getElementById('more-groups').click();")
    assert len(page.find_class("opener")) == 45
    assert page.get_element_by_id("more-groups").get("hidden") is not None


def test_table_of_datasets_sorts(opened: Opened) -> None:
    records_twice = "const b = document.querySelectorAll('#built th button')[4]; b.click(); b.click();"
    page = opened(steps=records_twice)
    assert [texts(each) for each in page.xpath("//*[@id='built']/tbody/tr/th")] == [
        "DM",
        "DS",
        "EX",
        "AE",
        "LB",
    ]
    assert page.xpath("//*[@id='built']/thead//th/@aria-sort") == ["ascending"]


def test_link_to_a_raw_table_opens_its_columns(opened: Opened) -> None:
    page = opened("#raw-LAB")
    assert page.get_element_by_id("raw-LAB").get("open") is not None
    assert page.get_element_by_id("raw-AE").get("open") is None


def test_csv_holds_what_is_filtered_and_no_formula(opened: Opened, findings: list[Finding]) -> None:
    values = ["=1+1", "+SUM(A1)", "-2", "-2+3", "@x", "\t=1", " =1", 'say "a, b"', "1,5", "two\nlines"]
    many = [
        replace(findings[2], value=value, keys=(("USUBJID", "XY-1-01-001"), ("AESEQ", f"{at:02}")))
        for at, value in enumerate(values)
    ]
    page = opened(
        "#findings?severity=warning",
        findings=[*many, findings[0]],
        steps="""
        URL.createObjectURL = (blob) => {
          blob.text().then((text) => { document.body.dataset.csv = JSON.stringify(text.split("\\r\\n")); });
          return "#";
        };
        document.getElementById("export").click();
        """,
        wait=2000,
    )
    lines = json.loads(page.find("body").get("data-csv"))
    rest = "The event is not coded.,Have it coded.,,1"
    expected = [
        "severity,code,dataset,variable,site,subject,keys,value,message,to do,origin,records",
        *(
            f"warning,NOT_CODED,AE,AEDECOD,01,XY-1-01-001,{keys},{value},{rest}"
            for keys, value in [
                ('"USUBJID=XY-1-01-001; AESEQ=00"', "'=1+1"),
                ('"USUBJID=XY-1-01-001; AESEQ=01"', "'+SUM(A1)"),
                ('"USUBJID=XY-1-01-001; AESEQ=02"', "-2"),
                ('"USUBJID=XY-1-01-001; AESEQ=03"', "'-2+3"),
                ('"USUBJID=XY-1-01-001; AESEQ=04"', "'@x"),
                ('"USUBJID=XY-1-01-001; AESEQ=05"', "'\t=1"),
                ('"USUBJID=XY-1-01-001; AESEQ=06"', "' =1"),
                ('"USUBJID=XY-1-01-001; AESEQ=07"', '"say ""a, b"""'),
                ('"USUBJID=XY-1-01-001; AESEQ=08"', '"1,5"'),
                ('"USUBJID=XY-1-01-001; AESEQ=09"', '"two\nlines"'),
            ]
        ),
        "",
    ]
    assert lines == expected


def test_twenty_thousand_findings_open_and_filter(opened: Opened, findings: list[Finding]) -> None:
    many = [
        replace(findings[at % 8], value=f"value {at}", origin=f"edc.zip/AE.csv:{at}:TERM")
        for at in range(20_000)
    ]
    page = opened(
        "#findings?severity=error&text=value%20199",
        findings=many,
        steps="""
        const before = performance.now();
        const text = document.getElementById("f-text");
        text.value = "value 1999";
        document.getElementById("filter").requestSubmit();
        document.body.dataset.milliseconds = String(performance.now() - before);
        """,
    )
    assert shown(page).endswith(" of 20,000 findings in 3 groups")
    assert len(page.xpath("//*[@id='groups']//tr")) < 200
    assert float(page.find("body").get("data-milliseconds")) < 2000
