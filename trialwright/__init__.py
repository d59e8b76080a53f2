"""The command line, and the build that ties the rooms together. May import every other package."""

__version__ = "0.1.0"

__all__ = ["__version__"]
