"""The word `query_name`."""

from typing import ClassVar

import pandas as pd

from specs import Derivation, Ref
from specs.derivation import Origin


class QueryName(Derivation):
    """The name of a query, on each event that one of its terms names: CQ01NAM, SMQ01NAM.

    `CQ01NAM: {query_name: {of: AEDECOD, name: Injection site reactions, terms: [Injection site erythema]}}`.
    Terms are compared whole, without regard to capitals. Missing on all other events, and where the term is
    missing.

    >>> events = pd.DataFrame({"AEDECOD": ["INJECTION SITE RASH", "Headache"]}, dtype="string")
    >>> word = QueryName(of="AEDECOD", name="Injection site reactions", terms=["Injection site rash"])
    >>> word.compute(events).tolist()
    ['Injection site reactions', <NA>]
    """

    source = "ADaM OCCDS 1.1, 3.2.10"
    origin: ClassVar[Origin] = "Assigned"
    method = "{variable} = {name} where {of}, without regard to capitals, is one of: {terms}."

    of: Ref
    """the term of the event"""
    name: str
    """the name of the query"""
    terms: tuple[str, ...]
    """the terms that belong to it"""

    def compute(self, records: pd.DataFrame) -> pd.Series:
        wanted = {term.casefold() for term in self.terms}
        belongs = records[self.of].astype("string").str.casefold().isin(wanted)
        return pd.Series(pd.NA, index=records.index, dtype="string").mask(
            belongs.fillna(False).astype(bool), self.name
        )
