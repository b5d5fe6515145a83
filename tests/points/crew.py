"""Sixteen or more at once: threads, each with a connection of its own, that begin at the same moment."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection, connections

Result = TypeVar("Result")

SIZE = 16
PATIENCE_SECONDS = 60


class Crew:
    """Keeps its threads, and so their connections, until it is dismissed."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._threads = ThreadPoolExecutor(size)
        self._start = threading.Barrier(size)

    def each(self, job: Callable[[int], Result]) -> list[Result]:
        """Everybody does the job, told their number; gives the results in the order of the numbers."""

        def begin(number: int) -> Result:
            connection.ensure_connection()
            self._start.wait(PATIENCE_SECONDS)
            return job(number)

        return list(self._threads.map(begin, range(self._size)))


@contextmanager
def assembled(size: int = SIZE) -> Iterator[Crew]:
    """A crew, and no connection of it left at the end."""
    crew = Crew(size)
    try:
        yield crew
    finally:
        crew.each(lambda _number: connections.close_all())
        crew._threads.shutdown()


def elsewhere(job: Callable[[], Result]) -> Result:
    """The job, done meanwhile through another connection, which does not wait for locks for long."""

    def alone() -> Result:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '10s'")
            return job()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(alone).result(PATIENCE_SECONDS)
