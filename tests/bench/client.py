"""Programs that the bench runs in processes of their own."""

import sys
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TextIO

from deploy.embedded.guardian import Guardian
from deploy.services import ROOT


@asynccontextmanager
async def program(
    module: str, *arguments: str, env: Mapping[str, str] | None = None, stderr: TextIO | int | None = None
) -> AsyncIterator[Process]:
    """Run `python -m module` with pipes for input and output.

    It and all that it starts are killed at the end, and when we are: it never works on for nobody. What the
    terminal signals is for us alone.
    """
    argv = (sys.executable, "-m", module, *arguments)
    process = await create_subprocess_exec(
        *argv, cwd=ROOT, env=env, stdin=PIPE, stdout=PIPE, stderr=stderr, start_new_session=True
    )
    guardian = Guardian()
    try:
        guardian.watch([process.pid])
        yield process
    finally:
        guardian.close()
        await process.wait()
