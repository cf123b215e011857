"""Disturbances of the writing: headings, § numbers, parties, registry numbers and the signs they are written with."""

import re
import unicodedata
from collections.abc import Callable
from random import Random

from tests.mapping.disturbed_layout import broken_words
from tests.mapping.disturbed_lines import SYNONYMS, Change, each_line, first_head, is_heading, replaced


def other_headings(text: str, random: Random) -> str:
    """Other words for the headings; one and the same throughout a document."""
    chosen = {name: random.choice(names) for name, names in SYNONYMS.items()}
    start = first_head(text.split("\n"))
    return each_line(text, lambda line: replaced(line, chosen.get(line.strip())), start)


def upper_case_headings(text: str, random: Random) -> str:
    return each_line(text, lambda line: line.upper() if is_heading(line) else line)


def headings_with_colon(text: str, random: Random) -> str:
    return each_line(text, lambda line: f"{line.rstrip()}:" if is_heading(line) else line)


_NUMBERS = re.compile(
    r"(?:§§?|Paragrafer:?)\s*\d+(?:/\d\d)?(?:(?:\s?[-–,]\s?|,? och |,? samt )(?:§\s?)?\d+(?:/\d\d)?(?![\d-]))*"
)


_SHIFT = 137


def shifted(number: str) -> str:
    """A § number a hundred and some further on: "63/20" is "200/20"."""
    return re.sub(r"^\d+", lambda m: str(int(m.group()) + _SHIFT), number)


def shifted_numbers(text: str) -> str:
    """Every § number of a text, the ranges on the cover too."""
    return _NUMBERS.sub(lambda m: re.sub(r"(?<![\d/])\d+(?:/\d\d)?", lambda n: shifted(n.group()), m.group()), text)


def year_behind(number: str) -> str:
    return number if "/" in number or not number.isdigit() else f"{number}/24"


def numbered_by_year(text: str, random: Random) -> str:
    """§ 12 as § 12/24, in the heads and in the list of contents."""
    return re.sub(r"(?m)^((?:\f|\s)*(?:[A-ZÅÄÖ][A-Za-zåäö]{1,4} )?§ ?\d+)(?![\d/])(?!\s?[-–]\s?\d)", r"\1/24", text)


_PARTY = re.compile(r"(?P<name>\w+)?(?P<gap>\s*)\((?P<code>S|M|SD|C|V|KD|MP|L)\)", re.I)


def parties(form: Callable[[str, int], str]) -> tuple[Change, Callable[[str], str]]:
    """A change of how parties are printed; `form` gets the code and a number that follows from the name before it."""

    def answer(text: str) -> str:
        def printed(match: re.Match[str]) -> str:
            code = form(match["code"].upper(), sum(map(ord, (match["name"] or "").casefold())))
            code = code if match["code"].isupper() else code.lower()
            return f"{match['name'] or ''}{match['gap']}({code})"

        return _PARTY.sub(printed, text)

    return (lambda text, random: answer(text)), answer


def scanned(code: str, name: int) -> str:
    """(S) read as (5) and (L) as (1) or (I), for a third of the persons."""
    return {"S": "5", "L": "1I"[name % 2]}.get(code, code) if name % 3 == 0 else code


_CODE_YEAR_NUMBER = re.compile(r"\b([A-ZÅÄÖ]{2,3}) ((?:19|20)\d\d)/(\d{1,4})(?![\d-])")


def registry(pattern: str) -> tuple[Change, Callable[[str], str]]:
    def answer(text: str) -> str:
        return _CODE_YEAR_NUMBER.sub(lambda m: pattern.format(code=m[1], year=m[2], n=int(m[3])), text)

    return (lambda text, random: answer(text)), answer


def labels_changed(text: str, random: Random) -> str:
    """ "Dnr" by its other names, one throughout the document."""
    label = random.choice(("Dnr:", "Diarienr:", "Diarienummer:", "Diarienummer", "DNR", "Ärendenr", "Dnr."))
    return re.sub(r"\bDnr(?= )", label, text)


def labels_added(text: str, random: Random) -> str:
    """A label before the registry number that stands alone on a line of the head."""
    return re.sub(r"(?m)^([A-ZÅÄÖ]{2,3} (?:19|20)\d\d/\d{1,4})(?=\s*$)", r"Dnr \1", text)


def no_break_spaces(text: str, random: Random) -> str:
    """Blanks that a word processor keeps together: in dates, sums, before parties, and wherever else."""
    return re.sub(r"(?<=\S) (?=\S)", lambda _: "\xa0" if random.random() < 0.3 else " ", text)


def thin_spaces(text: str, random: Random) -> str:
    return re.sub(r"(?<=[§\d]) (?=\d)|(?<=kl\.) (?=\d)", "\u2009", text)


def soft_hyphens(text: str, random: Random) -> str:
    """Hyphens that show only at a line's end, left in the words."""
    return re.sub(r"(?<=[a-zåäö]{4})(?=[a-zåäö]{4})", lambda _: "\xad" if random.random() < 0.1 else "", text)


def soft_hyphens_at_line_ends(text: str, random: Random) -> str:
    shared = r"(?!\s*(?:och|eller|samt|respektive)\b)"
    return re.sub(rf"(?<=[a-zåäö])-(?=\n+\s*[a-zåäö]{{3}}){shared}", "\xad", broken_words(text, random))


def decomposed(text: str, random: Random) -> str:
    return unicodedata.normalize("NFD", text)


def ligatures(text: str, random: Random) -> str:
    return text.replace("ffi", "ﬃ").replace("ff", "ﬀ").replace("fi", "ﬁ").replace("fl", "ﬂ")


def zero_width(text: str, random: Random) -> str:
    """Zero-width blanks, as web editors leave them."""
    return re.sub(
        r"(?<=\w) (?=\w)",
        lambda _: random.choice((" \u200b", "\u200b ", " \ufeff")) if random.random() < 0.1 else " ",
        text,
    )


def dashed(text: str) -> str:
    """Ranges and thought breaks with an en dash; dates and registry numbers keep their hyphens."""
    text = re.sub(r"(?<= )-(?=\s)", "–", text)
    return re.sub(r"(?<=§ \d\d)-(?=\d\d\b)|(?<=§ \d\d\d)-(?=\d\d\d\b)|(?<=\d\d[.:]\d\d)-(?=\d\d[.:]\d\d)", "–", text)


def unbreaking_hyphens(text: str, random: Random) -> str:
    """Dates and ranges held together by the hyphen that breaks no line (U+2011)."""
    return re.sub(r"(?<=\b20\d\d)-(\d\d)-(?=\d\d\b)", "\u2011\\1\u2011", text)


def curled(text: str) -> str:
    return re.sub(r'["“”]', "”", text)


def straightened(text: str) -> str:
    return re.sub(r"[“”„]", '"', text)


def tight(text: str) -> str:
    """§12 for § 12."""
    return re.sub(r"§ (?=\d)", "§", text)


def wide_signs(text: str, random: Random) -> str:
    return re.sub(r"(?m)^(\s*)§ (?=\d)", r"\1§  ", text)


def sign_behind(text: str, random: Random) -> str:
    """ "12 §" in the heads that carry nothing else before the number."""
    lines = text.split("\n")
    return each_line(text, lambda line: re.sub(r"^(\s*)§ (\d+)(?= [A-ZÅÄÖ])", r"\1\2 §", line), first_head(lines))


def body_before_sign(text: str, random: Random) -> str:
    """ "Sn § 12": the body's short name before the sign."""
    lines = text.split("\n")
    return each_line(text, lambda line: re.sub(r"^(\s*)§ (?=\d)", r"\1Sn § ", line), first_head(lines))


def others_without_stops(text: str) -> str:
    return text.replace("m.fl.", "m fl")


def others_apart(text: str) -> str:
    return text.replace("m.fl.", "m. fl.")


def stops_behind_numbers(text: str, random: Random) -> str:
    """ "§ 12." on its line."""
    return re.sub(r"(?m)^(\s*(?:[A-ZÅÄÖ][A-Za-zåäö]{1,4} )?§ \d+(?:/\d\d)?)(?=\s*$)", r"\1.", text)


def bracketed_points(text: str, random: Random) -> str:
    """1) for 1."""
    return re.sub(r"(?m)^(\s*\d{1,2})\.(?= +\S)", r"\1)", text)


def marked_headings(text: str, random: Random) -> str:
    """Headings as a converter to Markdown leaves them."""
    form = random.choice(("## {}", "**{}**", "### **{}**"))
    return each_line(text, lambda line: replaced(line, form.format(line.strip())) if is_heading(line) else line)


def headings_before_text(text: str, random: Random) -> str:
    """A heading on the line of the text that it opens: "Beslut: Ärendet bordläggs."."""
    lines = text.split("\n")
    result: list[str] = []
    for line in lines:
        joins = result and is_heading(result[-1]) and line[:1].isupper() and not is_heading(line)
        if joins and result[-1].strip() in ("Beslut", "Yrkanden", "Reservation", "Jäv", "Sammanfattning", "Bakgrund"):
            result[-1] = f"{result[-1].strip()}: {line}"
        else:
            result.append(line)
    return "\n".join(result)
