"""Arrays in, arrays out: numpy and numba, nothing else. What Spark and a GPU call too."""
