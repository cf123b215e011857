"""Words that a narrow cell broke without a hyphen: "vuxenutbildningsdeltaga" and on the line below "re som"."""

from collections.abc import Iterable

from mapping.flow import Flow, flow
from mapping.text import Line

_FULL = 0.8  # of the widest line of the cell: letters are of different widths


def cell_flow(lines: Iterable[Line]) -> Flow:
    """The lines of a cell as running text, a word that was broken by the cell's width made whole.

    It is told by the blanks that a text keeps where a line was parted between words: only the broken line, which is
    one word as wide as the cell, ends without one."""
    kept = [line for line in lines if line.text.strip()]
    broken = [at for at, line in enumerate(kept[:-1]) if not line.text[-1].isspace()]
    widest = max((len(line.text.strip()) for line in kept), default=0)
    if len(broken) + 1 >= len(kept) or not all(_is_broken(kept[at], kept[at + 1], widest) for at in broken):
        return flow(kept)
    whole = Flow("", ())
    for start, end in zip([0, *(at + 1 for at in broken)], [*(at + 1 for at in broken), len(kept)], strict=True):
        part = flow(kept[start:end])
        whole = Flow(whole.text + part.text, whole.offsets + part.offsets)
    return whole


def _is_broken(line: Line, following: Line, widest: int) -> bool:
    word = line.text.strip()
    alone = not any(character.isspace() for character in word) and word[-1].isalpha()
    return alone and len(word) >= _FULL * widest and following.text.lstrip()[0].islower()
