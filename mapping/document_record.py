"""What has been read of a document, folded into its record with everybody named in it."""

from collections.abc import Sequence
from dataclasses import replace

from mapping.people import people
from mapping.records import DocumentRecord, Item, Meeting, Quote, RegistryRef
from mapping.setting import Setting


def document_record(
    kind: str,
    where: Setting,
    items: Sequence[Item],
    *,
    meeting: Meeting | None = None,
    title: Quote | None = None,
    registry_numbers: tuple[RegistryRef, ...] = (),
) -> DocumentRecord:
    """The record of a document of a kind, all but the account of its lines."""
    record = DocumentRecord(
        kind,
        title,
        where.municipality,
        where.municipality_span,
        where.body,
        where.body_span,
        where.date,
        where.date_span,
        registry_numbers,
        meeting=meeting,
        items=tuple(items),
    )
    return replace(record, persons=people(record))
