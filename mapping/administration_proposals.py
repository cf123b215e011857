"""The administration's proposal before the meeting: under a heading, in the summary, or only named."""

import re
from collections.abc import Iterator

from mapping.flow import Flow, flow, sentences
from mapping.points import span_of, split_points, unnumbered
from mapping.records import Actor, Point, Proposal
from mapping.sections import Section


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


def headed_administration_proposal(section: Section) -> list[Proposal]:
    """The proposal before the meeting, printed under a heading of its own: the administration's."""
    split = split_points(section.rows)
    points = split.points or ((unnumbered(flow(row.line for row in section.rows)),) if section.rows else ())
    if not points or section.heading is None:
        return []
    heading = flow((section.heading.line,))
    who = re.match(r"(\w*[Ff]örvaltning|\w*[Kk]ontor)", heading.text)
    actor = Actor(
        f"{who.group(1)}{'en' if 'ning' in who.group(1) else 'et'}" if who else "Förvaltningen",
        None,
        heading.span(),
        is_administration=True,
    )
    return [Proposal((actor,), "own", span_of(points), points=points)]
