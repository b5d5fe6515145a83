"""What a log line may say."""

import io
import logging

from noren.kit import secrets
from noren.web.logs import Formatter


def written(message: str, *arguments: object) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Formatter("%(levelname)s %(message)s"))
    handler.handle(logging.LogRecord("django.request", logging.ERROR, "views.py", 1, message, arguments, None))
    return stream.getvalue()


def test_the_token_of_a_link_is_left_out() -> None:
    for number in range(100):
        token = secrets.token()
        line = written("Internal Server Error: %s", f"/join/invitation/{token}/")
        assert line == "ERROR Internal Server Error: /join/invitation/…/\n", (number, token)


def test_what_is_no_token_stays() -> None:
    assert written("Bad: %s", "/months/2021-07/") == "ERROR Bad: /months/2021-07/\n"
