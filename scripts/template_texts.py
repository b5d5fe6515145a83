"""Texts of Django templates for Babel: translate, blocktranslate and _("…") in tags, without gettext's programs."""

import io
from collections.abc import Collection, Iterator, Mapping
from typing import Any, BinaryIO

from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

Found = tuple[int, "str | tuple[str, ...]", list[str], "str | None"]


def extract(
    file: BinaryIO, keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, object]
) -> Iterator[Found]:
    """Each text of a template with its line. Django makes Python of the template; Babel reads that.

    Lines lose their indentation, which Python's tokenizer would take for blocks.
    """
    del options
    python = templatize(file.read().decode("utf-8"), origin=getattr(file, "name", None))
    lines = "\n".join(line.strip() for line in python.split("\n"))
    yield from extract_python(io.BytesIO(lines.encode()), keywords, comment_tags, {"encoding": "utf-8"})
