"""`python -m deploy.embedded`: all of Backchat in one terminal."""

import re
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.types import Port

from deploy.embedded.command import command, run_until_signal
from deploy.embedded.samples import load_samples
from deploy.embedded.stack import LOOPBACK, Stack

app = command(
    "deploy.embedded",
    "backchat",
    "Run all of Backchat on this machine, without Docker: a broker, a database and the services.",
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
        The folder of the database.

    """
    return await run_until_signal("backchat", lambda: Stack(data_dir, host=host, port=port), _address)


async def _address(stack: Stack) -> str:
    """Save the sample strategies, print the addresses of broker and database, return the gateway's."""
    await load_samples(stack.url)
    # What stands before the hosts and after the question mark may be secret.
    mongodb = re.sub(r"//[^@/]*@", "//", stack.mongodb_uri).partition("?")[0]
    sys.stderr.write(f"backchat: Kafka is at {stack.kafka}, MongoDB at {mongodb}\n")
    return stack.url


if __name__ == "__main__":
    app()
