"""Who was there as sentences tell it."""

from mapping.reader import read_document
from mapping.records import DocumentRecord, Meeting
from mapping.text import Text

ITEMS = "\n§ 1 Upprop\n\n{}\n\n§ 2 Bänkar\nDnr KS 2014/7\n\nBeslut\nKommunfullmäktige avslår motionen.\n\n§ 3 Bord\n\nBeslut\nBord köps.\n"
HEAD = "Almviks kommun\nSammanträdesprotokoll\nKommunfullmäktige\n2014-03-27\n\n"


def meeting(cover: str, roll_call: str = "Upprop förrättas.") -> Meeting:
    record = read_document(Text(HEAD + cover + "\n" + ITEMS.format(roll_call)))
    assert isinstance(record, DocumentRecord) and record.meeting
    return record.meeting


def roles(found: Meeting) -> list[tuple[str | None, str, str | None]]:
    return [(a.actor.name, a.role, a.substitutes_for.name if a.substitutes_for else None) for a in found.attendance]


def test_a_sentence_lists_who_was_there() -> None:
    told = "Närvarande var Anna Ek (S), ordförande, Bo Alm (M), vice ordförande, och Cia Dal (V). Sekreterare var Mia Kvist."
    assert roles(meeting(told)) == [
        ("Anna Ek", "chair", None),
        ("Bo Alm", "vice-chair", None),
        ("Cia Dal", "member", None),
        ("Mia Kvist", "secretary", None),
    ]


def test_substitutes_of_the_roll_call() -> None:
    told = "Som ersättare för de frånvarande inträder: Anna Ek för Bo Alm,\nCia Dal för Eva Fors och Jan Orre för Per Ås."
    assert roles(meeting("", told)) == [
        ("Anna Ek", "serving-substitute", "Bo Alm"),
        ("Cia Dal", "serving-substitute", "Eva Fors"),
        ("Jan Orre", "serving-substitute", "Per Ås"),
    ]


def test_who_leaves_and_who_comes_instead() -> None:
    told = "Efter ärendet § 2 lämnar Anna Ek sammanträdet och i hennes ställe inträder Bo Alm."
    found = meeting("", told)
    assert roles(found) == [("Anna Ek", "member", None), ("Bo Alm", "serving-substitute", "Anna Ek")]
    assert [seat.paragraphs for seat in found.attendance] == [(1, 2), (3,)]


def test_the_chair_opens_the_meeting() -> None:
    found = meeting("Sammanträdet hålls i Rådhuset och öppnas kl. 13.00 av ordföranden Anna Ek.")
    assert roles(found) == [("Anna Ek", "chair", None)]


def test_who_adjusts_is_told_on_the_cover() -> None:
    told = "Att jämte ordförande Anna Ek justera dagens protokoll valdes Bo Alm. Protokollet justerades den 4 april 2014."
    found = meeting(told)
    assert [actor.name for actor in found.adjusters] == ["Bo Alm"]
    assert str(found.adjusted_on) == "2014-04-04"


def test_columns_are_no_sentences() -> None:
    found = meeting("Beslutande          Anna Ek (S)\nTjänstgörande       Bo Alm (S) för Cia Dal (S)\nersättare\n")
    assert ("Bo Alm", "serving-substitute", "Cia Dal") in roles(found)
    assert all("Tjänst" not in (name or "") for name, _, _ in roles(found))


def test_a_member_of_the_cover_is_there_until_told_to_leave() -> None:
    found = meeting("Närvarande: Anna Ek (S), ordförande\nBo Alm (M)\n", "Efter § 2 lämnar Bo Alm (M) sammanträdet.")
    assert [(seat.actor.name, seat.role, seat.paragraphs) for seat in found.attendance] == [
        ("Anna Ek", "chair", None),
        ("Bo Alm", "member", (1, 2)),
    ]


def test_members_with_their_posts_on_one_line() -> None:
    found = meeting("Beslutande: Anna Ek (S), ordförande, Bo Alm (M), vice ordförande, Cia Dal (V)\n")
    assert roles(found) == [("Anna Ek", "chair", None), ("Bo Alm", "vice-chair", None), ("Cia Dal", "member", None)]


def test_all_but_those_away_and_who_comes_and_goes() -> None:
    told = (
        "Närvarande vid uppropet: ordföranden Anna Ek och andre vice ordföranden Bo Alm samt övriga\n"
        "ledamöter utom Cia Dal och Per Ås.\n\n"
        "Som ersättare inträder: Mia Kvist för Cia Dal.\n\n"
        "Per Ås infinner sig efter ärendet § 1. Mia Kvist lämnar sammanträdet efter ärendet § 2, varvid Jan Orre blir\n"
        "ny ersättare för Cia Dal.\n"
    )
    found = meeting(told)
    assert roles(found) == [
        ("Anna Ek", "chair", None),
        ("Bo Alm", "vice-chair", None),
        ("Mia Kvist", "serving-substitute", "Cia Dal"),
        ("Per Ås", "member", None),
        ("Jan Orre", "serving-substitute", "Cia Dal"),
    ]
    assert [seat.paragraphs for seat in found.attendance] == [None, None, (1, 2), (2, 3), (3,)]
