"""The characters of private use that stand for figures, names, terms and dates in a reading.

Texts hold none of them, as a text is rendered without them.
"""

from typing import Final

FIGURE: Final = "\ue000"
NAME: Final = "\ue001"
TERM: Final = "\ue002"
DATE: Final = "\ue003"
FILL: Final = "\ue004"
"""The rest of a word that stands for a name."""
