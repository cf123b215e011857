"""What a mover asks for: the stance of a proposal, in the first place and in the second."""

import re
from dataclasses import replace

from mapping.known import Known
from mapping.lexicon import ordered
from mapping.records import Proposal

_PUT = re.compile(
    r"(?P<reject>\b(?:avslag på|avslå[rs]?|avslag)\b)"
    r"|(?P<approve>\bbifall(?: till|a|s)?\b)(?! till (?:eget|sitt|egna|det egna))"
)
_FOR_REJECTION = re.compile(r"(?: till)? [^.,]{0,60}förslag\w* (?:om|till) avslag")
_OTHERS = re.compile(
    r"[^.,]{0,60}?\b(?:(?P<what>återremiss|bordläggnings?|tilläggs|ändrings)\w*yrkandet?\b"
    r"|(?:förslag|yrkande)\w* om (?P<about>återremiss|bordläggning))",
    re.I,
)
_FROM_PARTIES = re.compile(
    r"\bbifall till (?:förslaget|yrkandet|\w+yrkandet) från (?P<parties>[A-ZÅÄÖ][\wÅÄÖåäö, ()]{0,60}?)(?=\.|$)"
)
_AND = re.compile(r"\soch\s(?=avslag på|bifall till)")
_TO_PARTY = re.compile(r"\bbifall till (?P<party>[\wåäöÅÄÖ ]{3,40}?)s?\s(?:eget\s|egna\s)?\w*(?:förslag|yrkanden?)\b")
_TODAY_AND = re.compile(
    r"avgör\w* (?:i ?dag|vid dagens sammanträde)(?P<joint>,? (?:och|samt) )(?:i sak )?(?=bifall|avslag)"
)
# "bifall till kommunstyrelsens förslag, dvs att motionen avslås": what it comes to is not what is moved
_THAT_IS = re.compile(r",\s(?:dvs\.?|d\.v\.s\.|det vill säga|vilket innebär|innebärande)\s.*$")
_CHOICE = re.compile(r"\b[Ii] (?:första|andra|tredje) hand\b")


def stance_of(phrase: str, default: str) -> str:
    """What a phrase asks for. "avslag på återremissyrkandet" is a rejection: what is rejected is its object."""
    phrase = _THAT_IS.sub("", phrase)
    put = _PUT.search(phrase)
    if put is not None and (other := _OTHERS.match(phrase, put.end())):
        if put.group("reject"):
            return "reject"
        return {"å": "remit", "b": "table"}.get((other.group("what") or other.group("about"))[0].lower(), "approve")
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
    """The first notation of a table of the lexicon of acts whose pattern a text holds."""
    for notation, pattern in ordered("acts", table):
        if pattern.search(text):
            return notation
    return default


def of_own_party(proposal: Proposal, phrase: str, known: Known) -> Proposal:
    """A proposal, its stance "own" where the movers ask for what their own party proposes."""
    match = _TO_PARTY.search(phrase)
    code = known.code(match.group("party")) if match else None
    parties = {actor.party or known.party_of(actor.name) for actor in proposal.by}
    if joint := _FROM_PARTIES.search(phrase):
        named = {known.code(word) for word in re.findall(r"[\wÅÄÖåäö]+", joint.group("parties"))}
        return replace(proposal, stance="own") if None not in parties and parties <= named else proposal
    return replace(proposal, stance="own") if code is not None and parties == {code} else proposal


def choices(phrase: str) -> list[str]:
    """What is moved in the first place and, if that fails, in the second."""
    today = _TODAY_AND.search(phrase)
    if today is not None:
        return [phrase[: today.start("joint")], phrase[today.end() :]]
    both = _AND.search(phrase)
    if both is not None and re.search(r"\b(?:avslag på|bifall till)\b", phrase[: both.start()]):
        return [phrase[: both.start()], phrase[both.end() :]]
    starts = [match.start() for match in _CHOICE.finditer(phrase)]
    return [phrase[start:end] for start, end in zip(starts, [*starts[1:], None], strict=False)] or [phrase]
