"""One finding for each fault, whoever found it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from engine import SEVERITIES, Finding
from validation.check import Fault
from validation.written import SUBJECT, Written, WrittenDataset

Place = tuple[str, str, int]
"""dataset, kind (or variable) and record"""


def merged(
    earlier: Sequence[Finding], faults: Iterable[Fault], raw: Iterable[Fault], written: Written
) -> tuple[Finding, ...]:
    """All findings, sorted, each fault once.

    Of faults that are the same the first stays, so the more telling ones come first: `earlier` findings of
    reading and building know the cell of the export; the study's own checks know what to do. A finding about
    a missing value is left out where an earlier one tells why the value was held back, and a fault of an ADaM
    record where SDTM has the same one: same kind, same subject, same value.
    """
    held_back = _held_back(earlier, written)
    told = {(each.dataset, each.code, each.origin) for each in earlier}
    analysis = {dataset.name for dataset in written.adam}
    kept: list[Finding] = list(earlier)
    seen: set[Place] = set()
    copied: set[tuple[str, str, str]] = set()
    for fault in sorted(faults, key=lambda each: each.finding.dataset in analysis):
        finding = fault.finding
        places = {(finding.dataset, fault.kind, position) for position in fault.positions or (-1,)}
        held = {(finding.dataset, finding.variable, position) for position in fault.positions}
        if places <= seen or (not finding.value and held and held <= held_back):
            continue
        seen |= places
        copy = (fault.kind, dict(finding.keys).get(SUBJECT, ""), finding.value)
        if finding.dataset not in analysis:
            copied.add(copy)
        elif finding.value and copy[1] and copy in copied:
            continue
        kept.append(finding)
    kept += [
        each.finding
        for each in raw
        if (each.finding.dataset, each.finding.code, each.finding.origin) not in told
    ]
    return in_order(dict.fromkeys(kept))


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings from the gravest on; then by dataset, code, variable, keys and place."""
    return tuple(
        sorted(
            findings,
            key=lambda each: (
                SEVERITIES.index(each.severity),
                each.dataset,
                each.code,
                each.variable,
                [_sortable(text) for pair in each.keys for text in pair],
                each.origin,
                each.value,
                each.message,
            ),
        )
    )


def _sortable(text: str) -> tuple[float, str]:
    """Numbers by size, before texts."""
    try:
        return float(text), text
    except ValueError:
        return float("inf"), text


def _held_back(earlier: Sequence[Finding], written: Written) -> set[Place]:
    """The records and variables of written datasets that earlier findings speak of."""
    by_names: dict[tuple[str, tuple[str, ...]], list[Finding]] = {}
    for finding in earlier:
        dataset = written.datasets.get(finding.dataset)
        names = tuple(name for name, _ in finding.keys)
        if dataset is not None and names and dataset.has(*names):
            by_names.setdefault((finding.dataset, names), []).append(finding)
    found: set[Place] = set()
    for (name, names), findings in by_names.items():
        positions = _positions(written.datasets[name], names)
        for finding in findings:
            key = tuple(_plain(text) for _, text in finding.keys)
            found |= {(name, finding.variable, position) for position in positions.get(key, ())}
    return found


def _positions(dataset: WrittenDataset, names: tuple[str, ...]) -> dict[tuple[str, ...], list[int]]:
    texts = pd.DataFrame({name: dataset.texts(name).fillna("").astype("object") for name in names})
    found: dict[tuple[str, ...], list[int]] = {}
    for position, key in enumerate(zip(*(texts[name] for name in names), strict=True)):
        found.setdefault(tuple(_plain(str(text)) for text in key), []).append(position)
    return found


def _plain(text: str) -> str:
    """A key as it is compared: a whole number without its `.0`."""
    return text.removesuffix(".0")
