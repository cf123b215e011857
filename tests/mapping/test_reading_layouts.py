"""Margins, page heads, contents and columns beside the text; headings of other bodies; what quotes § and is none."""

import pytest

from mapping.known import Known
from mapping.reader import read_document
from mapping.records import Actor, DocumentRecord, Refused
from mapping.text import Span, Text
from tests.mapping.paragraph import TOP, item, read

BOARD = TOP.replace("Socialnämnden", "Kommunstyrelsen")
COUNCIL = TOP.replace("Socialnämnden", "Kommunfullmäktige")
TITLES = ("Plan", "Bad", "Torg", "Park", "Val")
BODY = "".join(f"§ {n}\n{title}\n\nBeslut\nPlanen antas.\n\n" for n, title in enumerate(TITLES, 1))

Decisions = list[tuple[str, list[str]]]


def decisions(record: DocumentRecord) -> Decisions:
    return [(i.number or "", [p.text for p in i.decision.points] if i.decision else []) for i in record.items]


def decided(text: str) -> list[str]:
    record = read_document(Text(text))
    assert isinstance(record, DocumentRecord), record
    return decisions(record)[0][1]


def test_what_stands_in_the_margin_is_no_text() -> None:
    paragraphs = "".join(
        f"              § {n}\n              Plan\n\nSkolan        Beslut\nKommunen      Planen antas och\n"
        "Skatten       badet byggs.\n\n              Chefen informerar.\n              Torget är stängt.\n\n"
        for n in (1, 2)
    )
    assert decisions(read(paragraphs)) == [(n, ["Planen antas och badet byggs."]) for n in ("1", "2")]


def test_a_line_beside_every_page_mark_is_a_page_head() -> None:
    paragraphs = "".join(
        f"§ {n}\n{t}\n\nBeslut\n{t}en antas och\n\nKvarnens vänner\nSida {n} (6)\n\ndet byggs en {t.lower()}.\n\n"
        for n, t in enumerate(TITLES, 1)
    )
    assert decisions(read(paragraphs)) == [
        (str(n), [f"{t}en antas och det byggs en {t.lower()}."]) for n, t in enumerate(TITLES, 1)
    ]


def test_where_every_paragraph_has_its_page_its_lines_are_no_page_heads() -> None:
    pages = "".join(
        f"Kvarnens vänner\nSida {n} (6)\n\n§ {n}\n{t}\n\nBeslut\nPlanen antas.\n\n" for n, t in enumerate(TITLES, 1)
    )
    assert decisions(read(pages)) == [(str(n), ["Planen antas."]) for n in range(1, 6)]


def test_a_separator_parts_what_stands_above_from_what_stands_below() -> None:
    found = item("§ 5\nPlan\n\nBeslut\nPlanen antas.\n----------\nTorget är stängt.\n")
    assert found.decision and [p.text for p in found.decision.points] == ["Planen antas."]


@pytest.mark.parametrize(
    "contents",
    [
        "Innehåll\n" + "".join(f"§ {n} {title}\n" for n, title in enumerate(TITLES, 1)),
        "".join(f"§ {n} {title} .......... {n}\n" for n, title in enumerate(TITLES, 1)),
        "",
    ],
)
def test_the_contents_are_no_paragraphs(contents: str) -> None:
    assert decisions(read(f"{contents}\n{BODY}")) == [(str(n), ["Planen antas."]) for n in range(1, 6)]


def test_contents_go_as_a_whole_also_where_a_paragraph_is_not_found_again() -> None:
    contents = "Innehåll\n" + "".join(f"§ {n} {title}\n" for n, title in enumerate(TITLES, 1))
    found = read(f"{contents}\n{BODY.replace('§ 3', 'Paragraf tre')}")
    assert [i.number for i in found.items] == ["1", "2", "4", "5"]
    assert [(gap.first, gap.last) for gap in found.account.gaps] == [(3, 3)]


@pytest.mark.parametrize(
    ("top", "text", "points"),
    [
        # what a higher body is to decide, and the own part beside it
        (BOARD, "Kommunstyrelsens förslag till kommunfullmäktige\nKommunfullmäktige beslutar\natt anta planen.", ["att anta planen."]),
        (BOARD, "Kommunstyrelsens förslag till kommunfullmäktige\n1. Planen antas.\n\nKommunstyrelsens beslut för egen del\n1. Chefen får bygga.", ["Planen antas.", "Chefen får bygga."]),
        # another body's heading
        (COUNCIL, "Kommunstyrelsens förslag till beslut\nPlanen antas.\n\nKommunfullmäktiges beslut\nPlanen avslås.", ["Planen avslås."]),
        (COUNCIL, "Kommunstyrelsens beslut\nPlanen återremitteras.\n\nBeslut\nPlanen antas.", ["Planen antas."]),
        (COUNCIL, "Beslut\nPlanen antas.\n\nKommunstyrelsens beslut\nPlanen återremitteras.", ["Planen antas."]),
        (COUNCIL, "Kommunstyrelsens förslag till beslut\nPlanen antas.", []),
    ],
)  # fmt: skip
def test_whose_decision_a_heading_tells(top: str, text: str, points: list[str]) -> None:
    assert decided(f"{top}§ 5\nPlan\n\n{text}\n\n§ 6\nVal\n\nBeslut\nX väljs.\n") == points


@pytest.mark.parametrize(
    ("below", "kind", "authors"),
    [
        ("Motion den 26 januari 2024 av Anna Ek (V)", "motion", ["Anna Ek"]),
        ("Interpellation från Anna Ek (V)", "interpellation", ["Anna Ek"]),
        ("Medborgarförslag från Kim Sten", "citizen-proposal", []),
    ],
)
def test_the_line_below_a_title_may_tell_the_matter(below: str, kind: str, authors: list[str]) -> None:
    (matter,) = item(f"§ 5\nFria bussar\n{below}\n\nBeslut\nFörslaget avslås.\n").matters
    assert (matter.kind, matter.title, [a.name for a in matter.authors]) == (kind, "Fria bussar", authors)


QUOTES = "§ 1 Saken\n\nBeslut\nNämnden avslår ansökan.\n\n§ 2 Skäl\n\nBeslut\nNämnden beslutar.\n"


@pytest.mark.parametrize(
    "top",
    [
        "FÖRVALTNINGSRÄTTEN\nI ALMVIK\nDOM\n2024-03-12\n",
        "Reglemente för socialnämnden\n",
        "Bolagsordning för Almviks Bad AB\n",
        "Författningssamling\nAlmviks kommun\n",
        "Almviks kommun\nRegler för bidrag\n",
        "Köpeavtal mellan Almvik och Kvarnen\n",
    ],
)
def test_judgments_and_rules_are_no_minutes(top: str) -> None:
    assert isinstance(read_document(Text(f"{top}\n{QUOTES}")), Refused)
    minuted = read_document(Text(f"Almviks kommun\nSocialnämnden\nSammanträdesprotokoll\n2024-03-12\n\n{QUOTES}"))
    assert isinstance(minuted, DocumentRecord)


def test_minutes_that_lay_down_rules_are_minutes() -> None:
    assert decided(f"{TOP}Reglemente för socialnämnden\n\n{QUOTES}") == ["Nämnden avslår ansökan."]


def test_the_right_column_of_an_agenda_holds_proposals() -> None:
    record = read_document(
        Text(
            "Kallelse\nSocialnämnden 2024-03-12\n\nÄrende                             Förslag till beslut\n\n1  Upprop\n\n"
            "2  Plan för                        Planen antas.\n   året\n\n3  Bad                             Badet byggs.\n"
        )
    )
    assert isinstance(record, DocumentRecord)
    assert [i.title.text for i in record.items if i.title] == ["Upprop", "Plan för året", "Bad"]
    assert all(i.decision is None for i in record.items)


@pytest.mark.parametrize(
    ("body", "text", "own"),
    [
        ("Socialnämnden", "Socialnämndens beslut", True),
        ("Socialnämnden", "Nämnden beslutar", True),
        ("Socialnämnden", "Kommunstyrelsen beslutar", False),
        ("Socialnämnden", "Byggnadsnämnden beslutar", False),
        ("Kommunstyrelsens arbetsutskott", "Arbetsutskottets beslut", True),
        ("Kommunstyrelsens arbetsutskott", "Kommunstyrelsens arbetsutskott beslutar", True),
        ("Kommunstyrelsens arbetsutskott", "Kommunstyrelsen beslutar", False),
        (None, "Nämnden beslutar", False),
    ],
)
def test_the_own_body(body: str | None, text: str, own: bool) -> None:
    assert Known(frozenset(), (), body).own(text) is own


def test_the_party_of_somebody_who_was_there() -> None:
    known = Known(frozenset(), (Actor("Anna Ek", "S", Span(0, 7)),))
    assert [known.party_of(name) for name in ("Anna Ek", "Bo Alm", None)] == ["S", None, None]


def test_what_is_announced_for_a_higher_body_is_recommended_to_it() -> None:
    heading = "Kommunstyrelsens förslag till kommunfullmäktige\nKommunfullmäktige beslutar"
    record = read_document(Text(f"{BOARD}§ 5\nPlan\n\n{heading}\natt anta planen.\n"))
    assert isinstance(record, DocumentRecord)
    decision = record.items[0].decision
    assert decision and decision.recommends_to and decision.recommends_to.text == "kommunfullmäktige"
