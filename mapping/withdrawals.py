"""Who is disqualified (jäv) or takes no part in a decision."""

import re
from collections.abc import Iterator

from mapping.actors import parse_actors
from mapping.flow import Flow, sentences
from mapping.known import Known
from mapping.party_groups import parse_parties
from mapping.records import Actor, Withdrawal
from mapping.turns import opening

# What somebody did when another body dealt with the matter.
_ELSEWHERE = re.compile(
    r"(?:utskottets|nämndens|styrelsens)\s(?:sammanträde|behandling)\b|^I (?:nämnden|utskottet)\b"
)
_NOT_NOW = re.compile(
    r"\bvid (?:förra|föregående)\b|\b(?:inte|ej) (?:längre |är )?jävig|\bjäv\w* (?:föreligger|finns) (?:inte|ej)\b"
)
# "A B (M) deltog inte i beslutet i § 70 och C D (C) deltog inte i detta beslut"
_SECOND = re.compile(
    r"(?:(?<=beslutet)|(?<=beslut)|(?<=ärendet)|(?<=jäv)|(?<=\d))\s(?:och|samt)\s"
    r"(?=[A-ZÅÄÖ][^.,()]{3,60}\([A-Za-zÅÄÖåäö]{1,4}\)\s(?:delt(?:ar|og)|anmäl(?:er|de)|avst(?:år|od)))"
)


def read_withdrawals(stretch: Flow, known: Known, of_recusals: bool = False) -> Iterator[Withdrawal]:
    """Jäv and not taking part, sentence by sentence; `of_recusals`: the stretch stands under a heading of jäv."""
    for sentence in _clauses(stretch):
        recused = re.search(r"\bjäv\b|\bjävig\b", sentence.text) or (
            of_recusals and re.search(r"lämna\w* (?:lokalen|salen|sammanträdet|mötet)", sentence.text)
        )
        abstained = re.search(
            r"(?:delt(?:ar|og) (?:inte|ej)|har (?:inte|ej) deltagit) i "
            r"(?:detta )?(?:beslut|ärende|handläggning|behandling)"
            r"|avst(?:år|od) från att delta"
            r"|inte delt(?:ar|og) i",
            sentence.text,
        )
        if not (recused or abstained) or _ELSEWHERE.search(sentence.text) or _NOT_NOW.search(sentence.text):
            continue
        under = re.match(r"Jäv:\s+", sentence.text)
        opened = opening(sentence.part(under.end()), "withdrawal_verbs", known) if under else None
        opened = opened or _told_of(sentence, known) or opening(sentence, "withdrawal_verbs", known)
        if opened is not None:
            kind = "conflict_of_interest" if recused else "abstention"
            yield Withdrawal(kind, opened[0], sentence.span())


def _clauses(stretch: Flow) -> Iterator[Flow]:
    """The sentences of a stretch, one that tells of two who act by themselves in two."""
    for sentence in sentences(stretch):
        starts = [0, *(match.end() for match in sentence.matches(_SECOND))]
        for start, end in zip(starts, [*starts[1:], None], strict=True):
            yield sentence.part(start, end)


def _told_of(sentence: Flow, known: Known) -> tuple[tuple[Actor, ...], int] | None:
    """Those of whom a speaker tells: "A B (S) meddelar att Socialdemokraterna inte deltar"."""
    told = re.search(
        r"\b(?:meddela|anmäl|förklara)\w* att |\b(?:anmäler|anmälde)\s(?=[A-ZÅÄÖ][^.]{3,120}\sjäv\b)"
        r"|\bjäv\b[^.]{0,30}\s(?:deltar|deltog|lämnar|lämnade)\s(?:inte\s|ej\s)?(?=[A-ZÅÄÖ])"
        r"|\b(?:I|i) (?:beslutet|ärendet|handläggningen)[^.]{0,40}\sdelt(?:ar|og) (?:ej|inte)\s(?=[A-ZÅÄÖ])",
        sentence.text,
    )
    if told is None:
        return None
    actors, end = parse_actors(sentence, told.end(), known)
    if not actors:
        actors, end = parse_parties(sentence, told.end(), known)
    return (actors, end) if actors else None
