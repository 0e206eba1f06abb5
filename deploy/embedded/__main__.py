"""`python -m deploy.embedded`: the whole of Backchat in one terminal."""

import asyncio
import re
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from cyclopts.types import Port
from rich.console import Console

from deploy.embedded.errors import StackError
from deploy.embedded.samples import load_samples
from deploy.embedded.signals import cancel_on_signals
from deploy.embedded.stack import LOOPBACK, Stack

app = App(
    name="python -m deploy.embedded",
    help="Run all of Backchat on this machine, without Docker: a broker, a database and the services.",
    version_flags=[],
    error_console=Console(stderr=True, soft_wrap=True),
    error_formatter=lambda error: f"backchat: {error}",
)


@app.default
async def run(
    *,
    host: str = LOOPBACK,
    port: Annotated[Port, Parameter(env_var="PORT")] = 8000,
    data_dir: Annotated[Path, Parameter(env_var="DATA_DIR")] = Path("data"),
) -> int:
    """Run until Ctrl-C or SIGTERM; a second one kills everything at once.

    Parameters
    ----------
    host
        Where the gateway listens.
    port
        Its port; 0 for a free one.
    data_dir
        The folder of the database and the artifacts.

    """
    try:
        await _serve(Stack(data_dir, host=host, port=port))
    except StackError as error:
        sys.stderr.write(f"backchat: {error}\n")
        return error.exit_code
    except asyncio.CancelledError:  # asked to end, and all is stopped
        pass
    return 0


async def _serve(stack: Stack) -> None:
    cancel_on_signals(stack)
    async with stack:
        await load_samples(stack.url)
        mongodb = re.sub(r"//[^@/]*@", "//", stack.mongodb_uri)  # somebody's own may hold a password
        sys.stderr.write(f"backchat: Kafka is at {stack.kafka}, MongoDB at {mongodb}\n")
        sys.stdout.write(f"ready  {stack.url}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    app()
