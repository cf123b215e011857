"""What happens to minutes between the clerk's screen and the reader: each kind as a small pure function.

A disturbance takes a text and a source of chance and gives the text as another program, printer, scanner or
municipality would have left it. Where the facts change with it (numbers of §, forms of registry numbers, quotation
marks), the kind also says what becomes of a string and of a § number in the answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.mapping.disturbed_layout import (
    as_it_is,
    blank_after_headings,
    blank_lines_lost,
    blank_lines_with_blanks,
    broken_words,
    bullet_on_its_own_line,
    centred_headings,
    contents_before,
    contents_without_pages,
    continued_heads,
    double_spaced,
    form_feeds,
    furniture_in_sentences,
    left_margin,
    line_numbers,
    line_numbers_of_pages,
    lists_of_recipients,
    lost_bullets,
    more_blank_lines,
    old_mac_line_ends,
    other_bullets,
    page_numbers_in_sentences,
    rules_between,
    signatures_in_sentences,
    single_tabs,
    swapped_sections,
    tab_stops,
    titles_below_numbers,
    titles_beside_numbers,
    trailing_blanks,
    windows_line_ends,
)
from tests.mapping.disturbed_lines import Change, always, same
from tests.mapping.disturbed_words import (
    body_before_sign,
    bracketed_points,
    curled,
    dashed,
    decomposed,
    headings_before_text,
    headings_with_colon,
    labels_added,
    labels_changed,
    ligatures,
    marked_headings,
    no_break_spaces,
    numbered_by_year,
    other_headings,
    others_apart,
    others_without_stops,
    parties,
    registry,
    scanned,
    shifted,
    shifted_numbers,
    sign_behind,
    soft_hyphens,
    soft_hyphens_at_line_ends,
    stops_behind_numbers,
    straightened,
    thin_spaces,
    tight,
    unbreaking_hyphens,
    upper_case_headings,
    wide_signs,
    year_behind,
    zero_width,
)
from tests.mapping.disturbed_wrapping import a_line_per_paragraph, wrapped_at_60, wrapped_at_100


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of disturbance. `answer` and `number` change the strings and the § numbers of the expected facts;
    `seeds` is how many times it is tried; `encoding` is how the disturbed text is written."""

    name: str
    change: Change
    answer: Callable[[str], str] = same
    number: Callable[[str], str] = same
    seeds: int = 1
    encoding: str = "utf-8"

    def disturbed(self, text: str, seed: int) -> bytes:
        return self.change(text, Random(f"{self.name} {seed}")).encode(self.encoding)


_lower, _lower_answer = parties(lambda code, name: code.lower())


_spaced, _spaced_answer = parties(lambda code, name: (f" {code} ", f"{code} ", f" {code}")[name % 3])


_scan, _scan_answer = parties(scanned)


_dash, _dash_answer = registry("{code}-{year}/{n}")


_colon, _colon_answer = registry("{code}/{year}:{n}")


_padded, _padded_answer = registry("{code} {year}-{n:05d}")


_behind, _behind_answer = registry("{code} {n}/{year}")


def much_at_once(text: str, random: Random) -> str:
    """A scanned and converted copy from another municipality."""
    for change in (furniture_in_sentences, broken_words, _lower, other_bullets, no_break_spaces, left_margin):
        text = change(text, random)
    return windows_line_ends(text, random)


KINDS: tuple[Kind, ...] = (
    Kind("furniture in sentences", furniture_in_sentences, seeds=2),
    Kind("signatures in sentences", signatures_in_sentences),
    Kind("page numbers in sentences", page_numbers_in_sentences),
    Kind("form feeds", form_feeds),
    Kind("continued heads", continued_heads, seeds=2),
    Kind("broken words", broken_words, seeds=2),
    Kind("other headings", other_headings, seeds=2),
    Kind("upper case headings", upper_case_headings),
    Kind("headings with colon", headings_with_colon),
    Kind("centred headings", centred_headings),
    Kind("blank after headings", blank_after_headings),
    Kind("renumbered", always(shifted_numbers), shifted_numbers, shifted),
    Kind("swapped sections", swapped_sections, seeds=2),
    Kind("lower case parties", _lower, _lower_answer),
    Kind("scanned parties", _scan, _scan_answer),
    Kind("blanks in brackets", _spaced, _spaced_answer),
    Kind("registry numbers with dash", _dash, _dash_answer),
    Kind("registry numbers with colon", _colon, _colon_answer),
    Kind("registry numbers with zeros", _padded, _padded_answer),
    Kind("registry numbers with the year behind", _behind, _behind_answer),
    Kind("labels changed", labels_changed, seeds=2),
    Kind("labels added", labels_added),
    Kind("double spaced", double_spaced),
    Kind("blank lines lost", blank_lines_lost),
    Kind("blank lines with blanks", blank_lines_with_blanks),
    Kind("more blank lines", more_blank_lines),
    Kind("lost bullets", lost_bullets),
    Kind("other bullets", other_bullets, seeds=2),
    Kind("bullet on its own line", bullet_on_its_own_line),
    Kind("contents before", contents_before),
    Kind("contents without pages", contents_without_pages),
    Kind("windows line ends", windows_line_ends),
    Kind("old Mac line ends", old_mac_line_ends),
    Kind("no-break spaces", no_break_spaces),
    Kind("thin spaces", thin_spaces),
    Kind("soft hyphens", soft_hyphens),
    Kind("soft hyphens at line ends", soft_hyphens_at_line_ends),
    Kind("decomposed", decomposed),
    Kind("ligatures", ligatures),
    Kind("zero width", zero_width),
    Kind("typographic dashes", always(dashed), dashed),
    Kind("unbreaking hyphens", unbreaking_hyphens),
    Kind("typographic quotes", always(curled), curled),
    Kind("straight quotes", always(straightened), straightened),
    Kind("single tabs", single_tabs),
    Kind("tab stops", tab_stops),
    Kind("wrapped at 60", wrapped_at_60),
    Kind("wrapped at 100", wrapped_at_100),
    Kind("a line per paragraph", a_line_per_paragraph),
    Kind("left margin", left_margin),
    Kind("trailing blanks", trailing_blanks),
    Kind("line numbers", line_numbers),
    Kind("line numbers of pages", line_numbers_of_pages),
    Kind("tight signs", always(tight), tight),
    Kind("wide signs", wide_signs),
    Kind("sign behind", sign_behind),
    Kind("body before sign", body_before_sign),
    Kind("numbered by year", numbered_by_year, number=year_behind),
    Kind("lists of recipients", lists_of_recipients),
    Kind("others without stops", always(others_without_stops), others_without_stops),
    Kind("others apart", always(others_apart), others_apart),
    Kind("rules between", rules_between),
    Kind("titles beside numbers", titles_beside_numbers),
    Kind("titles below numbers", titles_below_numbers),
    Kind("stops behind numbers", stops_behind_numbers),
    Kind("bracketed points", bracketed_points),
    Kind("marked headings", marked_headings, seeds=2),
    Kind("headings before text", headings_before_text),
    Kind("much at once", much_at_once, _lower_answer, seeds=2),
    Kind("byte order mark", as_it_is, encoding="utf-8-sig"),
    Kind("UTF-16", as_it_is, encoding="utf-16"),
)
