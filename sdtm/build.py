"""From raw records to SDTM domains."""

from __future__ import annotations

from collections.abc import Mapping

from engine import Built, build_datasets
from specs import Records, Study


def build(study: Study, raw: Mapping[str, Records]) -> Built:
    """The SDTM domains of a study, of its raw tables (`raw.AE`); domains that are given already, such as trial design
    (`TV`), are read and not made again.

    Raises UserError where the specification cannot be followed on these data.
    """
    return build_datasets([dataset for dataset in study.sdtm if dataset.name not in raw], raw)
