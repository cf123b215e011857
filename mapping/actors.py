"""People with their parties in running text: "Ordföranden A B m.fl. (S), C D (V) och E F (MP)"."""

import re
from collections.abc import Iterator
from dataclasses import replace

from mapping.flow import Flow
from mapping.known import Known
from mapping.party_groups import ALL_OF, BETWEEN, PARTY, PARTY_WORD, groups_at
from mapping.person_names import name_at, name_pattern, post_pattern
from mapping.records import Actor

_OTHERS = re.compile(r"m\. ?fl\.?|m\.?fl\.?|m fl\.?|med flera(?: ledamöter)?")
_BARE_PARTY = re.compile(r"(?P<code>[A-ZÅÄÖ][A-Za-zÅÄÖåäö]{0,4})(?=\s*(?:,|\.|$|\s(?:och|samt|har|om|som)\b))")
_BARE_AFTER = re.compile(r",\s(?P<code>[A-ZÅÄÖ]{1,3}),?(?=\s(?:och|samt)\s[A-ZÅÄÖ]|,\s[A-ZÅÄÖ][a-zåäö])")
# "Anna Ek, s, ordf" (small northern municipalities)
_LOWER_AFTER = re.compile(r",\s(?P<code>s|m|c|v|kd|kds|fp|mp|l|sd|nyd)(?=,|$|\s(?!fl\b|ordf|vice)|\.)")


def parse_actors(stretch: Flow, at: int, known: Known) -> tuple[tuple[Actor, ...], int]:
    """The actors in a row from a position on, and where the list ends (= at, where none stands there)."""
    actors: list[Actor] = []
    pending = 0  # actors from this index on still wait for the party behind the list
    title: str | None = None
    start = end = at
    while at < len(stretch.text):
        group = groups_at(stretch, at, known)
        if group is not None:
            actors += group[0]
            pending = len(actors)
            at = end = group[1]
        elif (post := post_pattern().match(stretch.text, at)) and stretch.text[post.end() :].startswith(" "):
            if title is None:
                start = at
            title = post.group()
            at = post.end()
            at += len(stretch.text[at:]) - len(stretch.text[at:].lstrip())
            if not name_pattern().match(stretch.text, at) and not post_pattern().match(stretch.text, at):
                break
            continue
        elif (name := name_at(stretch, at, known)) is not None:
            span = stretch.span(start if title else at, name)
            actors.append(Actor(stretch.text[at:name], None, span, title=title))
            at = end = name
            at, end = _after_name(stretch, actors, pending, at, known)
            if actors[-1].party is not None:
                pending = len(actors)
        else:
            break
        joint = BETWEEN.match(stretch.text, at)
        if joint is None or not joint.group().strip():
            break
        plural = title is not None and title.lower().endswith(("erna", "arna", "ledamöter"))
        title = title if plural and "och" in joint.group() else None
        at = start = joint.end()
    if actors and pending < len(actors):
        actors, end = _party_behind(stretch, actors, pending, end, known)
    return tuple(actors), (end if actors else at if not actors and title is None else end)


def _after_name(stretch: Flow, actors: list[Actor], pending: int, at: int, known: Known) -> tuple[int, int]:
    """Reads "m.fl." and the party behind a name, in either order; gives (where to go on, end)."""
    end = at
    for _ in range(3):
        gap = re.compile(r"\s*").match(stretch.text, at)
        assert gap
        others = _OTHERS.match(stretch.text, gap.end())
        every = ALL_OF.match(stretch.text, at)
        party = PARTY.match(stretch.text, every.end() if every else gap.end())
        if others:
            actors[-1] = replace(actors[-1], with_others=True)
            at = end = others.end()
        elif party and (code := known.in_brackets(party.group("code"))) is not None:
            for index in range(pending, len(actors)):
                if actors[index].party is None:
                    actors[index] = _with_party(
                        actors[index], code, party.group("code"), stretch, party.end(), index, actors, known
                    )
            at = end = party.end()
        elif (
            bare := _BARE_AFTER.match(stretch.text, at)
            or (_LOWER_AFTER.match(stretch.text, at) if actors[-1].party is None else None)
        ) and known.code(bare.group("code")):
            code = known.code(bare.group("code")) or ""
            actors[-1] = _with_party(
                actors[-1], code, bare.group("code"), stretch, bare.end(), len(actors) - 1, actors, known
            )
            at = end = bare.end()
            break
        else:
            break
    return at, end


def _with_party(
    actor: Actor, code: str, printed: str, stretch: Flow, end: int, index: int, actors: list[Actor], known: Known
) -> Actor:
    """The actor with its party; only the last name before the party stretches its span over it."""
    span = actor.span
    listed = known.party_of(actor.name)
    if index < len(actors) - 1 and listed not in (None, code):
        return replace(actor, party=listed)  # a party behind a list is not that of somebody of whom the roll knows
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
    word = PARTY_WORD.match(stretch.text, at)
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
        _with_party(actor, code, printed, stretch, stop, index, actors, known)
        if index >= pending and actor.party is None
        else actor
        for index, actor in enumerate(actors)
    ]
    return done, stop


def find_actors(stretch: Flow, known: Known) -> Iterator[Actor]:
    """Every "Name (P)" in a text, wherever it stands."""
    at = 0
    for match in name_pattern().finditer(stretch.text):
        if match.start() < at:
            continue
        actors, end = parse_actors(stretch, match.start(), known)
        for actor in actors:
            if actor.party is not None and actor.name is not None:
                yield actor
        at = max(end, match.start())
