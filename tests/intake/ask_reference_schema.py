"""Asks a schema, given by its path, for its verdict on every document of the corpus, and writes both down.

`python -m tests.intake.ask_reference_schema /path/to/reference.xsd`: the schema itself is not ours to hand on, its
verdicts are. It also says which elements and values of that schema no document of the corpus tries.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from lxml import etree
from tests.intake.schema_corpus import cases

VERDICTS = Path(__file__).with_name("schema_verdicts.jsonl")
XS = "{http://www.w3.org/2001/XMLSchema}"


def main(path: str) -> None:
    tree = etree.parse(path)
    schema = etree.XMLSchema(tree)
    lines, tried_names, tried_values = {}, set(), set()
    for case in cases():
        root = etree.fromstring(case.document.encode())
        valid = bool(schema.validate(root))
        lines.setdefault(case.document, {"rule": case.rule, "valid": valid, "document": case.document})
        if valid:
            tried_names |= {name for element in root.iter() for name in (element.tag, *element.attrib)}
            tried_values |= {text for element in root.iter() for text in (element.text, *element.attrib.values())}
    VERDICTS.write_text(
        "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines.values()), encoding="utf-8"
    )
    counts = [sum(line["valid"] is verdict for line in lines.values()) for verdict in (True, False)]
    print(f"{len(lines)} documents: {counts[0]} valid, {counts[1]} not")  # noqa: T201 — a script
    names = {str(node.get("name")) for node in tree.iter(XS + "element", XS + "attribute") if node.get("name")}
    values = {str(node.get("value")) for node in tree.iter(XS + "enumeration")}
    print("never tried in a valid document:", sorted(names - tried_names), sorted(values - tried_values - {""}))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1])
