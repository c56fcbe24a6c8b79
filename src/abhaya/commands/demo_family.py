"""What the training world shows of a wrong merge: a tablet that a family shares, and an officer who took two for one.

Four reports come in through the door. Three hold an account of one invented man each, of which two say the same telephone,
mailbox and tablet and the third the same telephone and mailbox; the fourth holds that of a relative, with a telephone and
a mailbox of her own and the same tablet. The machine keeps her apart, an officer joins her by a word, officers write
remarks. To be undone by hand: `docs/install.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from abhaya.access.actions.approvals import NeedsSecondPerson, decide
from abhaya.access.queries import SignedIn
from abhaya.cases.actions import add_note, attach, open_case
from abhaya.commands.demo_cast import SERVICE, playing, ready_made
from abhaya.linking import queries_subjects as subjects
from abhaya.linking.actions import judgements, remarks
from abhaya.linking.actions.remarks import Written
from abhaya.linking.queries_remarks import NAME
from abhaya.selectors.device import luhn_digit
from abhaya.selectors.sighting import selector_id
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import fetch_one
from abhaya.training.client import Client
from abhaya.training.demo import Credential
from abhaya.training.people import Account, Person, WorldReport

PLATFORM = "ChatLine"
BODY_OF_TABLET = "35000000004711"  # of an invented device number, without its check digit
TABLET = BODY_OF_TABLET + luhn_digit(BODY_OF_TABLET)
AGE = 34
HOURS_APART = 3
CASE = "The family tablet"

WHY_SAME = "The same tablet on the same evening, and both write only at night."
WHY_GRANTED = "I read both reports, and it looks like the same person to me."
WHY_ATTACHED = "One of the accounts that use this tablet."
NOTE = "Who uses this tablet? Vikram says that all of them are one person. I am not sure: her telephone and her mailbox are others."
OF_HIM = "Answers within a minute after 23:00, never by day."
OF_HER = "The neighbour knows her: she takes the tablet of the house for calls to her sister on Sundays."
OF_THE_WHOLE = "On line from one house, as it seems. Ask the operator who holds the line."
WORKING_NAME = "The accounts of the night"

# A report that names an account as somebody's, with its compartment.
NAMED = """
    select p.report_id, r.number from linking_person p join intake_report r on r.id = p.report_id
    where p.account_id = %(account)s order by p.id limit 1
"""


class Uses(NamedTuple):
    """One account of the scene, and what its report says of it."""

    screen_name: str
    phone: str
    email: str
    device: str

    @property
    def account(self) -> Account:
        return Account(PLATFORM, "chatImIncident", f"u-{self.screen_name}", self.screen_name)

    @property
    def id(self) -> UUID:
        return selector_id("account", self.account.key)


_HIS = ("+91 90000 00711", "night.kite.711@mailpost.example.org")
HIS = (
    Uses("night_kite", *_HIS, TABLET),
    Uses("night_kite_2", *_HIS, TABLET),
    Uses("kite_after_11", *_HIS, ""),
)
HERS = Uses("kamla_at_home", "+91 90000 00712", "kamla.at.home@mailpost.example.org", TABLET)


def family_arrives(door: str, credentials: Mapping[str, Credential], until: datetime) -> None:
    """The four reports, sent as their platform would; the last of them `until`, the others hours before."""
    given = credentials[PLATFORM]
    everybody = (*HIS, HERS)
    with Client(door, given.username, given.password) as client:
        for place, one in enumerate(everybody):
            at = until - timedelta(hours=HOURS_APART * (len(everybody) - place))
            client.send(_report(place + 1, one, at))


def wrongly_joined() -> None:
    """The remarks, the case, and the word that is wrong. Run once, when the reports have reached their desk."""
    analyst, supervisor = ready_made("hub.analyst"), ready_made("hub.supervisor")
    with playing(analyst):
        remarks.write(Written(OF_HIM, frozenset({HIS[0].id})), analyst)
        remarks.write(Written(WORKING_NAME, frozenset({HIS[0].id}), kind=NAME), analyst)
    _say_same(supervisor, analyst)
    with playing(supervisor):
        view = subjects.as_seen(HERS.id)
        whole = frozenset(view.accounts) if view else None
        remarks.write(Written(OF_THE_WHOLE, frozenset({HIS[1].id}), whole), supervisor)
    with playing(analyst):
        remarks.write(Written(OF_HER, frozenset({HERS.id})), analyst)
        case = open_case(analyst, title=CASE, contact="Hub, extension 12", covert=False)
        add_note(case, analyst.id, NOTE)
    with on_the_road(SERVICE):
        numbers = [found[1] for one in HIS if (found := fetch_one(lambda *row: row, NAMED, {"account": one.id}))]
    with playing(analyst):
        for number in numbers:
            attach(case, analyst.id, number, WHY_ATTACHED)


def _say_same(judge: SignedIn, colleague: SignedIn) -> None:
    """The supervisor takes his second account and hers for one person's; asks the colleague first where that is needed."""
    his, hers = HIS[1].id, HERS.id
    try:
        with playing(judge):
            judgements.judge(his, hers, judgements.SAME, WHY_SAME, judge)
    except NeedsSecondPerson:
        with playing(judge):
            said = (HIS[1].screen_name, HERS.screen_name)
            asked = judgements.ask_for_merge(his, hers, WHY_SAME, judge, said=said)
        with playing(colleague):
            decide(asked, colleague, True, WHY_GRANTED)
        with playing(judge):
            judgements.judge(his, hers, judgements.SAME, WHY_SAME, judge)


def _report(number: int, one: Uses, at: datetime) -> WorldReport:
    person = Person(f"tablet-{number}", one.screen_name, one.screen_name, 0, 0, AGE)
    return WorldReport(
        f"T{number:06}", "text", person, one.account, at, (), one.email, one.phone, one.device, (), ("asks age",), AGE, None,
        urgent=False, viewed=None,
    )  # fmt: skip
