"""Datasets written short: each variable with its word, and its type and further attributes where they matter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine import NUMBER, TEXT
from specs import Dataset, Derivation, RecordDerivation, Records, Variable, sources_of

MakeDataset = Callable[..., Dataset]
MakeRaw = Callable[..., Records]


@pytest.fixture
def dataset() -> MakeDataset:
    """`dataset("AE", [word], {"AETERM": word, "AESEQ": (word, {"type": "Num"})}, keys=["AETERM"], topic="AETERM")`."""

    def made(
        name: str,
        records: Sequence[RecordDerivation],
        variables: Mapping[str, Derivation | tuple[Derivation, dict[str, Any]]],
        *,
        keys: Sequence[str] = ("USUBJID",),
        topic: str = "",
        **attributes: Any,
    ) -> Dataset:
        found = []
        for line, (variable, said) in enumerate(variables.items(), 5):
            word, further = said if isinstance(said, tuple) else (said, {})
            role = {"role": "Topic", "core": "Req"} if variable == topic else {}
            given = {
                "label": variable,
                "type": "Char",
                "line": f"{name.lower()}.yaml:{line}",
                **role,
                **further,
            }
            found.append(Variable(name=variable, derivation=word, **given))
        return Dataset(
            name=name,
            label=name,
            model="sdtm",
            class_name="EVENTS",
            structure="One record per event",
            keys=tuple(keys),
            records=tuple(records),
            variables=tuple(found),
            line=f"{name.lower()}.yaml:1",
            **attributes,
        )

    return made


@pytest.fixture
def raw() -> MakeRaw:
    """`raw("AE", AETERM=["rash", None])`: the records of a raw table, from line 2 of its file on."""

    def made(table: str, **columns: list[Any]) -> Records:
        data = pd.DataFrame({f"raw.{name}": pd.array(values, dtype=TEXT) for name, values in columns.items()})
        rows = np.arange(len(data), dtype=np.int64)
        return Records(data, sources_of(f"raw.{table}", rows), file=f"edc.zip/{table}.csv", lines=rows + 2)

    return made


@pytest.fixture
def frame() -> Callable[..., pd.DataFrame]:
    """`frame(USUBJID=["1"], AESEQ=[1])`: records as the engine holds them."""

    def made(**columns: list[Any]) -> pd.DataFrame:
        return pd.DataFrame(
            {
                name: pd.array(
                    values, dtype=NUMBER if any(isinstance(v, (int, float)) for v in values) else TEXT
                )
                for name, values in columns.items()
            }
        )

    return made
