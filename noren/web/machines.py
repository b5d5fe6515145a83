"""Addresses for programs: no session, language, form token or message, so the part of the stack for people is left out.

Security headers and the check of the host stand in front of it and hold for programs as well.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

Answer = Callable[[HttpRequest], HttpResponse]
View = TypeVar("View", bound=Answer)

MARK = "for_programs"


def for_programs(view: View) -> View:
    """Mark a view: it answers programs."""
    setattr(view, MARK, True)
    return view


class Machines:
    """Programs are answered at once; everybody else goes through the rest of the stack."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.views = dict(_marked(get_resolver().url_patterns))
        self.beginnings = tuple({path.partition("<")[0] for path in self.views if "<" in path})

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        view = self.views.get(request.path_info) or self._with_places(request.path_info)
        if view is None:
            return self.get_response(request)
        response = view(request)
        response.headers.setdefault("Content-Length", str(len(response.content)))
        return response

    def _with_places(self, path: str) -> Answer | None:
        """The view of an address in which something is named; looked for only where programs have such addresses."""
        if not path.startswith(self.beginnings):
            return None
        with suppress(Resolver404):
            found = resolve(path)
            if getattr(found.func, MARK, False):
                return partial(found.func, **found.kwargs)
        return None


def _marked(patterns: Sequence[URLPattern | URLResolver], under: str = "/") -> Iterator[tuple[str, Answer]]:
    for entry in patterns:
        if isinstance(entry, URLResolver):
            yield from _marked(entry.url_patterns, f"{under}{entry.pattern}")
        elif getattr(entry.callback, MARK, False):
            yield f"{under}{entry.pattern}", entry.callback
