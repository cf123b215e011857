"""What people do in a §: proposals, reservations, statements, withdrawals."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from mapping.actors import Known, parse_actors, parse_parties
from mapping.flow import Flow, flow, sentences
from mapping.lexicon import ordered
from mapping.points import as_quote, split_points
from mapping.records import Actor, Point, Proposal, Quote, Reservation, Statement, Withdrawal
from mapping.rows import Row
from mapping.sections import Section
from mapping.text import Span
from mapping.turns import LOOK_AHEAD, Turn, ends_sentence, opening, turns, verb_of

_LISTED = re.compile(r"[”\"]?(?:1[.)]|Att|att)\s")
_ADJUSTED = re.compile(
    r"(?:Paragrafen|Ärendet|Beslutet|Punkten)\s[^.]{0,40}(?:omedelbart\sjuster|justeras\somedelbart)"
)
_OWN = re.compile(r"\b(?:eget|egna|sitt|sina|gemensam\w*)\b")
_FAVOUR = re.compile(r"(?:till förmån för|i enlighet med|hänvisning till)\s(?P<what>[^.;:]+)")


def _rows_span(rows: Sequence[Row]) -> Span:
    return Span(rows[0].start, rows[-1].end)


_PUT = re.compile(
    r"(?P<reject>\b(?:avslag på|avslå[rs]?|avslag)\b)"
    r"|(?P<approve>\bbifall(?: till|a|s)?\b)(?! till (?:eget|sitt|egna|det egna))"
)
_FOR_REJECTION = re.compile(r"(?: till)? [^.,]{0,60}förslag\w* (?:om|till) avslag")
_OTHERS = re.compile(r"[^.,]{0,60}?\b(?P<what>återremiss|bordläggnings?|tilläggs|ändrings)\w*yrkandet?\b", re.I)


def stance_of(phrase: str, default: str) -> str:
    """What a phrase asks for. "avslag på återremissyrkandet" is a rejection: what is rejected is its object."""
    put = _PUT.search(phrase)
    if put is not None and (other := _OTHERS.match(phrase, put.end())):
        if put.group("reject"):
            return "reject"
        return {"å": "remit", "b": "table"}.get(other.group("what")[0].lower(), "approve")
    if put is not None and put.group("approve") and _FOR_REJECTION.match(phrase, put.end()):
        return "approve"
    if re.search(r"\b(?:inte|ej)\s(?:ska |skall |bör )?bifall", phrase):
        return "reject"
    if re.search(r"\b[Aa]tt\b.*\bavslå.*\batt\b.*\bbifall|\b[Aa]tt\b.*\bbifall.*\batt\b.*\bavslå", phrase):
        return "own"
    if re.search(r"avgöra?s (?:i ?dag|idag|vid dagens)", phrase) and re.search(r"\binte återremi", phrase):
        return "decide_today"
    stance = first_found("stance", phrase, default)
    # "att ärendet avgörs i dag och i sak bifall till förslaget"
    return "approve" if stance == "decide_today" and re.search(r"\boch\b[^.]*\bbifall till\b", phrase) else stance


def first_found(table: str, text: str, default: str) -> str:
    for notation, pattern in ordered("acts", table):
        if pattern.search(text):
            return notation
    return default


_TO_PARTY = re.compile(r"\bbifall till (?P<party>[\wåäöÅÄÖ ]{3,40}?)s?\s(?:eget\s|egna\s)?\w*(?:förslag|yrkanden?)\b")


def of_own_party(proposal: Proposal, phrase: str, known: Known) -> Proposal:
    """A proposal, its stance "own" where the movers ask for what their own party proposes."""
    match = _TO_PARTY.search(phrase)
    code = known.code(match.group("party")) if match else None
    parties = {actor.party or known.party_of(actor.name) for actor in proposal.by}
    return replace(proposal, stance="own") if code is not None and parties == {code} else proposal


def favoured(sentence: str) -> str | None:
    """What a reservation is made in favour of, in its own words."""
    match = _FAVOUR.search(sentence)
    return match.group("what") if match else None


def _joins(text: str, known: Known) -> str | None:
    match = re.search(r"ansl(?:uter|öt|utit) sig till (?P<party>[\wåäöÅÄÖ]+?)s? förslag", text)
    return known.code(match.group("party")) if match else None


def flow_text(rows: Sequence[Row]) -> str:
    return flow(row.line for row in rows).text


def proposals(rows: Sequence[Row], known: Known) -> tuple[tuple[Row, ...], tuple[Proposal, ...]]:
    """(rows that no proposal claims, proposals) of a section of proposals."""
    before, found = turns(rows, "proposal_verbs", known)
    made: list[Proposal] = []
    for turn in found:
        listed = split_points(turn.rows, last_list=True)
        if listed.points and _introduces(listed.before):
            points, text = listed.points, as_quote(listed.rest)
            end = text.span.end if text else points[-1].span.end
            made.append(
                Proposal(
                    turn.actors,
                    "own",
                    Span(_rows_span(turn.rows).start, end),
                    points=points,
                    text=text,
                    joins_party=_joins(flow_text(turn.rows), known),
                )
            )
        else:
            made += _spoken(turn, known)
    return before, tuple(made)


def _introduces(rows: Sequence[Row]) -> bool:
    """Whether a list of points follows as what is moved ("yrkade", "föreslår följande:")."""
    return (
        bool(re.search(r"(?:yrka\w*|yrka\w* gemensamt|följande|besluta\w*|föreslå\w*|att)\s*:?\s*$", flow_text(rows)))
        if rows
        else False
    )


def _spoken(turn: Turn, known: Known) -> Iterator[Proposal]:
    """Proposals told in sentences: "A (C) yrkar återremiss. B (SD) yrkar avslag på förslaget."."""
    whole = flow(row.line for row in turn.rows)
    actors: tuple[Actor, ...] = ()
    for sentence in sentences(whole):
        found = opening(sentence, "proposal_verbs", known)
        if found is not None:
            actors, phrase = found[0], sentence.text[found[1] :]
        else:
            continue
        for choice in choices(phrase):
            made = of_own_party(proposal_of(actors, choice, sentence), choice, known)
            yield replace(made, joins_party=_joins(sentence.text, known))


_TODAY_AND = re.compile(
    r"avgör\w* (?:i ?dag|vid dagens sammanträde)(?P<joint>,? (?:och|samt) )(?:i sak )?(?=bifall|avslag)"
)
_CHOICE = re.compile(r"\bi (?:första|andra|tredje) hand\b")


def choices(phrase: str) -> list[str]:
    """What is moved in the first place and, if that fails, in the second."""
    today = _TODAY_AND.search(phrase)
    if today is not None:
        return [phrase[: today.start("joint")], phrase[today.end() :]]
    starts = [match.start() for match in _CHOICE.finditer(phrase)]
    return [phrase[start:end] for start, end in zip(starts, [*starts[1:], None], strict=False)] or [phrase]


def proposal_of(actors: tuple[Actor, ...], phrase: str, sentence: Flow) -> Proposal:
    stance = stance_of(phrase, "amend" if re.search(r"\batt\b", phrase) else "own")
    if re.match(r"\s*ansl(?:uter|öt) sig", phrase):
        stance = "approve"
    about = first_found("object", phrase, "proposal")
    clause = re.search(r"\batt\b.*$", sentence.text) if stance in ("own", "amend") else None
    points = (Point(clause.group(), sentence.span(*clause.span())),) if clause else ()
    seconds = phrase if _SECONDS.match(phrase) else None
    return Proposal(actors, stance, sentence.span(), about, points, seconds=seconds)


def administration_proposals(stretch: Flow) -> Iterator[Proposal]:
    """ "Förvaltningen föreslår att nämnden …": the proposal before the meeting, as the summary tells it."""
    pattern = re.compile(
        r"(?P<who>(?:[A-ZÅÄÖ][\wåäö]*\s)?[A-ZÅÄÖ]?[\wåäö]*(?:[Ff]örvaltningen|[Kk]ontoret|[Kk]ontorets ledning))\s"
        r"(?:föreslår|föreslog|hemställer)\s(?P<what>att\b[^.]*(?:\.(?=\d)[^.]*)*\.?)"
    )
    for sentence in sentences(stretch):
        match = pattern.match(sentence.text)
        if match is None or not re.search(
            r"\batt:? .*(?:nämnd|styrelse|fullmäktige|utskott|direktion)", match.group("what")
        ):
            continue
        who = Actor(match.group("who"), None, sentence.span(*match.span("who")), is_administration=True)
        point = Point(match.group("what"), sentence.span(*match.span("what")))
        yield Proposal((who,), "own", sentence.span(*match.span()), points=(point,))


def named_administration_proposal(stretch: Flow) -> tuple[Proposal, ...]:
    """The administration's proposal where the § only names it: "bifall till förvaltningens förslag"."""
    match = (
        re.search(r"\b(?P<who>\w*[Ff]örvaltningen|\w*[Kk]ontoret)s förslag(?: till beslut)?", stretch.text)
        if stretch
        else None
    )
    if match is None:
        return ()
    named = stretch.quote(*match.span("who"))
    who = Actor(named.text[0].upper() + named.text[1:], None, named.span, is_administration=True)
    return (Proposal((who,), "own", stretch.span(*match.span())),)


def reservations(
    section: Section, known: Known
) -> tuple[tuple[Row, ...], tuple[Reservation, ...], tuple[Proposal, ...]]:
    """(unclaimed rows, reservations, proposals printed in them); text behind a reservation is its motivation.

    Stockholm's minutes of 2020 print the proposal in the reservation: "till förmån för det egna förslaget;" and
    its points, in quotation marks."""
    before, found = turns(section.rows, "reservation_verbs", known)
    made: list[Reservation] = []
    printed: list[Proposal] = []
    for turn in found:
        head = next((i for i, row in enumerate(turn.rows) if ends_sentence(row.text)), len(turn.rows) - 1) + 1
        listed_at = next((i for i, row in enumerate(turn.rows) if i and _LISTED.match(row.text)), head)
        head = min(head, listed_at)
        motivation = as_quote(turn.rows[head:])
        spoken = list(sentences(flow(row.line for row in turn.rows[:head])))
        for position, sentence in enumerate(spoken):
            opened = opening(sentence, "reservation_verbs", known)
            if opened is None:
                continue
            text = motivation if position == len(spoken) - 1 else None
            span = Span(sentence.span().start, text.span.end) if text else sentence.span()
            made.append(Reservation(opened[0], span, favoured(sentence.text), text))
        listed = split_points(turn.rows[head:])
        if listed.points and made and _OWN.search(made[-1].in_favour_of or ""):
            text = as_quote(listed.rest)
            end = text.span.end if text else listed.points[-1].span.end
            span = Span(listed.points[0].span.start, end)
            printed.append(Proposal(made[-1].by, "own", span, points=listed.points, text=text))
    return before, tuple(made), tuple(printed)


_SAME = re.compile(
    r"\b(?:i (?:detta |samma )?förslaget|(?:detta |samma )?\w*yrkande[tn]?)\b(?! om)|^\s*(?:instämmer|instämde)\W*$"
)
_SECONDS = re.compile(r"[\s:–-]*(?:instämmer|instämde|ansluter sig|anslöt sig|biträder|biträdde)\b", re.IGNORECASE)


def with_seconders(moved: Sequence[Proposal]) -> list[Proposal]:
    """Proposals, those who only agree with what another has moved ("instämmer i A Eks yrkande") named among the
    movers of that; where nobody by that name has moved anything, they stay as they are."""
    kept = [proposal for proposal in moved if proposal.seconds is None]
    for proposal in moved:
        if proposal.seconds is None:
            continue
        joined = [i for i, other in enumerate(kept) if _named_in(proposal.seconds, other.by)]
        if not joined and _SAME.search(proposal.seconds):
            before = [i for i, other in enumerate(kept) if other.span.start < proposal.span.start]
            joined = before[-1:]
        for index in joined:
            others = tuple(a for a in proposal.by if a.name not in {actor.name for actor in kept[index].by})
            kept[index] = replace(kept[index], by=(*kept[index].by, *others))
        if not joined:
            kept.append(proposal)
    return kept


def _named_in(phrase: str, movers: Sequence[Actor]) -> bool:
    first = next((actor.name for actor in movers if actor.name), None)
    return first is not None and re.search(rf"\b{re.escape(first)}(?:s|\b)", phrase) is not None


def with_printed(moved: Sequence[Proposal], printed: Sequence[Proposal]) -> list[Proposal]:
    """Proposals, those without points completed by what their movers' reservations print of them."""
    whole = list(moved)
    for proposal in printed:
        # a whole group that reserves itself has moved by those of its members who spoke
        groups = any(actor.name is None for actor in proposal.by)
        names = {actor.party if groups else (actor.name, actor.party) for actor in proposal.by}
        for index, other in enumerate(whole):
            same = names & {actor.party if groups else (actor.name, actor.party) for actor in other.by}
            if same and other.stance in ("own", "amend") and not (other.points and other.text):
                points = other.points or proposal.points
                whole[index] = replace(other, stance="own", points=points, text=proposal.text)
                break
            if same and other.stance in ("own", "amend"):
                break
        else:
            whole.append(proposal)
    return whole


def statements(section: Section, known: Known) -> tuple[tuple[Row, ...], tuple[Statement, ...]]:
    """(unclaimed rows, statements) of a section of statements of one kind."""
    end = next((i for i, row in enumerate(section.rows) if i and _ADJUSTED.match(row.text)), len(section.rows))
    section = replace(section, rows=section.rows[:end])
    before, found = turns(section.rows, "statement_verbs", known)
    made = [_statement(section.kind, turn) for turn in found]
    if not found and section.rows:
        whole = flow(row.line for row in section.rows)
        by = re.search(r"\b(?:lämnat|lämnats|lämnades|avgavs|avgivits|anmäldes|ingavs)\s(?:av|från)\s", whole.text)
        actors = parse_actors(whole, by.end(), known)[0] if by else parse_actors(whole, 0, known)[0]
        parties, end = parse_parties(whole, 0, known)
        if not actors and parties and verb_of("statement_verbs").match(whole.text, end):
            actors = parties
        if actors and actors[0].span.start - whole.span().start < 200:
            made = [Statement(section.kind, actors, whole.span(), behind_colon(whole))]
            before = ()
    return before, tuple(made)


def behind_colon(whole: Flow) -> Quote | None:
    """What stands behind the colon of an opening sentence."""
    colon = re.match(r"(?:m\.\s?fl\.|[^.:])*:\s", whole.text)
    return whole.quote(colon.end()) if colon and whole.part(colon.end()) else None


def _statement(kind: str, turn: Turn) -> Statement:
    whole = flow(row.line for row in turn.rows)
    first = next(sentences(whole))
    colon = re.compile(r"(?:m\.\s?fl\.|[^.])*?:(?=\s|$)").match(first.text)
    head_end = _head_end(turn.rows)
    if head_end is not None:
        body = as_quote(turn.rows[head_end:])
    elif colon is not None:
        body = whole.quote(colon.end()) if whole.part(colon.end()) else None
    else:
        rest = whole.part(len(first.text))
        body = rest.quote() if rest else None
    endorses = re.search(r"(?:ställ(?:de|er) sig bakom|instäm(?:mer|de) i)\s(?P<what>[^.]+)", first.text)
    if endorses and body is None:
        return Statement(kind, turn.actors, whole.span(), None, first.quote(*endorses.span("what")).text)
    return Statement(kind, turn.actors, whole.span(), body)


def _head_end(rows: Sequence[Row]) -> int | None:
    """Index of the row behind the opening sentence where that ends with a colon at a row's end."""
    for index, row in enumerate(rows[:LOOK_AHEAD]):
        if row.text.endswith(":"):
            return index + 1 if index + 1 < len(rows) else None
        if ends_sentence(row.text):
            return None
    return None


# What somebody did when another body dealt with the matter.
_ELSEWHERE = re.compile(
    r"(?:utskottets|nämndens|styrelsens)\s(?:sammanträde|behandling)\b|^I (?:nämnden|utskottet)\b"
)


def withdrawals(stretch: Flow, known: Known, of_recusals: bool = False) -> Iterator[Withdrawal]:
    """Jäv and not taking part, sentence by sentence; `of_recusals`: the stretch stands under a heading of jäv."""
    for sentence in sentences(stretch):
        recused = re.search(r"\bjäv\b|\bjävig\b", sentence.text) or (
            of_recusals and re.search(r"lämna\w* (?:lokalen|salen|sammanträdet|mötet)", sentence.text)
        )
        abstained = re.search(
            r"(?:delt(?:ar|og) (?:inte|ej)|har (?:inte|ej) deltagit) i (?:beslut|ärendet|handläggning|behandling)"
            r"|avst(?:år|od) från att delta"
            r"|inte delt(?:ar|og) i",
            sentence.text,
        )
        if not (recused or abstained) or _ELSEWHERE.search(sentence.text):
            continue
        opened = _told_of(sentence, known) or opening(sentence, "withdrawal_verbs", known)
        if opened is not None:
            kind = "conflict_of_interest" if recused else "abstention"
            yield Withdrawal(kind, opened[0], sentence.span())


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
