"""One word on one dataset: lay out what it reads, evaluate distinct inputs only, spread the values back."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from specs import RAW, Dataset, Judged, UserError, Variable

TEXT = pd.StringDtype("pyarrow", na_value=pd.NA)
NUMBER = pd.Float64Dtype()
_SUBJECT = "USUBJID"
_WORTHWHILE = 0.5
"""the share of distinct inputs above which a word is evaluated on all records"""


def evaluate(
    variable: Variable, dataset: Dataset, data: pd.DataFrame, others: Mapping[str, pd.DataFrame]
) -> tuple[pd.Series, pd.Series | None, pd.DataFrame]:
    """The values of `variable`, their doubts (codes, NA where none; None where there are none at all), and what was
    read: one of each per record of `data`."""
    derivation = variable.derivation
    read = _read(variable, dataset, data, others)
    related = {
        name: _related(others[name], {ref.variable for ref in derivation.related() if ref.dataset == name})
        for name in sorted({ref.dataset for ref in derivation.related()})
    }
    if related and _SUBJECT not in read.columns and _SUBJECT in data.columns:
        read = read.assign(**{_SUBJECT: data[_SUBJECT]})
    if derivation.rowwise:
        first, inverse = distinct(read)
        if len(first) <= _WORTHWHILE * len(read) or not read.columns.size:
            small = read.iloc[first].reset_index(drop=True)
            values, doubts = _computed(variable, small, related)
            values = values.take(inverse).reset_index(drop=True)
            doubts = None if doubts is None else doubts.take(inverse).reset_index(drop=True)
            return values, doubts, read
    values, doubts = _computed(variable, read, related)
    return values, doubts, read


def distinct(records: pd.DataFrame) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Where each distinct record stands first, and for each record which of them it is.

    >>> first, inverse = distinct(pd.DataFrame({"SEX": ["F", "M", "F"]}))
    >>> first.tolist(), inverse.tolist()
    ([0, 1], [0, 1, 0])
    """
    combined = np.zeros(len(records), dtype=np.int64)
    for name in records.columns:
        codes, categories = pd.factorize(records[name], use_na_sentinel=False)
        combined, _ = pd.factorize(combined * (len(categories) + 1) + codes)
    _, first, inverse = np.unique(combined, return_index=True, return_inverse=True)
    return first.astype(np.int64), inverse.astype(np.int64)


def as_stored(values: pd.Series, variable: Variable) -> pd.Series:
    """Values as records hold them: text or Float64, missing as NA, never "" or not-a-number."""
    if variable.type == "Num":
        numbers = values.astype(NUMBER)
        return numbers.mask(np.isnan(numbers.to_numpy(dtype=float, na_value=np.nan)))
    text = values.astype(TEXT)
    return text.mask(text == "")


def _computed(
    variable: Variable, records: pd.DataFrame, related: Mapping[str, pd.DataFrame]
) -> tuple[pd.Series, pd.Series | None]:
    derivation = variable.derivation
    result = derivation.compute_from(records, related)
    judged = result if isinstance(result, Judged) else None
    values = judged.values if judged else result
    assert isinstance(values, pd.Series)
    assert len(values) == len(records), f"{derivation.word} gives one value per record"
    assert values.index.equals(records.index), f"{derivation.word} keeps the index of its records"
    stored = as_stored(values, variable)
    doubts = None if judged is None or not judged.doubts.notna().any() else judged.doubts.astype(TEXT)
    if doubts is not None:
        unknown = set(doubts.dropna().unique()) - set(derivation.doubts)
        assert not unknown, f"{derivation.word} declares its doubts: {sorted(unknown)}"
    if variable.where is not None:
        chosen = variable.where.selects(records)
        stored = stored.where(chosen)
        doubts = None if doubts is None else doubts.where(chosen)
    return stored, doubts


def _read(
    variable: Variable, dataset: Dataset, data: pd.DataFrame, others: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    columns: dict[str, pd.Series] = {}
    joined: dict[str, list[str]] = {}
    for ref in variable.reads():
        if not ref.dataset or ref.dataset == RAW or ref.dataset in dataset.carried_datasets:
            columns[str(ref)] = data[str(ref)]
        else:
            joined.setdefault(ref.dataset, []).append(ref.variable)
    for name, wanted in joined.items():
        beside = _beside(name, wanted, data[_SUBJECT], others[name], variable, dataset)
        columns |= {f"{name}.{each}": beside[each] for each in wanted}
    ordered = {str(ref): columns[str(ref)].reset_index(drop=True) for ref in variable.reads()}
    return pd.DataFrame(ordered, index=pd.RangeIndex(len(data)))


def _beside(
    name: str,
    wanted: list[str],
    subjects: pd.Series,
    other: pd.DataFrame,
    variable: Variable,
    dataset: Dataset,
) -> pd.DataFrame:
    """The variables of the subject's only record in another dataset, laid beside each record."""
    wanted = list(dict.fromkeys(wanted))
    right = other[list(dict.fromkeys([_SUBJECT, *wanted]))].dropna(subset=[_SUBJECT])
    repeated = right[_SUBJECT].duplicated(keep=False)
    if repeated.any():
        shown = ", ".join(sorted(right.loc[repeated, _SUBJECT].unique())[:5])
        raise UserError.of(
            f"{dataset.name}.{variable.name} reads {name}.{wanted[0]}, but {name} has several records of a subject",
            f"{variable.line}, {dataset.name}.{variable.name}, USUBJID {shown}",
            "read one record per subject, or use a word that takes related records, such as reference_date",
        )
    left = pd.DataFrame({_SUBJECT: subjects.reset_index(drop=True)})
    return left.merge(right, on=_SUBJECT, how="left", validate="many_to_one")


def _related(other: pd.DataFrame, wanted: set[str]) -> pd.DataFrame:
    """The variables read, with whose they are; a reference dataset is nobody's."""
    names = [*([_SUBJECT] if _SUBJECT in other.columns else []), *sorted(wanted - {_SUBJECT})]
    return other[names].reset_index(drop=True)
