"""The page itself: what the templates are given, and the file."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from exchange import whole_file
from validation.report import summary
from validation.report.built import built_datasets
from validation.report.charts import PICTURES, Figure, open_findings
from validation.report.content import Expectation, ReportContent
from validation.report.embedded import MOST_FINDINGS, embedded
from validation.report.placed import Placed, placed

_FIRST_CODES = 5
_UNITS = ("bytes", "kB", "MB", "GB")


@dataclass(frozen=True)
class Expected:
    """The expectations of one dataset."""

    dataset: str
    met: int
    total: int
    unmet: tuple[Expectation, ...]


def write_report(content: ReportContent, path: Path) -> None:
    """Write the report of a build as one HTML file that needs no other; same content, same bytes.

    Raises UserError where the file cannot be written.
    """
    page = rendered(content).encode("utf-8", "backslashreplace")
    with whole_file(path) as file:
        file.write(page)


def rendered(content: ReportContent) -> str:
    """The report as HTML."""
    found = placed(content.findings, content.study, content.datasets)
    script, style = _shipped("report.js"), _shipped("report.css")
    codes = summary.by_code(found)
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            content=content,
            study=content.study,
            standards=list(dict.fromkeys(use for uses in content.study.standards.values() for use in uses)),
            script=script,
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
            style=style,
            verdict=summary.verdict(found, len(content.datasets), content.accounts),
            severities=summary.severities(found),
            codes=codes,
            first_codes=[each for each in codes if each.severity != "notice"][:_FIRST_CODES],
            sites=summary.by_site(found, content.datasets),
            built=built_datasets(content, found),
            findings=found,
            listed=min(len(found), MOST_FINDINGS),
            findings_json=embedded(found),
            accounts=content.accounts,
            figures=_figures(content, found),
            expected=_expected(content),
        )
    )


def size(number: int) -> str:
    """A file's size for people, in powers of 1,000.

    >>> size(999), size(1_000), size(2_540_000)
    ('999 bytes', '1.0 kB', '2.5 MB')
    """
    value, unit = float(number), 0
    while value >= 1000 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{value:.1f} {_UNITS[unit]}" if unit else f"{number} bytes"


def _figures(content: ReportContent, found: list[Placed]) -> tuple[Figure, ...]:
    about_subjects = pd.DataFrame(
        [(each.subject, each.dataset, each.finding.severity) for each in found if each.subject],
        columns=["subject", "dataset", "severity"],
    )
    return (open_findings(about_subjects, content.datasets), *(draw(content.datasets) for draw in PICTURES))


def _expected(content: ReportContent) -> tuple[Expected, ...]:
    names = [*content.datasets, *(each.dataset for each in content.expectations)]
    total = Counter(each.dataset for each in content.expectations)
    met = Counter(each.dataset for each in content.expectations if each.success)
    return tuple(
        Expected(
            name,
            met[name],
            total[name],
            tuple(each for each in content.expectations if each.dataset == name and not each.success),
        )
        for name in dict.fromkeys(names)
        if total[name]
    )


def _shipped(name: str) -> Markup:
    text = (files("validation.report") / "templates" / name).read_text(encoding="utf-8")
    assert "</" not in text, f"{name}: it would end the element of the page that it stands in"
    return Markup(text)  # noqa: S704  our own file


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("validation.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "number": lambda value: f"{value:,}",
        "size": size,
        "link": lambda file: quote(file, safe="/"),
        "filter_hash": lambda value: quote(value, safe=""),
    }
    environment.globals |= {"closes": summary.closes, "no_site": summary.NO_SITE}
    return environment
