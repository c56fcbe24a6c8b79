"""The sentences of links between accounts, English and Hindi side by side. Each can be read out in court as it stands."""

from __future__ import annotations

from abhaya.shared.reason import Sentences

_KINDS = {
    "phone": ("telephone number", "टेलीफ़ोन नंबर"),
    "email": ("e-mail address", "ई-मेल पता"),
    "device": ("device", "उपकरण"),
    "upi": ("UPI id", "यूपीआई आईडी"),
    "bank": ("bank account", "बैंक खाता"),
    "crypto": ("crypto-currency address", "क्रिप्टो-मुद्रा पता"),
    "url": ("web address", "वेब पता"),
    "ip": ("internet address", "इंटरनेट पता"),
    "ip6": ("IPv6 network", "IPv6 नेटवर्क"),
}
_OF_KIND = {
    "link_{0}": (
        "Both accounts have the same {1}; accounts that have it: {{holders}}; people that these look like: {{people}}.",
        "दोनों खातों में यही {1} है; यह जिन खातों में है: {{holders}}; वे जितने लोगों के लगते हैं: {{people}}।",
    ),
    "link_{0}_soft": (
        "On one side the {1} was found in free text, or a part of it was assumed: it counts less.",
        "एक ओर यह {1} किसी पाठ में मिला है, या इसका एक भाग मान लिया गया है: इसका वज़न कम है।",
    ),
    "link_{0}_verified": (
        "On both sides the platform verified the {1}: each time somebody received one code, once, and no more than that.",
        "दोनों ओर प्लेटफ़ॉर्म ने यह {1} जाँचा था: हर बार किसी ने एक कोड एक बार पाया, इससे अधिक कुछ नहीं।",
    ),
    "link_{0}_apart": (
        "Between the two uses of the {1} lie {{days}} days: it may have passed to somebody else.",
        "इस {1} के दोनों उपयोगों के बीच {{days}} दिन हैं: यह किसी और के पास जा चुका हो सकता है।",
    ),
    "link_{0}_differs": (
        "Both accounts show this kind of thing and share none: {1}.",
        "दोनों खातों में इस प्रकार की पहचान है, पर एक भी समान नहीं: {1}।",
    ),
    "link_{0}_generic": (
        "Both have the same {1}, but so have {{holders}} or more accounts: it says nothing of who somebody is.",
        "दोनों में यही {1} है, पर {{holders}} या अधिक खातों में भी: इससे किसी की पहचान नहीं होती।",
    ),
    "link_missing_{0}": (
        "What could still decide it, and is not known on both sides: {1}.",
        "जिससे तय हो सकता है और जो दोनों ओर ज्ञात नहीं है: {1}।",
    ),
}
_PLAIN: Sentences = {
    "link_prior": (
        "Before anything is compared: two accounts drawn at random out of 2 to the power {bits}.",
        "तुलना से पहले: 2 की घात {bits} खातों में से यूँ ही चुने गए दो खाते।",
    ),
    "link_meeting": (
        "They share something, as strangers do by chance once in 2 to the power {bits}; now against two who know each other.",
        "इनमें कोई पहचान समान है, जो अजनबियों में 2 की घात {bits} में एक बार संयोग से होता है; यहाँ से तुलना दो परिचित लोगों से है।",
    ),
    "link_ip": (
        "Both used the same internet address in the same hour. What network it is, is not known; it never decides.",
        "दोनों ने एक ही घंटे में एक ही इंटरनेट पता इस्तेमाल किया। नेटवर्क किस प्रकार का है, ज्ञात नहीं; इससे कुछ तय नहीं होता।",
    ),
    "link_ip_fixed": (
        "Both used the same internet address of one line in the same hour: the same house or office. It never decides.",
        "दोनों ने एक ही घंटे में एक ही लाइन का इंटरनेट पता इस्तेमाल किया: एक ही घर या दफ़्तर। इससे कुछ तय नहीं होता।",
    ),
    "link_ip6": (
        "Both used the same IPv6 network, which is given to one line or one telephone. It never decides.",
        "दोनों ने एक ही IPv6 नेटवर्क इस्तेमाल किया, जो एक लाइन या एक फ़ोन को मिलता है। इससे कुछ तय नहीं होता।",
    ),
    "link_protected": (
        "One of the two is a victim or may be a minor, the other is not: they are only ever shown as connected.",
        "दोनों में से एक पीड़ित है या नाबालिग हो सकता है, दूसरा नहीं: इन्हें केवल जुड़ा हुआ दिखाया जाता है, एक व्यक्ति कभी नहीं।",
    ),
    "link_alone": (
        "It stands alone. It can be lent, given on or belong to another: a person must look.",
        "यह अकेला है। यह उधार दिया, किसी को सौंपा या किसी और का हो सकता है: किसी व्यक्ति को देखना होगा।",
    ),
    "link_given_again": (
        "All that is shared was used in periods that do not meet: it may have been given out again.",
        "जो कुछ समान है, वह अलग-अलग समय में इस्तेमाल हुआ: यह दोबारा किसी और को दिया गया हो सकता है।",
    ),
    "link_all_soft": (
        "All that is shared was found in free text or partly assumed: a person must read it first.",
        "जो कुछ समान है, वह पाठ में मिला या आंशिक रूप से मान लिया गया है: पहले किसी व्यक्ति को पढ़ना होगा।",
    ),
    "link_household": (
        "The device is the same, the telephone numbers and e-mail addresses are not: a household may share a device.",
        "उपकरण एक है, पर टेलीफ़ोन नंबर और ई-मेल पते अलग हैं: एक परिवार एक ही उपकरण इस्तेमाल कर सकता है।",
    ),
    "link_passed_on": (
        "A device and its number pass from hand to hand together, as a gift, handed down or lent, and nothing stands beside them.",
        "उपकरण और उसका नंबर साथ-साथ हाथ बदलते हैं: उपहार में, पुराना देकर या उधार; और इनके अलावा कुछ समान नहीं।",
    ),
    "link_united": (
        "Not these two alone: {one} and {other} accounts, each already held to be one person’s, are compared by all that they show.",
        "केवल ये दो नहीं: {one} और {other} खाते, जो अपनी-अपनी ओर पहले से एक व्यक्ति के माने गए हैं, अपनी सभी पहचानों से मिलाए गए हैं।",
    ),
    "link_lent": (
        "A household shares a device, and a mailbox is lent there, as parents do for a child: a person must look.",
        "परिवार में एक ही उपकरण कई लोग इस्तेमाल करते हैं और ई-मेल पता भी दे दिया जाता है, जैसे माता-पिता बच्चे को: किसी व्यक्ति को देखना होगा।",
    ),
    "link_once": (
        "All that is shared was seen at one moment only on either side: it may have been lent once. A person must look.",
        "जो कुछ समान है, वह दोनों ओर केवल एक-एक बार दिखा: यह एक बार के लिए उधार दिया गया हो सकता है। किसी व्यक्ति को देखना होगा।",
    ),
    "link_address_only": (
        "Nothing is shared but an internet address: that alone never makes two accounts one person.",
        "इंटरनेट पते के सिवा कुछ समान नहीं: केवल इससे दो खाते एक व्यक्ति के कभी नहीं माने जाते।",
    ),
    "link_place_only": (
        "What they share is a page, which many people may have: it shows a connection, not a person.",
        "इनमें एक पन्ना समान है, जो कई लोगों का हो सकता है: यह संबंध दिखाता है, व्यक्ति नहीं।",
    ),
    "link_not_said": (
        "An officer said that these two are different people. That stands until it is taken back.",
        "एक अधिकारी ने कहा है कि ये दो अलग व्यक्ति हैं। वापस लिए जाने तक यही मान्य है।",
    ),
    "link_not_word": (
        "Joining them would bring together two accounts of which an officer said that they are different people.",
        "इन्हें जोड़ने से ऐसे दो खाते एक हो जाएँगे जिन्हें एक अधिकारी ने अलग व्यक्ति कहा है।",
    ),
    "link_not_protected_group": (
        "Joining them would bring a victim or possible minor together with somebody who is not: that is never done.",
        "इन्हें जोड़ने से पीड़ित या संभावित नाबालिग किसी ऐसे के साथ आ जाएगा जो वैसा नहीं है: यह कभी नहीं किया जाता।",
    ),
    "link_not_bridge": (
        "Two larger groups would hang together by one weak link: a person must look first.",
        "दो बड़े समूह केवल एक कमज़ोर कड़ी से जुड़ते: पहले किसी व्यक्ति को देखना होगा।",
    ),
    "link_not_shared": (
        "They share no identifier that counts.",
        "इनमें कोई ऐसी पहचान समान नहीं जिसका वज़न हो।",
    ),
    "link_not_enough": (
        "What they share weighs {bits} bits: not enough.",
        "जो समान है उसका वज़न {bits} बिट है: यह पर्याप्त नहीं।",
    ),
}
SENTENCES: Sentences = {
    **{
        code.format(kind): (english.format(kind, names[0]), hindi.format(kind, names[1]))
        for kind, names in _KINDS.items()
        for code, (english, hindi) in _OF_KIND.items()
        if code.format(kind) not in _PLAIN
    },
    **_PLAIN,
}
"""Codes of `explaining` -> sentence."""
