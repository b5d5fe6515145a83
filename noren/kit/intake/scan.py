"""One pass over the bytes of a CSV file: its digest and all that decides how it can be read."""

import codecs
import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from noren.kit.progress import Progress

BLOCK = 8 << 20
LINE_LIMIT = 250_000
"""Bytes of a record. In UTF-8 and quoted it stays below the million that DuckDB is told to accept."""
CP932_GAPS = ("\x80", "\xa0", "\uf8f0", "\uf8f1", "\uf8f2", "\uf8f3")
"""What Python makes of the single bytes to which CP932 gives no character."""

# DuckDB drops the spaces between a quote and a comma in some positions and not in others.
LOOSE_QUOTES = (b', "', b'\n "', b'\r "', b'" ,', b'" \n', b'" \r', b'"  ', b'  "')


@dataclass(slots=True)
class Scan:
    """What a pass over the bytes found. `commas` counts all of them, quoted ones too."""

    sha256: str = ""
    size: int = 0
    commas: int = 0
    is_utf8: bool = True
    has_nul: bool = False
    has_bare_cr: bool = False
    has_loose_quotes: bool = False
    _decoder: codecs.IncrementalDecoder = field(default_factory=codecs.getincrementaldecoder("utf-8"))
    _tail: bytes = b""

    @property
    def is_plain(self) -> bool:
        """Whether DuckDB and RFC 4180 mean the same by these bytes."""
        return not (self.has_nul or self.has_bare_cr or self.has_loose_quotes)

    def take(self, block: bytes) -> None:
        """Look at one block; a block does not end between CR and LF."""
        self.size += len(block)
        self.commas += block.count(b",")
        self.has_nul = self.has_nul or b"\0" in block
        self._look_at_ends_of_lines(block)
        self._look_at_quotes(block)
        self._look_at_utf8(block, final=False)

    def end(self) -> None:
        """Close the account when the last block has been taken."""
        self._look_at_utf8(b"", final=True)
        self.has_loose_quotes = self.has_loose_quotes or self._tail.endswith(b'" ')

    def _look_at_ends_of_lines(self, block: bytes) -> None:
        if b"\r" in block and block.count(b"\r") != block.count(b"\r\n"):
            self.has_bare_cr = True

    def _look_at_quotes(self, block: bytes) -> None:
        if not self.has_loose_quotes and (b'"' in block or b'"' in self._tail):
            seen = self._tail + block
            self.has_loose_quotes = any(pattern in seen for pattern in LOOSE_QUOTES)
        self._tail = (self._tail + block[-2:])[-2:]

    def _look_at_utf8(self, block: bytes, *, final: bool) -> None:
        pending = bool(self._decoder.getstate()[0])
        if not self.is_utf8 or (block.isascii() and not pending and not final):
            return
        try:
            self._decoder.decode(block, final)
        except UnicodeDecodeError:
            self.is_utf8 = False


def scan(path: Path, progress: Progress) -> Scan:
    """Read the file once. Hashing runs in a thread of its own, as it releases the interpreter."""
    found, digest, total = Scan(), hashlib.sha256(), path.stat().st_size
    with path.open("rb") as file, ThreadPoolExecutor(1) as pool:
        while block := file.read(BLOCK):
            if block.endswith(b"\r"):
                block += file.read(1)
            hashed = pool.submit(digest.update, block)
            found.take(block)
            hashed.result()
            progress("intake.scan", found.size, total)
    found.end()
    found.sha256 = digest.hexdigest()
    return found


def decode(line: bytes, encoding: str) -> str:
    """The text of some bytes. Raises UnicodeDecodeError, in CP932 also for bytes that stand for nothing."""
    text = line.decode(encoding)
    if encoding == "cp932" and has_gaps(text):
        raise UnicodeDecodeError(encoding, line, 0, len(line), "no character")
    return text


def has_gaps(text: str) -> bool:
    """Whether text decoded from CP932 holds something that CP932 has no character for."""
    return not text.isascii() and any(gap in text for gap in CP932_GAPS)


def whole_lines(data: bytes) -> tuple[bytes, bytes]:
    """The whole lines at the beginning of some bytes, and the rest, cut if it is too long for a line."""
    # If this parts a CRLF, the LF will look like a blank line, which is nothing.
    end = max(data.rfind(b"\n"), data.rfind(b"\r")) + 1
    # What follows in an endless line is not kept: it is known already that the line is too long.
    return data[:end], data[end : end + LINE_LIMIT + 1]


def likelier_encoding(path: Path) -> str:
    """UTF-8 or CP932, whichever leaves fewer lines unreadable. A byte order mark decides for UTF-8."""
    faults, rest = {"utf-8": 0, "cp932": 0}, b""
    with path.open("rb") as file:
        while data := file.read(BLOCK):
            block, rest = whole_lines(rest + data)
            if block.startswith(codecs.BOM_UTF8):
                return "utf-8"
            for encoding in faults:
                faults[encoding] += _undecodable(block, encoding)
    for encoding in faults:
        faults[encoding] += _undecodable(rest, encoding)
    return min(faults, key=faults.__getitem__)


def _undecodable(block: bytes, encoding: str) -> int:
    if _can_decode(block, encoding):
        return 0
    return sum(not _can_decode(line, encoding) for line in block.splitlines())


def _can_decode(data: bytes, encoding: str) -> bool:
    try:
        decode(data, encoding)
    except UnicodeDecodeError:
        return False
    return True
