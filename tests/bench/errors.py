"""The errors of the benchmark.

BenchError              something could not be run, so there is no figure
"""


class BenchError(Exception):
    pass
