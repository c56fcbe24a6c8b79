"""The sentences of linking, English and Hindi side by side. Each can be read out in court as it stands."""

from __future__ import annotations

from abhaya.shared.reason import Sentences

_KINDS = {
    "phone": ("telephone number", "टेलीफ़ोन नंबर"),
    "email": ("e-mail address", "ई-मेल पता"),
    "account": ("account", "खाता"),
    "device": ("device", "उपकरण"),
    "url": ("web address", "वेब पता"),
    "upi": ("UPI id", "यूपीआई आईडी"),
    "bank": ("bank account", "बैंक खाता"),
    "crypto": ("crypto-currency address", "क्रिप्टो-मुद्रा पता"),
}
_SENTENCES = {
    "seen": (
        "Earlier reports in which the same {0} stands: {{reports}}.",
        "पहले की रिपोर्टें जिनमें यही {0} है: {{reports}}।",
    ),
    "seen_in_text": (
        "Earlier reports in which the same {0} stands: {{reports}}. On one side it was found in free text: read it first.",
        "पहले की रिपोर्टें जिनमें यही {0} है: {{reports}}। एक ओर यह किसी पाठ में मिला है: पहले वह पढ़ें।",
    ),
    "seen_assumed": (
        "Earlier reports in which the same {0} stands: {{reports}}. On one side part of it was assumed, not written.",
        "पहले की रिपोर्टें जिनमें यही {0} है: {{reports}}। एक ओर इसका एक भाग लिखा नहीं था, मान लिया गया है।",
    ),
    "seen_beside": (
        "Earlier reports in which the same {0} stands: {{reports}}. On one side it is not said to belong to a person.",
        "पहले की रिपोर्टें जिनमें यही {0} है: {{reports}}। एक ओर यह नहीं लिखा कि यह किसका है।",
    ),
    "elsewhere": (
        "The same {0} stands in earlier reports that are not open to you.",
        "यही {0} पहले की ऐसी रिपोर्टों में है जो आपके लिए खुली नहीं हैं।",
    ),
    "common_accounts": (
        "The same {0} stands beside {{accounts}} or more different accounts: too common to say who anybody is.",
        "यही {0} {{accounts}} या अधिक अलग खातों के साथ लिखा है: इतना आम है कि इससे किसी की पहचान नहीं होती।",
    ),
    "common_reports": (
        "The same {0} stands in {{reports}} or more reports that name no account: too common to say who anybody is.",
        "यही {0} बिना खाते वाली {{reports}} या अधिक रिपोर्टों में है: इतना आम है कि इससे किसी की पहचान नहीं होती।",
    ),
}
SENTENCES: Sentences = {
    f"{kind}_{code}": (english.format(names[0]), hindi.format(names[1]))
    for kind, names in _KINDS.items()
    for code, (english, hindi) in _SENTENCES.items()
}
LEAD = (
    "A hit is a lead, not evidence: who held an identifier, and when, is for an inquiry to find out.",
    "यह केवल सुराग़ है, सबूत नहीं: पहचान कब किसके पास थी, यह जाँच से ही पता चलेगा।",
)
