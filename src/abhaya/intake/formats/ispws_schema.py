"""Is this document one we take? The verdict of our schema, and for a refusal the sentence: which element, which line, why.

An element or attribute that no part of the schema knows does not make a document invalid unless `strict` is set: it is
kept, and the reader reports it as a loss. A known element in the wrong place is refused, because a fact about one person
must not end up with another.
"""

from __future__ import annotations

import copy
import difflib
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from lxml import etree

from abhaya.errors import SenderError
from abhaya.intake.formats.ispws_grammar import SCHEMA_PATH, Child, Grammar, Shape, Values, grammar

INVALID = 4100  # "Validation failed"
REFUSALS_SHOWN_MAX = 5
QUOTED_CHARACTERS_MAX = 60

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_NAMED = re.compile(r"Element '([^']*)'(?:, attribute '([^']*)')?: ")
_schemas = threading.local()


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why a document is not taken. `sentence` has no full stop; `line` is 1-based, 0 when not known."""

    element: str
    line: int
    sentence: str


def check(root: etree._Element, expected: str, *, strict: bool = False) -> list[Refusal]:
    """Why `root` is not an `expected` document (`report`, `fileDetails`, …); empty when it is one."""
    if root.tag != expected:
        return [_wrong_root(root, expected)]
    schema = _schema()
    if schema.validate(root):
        return []
    known, unknown = (root, []) if strict else _known_part(root)
    if unknown and schema.validate(known):
        return []
    refusals = [*_misplaced(known, unknown, strict=strict), *_bad_values(schema)]
    refusals.sort(key=lambda refusal: refusal.line)
    if not refusals:  # the verdict is the schema's; where we have no words of our own, its words are passed on
        refusals = [Refusal(expected, entry.line, _cleaned(entry.message)) for entry in _log(schema)]
    return refusals


def require(root: etree._Element, expected: str, *, strict: bool = False) -> None:
    """Raises SenderError 4100 with the first few reasons, in the order of the document."""
    refusals = check(root, expected, strict=strict)
    if refusals:
        shown = [_with_line(refusal) for refusal in refusals[:REFUSALS_SHOWN_MAX]]
        more = len(refusals) - len(shown)
        tail = f" And {more} more." if more else ""
        raise SenderError("Validation failed. " + " ".join(f"{text}." for text in shown) + tail, code=INVALID)


def _with_line(refusal: Refusal) -> str:
    return refusal.sentence + (f" (line {refusal.line})" if refusal.line else "")


def _schema() -> etree.XMLSchema:
    """One per thread: an XMLSchema shared between threads breaks."""
    schema: etree.XMLSchema | None = getattr(_schemas, "value", None)
    if schema is None:
        schema = _schemas.value = etree.XMLSchema(etree.parse(str(SCHEMA_PATH)))
    return schema


def _line(element: etree._Element) -> int:
    return cast("int", element.sourceline or 0)


def _log(schema: etree.XMLSchema) -> list[Any]:
    return list(cast("Any", schema.error_log))


def _wrong_root(root: etree._Element, expected: str) -> Refusal:
    name = etree.QName(root)
    if name.namespace and name.localname == expected:
        why = f"'{expected}' stands in the namespace '{_cleaned(name.namespace)}'; it belongs to none"
    else:
        why = f"The document's first element is '{_cleaned(name.localname)}'; here it must be '{expected}'"
    return Refusal(name.localname, _line(root), why)


def _known_part(root: etree._Element) -> tuple[etree._Element, list[str]]:
    """A copy without what no part of the schema knows, texts around it kept in place; and the names that were left out."""
    part = copy.deepcopy(root)
    words = grammar()
    unknown: list[str] = []
    for element, shape in _walk(part, words.roots[str(part.tag)], words):
        for name in [name for name in map(str, element.attrib) if _is_unknown_attribute(name, shape)]:
            unknown.append(name)
            del element.attrib[name]
        for child in [child for child in element if child.tag not in words.parents]:
            unknown.append(etree.QName(child).localname)
            _remove(element, child)
    return part, unknown


def _is_unknown_attribute(name: str, shape: Shape) -> bool:
    return name not in shape.attributes and not name.startswith(_XSI)


def _remove(parent: etree._Element, child: etree._Element) -> None:
    if child.tail:
        before = child.getprevious()
        if before is None:
            parent.text = (parent.text or "") + child.tail
        else:
            before.tail = (before.tail or "") + child.tail
    parent.remove(child)


def _walk(root: etree._Element, type_name: str, words: Grammar) -> Iterator[tuple[etree._Element, Shape]]:
    """Every element whose type the schema knows, with its shape, parents first."""
    waiting = [(root, type_name)]
    while waiting:
        element, name = waiting.pop()
        shape = words.shape(name)
        yield element, shape
        for child in reversed(element):
            found = shape.children.get(str(child.tag))
            if found is not None:
                waiting.append((child, found.type))


def _misplaced(root: etree._Element, unknown: list[str], *, strict: bool) -> Iterator[Refusal]:
    """What stands where it may not, what is missing, what is there twice."""
    words = grammar()
    for element, shape in _walk(root, words.roots[str(root.tag)], words):
        yield from _attributes(element, shape, strict=strict)
        if shape.model == "text":
            yield from (_stranger(child, element, words) for child in element)
            continue
        if _stray_text(element):
            yield Refusal(str(element.tag), _line(element), f"'{element.tag}' holds text between its elements")
        yield from _order(element, shape, unknown)


def _attributes(element: etree._Element, shape: Shape, *, strict: bool) -> Iterator[Refusal]:
    line = _line(element)
    for name in sorted(shape.required_attributes - set(map(str, element.attrib))):
        yield Refusal(str(element.tag), line, f"'{element.tag}' lacks its attribute '{name}'")
    if strict:
        for name in map(str, element.attrib):
            if _is_unknown_attribute(name, shape):
                yield Refusal(str(element.tag), line, f"'{element.tag}' has an unknown attribute '{_cleaned(name)}'")


def _stray_text(element: etree._Element) -> bool:
    return bool((element.text or "").strip()) or any((child.tail or "").strip() for child in element)


def _order(element: etree._Element, shape: Shape, unknown: list[str]) -> Iterator[Refusal]:
    words = grammar()
    seen: dict[int, str] = {}  # place -> the element that took it
    furthest = -1
    for child in element:
        name = str(child.tag)
        found = shape.children.get(name)
        if found is None:
            yield _stranger(child, element, words)
            continue
        taken = seen.get(found.place)
        if taken is not None and (taken != name or not found.many):
            yield _twice(child, taken, element)
        elif shape.model == "sequence" and found.place < furthest:
            yield _too_late(child, found, element, shape)
        else:
            furthest = max(furthest, found.place)
        seen.setdefault(found.place, name)
    yield from _missing(element, shape, seen, unknown)


def _twice(child: etree._Element, taken: str, parent: etree._Element) -> Refusal:
    name = str(child.tag)
    if taken == name:
        why = f"'{name}' stands twice in '{parent.tag}', where it may stand once"
    else:
        why = f"'{name}' stands beside '{taken}' in '{parent.tag}', which takes one of them"
    return Refusal(name, _line(child), why)


def _too_late(child: etree._Element, found: Child, parent: etree._Element, shape: Shape) -> Refusal:
    """The child comes after an element it must precede: name the first such element, and which of the two is required."""
    later = next(
        str(other.tag)
        for other in parent
        if str(other.tag) in shape.children and shape.children[str(other.tag)].place > found.place
    )
    if found.required:
        culprit = next(other for other in parent if str(other.tag) == later)
        why = f"Element '{later}' stands before '{child.tag}', which is required first"
        return Refusal(later, _line(culprit), why)
    why = f"Element '{child.tag}' stands after '{later}'; in '{parent.tag}' it must stand before it"
    return Refusal(str(child.tag), _line(child), why)


def _missing(element: etree._Element, shape: Shape, seen: dict[int, str], unknown: list[str]) -> Iterator[Refusal]:
    line = _line(element)
    if shape.model == "choice" and not seen:
        yield Refusal(str(element.tag), line, f"'{element.tag}' is empty; it takes one of {_listed(shape.children)}")
    for name, child in shape.children.items():
        if child.required and child.place not in seen:
            near = difflib.get_close_matches(name, unknown, n=1, cutoff=0.8)
            hint = f"; '{_cleaned(near[0])}' is not known" if near else ""
            yield Refusal(name, line, f"'{element.tag}' lacks '{name}', which is required{hint}")


def _stranger(child: etree._Element, parent: etree._Element, words: Grammar) -> Refusal:
    name = _cleaned(etree.QName(child).localname)
    homes = words.parents.get(str(child.tag))
    if homes is None:
        near = difflib.get_close_matches(name, words.parents, n=1)
        why = f"'{name}' is not an element of this format"
        why += f"; the nearest is '{near[0]}'" if near else ""
    elif homes:
        why = f"'{name}' does not belong in '{parent.tag}', but in {_listed(homes)}"
    else:
        why = f"'{name}' is a document of its own and does not belong in '{parent.tag}'"
    return Refusal(name, _line(child), why)


def _listed(names: object) -> str:
    return ", ".join(f"'{name}'" for name in list(names)[:9])  # type: ignore[call-overload]  # any iterable of names


def _bad_values(schema: etree.XMLSchema) -> Iterator[Refusal]:
    """What libxml2 found wrong with values, in our words. Structure is `_misplaced`'s."""
    seen: set[tuple[str, int]] = set()
    for entry in _log(schema):
        if "VALID" not in entry.type_name:
            continue
        found = _NAMED.match(entry.message)
        element, attribute = (found.group(1), found.group(2) or "") if found else ("", "")
        place = (f"{entry.path} {attribute}", entry.line)
        if place in seen:
            continue
        seen.add(place)
        named = f"'{attribute}' of '{element}'" if attribute else f"'{element}'"
        yield Refusal(element, entry.line, _value_sentence(named, entry, _type_at(str(entry.path or ""), attribute)))


def _type_at(path: str, attribute: str) -> Values | None:
    words = grammar()
    names = [step.partition("[")[0] for step in path.strip("/").split("/")]
    type_name = words.roots.get(names[0])
    for name in names[1:]:
        child = words.shape(type_name).children.get(name) if type_name else None
        type_name = child.type if child else None
    if type_name is None:
        return None
    shape = words.shape(type_name)
    return words.value(shape.attributes[attribute]) if attribute in shape.attributes else words.value(shape.text)


# What each value should look like, by the name of its simple type or its base.
_SHOULD = {
    "dateTime": "a date and time with its zone, such as 2026-01-31T17:05:00Z",
    "date": "a date such as 2010-12-31",
    "boolean": "true or false",
    "int": "a whole number",
    "years": "a whole number of years from 0 to 150",
    "port": "a port number from 1 to 65535",
    "long": "a whole number",
    "double": "a number",
    "country": "two letters of ISO 3166-1, such as IN",
    "state": "the postal code of a state of the United States; elsewhere use nonUsaState",
    "callingCode": "a plus sign and one to three digits, such as +91",
    "phoneExtension": "at most ten digits",
    "url": "an address without white space or control characters, at most 2083 long",
    "reason": "a reason of at most 3000 characters, not blank",
    "flag": "empty or true; leave the element out to say no",
}


def _value_sentence(named: str, entry: etree._LogEntry, values: Values | None) -> str:
    written = _written(entry.message)
    if values is None:
        return _cleaned(entry.message)
    if values.name in _SHOULD:
        return f"{named} {written}; it must be {_SHOULD[values.name]}"
    if values.allowed:
        near = difflib.get_close_matches(_raw(entry.message), values.allowed, n=1, cutoff=0.5)
        nearest = f"; the nearest is '{near[0]}'" if near else ""
        return f"{named} {written}; allowed are {_listed(values.allowed)}{nearest}"
    if "MAXLENGTH" in entry.type_name:
        length = re.search(r"has a length of '(\d+)'", entry.message)
        count = length.group(1) if length else "too many"
        return f"{named} has {count} characters; at most {values.length_max} are taken"
    return f"{named} {written}; it must be {_SHOULD.get(values.base, 'another value')}"


_VALUE = re.compile(r"(?:The value |: )'(.*)' (?:is not|has a length|is less|is greater)", re.DOTALL)


def _raw(message: str) -> str:
    found = _VALUE.search(message)
    return found.group(1) if found else ""


def _written(message: str) -> str:
    raw = _raw(message)
    return f"is '{_cleaned(raw)}'" if raw.strip() else "is empty"


def _cleaned(text: str) -> str:
    """A sender's own words, short and without control characters, fit for a sentence."""
    plain = re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", text).strip()
    return plain if len(plain) <= QUOTED_CHARACTERS_MAX else plain[:QUOTED_CHARACTERS_MAX] + "…"
