"""Finds Java for Apache Kafka, and fetches its jars once with Maven into `build/`."""

import asyncio
import hashlib
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

from deploy.embedded.errors import UnusableError
from deploy.services import ROOT

HERE = Path(__file__).parent
POM = HERE / "pom.xml"
CACHE = ROOT / "build" / "kafka"
OLDEST_JAVA = 17
GOALS = ("dependency:copy-dependencies", "-DincludeScope=runtime")
MAVEN_SECONDS, JAVA_SECONDS = 600.0, 60.0


async def java() -> str:
    """Return the command of a Java that Kafka runs on: that of JAVA_HOME, or else the one in the PATH.

    Raises:
        UnusableError: there is none, or it is too old.

    """
    home = os.environ.get("JAVA_HOME")
    command = f"{home}/bin/java" if home else shutil.which("java")
    wanted = f"Apache Kafka needs Java {OLDEST_JAVA} or newer (Debian: openjdk-17-jre-headless)"
    if command is None:
        raise UnusableError(f"{wanted} and there is none in the PATH; JAVA_HOME may name another folder")
    try:
        said = await run(command, "-version", seconds=JAVA_SECONDS)
    except UnusableError as error:
        raise UnusableError(f"{wanted}, and {error}") from error
    version = re.search(r'version "(?:1\.)?(\d+)', said)
    if version is None or int(version[1]) < OLDEST_JAVA:
        raise UnusableError(f"{wanted}, and {command} is {' '.join(said.split()[:3])}")
    return command


async def classpath() -> str:
    """Return the class path: this folder, for the logging's configuration, and the jars.

    They are in a folder named after the hash of the pom, so another version of Kafka has another folder; the
    folder appears when it is complete.

    Raises:
        UnusableError: they had to be fetched and could not be.

    """
    jars = CACHE / f"jars-{hashlib.sha256(POM.read_bytes()).hexdigest()[:12]}"
    if not jars.is_dir():
        await _fetch(jars)
    return f"{HERE}{os.pathsep}{jars}/*"


async def _fetch(jars: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise UnusableError(
            "fetching Apache Kafka takes Maven and there is no mvn in the PATH (Debian: maven)"
        )
    sys.stderr.write("kafka: fetching Apache Kafka with Maven; this once it takes a minute or so\n")
    try:
        jars.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=jars.parent, prefix="fetching-") as folder:
            fetched = Path(folder) / "jars"
            options = ("--batch-mode", "--quiet", "--strict-checksums", "--file", str(POM))
            await run(maven, *options, *GOALS, f"-DoutputDirectory={fetched}", seconds=MAVEN_SECONDS)
            if not jars.is_dir():  # noqa: ASYNC240 - another process may have made it
                fetched.rename(jars)
    except OSError as error:
        raise UnusableError(f"can't keep Kafka's jars in {jars}: {error.strerror}") from error


async def run(*argv: str, seconds: float, cwd: Path | None = None) -> str:
    """Run a program to its end and return what it wrote.

    Raises:
        UnusableError: it could not be started, failed, or took longer than `seconds`; with its first line.

    """
    try:
        process = await asyncio.create_subprocess_exec(
            *argv,
            cwd=cwd,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
    except OSError as error:
        raise UnusableError(f"{argv[0]} can't be started: {error.strerror}") from error
    try:
        async with asyncio.timeout(seconds):
            output, _ = await process.communicate()
    except TimeoutError as error:
        raise UnusableError(f"{argv[0]} took longer than {seconds:g} s") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    said = output.decode(errors="replace")
    if process.returncode:
        first_line = said.partition("\n")[0]
        raise UnusableError(f"{argv[0]} failed with exit code {process.returncode}: {first_line}")
    return said
