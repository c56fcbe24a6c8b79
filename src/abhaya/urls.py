"""Every address, in journey order. `pages` and `api` modules are imported here and nowhere else."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, path

from abhaya.access.pages import (
    account,
    approvals,
    officers,
    oidc,
    second_step,
    setup,
    signing_in,
    training,
    trust,
    units,
)
from abhaya.custody import pages as custody
from abhaya.custody import pages_viewing
from abhaya.desk import pages as desk
from abhaya.desk import (
    pages_audit,
    pages_deletion,
    pages_emergency,
    pages_health,
    pages_ledger,
    pages_look,
    pages_looks,
    pages_original,
    pages_report,
    pages_rights,
    pages_search,
)
from abhaya.intake import api
from abhaya.intake import pages as intake
from abhaya.places import pages as gazetteer
from abhaya.routing import pages as referrals
from abhaya.routing import pages_taken

handler400 = "abhaya.intake.api.bad_request"  # XML for the door, a page for the rest
handler403 = "abhaya.web.errors.forbidden"
handler404 = "abhaya.web.errors.not_found"
handler500 = "abhaya.web.errors.failed"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", signing_in.home, name="access-home"),
    path("language", account.language, name="web-language"),
    path("health", pages_health.health, name="desk-health"),
    path("healthz", pages_health.healthz, name="desk-healthz"),
    path("desk", desk.home, name="desk-home"),
    path("queue", desk.queue, name="desk-queue"),
    path("search", pages_search.search, name="desk-search"),
    path("reports/<uuid:report_id>", pages_report.report, name="desk-report"),
    path("reports/<uuid:report_id>/identity", pages_report.show_identity, name="desk-identity"),
    path("reports/<uuid:report_id>/release", pages_report.release, name="desk-release"),
    path("reports/<uuid:report_id>/decide", pages_report.decide, name="desk-decide"),
    path("reports/<uuid:report_id>/reopen", pages_report.reopen, name="desk-reopen"),
    path("reports/<uuid:report_id>/deletion", pages_deletion.deletion, name="desk-deletion"),
    path("reports/<uuid:report_id>/hold", pages_deletion.hold, name="desk-hold"),
    path("deletions", pages_deletion.deletions, name="desk-deletions"),
    path("deletions/<uuid:deletion_id>/withdraw", pages_deletion.withdraw, name="desk-deletion-withdraw"),
    path("deletions/<uuid:deletion_id>/certificate", pages_deletion.certificate, name="desk-deletion-certificate"),
    path("rights", pages_rights.requests, name="desk-rights"),
    path("rights/<uuid:request_id>", pages_rights.person, name="desk-person"),
    path("rights/<uuid:request_id>/correct", pages_rights.correct, name="desk-person-correct"),
    path("rights/<uuid:request_id>/answer", pages_rights.answer, name="desk-person-answer"),
    path("retention", pages_deletion.retention, name="desk-retention"),
    path("holds/identifier", pages_deletion.hold_identifier, name="desk-hold-identifier"),
    path("holds/<uuid:hold_id>/lift", pages_deletion.lift, name="desk-hold-lift"),
    path("files/<uuid:file_id>", pages_look.file, name="desk-file"),
    path("files/<uuid:file_id>/look", pages_look.look_open, name="desk-look-open"),
    path("files/<uuid:file_id>/pass-on", pages_look.pass_on, name="desk-pass-on"),
    path("looks/<uuid:look_id>", pages_look.look, name="desk-look"),
    path("looks/<uuid:look_id>/hide", pages_look.hide, name="desk-look-hide"),
    path("looks/<uuid:look_id>/end", pages_look.look_end, name="desk-look-end"),
    path("looks/<uuid:look_id>/picture/<str:token>", pages_look.picture, name="desk-look-picture"),
    path("sign-in", signing_in.sign_in_page, name="access-sign-in"),
    path("sign-in/code", second_step.second_factor_page, name="access-second-factor"),
    path("sign-in/telephone", second_step.enrol_page, name="access-enrol"),
    path("sign-in/service", oidc.go, name="access-oidc"),
    path("sign-in/service/back", oidc.back, name="access-oidc-back"),
    path("sign-out", signing_in.sign_out, name="access-sign-out"),
    path("setup", setup.setup, name="access-setup"),
    path("account", account.account, name="access-account"),
    path("account/password", account.password, name="access-password"),
    path("account/telephone", account.telephone, name="access-telephone"),
    path("account/telephone/remove", account.telephone_remove, name="access-telephone-remove"),
    path("account/passkeys/add", account.passkey_add, name="access-passkey-add"),
    path("account/passkeys/remove", account.passkey_remove, name="access-passkey-remove"),
    path("account/sessions", account.open_sessions, name="access-sessions"),
    path("account/confirm", second_step.confirm_page, name="access-confirm"),
    path("account/recovery-codes", account.recovery, name="access-recovery"),
    path("emergency", pages_emergency.open_report, name="desk-emergency-open"),
    path("emergencies", pages_emergency.listed, name="desk-emergencies"),
    path("emergencies/<uuid:emergency_id>", pages_emergency.one, name="desk-emergency"),
    path("second-person", approvals.waiting, name="access-approvals"),
    path("second-person/<uuid:approval_id>", approvals.one, name="access-approval"),
    path("units", units.tree, name="access-units"),
    path("units/add", units.add, name="access-unit-add"),
    path("units/import", units.import_file, name="access-units-import"),
    path("units/<uuid:unit_id>", units.change, name="access-unit"),
    path("officers", officers.everybody, name="access-officers"),
    path("officers/import", officers.import_file, name="access-officers-import"),
    path("officers/resets", officers.all_resets, name="access-resets"),
    path("officers/add", officers.add, name="access-officer-add"),
    path("officers/<uuid:officer_id>", officers.change, name="access-officer"),
    path("officers/<uuid:officer_id>/reset", officers.reset, name="access-officer-reset"),
    path("officers/<uuid:officer_id>/reset/give", officers.reset_give, name="access-officer-reset-give"),
    path("items/<uuid:item_id>/original", pages_original.original, name="custody-original"),
    path("items/<uuid:item_id>/ask", custody.ask, name="custody-ask"),
    path("originals", custody.requests, name="custody-grants"),
    path("items/<uuid:item_id>/text", pages_original.text, name="custody-text"),
    path("items/<uuid:item_id>/whole", pages_original.whole, name="desk-original-whole"),
    path("account/viewing", pages_viewing.mine, name="custody-viewing"),
    path("account/viewing/availability", pages_viewing.availability, name="custody-availability"),
    path("viewing", pages_viewing.unit, name="custody-viewing-unit"),
    path("lawful-basis", pages_viewing.lawful, name="custody-lawful"),
    path("lawful-basis.csv", pages_viewing.lawful_file, name="custody-lawful-file"),
    path("ispws", api.door, name="intake-door"),
    path("ispws/", api.door, name="intake-door-slash"),
    path("ispws/<path:name>", api.door, name="intake-door-call"),
    path("ledger", pages_ledger.entries, name="ledger-entries"),
    path("ledger/looks/<uuid:compartment>", pages_looks.looks, name="ledger-looks"),
    path("ledger/looks/<uuid:compartment>/proof", pages_looks.proof, name="ledger-looks-proof"),
    path("ledger/audited", pages_audit.audited, name="ledger-audited"),
    path("ledger/check", pages_ledger.check, name="ledger-check"),
    path("ledger/check/ask", pages_ledger.ask_for_check, name="ledger-check-ask"),
    path("ledger/checkpoints/newest", pages_ledger.newest_checkpoint, name="ledger-checkpoint-newest"),
    path("ledger/checkpoints/<int:size>", pages_ledger.checkpoint, name="ledger-checkpoint"),
    path("ledger/checkpoints/<int:size>/file", pages_ledger.checkpoint_file, name="ledger-checkpoint-file"),
    path("enter", intake.enter, name="intake-form"),
    path("load", intake.load, name="intake-load"),
    path("load/<uuid:load_id>", intake.load_one, name="intake-load-one"),
    path("senders", intake.senders, name="intake-senders"),
    path("senders/add", intake.sender_add, name="intake-sender-add"),
    path("senders/<uuid:sender_id>", intake.sender, name="intake-sender"),
    path("referrals", referrals.inbox, name="routing-inbox"),
    path("referrals/sent", referrals.outbox, name="routing-outbox"),
    path("referrals/nobodys", referrals.nobodys, name="routing-nobodys"),
    path("referrals/where", referrals.where, name="routing-where"),
    path("referrals/clocks", referrals.clocks, name="routing-clocks"),
    path("referrals/<uuid:referral_id>/accept", referrals.accept, name="routing-accept"),
    path("referrals/<uuid:referral_id>/return", referrals.return_, name="routing-return"),
    path("reports/<uuid:report_id>/forward", referrals.forward, name="routing-forward"),
    path("places", gazetteer.gazetteer, name="places-gazetteer"),
    path("actions-taken", pages_taken.month, name="routing-action-taken"),
    path("actions-taken/read", pages_taken.upload, name="routing-action-taken-upload"),
    path("actions-taken/report.xlsx", pages_taken.report_file, name="routing-action-taken-file"),
    path("actions-taken/workbook.xlsx", pages_taken.workbook_file, name="routing-workbook"),
]
if settings.TLS_OWN:
    urlpatterns += [
        path("trust", trust.trust, name="access-trust"),
        path("trust/authority.crt", trust.certificate, name="access-trust-certificate"),
    ]
if settings.TRAINING:  # elsewhere the address does not exist
    urlpatterns.append(path("training/step-into/<uuid:officer_id>", training.step_into, name="training-step-into"))
