"""What a data folder holds, told to a person or a program."""

import json
from collections import Counter
from collections.abc import Sequence

from server.ledger import Entry

STATUSES = ("accepted", "quarantined", "refused")
SHOWN = 20


def summary(entries: Sequence[Entry]) -> str:
    """How many documents are accepted, quarantined and refused, and why; and how many lines were read."""
    counts = Counter(entry.status for entry in entries)
    lines = [f"{len(entries)} documents · handlingar: " + ", ".join(f"{counts[s]} {s}" for s in STATUSES)]
    ignored = sum(entry.ignored_lines for entry in entries)
    unread = sum(entry.unread_lines for entry in entries)
    claimed = sum(entry.claimed for entry in entries)
    lines.append(f"{claimed} lines claimed · lästa rader, {ignored} ignored · ignorerade, {unread} unread · olästa")
    for status in STATUSES[1:]:
        for entry in sorted((e for e in entries if e.status == status), key=lambda e: (e.file_name, e.sha256)):
            lines += [f"{status}: {entry.file_name}: {entry.reason_sv}", f"  {entry.reason_en}"]
    flagged = [entry for entry in entries if entry.status == "accepted" and entry.warnings]
    for entry in sorted(flagged, key=lambda e: (e.file_name, e.sha256)):
        lines.append(f"warnings: {entry.file_name}: {entry.warnings} (reports/{entry.id}.txt)")
    return "".join(f"{line}\n" for line in lines)


def details(entries: Sequence[Entry]) -> str:
    """The summary, the ignored lines by rule, and the first unread lines of each document."""
    rules: Counter[str] = Counter()
    for entry in entries:
        rules.update(json.loads(entry.ignored))
    lines = [f"ignored by rule: {rule}: {number}" for rule, number in sorted(rules.items())]
    for entry in sorted(entries, key=lambda e: (e.file_name, e.sha256)):
        unread = json.loads(entry.unread)
        lines += [f"unread: {entry.file_name}, line {line} ({rule}): {text}" for line, rule, text in unread[:SHOWN]]
        if len(unread) > SHOWN:
            lines.append(f"unread: {entry.file_name}: {len(unread) - SHOWN} more (--format json)")
    return summary(entries) + "".join(f"{line}\n" for line in lines)


def as_json(entries: Sequence[Entry]) -> str:
    """Counts and, per document, its status, reason, line counts, ignored lines by rule and unread lines."""
    documents = [
        {
            "sha256": entry.sha256,
            "fileName": entry.file_name,
            "status": entry.status,
            "reason": entry.reason or None,
            "reasonText": {"sv": entry.reason_sv, "en": entry.reason_en} if entry.reason else None,
            "program": entry.program,
            "readAt": entry.ended_at,
            "warnings": entry.warnings,
            "lines": {"claimed": entry.claimed, "ignored": entry.ignored_lines, "unread": entry.unread_lines},
            "ignoredByRule": json.loads(entry.ignored),
            "unread": [dict(zip(("line", "rule", "text"), line, strict=True)) for line in json.loads(entry.unread)],
        }
        for entry in sorted(entries, key=lambda e: (e.file_name, e.sha256))
    ]
    content = {
        "documents": {status: sum(e.status == status for e in entries) for status in STATUSES},
        "lines": {
            "claimed": sum(e.claimed for e in entries),
            "ignored": sum(e.ignored_lines for e in entries),
            "unread": sum(e.unread_lines for e in entries),
        },
        "details": documents,
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


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
    widths = [max([len(name), *(len(row[i]) for row in rows)]) for i, name in enumerate(names)]
    ruled = [names, ["-" * width for width in widths], *rows]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in ruled]
    return "".join(f"{line}\n" for line in [*lines, f"({len(rows)} rows · rader)"])
