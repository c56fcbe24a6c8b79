"""Our schema as plain tables, read from `schema/ispws.xsd` itself: what may stand where, in which order, with which values.

The XSD stays the one place where the format is written; this lets us say *why* a document is refused, and tell an element
nobody knows (kept, shown) from one that stands in the wrong place (refused).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from lxml import etree

SCHEMA_PATH = Path(__file__).parents[1] / "schema" / "ispws.xsd"

_XS = "{http://www.w3.org/2001/XMLSchema}"
_ANSWERS = ("reportResponse", "reportDoneResponse", "fileIds")


@dataclass(frozen=True, slots=True)
class Values:
    """A simple type: the built-in it rests on, and what limits it."""

    base: str  # dateTime, boolean, int, long, double, date, string, token
    name: str = ""  # our own name for it, "" for a built-in
    allowed: tuple[str, ...] = ()
    length_max: int | None = None
    lowest: int | None = None
    highest: int | None = None


@dataclass(frozen=True, slots=True)
class Child:
    """An element that may stand within another. Children of the same `place` exclude each other."""

    type: str
    place: int
    required: bool
    many: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """What a complex type holds: children or a text, and attributes (name -> type)."""

    model: str = "text"  # sequence | all | choice | text
    children: dict[str, Child] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    required_attributes: frozenset[str] = frozenset()
    text: str = "xs:string"


@dataclass(frozen=True, slots=True)
class Grammar:
    roots: dict[str, str]
    shapes: dict[str, Shape]
    values: dict[str, Values]
    parents: dict[str, tuple[str, ...]]  # element name -> names of the elements it may stand in

    def shape(self, type_name: str) -> Shape:
        """The shape of a type; a simple type is a text without attributes."""
        return self.shapes.get(type_name) or Shape(text=type_name)

    def value(self, type_name: str) -> Values:
        """The simple type's limits; a built-in has none."""
        if type_name.startswith("xs:"):
            return Values(type_name[3:])
        return self.values[type_name]


@cache
def grammar() -> Grammar:
    root = etree.parse(str(SCHEMA_PATH)).getroot()
    roots = {str(element.get("name")): str(element.get("type")) for element in root.iterchildren(_XS + "element")}
    shapes = {str(node.get("name")): _shape(node) for node in root.iterchildren(_XS + "complexType")}
    values: dict[str, Values] = {}
    for node in root.iterchildren(_XS + "simpleType"):
        values[str(node.get("name"))] = _values(node)
    for name, shape in shapes.items():
        if shape.text in shapes:
            shapes[name] = replace(shape, text=shapes[shape.text].text)
    return Grammar(roots, shapes, values, _parents(roots, shapes))


def _shape(node: etree._Element) -> Shape:
    attributes = {str(found.get("name")): str(found.get("type")) for found in node.iter(_XS + "attribute")}
    required = frozenset(
        str(found.get("name")) for found in node.iter(_XS + "attribute") if found.get("use") == "required"
    )
    extension = node.find(f"{_XS}simpleContent/{_XS}extension")
    if extension is not None:
        return Shape("text", {}, attributes, required, str(extension.get("base")))
    for model in ("sequence", "all", "choice"):
        group = node.find(_XS + model)
        if group is not None:
            return Shape(model, _children(group, model), attributes, required)
    return Shape("sequence", {}, attributes, required)


def _children(group: etree._Element, model: str) -> dict[str, Child]:
    found: dict[str, Child] = {}
    for place, node in enumerate(group.iterchildren(_XS + "element", _XS + "choice")):
        for element in node.iterchildren(_XS + "element") if node.tag == _XS + "choice" else [node]:
            found[str(element.get("name"))] = Child(
                type=str(element.get("type")),
                place=0 if model == "choice" else place,
                required=element.get("minOccurs") != "0" and model != "choice",
                many=element.get("maxOccurs") == "unbounded",
            )
    return found


def _values(node: etree._Element) -> Values:
    rule = node.find(_XS + "restriction")
    assert rule is not None, node.get("name")  # noqa: S101 — our own schema, tested
    facets = {str(facet.tag).removeprefix(_XS): str(facet.get("value")) for facet in rule}

    def number(facet: str) -> int | None:
        return int(facets[facet]) if facet in facets else None

    return Values(
        base=str(rule.get("base")).removeprefix("xs:"),
        name=str(node.get("name")),
        allowed=tuple(str(facet.get("value")) for facet in rule.iterchildren(_XS + "enumeration")),
        length_max=number("maxLength"),
        lowest=number("minInclusive"),
        highest=number("maxInclusive"),
    )


def _parents(roots: dict[str, str], shapes: dict[str, Shape]) -> dict[str, tuple[str, ...]]:
    named: dict[str, set[str]] = {}
    elements = set(roots.items())
    elements |= {(name, child.type) for shape in shapes.values() for name, child in shape.children.items()}
    for parent, type_name in elements:
        if type_name in _ANSWERS:
            continue
        for child in shapes[type_name].children if type_name in shapes else ():
            named.setdefault(child, set()).add(parent)
    for name in roots:
        named.setdefault(name, set())
    return {name: tuple(sorted(parents)) for name, parents in named.items()}
