"""The sentences of this room's reasons, English and Hindi beside each other."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import get_language

from abhaya.shared.reason import Reason, Sentences, sentence

# What a second person is asked for, as a thing.
APPROVAL_KINDS: Sentences = {
    "export": ("an export", "निर्यात"),
    "merge": ("joining two persons", "दो व्यक्तियों को एक मानना"),
    "persona": ("an account under cover", "गुप्त खाता"),
    "purge": ("a purge", "स्थायी रूप से मिटाना"),
    "unmask": ("a masked identity", "छिपाई गई पहचान"),
}

SENTENCES: Sentences = {
    "approval-export": ("Take a file out of the house", "एक फ़ाइल बाहर ले जाना"),
    "approval-export-chart": (
        "Take the link chart of a case out of the house as {form}: {reports} reports with identifiers of reported persons",
        "एक केस का संबंध चार्ट {form} के रूप में बाहर ले जाना: {reports} रिपोर्टें, जिनमें रिपोर्ट किए गए व्यक्तियों की पहचानें हैं",
    ),
    "approval-export-comparison": (
        "Send the identifiers of reported persons, blinded, to be compared with those of {partner}: neither side and no carrier reads the other’s, each learns which of its own the other has",
        "रिपोर्ट किए गए व्यक्तियों की पहचानें, बिना दिखाए, {partner} की पहचानों से मिलान के लिए भेजना: कोई पक्ष या वाहक दूसरे की पहचानें नहीं पढ़ता, हर पक्ष जानता है कि उसकी कौन-सी दूसरे के पास भी हैं",
    ),
    "approval-export-list": (
        "Take the hash list “{list}” out of the house as {form}: {entries} entries",
        "हैश सूची “{list}” को {form} के रूप में बाहर ले जाना: {entries} प्रविष्टियाँ",
    ),
    "approval-export-network": (
        "Take a drawing of {groups} groups and those who acted in them out of the house as {form}; {reports} reports tell of them",
        "{groups} समूहों और उनमें कार्य करने वालों का चित्र {form} के रूप में बाहर ले जाना; {reports} रिपोर्टें इनके बारे में बताती हैं",
    ),
    "approval-export-workbook": (
        "Take the unit’s workbook of {month} out: {reports} reports with the identifiers of reported persons",
        "इकाई की {month} की वर्कबुक बाहर ले जाना: {reports} रिपोर्टें, जिनमें रिपोर्ट किए गए व्यक्तियों की पहचानें हैं",
    ),
    "approval-merge": ("Take two persons for one", "दो व्यक्तियों को एक मानना"),
    "approval-merge-accounts": (
        "Take two persons for one, of {accounts} accounts together: {a} and {b}",
        "दो व्यक्तियों को एक मानना, कुल {accounts} खाते: {a} और {b}",
    ),
    "approval-persona": (
        "Hide an identifier ending in “{end}”, an officer’s own under cover, from all but who asks. Make sure it is an officer’s",
        "“{end}” वाली पहचान को गुप्त काम करने वाले अधिकारी की मानना: वह पूछने वाले को छोड़कर सबसे छिपेगी। पक्का करें कि वह अधिकारी की है",
    ),
    "approval-persona-end": (
        "Show everything of an identifier ending in “{end}” to everybody again: an officer used it under cover",
        "“{end}” पर ख़त्म होने वाली पहचान का सब कुछ फिर सबको दिखाना: एक अधिकारी ने उसे गुप्त रूप से इस्तेमाल किया था",
    ),
    "approval-purge": ("Delete for good", "हमेशा के लिए मिटाना"),
    "approval-export-person": (
        "Answer file for a person: {sightings} entries. {reference}",
        "व्यक्ति के लिए उत्तर फ़ाइल: {sightings} प्रविष्टियाँ। {reference}",
    ),
    "approval-purge-report": (
        "Delete report {number} for good: {rows} records, {originals} originals. {reference}",
        "रिपोर्ट {number} को हमेशा के लिए मिटाना: {rows} अभिलेख, {originals} मूल फ़ाइलें। {reference}",
    ),
    "approval-unmask": ("Show who is masked", "छिपाए गए व्यक्ति की पहचान दिखाना"),
    "approval-unmask-report": (
        "Show who is masked in report {number}: {persons} person(s)",
        "रिपोर्ट {number} में छिपाए गए {persons} व्यक्तियों की पहचान दिखाना",
    ),
    "approval-unmask-original": (
        "Open the original “{name}” of report {number} in full, with who is masked in it",
        "रिपोर्ट {number} का मूल “{name}” पूरा खोलना, जिसमें छिपाए गए व्यक्ति भी हैं",
    ),
    "password-short": (
        "Use at least {least} characters; four words with spaces are easy to remember.",
        "कम से कम {least} अक्षर रखें; चार शब्द, बीच में खाली जगह के साथ, याद रखने में आसान हैं।",
    ),
    "password-long": ("Use at most {most} characters.", "अधिक से अधिक {most} अक्षर रखें।"),
    "password-common": (
        "This password is on the lists that attackers try first. Choose another.",
        "यह पासवर्ड उन सूचियों में है जिन्हें हमलावर सबसे पहले आज़माते हैं। दूसरा चुनें।",
    ),
    "password-monotonous": (
        "It repeats a few characters. Choose one with more different ones.",
        "इसमें कुछ ही अक्षर बार-बार आते हैं। ज़्यादा अलग-अलग अक्षरों वाला चुनें।",
    ),
    "password-same": ("It is the present password. Choose another.", "यह मौजूदा पासवर्ड ही है। दूसरा चुनें।"),
    "password-name": (
        "It is little more than your name or user name. Choose another.",
        "यह लगभग आपका नाम या यूज़र नाम ही है। दूसरा चुनें।",
    ),
    "username-letters": (
        "A user name has small letters a–z, digits and . _ - @, at most {most}.",
        "यूज़र नाम में केवल छोटे अक्षर a–z, अंक और . _ - @ हो सकते हैं, अधिक से अधिक {most}।",
    ),
    "officer-name": (
        "An officer needs a name of at most {most} characters.",
        "अधिकारी का नाम चाहिए, अधिक से अधिक {most} अक्षर।",
    ),
    "role-unknown": ("There is no role “{role}”.", "“{role}” नाम की कोई भूमिका नहीं है।"),
    "role-none": ("Choose at least one role.", "कम से कम एक भूमिका चुनें।"),
    "role-alone": (
        "The role “{role}” stands alone: whoever holds it reads no reports. A second account is needed for other work.",
        "“{role}” की भूमिका अकेली रहती है: यह रखने वाला कोई रिपोर्ट नहीं पढ़ता। दूसरे काम के लिए दूसरा खाता चाहिए।",
    ),
    "role-text-alone": (
        "A text reviewer never sees a picture, film or sound, so this role stands alone.",
        "पाठ समीक्षक कभी कोई चित्र, फ़िल्म या ध्वनि नहीं देखता, इसलिए यह भूमिका अकेली रहती है।",
    ),
    "unit-code": (
        "A unit needs a code of at most {most} characters.",
        "इकाई का एक कोड चाहिए, अधिक से अधिक {most} अक्षर।",
    ),
    "unit-name": ("A unit needs a name of at most {most} characters.", "इकाई का नाम चाहिए, अधिक से अधिक {most} अक्षर।"),
    "unit-kind": (
        "“{kind}” is no kind of unit: write hub, state, district or station.",
        "“{kind}” इकाई का कोई प्रकार नहीं है: hub, state, district या station लिखें।",
    ),
    "unit-holds-files": (
        "“{said}” is no answer to whether it holds files; it is yes, no, or nothing.",
        "“{said}” यह नहीं बताता कि इकाई फ़ाइलें रखती है या नहीं; yes, no या ख़ाली लिखें।",
    ),
    "unit-forward-rule": (
        "“{rule}” is no standing order: write district, state or off.",
        "“{rule}” कोई स्थायी आदेश नहीं है: district, state या off लिखें।",
    ),
    "unit-parent-unknown": (
        "There is no unit with the code “{parent}” for it to stand under.",
        "कोड “{parent}” वाली कोई इकाई नहीं है जिसके नीचे इसे रखा जाए।",
    ),
    "unit-parent-kind": (
        "A {kind} cannot stand under a {parent_kind}.",
        "{kind} को {parent_kind} के नीचे नहीं रखा जा सकता।",
    ),
    "unit-kind-children": (
        "“{code}” has units under it; its kind cannot change before they are moved.",
        "“{code}” के नीचे इकाइयाँ हैं; उन्हें हटाए बिना इसका प्रकार नहीं बदल सकता।",
    ),
    "officer-unit": ("There is no unit with the code “{unit}”.", "कोड “{unit}” वाली कोई इकाई नहीं है।"),
    "officer-twice": (
        "The user name “{username}” stands in the file twice.",
        "यूज़र नाम “{username}” फ़ाइल में दो बार है।",
    ),
    "officer-language": (
        "“{language}” is no language here: write en or hi.",
        "“{language}” यहाँ की भाषा नहीं है: en या hi लिखें।",
    ),
    "unit-twice": ("The code “{code}” stands in the file twice.", "कोड “{code}” फ़ाइल में दो बार है।"),
    "row-columns": (
        "This row has more values than the file has columns.",
        "इस पंक्ति में फ़ाइल के स्तंभों से ज़्यादा मान हैं।",
    ),
    "csv-large": ("The file is larger than {most} MB.", "फ़ाइल {most} MB से बड़ी है।"),
    "csv-empty": ("The file is empty.", "फ़ाइल खाली है।"),
    "csv-columns": (
        "The first line must name the columns; missing: {columns}. Needed are: {needed}.",
        "पहली पंक्ति में स्तंभों के नाम होने चाहिए; नहीं मिले: {columns}। ज़रूरी हैं: {needed}।",
    ),
    "csv-column-twice": (
        "The first line names a column twice: {columns}.",
        "पहली पंक्ति में एक स्तंभ दो बार है: {columns}।",
    ),
    "csv-rows": ("The file has more than {most} rows. Split it.", "फ़ाइल में {most} से ज़्यादा पंक्तियाँ हैं। इसे बाँटें।"),
    "csv-encoding": (
        "The file is not text in UTF-8 or UTF-16. Save it as “CSV UTF-8”.",
        "फ़ाइल UTF-8 या UTF-16 पाठ नहीं है। इसे “CSV UTF-8” के रूप में सहेजें।",
    ),
    "csv-cell": (
        "Line {line} has a value longer than {most} characters.",
        "पंक्ति {line} में {most} अक्षरों से लंबा मान है।",
    ),
    "csv-quotes": (
        "Line {line} has a quotation mark that does not close.",
        "पंक्ति {line} में उद्धरण चिह्न बंद नहीं होता।",
    ),
}


def in_words(faults: Sequence[Reason]) -> str:
    """The reasons as one text in the reader's language."""
    return " ".join(sentence(fault, SENTENCES, get_language() or "en") for fault in faults)
