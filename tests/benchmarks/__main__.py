"""Run every benchmark and print one table: `python -m tests.benchmarks [--json] [--documents N] [--only GROUP]`."""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict

from tests.benchmarks import engines, gate, growth, reading, serving
from tests.benchmarks.measure import Figure

BENCHMARKS = ("reading", "gate", "growth", "serving", "engines")


def chosen(only: str | None, documents: int) -> Iterator[Figure]:
    """The figures of all benchmarks, or of one, as they are measured."""
    found = reading.sources()
    run: dict[str, Callable[[], Iterator[Figure]]] = {
        "reading": lambda: reading.figures(found),
        "gate": lambda: gate.figures(found),
        "growth": lambda: growth.figures(documents),
        "serving": lambda: serving.figures(),
        "engines": lambda: engines.figures(8 * documents),
    }
    for name in BENCHMARKS:
        if only in (None, name):
            print(f"{name} …", file=sys.stderr, flush=True)
            yield from run[name]()


def machine() -> dict[str, object]:
    """What the figures depend on."""
    return {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()}


def table(figures: list[Figure]) -> str:
    """One line for each figure; "×" is how many times as fast ours is as what it is compared with."""
    head = ("", "what", "seconds", "rate", "×", "as fast as", "seconds", "aim")
    rows = [head, *map(_row, figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    right = {2, 3, 4, 6, 7}
    text = ""
    for row in rows:
        cells = (cell.rjust(widths[i]) if i in right else cell.ljust(widths[i]) for i, cell in enumerate(row))
        text += "  ".join(cells).rstrip() + "\n"
    return text


def _row(figure: Figure) -> tuple[str, ...]:
    ratio, theirs = figure.ratio, figure.theirs
    aim = (
        ""
        if figure.aim is None or ratio is None
        else f"≥ {figure.aim:g} {'met' if ratio >= figure.aim else 'MISSED'}"
    )
    return (
        figure.group,
        figure.name,
        _short(figure.ours),
        f"{_short(figure.rate)} {figure.unit}/s",
        "" if ratio is None else _short(ratio),
        figure.against,
        "" if theirs is None else _short(theirs),
        aim,
    )


def _short(number: float) -> str:
    """Three significant digits, no exponent: 1234567 is "1,230,000"."""
    if number >= 100:
        return f"{round(number, 3 - len(str(int(number)))):,.0f}"
    return f"{number:#.3g}" if number >= 0.0001 else f"{number:.7f}"


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="tests.benchmarks", description=__doc__)
    parser.add_argument("--json", action="store_true", help="figures as JSON on standard output")
    parser.add_argument("--documents", type=int, default=25, metavar="N", help="growth: N, 2N and 4N documents")
    parser.add_argument("--only", choices=BENCHMARKS)
    options = parser.parse_args(arguments)
    figures = list(chosen(options.only, options.documents))
    if options.json:
        told = [asdict(f) | {"ratio": f.ratio, "rate": f.rate} for f in figures]
        print(json.dumps({"machine": machine(), "figures": told}, ensure_ascii=False, indent=1))
    else:
        print(", ".join(f"{name} {value}" for name, value in machine().items()))
        print("medians; CPU seconds, of look-ups wall-clock; × 2: twice as fast, × 0.5: half as fast\n")
        print(table(figures), end="")


if __name__ == "__main__":
    main()
