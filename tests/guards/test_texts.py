"""Every visible text is there in both languages: English in the source, Japanese in the catalogue."""

import gettext
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "noren/locale/ja/LC_MESSAGES/django.po"
COMPILED = CATALOGUE.with_suffix(".mo")
PLACE = re.compile(r"%\(\w+\)[a-z]|%%")


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="ja")


def ids(catalogue: Catalog) -> set[str]:
    """The English texts; the entry without one is the header."""
    return {str(message.id) for message in catalogue if message.id}


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What the source holds now."""
    pot = tmp_path_factory.mktemp("texts") / "django.pot"
    babel = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-k", "gettext_lazy", "-k", "_"]
    subprocess.run([*babel, "--no-location", "-o", str(pot), "noren"], cwd=ROOT, check=True)
    return read(pot)


@pytest.fixture(scope="module")
def japanese() -> Catalog:
    return read(CATALOGUE)


def test_every_text_of_the_source_is_translated(collected: Catalog, japanese: Catalog) -> None:
    translated = {str(message.id) for message in japanese if message.id and message.string}
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
        assert set(PLACE.findall(str(message.string))) == set(PLACE.findall(str(message.id))), message.id


def test_the_compiled_catalogue_is_current(tmp_path: Path) -> None:
    again = tmp_path / "django.mo"
    babel = [sys.executable, "-m", "babel.messages.frontend", "-q", "compile"]
    subprocess.run([*babel, "-i", str(CATALOGUE), "-o", str(again), "-l", "ja"], cwd=ROOT, check=True)
    assert again.read_bytes() == COMPILED.read_bytes()


def test_gettext_reads_every_text_from_the_compiled_catalogue(collected: Catalog) -> None:
    with COMPILED.open("rb") as file:
        texts = gettext.GNUTranslations(file)
    assert texts.charset() == "utf-8"
    assert sorted(text for text in ids(collected) if texts.gettext(text) == text) == []
