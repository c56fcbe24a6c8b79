"""A person as far as known: the accounts held together, why, what officers said, and taking it back.

Under an address stands an account, or a subject's id: who may read more of it sees more held together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from abhaya.access import approvals
from abhaya.access.actions import ApprovalKind
from abhaya.access.actions.approvals import NeedsSecondPerson
from abhaya.access.gate import OfficerRequest, requires, with_road
from abhaya.access.permissions import Permission
from abhaya.cases.actions import note_asked
from abhaya.desk import finding, grading
from abhaya.desk.forms import ReasonForm
from abhaya.desk.forms_subject import CompareForm, JudgeForm
from abhaya.desk.remarks import masked, remarks_on, words_on
from abhaya.desk.remarks import said as as_shown
from abhaya.desk.subject_view import WORDS, called, nothing_for, of_a_subject, status_of, uuid_of, viewed
from abhaya.errors import NotThere, OfficerError
from abhaya.intake import queries as intake
from abhaya.linking import queries_subjects as subjects
from abhaya.linking import subject_shown as shown
from abhaya.linking.actions import judgements
from abhaya.linking.queries_subjects import JudgementRow, SubjectView
from abhaya.linking.rules import PERSON_ROLES
from abhaya.linking.subject_shown import Account

WAITING_SHOWN_MAX = 20
CONNECTED_SHOWN_MAX = 10
HELD_SHOWN_MAX = 12


@dataclass(frozen=True, slots=True)
class Pair:
    """Two accounts and what connects them; `mine` stands on the page."""

    mine: Account
    other: Account
    bits: float | None  # None: an officer's word
    word: JudgementRow | None = None
    is_unsure: bool = False


@requires(Permission.DESK_REPORT_READ)
@require_safe
@of_a_subject
def subject(request: OfficerRequest, subject_id: UUID, view: SubjectView, known: dict[UUID, Account]) -> HttpResponse:
    """The accounts that stand together, by what is open to the reader."""
    ids = set(view.accounts)
    said = words_on(view.accounts, known)
    waiting, connected = _near(view, known, said)
    on_page = ids | {pair.other.id for pair in (*waiting, *connected)}
    remarks = remarks_on(view.accounts, known)
    viewed(
        [known[one] for one in sorted(on_page)],
        subject_id,
        kept_in={one.row.compartment for one in remarks if one.row.is_in_case},
    )
    mine = [known[one] for one in view.accounts]
    held_by = _held_by(view, known, said)
    context = {
        "view": view,
        "mine": sorted(mine, key=lambda one: (one.is_protected, one.platform, one.first.received_at)),
        "reports": len(set(view.reports())),
        "held_by": held_by[:HELD_SHOWN_MAX],
        "held_to": _held_to(held_by),
        "waiting": waiting,
        "connected": connected,
        "said": [one for one in said if {one.a, one.b} <= on_page],
        "said_of_others": [one for one in said if not {one.a, one.b} <= on_page],
        "changes": subjects.changes(view.subject_id) if view.subject_id and len(ids) > 1 else [],
        "known": known,
        "grades": grading.grades_of(mine),
        "remarks": [one for one in remarks if one.row.stands],
        "withdrawn": [one for one in remarks if not one.row.stands],
        "about": subject_id if subject_id in ids else view.account_id,
        "came_from": uuid_of(request.GET.get("report", "")),
        "may_write": request.officer.may(Permission.LINKING_REMARK_WRITE),
        "may_judge": request.officer.may(Permission.LINKING_ACCOUNTS_JUDGE),
        "may_undo": request.officer.may(Permission.LINKING_JUDGEMENT_UNDO),
        **WORDS,
    }
    return render(request, "desk/subject.html", context)


@requires(Permission.DESK_REPORT_READ)
@require_safe
def why(request: OfficerRequest) -> HttpResponse:
    """Why two reports or accounts are held to be one person's, or why not."""
    asked = [request.GET.get(side, "").replace("\0", "").strip() for side in ("a", "b")]
    if not all(asked):
        return render(request, "desk/linked_ask.html", {"form": CompareForm()})
    note_asked(request.officer.id, [one for one in map(uuid_of, asked) if one])
    pair = shown.best_pair(*(_side(text) for text in asked))
    view = subjects.as_seen(pair[0], besides=[pair[1]]) if pair else None
    known = shown.accounts(view) if view else {}
    if pair is None or view is None or pair[1] not in known:
        form = CompareForm({"a": asked[0], "b": asked[1]})
        form.add_error(None, _("Nothing with an account is open to you under one of these."))
        return render(request, "desk/linked_ask.html", {"form": form}, status=404)
    a, b = pair
    if a == b:
        viewed([known[a]], a)
        both = {"both": known[a], "grades": grading.grades_of([known[a]])}
        return render(request, "desk/linked_ask.html", {"form": CompareForm(), **both, **WORDS})
    answer = shown.answer(view, known, a, b, words_on([a, b, *view.accounts], known))
    on_page = {one.id: one for step in (*answer.steps, answer.direct) for one in (step.a, step.b, *step.beside)}
    viewed(list(on_page.values()), a)
    grades = grading.grades_of(on_page.values())
    context = {
        "answer": answer,
        "grades": grades,
        "steps": [(step, grading.weak_in(step, grades)) for step in answer.steps],
        "weak": grading.weak_in(answer.direct, grades),
        "a": known[a],
        "b": known[b],
        "may_judge": request.officer.may(Permission.LINKING_ACCOUNTS_JUDGE),
        **WORDS,
        **grading.WORDS,
    }
    return render(request, "desk/linked.html", context)


@requires(Permission.LINKING_ACCOUNTS_JUDGE)
@with_road("what follows from a judgement is written by the road")
@require_http_methods(["GET", "HEAD", "POST"])
def judge(request: OfficerRequest) -> HttpResponse:
    """Same, different or unsure, with the reason. Where a second person is needed the page says so, and asks one."""
    given = request.POST if request.method == "POST" else request.GET
    asked = [given.get(side, "") for side in ("a", "b")]
    note_asked(request.officer.id, [one for one in map(uuid_of, asked) if one])
    try:
        a, b = _two(*asked)
    except NotThere as nothing:
        return nothing_for(request, nothing)
    form = JudgeForm(request.POST or None, initial={"answer": given.get("answer", "")})
    refused: OfficerError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            return _said(request, (a, b), form.cleaned_data["answer"], form.cleaned_data["why"])
        except OfficerError as refusal:
            refused = refusal
    viewed([a, b], a.id)
    target = judgements.merge_target(a.id, b.id)
    said = words_on([a.id, b.id], {a.id: a, b.id: b})
    context = {
        "a": a,
        "b": b,
        "form": form,
        "word": shown.word_on(said, a.id, b.id, shown.SAME, shown.DIFFERENT),
        "grades": grading.grades_of((a, b)),
        "refused": refused.sentence if refused else "",
        "needs_second": isinstance(refused, NeedsSecondPerson),
        "standing": approvals.standing(ApprovalKind.MERGE.value, target, request.officer.id),
        **WORDS,
    }
    return render(request, "desk/judge.html", context, status=status_of(form.errors, refused))


@requires(Permission.LINKING_JUDGEMENT_UNDO)
@with_road("what follows from taking a judgement back is written by the road")
@require_http_methods(["GET", "HEAD", "POST"])
def judgement(request: OfficerRequest, judgement_id: UUID) -> HttpResponse:
    """A judgement with its reason, and taking it back."""
    pair = shown.judged_pair(judgement_id)
    one = next((row for row in subjects.judgements(pair) if row.id == judgement_id), None) if pair else None
    if pair is None or one is None:
        raise NotThere(_("There is nothing here for you."))
    form = ReasonForm(request.POST or None)
    refused: OfficerError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            judgements.undo(judgement_id, form.cleaned_data["reason"], request.officer)
        except OfficerError as refusal:
            refused = refusal
        else:
            messages.success(request, _("Taken back. What followed from it is as it was without it."))
            return redirect("desk-subject", subject_id=pair[0])
    view = subjects.as_seen(pair[0], besides=[pair[1]]) or subjects.as_seen(pair[1])
    known = shown.accounts(view) if view else {}
    sides = [known[each] for each in pair if each in known]
    viewed(sides, judgement_id)
    [one] = as_shown([one], known.values())
    context = {
        "one": one,
        "sides": sides,
        "grades": grading.grades_of(sides),
        "form": form,
        "refused": refused.sentence if refused else "",
        **WORDS,
    }
    return render(request, "desk/judgement.html", context, status=status_of(form.errors, refused))


def _said(request: OfficerRequest, pair: tuple[Account, Account], answer: str, why_so: str) -> HttpResponse:
    """Writes the word down, or asks a second person where that was chosen."""
    a, b = pair
    if request.POST.get("act") == "ask":
        page = f"{request.path}?a={a.id}&b={b.id}&answer=same"
        judgements.ask_for_merge(
            a.id, b.id, masked(why_so, pair), request.officer, said=(called(a), called(b)), page=page
        )
        messages.success(request, _("Asked. As soon as a colleague has granted it, say it here again."))
        return redirect(page)
    judgements.judge(a.id, b.id, answer, why_so, request.officer)
    messages.success(request, _("Written down, with your reason. What follows from it is done."))
    return redirect("desk-subject", subject_id=a.id)


def _two(one: str, other: str) -> tuple[Account, Account]:
    a, b = uuid_of(one), uuid_of(other)
    view = subjects.as_seen(a, besides=[b]) if a and b and a != b else None
    known = shown.accounts(view) if view else {}
    if a is None or b is None or a not in known or b not in known:
        raise NotThere(_("There is nothing here for you."))
    return known[a], known[b]


def _side(text: str) -> list[UUID]:
    """Accounts that an id, or a report's number, stands for; those reported first."""
    number = finding.number(text)
    one = intake.report_numbered(number) if number is not None else uuid_of(text)
    if one is None:
        return []
    persons = [person for person in subjects.persons_of_report(one) if person.role in PERSON_ROLES]
    persons.sort(key=lambda person: person.role != "reported")
    return list(dict.fromkeys(person.account_id for person in persons)) or ([one] if number is None else [])


def _near(
    view: SubjectView, known: Mapping[UUID, Account], said: Sequence[JudgementRow]
) -> tuple[list[Pair], list[Pair]]:
    """Whom somebody should compare, and who is connected and is another person, each once by the strongest link; never one
    of whom it was said that they are different from somebody here.
    """
    mine = set(view.accounts)
    done = {one for word in view.words if word[2] == shown.DIFFERENT and mine & set(word[:2]) for one in word[:2]}
    waiting: list[Pair] = []
    connected: list[Pair] = []
    for (a, b), weighed in view.near.items():
        here, other = (a, b) if a in mine else (b, a)
        if other in done or other not in known:
            continue
        done.add(other)
        is_unsure = any(shown.word_on(said, one, other, judgements.UNSURE) for one in mine)
        pair = Pair(known[here], known[other], weighed.millibits / 1000, is_unsure=is_unsure)
        (connected if weighed.outcome == "related" else waiting).append(pair)
    return waiting[:WAITING_SHOWN_MAX], connected[:CONNECTED_SHOWN_MAX]


def _held_by(view: SubjectView, known: Mapping[UUID, Account], said: Sequence[JudgementRow]) -> list[Pair]:
    """What holds the accounts together: words, then links, the strongest first."""
    mine = set(view.accounts)
    spoken = [
        Pair(known[a], known[b], None, shown.word_on(said, a, b, shown.SAME))
        for a, b, answer in view.words
        if answer == shown.SAME and mine.issuperset((a, b))
    ]
    links = [
        Pair(known[a], known[b], weighed.millibits / 1000)
        for (a, b), weighed in view.links.items()
        if weighed.outcome == shown.SAME
    ]
    return [*spoken, *links]


def _held_to(held_by: Sequence[Pair]) -> dict[UUID, Account]:
    """Each account with the one that holds it most: who doubts it doubts that word, or that link."""
    found: dict[UUID, Account] = {}
    for pair in held_by:
        found.setdefault(pair.mine.id, pair.other)
        found.setdefault(pair.other.id, pair.mine)
    return found
