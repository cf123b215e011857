"""Who was there as sentences tell: in the § of the roll call ("Som ersättare inträder A B för C D.", Malmö until
2015), or on a cover without columns ("Närvarande var A B (S), ordförande, …")."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from mapping.actors import parse_actors
from mapping.flow import Flow, sentences
from mapping.known import Known
from mapping.partial_presence import paragraph_numbers
from mapping.presence import role_told
from mapping.records import Actor, Attendance

ROLL_CALL = re.compile(r"\b(?:[Uu]pprop|[Nn]ärvaro|[Ii]nledning|[Tt]jänstgörande ersättare|[Öö]ppnande|[Öö]ppnas)\b")
_PRESENT = re.compile(
    r"(?:(?:Närvarande|Beslutande|Tjänstgörande)"
    r"(?:[\w ]{0,30}?\s(?:var|voro|är)|\svid (?:uppropet|sammanträdet|mötet)(?=:))"
    r"|[Ff]öljande\b[^.:]{0,40}\s(?:var|är) närvarande)\s?:?\s"
)
_PIECE_END = re.compile(r",\s(?:(?:och|samt)\s)?|\s(?:och|samt)\s|[.;]|$")
_FOR = re.compile(
    r"\s(?:(?:tjänstgör|inträder|inträdde|tjänstgjorde|ersätter)\s?)?(?:för|i ?stället för|istf|ersätter)\s"
)
_SERVES = re.compile(r"\b(?:inträder|inträdde|tjänstgör|tjänstgjorde|inkallas|inkallats|ersätter|ersättare)\b")
_LEAVES = re.compile(
    r"(?P<when>(?:[Ee]fter|[Ff]rån och med|[Ff]r\.o\.m\.|[Uu]nder|[Vv]id)\s[^.]{0,40}?§§?\s?\d{1,4})?[^.§]{0,30}?"
    r"\b(?:lämnar|lämnade|avviker|avvek)\s(?=[A-ZÅÄÖ])"
)
_IN_PLACE = re.compile(
    r"\bi (?:hans|hennes|dennes|dennas|deras) (?:ställe|plats) (?:inträder|inträdde|tjänstgör\w*)\s"
)
# "… infinner sig efter § 75", "… lämnar sammanträdet efter § 77 och ersätts av C D"
_COMES_OR_GOES = re.compile(
    r"\s(?:lämnar|lämnade|avviker|avvek|infinner sig|infann sig|anländer|anlände|ankommer|ankom|inställer sig)\b"
    r"[^.§]{0,60}§§?\s?\d{1,4}"
)
_REPLACED_BY = re.compile(r"(?:^|\s)(?:ersätts|ersattes|ersätta) av\s(?=[A-ZÅÄÖ])|\bvarvid\s(?=[A-ZÅÄÖ])")
_ALL_BUT = re.compile(r"[\s,]+(?:utom|förutom|med undantag (?:av|för)|dock (?:ej|inte))\b")
_OPENED = re.compile(
    r"\b(?:öppna[rs]?|öppnades|öppnade|leddes|leds|ledde)\b.{0,60}?\sav\s(?:mötes)?ordförande[n]?\s(?=[A-ZÅÄÖ])"
    r"|^(?:Mötets o|O)rdförande[n]?\s(?=[A-ZÅÄÖ][^.]{3,50}\s(?:öppna|hälsa|förklara))"
)
_KEEPS = re.compile(
    r"\b(?:[Ss]ekreterare|[Pp]rotokollförare)\s(?:är|var|vid (?:mötet|sammanträdet) (?:är|var))\s(?=[A-ZÅÄÖ])"
)


def told_attendance(stretches: Iterable[Flow], known: Known, every: Sequence[int]) -> Iterator[Attendance]:
    """The attendance that stretches of running text tell, sentence by sentence. `every`: all § numbers."""
    serving: dict[str | None, Attendance] = {}
    for sentence in (sentence for stretch in stretches for sentence in sentences(stretch)):
        if present := _PRESENT.match(sentence.text):
            but = _ALL_BUT.search(sentence.text, present.end())
            yield from _listed(sentence.part(present.end(), but.start() if but else None), known, every)
        elif (moves := _COMES_OR_GOES.search(sentence.text)) and (
            actor := _all_before(sentence, moves.start(), known)
        ):
            came_or_went, *others = _moved(sentence, actor, moves, known, every)
            serves = serving.get(actor.name)
            role, replaced = (serves.role, serves.substitutes_for) if serves else ("member", None)
            yield replace(came_or_went, role=role, substitutes_for=replaced)
            yield from others
        elif leaves := _LEAVES.search(sentence.text):
            yield from _left(sentence, leaves, known, every)
        elif _SERVES.search(sentence.text):
            told = tuple(_serving(sentence, known, every))
            serving.update({entry.actor.name: entry for entry in told})
            yield from told
        for pattern, role in ((_OPENED, "chair"), (_KEEPS, "secretary")):
            if (match := pattern.search(sentence.text)) and (actor := _person(sentence, match.end(), known)):
                yield Attendance(actor, role)


def _pieces(stretch: Flow) -> Iterator[Flow]:
    at = 0
    for match in _PIECE_END.finditer(stretch.text):
        if match.start() > at:
            yield stretch.part(at, match.start())
        at = match.end()


def _person(stretch: Flow, at: int, known: Known) -> Actor | None:
    actors, _ = parse_actors(stretch, at, known)
    return actors[0] if actors and actors[0].name else None


def _all_before(stretch: Flow, end: int, known: Known) -> Actor | None:
    """The one person whose name is all that stands before a place in a stretch."""
    actors, stop = parse_actors(stretch, 0, known)
    return actors[0] if len(actors) == 1 and actors[0].name and stop == end else None


def _moved(
    sentence: Flow, actor: Actor, moves: re.Match[str], known: Known, every: Sequence[int]
) -> Iterator[Attendance]:
    """ "A B lämnar sammanträdet efter ärendet § 77 och ersätts av C D": who came or went, and who then served."""
    note = moves.group().strip()
    numbers = paragraph_numbers(note, every)
    yield Attendance(actor, "member", None, numbers, note)
    by = _REPLACED_BY.search(sentence.text, moves.end())
    came = _person(sentence, by.end(), known) if by else None
    if by is None or came is None:
        return
    since = None if numbers is None else tuple(n for n in every if n not in numbers)
    of_other = re.compile(r"\bersättare för\s(?=[A-ZÅÄÖ])").search(sentence.text, by.end())
    replaced = _person(sentence, of_other.end(), known) if of_other else actor
    yield Attendance(came, "serving-substitute", replaced, since, note)


def _listed(stretch: Flow, known: Known, every: Sequence[int]) -> Iterator[Attendance]:
    """ "Anna Ek (S), ordförande, Bo Alm (M) och Cia Dal (V), §§ 2-5"."""
    found: list[Attendance] = []
    for piece in _pieces(stretch):
        actor = _person(piece, 0, known)
        if actor is not None:
            found.append(Attendance(actor, role_told(actor.title or "") or "member"))
        elif found and (role := role_told(piece.text)):
            found[-1] = replace(found[-1], role=role)
        elif found and "§" in piece.text:
            found[-1] = replace(found[-1], paragraphs=paragraph_numbers(piece.text, every), note=piece.text)
        elif found and re.match(r"(?:kommun|nämnd)?sekreterare\b", piece.text):
            found[-1] = replace(found[-1], role="secretary")
    yield from found if len(found) > 1 else ()


def _serving(sentence: Flow, known: Known, every: Sequence[int]) -> Iterator[Attendance]:
    """ "Som ersättare inträder A B för C D och E F (S) för G H (S)", "A B (S) tjänstgör för C D (S), §§ 3-5"."""
    opened = re.match(
        r"[^A-ZÅÄÖ]*[A-ZÅÄÖ]\w*[^A-ZÅÄÖ:]*?(?:inträder|inträdde|tjänstgör\w*|inkalla\w+):?\s", sentence.text
    )
    begin = opened.end() if opened and not _person(sentence, 0, known) else 0
    for piece in _pieces(sentence.part(begin)):
        actors, end = parse_actors(piece, 0, known)
        serves = _FOR.match(piece.text, end) if len(actors) == 1 and actors[0].name else None
        replaced = _person(piece, serves.end(), known) if serves else None
        if replaced is not None:
            note = piece.text[end:].strip()
            yield Attendance(actors[0], "serving-substitute", replaced, paragraph_numbers(note, every), note)


def _left(sentence: Flow, leaves: re.Match[str], known: Known, every: Sequence[int]) -> Iterator[Attendance]:
    """ "Efter § 55 lämnar A B sammanträdet och i hans ställe inträder C D": who went, and who came instead."""
    gone = _person(sentence, leaves.end(), known)
    number = re.search(r"\d+$", leaves.group("when") or "")
    if gone is None or number is None:
        return
    after = leaves.group("when").lower().startswith("efter")
    before = f"t.o.m. § {number.group()}" if after else f"före § {number.group()}"
    since = f"efter § {number.group()}" if after else f"fr.o.m. § {number.group()}"
    yield Attendance(gone, "member", None, paragraph_numbers(before, every), leaves.group("when"))
    place = _IN_PLACE.search(sentence.text, leaves.end())
    if place and (came := _person(sentence, place.end(), known)):
        yield Attendance(came, "serving-substitute", gone, paragraph_numbers(since, every), leaves.group("when"))
