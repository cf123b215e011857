"""Parties and their groups that act as such: "samtliga ledamöter för M och KD", "(V)-gruppen"."""

import re

from mapping.flow import Flow
from mapping.known import Known
from mapping.records import Actor

PARTY = re.compile(r"\(\s?(?:båda |alla |samtliga )?(?P<code>[A-Za-zÅÄÖåäö!.]{1,6}|[-–]{1,2}|5[Dd]?|[1|])\s?\)")
PARTY_WORD = re.compile(r"(?:de |De )?[A-ZÅÄÖa-zåäö][\wåäöÅÄÖ-]*(?: samlingspartiet| de gröna| initiativ)?")
_GROUP = re.compile(
    r"(?:(?:samtliga|alla|hela)\s)?(?:(?:närvarande|tjänstgörande|ordinarie)\s)?"
    r"(?:(?:ledamöter|ledamöterna|representanterna|representanter|företrädarna|ersättare|ersättarna|gruppen)(?:\s(?:och|samt)\s(?:tjänstgörande\s)?ersättar(?:e|na))?)"
    r"\s(?:för|i|från|ur|inom|tillhörande|som tillhör)\s",
    re.IGNORECASE,
)
_ALL_MEMBERS = re.compile(
    r"(?:samtliga|alla)\s(?:ledamöter|ledamöterna|ersättare|närvarande)\s\((?P<code>[\wÅÄÖåäö!]{1,5})\)",
    re.IGNORECASE,
)
_GROUP_NAMED = re.compile(r"\(?(?P<party>[\wåäöÅÄÖ]{1,20}?)\)?(?:s ledamöter|-gruppen|gruppen|s grupp)\b")
# "Moderata samlingspartiets och Folkpartiet liberalernas ledamöter"
_GROUPS_OWNED = re.compile(
    r"(?P<parties>(?:[A-ZÅÄÖ]|(?=moderat|socialdemo|folkparti|center|vänster|krist|miljö|sverige|liberal))"
    r"[\wåäöÅÄÖ, -]{3,160}?s)\s(?:ledamöter|grupp(?:er)?)\b"
)
# "Samtliga M- och KD-ledamöter"
_GROUPS_CODED = re.compile(
    r"(?:(?:[Ss]amtliga|[Aa]lla)\s)?(?P<codes>(?:\(?[A-ZÅÄÖ]{1,4}\)?-(?:,\s|\s(?:och|samt)\s)){0,8}\(?[A-ZÅÄÖ]{1,4}\)?-)"
    r"(?:ledamöter(?:na)?|ledamoten|gruppen|grupperna|gruppernas ledamöter|gruppens ledamöter)\b"
)
_PARTY_SUBJECT = re.compile(
    r"\(?(?P<printed>[A-ZÅÄÖ][\wåäöÅÄÖ]*!?)\)?(?:-gruppen|gruppen)?(?:\s\([\wÅÄÖåäö!]{1,5}\))?"
)
BETWEEN = re.compile(r"\s*(?:,\s*(?:och|samt)?|;|\boch\b|\bsamt\b|/)?\s*")
ALL_OF = re.compile(r"\s*(?:,\s*)?(?:båda|alla|samtliga)\s(?=\()")


def groups_at(stretch: Flow, at: int, known: Known) -> tuple[list[Actor], int] | None:
    """(an actor for each party whose group is named at a position, where that ends), or None."""
    everybody = _ALL_MEMBERS.match(stretch.text, at)
    if everybody and (code := known.in_brackets(everybody.group("code"))):
        span = stretch.span(at, everybody.end())
        return [Actor(None, code, span, party_verbatim=everybody.group("code"))], everybody.end()
    match = _GROUP.match(stretch.text, at)
    if match is None and (coded := _GROUPS_CODED.match(stretch.text, at)):
        found = [(m, known.code(m.group())) for m in re.finditer(r"[A-ZÅÄÖ]{1,4}(?=\)?-)", coded.group("codes"))]
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
        party = PARTY.match(stretch.text, position) or PARTY_WORD.match(stretch.text, position)
        if party is None:
            break
        printed = (party.groupdict().get("code") or party.group()).removesuffix("-gruppen")
        code = known.code(printed) or known.code(printed.removesuffix("s"))
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
        named = printed[0].upper() + printed[1:]
        code = known.code(named.removesuffix("s")) or known.code(named)
        if code is None:
            return None
        start = at + name.end() - len(printed)
        actors.append(Actor(None, code, stretch.span(start, at + name.end()), party_verbatim=printed))
    return (actors, match.end()) if actors else None


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
        joint = BETWEEN.match(stretch.text, end)
        if joint is None or not joint.group().strip():
            break
        at = joint.end()
    return tuple(actors), end
