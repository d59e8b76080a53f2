"""CDISC standards as text: what the guides list, and the controlled terminology.

`load_standard` gives a guide (sdtmig-3.4, adamig-1.3, adam-occds-1.1) with its datasets and variables, one
file per domain or structure; `load_terminology` the codelists, one table per codelist; `read_evs` a whole
package of terminology from NCI's own file. A new domain is a new file in the guide's folder, a new codelist a
new file in its package's folder. This package imports specs.errors and nothing else of ours.
"""

from specs.standards.evs import read_evs
from specs.standards.guides import load_standard
from specs.standards.standard import Standard, StandardDataset, StandardVariable
from specs.standards.terminology import Term, Terminology, TermList, load_terminology

__all__ = [
    "Standard",
    "StandardDataset",
    "StandardVariable",
    "Term",
    "TermList",
    "Terminology",
    "load_standard",
    "load_terminology",
    "read_evs",
]
