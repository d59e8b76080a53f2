"""What an EDC and its vendors would send for a study: a simulated export that says in every file what it is.

Its parameters are the study's simulation.yaml; its tables follow the study's raw.yaml. It may import exchange
and specs, and nothing of the rest of raw.
"""

from raw.simulation.export import simulate

__all__ = ["simulate"]
