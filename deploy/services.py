"""The services of Backchat: each folder of `services/` with a `__main__.py` is one, and all else follows.

The embedded stack starts all of them, tests kill them, `make run-NAME` runs one, `make layers` checks each.
"""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
FOLDER: Final = ROOT / "services"

SERVICES: Final = tuple(sorted(main.parent.name for main in FOLDER.glob("*/__main__.py")))
SHARED: Final = tuple(
    sorted(init.parent.name for init in FOLDER.glob("*/__init__.py") if init.parent.name not in SERVICES)
)
"""The packages that services share: the chassis, and pure ones."""
GATEWAY: Final = "gateway"
"""The one that is reached over HTTP, on the stack's own port."""
