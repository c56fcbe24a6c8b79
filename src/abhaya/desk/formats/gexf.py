"""A link chart as GEXF 1.3 (gexf.net), read by Gephi; places stand in its `viz` part."""

from __future__ import annotations

from lxml import etree

from abhaya.desk.chart_rules import Chart
from abhaya.desk.formats.graphml import facts
from abhaya.desk.formats.xml_text import xml_text

NAMESPACE, VIZ = "http://gexf.net/1.3", "http://gexf.net/1.3/viz"
_OF_THINGS = ("kind", "masked")
_OF_LINES = ("reports", "roles", "locators", "first", "last")


def write(chart: Chart, places: dict[str, tuple[float, float]]) -> bytes:
    root = etree.Element("gexf", {"version": "1.3"}, nsmap={None: NAMESPACE, "viz": VIZ})  # type: ignore[dict-item]  # None: the namespace without a prefix
    graph = etree.SubElement(root, "graph", {"defaultedgetype": "undirected"})
    for of, names in (("node", _OF_THINGS), ("edge", _OF_LINES)):
        declared = etree.SubElement(graph, "attributes", {"class": of})
        for name in names:
            etree.SubElement(declared, "attribute", {"id": name, "title": name, "type": "string"})
    nodes, edges = etree.SubElement(graph, "nodes"), etree.SubElement(graph, "edges")
    for thing in chart.things:
        node = etree.SubElement(nodes, "node", {"id": thing.id, "label": xml_text(thing.label)})
        _values(node, {"kind": thing.kind, "masked": str(thing.is_masked).lower()})
        x, y = places.get(thing.id, (0.0, 0.0))
        etree.SubElement(node, f"{{{VIZ}}}position", {"x": f"{x:.1f}", "y": f"{-y:.1f}", "z": "0"})
    for line in chart.lines:
        edge = etree.SubElement(edges, "edge", {"id": line.id, "source": line.a, "target": line.b})
        _values(edge, facts(line))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _values(parent: etree._Element, said: dict[str, str]) -> None:
    values = etree.SubElement(parent, "attvalues")
    for name, text in said.items():
        etree.SubElement(values, "attvalue", {"for": name, "value": xml_text(text)})
