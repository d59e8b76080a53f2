"""SDTM domains become ADaM datasets: the words of ADaM, and the build.

Takes records and returns records: no files. May import sdtm, engine and specs.
"""

from adam.build import build
from adam.derivations import OWN_VOCABULARY, VOCABULARY

__all__ = ["OWN_VOCABULARY", "VOCABULARY", "build"]
