"""Suites run by Great Expectations: offline, in memory, without analytics."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from validation.expectations.suites import Expectation, Suite

_WITH_POSITIONS = {
    "result_format": "COMPLETE",
    "include_unexpected_rows": False,
    "return_unexpected_index_query": False,
}


@dataclass(frozen=True)
class Outcome:
    """Whether one expectation was met, and the records that do not meet it."""

    dataset: str
    expectation: Expectation
    success: bool
    records: int
    positions: npt.NDArray[np.int64]
    """counted from 0; none where the expectation speaks of the file, or a column that it needs is missing"""


def run(suites: Sequence[Suite], records: Mapping[str, pd.DataFrame]) -> tuple[Outcome, ...]:
    """The outcome of every expectation about the datasets that `records` holds, in the order of the suites.

    Every expectation is first asked for yes or no; those that are not met are asked again for the records,
    which is several times as slow. An expectation whose column is missing is not met, and not asked.
    """
    engine = _Engine()
    outcomes: list[Outcome] = []
    for suite in suites:
        if suite.dataset in records:
            outcomes += _of_suite(engine, suite, records[suite.dataset].reset_index(drop=True))
    return tuple(outcomes)


def _of_suite(engine: _Engine, suite: Suite, records: pd.DataFrame) -> list[Outcome]:
    nowhere = np.empty(0, dtype=np.int64)
    asked = [each for each in suite.expectations if set(each.needs) <= set(records.columns)]
    met = engine.validate(suite.dataset, asked, records, "BOOLEAN_ONLY")
    unmet = [each for each, result in zip(asked, met, strict=True) if not result["success"]]
    again = engine.validate(suite.dataset, unmet, records, _WITH_POSITIONS) if unmet else []
    positions = {id(each): _positions(result) for each, result in zip(unmet, again, strict=True)}
    success = {id(each): bool(result["success"]) for each, result in zip(asked, met, strict=True)}
    return [
        Outcome(
            suite.dataset,
            each,
            success.get(id(each), False),
            len(records),
            positions.get(id(each), nowhere),
        )
        for each in suite.expectations
    ]


def _positions(result: Mapping[str, Any]) -> npt.NDArray[np.int64]:
    return np.array(sorted(result["result"].get("unexpected_index_list") or ()), dtype=np.int64)


class _Engine:
    """An ephemeral context of Great Expectations; made on first use, since the import alone takes seconds."""

    def __init__(self) -> None:
        os.environ["GX_ANALYTICS_ENABLED"] = "False"
        logging.getLogger("great_expectations").setLevel(logging.ERROR)
        shown_by = warnings.showwarning
        import great_expectations as gx

        if warnings.showwarning is not shown_by:
            logging.captureWarnings(False)  # the import turns it on for the whole process
        from great_expectations.data_context.types.base import (
            DataContextConfig,
            InMemoryStoreBackendDefaults,
            ProgressBarsConfig,
        )

        from validation.expectations import custom

        config = DataContextConfig(
            analytics_enabled=False,
            progress_bars=ProgressBarsConfig(globally=False, metric_calculations=False),
            store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        )
        self._gx = gx
        self._custom = custom
        self._source = gx.get_context(mode="ephemeral", project_config=config).data_sources.add_pandas(
            "files"
        )
        self._assets = 0

    def validate(
        self, dataset: str, expectations: Sequence[Expectation], records: pd.DataFrame, form: Any
    ) -> list[Mapping[str, Any]]:
        """The result of each expectation, in their order.

        An exception within an expectation is a mistake of ours, not of the data: AssertionError.
        """
        self._assets += 1
        asset = self._source.add_dataframe_asset(f"{dataset} {self._assets}")
        batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": records})
        suite = self._gx.ExpectationSuite(name=dataset)
        suite.expectations = [self._made(each, number) for number, each in enumerate(expectations)]
        found: dict[int, Mapping[str, Any]] = {}
        for result in batch.validate(suite, result_format=form).results:
            info = result.exception_info or {}
            raised = [info, *(each for each in info.values() if isinstance(each, dict))]
            assert not any(each.get("raised_exception") for each in raised), (
                f"{dataset}: {result.exception_info}"
            )
            configuration = result.expectation_config
            assert configuration is not None
            assert configuration.meta is not None
            found[configuration.meta["number"]] = {
                "success": result.success,
                "result": result.result,
            }
        return [found[number] for number in range(len(expectations))]

    def _made(self, expectation: Expectation, number: int) -> Any:
        made = getattr(self._custom, expectation.name, None) or getattr(
            self._gx.expectations, expectation.name
        )
        return made(**expectation.arguments, meta={"number": number})
