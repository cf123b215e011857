"""Disturbances of the page: breaks, furniture, blanks, margins, columns, and how lines are wrapped."""

import re
from collections.abc import Callable
from random import Random

from tests.mapping.disturbed_lines import (
    AFTERWARDS,
    FURNITURE,
    HEAD,
    blocks,
    each_line,
    first_head,
    insert,
    inside_sentences,
    is_heading,
    some,
    step_of,
)


def _page_head(text: str) -> list[str]:
    """The lines that stand at the top of a page of this document: what it prints already, numbered further."""
    top = text.split("\n")[:90]
    body = re.compile(r"\s*((?:[A-ZÅÄÖ][a-zåäö-]+(?: [a-zåäö]+)* ?)?\w*(?:nämnden|styrelsen|fullmäktige))\s*$", re.I)
    name = next((m.group(1) for line in top if (m := body.match(line))), None)
    date = next((m.group() for line in top if (m := re.search(r"\b20\d\d-\d\d-\d\d\b", line))), None)
    return [f"{name}" if name else "", *([f"{date}"] if date and name else [])]


def furniture_in_sentences(text: str, random: Random) -> str:
    """A page ends in mid-sentence: signatures at its foot, number and body at the head of the next."""
    head = [line for line in _page_head(text) if line]
    lines = ["", "Justerandes sign                    Utdragsbestyrkande", "", "", "Sida 4 (17)", *head, ""]
    return insert(text, some(inside_sentences(text), random), lambda _: lines)


def signatures_in_sentences(text: str, random: Random) -> str:
    """The foot of a page only."""
    lines = ["", "_" * 70, "Ordf sign        Justerandes sign        Sekr sign", ""]
    return insert(text, some(inside_sentences(text), random), lambda _: lines)


def page_numbers_in_sentences(text: str, random: Random) -> str:
    """Nothing but the number of the page, far to the right."""

    def made(at: int) -> list[str]:
        return ["", f"{' ' * 60}{at // 40 + 2} (19)", ""]

    return insert(text, some(inside_sentences(text), random), made)


def form_feeds(text: str, random: Random) -> str:
    """Page breaks as a PDF's text has them: a form feed, then the page head."""
    head = [line for line in _page_head(text) if line]

    def made(at: int) -> list[str]:
        return ["", f"\fSida {at // 40 + 2} (19)", *head, ""]

    return insert(text, some(inside_sentences(text), random), made)


def continued_heads(text: str, random: Random) -> str:
    """A page head followed by "§ 12 forts." where a § goes on over the page."""
    lines = text.split("\n")

    def made(at: int) -> list[str]:
        head = next((line for line in reversed(lines[: at + 1]) if HEAD.match(line)), "")
        number = re.search(r"§ ?\d+(?:/\d\d)?", head)
        if number is None:
            return []
        forts = random.choice(("{} forts.", "{} (forts.)", "Forts. {}", "{} fortsättning"))
        return ["", "Sida 5 (17)", "", forts.format(number.group()), ""]

    return insert(text, some(inside_sentences(text), random, 0.15), made)


def broken_words(text: str, random: Random) -> str:
    """More words broken over two lines."""
    lines, step = text.split("\n"), step_of(text)
    for index in some(inside_sentences(text), random, 0.5):
        head, _, word = lines[index].rstrip().rpartition(" ")
        if re.fullmatch(r"[a-zåäö]{8,}", word) and head.strip():
            cut = random.randint(4, len(word) - 4)
            lines[index] = f"{head} {word[:cut]}-"
            following = lines[index + step]
            indent = len(following) - len(following.lstrip())
            lines[index + step] = f"{following[:indent]}{word[cut:]} {following[indent:]}"
    return "\n".join(lines)


def centred_headings(text: str, random: Random) -> str:
    return each_line(text, lambda line: line.strip().center(72).rstrip() if is_heading(line) else line)


def blank_after_headings(text: str, random: Random) -> str:
    return each_line(text, lambda line: f"{line}\n" if is_heading(line) else line)


def swapped_sections(text: str, random: Random) -> str:
    """The sections of each § in another order, none taken out of it."""
    lines = text.split("\n")
    start = first_head(lines)
    result = lines[:start]
    for block in blocks(lines[start:]):
        cuts = [i for i, line in enumerate(block) if i and is_heading(line)] or [len(block)]
        parts = [block[a:b] for a, b in zip(cuts, [*cuts[1:], len(block)], strict=True)]
        movable = [part for part in parts if part and part[0].strip() not in AFTERWARDS]
        last = [part for part in parts if part and part[0].strip() in AFTERWARDS]
        keep = movable and any(
            FURNITURE.search(line) or line.startswith("Bilaga ") for part in parts for line in part
        )
        if not keep:
            random.shuffle(movable)
            parts = [*movable, *last]
        result += [
            *block[: cuts[0]],
            *(line for part in parts for line in [*part, *([] if not part[-1].strip() else [""])]),
        ]
    return "\n".join(result)


def double_spaced(text: str, random: Random) -> str:
    return text if step_of(text) == 2 else text.replace("\n", "\n\n")


def blank_lines_lost(text: str, random: Random) -> str:
    return re.sub(r"\n(?:[^\S\n]*\n)+", "\n", text)


def blank_lines_with_blanks(text: str, random: Random) -> str:
    return each_line(text, lambda line: line or " " * random.randint(1, 9))


def more_blank_lines(text: str, random: Random) -> str:
    """Every paragraph break two or three lines high."""
    return text if step_of(text) == 2 else re.sub(r"\n[^\S\n]*\n", lambda m: "\n" * random.randint(3, 4), text)


def lost_bullets(text: str, random: Random) -> str:
    return each_line(
        text, lambda line: re.sub(r"^(\s*)(?:[•\uf0b7]\s*|[-–]\s+)(?=\S)", r"\1", line), first_head(text.split("\n"))
    )


def other_bullets(text: str, random: Random) -> str:
    bullet = random.choice(("•", "●", "▪", "–", "*", "○", "➢", "·"))
    return each_line(text, lambda line: re.sub(r"^(\s*)(?:[•\uf0b7]\s*|[-–]\s+)(?=\S)", rf"\1{bullet} ", line))


def bullet_on_its_own_line(text: str, random: Random) -> str:
    return each_line(text, lambda line: re.sub(r"^(\s*[•\uf0b7])\s*(?=\S)", r"\1\n", line))


def contents_before(text: str, random: Random) -> str:
    """A table of contents before the first §."""
    lines = text.split("\n")
    start = first_head(lines)
    if start == len(lines):
        return text
    rows = ["", "Innehållsförteckning", ""]
    for page, block in enumerate(blocks(lines[start:]), 2):
        number = re.search(r"§ ?\d+(?:/\d\d)?", block[0])
        if number is None:
            continue
        behind = re.sub(r"\s{3,}.*", "", block[0][number.end() :]).strip()
        title = behind or next((line.strip() for line in block[1:] if line.strip()), "")
        rows.append(f"{number.group()}  {title} ".ljust(68, random.choice((".", " "))) + f" {page}")
    return "\n".join([*lines[:start], *rows, "", *lines[start:]])


def contents_without_pages(text: str, random: Random) -> str:
    made = contents_before(text, Random(1))
    return re.sub(r"(?m)^(§ ?\d+(?:/\d\d)?  .*?)[ .]* \d+$", r"\1", made) if made != text else text


def windows_line_ends(text: str, random: Random) -> str:
    return text.replace("\n", "\r\n")


def old_mac_line_ends(text: str, random: Random) -> str:
    return text.replace("\n", "\r")


def single_tabs(text: str, random: Random) -> str:
    """One tab between columns and for an indent; tables of votes, where columns count, stay."""

    def changed(line: str) -> str:
        if re.search(r"\s{3,}(?:x|JA\s|\d+\s{3,}\d)", line):
            return line
        return re.sub(r"^ {3,}(?=\S)|(?<=\S) {3,}(?=\S)", "\t", line)

    return each_line(text, changed)


def tab_stops(text: str, random: Random) -> str:
    """Columns by tabs to stops of eight."""

    def changed(line: str) -> str:
        made, at = "", 0
        for match in re.finditer(r" {2,}(?=\S)", line):
            made += line[at : match.start()]
            tabs = match.end() // 8 - match.start() // 8
            made += "\t" * tabs + " " * (match.end() % 8) if tabs else match.group()
            at = match.end()
        return made + line[at:]

    return each_line(text, changed)


def left_margin(text: str, random: Random) -> str:
    margin = " " * random.randint(6, 14)
    return each_line(text, lambda line: margin + line if line.strip() else line)


def trailing_blanks(text: str, random: Random) -> str:
    return each_line(text, lambda line: f"{line.rstrip()} " if not line.endswith("  ") else line)


def line_numbers(text: str, random: Random) -> str:
    """A number in the margin of each line."""
    return _in_margin(text, lambda number: f"{number:>4}  ")


def line_numbers_of_pages(text: str, random: Random) -> str:
    """A number in the margin of every fifth line, starting anew on each page of fifty lines."""
    return _in_margin(text, lambda number: f"{number % 50:>3}  " if number % 50 % 5 == 0 and number % 50 else " " * 5)


def _in_margin(text: str, margin: Callable[[int], str]) -> str:
    lines = []
    for number, line in enumerate(text.split("\n"), 1):
        feed = "\f" if line.startswith("\f") else ""
        lines.append(feed + (margin(number) + line.removeprefix("\f")).rstrip(" "))
    return "\n".join(lines)


RECIPIENTS = (
    "Expedieras till",
    "Beslutet skickas till",
    "Beslut expedieras till",
    "Protokollsutdrag till",
    "Sändlista",
)
_FOOT = re.compile(r"_{5}|Göteborgs Stad|Sammanträdesdatum|\w*(?:nämnden|styrelsen|fullmäktige)\s|\s{20}")


def lists_of_recipients(text: str, random: Random) -> str:
    """Who gets an extract, at the end of each § but the last."""
    lines = text.split("\n")
    start = first_head(lines)
    *parts, last = blocks(lines[start:])
    heading = random.choice(RECIPIENTS)
    result = lines[:start]
    for block in parts:
        foot = len(block) - 1
        while foot and (not block[foot].strip() or FURNITURE.search(block[foot]) or _FOOT.match(block[foot])):
            foot -= 1
        added = ["", heading, "Kommunstyrelsen", "Ekonomiavdelningen", "Akten"]
        result += [*block[: foot + 1], *added, *block[foot + 1 :]]
    return "\n".join([*result, *last])


def rules_between(text: str, random: Random) -> str:
    """A rule of signs between the §."""
    rule = random.choice(("_" * 40, "-" * 60, "=" * 50, "* * *"))
    lines = text.split("\n")
    return each_line(text, lambda line: f"{rule}\n\n{line}" if HEAD.match(line) else line, first_head(lines))


def as_it_is(text: str, random: Random) -> str:
    return text


def titles_beside_numbers(text: str, random: Random) -> str:
    """ "§ 12" and its title on one line."""
    return re.sub(
        r"(?m)^(\s*(?:[A-ZÅÄÖ][A-Za-zåäö]{1,4} )?§ \d+(?:/\d\d)?) *\n(?=[A-ZÅÄÖ][^\n]{5,60}\n)", r"\1  ", text
    )


def titles_below_numbers(text: str, random: Random) -> str:
    """The title of a § on the line below its number."""
    lines = text.split("\n")
    number = re.compile(r"^(\s*(?:[A-ZÅÄÖ][A-Za-zåäö]{1,4} )?§ \d+(?:/\d\d)?)\s+(?=[A-ZÅÄÖ][^\d]*$)")
    return each_line(text, lambda line: number.sub(r"\1\n", line), first_head(lines))
