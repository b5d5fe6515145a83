"""What a log line may say."""

import logging
import re

_TOKEN = re.compile(r"[A-Za-z0-9_-]{40,}")


class Formatter(logging.Formatter):
    """Lines without secrets: whatever is as long as a token, such as a link's last part, is left out."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, and the traceback if there is one."""
        return _TOKEN.sub("…", super().format(record))
