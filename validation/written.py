"""The written files as checks see them: the tables read back, beside what the specification says of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from exchange import TEXT, Column, Table
from specs import Dataset, Ref, Study
from validation.numbers import as_floats, as_texts

SUBJECT = "USUBJID"
SUPP = "SUPP"
_KEYS_SHOWN = 6
_SEQUENCE = re.compile(r"(?:A|[A-Z]{2})SEQ")
_NOT_SHOWN = frozenset({"STUDYID", "DOMAIN", "RDOMAIN"})


@dataclass(frozen=True)
class WrittenDataset:
    """One file and, where the specification knows it, its dataset there."""

    table: Table
    spec: Dataset | None = None
    """None for SUPP-- and for a file that the specification does not know"""

    @property
    def name(self) -> str:
        """The dataset's name."""
        return self.table.name

    @property
    def records(self) -> pd.DataFrame:
        """The records, as the file holds them."""
        return self.table.records

    @cached_property
    def columns(self) -> Mapping[str, Column]:
        """The variables that the file declares, by name."""
        return {column.name: column for column in self.table.columns}

    @cached_property
    def model(self) -> Literal["sdtm", "adam"]:
        """What kind of dataset it is; without a specification, as its name and variables tell."""
        if self.spec is not None:
            return self.spec.model
        return "adam" if self.name.startswith("AD") and "DOMAIN" not in self.columns else "sdtm"

    @cached_property
    def parent(self) -> str:
        """The dataset that a SUPP-- dataset belongs to; "" for all others."""
        return self.name.removeprefix(SUPP) if self.name.startswith(SUPP) and "QNAM" in self.columns else ""

    @cached_property
    def prefix(self) -> str:
        """What stands for `--` in the names of its variables; "" where nothing does."""
        if self.model == "adam" or self.parent or "DOMAIN" not in self.columns:
            return ""
        return self.name[:2]

    def has(self, *names: str) -> bool:
        """Whether the file holds all of these variables."""
        return all(name in self.columns for name in names)

    def texts(self, name: str) -> pd.Series:
        """A variable's values as text, numbers with the fewest digits; missing stays missing."""
        values = self.records[name]
        if not pd.api.types.is_numeric_dtype(values.dtype):
            return values.astype(TEXT)
        return as_texts(as_floats(values), values.index)

    @cached_property
    def key_names(self) -> tuple[str, ...]:
        """The variables that name a record to people: the subject, its keys, and its sequence number."""
        keys = self.spec.keys if self.spec is not None else self._usual_keys
        names = dict.fromkeys((SUBJECT, *(name for name in keys if name not in _NOT_SHOWN)))
        present = [name for name in names if name in self.columns][:_KEYS_SHOWN]
        return tuple(dict.fromkeys((*present, *self._sequence)))

    @property
    def _sequence(self) -> list[str]:
        """The sequence number of a record: --SEQ, in ADaM ASEQ, else the --SEQ of the record that it came
        from."""
        if self.prefix:
            return [name for name in (f"{self.prefix}SEQ",) if name in self.columns]
        return sorted((name for name in self.columns if _SEQUENCE.fullmatch(name)), key=len)[:1]

    @property
    def _usual_keys(self) -> tuple[str, ...]:
        return ("IDVAR", "IDVARVAL", "QNAM") if self.parent else ("PARAMCD", "AVISITN", "ADT")

    def keys(self, positions: Sequence[int] | npt.NDArray[np.int64]) -> list[tuple[tuple[str, str], ...]]:
        """What names the records at these positions: names and values; a missing value is left out."""
        chosen = np.asarray(positions, dtype=np.int64)
        texts = [self.texts(name).iloc[chosen].tolist() for name in self.key_names]
        return [
            tuple(
                (name, str(text)) for name, text in zip(self.key_names, row, strict=True) if not pd.isna(text)
            )
            for row in zip(*texts, strict=True)
        ] or [()] * len(chosen)


class Written:
    """All written files of a study, in the order of the specification, others behind by name.

    Without a study the files are judged by what they say themselves.
    """

    def __init__(self, study: Study | None, datasets: Mapping[str, Table]) -> None:
        self.study = study
        known: Mapping[str, Dataset] = study.datasets if study is not None else {}
        order = [name for name in known if name in datasets]
        order += sorted(name for name in datasets if name not in known)
        self.datasets: Mapping[str, WrittenDataset] = {
            name: WrittenDataset(datasets[name], known.get(name)) for name in order
        }
        self._one_per_subject: dict[str, pd.DataFrame] = {}

    @property
    def all(self) -> tuple[WrittenDataset, ...]:
        """Every dataset."""
        return tuple(self.datasets.values())

    @property
    def sdtm(self) -> tuple[WrittenDataset, ...]:
        """The SDTM datasets, SUPP-- among them."""
        return tuple(dataset for dataset in self.all if dataset.model == "sdtm")

    @property
    def adam(self) -> tuple[WrittenDataset, ...]:
        """The ADaM datasets."""
        return tuple(dataset for dataset in self.all if dataset.model == "adam")

    def get(self, name: str, *variables: str) -> WrittenDataset | None:
        """The dataset of that name, where it exists and holds these variables."""
        dataset = self.datasets.get(name)
        return dataset if dataset is not None and dataset.has(*variables) else None

    def of_subject(self, name: str) -> pd.DataFrame:
        """The records of a dataset by USUBJID, for subjects that have exactly one there."""
        if name not in self._one_per_subject:
            records = self.datasets[name].records
            single = records[records[SUBJECT].notna() & ~records[SUBJECT].duplicated(keep=False)]
            self._one_per_subject[name] = single.set_index(SUBJECT, drop=False)
        return self._one_per_subject[name]

    def reads(self, dataset: WrittenDataset, names: Iterable[str]) -> bool:
        """Whether everything that these references name was written."""
        for name in names:
            ref = Ref(name)
            holder = self.datasets.get(ref.dataset) if ref.dataset else dataset
            if holder is None or not holder.has(ref.variable):
                return False
            if ref.dataset and not (holder.has(SUBJECT) and dataset.has(SUBJECT)):
                return False
        return True

    def beside(self, dataset: WrittenDataset, names: Iterable[str]) -> pd.DataFrame:
        """A column for each reference: the dataset's own variables, and `DM.RFSTDTC` of the subject's only
        record.
        """
        columns: dict[str, pd.Series] = {}
        for name in dict.fromkeys(names):
            ref = Ref(name)
            if ref.dataset:
                values = self.of_subject(ref.dataset)[ref.variable]
                found = values.reindex(pd.Index(dataset.records[SUBJECT]))
                columns[name] = found.set_axis(dataset.records.index)
            else:
                columns[name] = dataset.records[name]
        return pd.DataFrame(columns, index=dataset.records.index)
