"""What routing says, in English and in Hindi. Every sentence names its evidence; it can be read out in court as it is."""

from __future__ import annotations

from abhaya.places.reasons import SENTENCES as PLACES
from abhaya.shared.reason import Sentences

EVIDENCE: Sentences = {
    "ip_own": (
        "the {event} {address}{port} of {whose}, {at}, lies in {place}, by the unit’s own table “{source}” of {as_of} ({operator}, {kind})",
        "{whose_hi} का {event_hi} {address}{port_hi}, {at}, {place_hi} का है: इकाई की अपनी तालिका “{source}”, {as_of} ({operator}, {kind_hi})",
    ),
    "ip_public": (
        "the {event} {address}{port} of {whose}, {at}, is registered in {place}, by the public table {source} of {as_of} ({operator})",
        "{whose_hi} का {event_hi} {address}{port_hi}, {at}, {place_hi} में दर्ज है: सार्वजनिक तालिका {source}, {as_of} ({operator})",
    ),
    "ip_not_followed": (
        "the {event} {address} of {whose} belongs to a {kind} network ({operator}): it says where a server is, not where the person was",
        "{whose_hi} का {event_hi} {address} {kind_hi} नेटवर्क ({operator}) का है: इससे सर्वर का स्थान पता चलता है, व्यक्ति का नहीं",
    ),
    "ip_nowhere": (
        "the {event} {address} of {whose} is in no place",
        "{whose_hi} के {event_hi} {address} से स्थान पता नहीं चलता",
    ),
    "ip_associated": (
        "{address} was used by an account that is only linked to the reported one",
        "{address} ऐसे खाते का है जो सूचित खाते से केवल जुड़ा है",
    ),
    "ip_mined": (
        "{address} was found in a free text, which does not say whose it is",
        "{address} एक लिखित पाठ में मिला, किसका है यह नहीं लिखा",
    ),
    "ip_registration": (
        "a registration happened once, and perhaps elsewhere",
        "पंजीकरण एक ही बार हुआ, शायद कहीं और से",
    ),
    "ip_no_time": (
        "no time is given for {address}: addresses change hands",
        "{address} का समय नहीं दिया गया: पते बदलते रहते हैं",
    ),
    "ip_no_second": (
        "the time of {address} is known to the {precision} only; an operator needs the second",
        "{address} का समय केवल {precision_hi} तक पता है; ऑपरेटर को सेकंड चाहिए",
    ),
    "ip_zone_unknown": (
        "the time of {address} was given without a zone; UTC is assumed",
        "{address} का समय बिना टाइम-ज़ोन के दिया गया; UTC माना गया है",
    ),
    "ip_old": ("the {event} is {days} days older than the incident", "यह {event_hi} घटना से {days} दिन पुराना है"),
    "ip_proxy_flag": (
        "the sender says that {address} may be a proxy",
        "भेजने वाले के अनुसार {address} प्रॉक्सी हो सकता है",
    ),
    "ip_mobile": (
        "{operator} is a mobile network: one address serves many subscribers at the same second",
        "{operator} मोबाइल नेटवर्क है: एक ही सेकंड में एक पते से कई ग्राहक जुड़े होते हैं",
    ),
    "ip_no_port": (
        "no source port is given for {address}: the operator cannot tell its subscribers apart",
        "{address} का सोर्स पोर्ट नहीं दिया गया: ऑपरेटर ग्राहकों को अलग नहीं कर सकता",
    ),
    "ip_many_people": (
        "{address} is shared by many people ({kind}, {operator})",
        "{address} को कई लोग इस्तेमाल करते हैं ({kind_hi}, {operator})",
    ),
    "ip_country_only": (
        "public tables know the country of a range, not where its user was",
        "सार्वजनिक तालिका केवल देश बताती है, उपयोगकर्ता कहाँ था यह नहीं",
    ),
    "phone_points": (
        "telephone {number} of {whose} is a number of {place}",
        "{whose_hi} का फ़ोन {number} {place_hi} का नंबर है",
    ),
    "phone_points_verified": (
        "telephone {number} of {whose}, verified by the sender, is a number of {place}",
        "{whose_hi} का फ़ोन {number}, जिसे भेजने वाले ने सत्यापित किया है, {place_hi} का नंबर है",
    ),
    "address_points": (
        "the address stated for {whose} (“{text}”) lies in {place}",
        "{whose_hi} का बताया गया पता (“{text}”) {place_hi} में है",
    ),
    "address_unchecked": (
        "an address on an account is what its holder typed; nobody has checked it",
        "खाते पर लिखा पता खाताधारक का अपना लिखा है; किसी ने जाँचा नहीं",
    ),
    "estimated_points": (
        "the sender estimates {whose} to be in {place} (“{text}”)",
        "भेजने वाले के अनुमान से {whose_hi} का स्थान {place_hi} है (“{text}”)",
    ),
    "estimated_unchecked": (
        "how the sender made its estimate is not said",
        "भेजने वाले ने अनुमान कैसे लगाया, यह नहीं बताया",
    ),
    "place_not_read": (
        "the place stated for {whose} (“{text}”) could not be found in the gazetteer",
        "{whose_hi} का बताया गया स्थान (“{text}”) स्थान-सूची में नहीं मिला",
    ),
    "coordinates_given": (
        "coordinates are given for {whose} ({text}); they are not placed here: look at a map",
        "{whose_hi} के निर्देशांक दिए गए हैं ({text}); यहाँ इनसे ज़िला नहीं निकाला जाता: नक़्शे पर देखें",
    ),
    "text_names": ("a text names {place} (“{text}”)", "एक पाठ में {place_hi} का नाम है (“{text}”)"),
    "text_weak": (
        "a place named in a text may be anybody’s",
        "पाठ में लिखा स्थान किसी का भी हो सकता है",
    ),
    "agrees": ("{what} agrees ({place})", "{what_hi} भी यही बताता है ({place_hi})"),
    "agrees_more": ("and {count} more agree", "और {count} अन्य भी यही बताते हैं"),
    "points_elsewhere": ("{what} points to {place}", "{what_hi} {place_hi} की ओर इशारा करता है"),
    "points_elsewhere_more": ("and {count} more point elsewhere", "और {count} अन्य कहीं और की ओर इशारा करते हैं"),
}

DECISIONS: Sentences = {
    "nothing_usable": ("nothing in the report points to a place", "सूचना में किसी स्थान का पता नहीं चलता"),
    "abroad": ("it points to {place}, another country", "यह दूसरे देश की ओर इशारा करता है: {place_hi}"),
    "state_not_known": (
        "it points to {place}; in which state is not known",
        "यह {place_hi} की ओर इशारा करता है; राज्य पता नहीं",
    ),
    "states_disagree": (
        "it points to several places, none of them clearly: {place}",
        "यह कई स्थानों की ओर इशारा करता है, कोई स्पष्ट नहीं: {place_hi}",
    ),
    "districts_disagree": (
        "the state is sure, the district is not: {place}",
        "राज्य निश्चित है, ज़िला नहीं: {place_hi}",
    ),
    "too_weak": (
        "what points to {place} is too weak to send it there",
        "{place_hi} की ओर इशारा करने वाली जानकारी भेजने के लिए बहुत कमज़ोर है",
    ),
    "to_district": (
        "the place of {whose}, by {because} ({strength}; other facts that agree: {agree})",
        "{whose_hi} का स्थान: {because_hi} ({strength_hi}; यही बताने वाले अन्य तथ्य: {agree})",
    ),
    "to_state": (
        "the state of {whose}, by {because} ({strength}; other facts that agree: {agree})",
        "{whose_hi} का राज्य: {because_hi} ({strength_hi}; यही बताने वाले अन्य तथ्य: {agree})",
    ),
    "unit_of_place": ("{unit} answers for {place}", "{place_hi} के लिए {unit_hi} उत्तरदायी है"),
    "unit_around": (
        "no unit here answers for {place} alone; {unit} answers for what lies around it",
        "केवल {place_hi} के लिए यहाँ कोई इकाई नहीं है; आसपास के क्षेत्र के लिए {unit_hi} उत्तरदायी है",
    ),
    "unit_of_shared": (
        "several units share {place} ({units}); {unit}, above them, decides",
        "{place_hi} कई इकाइयों में बँटा है ({units}); उनके ऊपर {unit_hi} तय करेगी",
    ),
    "unit_covers_all": (
        "which of these is meant is not said: {place}; {unit} answers for all of them",
        "इनमें से कौन-सा है, यह नहीं लिखा: {place_hi}; इन सबके लिए {unit_hi} उत्तरदायी है",
    ),
    "no_unit": ("no unit here answers for {place}", "{place_hi} के लिए यहाँ कोई इकाई नहीं है"),
    "none_below": ("no unit below this one answers for {place}", "{place_hi} के लिए नीचे कोई इकाई नहीं है"),
    "ours": ("{place} is this unit’s own", "{place_hi} इसी इकाई का क्षेत्र है"),
    "ours_at_least": (
        "it points to {place}, in which this unit lies, and no closer",
        "यह {place_hi} की ओर इशारा करता है, जिसमें यह इकाई है; इससे अधिक पता नहीं",
    ),
    "not_below": (
        "it points to {place}: {unit} is not below this unit, so a person forwards it",
        "यह {place_hi} की ओर इशारा करता है: {unit_hi} इस इकाई के नीचे नहीं है, इसलिए कोई अधिकारी भेजेगा",
    ),
    "rule_off": (
        "it points to {place}, to {unit}; this unit forwards by hand",
        "यह {place_hi}, {unit_hi} की ओर इशारा करता है; यह इकाई हाथ से अग्रेषित करती है",
    ),
    "in_hand": (
        "it points to {place}; whoever has it in hand forwards it",
        "यह {place_hi} की ओर इशारा करता है; जिसके हाथ में है वही अग्रेषित करेगा",
    ),
    "holder_closed": ("the unit that holds it is closed", "जिस इकाई के पास यह है वह बंद है"),
    "was_returned": (
        "it points to {place}, but {unit} has already sent it back",
        "यह {place_hi} की ओर इशारा करता है, पर {unit_hi} इसे लौटा चुकी है",
    ),
}

# why a row of an Action Taken Report cannot be recorded
REFUSALS: Sentences = {
    "number_missing": (
        "The report number is missing or not a number.",
        "रिपोर्ट क्रमांक नहीं है या वह संख्या नहीं है।",
    ),
    "action_unknown": ("“{written}” is not one of: {known}.", "“{written}” इनमें से नहीं है: {known_hi}।"),
    "needs_fir": ("“{action}” needs the FIR number.", "“{action_hi}” के लिए प्राथमिकी संख्या चाहिए।"),
    "needs_reason": ("“{action}” needs a reason.", "“{action_hi}” के लिए कारण चाहिए।"),
    "fir_date_unread": (
        "The FIR date “{written}” is not a date such as 21-11-2026.",
        "प्राथमिकी दिनांक “{written}” 21-11-2026 जैसी तारीख नहीं है।",
    ),
    "not_accepted": (
        "Report {number} was not accepted by your unit.",
        "रिपोर्ट {number} आपकी इकाई ने स्वीकार नहीं की है।",
    ),
}

# Values of these sentences that name somebody's address, number or words. A masked person's are not shown.
IDENTIFYING = frozenset({
    "address", "port", "port_hi", "number", "text", "what", "what_hi", "city", "region", "code", "inner",
})  # fmt: skip

SENTENCES: Sentences = {**PLACES, **EVIDENCE, **DECISIONS}

STRENGTH_WORDS = {"strong": ("strong", "मज़बूत"), "medium": ("medium", "मध्यम"), "weak": ("weak", "कमज़ोर")}
