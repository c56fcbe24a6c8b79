"""Arrays in, arrays out: numpy and numba, nothing else. One call serves one new report and ten million rows alike."""

from abhaya.linking.kernels.groups import Groups, Together, hold_together, partition
from abhaya.linking.kernels.pairs import Evidence, Pairs, Weighed, pair_weights, weighed

__all__ = [
    "Evidence", "Groups", "Pairs", "Together", "Weighed", "hold_together", "pair_weights", "partition", "weighed",
]  # fmt: skip
