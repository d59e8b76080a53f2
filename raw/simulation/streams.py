"""Random streams by name: what one form draws never depends on which other forms are simulated."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Streams:
    """The random streams of one simulation, all of them children of one seed."""

    seed: int

    def of(self, name: str, part: int = 0) -> np.random.Generator:
        """The stream with that name, always from its beginning; `part` numbers its blocks of subjects."""
        return np.random.default_rng(
            np.random.SeedSequence(self.seed, spawn_key=(zlib.crc32(name.encode("utf-8")), part))
        )
