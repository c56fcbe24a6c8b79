"""The sentences of matching, English and Hindi side by side. Each can be read out in court as it stands."""

from __future__ import annotations

from abhaya.shared.reason import Sentences

SENTENCES: Sentences = {
    "same_bytes": (
        "The same bytes, by our own {type}, were received in earlier reports: {reports}.",
        "हमारे अपने {type} के अनुसार यही फ़ाइल पहले की रिपोर्टों में मिली थी: {reports}।",
    ),
    "claimed_hash": (
        "A sender claims the same {type} hash in earlier reports: {reports}. Nobody here has compared the bytes.",
        "भेजने वाले के अनुसार यही {type} हैश पहले की रिपोर्टों में है: {reports}। यहाँ किसी ने फ़ाइलों का मिलान नहीं किया है।",
    ),
    "same_bytes_elsewhere": (
        "The same bytes, by our own {type}, were received in earlier reports that are not open to you.",
        "हमारे अपने {type} के अनुसार यही फ़ाइल पहले की ऐसी रिपोर्टों में मिली थी जो आपके लिए खुली नहीं हैं।",
    ),
    "claimed_hash_elsewhere": (
        "A sender claims the same {type} hash in earlier reports that are not open to you. Nobody here has compared the bytes.",
        "भेजने वाले के अनुसार यही {type} हैश पहले की ऐसी रिपोर्टों में है जो आपके लिए खुली नहीं हैं। यहाँ किसी ने फ़ाइलों का मिलान नहीं किया है।",
    ),
}
