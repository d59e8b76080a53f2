"""What several rooms' tests share: one simulated export and one build of the shipped study."""

from __future__ import annotations

from pathlib import Path

import pytest

from raw.simulation import simulate
from trialwright.build import Build, build_study
from trialwright.shipped import study_folder
from trialwright.studies import load_study


@pytest.fixture(scope="session")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The export of 46 subjects with its planted defects."""
    folder = tmp_path_factory.mktemp("export") / "nct01988506"
    simulate(study_folder("nct01988506") / "simulation.yaml", folder, seed=1)
    return folder


@pytest.fixture(scope="session")
def built(export: Path, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """A build of that export."""
    return build_study(load_study("nct01988506"), export, tmp_path_factory.mktemp("builds"))
