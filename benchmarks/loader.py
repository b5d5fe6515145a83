"""Send requests over kept-open connections and time them: a load client that costs little beside the server."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

END = b"\r\n\r\n"
FORM = "application/x-www-form-urlencoded"


class UnexpectedError(Exception):
    """The server answered something else than what is measured."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server sent."""

    status: int
    headers: bytes
    body: bytes

    def header(self, name: str) -> str:
        """The first header of that name; empty if there is none."""
        for line in self.headers.split(b"\r\n"):
            key, _colon, value = line.partition(b":")
            if key.strip().lower() == name.encode():
                return value.strip().decode()
        return ""


@dataclass(slots=True)
class Connection:
    """One kept-open connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    host: str

    async def send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: str = "",
        *,
        kind: str = FORM,
    ) -> Answer:
        """One request and its answer."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        if body:
            lines.append(f"Content-Type: {kind}")
        self.writer.write("\r\n".join([*lines, "", body]).encode())
        head = await self.reader.readuntil(END)
        return Answer(int(head[9:12]), head, await self._body(head.lower()))

    async def _body(self, head: bytes) -> bytes:
        if b"transfer-encoding: chunked" in head:
            parts = []
            while size := int(await self.reader.readline(), 16):
                parts.append(await self.reader.readexactly(size))
                await self.reader.readline()
            await self.reader.readline()
            return b"".join(parts)
        _before, found, after = head.partition(b"content-length:")
        return await self.reader.readexactly(int(after.split(b"\r\n", 1)[0])) if found else b""


Step = Callable[[Connection], Awaitable[None]]
"""One unit of what is measured; keeps its own state between calls. Raises UnexpectedError."""


@dataclass(slots=True)
class Loaded:
    """What came of it. `units`: all that were done, those before it was warm too, which nothing else counts."""

    seconds: float
    waits: list[float] = field(default_factory=list)
    units: int = 0

    @property
    def rate(self) -> float:
        """Units per second."""
        return len(self.waits) / self.seconds

    def percentile(self, percent: int) -> float:
        """Milliseconds within which so many of a hundred were answered."""
        ordered = sorted(self.waits)
        return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] * 1000 if ordered else 0.0


def load(
    port: int, steps: Sequence[Step], *, seconds: float, warm: float = 0.0, host: str = "", pause: float = 0.0
) -> Loaded:
    """Let each step repeat on a connection of its own for so long. Raises UnexpectedError, OSError.

    `warm`: so many seconds come before, on the same connections, and do not count: which process answers a connection
    is decided when it is made, and the first requests of each have that process connect to the database.
    `pause`: seconds before each time, half as many to half as many again.
    """
    return asyncio.run(_load(port, steps, (warm, seconds), host or f"localhost:{port}", pause))


async def _load(port: int, steps: Sequence[Step], time_: tuple[float, float], host: str, pause: float) -> Loaded:
    warm, seconds = time_
    began = time.perf_counter() + warm
    loaded = Loaded(seconds)
    span = began, began + seconds
    await asyncio.gather(*(_repeat(port, step, host, loaded, span=span, pause=pause) for step in steps))
    loaded.seconds = time.perf_counter() - began
    return loaded


async def _repeat(port: int, step: Step, host: str, loaded: Loaded, *, span: tuple[float, float], pause: float) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    connection = Connection(reader, writer, host)
    since, until = span
    try:
        while time.perf_counter() < until:
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))
            now = time.perf_counter()
            await step(connection)
            loaded.units += 1
            if now >= since:
                loaded.waits.append(time.perf_counter() - now)
    finally:
        writer.close()
