"""The words of the pages: each in both languages, said once, and used; and every word that a page names is there."""

import re
import string
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from server import wording
from tests.conftest import ROOT

SERVER = ROOT / "server"
FILES = sorted(wording.FOLDER.glob("*.toml"))
SAID = {file.name: tomllib.loads(file.read_text("utf-8")) for file in FILES}
KEYS = {key: pair for file in SAID.values() for key, pair in file.items()}
SOURCES = {
    path: path.read_text("utf-8")
    for folder, form in (("templates", "*.html"), ("", "**/*.py"), ("assets", "*.js"), ("quality", "*.json"))
    for path in sorted((SERVER / folder).glob(form))
}
MADE = re.compile(r'[\[(]f?"(\w+_)"? ?[~+{]')
"""A key that is put together: its beginning."""
NAMED = re.compile(r'\bwords\.(\w+)|\b(?:words|told)(?:\(\w+\)|\["(?:sv|en)"\])?\["(\w+)"\]')


def test_each_word_is_in_both_languages() -> None:
    assert len(FILES) > 8 and len(KEYS) > 250
    for key, pair in KEYS.items():
        assert len(pair) == 2 and all(isinstance(each, str) and each.strip() == each != "" for each in pair), key


def test_no_word_is_said_twice() -> None:
    counted = Counter(key for file in SAID.values() for key in file)
    assert [key for key, number in counted.items() if number > 1] == []


def test_both_languages_fill_in_the_same() -> None:
    for key, (swedish, english) in KEYS.items():
        blanks = [sorted(str(each[1]) for each in string.Formatter().parse(text)) for text in (swedish, english)]
        asked = [{each for each in blank if each != "None"} for blank in blanks]
        assert asked[0] == asked[1], key


def test_every_word_that_is_named_exists() -> None:
    missing = {
        (path.name, key)
        for path, text in SOURCES.items()
        if path.suffix == ".html" or "from server.wording import" in text
        for found in NAMED.finditer(text)
        if (key := found[1] or found[2]) not in (KEYS.keys() | set(wording.LANGUAGES) | set(dir(dict)))
        and not key.endswith("_")
    }
    assert missing == set()


def test_every_word_is_used() -> None:
    whole = "\n".join(SOURCES.values())
    made = set(MADE.findall(whole))
    names = set(re.findall(r"\w+", whole))
    named = set(re.findall(r"words\.(\w+)|[\"'](\w+)[\"']", whole))
    wanted = {each for pair in named for each in pair}

    def used(key: str) -> bool:
        return key in wanted or any(
            key.startswith(each) and set(key.removeprefix(each).split("_")) <= names for each in made
        )

    assert [key for key in KEYS if not used(key)] == []


def test_the_words_by_language() -> None:
    for at, language in enumerate(wording.LANGUAGES):
        assert dict(wording.words(language)) == {key: pair[at] for key, pair in KEYS.items()}
    assert wording.words("de")["skip"] == "Till innehållet"


@pytest.mark.parametrize(
    "second", ['skip = ["Hoppa", "Skip"]', 'other = ["bara svenska"]', 'other = "text"', 'other = ["a", "b", "c"]']
)
def test_what_is_not_one_pair_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, second: str) -> None:
    (tmp_path / "a.toml").write_text('skip = ["Till innehållet", "Skip to content"]', "utf-8")
    monkeypatch.setattr(wording, "FOLDER", tmp_path)
    wording.words.cache_clear()
    try:
        assert dict(wording.words("en")) == {"skip": "Skip to content"}
        wording.words.cache_clear()
        (tmp_path / "b.toml").write_text(second, "utf-8")
        with pytest.raises(ValueError, match=r"b\.toml: (skip|other) must be one pair"):
            wording.words("en")
    finally:
        wording.words.cache_clear()
