"""Makes the documents on which our schema is held against the one of November 2025, valid and invalid, seeded.

`python -m tests.intake.ask_reference_schema PATH` writes them with that schema's verdicts to `schema_verdicts.jsonl`.
Each document has a rule: what it tries. The rules under which we differ on purpose are in `test_schema.DIFFERENCES`.
"""

from __future__ import annotations

import copy
import random
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree
from tests.intake import documents
from tests.intake.schema_values import COUNTRIES, STATES, tried

from abhaya.intake.formats.ispws_grammar import grammar

SEED = 20261121
RANDOM_DOCUMENTS = 80
ADDED_IN_2026 = {"informational", "potentialAggravatingFactors", "instrumentalUse", "ageAssertionDiscrepancy"}
VARIANT_ATTRIBUTES = {
    ("associatedAccount", "accountType"),
    ("associatedAccount", "thirdPartyUser"),
    ("lawEnforcement", "fleaCountry"),
    ("nameValuePair", "type"),
}
ANSWERS = {"reportResponse", "reportDoneResponse", "fileIds"}


@dataclass(frozen=True, slots=True)
class Case:
    rule: str
    document: str


def cases() -> Iterator[Case]:
    """All documents, in a fixed order."""
    maker = Maker(random.Random(SEED))
    yield from _written_by_hand()
    for type_name in sorted(set(grammar().shapes) - ANSWERS):
        yield from _structure(maker, type_name)
        yield from _attributes(maker, type_name)
    yield from _values(maker)
    yield from _countries(maker)
    yield from _random(maker)


# ---- making valid elements from the grammar ----


class Maker:
    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.grammar = grammar()
        self.paths = self._shortest_paths()

    def element(self, name: str, type_name: str, *, full: bool = True, depth: int = 1) -> etree._Element:
        """A valid element: with every child and attribute (`full`), else with what is required."""
        shape = self.grammar.shape(type_name)
        made = etree.Element(name)
        for attribute, kind in shape.attributes.items():
            wanted = attribute in shape.required_attributes or (name == "associatedAccount" and attribute == "type")
            if wanted or (full and (name, attribute) not in VARIANT_ATTRIBUTES):
                made.set(attribute, self.value(kind))
        if shape.model == "text":
            made.text = self.value(shape.text)
            return made
        taken: set[int] = set()
        for child, rule in shape.children.items():
            if child in ADDED_IN_2026 or rule.place in taken:
                continue
            if rule.required or (full and depth > 0) or (shape.model == "choice" and not taken):
                taken.add(rule.place)
                made.append(self.element(child, rule.type, full=full, depth=depth - 1))
        return made

    def value(self, kind: str) -> str:
        values = self.grammar.value(kind)
        if values.allowed:
            return self.rng.choice(values.allowed[:2] if values.name == "flag" else values.allowed)
        by_name = {
            "country": "IN",
            "state": "IL",
            "callingCode": "+91",
            "phoneExtension": "12",
            "reason": "now",
            "url": "https://page.example/",
        }
        by_name |= {"years": str(self.rng.randint(0, 150)), "port": str(self.rng.randint(1, 65535))}
        by_base = {
            "dateTime": f"2026-01-{self.rng.randint(10, 28)}T10:00:00Z",
            "date": "2010-12-31",
            "boolean": self.rng.choice(["true", "false"]),
            "int": str(self.rng.randint(0, 99)),
            "long": str(self.rng.randint(1, 2**53)),
            "double": f"{self.rng.uniform(-90, 90):.4f}",
        }
        return by_name.get(values.name) or by_base.get(values.base) or self.rng.choice(["a", "b c", "ठीक"])

    def hosted(self, type_name: str, change: Callable[[etree._Element], None], *, full: bool = True) -> str:
        """A document with one element of this type, changed, in the smallest valid surroundings."""
        names = self.paths[type_name]
        inner = self.element(names[-1][0], type_name, full=full)
        return self.around(inner, names, change)

    def around(
        self, inner: etree._Element, names: list[tuple[str, str]], change: Callable[[etree._Element], None]
    ) -> str:
        outer = inner
        for name, kind in reversed(names[:-1]):
            parent = etree.Element(name)
            for child, rule in self.grammar.shape(kind).children.items():
                if child == outer.tag:
                    parent.append(outer)
                elif rule.required:
                    parent.append(self.element(child, rule.type, full=False))
            for attribute in self.grammar.shape(kind).attributes:
                if name == "associatedAccount" and attribute == "type":
                    parent.set(attribute, "Other")
            outer = parent
        change(inner)
        root = outer if len(names) > 1 else inner
        return etree.tostring(root, encoding="unicode")

    def _shortest_paths(self) -> dict[str, list[tuple[str, str]]]:
        paths: dict[str, list[tuple[str, str]]] = {}
        waiting = [[(name, kind)] for name, kind in self.grammar.roots.items() if kind not in ANSWERS]
        while waiting:
            path = waiting.pop(0)
            kind = path[-1][1]
            if kind in paths or kind.startswith("xs:"):
                continue
            paths[kind] = path
            waiting += [[*path, (child, rule.type)] for child, rule in self.grammar.shape(kind).children.items()]
        return paths


def _keep(_: etree._Element) -> None: ...


# ---- families of cases ----


def _written_by_hand() -> Iterator[Case]:
    for document in (
        documents.MINIMAL_REPORT,
        documents.FULL_REPORT,
        documents.BATCHED_REPORT,
        documents.MINIMAL_FILE_DETAILS,
        documents.FULL_FILE_DETAILS,
    ):
        plain = etree.fromstring(document.encode(), etree.XMLParser(remove_blank_text=True))
        yield Case("by-hand", etree.tostring(plain, encoding="unicode"))
    yield Case("root", "<reports/>")
    yield Case("root", '<report xmlns="urn:invented"/>')
    yield Case("root", "<report/>")


def _structure(maker: Maker, type_name: str) -> Iterator[Case]:
    shape = maker.grammar.shape(type_name)
    yield Case("valid", maker.hosted(type_name, _keep))
    yield Case("valid", maker.hosted(type_name, _keep, full=False))
    yield Case("unknown-element", maker.hosted(type_name, lambda e: e.append(etree.Element("laterAddition"))))
    if shape.model == "text":
        yield Case("child-in-text", maker.hosted(type_name, lambda e: e.append(etree.Element("city"))))
        return
    yield Case("stray-text", maker.hosted(type_name, _with_text))
    yield Case("empty", maker.hosted(type_name, lambda e: [e.remove(child) for child in list(e)] and None))
    stranger = "fileRelevance" if "reporter" in shape.children else "reporter"
    yield Case("foreign-child", maker.hosted(type_name, lambda e: e.insert(0, etree.Element(stranger))))
    for name in shape.children:
        if name in ADDED_IN_2026:
            yield Case("added-2026", maker.hosted(type_name, _adding(maker, type_name, name)))
            continue
        if shape.children[name].required:
            yield Case("drop", maker.hosted(type_name, _dropping(name)))
        for rule, change in (("present", lambda _: _keep), ("twice", _doubling), ("swap", _swapping)):
            yield Case(rule, maker.hosted(type_name, _with_next(maker, type_name, name, change(name)), full=False))


def _with_next(
    maker: Maker, type_name: str, name: str, change: Callable[[etree._Element], None]
) -> Callable[[etree._Element], None]:
    """The child and the one that may follow it are there; then the change."""

    def both(element: etree._Element) -> None:
        shape = maker.grammar.shape(type_name)
        names = [child for child in shape.children if child not in ADDED_IN_2026]
        if shape.model == "choice":
            for child in list(element):
                element.remove(child)
        following = names[names.index(name) + 1 : names.index(name) + 2] if shape.model != "choice" else []
        for wanted in (name, *following):
            clash = any(shape.children[str(child.tag)].place == shape.children[wanted].place for child in element)
            if not clash:
                _adding(maker, type_name, wanted)(element)
        change(element)

    return both


def _with_text(element: etree._Element) -> None:
    element.text = "stray"


def _dropping(name: str) -> Callable[[etree._Element], None]:
    def change(element: etree._Element) -> None:
        for child in element.findall(name):
            element.remove(child)

    return change


def _doubling(name: str) -> Callable[[etree._Element], None]:
    def change(element: etree._Element) -> None:
        child = element.find(name)
        if child is not None:
            child.addnext(copy.deepcopy(child))

    return change


def _swapping(name: str) -> Callable[[etree._Element], None]:
    def change(element: etree._Element) -> None:
        child = element.find(name)
        following = None if child is None else child.getnext()
        if following is not None:
            following.addnext(child)

    return change


def _adding(maker: Maker, type_name: str, name: str) -> Callable[[etree._Element], None]:
    """The child in its right place among those that are there."""

    def change(element: etree._Element) -> None:
        children = maker.grammar.shape(type_name).children
        before = [child for child in element if children[str(child.tag)].place < children[name].place]
        element.insert(len(before), maker.element(name, children[name].type))

    return change


def _attributes(maker: Maker, type_name: str) -> Iterator[Case]:
    shape = maker.grammar.shape(type_name)
    element_name = maker.paths[type_name][-1][0]
    yield Case("unknown-attribute", maker.hosted(type_name, lambda e: e.set("later", "1"), full=False))
    for name, kind in shape.attributes.items():
        if (element_name, name) in VARIANT_ATTRIBUTES:
            yield Case("variant-attribute", maker.hosted(type_name, _setting(name, maker.value(kind))))
            continue
        dropped = "account-type" if (element_name, name) == ("associatedAccount", "type") else "drop-attribute"
        yield Case(dropped, maker.hosted(type_name, lambda e, name=name: e.attrib.pop(name, None) and None))
        yield Case("attribute-value", maker.hosted(type_name, _setting(name, "no such value")))
        for allowed in maker.grammar.value(kind).allowed:
            yield Case("attribute-value", maker.hosted(type_name, _setting(name, allowed), full=False))


def _setting(name: str, value: str) -> Callable[[etree._Element], None]:
    return lambda element: element.set(name, value)


def _values(maker: Maker) -> Iterator[Case]:
    """Each simple type in one place: what it takes, what it does not, and its limits."""
    done: set[str] = set()
    for type_name in sorted(set(maker.grammar.shapes) - ANSWERS):
        for name, child in maker.grammar.shape(type_name).children.items():
            kind = maker.grammar.shape(child.type).text
            if maker.grammar.shape(child.type).model != "text" or kind in done or name in ADDED_IN_2026:
                continue
            done.add(kind)
            for rule, value in tried(maker.grammar.value(kind)):
                yield Case(rule, maker.hosted(type_name, _with_value(maker, type_name, name, value), full=False))


def _with_value(maker: Maker, type_name: str, name: str, value: str) -> Callable[[etree._Element], None]:
    def change(element: etree._Element) -> None:
        found = element.find(name)
        if found is None:
            if maker.grammar.shape(type_name).model == "choice":
                for child in list(element):
                    element.remove(child)
            _adding(maker, type_name, name)(element)
            found = element.find(name)
        found.text = value

    return change


def _countries(maker: Maker) -> Iterator[Case]:
    """Every code that is one, several to a document; and codes that are none, one to a document."""
    names = [("report", "report"), ("reporter", "reporter"), ("reportingPerson", "person"), ("address", "address")]

    def document(tag: str, texts: list[str]) -> str:
        def several(address: etree._Element) -> None:
            for text in texts:
                another = etree.SubElement(address.getparent(), "address")
                etree.SubElement(another, tag).text = text

        return maker.around(etree.Element("address"), names, several)

    letters = string.ascii_uppercase
    for tag, pattern in (("country", COUNTRIES), ("state", STATES)):
        codes = pattern.split()
        yield Case(tag, document(tag, codes))
        for code in (*codes[:: 1 if tag == "state" else 5], "", "in", "IND", " IN", "I N", "ca"):
            yield Case(tag, document(tag, [code]))
        others = [a + b for a in letters for b in letters if a + b not in codes]
        for code in maker.rng.sample(others, 90):
            yield Case(tag, document(tag, [code]))
        yield Case(tag, document(tag, ["A3"]))


def _random(maker: Maker) -> Iterator[Case]:
    """Whole documents with random parts, as they are and with one thing wrong."""
    for index in range(RANDOM_DOCUMENTS):
        root = "fileDetails" if index % 4 == 0 else "report"
        made = _random_element(maker, root, root, 0)
        yield Case("random", etree.tostring(made, encoding="unicode"))
        holders = [element for element in made.iter() if len(element) > 1]
        if holders:
            victim = maker.rng.choice(holders)
            name = str(maker.rng.choice(list(victim)).tag)
            maker.rng.choice([_dropping, _doubling, _swapping])(name)(victim)
            yield Case("random-changed", etree.tostring(made, encoding="unicode"))


def _random_element(maker: Maker, name: str, type_name: str, depth: int) -> etree._Element:
    shape = maker.grammar.shape(type_name)
    made = maker.element(name, type_name, full=False, depth=0)
    for attribute, kind in shape.attributes.items():
        if (name, attribute) not in VARIANT_ATTRIBUTES and maker.rng.random() < 0.3:
            made.set(attribute, maker.value(kind))
    if shape.model == "text":
        return made
    for child in list(made):
        made.remove(child)
    names = [child for child in shape.children if child not in ADDED_IN_2026]
    if shape.model == "choice":
        names = [maker.rng.choice(names)]
    taken: set[int] = set()
    for child in names:
        rule = shape.children[child]
        if rule.place in taken and shape.model != "choice":
            continue
        if rule.required or shape.model == "choice" or maker.rng.random() < 0.5 / (depth + 1):
            taken.add(rule.place)
            for _ in range(maker.rng.choice([1, 1, 2]) if rule.many else 1):
                made.append(_random_element(maker, child, rule.type, depth + 1))
    return made
