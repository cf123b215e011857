"""What an item is about: motions, members' letters with their questions, interpellations, citizens' proposals."""

import re
from collections.abc import Sequence

from mapping.actors import parse_actors
from mapping.flow import Flow, flow, sentences
from mapping.known import Known
from mapping.records import Actor, Matter, Point, Quote
from mapping.rows import Row
from mapping.text import Span

_KINDS = (
    ("motion", re.compile(r"\b[Mm]otion(?:en|er|ssvar)?\b")),
    ("interpellation", re.compile(r"\b[Ii]nterpellation(?:en)?\b")),
    ("simple-question", re.compile(r"\b[Ee]nkel fråga\b|^Fråga (?:av|från|till)\b")),
    ("citizen-proposal", re.compile(r"\b[Mm]edborgarförslag|\b[Ee]-förslag|\b[Ii]nvånarförslag")),
    ("member-letter", re.compile(r"\b[Ss]krivelse\b|\b[Ll]edamotsinitiativ")),
    ("referral", re.compile(r"\b[Rr]emiss(?:en)?\b")),
)
_MATTER_WORD = {
    "motion": r"[Mm]otion(?:en)?",
    "interpellation": r"[Ii]nterpellation(?:en)?",
    "simple-question": r"(?:[Ee]nkel )?[Ff]råga",
    "citizen-proposal": r"[Mm]edborgarförslag(?:et)?",
    "member-letter": r"[Ss]krivelse(?:n)?",
    "referral": r"[Rr]emiss(?:en)?",
}
_ABOUT = r"(?:\s(?:om(?=\s)|angående|gällande|rörande|avseende|kring|med förslag om)|\s?[:–]|\s-)\s+"
_BY = (
    r"(?:\s*\(\d{4}:\d+\)|\s+(?:nr\.? )?\d{1,4}[:/]\d{2,4}(?=\s))?"
    r"(?:\s*\((?!båda)(?:[A-Za-zÅÄÖåäö!]{1,5}|5[Dd]?|1)\)(?=\s*[–:-]|\s(?:om|angående)\b|\s[A-ZÅÄÖ]))?"
    r"(?:\s(?:av|från|ifrån)\s(?:\([A-ZÅÄÖ]{1,4}\)(?=\s(?:om|angående)\b))?)?"
)
_LETTER_TITLE = re.compile(
    r"(?:Skrivelse|Ledamotsinitiativ|Fråga)\s(?:om|angående|gällande|avseende|rörande|kring|från|till)\b|Skrivelse\b"
)
_ANNOUNCES_LETTERS = re.compile(r"\bskrivelser\b.*\bledam|\bledam\w+ skrivelser\b", re.I)
_SENTENCE = (".", "?", ":", ",")
_QUESTIONS_FOLLOW = re.compile(r"(?:[Ff]rågor|svar på|undrar|frågar|frågorna|fråga|följande)[^.?]*:$")
_MARK = re.compile(r"(?:\d{1,2}[.)]|[-–•·\uf0b7*])\s+")


def kind_of(title: str) -> str | None:
    words = title.lower() if title.isupper() else title
    return next((kind for kind, pattern in _KINDS if pattern.search(words)), None)


def item_matter(title: Quote | None, title_flow: Flow, below: Flow, summary: Flow, known: Known) -> Matter | None:
    """The matter that an item's title names, its authors from the title or the summary."""
    if title is None:
        return None
    kind = kind_of(title.text)
    if kind is None or re.search(r"\bskrivelser\b|\bmotioner\b", title.text, re.I):
        return None
    name, authors = _named(title_flow, kind, known)
    if title.text.isupper():
        # a shouted title: its words are found in lower case, its name is quoted as printed
        lower = title_flow.text.lower()
        told, _ = _named(Flow(lower, title_flow.offsets), kind, known)
        at = lower.find(told)
        name = title_flow.text[at : at + len(told)] if at >= 0 else name
    if not any(author.name for author in authors):
        authors = _authors(summary, kind, known) or authors
    if kind == "citizen-proposal":
        authors = ()
    asks = kind == "simple-question" and not re.search(r"\b[Ee]nkel fråga\b", title.text)
    if asks or kind in ("member-letter", "referral"):
        # the public may ask and write too; who has no party and no seat is a private person
        seated = {actor.name for actor in known.roll}
        authors = tuple(author for author in authors if author.party or author.name is None or author.name in seated)
    referred = _referred_by(title_flow, below, summary)
    stage = "answered" if re.search(r"\bsvar\b", below.text + title.text, re.I) else None
    return Matter(kind, name, title.span, authors, stage=stage, referred_by=referred)


_BEHIND_DASH = re.compile(r"\s[–-]\s(?=[A-ZÅÄÖ][^–]{3,80}\([A-Za-zÅÄÖåäö]{1,5}\)$)")
_BELOW = re.compile(r"(?:Motion|Interpellation|Enkel fråga|Fråga|Medborgarförslag|Skrivelse)\b")


def matter_below(title: Quote | None, below: Flow, known: Known) -> Matter | None:
    """The matter that the line below a title tells ("Motion den 26 januari 2015 av A Ek"), named as the title."""
    if title is None or not below or not _BELOW.match(below.text):
        return None
    kind = kind_of(below.text)
    by = re.search(r"\s(?:av|från)\s(?=[A-ZÅÄÖ])", below.text)
    authors = parse_actors(below, by.end(), known)[0] if by and kind != "citizen-proposal" else ()
    return Matter(kind, title.text, title.span, tuple(a for a in authors if a.name)) if kind else None


def _named(title: Flow, kind: str, known: Known) -> tuple[str, tuple[Actor, ...]]:
    """(the matter's own name, authors named in the title)."""
    word = re.search(rf"\b{_MATTER_WORD[kind]}{_BY}", title.text)
    if word is None or kind == "member-letter":
        return title.text, ()
    actors, end = parse_actors(title, word.end(), known)
    rest = title.text[end:] if actors else title.text[word.end() :]
    if kind == "referral" and word.group().endswith("från "):
        # who refers is no name of what is referred
        what = re.search(_ABOUT, rest)
        if what is None:
            return title.text, ()
        rest = rest[what.start() :]
    if kind in ("interpellation", "simple-question"):
        rest = re.sub(r"^\s*till\s.*?(?=\s(?:om|angående)\s)", "", rest)
    about = re.match(_ABOUT, rest if rest.startswith((" ", ":")) else f" {rest}")
    offset = 0 if rest.startswith((" ", ":")) else 1
    name = rest[about.end() - offset :] if about else rest
    name = re.sub(r"^(?:om|angående|gällande)\s+", "", name.strip())
    behind = re.search(r"\s(?:av|från)\s(?=[A-ZÅÄÖ])", name)
    if behind and not actors:
        offset = title.text.find(name)
        actors, end = parse_actors(title, offset + behind.end(), known) if offset >= 0 else ((), 0)
        name = name[: behind.start()] if actors and end == len(title.text) else name
    if not actors and (by := _BEHIND_DASH.search(name)) and (offset := title.text.find(name)) >= 0:
        named, end = parse_actors(title, offset + by.end(), known)
        if named and end == len(title.text):
            actors, name = named, name[: by.start()]
    name = re.sub(r"\.\s+(?:Svar|Yttrande|Remissvar|Remiss)\b.*$", "", name)
    name = re.sub(r"\s*\((?:nr\.?\s)?\d{1,4}[/:]\d{2,4}\)$", "", name)
    return (name.strip(" -–:") or title.text), actors


def _authors(summary: Flow, kind: str, known: Known) -> tuple[Actor, ...]:
    """Authors told in the summary: "en motion från A (M)", "Motionen är skriven av A, SD", "A har i en motion"."""
    word = _MATTER_WORD[kind]
    behind = re.compile(
        rf"(?:\b{word}|\bmotionär(?:en|erna)?|\b(?:skriven|väckt|inlämnad|lämnad|författad|undertecknad|inkommit|inkommen))"
        r"[^.]{0,60}?\s(?:av|från|ifrån)\s(?=[A-ZÅÄÖ])"
    )
    # "I en motion till kommunfullmäktige föreslår A B att …"
    asked = re.compile(
        rf"^[Ii] (?:en )?{word}[^.]{{0,60}}?\s(?:föreslår|föreslog|yrkar|begär|vill|undrar)\s(?=[A-ZÅÄÖ])"
    )
    direct = re.compile(r"\b[Mm]otionär(?:en|erna)\s(?=[A-ZÅÄÖ])")
    for sentence in sentences(summary):
        if not re.search(rf"\b{word}|[Mm]otionär", sentence.text):
            continue
        for pattern in (behind, asked, direct):
            for match in pattern.finditer(sentence.text):
                actors, _ = parse_actors(sentence, match.end(), known)
                named = tuple(actor for actor in actors if actor.name)
                if named:
                    return named
        bullet = re.match(r"[-–•]\s", sentence.text)
        actors, end = parse_actors(sentence, bullet.end() if bullet else 0, known)
        if (
            actors
            and actors[0].name
            and re.match(r"[\s,]*(?:har|föreslår|föreslog|väckte|lämnade|ställde|inkom)\b", sentence.text[end:])
        ):
            return actors
    return ()


def _referred_by(title: Flow, below: Flow, summary: Flow) -> Quote | None:
    pattern = re.compile(r"(?:[Rr]emiss(?:en)? från|[Ss]var till)\s(?P<body>[\wåäö-]+)")
    if match := pattern.search(title.text):
        return title.quote(*match.span("body"))
    if match := pattern.search(below.text):
        return below.quote(*match.span("body"))
    match = re.search(r"(?P<body>[Kk]ommunstyrelsen|[Kk]ommunfullmäktige) har[^.]{0,40} remitterat", summary.text)
    return summary.quote(*match.span("body")) if match else None


def announces_letters(title: Quote | None) -> bool:
    """Whether an item is where members' letters are handed in ("Anmälan av skrivelser från nämndens ledamöter")."""
    return title is not None and bool(_ANNOUNCES_LETTERS.search(title.text))


def letters(rows: Sequence[Row], known: Known, announced: bool = False) -> tuple[Matter, ...]:
    """Members' letters printed whole under "Nämndens frågor": a title, a line of authors, the text, the questions.
    `announced`: the item is about letters, so that a title need not say what it is the title of."""
    starts: list[tuple[int, int]] = []
    for index, row in enumerate(rows):
        opens = index == 0 or row.gap or re.search(r"[.?!:]$", rows[index - 1].text)
        untold = announced and (index == 0 or row.gap) and row.text[0].isupper() and not row.text.endswith(_SENTENCE)
        if not opens or not (untold or _LETTER_TITLE.match(row.text)):
            continue
        length = _author_row(rows, index, known)
        if length is not None:
            starts.append((index, length))
    if not starts:
        return ()
    ends = [start for start, _ in starts[1:]] + [len(rows)]
    found = (_letter(rows[start:end], length, known) for (start, length), end in zip(starts, ends, strict=True))
    return tuple(letter for letter in found if letter is not None)


_LETTER_POINT = re.compile(
    r"(?P<title>(?:Skrivelse|Ledamotsinitiativ)\s(?:om|angående|gällande|avseende)\s.+?)"
    r"\s(?:från|av)\s(?=[A-ZÅÄÖ])"
)


def letters_in_points(points: Sequence[Point], whole: Flow, known: Known) -> tuple[Matter, ...]:
    """Letters that a decision hands on: "1. Skrivelse om väntetider från A B m.fl. (S)."."""
    found: list[Matter] = []
    for point in points:
        match = _LETTER_POINT.match(point.text)
        begin = whole.text.find(point.text)
        if match is None or begin < 0:
            continue
        actors, _ = parse_actors(whole, begin + match.end(), known)
        if actors and actors[0].name:
            found.append(Matter("member-letter", match.group("title"), point.span, actors, stage="raised"))
    return tuple(found)


def _author_row(rows: Sequence[Row], at: int, known: Known) -> int | None:
    """How many rows the letter's title takes before a row of authors; None where no such row follows."""
    for length in range(1, 5):
        if at + length >= len(rows):
            return None
        stretch = flow(row.line for row in rows[at + length : at + length + 3])
        actors, end = parse_actors(stretch, 0, known)
        if (
            actors
            and actors[0].name
            and actors[0].party
            and _ends_row(rows[at + length : at + length + 3], stretch, end)
        ):
            return length
    return None


def _ends_row(rows: Sequence[Row], stretch: Flow, end: int) -> bool:
    """Whether a list of names ends where a row ends."""
    last = stretch.offsets[end - 1] + 1
    return any(row.line.start + len(row.line.text.rstrip()) == last for row in rows)


def _letter(rows: Sequence[Row], title_rows: int, known: Known) -> Matter | None:
    title = flow(row.line for row in rows[:title_rows])
    authors_flow = flow(row.line for row in rows[title_rows : title_rows + 3])
    authors, end = parse_actors(authors_flow, 0, known)
    if not authors:
        return None  # the next letter starts where the authors were expected
    last = authors_flow.offsets[end - 1]
    body = [row for row in rows[title_rows:] if row.line.start > last]
    span = Span(title.span().start, rows[-1].end)
    return Matter("member-letter", title.text, span, authors, questions(body), stage="raised")


def _with_row_before(rows: Sequence[Row], index: int) -> str:
    """A row's text behind that of the row before in its paragraph: "Därför undrar / vi:"."""
    row = rows[index]
    return row.text if index == 0 or row.gap else f"{rows[index - 1].text} {row.text}"


def questions(rows: Sequence[Row]) -> tuple[Quote, ...]:
    """The list of questions behind "frågor:", "svar på:" …, one per mark or lost bullet; none where no list is."""
    opening = [i for i in range(len(rows) - 1) if _QUESTIONS_FOLLOW.search(_with_row_before(rows, i))]
    start = (
        opening[-1] + 1
        if opening
        else next((i for i, row in enumerate(rows) if row.text.rstrip(":") == "Frågor"), None)
    )
    if start is None:
        return ()
    groups: list[list[Row]] = []
    for row in rows[start:]:
        if _MARK.match(row.text) or (row.indented and row.text[0].isupper()) or not groups:
            groups.append([row])
        elif row.gap and groups[-1][-1].text.endswith("?") and not row.indented:
            break
        else:
            groups[-1].append(row)
    asked = []
    for group in groups:
        stretch = flow(row.line for row in group)
        mark = _MARK.match(stretch.text)
        if "?" in stretch.text:
            asked.append(stretch.quote(mark.end() if mark else 0))
    return tuple(asked)
