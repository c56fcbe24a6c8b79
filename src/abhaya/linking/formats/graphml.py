"""A graph as GraphML 1.0 (graphml.graphdrafting.org), read by yEd, Gephi, i2 import and networkx."""

from __future__ import annotations

from lxml import etree

from abhaya.linking.formats.graph import Facts, Graph
from abhaya.linking.formats.xml_text import xml_text

NAMESPACE = "http://graphml.graphdrafting.org/xmlns"
_TYPES = {"integer": "int"}
_EVERY_NODE = {"label": "string", "x": "double", "y": "double"}


def write(graph: Graph) -> bytes:
    """Things with label, place and facts; lines with facts. Instants are UTC."""
    root = etree.Element("graphml", nsmap={None: NAMESPACE})  # type: ignore[dict-item]  # None: the namespace without a prefix
    for what, kinds in (("node", {**_EVERY_NODE, **graph.of_nodes}), ("edge", graph.of_edges)):
        for name, kind in kinds.items():
            # Ids of keys stand once in a file; a fact of both kinds of elements needs two.
            said = {"id": _key(what, name), "for": what, "attr.name": name, "attr.type": _TYPES.get(kind, kind)}
            etree.SubElement(root, "key", said)
    inside = etree.SubElement(root, "graph", {"id": "graph", "edgedefault": "undirected"})
    for node in graph.nodes:
        element = etree.SubElement(inside, "node", {"id": node.id})
        _data(element, "node", {"label": node.label, "x": f"{node.x:.1f}", "y": f"{node.y:.1f}", **node.facts})
    for edge in graph.edges:
        element = etree.SubElement(inside, "edge", {"id": edge.id, "source": edge.a, "target": edge.b})
        _data(element, "edge", edge.facts)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _key(what: str, name: str) -> str:
    return name if what == "node" else f"line-{name}"


def _data(parent: etree._Element, what: str, said: Facts) -> None:
    for name, text in said.items():
        etree.SubElement(parent, "data", key=_key(what, name)).text = xml_text(text)
