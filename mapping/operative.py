"""What a sentence does: decides, only announces, or says that the § is adjusted at once."""

import re

from mapping.flow import Flow
from mapping.lexicon import BODY
from mapping.negation import negation
from mapping.text import Span

_IMMEDIATE = re.compile(
    r"(?:omedelbart?\s+(?:justera\w*|juster\w*)|juster\w+\s+omedelbart|omedelbar justering|direktjuster\w+)",
    re.IGNORECASE,
)
_ADJUSTED = re.compile(r"\bjustera(?:d|t|des|ts)\b", re.IGNORECASE)
_NOT_YET = re.compile(r"\b(?:ska|skall|skulle|kommer|bör|senast|inte|ej)\b", re.IGNORECASE)
_INFORMS = r"[^.]{3,80}\s(?:informerar|informerade|föredrar|föredrog|redogör|redogjorde)\b|Föredragande\b"
_OPENS = (
    r"Ordföranden (?:öppnar|öppnade|hälsar|hälsade|avslutar|avslutade)\b"
    r"|(?:Mötet|Sammanträdet) (?:öppnas|öppnades)\b"
)
_ANNOUNCEMENT = re.compile(
    r"Följande [^.]{3,60} (?:anmäls|anmäles|redovisas|föreligger|delges|har (?:in)?kommit)\b"
    r"|Ordföranden (?:meddelade|meddelar|informerade|informerar|tackade)\b"
    r"|Inget beslut (?:fattas|fattades|tas|togs)\b"
    rf"|{_OPENS}|(?:Mötet|Sammanträdet) (?:avslutas|avslutades|ajourneras|ajournerades)\b"
    r"|Justering(?:en)? (?:sker|äger rum)\b|Protokollet justeras\b"
    rf"|{_INFORMS}"
)
_OPERATIVE = re.compile(
    rf"(?:{BODY}(?:en|et|n)?|Nämnden|Styrelsen|Utskottet|Fullmäktige|Ärendet|Motionen|Anmälan|Paragrafen|Ansökan|"
    r"Informationen|Rapporten|Redovisningen|Medborgarförslaget|Interpellationen|Frågan|Förslaget|Avsägelse[nr]"
    r"|Meddelande(?:na|t)|Handlingarna|Deleg\w*beslute[nt]|Redovisningarna|Rapporterna|Anmälningsärende(?:na|t)"
    r"|Skrivelse[nr]|Föredragningslistan|Dagordningen|Yttrandet|Remissen|Motionerna|Interpellationerna"
    r"|Medborgarförslagen|Förteckningen|Besluten|Anmälningarna|Till|Den|Att|Som (?:ny|nya|ordinarie|ledamot"
    r"|ersättare))\b"
)


def immediate(stretch: Flow) -> Span | None:
    """Where a text says that the § is adjusted at once ("förklaras inte omedelbart justerad" does not)."""
    for match in stretch.matches(_IMMEDIATE):
        if negation(stretch.text, *match.span()) is None:
            return stretch.span(*match.span())
    return None


def decides(text: str) -> bool:
    """Whether a sentence opens with who decides or with what is decided on."""
    return bool(_OPERATIVE.match(text))


def announces(text: str) -> bool:
    """Whether a sentence only announces: what is reported, who informs, when the minutes are adjusted."""
    return bool(_ANNOUNCEMENT.match(text))


def opens_meeting(text: str) -> bool:
    """Whether a sentence only tells that the meeting is opened, or closed."""
    return bool(re.match(_OPENS, text))


def informs(text: str) -> bool:
    """Whether a text opens by telling who informs of something."""
    return bool(re.match(_INFORMS, text))


def tells_adjusted(text: str) -> bool:
    """Whether a sentence says that minutes were adjusted, rather than when they are to be."""
    return bool(_ADJUSTED.search(text)) and not _NOT_YET.search(text)


def adjusts_at_once(text: str) -> bool:
    """Whether a text speaks of adjusting the § at once, in whatever sense."""
    return bool(_IMMEDIATE.search(text))
