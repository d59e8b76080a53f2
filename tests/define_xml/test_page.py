"""define.html: the page of the stylesheet, made faster, with nothing to load."""

from __future__ import annotations

import doctest
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree, html

from define_xml import oids
from define_xml import page as page_module
from define_xml.page import page, unkeyed_page
from define_xml.published import safe_parser, stylesheet
from specs import Document, Study

Written = Callable[..., Path]
_LOADING = (
    ("script", "src"),
    ("img", "src"),
    ("iframe", "src"),
    ("link", "href"),
    ("object", "data"),
    ("embed", "src"),
    ("base", "href"),
)
"""Elements and attributes that make a browser fetch something."""
_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def parsed(folder: Path) -> etree._ElementTree:
    return etree.parse(str(folder / "define.xml"), safe_parser())


@pytest.fixture
def with_crf(study: Study, tmp_path: Path) -> Study:
    """The study with an annotated CRF beside its domains, and a sentence that its data are synthetic."""
    (tmp_path / "sdtm").mkdir()
    (tmp_path / "sdtm" / "acrf.pdf").write_bytes(b"%PDF-1.7")
    documents = (Document(name="acrf", title="Annotated CRF", file="acrf.pdf"),)
    return study.model_copy(update={"documents": documents, "synthetic": True})


@pytest.mark.parametrize("model", ["sdtm", "adam"])
def test_the_page_is_that_of_the_published_stylesheet(with_crf: Study, written: Written, model: str) -> None:
    folder = written(with_crf, model)
    assert page(parsed(folder)) == unkeyed_page(parsed(folder)) == (folder / "define.html").read_bytes()


def test_references_without_a_target_look_the_same(study: Study, written: Written) -> None:
    folder = written(study)
    text = (folder / "define.xml").read_text(encoding="utf-8")
    for oid in ("CL.NY", "MT.AE.AESTDY", "WC.LB.LBTESTCD.EQ.ALT", "IT.AE.AETERM", "COM.LB", "VL.SUPPAE.QVAL"):
        text = text.replace(f' OID="{oid}"', f' OID="{oid}.LOST"')
    tree = etree.ElementTree(etree.fromstring(text.encode(), safe_parser()))
    assert page(tree) == unkeyed_page(tree)
    assert b"[unresolved: " in page(tree)


def test_every_look_up_by_oid_of_the_stylesheet_goes_through_a_key() -> None:
    sheet = etree.parse(str(stylesheet()), safe_parser())
    page_module._look_up_in_keys(sheet)
    paths = [
        path for element in sheet.iter("{*}*") for name in ("select", "test") if (path := element.get(name))
    ]
    assert sum(path.count("key('") for path in paths) == 53
    left = {path for path in paths if re.search(r"\[\s*@(Item|ValueList)?OID\s*=\s*\$", path)}
    assert left == {
        "$Display/arm:AnalysisResult[@OID=$AnalysisResultOID]",
        "$Display/arm:AnalysisResults[@OID=$AnalysisResultID]",
        "/odm:ODM/odm:Study/odm:MetaDataVersion/arm:AnalysisResultDisplays/arm:ResultDisplay[@OID=$DisplayOID]",
        "$ItemDef[@OID=$g_seqItemGroupDefs[@Name = $suppDatasetName or @Name = $sqDatasetName]"
        "/odm:ItemRef/@ItemOID]/def:ValueListRef/@ValueListOID",
        "count(./odm:ItemRef[@ItemOID=$g_seqItemDefsValueListRef/../@OID])",
        "key('ItemGroupDef', $ItemGroupOID)/odm:ItemRef[@ItemOID=$ItemOID]",
    }


@pytest.mark.parametrize("module", [page_module, oids])
def test_the_examples_in_the_docstrings(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted > 0
    assert result.failed == 0


def test_the_page_is_html_in_utf_8(study: Study, written: Written) -> None:
    content = (written(study) / "define.html").read_bytes()
    assert content.startswith(b"<!DOCTYPE html ")
    assert b'<meta http-equiv="Content-Type" content="text/html; charset=utf-8">' in content
    assert not re.search(rb"<(span|td|a|div)[^>]*/>", content), (
        "an empty element is closed by a tag of its own"
    )


def loaded(root: html.HtmlElement) -> list[str]:
    """What a page fetches by itself."""
    found = [str(each) for tag, name in _LOADING for each in root.xpath(f"//{tag}/@{name}")]
    return found + re.findall(r"url\((?!data:)[^)]*\)|@import[^;]*", html.tostring(root, encoding="unicode"))


def test_the_page_loads_nothing(with_crf: Study, written: Written) -> None:
    root = html.fromstring((written(with_crf) / "define.html").read_bytes())
    assert loaded(root) == []
    links = {str(href) for href in root.xpath("//a/@href") if not str(href).startswith("#")}
    pages = {f"acrf.pdf#page={number}" for number in (1, 2, 4, 5, 6)}
    assert links == {"acrf.pdf", *pages, "ae.xpt", "dm.xpt", "lb.xpt", "suppae.xpt", "ts.xpt"}


@pytest.mark.parametrize("model", ["sdtm", "adam"])
def test_every_link_within_the_page_has_a_target(study: Study, written: Written, model: str) -> None:
    root = html.fromstring((written(study, model) / "define.html").read_bytes())
    targets = {str(each) for each in root.xpath("//@id | //a/@name")}
    links = {str(href)[1:] for href in root.xpath("//a/@href") if str(href).startswith("#")}
    assert {"Standards_Table", "datasets", "main"} < links
    assert links - targets == set()


def test_the_stylesheet_can_read_no_file_and_no_network(tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_text("<secret>found</secret>", encoding="utf-8")
    sheet = etree.fromstring(
        f"""<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
          <xsl:template match="/">
            <out><xsl:value-of select="document('{secret.as_uri()}')"/></out>
          </xsl:template>
        </xsl:stylesheet>"""
    )
    free = etree.XSLT(sheet)(etree.fromstring("<ODM/>"))
    assert b"found" in bytes(free), "without the restriction the file is read"
    restricted = page_module._restricted(etree.ElementTree(sheet))
    with pytest.raises(etree.XSLTApplyError):
        restricted(etree.fromstring("<ODM/>"))


@pytest.mark.browser
@pytest.mark.skipif(_CHROMIUM is None, reason="chromium is not installed")
def test_a_browser_shows_the_page(study: Study, written: Written, tmp_path: Path) -> None:
    folder = written(study)
    shown = subprocess.run(
        [
            str(_CHROMIUM),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            f"--user-data-dir={tmp_path / 'profile'}",
            "--dump-dom",
            (folder / "define.html").as_uri(),
        ],
        capture_output=True,
        timeout=120,
        check=True,
    )
    root = html.fromstring(shown.stdout)
    for text in ("Adverse Events", "AESTDY = AESTDTC - DM.RFSTDTC + 1.", "Regulatory T Cells", "MedDRA 28.0"):
        assert text in root.text_content()
    assert loaded(root) == []
