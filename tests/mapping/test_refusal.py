"""What is refused is told what it looks like, and what to do with it."""

import pytest

from mapping.document import read as reading
from mapping.kinds import kind_of_document
from mapping.records import Refused
from mapping.refusal import no_meeting_document
from mapping.rows import layout
from mapping.text import Text

ORDINANCE = "\n".join(
    f"§ {n}\nDen som bor här och vill elda ska fråga först om det är tillåtet för dagen.\n" for n in range(1, 13)
)
CASES = [
    ("Veckobrev vecka 12\n\nHej alla familjer! Vi går till skogen på tisdag.", ("nyhetsbrev", "”veckobrev”", "utanför"),
     ("newsletter", "Leave it out")),
    ("Lokala ordningsföreskrifter för Almviks kommun\n\n" + ORDINANCE, ("författning", "12 som börjar med §", "protokollet"),
     ("ordinance", "12 that begin with §", "submit the minutes")),
    ("Hyresavtal\nMellan Almviks kommun och Bolaget AB\n\n" + ORDINANCE, ("ett avtal", "”hyresavtal”"), ("a contract",)),
    (ORDINANCE, ("en författning eller ett avtal", "12 som börjar"), ("an ordinance or a contract",)),
    ('{"kind": "minutes"}', ("data eller programkod", "PDF"), ("a program", "PDF")),
    ("Sida 1", ("nästan ingen text",), ("hardly any text",)),
    ("The committee met on Tuesday and went home again. " * 9, ("inte på svenska",), ("not in Swedish",)),
    ("Det var en gång en kommun som inte visste vad den skulle göra med sina papper. " * 9,
     ("rubriker är med",), ("heads of the sections",)),
    ("Riktlinjer för möten\nAlmviks kommun, kommunstyrelsen 2024-03-01\n§ 1 Allmänt\nBeslut\nNämnden beslutar om bidrag. "
     "Protokoll ska föras.\n§ 2 Justering\nBeslut\nKommunstyrelsen beslutar att justera.",
     ("styrdokument", "”riktlinjer”", "protokollet"), ("guidelines", "submit the minutes")),
    ("Protokoll\nBrf Solrosen\nStyrelsemöte 2024-03-01\nNärvarande: Anna Ek\n§ 1 Öppnande\nBeslut\nStyrelsen beslutar att öppna mötet.\n",
     ("förening", "”brf”", "utanför"), ("association", "Leave it out")),
    ("FÖRVALTNINGSRÄTTEN I GÖTEBORG   DOM 2024-03-12   Mål nr 1234-24\nKlagande: Per Ås\nBESLUT\nFörvaltningsrätten avslår.\n"
     "Kommunfullmäktige i Almviks kommun beslutade den 29 januari.\n§ 13 Jäv. Anna Ek (S) deltog inte i beslutet.\n",
     ("dom",), ("judgment",)),
    ("Almvik Bostäder AB    PROTOKOLL\nStyrelsesammanträde 2024-03-12\nNärvarande: Anna Ek (S), ordförande\n"
     "§ 12 Hyra\nStyrelsen beslutar att höja hyran.\n", ("bolag", "”ab”"), ("company",)),
    ("Protokoll fört vid styrelsesammanträde\n2024-05-12\nNärvarande: Anna Ek, ordförande, Bo Alm, kassör\n§ 1 Ekonomi\n"
     "Beslut\nStyrelsen beslutar att köpa bollar.\n",
     ("förening", "”kassör”"), ("association",)),
    ("Almviks Idrottsförening\nProtokoll årsmöte 2024-03-01\n§ 1 Val\nBeslut\nStyrelsen beslutar att utse Anna Ek att justera.\n",
     ("förening", "”idrottsförening”"), ("association",)),
    ("Protokoll fört vid bolagsstämma\nAlmviks Bygg AB\n§ 1 Val\nBeslut\nAnna Ek utses att justera protokollet.\n",
     ("bolag", "”bolagsstämma”"), ("company",)),
    ("Så blev det i kommunstyrelsen\nPublicerad 2024-03-01\n§ 5 Badet\nBeslut\nKommunstyrelsen beslutar att bygga ett bad.\n",
     ("nyhetsartikel", "”så blev”", "protokoll"), ("article", "minutes")),
    ("Protokoll\nSocialdemokraterna i Almviks arbetarekommun\nMedlemsmöte 2024-02-06\n§ 1 Val\nBeslut\nMötet beslutar att välja.\n"
     "§ 2 Val\nBeslut\nMötet beslutar att nominera Bo Ås (S) till kommunstyrelsen.\n", ("parti", "”arbetarekommun”"), ("party",)),
    ("Protokoll från samverkansgrupp\nAlmviks kommun 2024-02-06\nNärvarande: Anna Ek, arbetsgivaren\n§ 1 Budget\nBeslut\n"
     "Samverkan är fullgjord. Bo Ås utses att justera.\n", ("facket", "”samverkansgrupp”"), ("unions",)),
    ("Avtal om mark\nMellan Almviks kommun och Bygg AB har följande avtal träffats.\n§ 1 Grund\nKommunstyrelsen beslutade. Dnr KS 2022/33\n"
     "§ 2 Mark\nBeslut\nKommunen upplåter mark.\nOrdförande   Anna Ek (S)\n", ("ett avtal", "protokoll"), ("contract",)),
    ("Skolförvaltningen\nMånadsbrev till vårdnadshavare\nBeslut\nSkolan stänger.\n§ 1 Tider\nBeslut\nNämnden beslutar i maj.\n",
     ("nyhetsbrev", "”månadsbrev”"), ("newsletter",)),
    ("Riktlinjer för sammanträden\nAntagna av kommunstyrelsen\n1 Kallelse\nKallelse skickas.\n2 Protokoll\n§ 1\nBeslut\n"
     "Nämnden beslutar om form. Ordföranden utses att justera.\n", ("styrdokument", "”riktlinjer”"), ("guidelines",)),
    ("Riktlinjer för sammanträden\nAntagna av kommunstyrelsen\n\n1 Adressat\nAlla.\n\n2 Utskick\nFöre mötet.\n\n3 Förvaltningen föreslår att\n"
     "Förvaltningen föreslår att x.\nFörvaltningen föreslår att y.\n", ("styrdokument",), ("guidelines",)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sv", "en"), CASES, ids=lambda value: str(value)[:20])
def test_what_was_seen_and_what_to_do(text: str, sv: tuple[str, ...], en: tuple[str, ...]) -> None:
    document = Text(text)
    refused = kind_of_document(document, layout(document))
    assert isinstance(refused, Refused) and refused.reason == "not-a-meeting-document"
    assert [part for part in sv if part not in refused.sv] == [], refused.sv
    assert [part for part in en if part not in refused.en] == [], refused.en
    assert refused.sv.endswith(".") and refused.en.endswith(".")


def test_a_refusal_repeats_nothing_private() -> None:
    refused = no_meeting_document("Inbjudan till Karin Lindmark\nBlågatan 7\n" + "och att som för " * 30)
    assert "inbjudan" in refused.sv
    assert not [word for word in ("Karin", "Lindmark", "Blågatan") if word in refused.sv + refused.en]


@pytest.mark.parametrize(
    "top",
    [
        "Almviks kommun\nKommunstyrelsen\nSammanträdesprotokoll\n2024-03-12\n\nBrf Solrosens lokal\n",
        "Riktlinjer för bidrag\nKommunstyrelsen\nProtokollsutdrag 2024-03-12\n",
        "§ 11\nVerksamhetsplan för bad\nSocialnämndens beslut\n\n1. Socialnämnden antar planen.\n",
        "Plan för bad\nKommunstyrelsen\n2024-03-12\nBeslutande\nAnna Ek (S)\n",
    ],
)
def test_minutes_that_name_such_words_are_minutes(top: str) -> None:
    document = Text(top + "\n§ 5\nPlan för bad\n\nBeslut\nKommunstyrelsen beslutar att anta planen.\n")
    assert kind_of_document(document, layout(document)) in ("minutes", "minutes-extract")


COVER = "Almviks kommun\n{body}\nSammanträdesprotokoll\n\nPlats och tid\nRådhuset, {date}, kl. 13.00\n\nBeslutande\nAnna Ek (S), ordförande\n\n"


def _minutes(body: str, date: str, *numbers: int) -> str:
    return COVER.format(body=body, date=date) + "".join(
        f"§ {n}\nPlan för bad {n}\n\nBeslut\n{body} godkänner planen.\n\n" for n in numbers
    )


@pytest.mark.parametrize(
    ("second", "page"),
    [
        (_minutes("Byggnämnden", "2024-03-12", 1, 2), "rad 27"),
        (_minutes("Socialnämnden", "2024-04-16", 3, 4), "rad 27"),
        ("\f" + _minutes("Byggnämnden", "2024-04-16", 1, 2), "sidan 2 (rad 2"),
    ],
)
def test_minutes_of_two_meetings_in_one_file(second: str, page: str) -> None:
    refused = reading(_minutes("Socialnämnden", "2024-03-12", 1, 2).encode() + second.encode())
    assert isinstance(refused, Refused) and refused.reason == "two-minutes"
    assert page in refused.sv and "efter § 2" in refused.sv and "”Plats och tid”" in refused.sv
    assert "skicka in varje protokoll för sig" in refused.sv and "submit each by itself" in refused.en


def test_two_minutes_whose_decisions_are_told() -> None:
    cover = "Almviks kommun     SAMMANTRÄDESPROTOKOLL\n{}\nSammanträdesdatum {}\n\nPlats och tid\nSal A\n\nBeslutande\nAnna Ek (S)\n\n"
    one = cover.format("Kommunstyrelsen", "2024-03-12") + "§ 12 Taxa\nKommunstyrelsen beslutar att anta taxan.\n\n"
    two = (
        cover.format("Byggnadsnämnden", "2024-02-27") + "§ 14 Badhus\nByggnadsnämnden beslutar att avslå förslaget.\n"
    )
    document = Text(one + "§ 13 Val\nKommunstyrelsen beslutar att utse Bo Alm (M).\n\n" + two)
    refused = kind_of_document(document, layout(document))
    assert isinstance(refused, Refused) and refused.reason == "two-minutes"


@pytest.mark.parametrize(
    "behind",
    [
        "",
        "Bilaga 1\n\n" + _minutes("Byggnämnden", "2024-04-16", 1, 2),  # annexed
        _minutes("Socialnämnden", "2024-03-12", 3),  # the cover of what was adjusted at once
        COVER.format(body="Socialnämnden", date="2024-03-12"),
    ],
)
def test_minutes_of_one_meeting_are_not_two(behind: str) -> None:
    assert not isinstance(reading((_minutes("Socialnämnden", "2024-03-12", 1, 2) + behind).encode()), Refused)


def test_an_ordinance_with_the_page_feet_of_minutes_is_an_ordinance() -> None:
    text = (
        "Almviks kommun\nFÖRFATTNINGSSAMLING\nReglemente för socialnämnden\n\nJusterandes sign          Sida 4 (17)\n\n"
        "§ 1 Uppgift\nNämnden beslutar i ärenden om stöd.\n\n§ 2 Val\nKommunfullmäktige beslutar om ledamöter.\n\n"
        "Justerandes sign          Sida 5 (17)\n\n§ 3 Justering\nProtokollet justeras av ordföranden och en ledamot.\n"
    )
    document = Text(text)
    assert isinstance(kind_of_document(document, layout(document)), Refused)
