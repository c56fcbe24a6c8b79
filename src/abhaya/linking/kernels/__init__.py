"""Arrays in, arrays out: numpy and numba, nothing else. One call serves one new report and ten million rows alike."""

from abhaya.linking.kernels.groups import Groups, partition
from abhaya.linking.kernels.pairs import Evidence, Pairs, pair_weights

__all__ = ["Evidence", "Groups", "Pairs", "pair_weights", "partition"]
