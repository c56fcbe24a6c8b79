"""A link chart as it leaves: things by kind, nobody who is masked by name, lines with where they were read."""

from __future__ import annotations

from abhaya.desk.chart_rules import Chart, Line
from abhaya.linking.formats.graph import Edge, Graph, Node

_OF_THINGS = {"kind": "string", "masked": "boolean"}
_OF_LINES = dict.fromkeys(("reports", "roles", "locators", "first", "last"), "string")


def as_graph(chart: Chart, places: dict[str, tuple[float, float]]) -> Graph:
    """`places`: where each thing stands; one that stands nowhere goes to the corner."""
    nodes = tuple(
        Node(
            thing.id,
            thing.label,
            *places.get(thing.id, (0.0, 0.0)),
            {"kind": thing.kind, "masked": str(thing.is_masked).lower()},
        )
        for thing in chart.things
    )
    return Graph(
        nodes, tuple(Edge(line.id, line.a, line.b, _facts(line)) for line in chart.lines), _OF_THINGS, _OF_LINES
    )


def _facts(line: Line) -> dict[str, str]:
    """What a line carries: report numbers, roles, locators, and its first and last instant (UTC)."""
    times = sorted(source.at for source in line.sources if source.at is not None)
    return {
        "reports": " ".join(sorted({source.number for source in line.sources})),
        "roles": " ".join(sorted({source.role for source in line.sources})),
        "locators": " | ".join(sorted({source.locator for source in line.sources})),
        "first": times[0].isoformat() if times else "",
        "last": times[-1].isoformat() if times else "",
    }
