"""What is said of files that have no picture's or film's hash, and of those that wait for one; English and Hindi side by side."""

from __future__ import annotations

from abhaya.shared.reason import Sentences

# Beside the codes of `custody.why_not`, whose sentences are custody's.
NOT_HELD, UNREADABLE = "not-held", "unreadable"

SENTENCES: Sentences = {
    NOT_HELD: (
        "The bytes of this file are no longer held here, so it has no picture’s hash.",
        "इस फ़ाइल का डेटा अब यहाँ नहीं रखा है, इसलिए चित्र का हैश नहीं है।",
    ),
    UNREADABLE: (
        "The original of this file cannot be read as it was received, so it has no picture’s hash.",
        "इस फ़ाइल का मूल वैसा नहीं पढ़ा जा सकता जैसा मिला था, इसलिए चित्र का हैश नहीं है।",
    ),
    "pictures-none": ("Every picture was compared with the hash lists.", "हर चित्र का हैश सूचियों से मिलान हो चुका है।"),
    "films-none": ("Every film was compared with the hash lists.", "हर फ़िल्म का हैश सूचियों से मिलान हो चुका है।"),
    "crowds-none": ("No hash is more common than a search lists.", "कोई हैश इतना आम नहीं कि खोज में पूरा न आए।"),
    "crowds-files": (
        "One hash stands under {count} pictures or more of those received: more than a search lists. It may be a blank or a placeholder.",
        "मिली हुई फ़ाइलों में एक हैश {count} या अधिक चित्रों का है: खोज में सब नहीं आते। यह कोई खाली चित्र हो सकता है।",
    ),
    "crowds-lists": (
        "One hash stands under {count} entries or more of the hash lists: more than a search lists. A list may have gone wrong.",
        "हैश सूचियों में एक हैश {count} या अधिक प्रविष्टियों का है: खोज में सब नहीं आते। कोई सूची ग़लत हो सकती है।",
    ),
    **{
        f"crowds-{index}": (
            f"One frame’s hash stands under {{count}} films or more {where}: more than a search lists. It may be a blank frame.",
            f"{said} एक ही फ़्रेम का हैश {{count}} या अधिक फ़िल्मों का है: खोज में सब नहीं आते। यह कोई खाली फ़्रेम हो सकता है।",
        )
        for index, where, said in (
            ("films", "of those received", "मिली हुई फ़िल्मों में"),
            ("listed_films", "of the hash lists", "हैश सूचियों में"),
        )
    },
    **{
        f"{what}-wait-{unit}": (
            f"{{waiting}} files wait to be compared as {what}; the oldest came {{count}} {unit} ago.",
            f"{{waiting}} फ़ाइलें {called} के रूप में मिलान के लिए रुकी हैं; सबसे पुरानी {{count}} {said} पहले आई थी।",
        )
        for what, called in (("pictures", "चित्र"), ("films", "फ़िल्म"))
        for unit, said in (("minutes", "मिनट"), ("hours", "घंटे"), ("days", "दिन"))
    },
}
