"""What the findings come to: the verdict in one sentence, and the counts by code, by site and by dataset."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from engine import SEVERITIES, Severity, TableAccount
from validation.report.charts import Datasets
from validation.report.charts.figure import count
from validation.report.placed import Placed, site_of_subject

NO_SITE = "no site"


@dataclass(frozen=True)
class ByCode:
    """The findings of one code: its gravest severity, and the commonest message and remedy at it."""

    code: str
    severity: Severity
    datasets: tuple[str, ...]
    findings: int
    records: int
    """the records that they speak of"""
    subjects: int
    message: str
    to_do: str


@dataclass(frozen=True)
class BySite:
    """The findings of one site; `clean` subjects have no error and no warning; None: not a site of DM."""

    site: str
    subjects: int | None
    clean: int | None
    severities: tuple[int, ...]


def severities(placed: Sequence[Placed]) -> dict[Severity, int]:
    """The number of findings of each severity, from the gravest."""
    found = Counter(each.finding.severity for each in placed)
    return {severity: found[severity] for severity in SEVERITIES}


def verdict(placed: Sequence[Placed], datasets: int, accounts: Sequence[TableAccount]) -> str:
    """The build in one sentence."""
    by = ", ".join(count(n, severity) for severity, n in severities(placed).items())
    findings = f"{count(len(placed), 'finding')}: {by}" if placed else "No findings"
    rows = count(sum(each.read for each in accounts), "raw row")
    open_sums = sum(not closes(each) for each in accounts)
    accounted = (
        f"the sums of {count(open_sums, 'raw table')} do not close" if open_sums else f"{rows} accounted for"
    )
    return f"{findings}; {count(datasets, 'dataset')} built; {accounted}."


def closes(account: TableAccount) -> bool:
    """Whether rows read = rows used + rows left out."""
    return account.read == account.used + sum(each.rows for each in account.left_out)


def by_code(placed: Sequence[Placed]) -> tuple[ByCode, ...]:
    """The codes, the gravest first, then those with the most findings."""
    groups: dict[str, list[Placed]] = defaultdict(list)
    for each in placed:
        groups[each.finding.code].append(each)
    found = []
    for code, group in groups.items():
        gravest = min((each.finding.severity for each in group), key=SEVERITIES.index)
        wordings = Counter(
            (each.finding.message, each.finding.to_do) for each in group if each.finding.severity == gravest
        )
        (message, to_do), _ = wordings.most_common(1)[0]
        found.append(
            ByCode(
                code,
                gravest,
                tuple(dict.fromkeys(each.dataset for each in group)),
                len(group),
                sum(each.finding.count for each in group),
                len({each.subject for each in group if each.subject}),
                message,
                to_do,
            )
        )
    return tuple(sorted(found, key=lambda each: (SEVERITIES.index(each.severity), -each.findings, each.code)))


def by_site(placed: Sequence[Placed], datasets: Datasets) -> tuple[BySite, ...]:
    """The sites of DM and of the findings, in order; last what is tied to no site."""
    sites = site_of_subject(datasets)
    members = Counter(sites.values())
    open_subjects = {each.subject for each in placed if each.finding.severity != "notice"}
    unclean = Counter(site for subject, site in sites.items() if subject in open_subjects)
    found = Counter((each.site, each.finding.severity) for each in placed)
    names = sorted({*members, *(site for site, _ in found if site)}) + (
        [""] if any(not s for s, _ in found) else []
    )
    return tuple(
        BySite(
            site or NO_SITE,
            members.get(site),
            members[site] - unclean[site] if site in members else None,
            tuple(found[site, severity] for severity in SEVERITIES),
        )
        for site in names
    )
