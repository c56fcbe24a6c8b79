"""The network drawn: groups with those who acted in them, or groups by shared actors; with a table beside it, and to take along."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from abhaya.access import purposes
from abhaya.access.gate import OfficerRequest, requires
from abhaya.access.leaving import leave
from abhaya.access.limits import costly
from abhaya.access.permissions import Permission
from abhaya.access.queries import trace
from abhaya.errors import NotThere, OfficerError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.linking import network_file as files
from abhaya.linking import network_graph as graphs
from abhaya.linking.formats import gexf, graphml, svg
from abhaya.linking.formats.graph import Graph
from abhaya.linking.network_words import DOUBTS, GROUP_KINDS
from abhaya.linking.pages_network import country_name
from abhaya.shared.identity import acting
from abhaya.shared.reason import Reason
from abhaya.shared.typesetting import png
from abhaya.web.pager import PAGE_ROWS, Page, after_of, page_of


def _as_png(graph: Graph) -> bytes:
    _left, _top, wide, high = svg.box(graph)
    return png(svg.write(graph), wide, high)


FORMS = {
    "graphml": (graphml.write, "application/xml; charset=utf-8"),
    "gexf": (gexf.write, "application/xml; charset=utf-8"),
    "svg": (svg.write, "image/svg+xml"),
    "png": (_as_png, "image/png"),
}
SHOWN = ("people", "groups")  # in an address


@requires(Permission.DESK_REPORT_READ)
@require_safe
def graph(request: OfficerRequest) -> HttpResponse:
    """What is open to the officer, drawn for them alone; with `around`, one group and the groups of its actors."""
    around, show = _around(request.GET.get("around", "")), request.GET.get("show", "")
    show = show if show in SHOWN else SHOWN[0]
    found = graphs.drawn(around)
    centre = next((group for group in found.groups if group.id == around), None)
    if around and centre is None:
        raise NotThere(_("There is nothing here for you."))
    record([Act(Event.LINKING_NETWORK_VIEWED, facts={"shown": len(found.groups) + len(found.people)})])
    paged, rows = _rows(request, found, show)
    context = {
        "found": found,
        "centre": centre,
        "show": show,
        "data": _data(found, show),
        "paged": paged,
        "rows": rows,
        "doubts": DOUBTS,
        "purpose": purposes.kept(request),
        "bases": purposes.BASES,
        "purpose_form": purposes.PurposeFields(auto_id="export-%s"),
    }
    return render(request, "linking/graph.html", context)


@requires(Permission.CASES_CASE_WORK)
@costly
@require_POST
def export(request: OfficerRequest) -> HttpResponse:
    """The drawing as a file, with what it is for: what its officer sees, less any officer under cover."""
    around, form = _around(request.POST.get("around", "")), request.POST.get("form", "")
    if form not in FORMS:
        raise OfficerError(_("Choose GraphML, GEXF or an image."))
    show = "groups" if request.POST.get("show") == "groups" else "people"
    found = graphs.drawn(around, is_leaving=True)
    if not found.groups or (around and all(group.id != around for group in found.groups)):
        raise NotThere(_("There is nothing here for you."))
    told = graphs.told_by(found)
    page = reverse("linking-network-graph") + (f"?around={around}" if around else "")
    what = Reason("approval-export-network", {"form": form, "groups": len(found.groups), "reports": told.reports})
    target = uuid5(around or NAMESPACE_URL, f"network {show} {form}")
    going = leave(request, target, None, reports=told.reports, what=what, page=page)
    if going is None:
        return redirect(page)
    facts = {"form": form, "groups": len(found.groups), "people": len(found.people), **going.facts}
    with acting(request.officer.id, name=request.officer.name, purpose=going.purpose.text):
        traced = sorted({trace(one) for one in told.compartments})
        record([Act(Event.LINKING_NETWORK_EXPORTED, around, one, facts) for one in traced])
    write, kind = FORMS[form]
    answer = HttpResponse(write(files.as_graph(found, groups_alone=show == "groups")), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="network.{form}"'
    return answer


def _rows(request: OfficerRequest, found: graphs.Drawing, show: str) -> tuple[Page[Any], list[tuple[Any, ...]]]:
    """A page of the table: pairs of groups, or actors with the groups they acted in."""
    after = after_of(request, 1)
    skip = int(str(after[0])) if after and str(after[0]).isdigit() else 0
    listed: Sequence[Any] = found.overlaps if show == "groups" else found.people
    paged = page_of(listed[skip : skip + PAGE_ROWS + 1], lambda _row: [skip + PAGE_ROWS], after=after)
    if show == "groups":
        return paged, [(one, found.groups[one.a], found.groups[one.b]) for one in paged.rows]
    return paged, [(one, country_name(one.country), [found.groups[at] for at in one.groups]) for one in paged.rows]


def _data(found: graphs.Drawing, show: str) -> dict[str, object]:
    return files.for_script(
        found,
        groups_alone=show == "groups",
        base=reverse("linking-networks"),
        country=country_name,
        what=lambda platform, kind: f"{platform} · {GROUP_KINDS[kind]}",
        doubts={code: str(word) for code, word in DOUBTS.items()},
    )


def _around(text: str) -> UUID | None:
    """A group's id out of an address or a form; raises `NotThere` where it is none."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as problem:
        raise NotThere(_("There is nothing here for you.")) from problem
