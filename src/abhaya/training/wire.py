"""The world in real wire formats: a CyberTipline submission (XML), the JSON that police download, and a workbook's rows.

Written by hand rather than through our own readers' code, so that a mistake in one cannot hide in the other.
"""

from __future__ import annotations

import json
from datetime import datetime
from xml.sax.saxutils import escape

from abhaya.training.country import STATES
from abhaya.training.pictures import png
from abhaya.training.world import Login, WorldReport

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
        if report.child_age is not None and report.kind == "text":
            parts.append(f"<victim><victimPerson><age>{report.child_age}</age></victimPerson></victim>")
    if report.lines and not batched:
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
    person = ""
    if report.phone:
        person += f'<phone type="Mobile" verified="true">{escape(report.phone)}</phone>'
    if report.email:
        person += _element("email", report.email)
    if report.kind != "thin" and len(report.ref) and int(report.ref[1:]) % 5 == 0:
        person = _element("firstName", report.person.name.split()[0]) + person
        person += _address(report)
    if report.stated_age is not None:
        person += _element("age", str(report.stated_age))
    return (
        "<personOrUserReported>"
        + (f"<personOrUserReportedPerson>{person}</personOrUserReportedPerson>" if person else "")
        + _element("espIdentifier", report.account.identifier)
        + _element("espService", report.account.platform)
        + _element("screenName", report.account.screen_name)
        + "".join(_capture(login) for login in report.logins if login.event != "Upload" or not report.files)
        + (f"<deviceId><idType>IMEI</idType><idValue>{report.device}</idValue></deviceId>" if report.device else "")
        + "</personOrUserReported>"
    )


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
    captures = [
        {"captureType": "IP Address", "value": login.address, "dateTime": _zulu(login.at), "port": login.port,
         "eventName": login.event.upper()}
        for login in report.logins
    ]  # fmt: skip
    person = {
        "firstName": None,
        "espService": report.account.platform,
        "espUserId": report.account.identifier,
        "screenName": {"value": report.account.screen_name},
        "emails": {"emails": [{"value": report.email, "verified": None}]} if report.email else None,
        "phones": {"phones": [{"value": report.phone, "verified": True}]} if report.phone else None,
        "addresses": None,
        "approximateAge": report.stated_age,
        "sourceInformation": {"sourceCaptures": captures},
        "additionalInformations": [{"value": line} for line in report.lines],
    }
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
            "reportedPeople": {"reportedPersons": [person]},
            "intendedRecipients": None,
            "uploadedFiles": {"uploadedFiles": files} if files else None,
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _instant(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S+00:00")


def _zulu(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>" if text else ""
