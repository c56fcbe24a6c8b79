"""What this room says, in English and in Hindi. {place} and {place_hi} are names of places in the two languages."""

from __future__ import annotations

from abhaya.shared.reason import Sentences

IMPORT_KINDS = {
    "networks": ("address ranges", "पता-रेंज"),
    "places": ("places", "स्थान"),
    "coverage": ("which unit answers where", "कौन-सी इकाई कहाँ के लिए"),
    "bundle": ("comes with the program", "प्रोग्राम के साथ आया"),
}

SENTENCES: Sentences = {
    # addresses
    "region_says": ("the address names {place} (“{region}”)", "पते में {place_hi} लिखा है (“{region}”)"),
    "region_not_known": (
        "the state “{region}” is not known to the gazetteer",
        "राज्य “{region}” स्थान-सूची में नहीं है",
    ),
    "postal_says": ("{postal_name} {code} belongs to {place}", "{postal_name} {code} {place_hi} का है"),
    "postal_shared": (
        "{postal_name} {code} begins like codes of {place}",
        "{postal_name} {code} के पहले अंक {place_hi} में मिलते हैं",
    ),
    "postal_not_a_code": ("“{code}” is not a {postal_name}", "“{code}” कोई {postal_name} नहीं है"),
    "postal_says_nothing": (
        "{postal_name} {code} says nothing of a place (army post office, or not in use)",
        "{postal_name} {code} से स्थान पता नहीं चलता (सेना डाकघर, या प्रयोग में नहीं)",
    ),
    "postal_contradicts": (
        "the postal code points to {place}, the address says {state}",
        "पिन कोड {place_hi} का है, पते में {state} लिखा है",
    ),
    "city_name": ("“{city}” is {place}", "“{city}” {place_hi} है"),
    "city_alias": ("“{city}” is another name of {place}", "“{city}” {place_hi} का दूसरा नाम है"),
    "city_former": ("“{city}” is the former name of {place}", "“{city}” {place_hi} का पुराना नाम है"),
    "city_town": ("“{city}” lies in {place}", "“{city}” {place_hi} में है"),
    "city_typo": (
        "“{city}” is probably {place}, written a little differently",
        "“{city}” शायद {place_hi} है, लिखावट थोड़ी अलग है",
    ),
    "city_not_known": ("the place “{city}” is not known to the gazetteer", "स्थान “{city}” स्थान-सूची में नहीं है"),
    "city_ambiguous": ("several places are called “{city}”: {place}", "“{city}” नाम के कई स्थान हैं: {place_hi}"),
    "city_elsewhere": (
        "“{city}” is not known in the state that is named; it is known as {place}",
        "बताए गए राज्य में “{city}” नहीं मिला; यह {place_hi} के रूप में मिला",
    ),
    "city_not_by_postal": (
        "“{city}” is {place}, which the postal code does not fit",
        "“{city}” {place_hi} है, जो पिन कोड से मेल नहीं खाता",
    ),
    "city_alike": ("“{city}” is easily taken for {place}", "“{city}” को {place_hi} समझने की भूल हो सकती है"),
    # telephones
    "phone_country": ("{number} is a number of {place}", "{number} {place_hi} का नंबर है"),
    "phone_shared_code": (
        "{number} begins with {code}, which several countries share",
        "{number} {code} से शुरू होता है, जो कई देशों का कोड है",
    ),
    "phone_ported": (
        "circle unknown: mobile numbers keep their digits when they change operator or state",
        "सर्किल अज्ञात: मोबाइल नंबर ऑपरेटर या राज्य बदलने पर भी वही रहता है",
    ),
    "phone_not_valid": ("{number} is not a number that can exist", "{number} कोई सही नंबर नहीं है"),
    # networks
    "own_range": (
        "the unit's own table “{source}” of {as_of} has {range} ({operator}, {kind})",
        "इकाई की अपनी तालिका “{source}” ({as_of}) में {range} है ({operator}, {kind})",
    ),
    "public_range": (
        "the public table {source} of {as_of} has it registered in {place}, operator {operator}",
        "सार्वजनिक तालिका {source} ({as_of}) में यह {place_hi} में दर्ज है, ऑपरेटर {operator}",
    ),
    "public_country_only": (
        "a public table knows the country in which a range is registered, not where its user is",
        "सार्वजनिक तालिका केवल यह बताती है कि रेंज किस देश में दर्ज है, उपयोगकर्ता कहाँ है यह नहीं",
    ),
    "public_disputed": (
        "the public table {source} of {as_of} names several countries for it: {countries}",
        "सार्वजनिक तालिका {source} ({as_of}) इसके लिए कई देश बताती है: {countries}",
    ),
    "public_operator_only": (
        "the public table {source} of {as_of} knows the operator ({operator}), not the country",
        "सार्वजनिक तालिका {source} ({as_of}) में ऑपरेटर ({operator}) है, देश नहीं",
    ),
    "public_caution": (
        "its publisher says that this table contains errors",
        "इसके प्रकाशक के अनुसार इस तालिका में ग़लतियाँ हैं",
    ),
    "no_table": ("no table of addresses holds it", "किसी तालिका में यह पता नहीं है"),
    "no_public_table": (
        "no public table of addresses is installed here",
        "यहाँ कोई सार्वजनिक पता-तालिका स्थापित नहीं है",
    ),
    "not_an_address": ("“{address}” is not an internet address", "“{address}” इंटरनेट पता नहीं है"),
    "special_range": (
        "{address} is {what} ({rfc}): it says nothing of a place",
        "{address} {what_hi} है ({rfc}): इससे स्थान पता नहीं चलता",
    ),
    "tunnel": ("{address} is a tunnel that carries {inner} inside", "{address} एक टनल है, जिसके भीतर {inner} है"),
    "no_instant": (
        "no time is given: the table as it is today was asked",
        "समय नहीं दिया गया: आज की तालिका से देखा गया",
    ),
}
