"""The words of wire formats as an officer says them, in the language of the page. What is not listed is shown as written."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = dict[str, str | Promise]

INCIDENTS: Words = {
    "Child Pornography (possession, manufacture, and distribution)": _("CSEAM: possession, making, distribution"),
    "Child Sex Trafficking": _("Trafficking of a child"),
    "Child Sex Tourism": _("Travel to abuse a child"),
    "Child Sexual Molestation": _("Abuse by touch"),
    "Misleading Domain Name": _("Misleading domain name"),
    "Misleading Words or Digital Images on the Internet": _("Misleading words or pictures"),
    "Online Enticement of Children for Sexual Acts": _("Enticement of a child online"),
    "Unsolicited Obscene Material Sent to a Child": _("Obscene material sent to a child"),
}

ANNOTATIONS: Words = {
    "sextortion": _("extortion"),
    "csamSolicitation": _("request for material"),
    "minorToMinorInteraction": _("both are children, says the sender"),
    "spam": _("spam, says the sender"),
    "sadisticOnlineExploitation": _("sadistic exploitation"),
    "informational": _("for information"),
}

FILE_ANNOTATIONS: Words = {
    "animeDrawingVirtualHentai": _("drawn"),
    "potentialMeme": _("passed on in outrage or as a joke"),
    "viral": _("widely shared"),
    "possibleSelfProduction": _("may be made by the child"),
    "physicalHarm": _("physical harm"),
    "violenceGore": _("violence"),
    "bestiality": _("with an animal"),
    "liveStreaming": _("live stream"),
    "infant": _("infant"),
    "generativeAi": _("made by a machine"),
}

ROLES: Words = {
    "reported": _("Reported person"),
    "recipient": _("Person written to"),
    "victim": _("Child or person harmed"),
    "reporter": _("Who reports"),
    "associated": _("Associated account"),
    "incident": _("In the incident"),
    "file": _("With a file"),
    "mentioned": _("In a text"),
    "actor": _("Acted in a group"),
    "member": _("Member of a group"),
}

EVENTS: Words = {
    "Login": _("sign-in"),
    "Registration": _("registration"),
    "Purchase": _("purchase"),
    "Upload": _("upload"),
    "Other": _("other event"),
    "Unknown": _("event unknown"),
}

CHANNELS: Words = {
    "ispws": _("over the reporting interface"),
    "json": _("as a downloaded file"),
    "xml": _("as a kept submission"),
    "workbook": _("in a workbook"),
    "form": _("entered by an officer"),
    "chat": _("as an exported chat"),
    "members": _("as a list of a group’s members"),
}

MEDIA: Words = {
    "image": _("picture"),
    "video": _("video"),
    "audio": _("sound"),
    "text": _("text"),
    "application": _("document or other file"),
}


def said(words: Words, code: str) -> str:
    """The word for a code of a wire format; the code itself where there is none."""
    return str(words.get(code, code))
