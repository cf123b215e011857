"""The words of an outcome: whole words, and those of what the body itself decides."""

from pathlib import Path

import pytest

from mapping.document import Reading, read
from tests.mapping.paragraph import item

TESTS = Path(__file__).parents[1]
DOCUMENTS = sorted((*(TESTS / "layouts").glob("*.txt"), *(TESTS / "samples" / "documents").iterdir()))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_the_words_of_an_outcome_begin_and_end_with_words(path: Path) -> None:
    reading = read(path.read_bytes())
    if not isinstance(reading, Reading):
        return
    text = f" {reading.text.canonical} "
    decisions = [each.decision for each in reading.record.items if each.decision is not None]
    spans = [each.outcome_verbatim.span for each in decisions if each.outcome_verbatim is not None]
    spans += [each.follows_administration for each in decisions if each.follows_administration is not None]
    for span in spans:
        before, inside, behind = text[span.start], text[span.start + 1 : span.end + 1], text[span.end + 1]
        assert not (before.isalnum() and inside[0].isalnum()), inside
        assert not (behind.isalnum() and inside[-1].isalnum()), inside


LONG = "inom de områden som anges i reglementet för nämnden från 2024 med de ändringar som har gjorts sedan dess,"


@pytest.mark.parametrize(
    ("decided", "outcome", "words"),
    [
        ("Nämnden antar de mål som anges i budgetens uppdrag.", "approved", "antar"),
        (f"Nämnden ger chefen, {LONG} i uppdrag att bygga.", "commissioned", f"ger chefen, {LONG} i uppdrag"),
        ("Chefen får uppdraget att bygga.", "commissioned", "får uppdraget"),
        ("Nämnden beslutar om obeviljade bidrag.", "other", None),
        # what the council is to commission
        ("Nämnden föreslår att kommunfullmäktige ger nämnden i uppdrag att bygga.", "other", "ger nämnden i uppdrag"),
        ("Nämnden föreslår kommunfullmäktige att uppdra åt nämnden att bygga.", "other", "uppdra"),
        (
            "Nämnden föreslår kommunfullmäktige\n\natt ge nämnden i uppdrag att bygga.",
            "other",
            "ge nämnden i uppdrag",
        ),
        ("Nämnden föreslår kommunfullmäktige att avslå motionen.", "rejected", "avslå"),
    ],
)
def test_the_outcome_is_of_what_the_body_decides(decided: str, outcome: str, words: str | None) -> None:
    found = item(f"§ 5\nPlan\n\nBeslut\n{decided}\n").decision
    assert found is not None
    told = found.outcome_verbatim.text if found.outcome_verbatim else None
    assert (found.outcome, told) == (outcome, words)


COMMISSION = "Socialnämnden föreslår att kommunfullmäktige ger nämnden i uppdrag att bygga."


@pytest.mark.parametrize(
    ("decided", "procedure", "outcome", "words"),
    [
        ("att avge yttrande enligt bilaga 1.", "Ordföranden finner att socialnämnden beslutar enligt föreliggande förslag.", "approved", "socialnämnden beslutar enligt föreliggande förslag"),
        ("att avge yttrande enligt bilaga 1.", "Ordföranden finner att socialnämnden beslutar enligt förvaltningens förslag.", "approved", "socialnämnden beslutar enligt förvaltningens förslag"),
        ("att avge yttrande enligt bilaga 1.", "Socialnämnden beslutar enligt föreliggande förslag i punkt 1.", "other", None),
        ("att avge yttrande enligt bilaga 1.", "Ordföranden finner att nämnden beslutar enligt föreliggande förslag. Votering begärs.", "other", None),
        (COMMISSION, "Ordföranden finner att socialnämnden beslutar enligt förvaltningens förslag.", "approved", "socialnämnden beslutar enligt förvaltningens förslag"),
        ("Socialnämnden föreslår kommunfullmäktige att avslå motionen.", "Nämnden beslutar enligt förvaltningens förslag.", "rejected", "avslå"),
        ("Överklagandet avvisas.", "Nämnden beslutar enligt förvaltningens förslag.", "other", "avvisas"),
    ],
)  # fmt: skip
def test_as_proposed_where_nothing_else_tells(decided: str, procedure: str, outcome: str, words: str | None) -> None:
    found = item(f"§ 5\nPlan\n\nBeslut\n{decided}\n\nBeslutsgång\n{procedure}\n").decision
    assert found is not None
    told = found.outcome_verbatim.text if found.outcome_verbatim else None
    assert (found.outcome, told) == (outcome, words)


def test_an_administration_followed_in_some_points_is_not_followed() -> None:
    procedure = "Nämnden beslutar enligt förvaltningens förslag avseende punkt 1."
    found = item(f"§ 5\nPlan\n\nBeslut\nPlanen antas.\n\nBeslutsgång\n{procedure}\n").decision
    assert found is not None and found.follows_administration is None
