"""What a data folder holds, told to a person or a program."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from server.data_folder.ledger import Entry
from server.data_folder.reading import missing, percent, place
from server.data_folder.weakness import Sum, by_layout, by_municipality

STATUSES = ("accepted", "quarantined", "refused")
SHOWN = 20


def summary(entries: Sequence[Entry]) -> str:
    """How many documents are accepted, quarantined and refused, and why; and how many lines were read."""
    counts = Counter(entry.status for entry in entries)
    lines = [f"{len(entries)} documents · handlingar: " + ", ".join(f"{counts[s]} {s}" for s in STATUSES)]
    ignored = sum(entry.ignored_lines for entry in entries)
    unread = sum(entry.unread_lines for entry in entries)
    claimed = sum(entry.claimed for entry in entries)
    share = percent(unread, claimed + ignored + unread)
    lines.append(
        f"{claimed} lines claimed · lästa rader, {ignored} ignored · ignorerade, {unread} unread · olästa ({share})"
    )
    for entry in _ordered(e for e in entries if e.status == "quarantined"):
        lines += [f"quarantined: {entry.file_name}: {entry.reason_sv}", f"  {entry.reason_en}"]
    lines += _refusals([entry for entry in entries if entry.status == "refused"])
    for entry in _ordered(e for e in entries if e.status == "accepted" and e.warnings):
        lines.append(f"warnings: {entry.file_name}: {entry.warnings} (reports/{entry.id}.txt)")
    return "".join(f"{line}\n" for line in lines)


def _refusals(refused: Sequence[Entry]) -> Iterator[str]:
    """The refused documents by reason, the commonest first; a text that several have in common is told once."""
    reasons = Counter(entry.reason for entry in refused)
    for reason, number in sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0])):
        yield f"refused: {reason}: {number} documents · handlingar"
        alike: dict[tuple[str, str], list[str]] = {}
        for entry in _ordered(e for e in refused if e.reason == reason):
            alike.setdefault((entry.reason_sv, entry.reason_en), []).append(entry.file_name)
        for (sv, en), names in alike.items():
            yield from (f"  {', '.join(names)}", f"    {sv}", f"    {en}")


def details(entries: Sequence[Entry]) -> str:
    """The summary, where reading is weak, the ignored lines by rule, and of each document the numbers missing in the
    series of § and the first unread lines."""
    rules: Counter[str] = Counter()
    for entry in entries:
        rules.update(json.loads(entry.ignored))
    lines = [f"ignored by rule: {rule}: {number}" for rule, number in sorted(rules.items())]
    for entry in _ordered(entries):
        gaps = json.loads(entry.account).get("gaps", ())
        lines += [f"missing §: {entry.file_name}: {missing(gap)}" for gap in gaps]
        unread = json.loads(entry.unread)
        for line, rule, text, page in unread[:SHOWN]:
            where = f"page {page}, line {line}" if page else f"line {line}"
            lines.append(f"unread: {entry.file_name}, {where} ({rule}): {text}")
        if len(unread) > SHOWN:
            lines.append(f"unread: {entry.file_name}: {len(unread) - SHOWN} more (reports/{entry.id}.txt)")
    return f"{summary(entries)}{_weak(entries)}" + "".join(f"{line}\n" for line in lines)


def _weak(entries: Sequence[Entry]) -> str:
    head = ["documents", "lines", "unread", "missing §", "items", "no number", "inferred", "warnings"]
    told = ""
    for title, sums in (
        ("By municipality, weakest first · per kommun, svagast först", by_municipality(entries)),
        ("By layout, weakest first · per utformning, svagast först", by_layout(entries)),
    ):
        if sums:
            rows = [[*_figures(each), each.name] for each in sums]
            told += f"{title}\n{aligned([[*head, 'of'], *rows], right=len(head))}"
    return told


def _figures(each: Sum) -> list[str]:
    numbers = (each.missing, each.items, each.without_number, each.inferred, each.warnings)
    return [str(each.documents), str(each.lines), percent(each.unread, each.lines), *map(str, numbers)]


def aligned(rows: Sequence[Sequence[str]], right: int = 0) -> str:
    """Rows as columns two blanks apart, the first `right` columns flush right; the first row is ruled off."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    ruled = [rows[0], ["-" * width for width in widths], *rows[1:]]
    return "".join(
        "  ".join(
            cell.rjust(width) if i < right else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        + "\n"
        for row in ruled
    )


def as_json(entries: Sequence[Entry]) -> str:
    """Counts, sums by municipality and by layout (weakest first), the refusals by reason and, per document, its
    status, reason, line counts, ignored lines by rule, unread lines, facts, gaps, and items without a number."""
    content = {
        "documents": {status: sum(e.status == status for e in entries) for status in STATUSES},
        "lines": {
            "claimed": sum(e.claimed for e in entries),
            "ignored": sum(e.ignored_lines for e in entries),
            "unread": sum(e.unread_lines for e in entries),
        },
        "refusals": dict(sorted(Counter(e.reason for e in entries if e.status == "refused").items())),
        "municipalities": [_sum_as_json(each) for each in by_municipality(entries)],
        "layouts": [_sum_as_json(each) for each in by_layout(entries)],
        "details": [_document(entry) for entry in _ordered(entries)],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _sum_as_json(each: Sum) -> dict[str, Any]:
    return {
        "municipality": each.municipality,
        "layout": each.layout,
        "documents": each.documents,
        "lines": {"claimed": each.claimed, "ignored": each.ignored, "unread": each.unread},
        "unreadShare": round(each.unread / each.lines, 4) if each.lines else None,
        "missingParagraphs": each.missing,
        "items": each.items,
        "itemsWithoutRegistryNumber": each.without_number,
        "inferredFacts": each.inferred,
        "warnings": each.warnings,
        "facts": dict(sorted(each.facts.items())),
    }


def _document(entry: Entry) -> dict[str, Any]:
    account = json.loads(entry.account)
    return {
        "sha256": entry.sha256,
        "fileName": entry.file_name,
        "status": entry.status,
        "reason": entry.reason or None,
        "reasonText": {"sv": entry.reason_sv, "en": entry.reason_en} if entry.reason else None,
        "program": entry.program,
        "readAt": entry.ended_at,
        "personalNumbers": entry.personal_numbers,
        "warnings": entry.warnings,
        "lines": {"claimed": entry.claimed, "ignored": entry.ignored_lines, "unread": entry.unread_lines},
        "ignoredByRule": json.loads(entry.ignored),
        "unread": [
            dict(zip(("line", "rule", "text", "page"), line, strict=True)) for line in json.loads(entry.unread)
        ],
        "reading": account | {"municipality": place(account["municipality"])} if account else None,
    }


def table(results: bytes) -> str:
    """A result in SPARQL 1.1 JSON as aligned text; a boolean as "true" or "false"."""
    content = json.loads(results)
    if "boolean" in content:
        return f"{str(content['boolean']).lower()}\n"
    names = content["head"]["vars"]
    rows = [
        [" ".join(row[name]["value"].split()) if name in row else "" for name in names]
        for row in content["results"]["bindings"]
    ]
    return f"{aligned([names, *rows])}({len(rows)} rows · rader)\n"


def _ordered(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (entry.file_name, entry.sha256))
