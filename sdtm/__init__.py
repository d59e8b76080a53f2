"""Raw records become SDTM domains: the words of SDTM, and the build.

Takes records and returns records: no files. May import engine and specs.
"""

from sdtm.build import build
from sdtm.derivations import VOCABULARY

__all__ = ["VOCABULARY", "build"]
