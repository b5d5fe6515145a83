"""The web application."""

import gc
import os
from collections.abc import Callable, Iterable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "noren.config.settings")

from django.core.wsgi import get_wsgi_application

GARBAGE = 20_000
"""Objects that are made before those without an owner are looked for: those of some ten requests."""

Environ = dict[str, Any]

_django = get_wsgi_application()

# What is there now stays; looking through it again and again would take a tenth of the server's time.
gc.collect()
gc.freeze()
gc.set_threshold(GARBAGE)


def application(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Django's answer, ended before it is sent; what is not a stream goes in one piece, with its length."""
    response: Any = _django(environ, start_response)
    if getattr(response, "streaming", True):
        return response  # type: ignore[no-any-return]
    response.close()
    return [response.content]
