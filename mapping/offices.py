"""Officials in running text: "socialdirektör A B", "utredarna A B och C D", "A B, utredare vid X"."""

import re
from collections.abc import Iterator
from dataclasses import replace

from mapping.actors import parse_actors
from mapping.flow import Flow
from mapping.known import Known
from mapping.lexicon import lexicon
from mapping.person_names import WORD, name_at, no_names, post_pattern
from mapping.records import Actor

# "Anna Ek, Bo Alm och Cia Dal, avdelningschefer"
_LISTED = re.compile(
    r"(?:[A-ZÅÄÖÉ][\w-]+(?:\s[A-ZÅÄÖÉ][\w-]+){1,3},\s){0,8}[A-ZÅÄÖÉ][\w-]+(?:\s[A-ZÅÄÖÉ][\w-]+){1,3}\s(?:och|samt)\s"
    r"[A-ZÅÄÖÉ][\w-]+(?:\s[A-ZÅÄÖÉ][\w-]+){1,3},\s$"
)


def offices(stretch: Flow, known: Known) -> Iterator[Actor]:
    """Officials in running text: "socialdirektör A B", "utredarna A B och C D", "A B, utredare vid X"."""
    for post in post_pattern().finditer(stretch.text):
        title = post.group()
        if title.lower() in lexicon("people")["posts"] or (post.start() and stretch.text[post.start() - 1].isalnum()):
            continue
        after = stretch.part(post.end()).text
        at = post.end() + 1
        if after and stretch.text[post.end() : at] == " " and name_at(stretch, at, known):
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
        if before and before.group(1).split()[0] not in no_names() and not post_pattern().match(before.group(1)):
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
