"""From a finding on a written record back to the export: file, row and column, through the sources of the records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from engine import Finding, key_text, origin_of
from specs import Records, Study

_RAW = "raw."


def with_origins(
    findings: Sequence[Finding], study: Study, built: Mapping[str, Records], raw: Mapping[str, Records]
) -> tuple[Finding, ...]:
    """The findings, those on one record of a dataset with the place of the export that the record came from.

    A finding whose keys do not name exactly one record keeps no origin.
    """
    sources = {
        name: _first_source(name, built) for name in {each.dataset for each in findings} & built.keys()
    }
    positions = _positions(findings, built)
    found: list[Finding] = []
    for at, finding in enumerate(findings):
        if finding.origin or at not in positions:
            found.append(finding)
            continue
        source = sources[finding.dataset]
        table, row = source["table"].iloc[positions[at]], source["row"].iloc[positions[at]]
        dataset = study.datasets[finding.dataset]
        variable = dataset.by_name.get(finding.variable)
        if not isinstance(table, str) or table not in raw:
            found.append(finding)
        elif variable is not None and dataset.model == "sdtm":
            found.append(
                replace(
                    finding, origin=origin_of(variable, dataset, table, int(row), raw, shown=finding.value)
                )
            )
        else:
            found.append(replace(finding, origin=f"{raw[table].file}:{raw[table].lines[int(row)]}"))
    return tuple(found)


def _first_source(name: str, built: Mapping[str, Records]) -> pd.DataFrame:
    """For each record of a dataset the first row of the export that it came from, through datasets in between."""
    records = built[name]
    found = records.sources.drop_duplicates("record").set_index("record")[["table", "row"]]
    for between in sorted({table for table in found["table"] if table in built}):
        behind = _first_source(between, built)
        of_it = found["table"] == between
        through = behind.reindex(found.loc[of_it, "row"]).set_axis(found.index[of_it], axis="index")
        found = pd.concat([found[~of_it], through])
    return found.reindex(range(len(records.data)))


def _positions(findings: Sequence[Finding], built: Mapping[str, Records]) -> dict[int, int]:
    """For each finding (by number) whose keys name one record of its dataset, the position of that record."""
    asked: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for at, finding in enumerate(findings):
        names = tuple(name for name, _ in finding.keys)
        if finding.dataset in built and names and set(names) <= set(built[finding.dataset].data.columns):
            asked.setdefault((finding.dataset, names), []).append(at)
    positions: dict[int, int] = {}
    for (dataset, names), numbers in asked.items():
        data = built[dataset].data[list(names)].apply(key_text)
        data = data.assign(position=range(len(data))).drop_duplicates(list(names), keep=False)
        wanted = pd.DataFrame([dict(findings[at].keys) for at in numbers], columns=list(names), dtype="str")
        joined = wanted.assign(number=numbers).merge(
            data, on=list(names), how="inner", validate="many_to_one"
        )
        positions |= dict(zip(joined["number"].tolist(), joined["position"].tolist(), strict=True))
    return positions
