"""The closed list of permissions, `stage:thing:verb`, and the roles that bundle them. Nothing is allowed by default."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    ACCESS_APPROVAL_DECIDE = "access:approval:decide"  # the second person where a masked identity is asked for
    ACCESS_APPROVAL_DECIDE_FINAL = "access:approval:decide-final"  # … where something leaves, or goes for good
    ACCESS_AUDIT_READ = "access:audit:read"  # who audited what, and what administrators did
    ACCESS_EMERGENCY_OPEN = "access:emergency:open"
    ACCESS_EMERGENCY_READ = "access:emergency:read"
    ACCESS_EMERGENCY_REVIEW = "access:emergency:review"
    ACCESS_OFFICER_MANAGE = "access:officer:manage"
    ACCESS_RESET_CONFIRM = "access:reset:confirm"  # the second person when an officer's sign-in begins anew
    ACCESS_UNIT_MANAGE = "access:unit:manage"
    CUSTODY_DELETION_HANDLE = "custody:deletion:handle"
    CUSTODY_DOCUMENT_OPEN = "custody:document:open"  # a PDF or office document can hold pictures
    CUSTODY_GRANT_DECIDE = "custody:grant:decide"  # whether a unit without files may open an original kept here
    CUSTODY_HOLD_PLACE = "custody:hold:place"
    CUSTODY_LAWFUL_BASIS_SET = "custody:lawful-basis:set"
    CUSTODY_MEDIA_VIEW = "custody:media:view"
    CUSTODY_VIEWING_SET = "custody:viewing:set"  # the unit's caps and breaks
    DESK_HEALTH_READ = "desk:health:read"
    DESK_IDENTITY_SHOW = "desk:identity:show"
    CASES_CASE_WORK = "cases:case:work"
    CASES_PROBING_READ = "cases:probing:read"
    DESK_REPORT_READ = "desk:report:read"
    DESK_REPORT_SEARCH = "desk:report:search"
    DESK_RIGHTS_HANDLE = "desk:rights:handle"
    EXCHANGE_COMPARISON_WORK = "exchange:comparison:work"  # blinded, with a partner: asks, answers, sees what met
    INTAKE_REPORT_ENTER = "intake:report:enter"
    INTAKE_REPORT_GRADE = "intake:report:grade"  # how credible one report is, and its source where that differs
    INTAKE_REPORT_LOAD = "intake:report:load"
    INTAKE_SENDER_MANAGE = "intake:sender:manage"
    INTAKE_SENDER_READ = "intake:sender:read"
    LEDGER_LEDGER_CHECK = "ledger:ledger:check"
    LEDGER_LEDGER_READ = "ledger:ledger:read"
    LEDGER_LOOKS_READ = "ledger:looks:read"
    LINKING_ACCOUNTS_JUDGE = "linking:accounts:judge"  # whether two accounts are one person's
    LINKING_JUDGEMENT_UNDO = "linking:judgement:undo"
    LINKING_PERSONA_KEEP = "linking:persona:keep"  # declares and ends accounts under cover, and alone sees them
    LINKING_REMARK_WRITE = "linking:remark:write"  # of a person as far as known; corrects and withdraws too
    MATCHING_LIST_DECIDE = "matching:list:decide"  # opens, shares, ends one, or takes it out of the house
    MATCHING_LIST_ENTER = "matching:list:enter"  # takes one in, votes on its entries
    MATCHING_LIST_READ = "matching:list:read"
    PLACES_GAZETTEER_READ = "places:gazetteer:read"
    ROUTING_ACTION_TAKEN_WRITE = "routing:action-taken:write"
    ROUTING_REFERRAL_DECIDE = "routing:referral:decide"
    ROUTING_REFERRAL_OFFER = "routing:referral:offer"
    ROUTING_REFERRAL_READ = "routing:referral:read"
    TRIAGE_QUEUE_WORK = "triage:queue:work"


class Role(StrEnum):
    """Bundles of permissions. An officer holds one or more."""

    ADMINISTRATOR = "administrator"  # sets up units, officers, senders; can read no content
    ANALYST = "analyst"  # a hub's or state's clearing desk
    AUDITOR = "auditor"  # reads the ledger, no content
    MEDIA_VIEWER = "media-viewer"  # beside another role: may look at pictures and film, with a lawful basis
    OFFICER = "officer"  # a district's or station's investigator
    SUPERVISOR = "supervisor"  # an analyst or officer who also answers for the unit
    TEXT_REVIEWER = "text-reviewer"  # a clearing desk's work, and never a picture: stands alone


_WORK = {
    Permission.ACCESS_APPROVAL_DECIDE,  # a colleague, not a superior: at six in the morning there are two officers
    Permission.ACCESS_EMERGENCY_OPEN,
    Permission.ACCESS_EMERGENCY_READ,
    Permission.ACCESS_EMERGENCY_REVIEW,
    Permission.DESK_IDENTITY_SHOW,
    Permission.CASES_CASE_WORK,
    Permission.DESK_REPORT_READ,
    Permission.DESK_REPORT_SEARCH,
    Permission.INTAKE_REPORT_ENTER,
    Permission.INTAKE_REPORT_GRADE,
    Permission.LINKING_ACCOUNTS_JUDGE,
    Permission.LINKING_JUDGEMENT_UNDO,
    Permission.LINKING_REMARK_WRITE,
    Permission.MATCHING_LIST_READ,
    Permission.PLACES_GAZETTEER_READ,
    Permission.ROUTING_ACTION_TAKEN_WRITE,
    Permission.ROUTING_REFERRAL_DECIDE,
    Permission.ROUTING_REFERRAL_READ,
}
_DESK = _WORK | {
    Permission.INTAKE_REPORT_LOAD,
    Permission.INTAKE_SENDER_READ,
    Permission.MATCHING_LIST_ENTER,
    Permission.ROUTING_REFERRAL_OFFER,
    Permission.TRIAGE_QUEUE_WORK,
}
_OPENS_DOCUMENTS = {Permission.CUSTODY_DOCUMENT_OPEN}
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.ACCESS_OFFICER_MANAGE,
            Permission.ACCESS_RESET_CONFIRM,
            Permission.ACCESS_UNIT_MANAGE,
            Permission.DESK_HEALTH_READ,
            Permission.CUSTODY_LAWFUL_BASIS_SET,
            Permission.INTAKE_SENDER_MANAGE,
            Permission.INTAKE_SENDER_READ,
            Permission.LEDGER_LEDGER_CHECK,
            Permission.PLACES_GAZETTEER_READ,
        }
    ),
    Role.ANALYST: frozenset(_DESK | _OPENS_DOCUMENTS | {Permission.CUSTODY_GRANT_DECIDE}),
    Role.AUDITOR: frozenset(
        {
            Permission.ACCESS_EMERGENCY_READ,
            Permission.CASES_PROBING_READ,
            Permission.LEDGER_LEDGER_CHECK,
            Permission.LEDGER_LEDGER_READ,
            Permission.LEDGER_LOOKS_READ,
        }
    ),
    Role.MEDIA_VIEWER: frozenset({Permission.CUSTODY_MEDIA_VIEW}),
    Role.OFFICER: frozenset(
        _WORK | _OPENS_DOCUMENTS | {Permission.ROUTING_REFERRAL_OFFER, Permission.TRIAGE_QUEUE_WORK}
    ),
    Role.SUPERVISOR: frozenset(
        _DESK
        | _OPENS_DOCUMENTS
        | {
            Permission.ACCESS_APPROVAL_DECIDE_FINAL,
            Permission.ACCESS_AUDIT_READ,
            Permission.ACCESS_RESET_CONFIRM,
            Permission.CUSTODY_DELETION_HANDLE,
            Permission.CUSTODY_GRANT_DECIDE,
            Permission.CUSTODY_HOLD_PLACE,
            Permission.CUSTODY_VIEWING_SET,
            Permission.DESK_RIGHTS_HANDLE,
            Permission.EXCHANGE_COMPARISON_WORK,
            Permission.LEDGER_LEDGER_CHECK,
            Permission.LEDGER_LOOKS_READ,
            Permission.LINKING_PERSONA_KEEP,
            Permission.MATCHING_LIST_DECIDE,
        }
    ),
    Role.TEXT_REVIEWER: frozenset(_DESK),
}


def permissions_of(roles: list[str]) -> frozenset[Permission]:
    """What these roles together may do; an unknown role gives nothing."""
    known = [PERMISSIONS[Role(role)] for role in roles if role in set(Role)]
    return frozenset().union(*known)
