"""`abhaya person held`: how much is held about one person, as far as a named officer may see."""

from __future__ import annotations

import json
from argparse import Namespace

from abhaya.access.permissions import Permission
from abhaya.access.queries import officers, signed_in
from abhaya.desk import finding, queries, rights, rights_written
from abhaya.errors import OperatorError
from abhaya.shared.identity import acting, on_the_road

DONE, NOTHING = 0, 1


def held(arguments: Namespace) -> int:
    """One line of JSON for each place: report, role, locator, fact or assessment; and one for each remark of officers on
    accounts of theirs, and each judgement, without its words. The value itself is not repeated; an
    answer file for the person leaves by the page, where a second person is asked.
    """
    with on_the_road("operator:person"):
        found = next((one.id for one in officers() if one.username == arguments.officer and one.is_active), None)
    if found is None:
        raise OperatorError(f"There is no officer {arguments.officer} in service.")
    with acting(found, purpose=arguments.purpose):
        officer = signed_in(found)
        if officer is None or not officer.may(Permission.DESK_RIGHTS_HANDLE):
            raise OperatorError(f"{arguments.officer} does not handle requests of persons.")
    with acting(found, name=officer.name, purpose=arguments.purpose):
        selectors = [one.selector for one in finding.candidates(arguments.identifier, queries.platforms())]
        rows, written = rights.held(selectors), rights_written.written(selectors)
        rights.note_shown(None, rows, len(written))
    for one in rows:
        said = {
            "report_id": str(one.number), "kind": one.kind, "role": one.role, "locator": one.locator,
            "original": one.original, "stated_as": one.stated_as, "forwarded_to": one.forwarded_to,
            "legal_holds": one.holds, "due_under": one.due_under,
        }  # fmt: skip
        print(json.dumps(said, ensure_ascii=False))
    for word in written:
        number = str(word.number) if word.number else ""
        print(json.dumps({"report_id": number, "kind": word.kind, "stated_as": "assessment"}))
    return DONE if rows or written else NOTHING
