"""A drawn graph as files of graphs carry it: things with a place, lines between them, facts by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Facts = Mapping[str, str]
Kinds = Mapping[str, str]  # name of a fact -> "string", "boolean", "integer" or "double"


@dataclass(frozen=True, slots=True)
class Node:
    """`label` is empty where who it is must not leave. `x`, `y` in pixels, downwards."""

    id: str
    label: str
    x: float
    y: float
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edge:
    id: str
    a: str
    b: str
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Graph:
    """`of_nodes` and `of_edges` declare every fact that a node or an edge has."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    of_nodes: Kinds
    of_edges: Kinds
