"""The services of Backchat: each folder of `services/` with a `__main__.py` is one.

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
"""The packages that services share: the other folders, such as the chassis."""
GATEWAY: Final = "gateway"
"""The service that clients reach over HTTP, on the stack's own port."""
