"""Bytes of a text file to chunks of UTF-8 lines: UTF-8 and UTF-16 with or without a mark, CP949, CP1252."""

import codecs
from collections.abc import Iterator
from io import TextIOWrapper
from typing import IO, Final

from services.backtest.price_files.findings import Spot, Unusable

CHUNK: Final = 4 * 2**20
LONGEST_LINE: Final = 4 * CHUNK
NO_TEXT: Final = Spot("damaged-file", fields={"reason": "this is no text"})
WIDE: Final = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_lines(file: IO[bytes]) -> Iterator[bytes]:
    """Return a file's text in chunks of whole lines, each UTF-8 that ends with a line feed.

    Raises Unusable where there are zero bytes, which no text has, or a line of many megabytes.
    """
    start = file.read(4)
    file.seek(0)
    if start.startswith(WIDE):
        encoding = "utf-32" if start in WIDE[:2] else "utf-16"
        blocks = _transcoded(file, encoding)
    else:
        file.seek(len(codecs.BOM_UTF8) if start.startswith(codecs.BOM_UTF8) else 0)
        blocks = iter(lambda: file.read(CHUNK), b"")
    for lines in _whole_lines(blocks):
        if b"\0" in lines:
            raise Unusable(NO_TEXT)
        text = _utf8(lines)
        yield text.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in text else text


def _transcoded(file: IO[bytes], encoding: str) -> Iterator[bytes]:
    text = TextIOWrapper(file, encoding, errors="replace", newline="")
    for block in iter(lambda: text.read(CHUNK), ""):
        yield block.encode(errors="replace")
    text.detach()


def _whole_lines(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Cut blocks after the last end of a line; a carriage return at a block's end may be half of one."""
    rest = b""
    for block in blocks:
        data = rest + block
        end = max(data.rfind(b"\n"), data.rfind(b"\r", 0, len(data) - 1)) + 1
        if end:
            yield data[:end]
        rest = data[end:]
        if len(rest) > LONGEST_LINE:
            raise Unusable(NO_TEXT)
    if rest:
        yield rest


def _utf8(lines: bytes) -> bytes:
    """Prices and dates are ASCII in each of these: a wrong guess can only spoil a header or a note."""
    if lines.isascii():
        return lines
    for encoding in ("utf-8", "cp949"):
        try:
            return lines.decode(encoding).encode()
        except UnicodeDecodeError:
            continue
    return lines.decode("cp1252", errors="replace").encode()
