"""A text and the PDF of the same document give the same records, however the PDF is set."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from mapping.evaluation_facts import fold, found
from mapping.formats import read_text
from mapping.reader import read_document
from mapping.records import Account, DocumentRecord, Refused
from mapping.text import Span, Text
from tests.conftest import ROOT, SAMPLES
from tests.mapping.pdf_forms import FORMS, WIDTHS, wrapped

SHARED = ROOT.parent / "shared"
TEXTS = [
    *sorted(SAMPLES.glob("*.txt")),
    *sorted((SHARED / "examples").glob("*.txt")),
    *sorted((SHARED / "corpus").glob("*.txt")),
]
# Where tables of indicators are cut by page breaks or set in other columns, a cell may be read otherwise.
REPORTS = ("verksamhetsberattelse", "004_")


def text_of(path: Path, form: str) -> str:
    text = path.read_text(encoding="utf-8").replace("\uf0b7", "•").replace("\u2010", "-")
    return wrapped(text, WIDTHS.get(form, 110))


def record_of(data: bytes) -> DocumentRecord | Refused:
    text = read_text(data)
    assert isinstance(text, Text), text
    return read_document(text, "Ekby")


def spanless(value: Any) -> Any:
    """A record without the places of what it says, and without the account of its lines; blanks folded."""
    if isinstance(value, Refused):
        return value.reason
    if isinstance(value, Span | Account):
        return None
    if isinstance(value, str):
        return fold(value)
    if isinstance(value, tuple):
        return tuple(map(spanless, value))
    if is_dataclass(value):
        return {field.name: spanless(getattr(value, field.name)) for field in fields(value)}
    return value


def differences(one: Any, other: Any, at: str = "") -> Iterator[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        for name in one:
            yield from differences(one[name], other[name], f"{at}.{name}")
    elif isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        for index, (a, b) in enumerate(zip(one, other, strict=True)):
            yield from differences(a, b, f"{at}[{index}]")
    elif one != other:
        yield f"{at}: {one!r} / {other!r}"


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is not at hand: only the samples are compared")
def test_the_examples_are_compared_too() -> None:
    assert len(TEXTS) > 15


@pytest.mark.parametrize("form", ["proportional", "with_margins"])
@pytest.mark.parametrize("name", ["ks-stromstad-2006", "ks-sala-2013", "kf-malmo-berattat", "nav-vaxjo-2024"])
def test_headings_in_the_margin_and_covers_in_prose(name: str, form: str) -> None:
    text = text_of(ROOT / "tests" / "layouts" / f"{name}.txt", form)
    assert not list(differences(spanless(record_of(text.encode())), spanless(record_of(FORMS[form](text)))))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_a_pdf_gives_the_records_of_its_text(path: Path, form: str) -> None:
    text = text_of(path, form)
    wanted, given = record_of(text.encode()), record_of(FORMS[form](text))
    if any(report in path.name for report in REPORTS):
        assert f1(facts(given), facts(wanted)) > 0.9
        return
    assert not list(differences(spanless(wanted), spanless(given)))


def facts(record: DocumentRecord | Refused) -> Counter[tuple[str, ...]]:
    assert isinstance(record, DocumentRecord)
    told: Counter[tuple[str, ...]] = Counter((fact.kind, fact.item, fact.text) for fact in found(record))
    report = record.annual_report
    if report is not None:
        told.update(("goal", goal.number or "", fold(goal.title)) for goal in report.goals)
        told.update(("activity", activity.goal or "", fold(activity.title)) for activity in report.activities)
        told.update(("indicator", indicator.goal or "", fold(indicator.label)) for indicator in report.indicators)
    return told


def f1(given: Counter[tuple[str, ...]], wanted: Counter[tuple[str, ...]]) -> float:
    return 2 * sum((given & wanted).values()) / (sum(given.values()) + sum(wanted.values()))
