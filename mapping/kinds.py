"""Which kind of document a text is, or why it is none of ours."""

import re
from collections.abc import Sequence
from itertools import takewhile

from mapping.blocks import blocks
from mapping.lexicon import BODY, heading_of
from mapping.records import Refused
from mapping.refusal import no_meeting_document
from mapping.rows import Layout
from mapping.text import Line, Text
from mapping.two_minutes import second_minutes

_DECIDES = re.compile(
    rf"(?:{BODY}(?:en|et|n)?|Nämnden|Styrelsen|Ärendet|Motionen)\s(?:beslutar|beslutade|godkänner|uppdrar|lägger|avslår|bordläggs|återremitteras|avslås)"
    r"|\b(?:utsågs|utses|utse)\b[^.]{0,90}\bjustera\b|till handlingarna|\bgodkändes\b|justerat? protokoll"
)
_MINUTED = re.compile(
    r"^\s*(?:.{0,60}\s)?(?:SAMMANTRÄDESPROTOKOLL|[Ss]ammanträdesprotokoll|PROTOKOLL|Protokoll|PROTOKOLLSUTDRAG|Protokollsutdrag)\b"
    r"|^[ \t]*(?:Sammanträdesdatum|Utses att justera|Justerare|Justerande|Din position:|Protokollsjustering\b)"
    r"|\batt justera\b"
    r"|\b[Pp]rotokollet\s(?:förs|fördes)\s(?:vid|av)\b",
    re.M,
)
# What only minutes say at their top, not what their page feet say: an ordinance may have been copied from minutes.
_KEPT_THERE = re.compile(
    r"(?:.{0,60}\s)?(?:SAMMANTRÄDES|[Ss]ammanträdes)?(?:PROTOKOLL|[Pp]rotokoll)(?:SUTDRAG|sutdrag)?\b"
    r"|Sammanträdesdatum|Din position:"
)
_KEPT = re.compile(r"protokoll\b(?! har)|\bjustera", re.I)
_ANNUAL = re.compile(
    r"^(?:[\wåäöÅÄÖ]+s\s)?(?:[Vv]erksamhetsberättelse|VERKSAMHETSBERÄTTELSE|[Åå]rsredovisning|ÅRSREDOVISNING)\b", re.M
)
_GOALS = re.compile(r"(?:KF:s (?:inriktnings)?mål|Nämndmål|Nämndens mål|Kommunfullmäktiges mål)\b[^\n]{0,60}:?\s*\d")
_MOTION_LINE = re.compile(
    r"^(?:.{0,60}(?:   |\t)\s*|\s*)(?:Motion|MOTION)"
    r"(?=\s*$|:|\s(?:om|ang\.?|angående|gällande|rörande|avseende|till|från|av|med)\b|\s+[-–]\s|\s{2,}|\s[A-ZÅÄÖ])",
    re.M,
)
_MOTION_ASKS = re.compile(
    r"\b(?:[Jj]ag|[Vv]i|undertecknade?)\s(?:\w+\s)?(?:yrkar|föreslår|hemställer)\b"
    r"|\b(?:yrkar|föreslår|hemställer)\s(?:\w+\s)?(?:jag|vi|undertecknade?|[A-ZÅÄÖ]\w+(?:partiet|erna))\b"
    r"|\bmed anledning av ovanstående (?:yrkar|föreslår)|\batt\s+kommunfullmäktige\b"
    r"|(?:\b\w+(?:partiet|erna)(?:\sde\sgröna)?|\([A-ZÅÄÖ]{1,4}\))\s(?:i\s\w+\s)?(?:\w+\s)?(?:yrkar|föreslår|hemställer)\b"
    r"|\b(?:därför|härmed)\s(?:föreslås|yrkas)\b|\b(?:föreslås|yrkas)\s(?:därför|härmed)\b"
    r"|^[ \t]*(?:Förslag till beslut|Yrkanden?|Att-satser):?[ \t]*$",
    re.I | re.M,
)
_QUESTION_LINE = re.compile(
    r"^\s*(?:Interpellation|INTERPELLATION|Enkel fråga|ENKEL FRÅGA|Fråga till)"
    r"(?=\s*$|:|\s(?:om|ang\.?|angående|gällande|rörande|avseende|till|från|av)\b)",
    re.M,
)
_QUESTION_ASKS = re.compile(r"\b(?:fråga(?:r|n)?|frågor(?:na)?|frågeställningar|undrar)\b[^?]{0,600}\?", re.I)
_REPORT = re.compile(
    r"^(?:.{0,70}(?:   |\t)\s*|\s*)"
    r"(?:Tjänsteutlåtande|TJÄNSTEUTLÅTANDE|Tjänsteskrivelse|TJÄNSTESKRIVELSE)\b(?!\.[a-z])",
    re.M,
)
_AGENDA = re.compile(
    r"^(?:.{0,70}(?:   |\t)\s*|\s*)"
    r"(?:Kallelse|KALLELSE|Föredragningslista|FÖREDRAGNINGSLISTA|Dagordning|DAGORDNING)\b"
    r"|Inget protokoll har publicerats|Protokollet är (?:ännu )?inte publicerat",
    re.M,
)
_COVERED = re.compile(r"^(?:Beslutande|Ledamöter|Närvarande|Plats och tid|Utses att justera)\b", re.M)
_COURT = re.compile(
    r"(?:FÖRVALTNINGSRÄTTEN|KAMMARRÄTTEN|LÄNSRÄTTEN|REGERINGSRÄTTEN|HÖGSTA FÖRVALTNINGSDOMSTOLEN"
    r"|MARK- OCH MILJÖ(?:ÖVER)?DOMSTOLEN"
    r"|[A-ZÅÄÖ]+ TINGSRÄTT)\b(?: I [A-ZÅÄÖ]+)?(?:\s{2,}|$)"
)
_RULES = re.compile(
    r"(?:Bolagsordning|Stadgar|(?:Lokala )?[Oo]rdningsföreskrifter|Lokala föreskrifter|Reglemente"
    r"|Arbetsordning|Förbundsordning|Delegationsordning"
    r"|[A-ZÅÄÖ]?[a-zåäö]{0,40}avtal(?:et)?)(?:\s(?:för|om|mellan)\b|$)",
    re.IGNORECASE,
)
_REGULATES = re.compile(
    r"^[Ff]örfattningssamling|\b\w{0,40}(?:regler|bestämmelser|föreskrifter|policy|instruktion) (?:för|om)\b",
    re.IGNORECASE,
)
_GUIDES = re.compile(
    r"(?:\w{1,40}\s){0,2}(?P<word>\w{0,40}(?:riktlinjer?|policy|handbok|rutin(?:er)?|program|plan|anvisning(?:ar)?))\s(?:för|om|vid|avseende)\b",
    re.I,
)
_MINUTES_HEAD = re.compile(
    r"(?:sammanträdes)?protokoll(?:sutdrag)?\b(?!\s(?:ska|skall|bör|får|förs|skrivs|och|som)\b)(?!.*\.$)"
    r"|^(?:Beslutande|Ledamöter|Närvarande|Plats och tid|Tid och plats|Justera|Utses att justera|Sammanträdesdatum"
    r"|Utdragsbestyrkande|Din position|\w+(?:nämndens|styrelsens|fullmäktiges|utskottets) beslut$)",
    re.I,
)
_ASSOCIATION = re.compile(
    r"\b(?P<word>brf|(?:bostadsrätts|idrotts|samfällighets|hembygds|villaägar)förening(?:en)?|bolagsstämma|föreningsstämma"
    r"|\w{0,30}klubb|kassör|stiftelsen?|(?-i:AB)|aktiebolag|arbetarekommun|medlemsmöte|föräldraråd)\b",
    re.I,
)
_STAFF = re.compile(r"\b(?P<word>skyddskommitté|samverkansgrupp|MBL-(?:förhandling|protokoll))\b", re.I)
_BETWEEN_PARTIES = re.compile(r"\b(?P<word>avtal)\s(?:har )?(?:träffats|ingåtts|slutits)\b", re.I)
_PUBLIC_BODY = re.compile(
    r"(?:kommun|region|landstings)(?:styrelse|fullmäktige)|nämnd|utskott|direktion|beredning\b", re.I
)
_NEWS = re.compile(
    r"(?P<word>Så (?:blev|gick|röstade|beslutade)|(?:Detta|Det här) (?:hände|beslutade)|(?:Nyheter|Referat) från)\s",
    re.I,
)
_LETTER = re.compile(r"(?P<word>(?:vecko|månads|nyhets)brev)\b", re.I)
_NAMED_HEAD = 6  # lines at the top in which a document says whose it is
_COVER_ROWS = 40
_FEWEST_LABELS = 3  # of a cover, that only minutes have together
_WEB = re.compile(r"^[ \t]*Din position:", re.M)
_PROPOSES = re.compile(r"[Ff]örvaltningen föreslår att|[Kk]ontoret föreslår att")


def kind_of_document(text: Text, page: Layout) -> str | Refused:
    """A notation of the document-type scheme, or the refusal."""
    whole = text.canonical
    if not whole.strip():
        return Refused(
            "empty",
            "Dokumentet innehåller ingen text. Kontrollera att filen är hel och skicka in den igen.",
            "The document holds no text. Check that the file is complete and submit it again.",
        )
    head = _top(page)
    if _judgment_or_rules(head):
        return no_meeting_document(whole)
    if other := _association_or_news(head):
        return no_meeting_document(whole, *other)
    _, found = blocks(page.rows, web=is_web_page(text))
    heads = "\n".join(line.text for line in page.furniture[:20])
    top = "\n".join(row.text for row in page.rows[:40])
    if found and _meeting_like(page, whole, len(found)):
        if word := _guide(head):
            return no_meeting_document(whole, "rules", word)
        if refused := second_minutes(text, page):
            return refused
        return "minutes-extract" if len(found) == 1 and not _covered(top) else "minutes"
    if len(_GOALS.findall(whole)) >= 3 or (_ANNUAL.search(top) and re.search(r"[Nn]ämnd|[Ss]tyrelse", whole)):
        return "annual-report"
    if (word := _guide(head)) and not (_WEB.search(whole) or _AGENDA.search("\n".join(head[:2]))):
        return no_meeting_document(whole, "rules", word)
    if _WEB.search(whole) or _AGENDA.search(top) or (_AGENDA.search(heads) and not _KEPT.search(heads)):
        return "agenda"
    if _REPORT.search("\n".join(row.line.text for row in page.rows[:15])) or _REPORT.search(heads):
        return "official-report"
    if _QUESTION_LINE.search(top) and _QUESTION_ASKS.search(whole):
        return "interpellation"
    if _MOTION_LINE.search(top) and _MOTION_ASKS.search(whole):
        return "motion"
    if len(_PROPOSES.findall(whole)) >= 2:
        return "agenda"
    return no_meeting_document(whole)


def _judgment_or_rules(top: Sequence[str]) -> bool:
    """Whether a document says at its top that it is a judgment or a set of rules, and nowhere there that it is
    minutes: such documents quote decisions, and have § of their own."""
    if any(_COURT.match(line) for line in top):
        return True
    ruled = any(_RULES.match(line) for line in top) or any(_REGULATES.search(line) for line in top[:12])
    return ruled and not any(_KEPT_THERE.match(line) or _COVERED.match(line) for line in top)


def _top(page: Layout) -> list[str]:
    """The first lines of a document, headers of pages and all."""
    lines = sorted((*page.furniture, *(row.line for row in page.rows)), key=_start)
    return [line.text.strip() for line in lines[:30]]


def _guide(top: Sequence[str]) -> str | None:
    """The word by which a document is a guideline, a policy or a plan, which no word of minutes at its top denies:
    such documents may be laid out in § with decisions."""
    if any(_MINUTES_HEAD.search(line) for line in top if not line[:1].isdigit()):
        return None  # "2 Protokoll" is a chapter of rules about meetings
    before = list(takewhile(lambda line: "§" not in line, top[:3]))  # behind a § stands the title of an item
    return next((match["word"].strip() for line in before if (match := _GUIDES.match(line))), None)


def _association_or_news(top: Sequence[str]) -> tuple[str, str] | None:
    """(what a document is, the word that says so) where it is the minutes of an association, a company or of talks
    with the unions, whose head names no public body, a contract, or a letter or an article about a meeting."""
    cover = list(takewhile(lambda line: "§" not in line, top[: 2 * _NAMED_HEAD]))
    written = "\n".join(top)
    meets = not any(_PUBLIC_BODY.search(line) for line in cover)
    if meets and not (_MOTION_LINE.search(written) or _QUESTION_LINE.search(written) or _REPORT.search(written)):
        for like, pattern in (("association", _ASSOCIATION), ("staff", _STAFF)):
            if headed := next((match for line in top[:_NAMED_HEAD] if (match := pattern.search(line))), None):
                return like, headed["word"]
    if agreed := next((match for line in cover if (match := _BETWEEN_PARTIES.search(line))), None):
        return "contract", agreed["word"]
    letter = next((match for line in cover[:3] if (match := _LETTER.match(line))), None)
    if letter and not any(_MINUTES_HEAD.search(line) for line in cover[:3]):
        return "letter", letter["word"]
    news = next((match for line in top[:3] if (match := _NEWS.match(line))), None)
    if news and not any(_MINUTES_HEAD.search(line) for line in top):
        return "news", news["word"].strip()
    return None


def _start(line: Line) -> int:
    return line.start


def _meeting_like(page: Layout, whole: str, sections: int) -> bool:
    """Sections that decide: an ordinance or a contract has § too, but no headings of decisions and nobody
    who decides in every few of them."""
    headings = [heading for row in page.rows if (heading := heading_of(row.text))]
    decisions = headings.count("decision")
    minuted = bool(_MINUTED.search("\n".join(line.text for line in page.furniture)) or _MINUTED.search(whole))
    if decisions and (minuted or decisions * 3 >= sections or len(headings) >= 2 * sections):
        return True
    if minuted and len(_DECIDES.findall(whole)) >= max(1, sections // 4):
        return True
    # minutes of a meeting that decides nothing still have the cover of minutes
    labels = {match.group().rstrip(":") for row in page.rows[:_COVER_ROWS] if (match := _COVERED.match(row.text))}
    return minuted and len(labels) >= _FEWEST_LABELS


def _covered(top: str) -> bool:
    return bool(_COVERED.search(top))


def is_web_page(text: Text) -> bool:
    return bool(_WEB.search(text.canonical))
