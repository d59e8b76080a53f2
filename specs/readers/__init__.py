"""Readers: one module per form that a specification comes in; each hands over a checked Study."""

from specs.readers.located import Located, read_located
from specs.readers.validated import validated
from specs.readers.yaml import read_study

__all__ = ["Located", "read_located", "read_study", "validated"]
