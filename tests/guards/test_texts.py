"""Every visible text is there in both languages: English in the source, Japanese in the catalogue."""

import gettext
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.template.base import Lexer, Token, TokenType

from scripts.template_texts import extract

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "noren/locale/ja/LC_MESSAGES/django.po"
COMPILED = CATALOGUE.with_suffix(".mo")
TEMPLATES = sorted(ROOT.glob("noren/*/templates/**/*.html"))
SCRIPTS = sorted(ROOT.glob("noren/*/static/web/*.js"))
PLACE = re.compile(r"%\(\w+\)[a-z]|%%")
WORDS = re.compile(r"[^\W\d_]{2,}")
SPOKEN = {"alt", "aria-label", "aria-description", "placeholder", "title"}
"""Attributes that people see or hear."""

CLASSES = {"block width"}
"""Blocks that hold class names."""

MARKED = """{% load i18n %}
    <p>{% translate "Said once" %} {% translate 'Kept for later' as later %} 100% {{ name|default:_("Nobody") }}</p>
  {% if a %}
        {% blocktranslate trimmed with name=user.name %}
            Hello,
            %(never) {{ name }}: 50% "quoted" it's
        {% endblocktranslate %}
  {% endif %}
{% blocktranslate count number=n %}One line{% plural %}{{ number }} lines{% endblocktranslate %}
{# {% translate "A comment" %} #}{% comment %}{% translate "Another" %}{% endcomment %} it's (unbalanced "text
"""


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="ja")


def forms(text: object) -> tuple[str, ...]:
    """A text's forms: one, or one and more."""
    return tuple(map(str, text)) if isinstance(text, (tuple, list)) else (str(text),)


def ids(catalogue: Catalog) -> set[tuple[str, ...]]:
    """The English texts; the entry without one is the header."""
    return {forms(message.id) for message in catalogue if message.id}


def is_translated(message: Message) -> bool:
    return all(forms(message.string))


def places(text: object) -> set[str]:
    return {place for form in forms(text) for place in PLACE.findall(form)}


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What the source holds now."""
    pot = tmp_path_factory.mktemp("texts") / "django.pot"
    subprocess.run(["scripts/messages", str(pot)], cwd=ROOT, check=True)
    return read(pot)


@pytest.fixture(scope="module")
def japanese() -> Catalog:
    return read(CATALOGUE)


def test_texts_of_templates_are_found() -> None:
    keywords = {"_": None, "gettext": None, "ngettext": (1, 2)}
    found = list(extract(io.BytesIO(MARKED.encode()), keywords, (), {}))
    assert [text for _line, _function, text, _comments in found] == [
        "Said once",
        "Kept for later",
        "Nobody",
        'Hello, %%(never) %(name)s: 50%% "quoted" it\'s',
        ("One line", "%(number)s lines", None),
    ]
    assert found[0][0] == 2


def test_texts_of_templates_are_collected(collected: Catalog) -> None:
    assert ("Skip to the content",) in ids(collected)


def test_every_text_of_the_source_is_translated(collected: Catalog, japanese: Catalog) -> None:
    translated = {forms(message.id) for message in japanese if message.id and is_translated(message)}
    assert sorted(ids(collected) - translated) == []


def test_no_translation_is_left_over_or_unsure(collected: Catalog, japanese: Catalog) -> None:
    assert sorted(ids(japanese) - ids(collected)) == []
    assert list(japanese.obsolete) == []
    assert [message.id for message in japanese if message.fuzzy] == []  # the header, too: it is not compiled if unsure


def test_translations_name_the_same_places(japanese: Catalog) -> None:
    for message in japanese:
        if not message.id:
            continue
        assert [str(error) for error in message.check()] == [], message.id
        assert places(message.string) == places(message.id), message.id


def test_the_compiled_catalogue_is_current(tmp_path: Path) -> None:
    again = tmp_path / "django.mo"
    babel = [sys.executable, "-m", "babel.messages.frontend", "-q", "compile"]
    subprocess.run([*babel, "-i", str(CATALOGUE), "-o", str(again), "-l", "ja"], cwd=ROOT, check=True)
    assert again.read_bytes() == COMPILED.read_bytes()


def test_gettext_reads_every_text_from_the_compiled_catalogue(collected: Catalog) -> None:
    with COMPILED.open("rb") as file:
        texts = gettext.GNUTranslations(file)
    assert texts.charset() == "utf-8"
    assert sorted(text for text in ids(collected) if _read(texts, text) in text) == []


def _read(texts: gettext.GNUTranslations, text: tuple[str, ...]) -> str:
    return texts.gettext(text[0]) if len(text) == 1 else texts.ngettext(text[0], text[1], 2)


class Visible(HTMLParser):
    """What a page says besides its tags, where nothing has been put in for a template's own tags."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.silent = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent = tag if tag in {"script", "style", "code"} else ""
        self.said.extend(value or "" for name, value in attrs if name in SPOKEN)

    def handle_endtag(self, tag: str) -> None:
        del tag
        self.silent = ""

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.said.append(data)


def unmarked(template: str) -> list[str]:
    """Words of a template that no tag brings into the user's language."""
    page = Visible()
    page.feed("".join(_own_text(Lexer(template).tokenize())))
    return [text.strip() for text in page.said if WORDS.search(text)]


def _own_text(tokens: list[Token]) -> Iterator[str]:
    inside = ""
    for token in tokens:
        if token.token_type == TokenType.BLOCK:
            name = token.contents.split()[0]
            if name in {"blocktranslate", "comment"} or token.contents in CLASSES:
                inside = name
            elif inside and name == f"end{inside}":
                inside = ""
        elif token.token_type == TokenType.TEXT and not inside:
            yield token.contents


def test_unmarked_words_are_seen() -> None:
    page = (
        '<p title="Plain">{% translate "Marked" %} <b>Forgotten</b> {% blocktranslate %}in{% endblocktranslate %}</p>'
    )
    assert unmarked(page) == ["Plain", "Forgotten"]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "noren")))
def test_templates_say_nothing_in_one_language(path: Path) -> None:
    assert unmarked(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_take_their_words_from_the_page(path: Path) -> None:
    text = re.sub(r"//[^\n]*|/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert re.findall(r"""["'`][A-Z][a-z]+ [a-z][^"'`]*["'`]""", text) == []
    assert text.isascii()
