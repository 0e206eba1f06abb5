"""The compare service's errors.

SummaryError        the language model gave no usable summary
"""


class SummaryError(Exception):
    """The language model gave no usable summary; a computed one takes its place."""
