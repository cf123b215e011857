"""Run the benchmarks and print one table: `python -m tests.benchmarks [--json] [--only GROUP]`.

The store, its questions and its server are measured on a synthetic corpus: of 1,000 documents, which is made the first
time, or of as many as `--size` says, or in the data folder that `--corpus` names (tests.benchmarks.corpus makes it).
The load test takes minutes, and runs only when it is asked for: `--only load --minutes 10`.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from mapping.document import BASE
from server.storage import snapshot, store
from tests.benchmarks import (
    building,
    corpus,
    engines,
    exporting,
    gate,
    growth,
    limits,
    load,
    pages,
    questions,
    reading,
    reconciling,
    serving,
)
from tests.benchmarks.measure import Figure

BENCHMARKS = (
    "reading",
    "gate",
    "growth",
    "store",
    "questions",
    "serving",
    "pages",
    "reconciling",
    "limits",
    "exporting",
    "load",
    "engines",
)
LONG = ("load", "engines")  # run only when they are asked for
KEPT = Path(__file__).parents[2] / "data"


def chosen(options: argparse.Namespace) -> Iterator[Figure]:
    """The figures of all benchmarks that are not long, or of one, as they are measured."""
    found = reading.sources()
    run: dict[str, Callable[[], Iterator[Figure]]] = {
        "reading": lambda: reading.figures(found),
        "gate": lambda: gate.figures(found),
        "growth": lambda: growth.figures(options.documents),
        "store": lambda: building.figures(_corpus(options)),
        "questions": lambda: _asked(_corpus(options)),
        "serving": lambda: serving.figures(_corpus(options)),
        "pages": lambda: pages.figures(_corpus(options)),
        "reconciling": lambda: reconciling.figures(_corpus(options)),
        "limits": lambda: limits.figures(_corpus(options)),
        "exporting": lambda: exporting.figures(_corpus(options)),
        "load": lambda: load.figures(_corpus(options), options.minutes),
        "engines": lambda: engines.figures(data=_corpus(options)),
    }
    for name in BENCHMARKS:
        if name == options.only or (options.only is None and name not in LONG):
            print(f"{name} …", file=sys.stderr, flush=True)
            yield from run[name]()


def _corpus(options: argparse.Namespace) -> Path:
    """The data folder of a synthetic corpus, published; made where it is missing."""
    data: Path = options.corpus or KEPT / f"corpus-{options.size}"
    if not data.exists():
        data.parent.mkdir(parents=True, exist_ok=True)
        corpus.make(data, options.size)
    store.build(data, BASE)
    return data


def _asked(data: Path) -> Iterator[Figure]:
    opened = snapshot.open_current(data)
    try:
        yield from questions.figures(opened.store)
    finally:
        opened.close()


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
        figure.unit if figure.clock == "none" else f"{_short(figure.rate)} {figure.unit}/s",
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
    parser.add_argument("--corpus", type=Path, metavar="DIR", help="a data folder with a synthetic corpus")
    parser.add_argument("--size", type=int, default=1000, metavar="N", help="documents of the corpus made otherwise")
    parser.add_argument("--minutes", type=float, default=0.5, metavar="M", help="of each part of the load test")
    options = parser.parse_args(arguments)
    figures = list(chosen(options))
    if options.json:
        told = [asdict(f) | {"ratio": f.ratio, "rate": f.rate} for f in figures]
        print(json.dumps({"machine": machine(), "figures": told}, ensure_ascii=False, indent=1))
    else:
        print(", ".join(f"{name} {value}" for name, value in machine().items()))
        print("medians; CPU seconds, of servers wall-clock; × 2: twice as fast, × 0.5: half as fast\n")
        print(table(figures), end="")


if __name__ == "__main__":
    main()
