"""A link chart as GraphML 1.0 (graphml.graphdrafting.org), read by yEd, Gephi, i2 import and networkx."""

from __future__ import annotations

from lxml import etree

from abhaya.desk.chart_rules import Chart, Line
from abhaya.desk.formats.xml_text import xml_text

NAMESPACE = "http://graphml.graphdrafting.org/xmlns"
_KEYS = (
    ("kind", "node"), ("label", "node"), ("masked", "node"), ("x", "node"), ("y", "node"),
    ("reports", "edge"), ("roles", "edge"), ("locators", "edge"), ("first", "edge"), ("last", "edge"),
)  # fmt: skip


def write(chart: Chart, places: dict[str, tuple[float, float]]) -> bytes:
    """Things with their kind, label and place; lines with report numbers, roles, locators and their first and last instant (UTC)."""
    root = etree.Element("graphml", nsmap={None: NAMESPACE})  # type: ignore[dict-item]  # None: the namespace without a prefix
    for name, what in _KEYS:
        kind = "double" if name in {"x", "y"} else "boolean" if name == "masked" else "string"
        etree.SubElement(root, "key", {"id": name, "for": what, "attr.name": name, "attr.type": kind})
    graph = etree.SubElement(root, "graph", {"id": "chart", "edgedefault": "undirected"})
    for thing in chart.things:
        x, y = places.get(thing.id, (0.0, 0.0))
        node = etree.SubElement(graph, "node", {"id": thing.id})
        said = {
            "kind": thing.kind,
            "label": thing.label,
            "masked": str(thing.is_masked).lower(),
            "x": f"{x:.1f}",
            "y": f"{y:.1f}",
        }
        _data(node, said)
    for line in chart.lines:
        edge = etree.SubElement(graph, "edge", {"id": line.id, "source": line.a, "target": line.b})
        _data(edge, facts(line))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def facts(line: Line) -> dict[str, str]:
    """What a line carries, as text: for each form that is written out."""
    times = sorted(source.at for source in line.sources if source.at is not None)
    return {
        "reports": " ".join(sorted({source.number for source in line.sources})),
        "roles": " ".join(sorted({source.role for source in line.sources})),
        "locators": " | ".join(sorted({source.locator for source in line.sources})),
        "first": times[0].isoformat() if times else "",
        "last": times[-1].isoformat() if times else "",
    }


def _data(parent: etree._Element, said: dict[str, str]) -> None:
    for name, text in said.items():
        etree.SubElement(parent, "data", key=name).text = xml_text(text)
