"""The study's own checks, on the written files."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from specs import Check, DateOrder, Membership, Ref
from validation.check import Described, Fault, Which, file_fault, record_faults
from validation.dates import Seconds, spans, surely_after
from validation.written import SUBJECT, Written, WrittenDataset

CHECK_NOT_RUN = Described(
    code="CHECK_NOT_RUN",
    severity="warning",
    title="a check of the study could not run",
    why="A check that does not run finds nothing, which must not be taken for a clean result.",
    to_do="write the variables that the check reads, or mend the check",
)


def study_faults(written: Written) -> Iterator[Fault]:
    """Every fault that the study's own checks find, in the order of the specification."""
    for check in written.study.checks if written.study is not None else ():
        dataset = written.get(check.dataset)
        if dataset is None:
            yield _not_run(check, check.dataset)
            continue
        missing = [name for name in check.reads() if not written.reads(dataset, [name])]
        if missing:
            yield _not_run(check, ", ".join(missing))
        else:
            yield from record_faults(
                described(check),
                dataset,
                check.variable,
                _wrong(check, written, dataset),
                check.message,
                kind=kind(check),
            )


def described(check: Check) -> Described:
    """The check as a line of the catalogue."""
    return Described(check.code, check.severity, check.message, check.why, check.to_do)


def kind(check: Check) -> str:
    """What tells that a finding of another origin says the same."""
    if check.order is not None:
        return f"{check.order.first} not after {check.order.then}"
    if check.never is not None and str(check.never) == f'{check.variable} EQ ""':
        return f"missing {check.variable}"
    return f"{check.code} {check.variable}"


def _not_run(check: Check, missing: str) -> Fault:
    message = f"{check.code} could not run: the files do not hold {missing}"
    return file_fault(
        CHECK_NOT_RUN, check.dataset, check.variable, message, kind=f"{CHECK_NOT_RUN.code} {check.code}"
    )


def _wrong(check: Check, written: Written, dataset: WrittenDataset) -> Which:
    looked_at = np.ones(len(dataset.records), dtype=np.bool_)
    if check.where is not None:
        looked_at = check.where.selects(written.beside(dataset, check.where.variables)).to_numpy(dtype=bool)
    if check.never is not None:
        wrong = check.never.selects(written.beside(dataset, check.never.variables)).to_numpy(dtype=bool)
    elif check.order is not None:
        wrong = _out_of_order(check.order, written, dataset)
    else:
        assert check.member is not None
        wrong = _no_member(check.member, written, dataset)
    return np.asarray(looked_at & wrong)


def _out_of_order(order: DateOrder, written: Written, dataset: WrittenDataset) -> Which:
    first = _earliest_and_latest(order.first, order, written, dataset)
    then = _earliest_and_latest(order.then, order, written, dataset)
    return surely_after(first, then, order.days)


def _earliest_and_latest(
    ref: Ref, order: DateOrder, written: Written, dataset: WrittenDataset
) -> tuple[Seconds, Seconds]:
    """What a date allows on each record; of several related ones the earliest start and the latest end."""
    if not ref.dataset:
        return spans(dataset.records[ref], ref)
    other = written.datasets[ref.dataset]
    records = other.records
    if order.where is not None:
        records = records[order.where.selects(records).to_numpy(dtype=bool)]
    early, late = spans(records[ref.variable], ref.variable)
    unknown = np.isnan(early)
    moments = {"early": np.where(unknown, -np.inf, early), "late": np.where(unknown, np.inf, late)}
    by_subject = (
        pd.DataFrame({"subject": records[SUBJECT].astype("object"), **moments})
        .groupby("subject", sort=False)
        .agg({"early": "min", "late": "max"})
        .reindex(pd.Index(dataset.records[SUBJECT].astype("object")))
    )
    return by_subject["early"].to_numpy(dtype=np.float64), by_subject["late"].to_numpy(dtype=np.float64)


def _no_member(member: Membership, written: Written, dataset: WrittenDataset) -> Which:
    """Records whose values are all known and occur together in no counting record of the other dataset."""
    other = written.datasets[member.dataset].records
    if member.where is not None:
        other = other[member.where.selects(other).to_numpy(dtype=bool)]
    names = list(member.variables)
    asked = dataset.records[names].astype("object")
    known = other[names].dropna().astype("object").drop_duplicates()
    found = asked.merge(known, on=names, how="left", indicator=True, validate="m:1")["_merge"] == "both"
    return np.asarray(~found.to_numpy() & asked.notna().all(axis=1).to_numpy())
