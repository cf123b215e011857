"""People, party groups and offices in running text: "Ordföranden A B m.fl. (S), C D (V) och E F (MP)"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from mapping.flow import Flow
from mapping.lexicon import lexicon
from mapping.records import Actor
from ontology import party_code

WORD = r"[A-ZÅÄÖÉÜØÆ][\wåäöéèüøæáíóñçšžć’']*(?:-[\wåäöéüá]+)*"
_INITIAL = r"[A-ZÅÄÖ]\.?"


@cache
def _name() -> re.Pattern[str]:
    particles = "|".join(lexicon("people")["particles"])
    part = rf"(?:[A-ZÅÄÖ]\.(?=\s)|(?:al|el|ben|bin)-{WORD}|{WORD}|{_INITIAL}(?=\s))"
    return re.compile(rf"{WORD}(?:\s(?:(?:{particles})\s)?{part}){{1,4}}")


@cache
def _posts() -> re.Pattern[str]:
    posts = sorted(lexicon("people")["posts"], key=len, reverse=True)
    endings = "|".join(sorted(lexicon("people")["office_endings"], key=len, reverse=True))
    office = rf"(?:(?:[Tt]illförordnad|[Tt]f\.?|[Bb]iträdande|[Ss]enior)\s)?[\wåäöÅÄÖ-]{{0,30}}(?:{endings})"
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, posts))}|{office})\b", re.IGNORECASE)


@cache
def _no_names() -> frozenset[str]:
    return frozenset(lexicon("people")["no_names"])


_PARTY = re.compile(r"\(\s?(?:båda |alla )?(?P<code>[A-Za-zÅÄÖåäö!.]{1,6}|[-–]{1,2}|5[Dd]?|[1|])\s?\)")
_OTHERS = re.compile(r"m\. ?fl\.?|m\.?fl\.?|m fl\.?|med flera(?: ledamöter)?")
_BARE_PARTY = re.compile(r"(?P<code>[A-ZÅÄÖ][A-Za-zÅÄÖåäö]{0,4})(?=\s*(?:,|\.|$|\s(?:och|samt|har|om|som)\b))")
_BARE_AFTER = re.compile(r",\s(?P<code>[A-ZÅÄÖ]{1,3}),?(?=\s(?:och|samt)\s[A-ZÅÄÖ]|,\s[A-ZÅÄÖ][a-zåäö])")
# "Anna Ek, s, ordf" (small northern municipalities)
_LOWER_AFTER = re.compile(r",\s(?P<code>s|m|c|v|kd|kds|fp|mp|l|sd|nyd)(?=,|$|\s(?!fl\b|ordf|vice)|\.)")
_PARTY_WORD = re.compile(r"(?:de |De )?[A-ZÅÄÖa-zåäö][\wåäöÅÄÖ-]*(?: samlingspartiet| de gröna| initiativ)?")
_GROUP = re.compile(
    r"(?:(?:samtliga|alla|hela)\s)?(?:(?:närvarande|tjänstgörande|ordinarie)\s)?"
    r"(?:(?:ledamöter|ledamöterna|ersättare|ersättarna|gruppen)(?:\s(?:och|samt)\s(?:tjänstgörande\s)?ersättar(?:e|na))?)"
    r"\s(?:för|i|från|ur|inom)\s",
    re.IGNORECASE,
)
_ALL_MEMBERS = re.compile(
    r"(?:samtliga|alla)\s(?:ledamöter|ledamöterna|ersättare|närvarande)\s\((?P<code>[\wÅÄÖåäö!]{1,5})\)",
    re.IGNORECASE,
)
_GROUP_NAMED = re.compile(r"\(?(?P<party>[\wåäöÅÄÖ]{1,20}?)\)?(?:s ledamöter|-gruppen|gruppen|s grupp)\b")
# "Moderata samlingspartiets och Folkpartiet liberalernas ledamöter"
_GROUPS_OWNED = re.compile(r"(?P<parties>[A-ZÅÄÖ][\wåäöÅÄÖ, -]{3,160}?s)\s(?:ledamöter|grupp(?:er)?)\b")
# "Samtliga M- och KD-ledamöter"
_GROUPS_CODED = re.compile(
    r"(?:(?:[Ss]amtliga|[Aa]lla)\s)?(?P<codes>(?:[A-ZÅÄÖ]{1,4}-(?:,\s|\s(?:och|samt)\s)){0,8}[A-ZÅÄÖ]{1,4}-)"
    r"(?:ledamöter(?:na)?|ledamoten|gruppen|grupperna|gruppernas ledamöter|gruppens ledamöter)\b"
)
_BETWEEN = re.compile(r"\s*(?:,\s*(?:och|samt)?|;|\boch\b|\bsamt\b|/)?\s*")
_ALL_OF = re.compile(r"\s*(?:,\s*)?(?:båda|alla|samtliga)\s(?=\()")


@dataclass(frozen=True, slots=True)
class Known:
    """What a document itself teaches: the party codes it prints behind names, who was there, whose meeting it was."""

    codes: frozenset[str]
    roll: tuple[Actor, ...] = ()
    body: str | None = None

    def party_of(self, name: str | None) -> str | None:
        """The party of somebody who was at the meeting."""
        return next((actor.party for actor in self.roll if name is not None and actor.name == name), None)

    def own(self, text: str) -> bool:
        """Whether a text opens with the meeting's own body, in full or by the kind of body that it is."""
        if self.body is None:
            return False
        last = self.body.lower().split()[-1]
        kinds = ("fullmäktige", "nämnden", "styrelsen", "utskottet", "direktionen", "beredningen")
        kind = next((kind for kind in kinds if kind[:6] in last), last)
        return text.lower().startswith((self.body.lower(), last, kind))

    def code(self, printed: str) -> str | None:
        """The code that a printed party stands for, or None where it is no party here."""
        if printed.strip("-–") == "":
            return "-"
        found = party_code(printed)
        if found is not None and (len(printed) > 2 or printed in self.codes or printed.upper() in _NATIONAL):
            return found
        return printed if printed in self.codes else None

    def in_brackets(self, printed: str) -> str | None:
        """The code that a party in brackets behind a name or a group stands for, also where it is misread by a
        scanner."""
        return self.code(printed) or SCANNED.get(printed)


# What scanning makes of a code, where it stands in brackets behind a name; I is no party's code.
SCANNED = {"5": "S", "5D": "SD", "5d": "SD", "1": "L", "I": "L", "|": "L"}
_NATIONAL = frozenset({"S", "M", "SD", "C", "V", "KD", "MP", "L", "FP", "FI"})


def _group(stretch: Flow, at: int, known: Known) -> tuple[list[Actor], int] | None:
    everybody = _ALL_MEMBERS.match(stretch.text, at)
    if everybody and (code := known.in_brackets(everybody.group("code"))):
        span = stretch.span(at, everybody.end())
        return [Actor(None, code, span, party_verbatim=everybody.group("code"))], everybody.end()
    match = _GROUP.match(stretch.text, at)
    if match is None and (coded := _GROUPS_CODED.match(stretch.text, at)):
        found = [(m, known.code(m.group())) for m in re.finditer(r"[A-ZÅÄÖ]{1,4}(?=-)", coded.group("codes"))]
        begin = coded.start("codes")
        actors = [
            Actor(None, code, stretch.span(begin + m.start(), begin + m.end()), party_verbatim=m.group())
            for m, code in found
            if code is not None
        ]
        return (actors, coded.end()) if actors and len(actors) == len(found) else None
    if match is None and (owned := _GROUPS_OWNED.match(stretch.text, at)):
        return _owned(stretch, at, owned, known)
    if match is None:
        named = _GROUP_NAMED.match(stretch.text, at)
        code = known.code(named.group("party")) if named else None
        if named is None or code is None:
            return None
        return [Actor(None, code, stretch.span(at, named.end()), party_verbatim=named.group("party"))], named.end()
    actors = []
    position, start, end = match.end(), at, at
    while True:
        party = _PARTY.match(stretch.text, position) or _PARTY_WORD.match(stretch.text, position)
        if party is None:
            break
        printed = party.groupdict().get("code") or party.group()
        code = known.code(printed) or known.code(printed.removesuffix("s"))
        if code is None and not (actors or printed.isupper()):
            break
        if code is None:
            if not printed.isupper():
                break
            code = printed
        actors.append(Actor(None, code, stretch.span(start, party.end()), party_verbatim=printed))
        position = party.end()
        extra = re.compile(rf"\s*\({re.escape(code)}\)", re.IGNORECASE).match(stretch.text, position)
        position = end = extra.end() if extra else position
        joint = re.compile(r"\s*(?:,|och|samt)\s*").match(stretch.text, position)
        if joint is None:
            break
        start = position = joint.end()
    return (actors, end) if actors else None


def _owned(stretch: Flow, at: int, match: re.Match[str], known: Known) -> tuple[list[Actor], int] | None:
    """The parties whose members act as groups; None where one of the names is no party's."""
    actors: list[Actor] = []
    for name in re.finditer(r"[^\s,](?:[^,]*?[^\s,])??(?=,|\s(?:och|samt)\s|$)", match.group("parties")):
        printed = re.sub(r"^(?:och|samt)\s", "", name.group())
        code = known.code(printed.removesuffix("s")) or known.code(printed)
        if code is None:
            return None
        start = at + name.end() - len(printed)
        actors.append(Actor(None, code, stretch.span(start, at + name.end()), party_verbatim=printed))
    return (actors, match.end()) if actors else None


def parse_actors(stretch: Flow, at: int, known: Known) -> tuple[tuple[Actor, ...], int]:
    """The actors in a row from a position on, and where the list ends (= at, where none stands there)."""
    actors: list[Actor] = []
    pending = 0  # actors from this index on still wait for the party behind the list
    title: str | None = None
    start = end = at
    while at < len(stretch.text):
        group = _group(stretch, at, known)
        if group is not None:
            actors += group[0]
            pending = len(actors)
            at = end = group[1]
        elif (post := _posts().match(stretch.text, at)) and stretch.text[post.end() :].startswith(" "):
            if title is None:
                start = at
            title = post.group()
            at = post.end()
            at += len(stretch.text[at:]) - len(stretch.text[at:].lstrip())
            if not _name().match(stretch.text, at) and not _posts().match(stretch.text, at):
                break
            continue
        elif (name := _name_at(stretch, at, known)) is not None:
            span = stretch.span(start if title else at, name)
            actors.append(Actor(stretch.text[at:name], None, span, title=title))
            at = end = name
            at, end = _after_name(stretch, actors, pending, at, known)
            if actors[-1].party is not None:
                pending = len(actors)
        else:
            break
        joint = _BETWEEN.match(stretch.text, at)
        if joint is None or not joint.group().strip():
            break
        plural = title is not None and title.lower().endswith(("erna", "arna", "ledamöter"))
        title = title if plural and "och" in joint.group() else None
        at = start = joint.end()
    if actors and pending < len(actors):
        actors, end = _party_behind(stretch, actors, pending, end, known)
    return tuple(actors), (end if actors else at if not actors and title is None else end)


def _name_at(stretch: Flow, at: int, known: Known) -> int | None:
    """Where the name that starts at a position ends, or None."""
    match = _name().match(stretch.text, at)
    if match is None or match.group().split()[0] in _no_names():
        return None
    words = match.group().split()
    if words[0].isupper() and len(words[0]) <= 3 and known.code(words[0]) is not None:
        return None  # "…, S" at the end of one line and "NEJ:" at the start of the next
    # "Anna Ek M" is no name with an initial, and a party's name ends a person's.
    while len(words) > 1 and (known.code(words[-1]) is not None or words[-1] in _no_names()):
        words.pop()
    if len(words) < 2:
        return None
    return at + len(" ".join(words))


def _after_name(stretch: Flow, actors: list[Actor], pending: int, at: int, known: Known) -> tuple[int, int]:
    """Reads "m.fl." and the party behind a name, in either order; gives (where to go on, end)."""
    end = at
    for _ in range(3):
        gap = re.compile(r"\s*").match(stretch.text, at)
        assert gap
        others = _OTHERS.match(stretch.text, gap.end())
        every = _ALL_OF.match(stretch.text, at)
        party = _PARTY.match(stretch.text, every.end() if every else gap.end())
        if others:
            actors[-1] = replace(actors[-1], with_others=True)
            at = end = others.end()
        elif party and (code := known.in_brackets(party.group("code"))) is not None:
            for index in range(pending, len(actors)):
                if actors[index].party is None:
                    actors[index] = _with_party(
                        actors[index], code, party.group("code"), stretch, party.end(), index, actors
                    )
            at = end = party.end()
        elif (
            bare := _BARE_AFTER.match(stretch.text, at)
            or (_LOWER_AFTER.match(stretch.text, at) if actors[-1].party is None else None)
        ) and known.code(bare.group("code")):
            code = known.code(bare.group("code")) or ""
            actors[-1] = _with_party(
                actors[-1], code, bare.group("code"), stretch, bare.end(), len(actors) - 1, actors
            )
            at = end = bare.end()
            break
        else:
            break
    return at, end


def _with_party(
    actor: Actor, code: str, printed: str, stretch: Flow, end: int, index: int, actors: list[Actor]
) -> Actor:
    """The actor with its party; only the last name before the party stretches its span over it."""
    span = actor.span
    if index == len(actors) - 1:
        span = type(span)(span.start, stretch.offsets[end - 1] + 1)
    return replace(actor, party=code, party_verbatim=printed, span=span)


def _party_behind(
    stretch: Flow, actors: list[Actor], pending: int, end: int, known: Known
) -> tuple[list[Actor], int]:
    """ "…, Sverigedemokraterna (SD)" or "…, SD," behind names that have no party yet."""
    match = re.compile(r"\s*,?\s*(?:båda |alla |samtliga )?(?:för |från )?").match(stretch.text, end)
    assert match
    at = match.end()
    word = _PARTY_WORD.match(stretch.text, at)
    code, stop = None, end
    if word and len(word.group()) > 5 and (code := known.code(word.group())) is not None:
        stop = word.end()
        paren = re.compile(r"\s*\([^()]{1,6}\)").match(stretch.text, stop)
        stop = paren.end() if paren else stop
    elif (bare := _BARE_PARTY.match(stretch.text, at)) and (code := known.code(bare.group("code"))) is not None:
        stop = bare.end()
    if code is None:
        return actors, end
    printed = stretch.text[at:stop]
    done = [
        _with_party(actor, code, printed, stretch, stop, index, actors)
        if index >= pending and actor.party is None
        else actor
        for index, actor in enumerate(actors)
    ]
    return done, stop


def find_actors(stretch: Flow, known: Known) -> Iterator[Actor]:
    """Every "Name (P)" in a text, wherever it stands."""
    at = 0
    for match in _name().finditer(stretch.text):
        if match.start() < at:
            continue
        actors, end = parse_actors(stretch, match.start(), known)
        for actor in actors:
            if actor.party is not None and actor.name is not None:
                yield actor
        at = max(end, match.start())


def offices(stretch: Flow, known: Known) -> Iterator[Actor]:
    """Officials in running text: "socialdirektör A B", "utredarna A B och C D", "A B, utredare vid X"."""
    for post in _posts().finditer(stretch.text):
        title = post.group()
        if title.lower() in lexicon("people")["posts"] or (post.start() and stretch.text[post.start() - 1].isalnum()):
            continue
        after = stretch.part(post.end()).text
        at = post.end() + 1
        if after and stretch.text[post.end() : at] == " " and _name_at(stretch, at, known):
            actors, _ = parse_actors(stretch, at, known)
            for actor in actors:
                if actor.party is None and actor.name:
                    yield replace(actor, title=actor.title or title, is_official=True)
        if title.lower().endswith(("er", "erna", "arna")) and (
            several := _LISTED.search(stretch.text[: post.start()])
        ):
            for name in re.finditer(rf"{WORD}(?:\s{WORD}){{1,3}}", several.group()):
                start = several.start() + name.start()
                span = stretch.span(start, several.start() + name.end())
                yield Actor(name.group(), None, span, title=title, is_official=True)
            continue
        before = re.search(rf"({WORD}(?:\s{WORD}){{1,3}}),\s$", stretch.text[: post.start()])
        if before and before.group(1).split()[0] not in _no_names() and not _posts().match(before.group(1)):
            tail = re.compile(r"[^,.;]{0,80}?(?=,| samt | och [A-ZÅÄÖ]|\.|;|$| utses| till )").match(
                stretch.text, post.end()
            )
            end = tail.end() if tail else post.end()
            yield Actor(
                before.group(1),
                None,
                stretch.span(before.start(1), end),
                title=stretch.text[post.start() : end],
                is_official=True,
            )


# "Anna Ek, Bo Alm och Cia Dal, avdelningschefer"
_LISTED = re.compile(
    r"(?:[A-ZÅÄÖÉ][\w-]+(?:\s[A-ZÅÄÖÉ][\w-]+){1,3},\s){0,8}[A-ZÅÄÖÉ][\w-]+(?:\s[A-ZÅÄÖÉ][\w-]+){1,3}\s(?:och|samt)\s"
    r"[A-ZÅÄÖÉ][\w-]+(?:\s[A-ZÅÄÖÉ][\w-]+){1,3},\s$"
)
_PARTY_SUBJECT = re.compile(
    r"\(?(?P<printed>[A-ZÅÄÖ][\wåäöÅÄÖ]*!?)\)?(?:-gruppen|gruppen)?(?:\s\([\wÅÄÖåäö!]{1,5}\))?"
)


def parse_parties(stretch: Flow, at: int, known: Known) -> tuple[tuple[Actor, ...], int]:
    """Parties that act as such: "Moderaterna (M)", "M och KD", "(V)-gruppen"; (none, at) where none stands there."""
    actors: list[Actor] = []
    end = at
    while (match := _PARTY_SUBJECT.match(stretch.text, at)) is not None:
        code = known.code(match.group("printed"))
        if code is None:
            break
        actors.append(Actor(None, code, stretch.span(*match.span()), party_verbatim=match.group("printed")))
        end = match.end()
        joint = _BETWEEN.match(stretch.text, end)
        if joint is None or not joint.group().strip():
            break
        at = joint.end()
    return tuple(actors), end
