"""The world in real wire formats: a CyberTipline submission (XML), the JSON that police download, and a workbook's rows.

Written by hand rather than through our own readers' code, so that a mistake in one cannot hide in the other.
"""

from __future__ import annotations

import json
from datetime import datetime
from xml.sax.saxutils import escape

from abhaya.training.country import STATES
from abhaya.training.people import Account, Login, Party, WorldReport
from abhaya.training.pictures import png

ENTICEMENT = "Online Enticement of Children for Sexual Acts"  # the manual's own enumeration, ispws.md 1.3
MATERIAL = "Child Pornography (possession, manufacture, and distribution)"  # as above
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def file_name(report: WorldReport, position: int) -> str:
    return f"{report.ref}-{position + 1}.png"


def picture(seed: int) -> bytes:
    return png(seed)


def report_xml(report: WorldReport) -> bytes:
    """One `<report>` document, elements in the order the schema demands."""
    batched = report.kind == "batched"
    parts = [_HEAD, "<report>"]
    if batched:
        parts.append('<batchedReport reason="VIRAL_POTENTIAL_MEME"/>')
    parts += [_summary(report), "" if batched else _internet(report), _reporter(report)]
    if batched:
        parts += [
            f"<personOrUserReported><espIdentifier>{account.identifier}</espIdentifier></personOrUserReported>"
            for account in (report.account, *report.others)
        ]
    else:
        parts.append(_reported(report))
        parts += [_child(party) for party in sorted(report.victims, key=lambda party: party.role)]
    if report.updates:
        parts.append(_element("additionalInfo", "Supplement to an earlier report of this account."))
    elif report.lines and not batched:
        parts.append(_element("additionalInfo", f"Conversation of {len(report.lines)} messages attached as text."))
    parts.append("</report>\n")
    return "".join(parts).encode()


def _summary(report: WorldReport) -> str:
    annotations = []
    if "threatens to post" in report.lines or "asks for money" in report.lines:
        annotations.append("<sextortion/>")
    if report.kind == "minors":
        annotations.append("<minorToMinorInteraction/>")
    urgent = "A child states an age; a threat with a deadline within 24 hours." if report.urgent else ""
    return (
        "<incidentSummary>"
        + _element("incidentType", ENTICEMENT if report.lines else MATERIAL)
        + _element("platform", report.account.platform)
        + _element("escalateToHighPriority", urgent)
        + (f"<reportAnnotations>{''.join(annotations)}</reportAnnotations>" if annotations else "")
        + _element("incidentDateTime", _instant(report.at))
        + ("" if report.kind == "thin" else _element("incidentDateTimeDescription", "Time of the last event below"))
        + "</incidentSummary>"
    )


def _internet(report: WorldReport) -> str:
    content = "; ".join(f"{index + 1}: {line}" for index, line in enumerate(report.lines))
    kind = report.account.kind
    if kind == "chatImIncident":
        inner = _element("chatClient", report.account.platform) + _element("content", content)
    elif kind == "onlineGamingIncident":
        inner = _element("gameName", report.account.platform) + _element("content", content)
    elif kind == "emailIncident":
        inner = _element("emailAddress", report.email) + _element("content", content)
    else:
        url = f"https://{report.account.platform.lower()}.example.com/u/{report.account.identifier}"
        inner = _element("url", url) + _element("additionalInfo", content)
    return f"<internetDetails><{kind}>{inner}</{kind}></internetDetails>"


def _reporter(report: WorldReport) -> str:
    address = f"child-safety@{report.account.platform.lower()}.example.com"
    return f"<reporter><reportingPerson><email>{address}</email></reportingPerson></reporter>"


def _reported(report: WorldReport) -> str:
    person = _contact(report.phone, report.email, report.verified_at, is_verified=report.phone_verified)
    if report.kind != "thin" and len(report.ref) and int(report.ref[1:]) % 5 == 0:
        given, _, family = (report.name or report.person.name).rpartition(" ")
        person = _element("firstName", given) + _element("lastName", family) + person
        person += _address(report)
    if report.stated_age is not None:
        person += _element("age", str(report.stated_age))
    return (
        "<personOrUserReported>"
        + (f"<personOrUserReportedPerson>{person}</personOrUserReportedPerson>" if person else "")
        + _account(report.account)
        + "".join(_capture(login) for login in report.logins if login.event != "Upload" or not report.files)
        + _device(report.device)
        + _element("groupIdentifier", report.group)
        + "</personOrUserReported>"
    )


def _child(party: Party) -> str:
    """A victim, or the one that a conversation was written to."""
    element, person = (
        ("victim", "victimPerson") if party.role == "victim" else ("intendedRecipient", "intendedRecipientPerson")
    )
    known = _contact(party.phone, party.email, party.verified_at, is_verified=party.phone_verified)
    known += _element("age", str(party.age) if party.age is not None else "")
    account = _account(party.account) if party.account else ""
    return f"<{element}><{person}>{known}</{person}>{account}{_device(party.device)}</{element}>"


def _contact(phone: str, email: str, verified_at: datetime | None, *, is_verified: bool) -> str:
    dated = f' verificationDate="{_instant(verified_at)}"' if verified_at else ""
    number = (
        f'<phone type="Mobile" verified="{str(is_verified).lower()}"{dated}>{escape(phone)}</phone>' if phone else ""
    )
    return number + _element("email", email)


def _account(account: Account) -> str:
    return (
        _element("espIdentifier", account.identifier)
        + _element("espService", account.platform)
        + _element("screenName", account.screen_name)
    )


def _device(imei: str) -> str:
    return f"<deviceId><idType>IMEI</idType><idValue>{imei}</idValue></deviceId>" if imei else ""


def _address(report: WorldReport) -> str:
    state = STATES[report.person.state]
    district = state.districts[report.person.district]
    return (
        '<address type="Home">'
        + _element("city", district.name)
        + _element("zipCode", f"{state.pin}{report.person.district + 1:03}")
        + _element("nonUsaState", state.name)
        + "<country>IN</country></address>"
    )


def _capture(login: Login) -> str:
    return (
        "<ipCaptureEvent>"
        + _element("ipAddress", login.address)
        + _element("eventName", login.event)
        + _element("dateTime", _instant(login.at))
        + _element("port", str(login.port) if login.port else "")
        + "</ipCaptureEvent>"
    )


def file_details_xml(report: WorldReport, position: int, *, report_id: int = 0, file_ref: str = "") -> bytes:
    """The `<fileDetails>` document of one file; ids are those the door gave, or none for a dropped submission."""
    batched = report.kind == "batched"
    upload = next((login for login in report.logins if login.event == "Upload"), None)
    viewed = "" if report.viewed is None else str(report.viewed).lower()
    return (
        _HEAD
        + "<fileDetails>"
        + _element("reportId", str(report_id))
        + _element("fileId", file_ref or f"{position:032x}")
        + ("" if batched else _element("originalFileName", file_name(report, position)))
        + _element("fileViewedByEsp", viewed)
        + ("<fileAnnotations><viral/></fileAnnotations>" if report.kind in {"viral", "batched"} else "")
        + (_capture(upload) if upload and not batched else "")
        + "</fileDetails>\n"
    ).encode()


def police_json(report: WorldReport) -> bytes:
    """The same report in the shape that police download (ispws.md 4), wrapped lists and nulls included."""
    reported, *others = report.parties
    recipients = [_json_person(party, ()) for party in others if party.role == "recipient"]
    victims = [_json_person(party, ()) for party in others if party.role == "victim"]
    named = [_json_person(reported, report.lines), *(_json_person(one, ()) for one in others if one.role == "reported")]
    files: list[dict[str, object]] = [
        {"filename": file_name(report, position), "originalFilename": file_name(report, position), "viewedByEsp": report.viewed,
         "verificationHash": None, "industryClassification": None, "ncmecTags": None,
         "sourceInformation": None, "espMetadata": None, "additionalInformations": []}
        for position in range(len(report.files))
    ]  # fmt: skip
    document = {
        "reportId": 100_000_000 + int(report.ref[1:]),
        "dateReceived": _zulu(report.at),
        "reportedInformation": {
            "reportingEsp": {"espName": report.account.platform, "lastName": None},
            "incidentSummary": {
                "incidentType": ENTICEMENT if report.lines else MATERIAL,
                "incidentDateTime": _zulu(report.at),
                "incidentDateTimeDescription": None,
            },
            "additionalInformations": [],
            "incidentDetails": None,
            "reportedPeople": {"reportedPersons": named},
            "intendedRecipients": {"intendedRecipients": recipients} if recipients else None,
            "victims": {"victims": victims} if victims else None,
            "uploadedFiles": {"uploadedFiles": files} if files else None,
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _json_person(party: Party, lines: tuple[str, ...]) -> dict[str, object]:
    account = party.account
    captures = [
        {"captureType": "IP Address", "value": login.address, "dateTime": _zulu(login.at), "port": login.port,
         "eventName": login.event.upper()}
        for login in party.logins
    ]  # fmt: skip
    captures += [{"captureType": "Device ID", "value": party.device}] if party.device else []
    return {
        "firstName": None,
        "espService": account.platform if account else None,
        "espUserId": account.identifier if account else None,
        "screenName": {"value": account.screen_name} if account else None,
        "emails": {"emails": [{"value": party.email, "verified": None}]} if party.email else None,
        "phones": {"phones": [{"value": party.phone, "verified": party.phone_verified}]} if party.phone else None,
        "addresses": None,
        "approximateAge": party.age,
        "sourceInformation": {"sourceCaptures": captures},
        "additionalInformations": [{"value": line} for line in lines],
    }


def _instant(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S+00:00")


def _zulu(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>" if text else ""
