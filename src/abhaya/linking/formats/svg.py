"""A graph as a picture that any browser and any word processor shows, and that prints: SVG 1.1 (w3.org/TR/SVG11).

Black on white, without scripts, without anything fetched. Boxes are the nodes whose fact `kind` is in `BOXES`; what has most
lines is named, and every box.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from lxml import etree

from abhaya.linking.formats.graph import Graph
from abhaya.linking.formats.xml_text import xml_text

NAMESPACE = "http://www.w3.org/2000/svg"
BOXES = frozenset({"group", "channel"})
MARGIN_PIXELS, LETTERS_MAX = 60.0, 40
NAMED_MAX = 60  # of those who are no boxes: more names hide each other
STYLE = (
    "line{stroke:#8a8a8a;stroke-opacity:.45;stroke-width:1}circle{fill:#1d4f72}rect{fill:#e2efee;stroke:#0b5f63;stroke-width:1.5}"
    'text{font:12px "Noto Sans",sans-serif;text-anchor:middle;fill:#111;stroke:#fff;stroke-width:3;paint-order:stroke}'
    ".box{font-weight:600}"
)


def box(graph: Graph) -> tuple[float, float, float, float]:
    """Left and upper edge, width and height of the picture, in pixels, with its margin."""
    left = min((node.x for node in graph.nodes), default=0.0) - MARGIN_PIXELS
    top = min((node.y for node in graph.nodes), default=0.0) - MARGIN_PIXELS
    wide = max((node.x for node in graph.nodes), default=0.0) - left + MARGIN_PIXELS
    return left, top, wide, max((node.y for node in graph.nodes), default=0.0) - top + MARGIN_PIXELS


def write(graph: Graph) -> bytes:
    """The picture, in the graph's own pixels."""
    left, top, wide, high = box(graph)
    size = {"width": f"{wide:.0f}", "height": f"{high:.0f}", "viewBox": f"{left:.0f} {top:.0f} {wide:.0f} {high:.0f}"}
    root = etree.Element("svg", size, nsmap={None: NAMESPACE})  # type: ignore[dict-item]  # None: the namespace without a prefix
    etree.SubElement(root, "style").text = STYLE
    paper = {"x": f"{left:.0f}", "y": f"{top:.0f}", "width": f"{wide:.0f}", "height": f"{high:.0f}"}
    etree.SubElement(root, "rect", {**paper, "style": "fill:#fff;stroke:none"})
    place = {node.id: node for node in graph.nodes}
    for edge in graph.edges:
        a, b = place[edge.a], place[edge.b]
        ends = {"x1": f"{a.x:.1f}", "y1": f"{a.y:.1f}", "x2": f"{b.x:.1f}", "y2": f"{b.y:.1f}"}
        etree.SubElement(root, "line", ends)
    named = _named(graph)
    for node in graph.nodes:
        if node.facts.get("kind") in BOXES:
            sides = {"x": f"{node.x - 9:.1f}", "y": f"{node.y - 7:.1f}", "width": "18", "height": "14", "rx": "3"}
            etree.SubElement(root, "rect", sides)
        else:
            etree.SubElement(root, "circle", {"cx": f"{node.x:.1f}", "cy": f"{node.y:.1f}", "r": "4"})
    for node in graph.nodes:
        if node.id in named and node.label:
            said = {"x": f"{node.x:.1f}", "y": f"{node.y + 20:.1f}"}
            if node.facts.get("kind") in BOXES:
                said["class"] = "box"
            etree.SubElement(root, "text", said).text = xml_text(node.label[:LETTERS_MAX])
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _named(graph: Graph) -> Collection[str]:
    """Every box, and of the others those with most lines, if they have more than one."""
    lines = Counter(end for edge in graph.edges for end in (edge.a, edge.b))
    boxes = {node.id for node in graph.nodes if node.facts.get("kind") in BOXES}
    return boxes | {one for one, count in lines.most_common(len(boxes) + NAMED_MAX) if count > 1}
