"""Acts told in running text: what people move, reserve against and declare in a § without a heading for it.

Minutes before about 2000, and many since, tell a § in paragraphs. A sentence is taken for an act only where it
opens with those who act, or names them behind the verb of the act ("Mot beslutet reserverar sig …").
"""

import re
from collections.abc import Iterator, Sequence

from mapping.actors import parse_actors
from mapping.flow import Flow, flow, sentences
from mapping.known import Known
from mapping.party_groups import parse_parties
from mapping.proposals import MOVES_NOTHING, proposal_of
from mapping.records import Actor, Proposal, Reservation, Statement
from mapping.reservations import favoured
from mapping.rows import Row, paragraphs
from mapping.stance import choices, of_own_party
from mapping.statements import behind_colon
from mapping.turns import opening

_MOVES = re.compile(
    r"\s*(?:yrkar|yrkade|förordar|förordade|begär|begärde|föreslår|föreslog|hemställer|hemställde|biträder|biträdde|instämmer|instämde"
    r"|ansluter sig|anslöt sig|tillstyrker|avstyrker|anhåller om|(?:tackar|inledde)[^.]{0,40}\soch\syrka\w*)\b"
)
_IN_WRITING = re.compile(
    r"\b(?:motion|interpellation|skrivelse|medborgarförslag|ledamotsinitiativ|frågar?)\w*\b", re.I
)
_SURE = re.compile(
    r"\s*(?:yrkar|yrkade|begär|begärde|föreslår|föreslog)\s(?:därför\s)?(?:att\s)?(?:ärendet\s)?(?:ska(?:ll)?\s)?"
    r"(?:bifall|avslag|återremi|bordlägg)"
)
_RESERVED = re.compile(
    r"^Mot (?:detta )?beslut\w* anmäl(?:er|de)\s(?=[A-ZÅÄÖ].*\sreservation)"
    r"|\breserver(?:ar|ade) sig\s*(?:(?:muntligt|skriftligt|mot\s(?:detta\s)?beslut\w*|häremot)\s*)*[:,]?\s*"
    r"|\b[Rr]eservation(?:er)?\s(?:mot\s[^.]{3,40}\s)?(?:anmäl\w*|lämna\w*|har\s(?:lämnats|anmälts|ingivits)|avg[ea]\w*|ing[ea]\w*|inkom\w*|anför\w*|gör[es]?\w*|gjordes)"
    r"\s(?:skriftligt\s|muntligt\s)?(?:av|från)\s"
)
_DECLARES = (
    ("special_statement", re.compile(r"\bsärskil(?:t|da)\s(?:yttrande|uttalande)", re.I)),
    ("substitute_statement", re.compile(r"\bersättaryttrande", re.I)),
    (
        "protocol_note",
        re.compile(r"\bprotokollsanteckning|\btill\s(?:dagens\s)?protokollet\b|\bröstförklaring", re.I),
    ),
)
_AND_MORE = re.compile(r"\s(?:skriftligt|muntligt|skriftligen|muntligen)\s(?:och|samt)\s")
_VOTED = re.compile(r"\b(?:omröstning|votering|ja-röst|nej-röst|röstar ja|röstar nej)", re.I)


_BODY = r"[\wåäöÅÄÖ-]*(?:[Nn]ämnden|[Ss]tyrelsen|[Ff]ullmäktige|[Uu]tskottet|[Dd]irektionen)"
# What a body did at a meeting of its own, and what somebody did against its decision.
_OF_BODY = (
    re.compile(
        rf"(?:^|\b(?:[Vv]id|[Ii])\s)(?P<body>{_BODY})"
        r"(?:s\s(?:\w+\s)?(?:sammanträde|behandling|beredning|möte)"
        r"|\s(?:besluta|beslöt|reserver|yrka|behandla|avslog|avstyrk|tillstyrk|bifall|biföll|har\b))"
    ),
    re.compile(rf"\b(?:yrka|reserver)\w*\s(?:sig\s)?i\s(?P<body>{_BODY})\b"),
    re.compile(rf"\b[Mm]ot\s(?P<body>{_BODY})s\s(?:förslag till\s)?beslut"),
)


def of_another_body(text: str, known: Known) -> bool:
    """Whether a sentence tells of what was done in another body than the meeting's own."""
    found = (pattern.search(text) for pattern in _OF_BODY)
    return known.body is not None and any(m is not None and not known.own(text[m.start("body") :]) for m in found)


def votes_told(rows: Sequence[Row], known: Known) -> list[Row]:
    """The rows from the first paragraph that tells of a vote of the meeting's own body."""
    kept = [
        (tells, group)
        for group in paragraphs(rows)
        if not ((tells := any(_VOTED.search(row.text) for row in group)) and _votes_elsewhere(group, known))
    ]
    at = next((index for index, (tells, _) in enumerate(kept) if tells), len(kept))
    return [row for _, group in kept[at:] for row in group]


def _votes_elsewhere(group: Sequence[Row], known: Known) -> bool:
    told = list(sentences(flow(row.line for row in group)))
    kept = {sentence.offsets[0] for sentence in _sentences(group, known)}
    return any(_VOTED.search(sentence.text) and sentence.offsets[0] not in kept for sentence in told)


def reservations(rows: Sequence[Row], known: Known) -> tuple[Reservation, ...]:
    """Reservations told in sentences: "Mot beslutet reserverar sig A (S).", "Reservation anmäls av B (M)."."""
    found: list[Reservation] = []
    for sentence in _sentences(rows, known):
        found += _reserved(sentence, known)
    return tuple(found)


def _reserved(sentence: Flow, known: Known) -> Iterator[Reservation]:
    opened = opening(sentence, "reservation_verbs", known)
    favour = favoured(sentence.text)
    if opened is not None:
        yield Reservation(opened[0], sentence.span(), favour)
        return
    verb = _RESERVED.search(sentence.text)
    if verb is None:
        return
    actors, end = parse_actors(sentence, verb.end(), known)
    if not actors:
        actors, end = parse_parties(sentence, verb.end(), known)
    while actors and (more := _AND_MORE.match(sentence.text, end)):
        others, stop = parse_actors(sentence, more.end(), known)
        if not others:
            break
        actors, end = (*actors, *others), stop
    if actors:
        yield Reservation(actors, sentence.span(), favour)


def statements(rows: Sequence[Row], known: Known) -> tuple[Statement, ...]:
    """Statements told in sentences: "A (M) lämnar ett särskilt yttrande.", with the paragraph behind a colon."""
    found: list[Statement] = []
    for paragraph in paragraphs(rows):
        whole = flow(row.line for row in paragraph)
        for sentence in sentences(whole):
            opened = opening(sentence, "statement_verbs", known) or _entered(sentence, known)
            kind = _declared(sentence.text[:200])
            if opened is None or kind is None or re.search(r"\bjäv\b", sentence.text):
                continue
            found.append(Statement(kind, opened[0], sentence.span(), behind_colon(sentence)))
    return tuple(found)


def _declared(text: str) -> str | None:
    """The kind of statement that a text names first."""
    named = [(match.start(), kind) for kind, pattern in _DECLARES if (match := pattern.search(text))]
    return min(named)[1] if named else None


def _entered(sentence: Flow, known: Known) -> tuple[tuple[Actor, ...], int] | None:
    """ "Till protokollet låter A B anteckna, att …", "Protokollsanteckning av A B: …"."""
    match = re.match(
        r"(?:Protokollsanteckning|Särskilt (?:yttrande|uttalande)|Ersättaryttrande)\s"
        r"(?:(?:gjordes|görs|lämnades|lämnas|anfördes|anförs|avgavs|avges|anmäldes|anmäls|ingavs)\s)?(?:av|från)\s",
        sentence.text,
    )
    match = match or re.match(
        r"[Tt]ill (?:dagens )?protokollet\s"
        r"(?:låter|lät|vill|önskar|begär|begärde|får|anteckna(?:s|des)\s(?:från|av|för))\s",
        sentence.text,
    )
    actors, end = parse_actors(sentence, match.end(), known) if match else ((), 0)
    return (actors, end) if actors else None


def proposals(rows: Sequence[Row], known: Known) -> tuple[Proposal, ...]:
    """What members move in sentences of a § without a heading for it; what they asked for in writing before the
    meeting is none."""
    found: list[Proposal] = []
    attended = {actor.name for actor in known.roll if actor.name}
    for sentence in _sentences(rows, known):
        opened = opening(sentence, "proposal_verbs", known)
        if opened is None:
            continue
        phrase = sentence.text[opened[1] :]
        if not (opened[0][0].party or opened[0][0].name in attended or re.match(r"\s*yrka", phrase)):
            continue
        verb = _MOVES.match(phrase)
        if verb is None or MOVES_NOTHING.match(phrase):
            continue
        made = [of_own_party(proposal_of(opened[0], choice, sentence), choice, known) for choice in choices(phrase)]
        written = not re.match(r"\s*yrka", phrase) and _IN_WRITING.search(sentence.text)
        found += [proposal for proposal in made if not (written and proposal.stance in ("own", "amend"))]
    return tuple(found)


def sure_proposals(stretch: Flow, known: Known) -> Iterator[Proposal]:
    """Sentences in which somebody moves approval, rejection, referral back or postponement in plain words."""
    for sentence in sentences(stretch):
        actors, end = parse_actors(sentence, 0, known)
        if actors and _SURE.match(sentence.text, end):
            yield proposal_of(actors, sentence.text[end:], sentence)


def not_by(proposals: Sequence[Proposal], authors: Sequence[Actor]) -> list[Proposal]:
    """Proposals less those of the authors of the item's matter who only ask for what it asks."""
    names = {(actor.name, actor.party) for actor in authors}
    return [
        proposal
        for proposal in proposals
        if proposal.stance not in ("own", "amend") or {(a.name, a.party) for a in proposal.by} - names
    ]


def _sentences(rows: Sequence[Row], known: Known) -> Iterator[Flow]:
    """The sentences of the paragraphs, less those that follow in a paragraph on what another body did."""
    for paragraph in paragraphs(rows):
        elsewhere = False
        for sentence in sentences(flow(row.line for row in paragraph)):
            own = known.body is not None and known.body.lower() in sentence.text.lower()
            elsewhere = of_another_body(sentence.text, known) or (elsewhere and not own)
            if not elsewhere:
                yield sentence
