"""The drawing of a network as it leaves, and as the page's script takes it."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from abhaya.linking.formats.graph import Edge, Graph, Kinds, Node
from abhaya.linking.network_graph import Drawing

PAIRS_MAX = 5_000  # lines between groups on a drawing, those with most shared actors
_OF_PEOPLE: Kinds = {
    "kind": "string", "country": "string", "doubt": "string", "runs": "boolean", "acts": "integer", "platform": "string",
    "actors": "integer", "without_act": "integer", "part": "integer",
}  # fmt: skip
_OF_PAIRS: Kinds = {"shared": "integer", "weight": "double"}


def as_graph(drawing: Drawing, *, groups_alone: bool) -> Graph:
    """Groups with those who acted in them, or groups with their overlap. Who did not act is a number on their group."""
    nodes = [
        Node(
            str(one.id),
            one.name or one.platform,
            one.x,
            one.y,
            {
                "kind": one.kind,
                "platform": one.platform,
                "actors": str(one.actors),
                "without_act": str(one.without_act),
                "part": str(one.part + 1),
            },
        )
        for one in drawing.groups
    ]
    if groups_alone:
        pairs = tuple(
            Edge(f"e{n}", nodes[a].id, nodes[b].id, {"shared": str(shared), "weight": f"{weight:.4f}"})
            for n, (a, b, shared, weight) in enumerate(drawing.overlaps[:PAIRS_MAX])
        )
        return Graph(tuple(nodes), pairs, _OF_PEOPLE, _OF_PAIRS)
    people = [
        Node(
            str(one.id),
            one.label,
            one.x,
            one.y,
            {
                "kind": "person",
                "country": one.country,
                "doubt": one.doubt,
                "runs": str(one.runs).lower(),
                "acts": str(one.acts),
                "part": str(one.part + 1),
            },
        )
        for one in drawing.people
    ]
    joined = [(str(one.id), nodes[at].id) for one in drawing.people for at in one.groups]
    edges = tuple(Edge(f"e{n}", person, group) for n, (person, group) in enumerate(joined))
    return Graph((*nodes, *people), edges, _OF_PEOPLE, {})


def for_script(
    drawing: Drawing, *, groups_alone: bool, base: str, country: Callable[[str], str], what: Callable[[str, str], str],
    doubts: dict[str, str],
) -> dict[str, Any]:  # fmt: skip
    """Rows without names of fields, ids in 22 letters: at 5,000 things names would be half of the page. `country` and
    `what` (platform, kind) say them in the reader's language.
    """
    people: Sequence[Any] = () if groups_alone else drawing.people
    codes = [code for code, _count in Counter(one.country for one in people if one.country).most_common()]
    place, known = {code: at for at, code in enumerate(codes)}, ["", *doubts]
    return {
        "base": base,
        "countries": [country(code) for code in codes],
        "doubts": ["", *doubts.values()],
        "groups": [
            [
                _short(one.id), one.name, what(one.platform, one.kind), one.actors, one.without_act, round(one.x),
                round(one.y), round(one.radius), one.part,
            ]
            for one in drawing.groups
        ],
        "people": [
            [
                _short(one.id), one.label, place.get(one.country, -1), known.index(one.doubt) if one.doubt in known else 0,
                int(one.runs), one.acts, round(one.x), round(one.y), one.part, one.groups,
            ]
            for one in people
        ],
        "overlaps": [[one.a, one.b, one.shared] for one in drawing.overlaps[:PAIRS_MAX]] if groups_alone else [],
    }  # fmt: skip


def _short(one: UUID) -> str:
    return base64.urlsafe_b64encode(one.bytes).decode().rstrip("=")
