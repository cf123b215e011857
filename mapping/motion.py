"""Motions, interpellations and simple questions as they were handed in: title, demands or questions, authors."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from mapping.actors import parse_actors
from mapping.dates import find_dates
from mapping.flow import Flow, flow
from mapping.known import Known
from mapping.lexicon import BODY
from mapping.matters import questions
from mapping.points import span_of, split_points
from mapping.records import Actor, DocumentRecord, Item, Matter, Point, Proposal, Quote
from mapping.registry_numbers import find
from mapping.rows import Layout, Row
from mapping.setting import Setting
from mapping.single_matter import Piece, cited, letter_date, located, named, own_numbers, pieces, record_of
from mapping.text import Line, Text
from ontology import municipality_code

_WORDS = {
    "motion": "motion",
    "interpellation": "interpellation",
    "enkel fråga": "simple-question",
    "fråga": "simple-question",
}
_WORD = re.compile(r"(?P<word>motion|interpellation|enkel fråga|fråga)\b(?!\s+\d{4}:)", re.I)
_ABOUT = re.compile(
    r"\s+(?:om|angående|ang\.?|gällande|rörande|avseende|beträffande|med förslag om|kring)\s+|\s*:\s+|\s+[–-]\s+",
    re.I,
)
_OPENS = re.compile(r"\s*(?:$|\(|(?:till|av|från|i)\b|med anledning)", re.I)
_LABEL = re.compile(
    r"(?:till|från|av|ställd|motionär(?:er)?|interpellant|dnr|diarie\w*|datum|ink\w*|inlämnad|ankom\w*|sida|box|telefon|e-post|org\.?\s?nr"
    r"|ärende(?:nummer|nr)|undertecknad\w*)\b",
    re.I,
)
_PLACED = re.compile(r"(?:i\s)?[A-ZÅÄÖ][\wåäöé -]{2,30}(?:kommun|KOMMUN|[Ss]tad|STAD)(?:s\s[\wåäö]+)?$")
_BODY_ALONE = re.compile(
    rf"(?:{BODY}(?:en|et|n)?|[\wåäöÅÄÖ -]*(?:fullmäktige|styrelsen|förvaltningen|kontoret|kansliet))$", re.I
)
_ASKS = re.compile(
    r"\b(?:yrkar|föreslår|hemställer|begär)\b(?!\s(?:bifall|avslag))"
    r"|\b(?:får|vill)\s(?:jag|vi)\s(?:\w+\s)?(?:hemställa|föreslå|yrka)\b|\bmåtte besluta\b"
    r"|\b(?:[Dd]ärför|[Hh]ärmed)\s(?:föreslås|yrkas)\b|\b(?:föreslås|yrkas)\s(?:därför|härmed)\b"
    r"|^(?:Förslag(?: till beslut)?|Yrkanden?|Att-satser|Hemställan|Förslag till kommunfullmäktige)\s*:?$"
)
_DEMANDS_BEHIND = re.compile(
    r"\b(?:yrkar|föreslår|hemställer|begär|föreslås|yrkas)\b(?:\s(?:jag|vi|undertecknade?|därför|härmed|\w+partiet|\w+erna))*,?\s*:?\s*(?=att\b)"
)
_TAIL = re.compile(r"(?:[,;] ?(?:samt|och|dels)?| (?:samt|och|dels))$")
_FOR = re.compile(r"(?:För|På uppdrag av|Genom)\s+(?P<party>[\wåäöÅÄÖ][\wåäöÅÄÖ ]{0,40})$")
_CODE = re.compile(r"\b[A-ZÅÄÖ][\wåäöé-]+ [A-ZÅÄÖ][\wåäöé-]+ \(([A-ZÅÄÖ][A-Za-zÅÄÖåäö]{0,4})\)(?=\s*(?:$|\s{3}|\t))")
_SIGN_HERE = re.compile(r"[_.…]{4,}$|.*\b(?:som|dag som|datum som) ovan$")
_SENTENCES = re.compile(r"\.(?:\s+[A-ZÅÄÖ]|$)")
_LEADS = re.compile(
    r"\b(?:till|av|från)\s(?!kommunfullmäktige)(?!.*\s(?:om|angående|ang\.?|gällande|rörande)\s)", re.I
)
_WORD_ABOUT = re.compile(r"^Motion\s(?:om|ang\.?|angående|gällande)\s")
_LONGEST_TITLE = 4  # rows


def read_motion(text: Text, page: Layout, kind: str, known: Known, given: str | None) -> DocumentRecord:
    """What a member or a party hands in to the council: those who signed it, never those named in its argument."""
    rows = page.rows
    known = replace(
        known, codes=known.codes | {code for row in rows[len(rows) // 2 :] for code in _CODE.findall(row.text)}
    )
    where, body = located(text, page, given)
    title, matter_kind, head = _title(rows, known)
    asks, points = _demands(rows[head:], known)
    foot = next((i for i, row in enumerate(rows) if points and row.line.start >= points[-1].span.end), head)
    authors = _merged((*_byline(rows[: head + 3], known), *_signatures(rows[max(foot, len(rows) // 3) :], known)))
    whole, references = cited(page)
    stamp = rows[-4:] if len(rows) - 4 > head else ()
    asked = questions(rows[head:]) if matter_kind != "motion" else ()
    proposals: tuple[Proposal, ...] = ()
    if matter_kind == "motion" and points and authors:
        proposals = (Proposal(authors, "own", span_of(points), points=points),)
    item = Item(
        1,
        whole.span(),
        title,
        item_type="motion" if matter_kind == "motion" else "interpellation",
        registry_numbers=own_numbers((*rows[: min(head + 6, len(rows) - len(stamp))], *stamp), page.furniture[:20]),
        matters=(Matter(matter_kind, _WORD_ABOUT.sub("", title.text), title.span, authors, asked),) if title else (),
        proposals=proposals,
        references=references,
    )
    date, span = letter_date(rows, where)
    where = replace(where, date=date, date_span=span)
    council = body if body and body.text.lower().endswith("fullmäktige") else _council(whole, where)
    return record_of(text, page, kind, where, council, title, item)


def _council(whole: Flow, where: Setting) -> Quote | None:
    """The council, which alone takes motions and questions (Kommunallagen 2017:725, 5 kap. 22 and 59 §§), where a
    document is not addressed to it; a municipality's is told by the word "Motion" too."""
    match = re.search(r"\b(?:kommun|region|landstings)fullmäktige\b", whole.text, re.I)
    if match is not None:
        return whole.quote(*match.span())
    word = _WORD.search(whole.text)
    known_place = where.municipality is not None and where.municipality.isdigit()
    return Quote("Kommunfullmäktige", whole.span(*word.span())) if word and known_place else None


def _title(rows: Sequence[Row], known: Known) -> tuple[Quote | None, str, int]:
    """(title, kind of matter, the row on which the argument begins)."""
    top = [piece for piece in pieces(rows[:40]) if not piece.text.endswith((".", ","))]
    word = next(
        ((piece, match) for piece in top if (match := _WORD.match(piece.text)) and _opens(piece, match)), None
    )
    if word is None:
        return _first_title(rows, 0, known, "motion")
    piece, match = word
    kind = _WORDS[match.group("word").lower()]
    group = _paragraph(rows, piece.row)
    wrapped = rows[piece.row + 1 : piece.row + 2] if len(group) == 1 and _LEADS.search(piece.text) else ()
    if wrapped and not wrapped[0].gap:
        group = (group[0], *_paragraph(rows, piece.row + 1))  # "… ordförande Ada / Fors (S) om …"
    lines = [piece.line, *(row.line for row in group[1:])]
    stretch = flow(lines)
    about = _ABOUT.search(stretch.text, match.end()) if stretch.text[match.end() :].strip() else None
    if about is not None and about.start() == match.end() and _WORD_ABOUT.match(stretch.text):
        return stretch.quote(), kind, piece.row + len(group)  # "Motion om …": the line is the title
    if about is not None and _OPENS.match(stretch.text[match.end() : about.start()]):
        return stretch.quote(about.end()), kind, piece.row + len(group)
    inline = stretch.text[match.end() :].strip()
    if inline and not _OPENS.match(inline) and not find_dates(piece.text) and len(piece.text) > match.end() + 8:
        start = len(stretch.text) - len(inline)
        return stretch.quote(start), kind, piece.row + len(group)
    below = _first_title(rows, piece.row + 1, known, kind)
    if below[0] is not None and not _SENTENCES.search(below[0].text):
        return below
    above = _first_title(rows[: piece.row], 0, known, kind)
    return (above[0], kind, piece.row + 1) if above[0] is not None else below


def _opens(piece: Piece, match: re.Match[str]) -> bool:
    """Whether the word stands as what the document is: alone, addressed, or before its title."""
    rest = piece.text[match.end() :]
    return not rest or bool(_OPENS.match(rest) or _ABOUT.match(rest) or rest.startswith(("  ", ",", " ")))


def _first_title(rows: Sequence[Row], start: int, known: Known, kind: str) -> tuple[Quote | None, str, int]:
    """The first paragraph from a row on that is no label, address, date, name or stamp."""
    for index in range(start, min(len(rows), start + 25)):
        parts = list(pieces(rows[index : index + 1]))
        if len(parts) != 1 or _labels(parts[0], known):
            continue
        group = _paragraph(rows, index)
        title = flow(row.line for row in group).quote()
        return (title if len(title.text) < 240 else None), kind, index + len(group)
    return None, kind, start


def _labels(piece: Piece, known: Known) -> bool:
    """Whether a piece of a letter's head is no title."""
    text = piece.text
    if _LABEL.match(text) or _BODY_ALONE.match(text) or _PLACED.match(text) or find(text, labelled=True):
        return True
    if find_dates(text) or re.search(r"[:.,]$", text) or not re.search(r"[^\W\d_]{3}", text):
        return True
    party = known.code(text) or known.code(text.split(" ")[0])
    return bool(party) or municipality_code(text) is not None or bool(named(piece, known)) or len(text) < 5


def _paragraph(rows: Sequence[Row], start: int) -> tuple[Row, ...]:
    """The rows of a title: to the paragraph's end, or where blank lines are lost, to the first row that opens a
    sentence of its own."""
    group = [rows[start]]
    while start + len(group) < len(rows) and len(group) <= _LONGEST_TITLE:
        row = rows[start + len(group)]
        if row.gap:
            return tuple(group)
        group.append(row)
    kept = [group[0]]
    for row in group[1:]:
        goes_on = re.search(r"(?:[-,]|\b(?:och|i|på|för|av|till|med|om|vid|från|att|den|det|de))$", kept[-1].text)
        if not (row.text[0].islower() or goes_on) or len(kept) == _LONGEST_TITLE:
            break
        kept.append(row)
    return tuple(kept)


def _demands(rows: Sequence[Row], known: Known) -> tuple[int | None, tuple[Point, ...]]:
    """(the row that asks, what is asked): the last list behind "yrkar", else the clause behind it."""
    asking = [i for i, row in enumerate(rows) if _ASKS.search(row.text)]
    end = next((i for i in range(asking[-1] + 1, len(rows)) if _signs(rows, i, known)), len(rows)) if asking else 0
    for index in reversed(asking):
        behind = [_less_both(row) for row in rows[index + 1 : end]]
        for style in ("numbered", "att", "dash"):
            split = split_points(behind, style)
            if split.points and len(split.before) <= 2 and len(split.points[0].text) < 1500:
                if (
                    style == "att"
                    and split.before
                    and not split.before[-1].text.endswith((":", "att", "besluta", "beslutar"))
                ):
                    continue
                return index, tuple(_trimmed(point) for point in split.points)
    for index in reversed(asking):
        stretch = flow(row.line for row in rows[index:end])
        match = _DEMANDS_BEHIND.search(stretch.text)
        if match is None or match.start() > len(rows[index].text):
            continue
        stop = re.search(r"(?<!\bkap)(?<!\bca)(?<!\bbl\.a)\.(?=\s+[A-ZÅÄÖ]|$)", stretch.text[match.end() :])
        clause = stretch.part(match.end(), match.end() + stop.start() if stop else None)
        return index, (Point(clause.text, clause.span()),)
    return None, ()


def _less_both(row: Row) -> Row:
    """A row without the "dels" before its att-clause."""
    match = re.match(r"\s*[Dd]els\s+(?=att\b)", row.line.text)
    if match is None:
        return row
    line = Line(row.line.text[match.end() :], row.line.start + match.end())
    return replace(row, line=line, text=line.text.strip())


def _trimmed(point: Point) -> Point:
    """An att-clause without the word that joins it to the next."""
    return replace(point, text=_TAIL.sub("", point.text) or point.text)


def _signs(rows: Sequence[Row], index: int, known: Known) -> bool:
    """Whether a row is where the signatures begin: place and date, "För partiet", lines to sign on, names."""
    row = rows[index]
    parts = list(pieces((row,)))
    if all(_FOR.match(part.text) or _SIGN_HERE.match(part.text) for part in parts):
        return True
    dates = find_dates(row.text)
    if dates and len(dates) == 1 and not re.match(r"[Aa]tt\b|\d{1,2}[.)]|[-•]", row.text):
        rest = (row.text[: dates[0].start] + row.text[dates[0].end :]).strip(" ,.")
        if len(rest) < 30 and rest.count(" ") < 3 and not row.text[0].islower():
            return True
    people = [named(part, known) for part in parts]
    return all(people) and (row.gap or len(parts) > 1 or any(actor.party for found in people for actor in found))


def _signatures(rows: Sequence[Row], known: Known) -> tuple[Actor, ...]:
    """Those whose names stand alone at the end, with the party printed behind, below or above the name."""
    start = next((i for i in range(len(rows)) if _signs(rows, i, known)), None)
    if start is None:
        return ()
    parts = list(pieces(rows[start:]))
    headings = [(part, _party(part, known)) for part in parts if _FOR.match(part.text) or _party(part, known)]
    found: list[Actor] = []
    for part in parts:
        for actor in () if any(part is heading for heading, _ in headings) else named(part, known):
            party = actor.party or _party_at(part, headings)
            found.append(replace(actor, party=party, party_verbatim=actor.party_verbatim or party))
    return tuple(found)


def _party(piece: Piece, known: Known) -> str | None:
    """The party that a piece names and nothing else: "För Centerpartiet", "Liberalerna", "(S)"."""
    match = _FOR.match(piece.text)
    printed = match.group("party") if match else piece.text.strip("()")
    words = printed.split()
    tries = [" ".join(words[:length]) for length in range(len(words), 0, -1)]
    if match is None:
        tries = tries[:1]
    return next((code for name in tries if (code := known.code(name))), None) if words else None


def _party_at(piece: Piece, headings: Iterable[tuple[Piece, str | None]]) -> str | None:
    """The party of a name that prints none: below it at once, else above its column, else above all names."""
    headings = list(headings)
    below = [code for part, code in headings if part.row == piece.row + 1 and abs(part.column - piece.column) < 12]
    above = [(part, code) for part, code in headings if part.row < piece.row]
    if below and not above:
        return below[0]
    if not above:
        return None
    row = max(part.row for part, _ in above)
    beside = [(abs(part.column - piece.column), code) for part, code in above if part.row == row]
    return min(beside, key=lambda pair: pair[0])[1]


def _byline(rows: Sequence[Row], known: Known) -> tuple[Actor, ...]:
    """Those said in the head to be the authors: "Av Anna Ek (S)", "Ställd av: …", "Motion från …"."""
    for row in rows:
        match = re.match(
            r"(?:(?:Motion|Interpellation|Enkel fråga|Fråga)\s+)?(?:ställd |väckt |inlämnad )?"
            r"(?:av|från|motionär(?:er)?|frågeställare|interpellant)\s*:?\s+",
            row.text,
            re.I,
        )
        if match is None:
            continue
        stretch = flow((row.line,))
        actors, _ = parse_actors(stretch, match.end(), known)
        if actors and all(actor.name for actor in actors):
            return actors
    return ()


def _merged(actors: Iterable[Actor]) -> tuple[Actor, ...]:
    """Everybody once, with the party that any of the mentions prints."""
    kept: dict[str | None, Actor] = {}
    for actor in actors:
        before = kept.get(actor.name)
        kept[actor.name] = (
            replace(
                before,
                party=before.party or actor.party,
                party_verbatim=before.party_verbatim or actor.party_verbatim,
            )
            if before
            else actor
        )
    return tuple(kept.values())
