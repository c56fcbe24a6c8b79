"""A graph as GEXF 1.3 (gexf.net), read by Gephi; places stand in its `viz` part."""

from __future__ import annotations

from lxml import etree

from abhaya.linking.formats.graph import Facts, Graph
from abhaya.linking.formats.xml_text import xml_text

NAMESPACE, VIZ = "http://gexf.net/1.3", "http://gexf.net/1.3/viz"


def write(graph: Graph) -> bytes:
    root = etree.Element("gexf", {"version": "1.3"}, nsmap={None: NAMESPACE, "viz": VIZ})  # type: ignore[dict-item]  # None: the namespace without a prefix
    inside = etree.SubElement(root, "graph", {"defaultedgetype": "undirected"})
    for of, kinds in (("node", graph.of_nodes), ("edge", graph.of_edges)):
        declared = etree.SubElement(inside, "attributes", {"class": of})
        for name, kind in kinds.items():
            etree.SubElement(declared, "attribute", {"id": name, "title": name, "type": kind})
    nodes, edges = etree.SubElement(inside, "nodes"), etree.SubElement(inside, "edges")
    for node in graph.nodes:
        element = etree.SubElement(nodes, "node", {"id": node.id, "label": xml_text(node.label)})
        _values(element, node.facts)
        # GEXF counts upwards.
        etree.SubElement(element, f"{{{VIZ}}}position", {"x": f"{node.x:.1f}", "y": f"{-node.y:.1f}", "z": "0"})
    for edge in graph.edges:
        element = etree.SubElement(edges, "edge", {"id": edge.id, "source": edge.a, "target": edge.b})
        _values(element, edge.facts)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _values(parent: etree._Element, said: Facts) -> None:
    values = etree.SubElement(parent, "attvalues")
    for name, text in said.items():
        etree.SubElement(values, "attvalue", {"for": name, "value": xml_text(text)})
