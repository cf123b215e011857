"""SHACL for DCAT-AP-SE 3.0.1, made from the rules that DIGG publishes as RDForms templates.

    python -m shapes.dcat_ap_se bundle.json > shapes/catalogue/dcat_ap_se.ttl

Taken over: which properties are obligatory (Violation) and recommended (Warning), how many values there may be, of
what kind, with which pattern, and from which list. A value outside a list weighs as much as its absence would; so it
is told, and no more (Info), where nothing asks for the value, or for what the value is a part of. Parts (a period's
dates, an address's lines) are judged wherever there is what they are parts of.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

NS: Final = "https://w3id.org/kommungraf/shapes/dcat-ap-se#"
PREFIXES: Final = {
    "adms": "http://www.w3.org/ns/adms#", "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/", "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/", "locn": "http://www.w3.org/ns/locn#",
    "odrs": "http://schema.theodi.org/odrs#", "org": "https://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#", "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "schema": "http://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#", "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#", "xsd": "http://www.w3.org/2001/XMLSchema#",
}  # fmt: skip
CLASSES: Final = {
    "dcat:Catalog": ("Catalog", "sh:targetClass dcat:Catalog"),
    "dcat:Dataset": ("Dataset", "sh:targetClass dcat:Dataset"),
    "dcat:DatasetSeries": ("DatasetSeries", "sh:targetClass dcat:DatasetSeries"),
    "dcat:Distribution": ("Distribution", "sh:targetClass dcat:Distribution"),
    "dcat:DataService": ("DataService", "sh:targetClass dcat:DataService"),
    "dcat:foaf:Agent": ("Agent", "sh:targetClass foaf:Agent ; sh:targetObjectsOf dcterms:publisher"),
    "dcat:contactPoint": (
        "Contact",
        "sh:targetClass vcard:Organization, vcard:Individual ; sh:targetObjectsOf dcat:contactPoint",
    ),
}
"""Templates of the classes: name of our shape, and which things it judges."""
SEVERITIES: Final = ("sh:Info", "sh:Warning", "sh:Violation")
OPTIONAL, RECOMMENDED, OBLIGATORY = range(3)
LITERALS: Final = {"LANGUAGE_LITERAL", "ONLY_LITERAL", "LITERAL", "DATATYPE_LITERAL"}
WORDS: Final = {
    "present": ("saknas", "is missing"),
    "most": ("har för många värden", "has too many values"),
    "kind": ("har ett värde av fel slag", "has a value of the wrong kind"),
    "language": ("har en text utan språk", "has a text without a language"),
    "pattern": ("har ett värde som inte skrivs så", "has a value that is not written so"),
    "list": ("har ett värde som inte finns i listan", "has a value that is not in the list"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """What one template says of one property: `level` as needed in what it stands in, `most` values (None: any
    number), kind of node, pattern, datatypes and listed values; `needs` is the property, and the value of it, that
    make it needed at all; `parts` are the rules of a thing that is the value."""

    path: str
    level: int
    most: int | None
    kind: str | None
    pattern: str | None
    datatypes: tuple[str, ...]
    values: tuple[str, ...]
    needs: tuple[str, str] | None
    parts: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class Bundle:
    templates: Mapping[str, Mapping[str, Any]]

    def rules(self, items: Iterable[Any], above: int = OBLIGATORY) -> Iterator[Rule]:
        """The rules of a template's items. A group without a property only holds others together: what is in it is
        needed no more than the group is."""
        for item in items:
            template = self._template(item)
            if "property" in template:
                yield self._rule(template, above)
            else:
                yield from self.rules(template["items"], min(above, _level(template)))

    def _template(self, item: Any) -> Mapping[str, Any]:
        found = self.templates[item] if isinstance(item, str) else item
        return {**self._template(found["extends"]), **found} if "extends" in found else found

    def _rule(self, template: Mapping[str, Any], above: int) -> Rule:
        datatypes = template.get("datatype", ())
        values = [choice["value"] for choice in template.get("choices", ())]
        return Rule(
            _name(template["property"]),
            min(above, _level(template)),
            template.get("cardinality", {}).get("max"),
            template.get("nodetype"),
            _pattern(template),
            tuple(_name(each) for each in ([datatypes] if isinstance(datatypes, str) else datatypes)),
            tuple(sorted([*values, template["value"]] if "value" in template else values)),
            tuple(template["deps"]) if "deps" in template else None,
            tuple(self.rules(template.get("items", ()))),
        )


def _level(template: Mapping[str, Any]) -> int:
    cardinality = template.get("cardinality", {})
    return OBLIGATORY if cardinality.get("min") else RECOMMENDED if cardinality.get("pref") else OPTIONAL


def _pattern(template: Mapping[str, Any]) -> str | None:
    """Whole values, after what the form puts before them ("mailto:"), without what SHACL's patterns do not have."""
    before, pattern = template.get("valueTemplate", "").replace("$1", ""), template.get("pattern")
    if not before and pattern is None:
        return None
    body = (pattern or ".+").removeprefix("^").removesuffix("$").replace("(?:", "(").replace("(?=.)", "")
    return f"^{before}({body})$"


def _name(iri: str) -> str:
    """A term with its prefix, as the templates have it or where it is one of ours."""
    if not iri.startswith("http"):
        return iri
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return f"<{iri}>"


def turtle(bundle: Mapping[str, Any]) -> str:
    """The shapes of a rule bundle ({"templates": [...]}) as Turtle, in the order of the bundle."""
    rules = Bundle({each["id"]: each for each in bundle["templates"]})
    parts: dict[str, Rule] = {}
    written = ["# Made by shapes/dcat_ap_se.py from DIGG's rules for DCAT-AP-SE 3.0.1. Do not edit.\n"]
    written += [f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in sorted(PREFIXES.items())]
    written += [f"@prefix : <{NS}> .", ""]
    for template, (name, target) in CLASSES.items():
        by_path = _by_path(rules.rules(rules.templates[template]["items"]))
        written += _shape(name, name, target, by_path, OBLIGATORY)
        for path, same in by_path.items():
            if all(rule.parts for rule in same):  # where only some have parts, the value may also be a plain IRI
                parts.setdefault(path, same[0])
    for path, rule in parts.items():
        written += _shape(_local(path), path, f"sh:targetObjectsOf {path}", _by_path(rule.parts), rule.level)
    return "\n".join(written)


def _by_path(rules: Iterable[Rule]) -> dict[str, list[Rule]]:
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        found.setdefault(rule.path, []).append(rule)
    return found


def _shape(name: str, told: str, target: str, by_path: Mapping[str, list[Rule]], above: int) -> list[str]:
    """The shape of a class, or of a part that is needed as `above` says; `told` is its name in messages."""
    shapes, conditions = [], []
    for path, same in by_path.items():
        if same[0].needs:
            conditions += _condition(name, target, same[0])
            same = [Rule(path, OPTIONAL, *_rest(same[0]))]
        for aspect, severity, constraint in _constraints(same, above):
            iri = f":{name}-{_local(path)}-{aspect}"
            shapes.append((iri, path, severity, constraint, WORDS[aspect]))
    properties = ", ".join(iri for iri, *_ in shapes)
    written = [f":{name} a sh:NodeShape ; {target} ;\n    sh:property {properties} .", ""]
    for iri, path, severity, constraint, (sv, en) in shapes:
        written += [
            f"{iri} sh:path {path} ; {constraint} ; sh:severity {severity} ;",
            f'    sh:message "{told}: {path} {sv}."@sv, "{told}: {path} {en}."@en .',
        ]
    return [*written, *conditions, ""]


def _rest(rule: Rule) -> tuple[Any, ...]:
    return rule.most, rule.kind, rule.pattern, rule.datatypes, rule.values, None, rule.parts


def _constraints(same: list[Rule], above: int) -> Iterator[tuple[str, str, str]]:
    """What several templates of one property say together: each allows a value, all limit their number."""
    level = max(rule.level for rule in same)
    most = [rule.most for rule in same if rule.most]
    if level:
        yield "present", SEVERITIES[level], "sh:minCount 1"
    if len(most) == len(same):
        yield "most", "sh:Violation", f"sh:maxCount {max(most)}"
    if kind := _kind(same):
        yield "kind", "sh:Violation", kind
    if all(rule.kind == "LANGUAGE_LITERAL" for rule in same):
        yield "language", "sh:Warning", "sh:datatype rdf:langString"
    patterns = {rule.pattern for rule in same}
    if len(patterns) == 1 and (pattern := patterns.pop()):
        yield "pattern", "sh:Violation", f"sh:pattern {json.dumps(pattern)}"
    if all(rule.values for rule in same):
        literal = any(rule.kind in LITERALS for rule in same)
        values = sorted({value for rule in same for value in rule.values})
        shown = " ".join(json.dumps(value) if literal else f"<{value}>" for value in values)
        yield "list", SEVERITIES[min(level, above)], f"sh:in ( {shown} )"


def _kind(same: list[Rule]) -> str | None:
    kinds = {rule.kind for rule in same}
    if kinds <= LITERALS:
        datatypes = sorted({each for rule in same for each in rule.datatypes})
        if kinds == {"ONLY_LITERAL"}:
            return "sh:datatype xsd:string"
        if kinds == {"DATATYPE_LITERAL"}:
            several = " ".join(f"[ sh:datatype {each} ]" for each in datatypes)
            return f"sh:datatype {datatypes[0]}" if len(datatypes) == 1 else f"sh:or ( {several} )"
        return "sh:nodeKind sh:Literal"
    if kinds == {"URI"}:
        return "sh:nodeKind sh:IRI"
    return "sh:nodeKind sh:BlankNodeOrIRI" if kinds <= {"URI", "RESOURCE"} else None


def _condition(name: str, target: str, rule: Rule) -> list[str]:
    """What is needed only where another property has a certain value."""
    assert rule.needs is not None
    other, given = _name(rule.needs[0]), rule.needs[1]
    iri = f":{name}-{_local(rule.path)}-needed"
    return [
        f"{iri} a sh:NodeShape ; {target} ; sh:severity {SEVERITIES[rule.level]} ;",
        f"    sh:or ( [ sh:path {rule.path} ; sh:minCount 1 ]",
        f"        [ sh:not [ sh:path {other} ; sh:hasValue <{given}> ] ] ) ;",
        f'    sh:message "{name}: {rule.path} saknas, som {other} kräver."@sv,',
        f'        "{name}: {rule.path} is missing, which {other} demands."@en .',
    ]


def _local(path: str) -> str:
    return path.strip("<>").replace(":", "-").rpartition("/")[2]


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print(
            "Ange DIGG:s regelfil: python -m shapes.dcat_ap_se bundle.json\n"
            "Give DIGG's file of rules: python -m shapes.dcat_ap_se bundle.json",
            file=sys.stderr,
        )
        return 2
    print(turtle(json.loads(Path(arguments[0]).read_text("utf-8"))), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
