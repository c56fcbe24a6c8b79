"""What the ledger says, in English and Hindi: the findings of the check, and a sentence for every event.

An event's sentence has parts in square brackets: a part is said only if the entry holds the facts it names, so that an
entry of an older version still reads as a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from abhaya.ledger.events import Event
from abhaya.shared.reason import Sentences

SENTENCES: Sentences = {
    "leaf-missing": (
        "Entries {index} to {until} were taken out of the ledger: their leaves are gone.",
        "प्रविष्टि {index} से {until} तक लेजर से हटाई गई हैं: उनके लीफ़ मौजूद नहीं हैं।",
    ),
    "entry-changed": (
        "Entry {index} was changed: its text does not match what was committed to when it was written.",
        "प्रविष्टि {index} बदली गई है: उसका पाठ लिखे जाने के समय की मुहर से मेल नहीं खाता।",
    ),
    "leaf-differs": (
        "Entry {index} and its leaf do not belong together: one of the two was replaced.",
        "प्रविष्टि {index} और उसका लीफ़ एक-दूसरे के नहीं हैं: दोनों में से एक बदला गया है।",
    ),
    "entry-unreadable": (
        "The text of entry {index} is not an entry of this program.",
        "प्रविष्टि {index} का पाठ इस कार्यक्रम की प्रविष्टि नहीं है।",
    ),
    "column-differs": (
        "What lists show of entry {index} was changed: its columns differ from its sealed text.",
        "प्रविष्टि {index} का सूची में दिखने वाला भाग बदला गया है: वह मुहरबंद पाठ से अलग है।",
    ),
    "entry-missing": (
        "The text of entry {index} is gone, and no erasure names it.",
        "प्रविष्टि {index} का पाठ मौजूद नहीं है, और किसी विलोपन आदेश में उसका नाम नहीं है।",
    ),
    "entry-without-leaf": (
        "Entry {entry} has no place in the ledger: it was slipped in, or its place was taken away.",
        "प्रविष्टि {entry} की लेजर में कोई जगह नहीं है: या तो वह चुपके से डाली गई, या उसकी जगह हटाई गई।",
    ),
    "pending-old": (
        "{count} entries have waited for their place for more than {seconds} seconds: is the sequencer running?",
        "{count} प्रविष्टियाँ {seconds} सेकंड से अधिक समय से अपनी जगह की प्रतीक्षा में हैं: क्या सीक्वेंसर चल रहा है?",
    ),
    "pending-empty": (
        "{count} entries were taken away before they got their place in the ledger.",
        "{count} प्रविष्टियाँ लेजर में जगह मिलने से पहले ही हटा दी गईं।",
    ),
    "root-differs": (
        (
            "Among entries {first} to {last} something was changed, removed, inserted or put in another order: they do not"
            " add up to the checkpoint signed at {size} entries."
        ),
        (
            "प्रविष्टि {first} से {last} के बीच कुछ बदला, हटाया, जोड़ा या क्रम से इधर-उधर किया गया है: वे {size} प्रविष्टियों पर"
            " हस्ताक्षरित चेकपॉइंट से मेल नहीं खातीं।"
        ),
    ),
    "checkpoint-signature": (
        "The checkpoint at {size} entries is not signed by this ledger's key: {why}.",
        "{size} प्रविष्टियों का चेकपॉइंट इस लेजर की कुंजी से हस्ताक्षरित नहीं है: {why}।",
    ),
    "checkpoint-differs": (
        "The checkpoint at {size} entries was changed: the signed text says something else.",
        "{size} प्रविष्टियों का चेकपॉइंट बदला गया है: हस्ताक्षरित पाठ कुछ और कहता है।",
    ),
    "leaves-uncovered": (
        "{count} leaves after entry {size} are covered by no checkpoint: they did not come from the sequencer.",
        "प्रविष्टि {size} के बाद के {count} लीफ़ किसी चेकपॉइंट में नहीं आते: वे सीक्वेंसर से नहीं आए।",
    ),
    "edge-differs": (
        "The sequencer's note of where it stands at {size} entries does not fit the leaves.",
        "{size} प्रविष्टियों पर सीक्वेंसर का अपना हिसाब लीफ़ों से मेल नहीं खाता।",
    ),
    "rolled-back": (
        (
            "This machine signed a ledger of {signed} entries; the database of {size} entries does not contain that"
            " checkpoint: it was rolled back or rewritten."
        ),
        (
            "इस मशीन ने {signed} प्रविष्टियों वाले लेजर पर हस्ताक्षर किए थे; {size} प्रविष्टियों वाले डेटाबेस में वह चेकपॉइंट नहीं है:"
            " डेटाबेस पीछे लौटाया गया या दोबारा लिखा गया है।"
        ),
    ),
    "departed-missing": (
        "A checkpoint at {size} entries left this machine and is no longer in the ledger.",
        "{size} प्रविष्टियों का एक चेकपॉइंट इस मशीन से बाहर गया था और अब लेजर में नहीं है।",
    ),
    "back-dated": (
        "Entry {index} says it was written at {at}, but it came after the checkpoint signed at {after}.",
        "प्रविष्टि {index} के अनुसार वह {at} को लिखी गई, पर वह {after} को हस्ताक्षरित चेकपॉइंट के बाद आई।",
    ),
    "key-differs": (
        "The signing key on this machine is not the one this ledger began with.",
        "इस मशीन की हस्ताक्षर कुंजी वह नहीं है जिससे यह लेजर शुरू हुआ था।",
    ),
    "key-missing": (
        "The ledger's signing key is not on this machine, or is damaged.",
        "लेजर की हस्ताक्षर कुंजी इस मशीन पर नहीं है, या ख़राब है।",
    ),
    "and-more": ("… and {count} more findings.", "… और {count} अन्य निष्कर्ष।"),
}

EVENTS: Mapping[Event, tuple[str, str]] = {
    Event.ACCESS_OFFICER_ADDED: ("Officer added[: {username}]", "अधिकारी जोड़ा गया[: {username}]"),
    Event.ACCESS_OFFICER_CHANGED: ("Officer changed[: {username}]", "अधिकारी का विवरण बदला गया[: {username}]"),
    Event.ACCESS_OFFICER_LOCKED: ("Sign-in locked after failed tries", "असफल प्रयासों के बाद साइन-इन बंद किया गया"),
    Event.ACCESS_OFFICER_SIGNED_IN: ("Signed in", "साइन इन किया"),
    Event.ACCESS_OFFICER_SIGNED_OUT: ("Signed out", "साइन आउट किया"),
    Event.ACCESS_OPENING_MADE: ("Opened to another desk[: {basis}]", "दूसरे डेस्क के लिए खोला गया[: {basis}]"),
    Event.ACCESS_SETUP_DONE: ("First administrator set up", "पहला प्रशासक बनाया गया"),
    Event.ACCESS_UNIT_ADDED: ("Unit added[: {name}]", "इकाई जोड़ी गई[: {name}]"),
    Event.ACCESS_UNIT_CHANGED: ("Unit changed[: {name}]", "इकाई का विवरण बदला गया[: {name}]"),
    Event.CUSTODY_ITEM_VIEWED: ("Item looked at[: {name}]", "वस्तु देखी गई[: {name}]"),
    Event.CUSTODY_OBJECT_HELD: ("File held here too", "फ़ाइल यहाँ भी रखी गई"),
    Event.CUSTODY_OBJECT_SHREDDED: ("File shredded[: {basis}]", "फ़ाइल नष्ट की गई[: {basis}]"),
    Event.CUSTODY_VAULT_CHECKED: ("Vault checked", "तिजोरी (वॉल्ट) की जाँच हुई"),
    Event.DESK_REPORT_VIEWED: ("Report read", "रिपोर्ट पढ़ी गई"),
    Event.DESK_SEARCH_MADE: ("Search made", "खोज की गई"),
    Event.INTAKE_DRAFT_EXPIRED: ("Unfinished submission expired", "अधूरी प्रस्तुति की अवधि समाप्त हुई"),
    Event.INTAKE_DRAFT_OPENED: ("Submission begun[ by {sender}]", "प्रस्तुति शुरू हुई[, प्रेषक {sender}]"),
    Event.INTAKE_DRAFT_RETRACTED: ("Submission withdrawn[ by {sender}]", "प्रस्तुति वापस ली गई[, प्रेषक {sender}]"),
    Event.INTAKE_FILE_DETAILED: ("File described by the sender", "प्रेषक ने फ़ाइल का विवरण दिया"),
    Event.INTAKE_FILE_UPLOADED: ("File received", "फ़ाइल प्राप्त हुई"),
    Event.INTAKE_LOAD_FINISHED: ("Files loaded", "फ़ाइलें लोड की गईं"),
    Event.INTAKE_MAPPING_SAVED: ("Workbook columns mapped", "वर्कबुक के स्तंभ जोड़े गए"),
    Event.INTAKE_REPORT_RECEIVED: (
        "Report received[, sent by {sender}][ by way of {channel}][, {files} files]",
        "रिपोर्ट प्राप्त हुई[, प्रेषक {sender}][, माध्यम {channel}][, {files} फ़ाइलें]",
    ),
    Event.INTAKE_SENDER_ADDED: ("Sender added[: {name}]", "प्रेषक जोड़ा गया[: {name}]"),
    Event.INTAKE_SENDER_CHANGED: ("Sender changed[: {name}]", "प्रेषक का विवरण बदला गया[: {name}]"),
    Event.LEDGER_CHECKPOINT_LEFT: (
        "Checkpoint at {size} entries left the machine[, held by {recipient}]",
        "{size} प्रविष्टियों का चेकपॉइंट मशीन से बाहर गया[, अब {recipient} के पास]",
    ),
    Event.LEDGER_ENTRY_ERASED: ("Text of entries erased[: {basis}]", "प्रविष्टियों का पाठ मिटाया गया[: {basis}]"),
    Event.LEDGER_EXPORT_MADE: ("Ledger exported[ up to entry {size}]", "लेजर निर्यात किया गया[, प्रविष्टि {size} तक]"),
    Event.LEDGER_LEDGER_CHECKED: (
        "Ledger checked[: {findings} findings in {size} entries]",
        "लेजर की जाँच हुई[: {size} प्रविष्टियों में {findings} निष्कर्ष]",
    ),
    Event.LEDGER_LEDGER_READ: ("Ledger read", "लेजर पढ़ा गया"),
    Event.LEDGER_LEDGER_RESUMED: (
        "Ledger continued after a restore[: {reason}]",
        "पुनर्स्थापना के बाद लेजर जारी रखा गया[: {reason}]",
    ),
    Event.LINKING_REPORT_COMPARED: (
        "Compared with other reports[: {hits} identifiers seen before]",
        "अन्य रिपोर्टों से मिलान हुआ[: {hits} पहचान पहले भी दिखीं]",
    ),
    Event.MATCHING_REPORT_MATCHED: (
        "Files compared with what is held[: {matches} seen before]",
        "फ़ाइलों का मिलान हुआ[: {matches} पहले भी मिलीं]",
    ),
    Event.PLACES_GAZETTEER_IMPORTED: ("Gazetteer imported", "स्थान-सूची आयात की गई"),
    Event.ROUTING_ACTION_TAKEN_EXPORTED: ("Action Taken Report exported", "कार्रवाई रिपोर्ट निर्यात की गई"),
    Event.ROUTING_ACTION_TAKEN_RECORDED: ("Action taken recorded", "की गई कार्रवाई दर्ज हुई"),
    Event.ROUTING_REFERRAL_ACCEPTED: ("Accepted[ by {to_unit}]", "स्वीकार किया गया[, इकाई {to_unit}]"),
    Event.ROUTING_REFERRAL_OFFERED: ("Forwarded[ to {to_unit}]", "भेजा गया[, इकाई {to_unit} को]"),
    Event.ROUTING_REFERRAL_RETURNED: ("Returned[: {reason}]", "लौटाया गया[: {reason}]"),
    Event.ROUTING_REPORT_PLACED: ("Place proposed[: {place}]", "स्थान प्रस्तावित हुआ[: {place}]"),
    Event.ROUTING_WORKBOOK_EXPORTED: ("Workbook exported", "वर्कबुक निर्यात की गई"),
    Event.TRIAGE_REPORT_ASSESSED: (
        "Urgency assessed[: lane {lane}][, score {score}]",
        "तात्कालिकता आँकी गई[: श्रेणी {lane}][, अंक {score}]",
    ),
    Event.TRIAGE_REPORT_CLAIMED: ("Taken up", "काम में लिया गया"),
    Event.TRIAGE_REPORT_DECIDED: ("Decided[: {decision}]", "निर्णय हुआ[: {decision}]"),
    Event.TRIAGE_REPORT_RELEASED: ("Put back in the queue", "कतार में वापस रखा गया"),
    Event.TRIAGE_REPORT_REOPENED: ("Decision taken back, waits again", "निर्णय वापस लिया गया, फिर से प्रतीक्षा में"),
}

_PART = re.compile(r"\[([^\]]*)\]")
_NAME = re.compile(r"\{(\w+)\}")


def event_sentence(event: str, facts: Mapping[str, object], language: str) -> str:
    """An entry as an officer would say it; an event of a newer version shows as its own name, never as nothing."""
    known = {name: value for name, value in facts.items() if isinstance(value, str | int) and value != ""}
    try:
        english, hindi = EVENTS[Event(event)]
    except (ValueError, KeyError):
        return event
    text = hindi if language.startswith("hi") else english

    def said(part: re.Match[str]) -> str:
        return part[1] if all(name in known for name in _NAME.findall(part[1])) else ""

    return _NAME.sub(lambda name: str(known.get(name[1], "–")), _PART.sub(said, text))
