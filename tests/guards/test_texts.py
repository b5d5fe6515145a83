"""Every visible text is there in both languages: English in the source, Japanese in the catalogue."""

import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "noren/locale/ja/LC_MESSAGES/django.po"


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="ja")


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What the source holds now."""
    pot = tmp_path_factory.mktemp("texts") / "django.pot"
    babel = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-k", "gettext_lazy", "-k", "_"]
    subprocess.run([*babel, "--no-location", "-o", str(pot), "noren"], cwd=ROOT, check=True)
    return read(pot)


def test_every_text_of_the_source_is_translated(collected: Catalog) -> None:
    japanese = {message.id: message.string for message in read(CATALOGUE) if message.id}
    missing = [message.id for message in collected if message.id and not japanese.get(message.id)]
    assert missing == []


def test_no_translation_is_left_over_or_unsure(collected: Catalog) -> None:
    known = {message.id for message in collected}
    assert [message.id for message in read(CATALOGUE) if message.id not in known or message.fuzzy] == []


def test_translations_name_the_same_places() -> None:
    for message in read(CATALOGUE):
        assert [str(error) for error in message.check()] == [], message.id


def test_the_compiled_catalogue_is_current(tmp_path: Path) -> None:
    compiled = tmp_path / "django.mo"
    babel = [sys.executable, "-m", "babel.messages.frontend", "-q", "compile"]
    subprocess.run([*babel, "-i", str(CATALOGUE), "-o", str(compiled), "-l", "ja"], cwd=ROOT, check=True)
    assert compiled.read_bytes() == CATALOGUE.with_suffix(".mo").read_bytes()
