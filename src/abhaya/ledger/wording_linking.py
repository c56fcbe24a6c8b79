"""The sentences of `wording` for what `linking` and `exchange` write: judgements, remarks, subjects, groups, networks,
blinded comparisons.
"""

from __future__ import annotations

from collections.abc import Mapping

from abhaya.ledger.events import Event

LINKING: Mapping[Event, tuple[str, str]] = {
    Event.EXCHANGE_COMPARISON_BEGUN: (
        "Blinded comparison begun[, as the side that {side}]",
        "बिना दिखाए मिलान शुरू हुआ[, यह पक्ष {side}]",
    ),
    Event.EXCHANGE_COMPARISON_ENDED: (
        "Blinded comparison ended: its results, files and secrets are gone",
        "बिना दिखाए मिलान समाप्त: उसके परिणाम, फ़ाइलें और गुप्त कुंजियाँ मिटा दी गईं",
    ),
    Event.EXCHANGE_COMPARISON_FINISHED: (
        "Blinded comparison finished[: {met} of our own identifiers are with the partner too]",
        "बिना दिखाए मिलान पूरा हुआ[: हमारी {met} पहचानें साझेदार के पास भी हैं]",
    ),
    Event.EXCHANGE_COMPARISON_SENT: (
        "File for a blinded comparison made[: {own} of our own identifiers in {points} points]",
        "बिना दिखाए मिलान की फ़ाइल बनी[: {points} बिंदुओं में हमारी {own} पहचानें]",
    ),
    Event.EXCHANGE_COMPARISON_VIEWED: (
        "What met in a blinded comparison was looked at[: {met} identifiers]",
        "बिना दिखाए मिलान में क्या मिला, यह देखा गया[: {met} पहचानें]",
    ),
    Event.EXCHANGE_FILE_EXPORTED: (
        "File of a blinded comparison taken out",
        "बिना दिखाए मिलान की फ़ाइल बाहर ले जाई गई",
    ),
    Event.LINKING_ACCOUNTS_JUDGED: (
        "Judged whether two accounts are one person’s[: {answer}][, approved by {approved_by}]",
        "तय किया गया कि दो खाते एक ही व्यक्ति के हैं या नहीं[: {answer}][, अनुमति: {approved_by}]",
    ),
    Event.LINKING_GROUPS_READ: (
        "Read for groups[: {groups} groups, {members} members, {acts} acts]",
        "समूहों के लिए पढ़ा गया[: {groups} समूह, {members} सदस्य, {acts} कार्य]",
    ),
    Event.LINKING_GROUP_VIEWED: (
        "A group and what its members did were looked at",
        "एक समूह और उसके सदस्यों ने क्या किया, यह देखा गया",
    ),
    Event.LINKING_JUDGEMENT_UNDONE: (
        "Judgement on two accounts taken back[: it was {answer}]",
        "दो खातों पर दिया निर्णय वापस लिया गया[: वह था {answer}]",
    ),
    Event.LINKING_NETWORK_EXPORTED: (
        "Network taken out[ as {form}][: {groups} groups, {people} who acted]",
        "नेटवर्क बाहर ले जाया गया[ {form} के रूप में][: {groups} समूह, कार्य करने वाले {people}]",
    ),
    Event.LINKING_NETWORK_VIEWED: (
        "Sightings behind a number of the networks were looked at[: country {country}]",
        "नेटवर्क के एक अंक के पीछे के उल्लेख देखे गए[: देश {country}]",
    ),
    Event.LINKING_PERSONA_ENDED: (
        "An account or number is no longer an officer’s own under cover: it is shown again",
        "एक खाता या नंबर अब गुप्त कार्य के अधिकारी का नहीं रहा: वह फिर दिखता है",
    ),
    Event.LINKING_PERSONA_PROTECTED: (
        "An account or number was protected as an officer’s own under cover",
        "एक खाते या नंबर को गुप्त कार्य के अधिकारी का मानकर छिपाया गया",
    ),
    Event.LINKING_PERSONA_REVIEWED: (
        "The liaison looked at an account or number under cover again: it stays protected",
        "संपर्क अधिकारी ने गुप्त खाते या नंबर को फिर जाँचा: वह छिपा रहेगा",
    ),
    Event.LINKING_REMARK_CORRECTED: (
        "A remark on a person as far as known was corrected[: version {version}][, about {accounts} accounts]",
        "ज्ञात व्यक्ति पर लिखी टिप्पणी सुधारी गई[: संस्करण {version}][, {accounts} खातों के बारे में]",
    ),
    Event.LINKING_REMARK_WITHDRAWN: (
        "A remark on a person as far as known was taken back[, after {version} versions]",
        "ज्ञात व्यक्ति पर लिखी टिप्पणी वापस ली गई[, {version} संस्करणों के बाद]",
    ),
    Event.LINKING_REMARK_WRITTEN: (
        "A remark on a person as far as known was written[, about {accounts} accounts]",
        "ज्ञात व्यक्ति पर टिप्पणी लिखी गई[, {accounts} खातों के बारे में]",
    ),
    Event.LINKING_REPORT_COMPARED: (
        "Identifiers compared with other reports[: {strong} strong, {weak} weak, {common} common]",
        "पहचानों का अन्य रिपोर्टों से मिलान हुआ[: {strong} पक्की, {weak} कमज़ोर, {common} आम]",
    ),
    Event.LINKING_SUBJECTS_REBUILT: (
        "Links and subjects computed anew from all evidence[: {links} links and {subjects} subjects changed]",
        "सभी साक्ष्य से कड़ियाँ और व्यक्ति फिर से निकाले गए[: {links} कड़ियाँ और {subjects} व्यक्ति बदले]",
    ),
    Event.LINKING_SUBJECT_CHANGED: (
        "A person as far as known changed[: {kind}][, {accounts} accounts][, because of {cause}]",
        "ज्ञात व्यक्ति में बदलाव हुआ[: {kind}][, {accounts} खाते][, कारण: {cause}]",
    ),
    Event.LINKING_TAKEDOWN_ENTERED: (
        "A group was noted as taken down[ on {day}]",
        "एक समूह हटाया गया, यह दर्ज हुआ[: {day}]",
    ),
    Event.LINKING_TAKEDOWN_WITHDRAWN: (
        "What was noted of a group’s end was taken back",
        "समूह के अंत के बारे में दर्ज बात वापस ली गई",
    ),
}
