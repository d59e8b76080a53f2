"""Whose findings: the subject and the site of each finding, and the order in which findings are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine import SEVERITIES, Finding
from exchange import TEXT
from specs import RAW, RawTable, Study
from validation.report.charts import Datasets

_GRAVITY = {severity: at for at, severity in enumerate(SEVERITIES)}


@dataclass(frozen=True)
class Placed:
    """A finding with what it is about; subject (USUBJID) and site (SITEID) are "" where it is about none."""

    finding: Finding
    dataset: str
    """a dataset (`AE`), or a raw table (`raw.AE`); "" for the build as a whole"""
    subject: str
    site: str


def placed(findings: Sequence[Finding], study: Study, datasets: Datasets) -> list[Placed]:
    """The findings with what they are about, in the order of the page.

    They are ordered by dataset (in the order of submission, then raw tables), the gravest first, by code, by
    subject. The subject is USUBJID of the finding's keys, or made of the subject's number as the raw table
    writes it; the site is SITEID of the keys, or of DM.
    """
    sites = site_of_subject(datasets)
    found = []
    for finding in findings:
        keys = dict(finding.keys)
        table = _raw_table(finding, keys, study)
        name = f"{RAW}.{table.name}" if table else finding.dataset
        subject = keys.get("USUBJID") or _from_number(finding, keys, table, study)
        found.append(Placed(finding, name, subject, keys.get("SITEID") or sites.get(subject, "")))
    names = [*study.datasets, *(name for name in datasets if name not in study.datasets)]
    order = {name: at for at, name in enumerate(names)}
    return sorted(found, key=lambda each: _place(each, order))


def site_of_subject(datasets: Datasets) -> dict[str, str]:
    """SITEID by USUBJID, from DM; empty where DM does not have them."""
    if "DM" not in datasets or not {"USUBJID", "SITEID"} <= set(datasets["DM"].records):
        return {}
    subjects = datasets["DM"].records[["USUBJID", "SITEID"]].astype(TEXT).dropna().drop_duplicates("USUBJID")
    return dict(zip(subjects["USUBJID"], subjects["SITEID"], strict=True))


def _raw_table(finding: Finding, keys: Mapping[str, str], study: Study) -> RawTable | None:
    """The raw table that a finding is about; if it has a dataset's name, its keys and its file tell."""
    table = study.raw.get(finding.dataset.removeprefix(f"{RAW}."))
    if table is None or finding.dataset not in study.datasets:
        return table
    return table if "USUBJID" not in keys and finding.origin.startswith(table.file) else None


def _from_number(finding: Finding, keys: Mapping[str, str], table: RawTable | None, study: Study) -> str:
    if table is None or table.subject is None:
        return ""
    text = keys.get(table.subject) or (finding.value if finding.variable == table.subject else "")
    number = study.subject.canonical(text, table.form) or study.subject.canonical(text)
    return f"{study.subject_prefix or study.id + '-'}{number}" if number else text


def _place(each: Placed, order: Mapping[str, int]) -> tuple[object, ...]:
    finding = each.finding
    return (
        order.get(each.dataset, len(order)),
        each.dataset,
        _GRAVITY[finding.severity],
        finding.code,
        each.subject,
        finding.keys,
        finding.variable,
        finding.value,
        finding.origin,
        finding.message,
        finding.to_do,
        finding.count,
    )
