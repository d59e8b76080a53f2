"""Datasets from given records: every step of the plan in turn, with findings, sources and what was left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from engine.evaluate import TEXT, evaluate
from engine.finding import Finding
from engine.plan import RECORDS, plan
from specs import RAW, Dataset, Records, Ref, Variable, left_out_of

TOPIC_MISSING = "TOPIC_MISSING"
_SHOWN_KEYS = 6
_JOINT = " | "
"""what stands between the values of a finding"""


@dataclass(frozen=True)
class Built:
    """What a build of datasets leaves: the records in submission order, the findings, and the rows left out."""

    datasets: Mapping[str, Records]
    findings: tuple[Finding, ...]
    left_out: pd.DataFrame
    """`table`, `row`, `reason`, `because`, and `dataset`: for which it was left out"""


@dataclass
class _Growing:
    """A dataset while its variables are filled."""

    data: pd.DataFrame
    sources: pd.DataFrame
    numbers: npt.NDArray[np.int64]
    """the number that each record was given when it was made: `sources` and the doubts refer to it"""


@dataclass(frozen=True)
class _Doubtful:
    dataset: str
    variable: Variable
    codes: pd.Series
    shown: pd.Series
    numbers: npt.NDArray[np.int64]


def build_datasets(datasets: Sequence[Dataset], given: Mapping[str, Records]) -> Built:
    """The records of `datasets`, made of `given`: raw tables as `raw.AE`, datasets made before as `AE`.

    Raises UserError where the specification cannot be followed on these data.
    """
    made = {dataset.name: dataset for dataset in datasets}
    growing: dict[str, _Growing] = {}
    left_out: list[pd.DataFrame] = []
    doubtful: list[_Doubtful] = []
    finished = {name: records.data for name, records in given.items() if not name.startswith(f"{RAW}.")}
    for name, variable_name in plan(datasets):
        dataset = made[name]
        if variable_name == RECORDS:
            growing[name], rows = _records(dataset, given, growing)
            left_out.append(rows.assign(dataset=name))
            continue
        state, variable = growing[name], dataset.by_name[variable_name]
        others = finished | {other: each.data for other, each in growing.items()}
        values, doubts, read = evaluate(variable, dataset, state.data, others)
        state.data = state.data.assign(**{variable_name: values})
        if doubts is not None:
            has = doubts.notna().to_numpy()
            doubtful.append(_Doubtful(name, variable, doubts[has], _shown(read[has]), state.numbers[has]))
        if variable is dataset.topic:
            growing[name], rows = _without_topic(dataset, state)
            left_out.append(rows.assign(dataset=name))
    orders = {name: _order(dataset, growing[name]) for name, dataset in made.items()}
    done = {name: _finished(dataset, growing, orders) for name, dataset in made.items()}
    findings = [
        finding for each in doubtful for finding in _findings(each, made[each.dataset], growing, given)
    ]
    empty = left_out_of(None, np.empty(0, np.int64), "", "").assign(dataset="")
    return Built(done, tuple(findings), pd.concat([empty, *left_out], ignore_index=True))


def _records(
    dataset: Dataset, given: Mapping[str, Records], growing: Mapping[str, _Growing]
) -> tuple[_Growing, pd.DataFrame]:
    parts: list[Records] = []
    for word in dataset.records:
        offered = {f"{RAW}.{table}": given[f"{RAW}.{table}"] for table in word.tables()}
        for other in word.datasets():
            offered[other] = (
                given[other] if other in given else Records(growing[other].data.reset_index(drop=True))
            )
        made = word.compute(offered)
        parts.append(
            _numbered(made, {other: growing[other].numbers for other in word.datasets() if other in growing})
        )
    kept = {str(ref) for variable in dataset.variables for ref in variable.reads() if ref.dataset}
    frames, sources, offset = [], [], 0
    for part in parts:
        frames.append(part.data[[name for name in part.data.columns if name in kept]])
        sources.append(part.sources.assign(record=part.sources["record"] + offset))
        offset += len(part.data)
    data = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    if not data.columns.size:
        data = pd.DataFrame(index=pd.RangeIndex(offset))
    rows = pd.concat([part.left_out for part in parts], ignore_index=True)
    all_sources = pd.concat(sources, ignore_index=True)
    return _Growing(data, all_sources, np.arange(offset, dtype=np.int64)), rows


def _numbered(made: Records, numbers: Mapping[str, npt.NDArray[np.int64]]) -> Records:
    """Sources in datasets that are still growing name a record by its number: its position is not settled yet."""
    rows = made.sources["row"].to_numpy(dtype=np.int64)
    for name, given in numbers.items():
        of_it = (made.sources["table"] == name).to_numpy()
        rows = np.where(of_it, given[np.where(of_it, rows, 0)] if len(given) else rows, rows)
    return replace(made, sources=made.sources.assign(row=rows))


def _without_topic(dataset: Dataset, state: _Growing) -> tuple[_Growing, pd.DataFrame]:
    """A record without a topic says nothing: it is held back, and its source rows are accounted for."""
    assert dataset.topic is not None
    has = state.data[dataset.topic.name].notna().to_numpy()
    dropped = state.sources[state.sources["record"].isin(state.numbers[~has])]
    because = f"{dataset.name}.{dataset.topic.name} could not be filled"
    rows = dropped[["table", "row"]].assign(reason=TOPIC_MISSING, because=because)
    return _Growing(state.data[has].reset_index(drop=True), state.sources, state.numbers[has]), rows


def _order(dataset: Dataset, state: _Growing) -> npt.NDArray[np.int64]:
    """The positions of the records sorted by the keys, missing first; ties keep the order of the export."""
    keys = [name for name in dataset.keys if name in state.data.columns]
    ordered = state.data.reset_index(drop=True).sort_values(keys, kind="stable", na_position="first")
    return ordered.index.to_numpy(dtype=np.int64)


def _finished(
    dataset: Dataset, growing: Mapping[str, _Growing], orders: Mapping[str, npt.NDArray[np.int64]]
) -> Records:
    """The variables and the records in the order of submission, with their sources in that of theirs."""
    state, order = growing[dataset.name], orders[dataset.name]
    data = state.data[[variable.name for variable in dataset.variables]]
    sources = state.sources[state.sources["record"].isin(state.numbers)]
    sources = sources.assign(record=_positions(state.numbers, order).reindex(sources["record"]).to_numpy())
    for name in dataset.source_datasets & growing.keys():
        of_it = sources["table"] == name
        final = _positions(growing[name].numbers, orders[name]).reindex(sources.loc[of_it, "row"])
        sources = sources.assign(
            row=sources["row"].mask(of_it, pd.Series(final.to_numpy(), index=sources.index[of_it]))
        )
    sources = sources.astype({"record": np.int64, "row": np.int64})
    sources = sources.sort_values(["record", "table", "row"], kind="stable").reset_index(drop=True)
    return Records(data.iloc[order].reset_index(drop=True), sources)


def _positions(numbers: npt.NDArray[np.int64], order: npt.NDArray[np.int64]) -> pd.Series:
    """By the number that a record was given when it was made, its position in the order of submission."""
    return pd.Series(np.arange(len(order)), index=numbers[order])


def _shown(read: pd.DataFrame) -> pd.Series:
    """What was read, as a finding shows it: the values that are there, joined."""
    shown = pd.Series("", index=read.index, dtype=TEXT)
    for name in read.columns:
        text = key_text(read[name])
        joint = ((shown != "") & (text != "")).map({True: _JOINT, False: ""}).astype(TEXT)
        shown = shown + joint + text
    return shown


def _findings(
    doubtful: _Doubtful, dataset: Dataset, growing: Mapping[str, _Growing], given: Mapping[str, Records]
) -> list[Finding]:
    state = growing[doubtful.dataset]
    variable = doubtful.variable
    position = pd.Series(np.arange(len(state.numbers)), index=state.numbers)
    at = position.reindex(doubtful.numbers)
    key_names = [name for name in dict.fromkeys(("USUBJID", *dataset.keys)) if name in dataset.by_name][
        :_SHOWN_KEYS
    ]
    keys = {name: key_text(state.data[name]) for name in key_names}
    first = _sources_in_doubt(doubtful, dataset, state.sources)
    texts = [keys[name].to_numpy(dtype=object) for name in key_names]
    found: list[Finding] = []
    rows = zip(
        doubtful.codes, doubtful.shown, at.to_numpy(dtype=float), first["table"], first["row"], strict=True
    )
    for code, value, where, table, row in rows:
        doubt = variable.derivation.doubts[code]
        shown_keys = (
            ()
            if np.isnan(where)
            else tuple((name, str(text[int(where)])) for name, text in zip(key_names, texts, strict=True))
        )
        found.append(
            Finding(
                code=str(code),
                severity=doubt.severity,
                dataset=dataset.name,
                variable=variable.name,
                keys=tuple((name, text) for name, text in shown_keys if text),
                value=str(value),
                message=doubt.message,
                to_do=doubt.to_do,
                origin=origin_of(variable, dataset, table, row, given, doubt.about, str(value)),
            )
        )
    return found


def _sources_in_doubt(doubtful: _Doubtful, dataset: Dataset, sources: pd.DataFrame) -> pd.DataFrame:
    """For each doubt the source of its record with the argument in question, else the first: `table` and `row`."""
    asked = pd.DataFrame({"record": doubtful.numbers, "code": doubtful.codes.astype("object").to_numpy()})
    found = asked.merge(sources, on="record", how="left", validate="one_to_many")
    pairs = found[["table", "code"]].drop_duplicates()
    about = {code: doubt.about for code, doubt in doubtful.variable.derivation.doubts.items()}
    elsewhere = [
        not _columns_behind(doubtful.variable, dataset, str(table), about[code])
        for table, code in zip(pairs["table"], pairs["code"], strict=True)
    ]
    pairs = pairs.assign(elsewhere=elsewhere)
    found = found.merge(pairs, on=["table", "code"], how="left", validate="many_to_one")
    ordered = found.sort_values(["record", "elsewhere"], kind="stable").drop_duplicates("record")
    return ordered.set_index("record")[["table", "row"]].reindex(doubtful.numbers)


def key_text(values: pd.Series) -> pd.Series:
    """Values as findings write them: numbers without an idle decimal point, missing as ""."""
    if pd.api.types.is_numeric_dtype(values.dtype):
        codes, distinct = pd.factorize(values.to_numpy(dtype=float, na_value=np.nan))
        shown = pd.Series([*(f"{number:.15g}" for number in distinct), ""], dtype=TEXT)
        return shown.take(codes % len(shown)).set_axis(values.index)
    return values.astype(TEXT).fillna("")


def origin_of(
    variable: Variable,
    dataset: Dataset,
    table: object,
    row: object,
    given: Mapping[str, Records],
    about: str = "",
    shown: str = "",
) -> str:
    """File, line and column of the export, where the record came from there; `about` is the argument in question.

    Where several columns may be meant, the one that holds the value `shown`; the line alone where that is not one.
    """
    if not isinstance(table, str) or table not in given or not given[table].file:
        return ""
    records, number = given[table], int(str(row).partition(".")[0])
    columns = _columns_behind(variable, dataset, table, about)
    if len(columns) > 1:
        columns = tuple(column for column in columns if _cell(records, number, column) in shown.split(_JOINT))
    return f"{records.file}:{records.lines[number]}" + (f":{columns[0]}" if len(columns) == 1 else "")


def _columns_behind(variable: Variable, dataset: Dataset, table: str, about: str) -> tuple[str, ...]:
    """The columns of a raw table of which one is what a variable is made of: those of its first field."""
    name = table.removeprefix(f"{RAW}.")
    for field in _fields_behind(variable, dataset, about):
        words = [word for word in dataset.records if name in word.tables()]
        columns = dict.fromkeys(column for word in words for column in word.columns_behind(name, field))
        if columns:
            return tuple(columns)
    return ()


def _cell(records: Records, number: int, column: str) -> str:
    """The text in a column of the row with that number; "" where there is none."""
    at = np.flatnonzero(records.sources["row"].to_numpy() == number)
    column = f"{RAW}.{column}"
    if not at.size or column not in records.data.columns:
        return ""
    value = records.data[column].iloc[at[0]]
    return "" if pd.isna(value) else str(value)


def _fields_behind(variable: Variable, dataset: Dataset, about: str) -> list[str]:
    """The raw fields that a variable is made of: those of the argument in question, through variables of its own dataset."""
    named = getattr(variable.derivation, about, None) if about else None
    refs = [named] if isinstance(named, Ref) else [*variable.reads()]
    fields = [ref.variable for ref in refs if ref.dataset == RAW]
    if fields:
        return fields
    own = [dataset.by_name[str(ref)] for ref in refs if not ref.dataset and str(ref) in dataset.by_name]
    return [field for each in own if each is not variable for field in _fields_behind(each, dataset, "")]
