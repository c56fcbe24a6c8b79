"""Codes of a comparison in words, English and Hindi side by side."""

from __future__ import annotations

from abhaya.shared.reason import Sentences

SIDES: Sentences = {"asks": ("asks", "पूछता है"), "answers": ("answers", "उत्तर देता है")}
STATES: Sentences = {
    "waits": ("waits for a second person", "दूसरे व्यक्ति की प्रतीक्षा में"),
    "sent": ("waits for the partner’s file", "साझेदार की फ़ाइल की प्रतीक्षा में"),
    "done": ("finished", "पूरा"),
    "ended": ("ended", "समाप्त"),
}
SCOPES: Sentences = {
    "case": ("one case", "एक केस"),
    "cases": ("my open cases", "मेरे खुले केस"),
    "reports": ("reports my unit works on", "मेरी इकाई की रिपोर्टें"),
}
# Why a file is not taken in: what the officer can do about it.
REFUSALS: Sentences = {
    "changed": (
        "The signature does not hold: the file was changed after {partner} signed it, or damaged on its way. Ask for it again, and tell them.",
        "हस्ताक्षर सही नहीं है: {partner} के हस्ताक्षर के बाद फ़ाइल बदली गई, या रास्ते में ख़राब हुई। फिर से मँगवाएँ, और उन्हें बताएँ।",
    ),
    "contact": (
        "The contact line is too long. Give a name and a telephone number.",
        "संपर्क की पंक्ति बहुत लंबी है। एक नाम और टेलीफ़ोन नंबर दें।",
    ),
    "key": (
        "This is not a partner’s key. It is one line with two plus signs, as their page of blinded comparisons shows it.",
        "यह साझेदार की कुंजी नहीं है। वह दो धन-चिह्नों वाली एक पंक्ति होती है, जैसी उनके बिना दिखाए मिलान के पन्ने पर दिखती है।",
    ),
    "not-one": (
        "This is no file of a blinded comparison, or it is not whole.",
        "यह बिना दिखाए मिलान की फ़ाइल नहीं है, या अधूरी है।",
    ),
    "not-ours": (
        "This file is meant for another installation: {partner} named another key than ours. Give them ours, and ask for it again.",
        "यह फ़ाइल किसी और के लिए है: {partner} ने हमारी नहीं, कोई और कुंजी लिखी है। उन्हें हमारी कुंजी दें और फिर से मँगवाएँ।",
    ),
    "not-theirs": (
        "The file is signed with another key than the one you have of {partner}. Compare the key with them by telephone before anything else.",
        "फ़ाइल पर {partner} की आपके पास वाली कुंजी से अलग कुंजी के हस्ताक्षर हैं। सबसे पहले उनसे फ़ोन पर कुंजी मिलाएँ।",
    ),
    "other-comparison": (
        "This file belongs to another comparison, or to another file than the one made here.",
        "यह फ़ाइल किसी और मिलान की है, या यहाँ बनी फ़ाइल के उत्तर में नहीं है।",
    ),
    "points": (
        "The list in this file is not one that {partner}’s program makes. Nothing was compared; tell them.",
        "इस फ़ाइल की सूची वैसी नहीं है जैसी {partner} का प्रोग्राम बनाता है। कुछ नहीं मिलाया गया; उन्हें बताएँ।",
    ),
    "sealed": (
        "What is inside was closed for somebody else, or put into this file by somebody else.",
        "भीतर की सामग्री किसी और के लिए बंद की गई थी, या किसी और ने इसमें डाली है।",
    ),
    "step-answer": ("This is not an answer. Bring the file that {partner} made from your question.", "यह उत्तर नहीं है। वह फ़ाइल लाएँ जो {partner} ने आपके प्रश्न से बनाई।"),
    "step-question": (
        "This is not a question. An answer or a result is brought on the page of its own comparison.",
        "यह प्रश्न नहीं है। उत्तर या परिणाम अपने ही मिलान के पन्ने पर लाया जाता है।",
    ),
    "step-result": ("This is not a result. Bring the file that {partner} made from your answer.", "यह परिणाम नहीं है। वह फ़ाइल लाएँ जो {partner} ने आपके उत्तर से बनाई।"),
    "too-large": ("The file is larger than 4 MiB: no comparison is.", "फ़ाइल 4 MiB से बड़ी है: कोई मिलान इतना बड़ा नहीं होता।"),
    "version": (
        "The file is of a version that this program does not know. One of the two sides is older: bring it up to date.",
        "फ़ाइल ऐसे संस्करण की है जिसे यह प्रोग्राम नहीं जानता। दो में से एक पक्ष पुराना है: उसे अद्यतन करें।",
    ),
}  # fmt: skip
