"""The invented world, drawn from a seed: persons with accounts, numbers, devices and lines, and the reports about them.

It draws; `wire` writes. Nothing here decides or measures: truth goes to a folder of its own, so that linking, triage and
routing can be judged by somebody who did not tune on it. Everything is invented; every conversation is a neutral
stand-in; every picture is arithmetic.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from abhaya.training import sessions, spelling
from abhaya.training.judgements import Judgement, judged
from abhaya.training.money import Money
from abhaya.training.names import LINES
from abhaya.training.parameters import Parameters
from abhaya.training.people import Account, Holding, Household, Login, Party, Person, WorldReport
from abhaya.training.population import Population
from abhaya.training.senders import JUNK_DEVICES, JUNK_EMAILS, JUNK_PHONES, Habit, habits

__all__ = ["Account", "Login", "Person", "World", "WorldReport"]

DEFAULT_UNTIL = datetime(2026, 11, 1, tzinfo=UTC)  # a world is the same whenever it is made
LATELY = 200  # reports among which one is sent again, told by others or added to
RECIPIENT_SHARE = 0.3  # of named children: written to, and not more is known
CHILD_IN_FILE_REPORT_SHARE = 0.03
SHOWN_AT_ONCE_SHARE = 0.5  # gifts that the same report shows on both sides


class World:
    """`World(seed, parameters).reports(n)` yields the same reports for the same three.

    Truth beside them, once they are drawn: `persons` (with their accounts), `holdings` (who had what when) and
    `judgements` (what people decided, rightly or wrongly).
    """

    def __init__(self, seed: int, parameters: Parameters, *, until: datetime = DEFAULT_UNTIL) -> None:
        self.parameters = parameters
        self.until = until
        self.seed = seed
        self._rng = random.Random(f"abhaya world {seed}")
        self._population = Population(self._rng, parameters)
        self._money = Money(self._rng, parameters, self._population.holdings)
        self._habits = habits(self._rng, parameters)
        self._shown: dict[str, list[Account]] = {}  # person -> accounts that reports have named
        self._rare: deque[int] = deque(maxlen=LATELY)  # files of earlier reports
        self._repeating: list[list[Person]] = []  # persons who will be reported again, each as often as it is listed

    @property
    def persons(self) -> list[Person]:
        """Everybody drawn so far."""
        return self._population.persons

    @property
    def holdings(self) -> list[Holding]:
        """Who had which identifier, from when until when."""
        return self._population.holdings

    @property
    def households(self) -> list[Household]:
        """Who shares a roof, a tablet, perhaps a telephone."""
        return list(self._population.households.values())

    def owners(self) -> dict[str, Person]:
        """Account selector ("photoshare:0123456789") -> whose it is."""
        return {account.key: person for person in self.persons for account in person.accounts}

    def judgements(self) -> list[Judgement]:
        """What officers decided about pairs of accounts that reports have shown; the same for the same reports."""
        rng = random.Random(f"abhaya judgements {self.seed}")
        shown = [(person, self._shown[person.id]) for person in self.persons if person.id in self._shown]
        return judged(rng, self.parameters, shown, self.until)

    def reports(self, count: int) -> Iterator[WorldReport]:
        """`count` reports in the order they happened."""
        rng, p = self._rng, self.parameters
        moments = sorted(rng.random() for _ in range(count))
        written: list[WorldReport] = []
        for index, moment in enumerate(moments):
            at = (self.until - timedelta(days=p.days * (1 - moment))).replace(microsecond=0)
            ref = f"R{index + 1:06}"
            draw = rng.random()
            if written and draw < p.duplicate_share:
                yield _again(rng.choice(written[-LATELY:]), ref)
            elif written and draw < p.duplicate_share + p.channel_duplicate_share:
                yield _told_by_others(rng.choice(written[-LATELY:]), ref)
            elif written and draw < p.duplicate_share + p.channel_duplicate_share + p.late_share:
                earlier = rng.choice(written[-LATELY:])
                yield _again(earlier, ref) if earlier.kind == "batched" else self._more(earlier, ref, at)
            else:
                report = self._report(ref, at)
                written.append(report)
                yield report

    def _report(self, ref: str, at: datetime) -> WorldReport:
        rng, p = self._rng, self.parameters
        kind = self._kind()
        person = self._sharer(at) if kind in {"viral", "batched"} else self._reported(at, minor=kind == "minors")
        account = self._population.account_of(person, at)
        habit = self._habits[account.platform]
        thin = kind == "thin"
        wrong = sessions.clock(rng, p)
        files, lines = self._files(kind), self._lines(kind)
        victims, gift = self._victims(kind, person, account, at, habit)
        payments = self._money.asked(person, at) if lines else ()
        lines += tuple(f"{_PAY_LINES[what]} {value}" for what, value in payments)
        if lines and victims and victims[0].phone and rng.random() < p.gift_share:
            lines += (f"says recharge sent to {victims[0].phone}",)
        others = [self._sharer(at) for _ in range(rng.randrange(5, 40))] if kind == "batched" else []
        shows_address = not thin and kind != "batched" and rng.random() < habit.address
        report = WorldReport(
            ref=ref, kind=kind, person=person, account=account, at=at,
            logins=sessions.logins(rng, p, person, at, habit.port, wrong, has_files=bool(files)) if shows_address else (),
            email="" if thin else self._said(account.email, habit.email, JUNK_EMAILS),
            phone="" if thin else self._said(account.phone, 1.0 if gift else habit.phone, () if gift else JUNK_PHONES),
            device="" if thin else self._said(account.device, 1.0 if gift else habit.device, () if gift else JUNK_DEVICES),
            files=files, lines=lines, victims=victims, payments=payments,
            child_age=victims[0].age if victims else (rng.choice([11, 12, 13, 14, 15]) if kind == "minors" else None),
            stated_age=person.true_age if kind == "minors" else (rng.choice([None, None, person.true_age])),
            urgent=kind == "text" and rng.random() < p.urgent_share / max(p.text_only_share, 0.001),
            viewed=None if rng.random() < p.viewed_missing_share else rng.random() < 0.6,
            others=tuple(other.accounts[0] for other in others), other_persons=tuple(others),
            name=spelling.as_written(rng, person.name, person.name_hi),
            verified_at=account.verified_at if rng.random() < p.verification_date_share else None,
            clock=wrong,
        )  # fmt: skip
        self._noted(report)
        return report

    def _noted(self, report: WorldReport) -> None:
        """What a report changes in the world: numbers have been seen, and the platform may close the account."""
        for party in report.parties:
            if party.phone:
                self._population.shown(party.phone, party.person)
            if party.account is not None:
                known = self._shown.setdefault(party.person.id, [])
                if all(account.identifier != party.account.identifier for account in known):
                    known.append(party.account)
        if self._rng.random() < self.parameters.account_closed_share:
            self._population.close(report.person, report.account)

    def _kind(self) -> str:
        p, draw = self.parameters, self._rng.random()
        for kind, share in (
            ("batched", p.batched_share), ("viral", p.viral_share), ("thin", p.thin_share),
            ("minors", p.minor_to_minor_share), ("text", p.text_only_share),
        ):  # fmt: skip
            if draw < share:
                return kind
            draw -= share
        return "file"

    def _reported(self, at: datetime, *, minor: bool) -> Person:
        """The person of the next report: most are seen once, some many times (Pareto)."""
        rng, p = self._rng, self.parameters
        if minor:
            return self._child(at, rng.choice([14, 15, 16, 17]), None)
        if self._repeating and rng.random() < 0.5:
            position = rng.randrange(len(self._repeating))
            again = self._repeating[position]
            person = again.pop()
            if not again:
                self._repeating[position] = self._repeating[-1]
                self._repeating.pop()
            return person
        person = self._population.adult(at, rng.randrange(18, 66))
        reports = min(int(rng.paretovariate(p.reports_per_person_alpha)), p.reports_per_person_max)
        if reports > 1:
            self._repeating.append([person] * (reports - 1))
        return person

    def _sharer(self, at: datetime) -> Person:
        return self._population.adult(at, self._rng.randrange(18, 70))

    def _child(self, at: datetime, age: int, parent: Person | None) -> Person:
        known = self._population.children
        if known and self._rng.random() < self.parameters.victim_again_share:
            return self._rng.choice(known[-LATELY:])
        return self._population.child(at, age, parent)

    def _victims(
        self, kind: str, person: Person, account: Account, at: datetime, habit: Habit
    ) -> tuple[tuple[Party, ...], bool]:
        """The child of a report, and whether the one reported gave it what both now show."""
        rng, p = self._rng, self.parameters
        if kind != "text" and not (kind == "file" and rng.random() < CHILD_IN_FILE_REPORT_SHARE):
            return (), False
        own = person if rng.random() < p.intrafamilial_share else None
        child = self._child(at, rng.choice([11, 12, 13, 14, 15]), own)
        role = "recipient" if rng.random() < RECIPIENT_SHARE else "victim"
        if child is person or rng.random() >= p.victim_named_share:
            return (Party("victim", child, age=child.true_age),), False
        used = self._population.account_of(child, at)
        gift = not person.is_child and rng.random() < p.gift_share
        phone_share, device_share = habit.phone, habit.device
        if gift:
            gift, used = self._gift(person, account, child, used, at)
            if gift and rng.random() < SHOWN_AT_ONCE_SHARE:
                phone_share = device_share = 1.0
        party = Party(
            role, child, used, self._said(used.email, habit.email, JUNK_EMAILS),
            self._said(used.phone, phone_share, ()), True,
            used.verified_at if rng.random() < p.verification_date_share else None,
            self._said(used.device, device_share, ()), child.true_age,
        )  # fmt: skip
        return (party,), gift

    def _gift(self, giver: Person, shows: Account, child: Person, used: Account, at: datetime) -> tuple[bool, Account]:
        """A SIM or a telephone that the one reported bought and had before; the child's account is now verified with it."""
        rng, people = self._rng, self._population
        given_at = at - timedelta(days=rng.uniform(1, 20))
        if rng.random() < 0.5 and shows.phone and shows.phone == people.sim(giver, at):
            number = people.give_number(giver, child, given_at, "gift")
            return True, people.change_account(child, used, phone=number, at=given_at)
        if shows.device == giver.devices[-1]:
            device = people.give_device(giver, child, given_at, "gift")
            return True, people.change_account(child, used, device=device, at=given_at)
        return False, used

    def _files(self, kind: str) -> tuple[int, ...]:
        rng = self._rng
        if kind in {"viral", "batched"}:
            return (rng.randrange(self.parameters.viral_clips),)
        if kind in {"text", "thin"}:
            return ()
        files = tuple(rng.randrange(1000, 10**9) for _ in range(1 + int(rng.expovariate(0.8))))
        if self._rare and rng.random() < self.parameters.rare_file_share:
            return (*files, rng.choice(self._rare))
        self._rare.append(files[0])
        return files

    def _lines(self, kind: str) -> tuple[str, ...]:
        if kind not in {"text", "minors"}:
            return ()
        return tuple(self._rng.sample(LINES, self._rng.randrange(3, 8)))

    def _said(self, value: str, share: float, junk: tuple[str, ...]) -> str:
        """What the report shows of a value: it, nothing, or what somebody typed to fill the field."""
        if junk and self._rng.random() < self.parameters.junk_value_share:
            return self._rng.choice(junk)
        return value if self._rng.random() < share else ""

    def _more(self, earlier: WorldReport, ref: str, at: datetime) -> WorldReport:
        """A supplement: no files, but what the first report left out."""
        account = earlier.account
        return replace(
            earlier, ref=ref, at=at, files=(), logins=(), urgent=False, updates=earlier.ref,
            kind="file" if earlier.kind == "thin" else earlier.kind,
            email=earlier.email or account.email, phone=earlier.phone or account.phone, verified_at=account.verified_at,
        )  # fmt: skip


_PAY_LINES = {"upi": "gives a UPI address", "bank": "gives a bank account", "crypto": "gives a wallet address"}


def _again(earlier: WorldReport, ref: str) -> WorldReport:
    return replace(earlier, ref=ref, duplicate_of=earlier.duplicate_of or earlier.ref)


def _told_by_others(earlier: WorldReport, ref: str) -> WorldReport:
    """What a hotline passes on of the same event: the account and the conversation, no sessions, no contact."""
    return replace(
        earlier, ref=ref, duplicate_of=earlier.duplicate_of or earlier.ref, channel="hotline", logins=(), email="",
        phone="", device="", files=(), urgent=False, verified_at=None,
    )  # fmt: skip
