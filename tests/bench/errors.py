"""What can go wrong with the benchmark.

BenchError              something could not be run, so there is nothing to report
"""


class BenchError(Exception):
    pass
