"""One import from files to a judged graph: what a confined process does, and how it is asked to."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from mapping.document import Complaint, Judged
from mapping.imports import dump, lblod_quads, oparl_pages, rules, sources
from mapping.limits import Confine
from mapping.records import Refused
from mapping.side_by_side import Lost, spread
from ontology import KG, concept, std
from shapes import Problem, gate, validate

SECONDS: Final = 300.0
"""How long one source of the usual size may take to be parsed, mapped and judged, in seconds of a processor."""
COMPLAINTS: Final = 1000
"""Problems that are kept of one source."""
_GRAPH_RULES: Final = ("prefixes", "privacy", "terms")
_LBLOD: Final = ("besluit#Zitting", "besluit#BehandelingVanAgendapunt", "mandaat#Mandataris")
MAIN: Final = {
    "lblod": tuple((f"http://data.vlaanderen.be/ns/{name}",) for name in _LBLOD),
    "oparl": tuple(
        tuple(f"https://schema.oparl.org/1.1/{name}" for name in names)
        for names in (("Meeting", "Paper"), ("Person",))
    ),
}
"""The classes that a source is about: the first of these groups that it has things of."""
_PARSED: Final = {"oparl": oparl_pages.dataset, "lblod": lblod_quads.dataset}


@dataclass(frozen=True, slots=True)
class Task:
    """What to import: the files of a source (`root` is the file itself, or their folder), its `form` ("kommungraf",
    "lblod", "oparl"), the name it is kept under, its SHA-256, our base, and the program's version; how many bytes it
    may have, unpacked, where that is not as usual; `others`: the bases of other Kommungrafs whose data is here
    already; `licence`: the IRI of the one it is published under, "" where that is not told."""

    root: Path
    paths: tuple[Path, ...]
    form: str
    name: str
    sha256: str
    base: str
    version: str
    most: int = 0
    others: tuple[str, ...] = ()
    licence: str = ""

    @property
    def seconds(self) -> float:
        return SECONDS * sources.times(self.form, self.most)

    @property
    def id(self) -> str:
        return self.sha256[:16]


@dataclass(frozen=True, slots=True)
class Imported:
    """A source as it would be published. `left_out`: statements of it that are not; `kinds`: for each class of the
    original, how many things there are, and how many were mapped."""

    judged: Judged
    left_out: int
    kinds: tuple[tuple[str, int, int], ...] = ()


def read(task: Task, confine: Confine | None = None) -> Imported | Refused:
    """Import a source in a process of its own, which may die of it."""
    for _, found in spread(work, [(task.sha256, (task,))], 1, seconds=task.seconds, confine=confine):
        return lost(task.seconds) if isinstance(found, Lost) else found
    raise AssertionError("one task, one result")


def work(task: Task) -> Imported | Refused:
    """Read, map and judge a source."""
    source = sources.read(task.paths, task.root, task.form, task.most)
    if isinstance(source, Refused):
        return source
    if not source.files:
        return Refused(
            "empty",
            f"{task.name} innehåller inga filer av formatet: {' '.join(sources.SUFFIXES[task.form])}.",
            f"{task.name} holds no files of the format: {' '.join(sources.SUFFIXES[task.form])}.",
        )
    return _dumped(task, source) if task.form == "kommungraf" else _mapped(task, source)


def _dumped(task: Task, source: sources.Source) -> Imported | Refused:
    found = dump.graphs(source, task.base)
    if isinstance(found, Refused):
        return found
    about = provenance(task, sorted(found.graphs))
    problems = set(validate(about))
    try:
        for text, persons in dump.parts(found):
            problems |= set(validate(text, persons))
        loaded = gate.load(tuple(path for path in gate.files() if path.stem in _GRAPH_RULES))
        for lines in found.graphs.values():
            problems |= set(gate.judge("".join(lines), loaded))
    except ValueError as error:
        return sources.broken(task.name, f"den har vad formerna inte känner ({error})",
                              f"it has what the shapes do not know ({error})")  # fmt: skip
    lines = sorted(line for lines in found.graphs.values() for line in set(lines))
    return Imported(judged(task, about + "".join(lines), problems), found.left_out)


def _mapped(task: Task, source: sources.Source) -> Imported | Refused:
    parsed = _PARSED[task.form](source)
    if isinstance(parsed, Refused):
        return parsed
    try:
        triples = rules.named(parsed[0], f"{task.base}/id/import/{task.id}/")
    except SyntaxError as error:
        return sources.broken(task.name, f"den har vad modellen inte känner ({error})",
                              f"it has what the model does not know ({error})")  # fmt: skip
    if foreign := _spoken_for(task, triples):
        return foreign
    made = rules.apply(task.form, triples, task.base)
    if unread := _nothing_of(task, made.kinds):
        return unread
    graph, original = f"{task.base}/id/graph/{task.id}", f"{task.base}/id/graph/{task.id}/original"
    run, generated = _run(task), ox.NamedNode(std("prov:wasGeneratedBy"))
    things = {triple.subject for triple in made.derived if triple.predicate.value == std("prov:wasDerivedFrom")}
    derived = [*made.derived, *(ox.Triple(thing, generated, run) for thing in things)]
    lines = [*_lines(derived, graph), *_lines(made.original, original)]
    quads = provenance(task, [original]) + "".join(sorted(lines))
    return Imported(judged(task, quads, set(validate(quads))), parsed[1] + made.left_out, made.kinds)


def _spoken_for(task: Task, triples: Iterable[ox.Triple]) -> Refused | None:
    """Why a mapped source is refused: it says something of a thing that is ours, of the vocabulary, or another's."""
    own, made = f"{task.base}/", f"{task.base}/id/import/{task.id}/"
    elsewhere = (*dump.VOCABULARY, *(f"{each}/id/" for each in task.others))
    for triple in triples:
        iri = triple.subject.value if isinstance(triple.subject, ox.NamedNode) else ""
        if iri.startswith(own) and not iri.startswith(made):
            return Refused(
                "own-base",
                f"Källan talar om {iri}, som är en av datamappens egna IRI:er. Be den som publicerar källan att "
                "rätta.",
                f"The source speaks of {iri}, which is one of the data folder's own identities. Ask its publisher to "
                "correct it.",
            )
        if iri.startswith(elsewhere):
            return Refused(
                "others-identity",
                f"Källan talar om {iri}, som hör till vokabulären eller till en annan kommungraf som är importerad. "
                "Be den som publicerar källan att rätta.",
                f"The source speaks of {iri}, which belongs to the vocabulary, or to another Kommungraf that is "
                "imported. Ask its publisher to correct it.",
            )
    return None


def _nothing_of(task: Task, kinds: Iterable[tuple[str, int, int]]) -> Refused | None:
    """Why a source is refused none of whose things of its main class could be mapped, or None."""
    counted = {name: (things, mapped) for name, things, mapped in kinds}
    groups = ([(name, *counted[name]) for name in names if name in counted] for names in MAIN[task.form])
    main = next((group for group in groups if group), [])
    if not main or any(mapped for _, _, mapped in main):
        return None
    what = ", ".join(f"{things} {name}" for name, things, _ in main)
    return Refused(
        "nothing-mapped",
        f"Av {what} i {task.name} kunde inget läsas, till exempel för att datum är skrivna på annat sätt eller "
        "organet saknas. Hämta hela källan, eller be den som publicerar den att rätta; docs/import.md säger vad som "
        "krävs.",
        f"Of {what} in {task.name} none could be read, for instance since dates are written in another way or the "
        "body is missing. Fetch the whole source, or ask its publisher to correct it; docs/import.md tells what is "
        "needed.",
    )


def judged(task: Task, quads: str, problems: set[Problem]) -> Judged:
    order = ("violation", "warning", "info")
    ranked = sorted(problems, key=lambda p: (order.index(p.severity), p.focus, p.path or "", p.shape, p.value or ""))
    return Judged(task.sha256, quads, tuple(Complaint(p, None, None, None) for p in ranked[:COMPLAINTS]))


def _run(task: Task) -> ox.NamedNode:
    return ox.NamedNode(f"{task.base}/id/run/{task.id}/{task.version}")


def provenance(task: Task, graphs: Iterable[str]) -> str:
    """Where the graphs come from: which run, of which program, over which dataset. When stands in the ledger."""
    dataset, run = ox.NamedNode(f"{task.base}/id/document/{task.id}"), _run(task)
    is_a = ox.NamedNode(std("rdf:type"))

    def say(subject: ox.NamedNode, predicate: str, *values: ox.NamedNode | ox.Literal) -> list[ox.Triple]:
        return [ox.Triple(subject, ox.NamedNode(predicate), value) for value in values]

    classes = [ox.NamedNode(name) for name in (KG.ImportedDataset, KG.Document, std("foaf:Document"))]
    triples = [ox.Triple(dataset, is_a, each) for each in classes]
    triples += say(dataset, KG.sha256, ox.Literal(task.sha256))
    triples += say(dataset, KG.importFormat, ox.NamedNode(concept("import-format", task.form)))
    if task.name.startswith(("https://", "http://")):
        triples += say(dataset, std("dcterms:source"), ox.NamedNode(task.name))
    if task.licence:
        triples += say(dataset, std("dcterms:license"), ox.NamedNode(task.licence))
    triples += [
        ox.Triple(run, is_a, ox.NamedNode(name)) for name in (KG.ImportRun, KG.MappingRun, std("prov:Activity"))
    ]
    triples += say(run, KG.programVersion, ox.Literal(task.version))
    triples += say(run, std("prov:used"), dataset)
    for name in graphs:
        triples += say(ox.NamedNode(name), std("prov:wasDerivedFrom"), dataset)
        triples += say(ox.NamedNode(name), std("prov:wasGeneratedBy"), run)
    return "".join(sorted(_lines(triples, f"{task.base}/id/graph/{task.id}")))


def _lines(triples: Iterable[ox.Triple], graph: str) -> list[str]:
    name = ox.NamedNode(graph)
    return [f"{ox.Quad(t.subject, t.predicate, t.object, name)} .\n" for t in triples]


def lost(seconds: float = SECONDS) -> Refused:
    return Refused(
        "too-costly",
        f"Källan avvisades: den tar mer minne eller tid ({seconds:g} s) än som är tillåtet. Höj gränsen med "
        "--most-mib, om datorn har minne till det, eller dela upp källan och importera delarna var för sig.",
        f"The source was refused: it takes more memory or time ({seconds:g} s) than is allowed. Raise the limit with "
        "--most-mib, if the machine has the memory, or split the source and import the parts one by one.",
    )
