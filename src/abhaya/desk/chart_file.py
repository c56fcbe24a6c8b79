"""A link chart as it leaves: things by kind, nobody who is masked by name, lines with where they were read, ties with what
is held of two accounts.
"""

from __future__ import annotations

from abhaya.desk.chart_rules import REPORT, Chart, Line, Tie
from abhaya.linking.formats.graph import Edge, Graph, Node

_OF_THINGS = {"kind": "string", "masked": "boolean", "person": "string", "grade": "string"}
_OF_LINES = dict.fromkeys(("tie", "said_by", "reports", "grades", "roles", "locators", "first", "last"), "string")


def as_graph(chart: Chart, places: dict[str, tuple[float, float]]) -> Graph:
    """`places`: where each thing stands; one that stands nowhere goes to the corner. `person` numbers the accounts that are
    held to be one person's.
    """
    person = {one: str(number) for number, group in enumerate(chart.together, start=1) for one in group}
    nodes = tuple(
        Node(
            thing.id,
            thing.label,
            *places.get(thing.id, (0.0, 0.0)),
            {
                "kind": thing.kind,
                "masked": str(thing.is_masked).lower(),
                "person": person.get(thing.id, ""),
                "grade": thing.grade.code if thing.kind == REPORT else "",
            },
        )
        for thing in chart.things
    )
    edges = tuple(Edge(edge.id, edge.a, edge.b, _facts(edge)) for edge in chart.edges)
    return Graph(nodes, edges, _OF_THINGS, _OF_LINES)


def _facts(line: Line | Tie) -> dict[str, str]:
    """What a line carries: report numbers and their grades (Admiralty, F6 where nobody graded) in the same order, roles, locators, and its first and last instant (UTC). Of a tie what it says, and
    which officer said so.
    """
    if isinstance(line, Tie):
        return {"tie": line.word, "said_by": line.said_by}
    graded = dict(sorted((source.number, source.grade.code) for source in line.sources))
    times = sorted(source.at for source in line.sources if source.at is not None)
    return {
        "reports": " ".join(graded),
        "grades": " ".join(graded.values()),
        "roles": " ".join(sorted({source.role for source in line.sources})),
        "locators": " | ".join(sorted({source.locator for source in line.sources})),
        "first": times[0].isoformat() if times else "",
        "last": times[-1].isoformat() if times else "",
    }
