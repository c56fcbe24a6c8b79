"""The sentences of `wording` for what `access` writes: officers, units, second persons, emergency access."""

from __future__ import annotations

from collections.abc import Mapping

from abhaya.ledger.events import Event

ACCESS: Mapping[Event, tuple[str, str]] = {
    Event.ACCESS_APPROVAL_ASKED: ("Second person asked[: {kind}]", "दूसरे व्यक्ति से अनुमति माँगी गई[: {kind}]"),
    Event.ACCESS_APPROVAL_DECIDED: (
        "Second person {answer}[: {kind}]",
        "दूसरे व्यक्ति का उत्तर: {answer}[ ({kind})]",
    ),
    Event.ACCESS_APPROVAL_SPENT: (
        "Second person’s permission used[: {kind}][, given by {by}]",
        "दूसरे व्यक्ति की अनुमति का उपयोग हुआ[: {kind}][, देने वाले {by}]",
    ),
    Event.ACCESS_EMERGENCY_OPENED: (
        "Emergency access[: {emergency}], alone, to be reviewed",
        "आपात पहुँच[: {emergency}], अकेले, समीक्षा बाकी",
    ),
    Event.ACCESS_EMERGENCY_REFUSED: (
        "Emergency access asked and refused[: number {reference}]",
        "आपात पहुँच माँगी गई और नहीं मिली[: क्रमांक {reference}]",
    ),
    Event.ACCESS_EMERGENCY_REVIEWED: ("Emergency access reviewed[: {review}]", "आपात पहुँच की समीक्षा हुई[: {review}]"),
    Event.ACCESS_MEMBER_ADMITTED: (
        "Member of the case[, until {until}][: {basis}]",
        "केस का सदस्य[, {until} तक][: {basis}]",
    ),
    Event.ACCESS_MEMBER_ENDED: ("Membership ended[: {reason}]", "सदस्यता समाप्त[: {reason}]"),
    Event.ACCESS_OFFICER_ADDED: ("Officer added[: {username}]", "अधिकारी जोड़ा गया[: {username}]"),
    Event.ACCESS_OFFICER_CHANGED: ("Officer changed[: {username}]", "अधिकारी का विवरण बदला गया[: {username}]"),
    Event.ACCESS_AUTHORITY_MADE: (
        "The unit’s own certificate authority made[ for {names}]",
        "इकाई का अपना प्रमाणपत्र प्राधिकरण बनाया गया[: {names}]",
    ),
    Event.ACCESS_OFFICER_LOCKED: ("Sign-in locked after failed tries", "असफल प्रयासों के बाद साइन-इन बंद किया गया"),
    Event.ACCESS_OFFICER_SIGNED_IN: ("Signed in", "साइन इन किया"),
    Event.ACCESS_OFFICER_SIGNED_OUT: ("Signed out", "साइन आउट किया"),
    Event.ACCESS_OFFICERS_IMPORTED: (
        "Officers taken in from a file[: {added} added, {refused} set aside]",
        "फ़ाइल से अधिकारी जोड़े गए[: {added} जोड़े, {refused} अलग रखे]",
    ),
    Event.ACCESS_OPENING_ENDED: ("No longer open to another desk", "दूसरे डेस्क के लिए अब बंद"),
    Event.ACCESS_OPENING_MADE: ("Opened to another desk[: {basis}]", "दूसरे डेस्क के लिए खोला गया[: {basis}]"),
    Event.ACCESS_PASSKEY_REFUSED: ("A passkey was refused[: {why}]", "पासकी स्वीकार नहीं हुई[: {why}]"),
    Event.ACCESS_PASSWORD_CHANGED: ("Password changed", "पासवर्ड बदला गया"),
    Event.ACCESS_RESET_ASKED: (
        "Asked that the sign-in of an officer begins anew[: {reason}]",
        "किसी अधिकारी का साइन-इन फिर से तय करने का अनुरोध किया गया[: {reason}]",
    ),
    Event.ACCESS_RESET_DECIDED: (
        "Decided whether the sign-in of an officer begins anew[: {decision}]",
        "किसी अधिकारी का साइन-इन फिर से तय हो या नहीं, इस पर निर्णय हुआ[: {decision}]",
    ),
    Event.ACCESS_SECOND_FACTOR_REMOVED: (
        "Second sign-in step removed[: {kind}]",
        "साइन-इन का दूसरा चरण हटाया गया[: {kind}]",
    ),
    Event.ACCESS_SECOND_FACTOR_SET: ("Second sign-in step set up", "साइन-इन का दूसरा चरण तय किया गया"),
    Event.ACCESS_SESSION_ENDED: (
        "Sessions in other browsers ended[: {count}][, {why}]",
        "दूसरे ब्राउज़रों के सत्र समाप्त किए गए[: {count}][, {why}]",
    ),
    Event.ACCESS_SETUP_DONE: ("First administrator set up", "पहला प्रशासक बनाया गया"),
    Event.ACCESS_SIGN_IN_RESET: ("Sign-in reset by an administrator", "प्रशासक ने साइन-इन फिर से तय किया"),
    Event.ACCESS_UNIT_ADDED: ("Unit added[: {name}]", "इकाई जोड़ी गई[: {name}]"),
    Event.ACCESS_UNIT_CHANGED: ("Unit changed[: {code}]", "इकाई का विवरण बदला गया[: {code}]"),
    Event.CUSTODY_DELETION_ASKED: ("Deletion asked for[, ground: {ground}]", "हटाने का अनुरोध[, आधार: {ground}]"),
    Event.CUSTODY_DELETION_DECIDED: ("Deletion approved by a second person", "हटाने को दूसरे व्यक्ति ने स्वीकृति दी"),
    Event.CUSTODY_DELETION_DONE: (
        "Deleted[: {rows} rows, {originals} originals][, rule {rule}]",
        "हटाया गया[: {rows} पंक्तियाँ, {originals} मूल फ़ाइलें][, नियम {rule}]",
    ),
    Event.CUSTODY_DELETION_PREVIEWED: ("Looked at what a deletion would take", "हटाने से क्या-क्या जाएगा, यह देखा गया"),
    Event.CUSTODY_DELETION_STOPPED: ("A legal hold stopped a deletion", "कानूनी रोक ने हटाना रोका"),
    Event.CUSTODY_DELETION_WITHDRAWN: ("Request to delete taken back", "हटाने का अनुरोध वापस लिया गया"),
    Event.CUSTODY_HOLD_LIFTED: ("Legal hold lifted", "कानूनी रोक हटाई गई"),
    Event.CUSTODY_HOLD_PLACED: (
        "Legal hold placed[, to be asked again on {review_on}]",
        "कानूनी रोक लगाई गई[, {review_on} को फिर पूछा जाए]",
    ),
}
