"""How well a reading agrees with a gold file: precision, recall and F1 per document and kind, and the misses."""

import dataclasses
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mapping.document import judge_alone, read, verdict
from mapping.evaluation_facts import Fact, found
from mapping.evaluation_gold import Gold, expected, letter_items, scored
from mapping.records import DocumentRecord, Refused

LETTERS = ("letters", "letter authors")


class BadGold(ValueError):
    """A gold file that cannot be used: a sentence for the user in Swedish and one in English."""


@dataclass(frozen=True, slots=True)
class Miss:
    """A fact that is `missing` in the reading, or `extra` there, or `forbidden` by the gold; or, before the missing
    facts of a document that is not made public, why it is `quarantined`."""

    document: str
    kind: str
    what: str
    item: str
    text: str


@dataclass(frozen=True, slots=True)
class Score:
    """True positives, false positives and false negatives of one kind (`kind` "all": of every kind)."""

    document: str
    kind: str
    tp: int
    fp: int
    fn: int

    @property
    def precision(self) -> float:
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else 1.0

    @property
    def recall(self) -> float:
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else 1.0

    @property
    def f1(self) -> float:
        return 2 * self.tp / (2 * self.tp + self.fp + self.fn) if self.tp + self.fp + self.fn else 1.0


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The scores per document and kind, in the order read, and every miss."""

    scores: tuple[Score, ...]
    misses: tuple[Miss, ...]

    def totals(self) -> tuple[Score, ...]:
        """One score per kind over all documents, then the micro average over everything ("all")."""
        kinds = list(dict.fromkeys(s.kind for s in self.scores))
        rows = [_sum("", kind, [s for s in self.scores if s.kind == kind]) for kind in kinds]
        return (*rows, _sum("", "all", self.scores))


def evaluate(
    name: str, read: DocumentRecord | Refused, gold: Gold, published: str = "", quarantined: str = ""
) -> Evaluation:
    """Compare one reading with its gold.

    `published` is whatever is made public of the document: the gold's `must_not_appear` strings and private
    persons are looked for there and among the persons read. `quarantined` says why nothing is made public:
    then every fact is missing, whatever was read.
    """
    if gold.get("must_be_empty"):
        return _must_be_refused(name, read)
    if isinstance(read, Refused) or quarantined:
        facts: list[Fact] = []
    else:
        # the only item of a motion document has the document's own number
        of_document = any(item["number"] is None for item in gold["items"]) and not any(
            item.registry_numbers for item in read.items
        )
        facts = [
            dataclasses.replace(f, kind="registry numbers") if f.kind == "own registry numbers" else f
            for f in found(read)
            if of_document or f.kind != "own registry numbers"
        ]
    kinds, with_letters = scored(gold), letter_items(gold)
    facts = [f for f in facts if f.kind in kinds or (f.kind in LETTERS and f.item in with_letters)]
    wanted = list(expected(gold))
    wanted = [f for f in wanted if f.kind in kinds or f.kind in LETTERS]
    scores: list[Score] = []
    misses: list[Miss] = []
    for kind in dict.fromkeys([f.kind for f in wanted] + [f.kind for f in facts]):
        tp, missing, extra = match([f for f in wanted if f.kind == kind], [f for f in facts if f.kind == kind])
        if tp or missing or extra:
            scores.append(Score(name, kind, tp, len(extra), len(missing)))
        misses += [Miss(name, kind, "missing", f.item, f.text) for f in missing]
        misses += [Miss(name, kind, "extra", f.item, f.text) for f in extra]
    if quarantined:
        return Evaluation(tuple(scores), (Miss(name, "document", "quarantined", "", quarantined), *misses))
    misses += _forbidden(name, read, gold, published)
    leaks = sum(m.what == "forbidden" for m in misses)
    if leaks:
        scores.append(Score(name, "forbidden", 0, leaks, 0))
    return Evaluation(tuple(scores), tuple(misses))


def evaluate_file(path: Path, answer: Path, municipality: str | None = None) -> Evaluation:
    """Read a document as it would be published by itself and compare it with its gold file.

    Where the document does not say whose it is, the reader is told: `municipality`, or else the gold's.
    Raises BadGold.
    """
    gold = read_gold(answer)
    told = municipality or (None if gold.get("municipality_in_text", True) else gold["municipality"])
    reading = read(path.read_bytes(), told)
    if isinstance(reading, Refused):
        return evaluate(path.stem, reading, gold)
    judged = judge_alone(reading)
    why = "" if judged.accepted else str(verdict(judged)["reason_en"])
    return evaluate(path.stem, reading.record, gold, reading.text.canonical, why)


def read_gold(path: Path) -> Gold:
    """A gold file. Raises BadGold where it is no JSON, or not what a gold holds."""
    try:
        gold = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadGold(
            f"Facit {path} går inte att läsa som JSON: {error}. Rätta filen och försök igen.\n"
            f"The gold file {path} cannot be read as JSON: {error}. Correct the file and try again."
        ) from error
    try:
        if not gold.get("must_be_empty"):
            list(expected(gold))
            scored(gold)
    except KeyError as error:
        raise BadGold(
            f"Facit {path} går inte att använda: fältet {error} saknas. Lägg till det och försök igen.\n"
            f"The gold file {path} cannot be used: the field {error} is missing. Add it and try again."
        ) from error
    except (TypeError, AttributeError) as error:
        raise BadGold(
            f"Facit {path} går inte att använda: ett värde är av fel slag ({error}). Rätta det och försök igen.\n"
            f"The gold file {path} cannot be used: a value is of the wrong kind ({error}). Correct it and try again."
        ) from error
    return dict(gold)


def match(wanted: Sequence[Fact], given: Sequence[Fact]) -> tuple[int, list[Fact], list[Fact]]:
    """(number right, those missing, those extra): each given fact answers to one wanted fact at most."""
    left = list(given)
    right, missing = 0, []
    for want in sorted(wanted, key=lambda f: f.optional):
        hit = next((i for i, f in enumerate(left) if want.keys & f.keys), None)
        if hit is not None:
            left.pop(hit)
            right += not want.optional
        elif not want.optional:
            missing.append(want)
    return right, missing, left


def together(parts: Iterable[Evaluation]) -> Evaluation:
    """The evaluations of several documents as one."""
    parts = list(parts)
    return Evaluation(tuple(s for p in parts for s in p.scores), tuple(m for p in parts for m in p.misses))


def pairs(documents: Path, golds: Path) -> list[tuple[Path, Path]]:
    """Each document with its gold file: 000_abc.txt with 000.json, 02-ks.txt with 02-ks.gold.json.

    Both may be files or folders; documents without a gold are left out. Raises FileNotFoundError with a
    sentence for the user where either path is missing or no pair is found.
    """
    for path in (documents, golds):
        if not path.exists():
            raise FileNotFoundError(f"{path} finns inte.\n{path} does not exist.")
    if documents.is_file() and golds.is_file():
        return [(documents, golds)]
    files = sorted(documents.iterdir()) if documents.is_dir() else [documents]
    answers = sorted(golds.glob("*.json")) if golds.is_dir() else [golds]
    result = []
    for answer in answers:
        stem = answer.name.removesuffix(".json").removesuffix(".gold")
        for path in files:
            if path.suffix in (".json", ".md") or not path.is_file():
                continue
            if path.stem == stem or path.name.startswith(f"{stem}_"):
                result.append((path, answer))
    if not result:
        raise FileNotFoundError(
            f"Inget dokument i {documents} har ett facit med samma namn i {golds}.\n"
            f"No document in {documents} has a gold file of the same name in {golds}."
        )
    return result


def table(evaluation: Evaluation, misses: bool = True) -> str:
    """The scores as aligned text: each document, all documents, the micro average, and the misses."""
    head = ("document", "kind", "right", "extra", "missing", "precision", "recall", "F1")
    rows = [_row(s) for s in evaluation.scores]
    rows += [_row(dataclasses.replace(s, document="ALL")) for s in evaluation.totals()]
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    lines = []
    for row in (head, *rows):
        cells = [c.ljust(w) if i < 2 else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))]
        lines.append("  ".join(cells).rstrip())
    if misses and evaluation.misses:
        lines.append("")
        for m in evaluation.misses:
            where = f" § {m.item}" if m.item else ""
            lines.append(f"{m.what:9} {m.document}{where} {m.kind}: {shorten(m.text)}")
    return "\n".join(lines) + "\n"


def as_json(evaluation: Evaluation) -> str:
    """The same as JSON: {"scores": […], "totals": […], "misses": […]}."""

    def plain(score: Score) -> dict[str, object]:
        rates = {"precision": score.precision, "recall": score.recall, "f1": score.f1}
        return dataclasses.asdict(score) | {k: round(v, 4) for k, v in rates.items()}

    totals = [plain(s) | {"document": None} for s in evaluation.totals()]
    content = {
        "scores": [plain(s) for s in evaluation.scores],
        "totals": totals,
        "misses": [dataclasses.asdict(m) for m in evaluation.misses],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def shorten(text: str, width: int = 110) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= width else f"{flat[: width * 2 // 3]} … {flat[-width // 4 :]}"


def _row(score: Score) -> tuple[str, ...]:
    rates = (f"{r:.3f}" for r in (score.precision, score.recall, score.f1))
    return (score.document, score.kind, str(score.tp), str(score.fp), str(score.fn), *rates)


def _sum(document: str, kind: str, scores: Sequence[Score]) -> Score:
    return Score(document, kind, *(sum(getattr(s, n) for s in scores) for n in ("tp", "fp", "fn")))


def _must_be_refused(name: str, read: DocumentRecord | Refused) -> Evaluation:
    if isinstance(read, Refused):
        return Evaluation((Score(name, "refusal", 1, 0, 0),), ())
    miss = Miss(name, "refusal", "missing", "", f"read as {read.kind}, but it is no meeting document")
    return Evaluation((Score(name, "refusal", 0, 0, 1),), (miss,))


def _forbidden(name: str, read: DocumentRecord | Refused, gold: Gold, published: str) -> list[Miss]:
    content = published if isinstance(read, Refused) else published + repr(read)
    misses = [
        Miss(name, "forbidden", "forbidden", "", text) for text in gold.get("must_not_appear", ()) if text in content
    ]
    if not isinstance(read, Refused):
        persons = {a.name for a in read.persons}
        misses += [
            Miss(name, "forbidden", "forbidden", "", f"private person {private}")
            for private in gold.get("private_persons", ())
            if private in persons
        ]
    return misses
