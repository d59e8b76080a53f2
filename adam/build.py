"""From SDTM domains to ADaM datasets."""

from __future__ import annotations

from collections.abc import Mapping

from engine import Built, build_datasets
from specs import Records, Study


def build(study: Study, sdtm: Mapping[str, Records]) -> Built:
    """The ADaM datasets of a study, of its SDTM domains (`AE`); a domain's non-standard variables are columns
    of it.

    Raises UserError where the specification cannot be followed on these data.
    """
    return build_datasets(study.adam, sdtm)
