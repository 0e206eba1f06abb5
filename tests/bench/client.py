"""Child processes of the benchmark."""

import sys
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TextIO

from deploy.embedded.reaper import Reaper
from deploy.services import ROOT


@asynccontextmanager
async def program(
    module: str, *arguments: str, env: Mapping[str, str] | None = None, stderr: TextIO | int | None = None
) -> AsyncIterator[Process]:
    """Run `python -m module` with pipes for input and output.

    It and all that it starts are killed at the end, also if this process is killed. It is in a session of its
    own, so a Ctrl-C on the terminal reaches this process only.
    """
    argv = (sys.executable, "-m", module, *arguments)
    process = await create_subprocess_exec(
        *argv, cwd=ROOT, env=env, stdin=PIPE, stdout=PIPE, stderr=stderr, start_new_session=True
    )
    reaper = Reaper()
    try:
        reaper.watch([process.pid])
        yield process
    finally:
        reaper.close()
        await process.wait()
