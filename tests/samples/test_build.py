"""The samples are what their texts say, and hold nothing that may not be published."""

import re
from pathlib import Path

import pytest

from tests.samples.build import DOCUMENTS, HERE, TEXTS, build

PERSONAL_NUMBER = re.compile(r"(?<!\d)(?:19|20)?\d{6}[-+]?\d{4}(?!\d)")


def test_the_build_gives_the_committed_bytes() -> None:
    stale = [path.name for path, data in build().items() if path.read_bytes() != data]
    assert not stale, f"run python tests/samples/build.py: {stale}"


def test_every_text_is_built() -> None:
    assert {path.stem for path in TEXTS.iterdir()} == {path.stem for path in build()}


def test_the_formats_are_all_there() -> None:
    assert {path.suffix for path in DOCUMENTS.iterdir()} == {".txt", ".pdf", ".docx", ".html"}
    assert len(list(DOCUMENTS.iterdir())) >= 8


@pytest.mark.parametrize("path", sorted(HERE.glob("*/*.txt")), ids=lambda path: path.name)
def test_no_personal_number(path: Path) -> None:
    assert not PERSONAL_NUMBER.search(path.read_text(encoding="utf-8"))


def test_the_story_names_each_document() -> None:
    story = (HERE / "README.md").read_text(encoding="utf-8")
    missing = [
        path.name for path in sorted([*DOCUMENTS.iterdir(), *(HERE / "refused").iterdir()]) if path.name not in story
    ]
    assert not missing
