"""Readers: one module per form that a specification comes in; each hands over a checked Study."""

from specs.readers.yaml import read_study

__all__ = ["read_study"]
