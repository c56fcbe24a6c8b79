"""What the check finds, in English and Hindi."""

from __future__ import annotations

from abhaya.shared.reason import Sentences

SENTENCES: Sentences = {
    "leaf-missing": (
        "Entries {index} to {until} were taken out of the ledger: their leaves are gone.",
        "प्रविष्टि {index} से {until} तक लेजर से हटाई गई हैं: उनके लीफ़ मौजूद नहीं हैं।",
    ),
    "entry-changed": (
        "Entry {index} was changed: its text does not match what was committed to when it was written.",
        "प्रविष्टि {index} बदली गई है: उसका पाठ लिखे जाने के समय की मुहर से मेल नहीं खाता।",
    ),
    "leaf-differs": (
        "Entry {index} and its leaf do not belong together: one of the two was replaced.",
        "प्रविष्टि {index} और उसका लीफ़ एक-दूसरे के नहीं हैं: दोनों में से एक बदला गया है।",
    ),
    "entry-unreadable": (
        "The text of entry {index} is not an entry of this program.",
        "प्रविष्टि {index} का पाठ इस कार्यक्रम की प्रविष्टि नहीं है।",
    ),
    "column-differs": (
        "What lists show of entry {index} was changed: its columns differ from its sealed text.",
        "प्रविष्टि {index} का सूची में दिखने वाला भाग बदला गया है: वह मुहरबंद पाठ से अलग है।",
    ),
    "entry-missing": (
        "The text of entry {index} is gone, and no erasure names it.",
        "प्रविष्टि {index} का पाठ मौजूद नहीं है, और किसी विलोपन आदेश में उसका नाम नहीं है।",
    ),
    "entry-without-leaf": (
        "Entry {entry} has no place in the ledger: it was slipped in, or its place was taken away.",
        "प्रविष्टि {entry} की लेजर में कोई जगह नहीं है: या तो वह चुपके से डाली गई, या उसकी जगह हटाई गई।",
    ),
    "pending-old": (
        "{count} entries have waited for their place for more than {seconds} seconds: is the sequencer running?",
        "{count} प्रविष्टियाँ {seconds} सेकंड से अधिक समय से अपनी जगह की प्रतीक्षा में हैं: क्या सीक्वेंसर चल रहा है?",
    ),
    "pending-empty": (
        "{count} entries were taken away before they got their place in the ledger.",
        "{count} प्रविष्टियाँ लेजर में जगह मिलने से पहले ही हटा दी गईं।",
    ),
    "root-differs": (
        (
            "Among entries {first} to {last} something was changed, removed, inserted or put in another order: they do not"
            " add up to the checkpoint signed at {size} entries."
        ),
        (
            "प्रविष्टि {first} से {last} के बीच कुछ बदला, हटाया, जोड़ा या क्रम से इधर-उधर किया गया है: वे {size} प्रविष्टियों पर"
            " हस्ताक्षरित चेकपॉइंट से मेल नहीं खातीं।"
        ),
    ),
    "checkpoint-signature": (
        "The checkpoint at {size} entries is not signed by this ledger's key: {why}.",
        "{size} प्रविष्टियों का चेकपॉइंट इस लेजर की कुंजी से हस्ताक्षरित नहीं है: {why}।",
    ),
    "checkpoint-differs": (
        "The checkpoint at {size} entries was changed: the signed text says something else.",
        "{size} प्रविष्टियों का चेकपॉइंट बदला गया है: हस्ताक्षरित पाठ कुछ और कहता है।",
    ),
    "leaves-uncovered": (
        "{count} leaves after entry {size} are covered by no checkpoint: they did not come from the sequencer.",
        "प्रविष्टि {size} के बाद के {count} लीफ़ किसी चेकपॉइंट में नहीं आते: वे सीक्वेंसर से नहीं आए।",
    ),
    "edge-differs": (
        "The sequencer's note of where it stands at {size} entries does not fit the leaves.",
        "{size} प्रविष्टियों पर सीक्वेंसर का अपना हिसाब लीफ़ों से मेल नहीं खाता।",
    ),
    "rolled-back": (
        (
            "This machine signed a ledger of {signed} entries; the database of {size} entries does not contain that"
            " checkpoint: it was rolled back or rewritten."
        ),
        (
            "इस मशीन ने {signed} प्रविष्टियों वाले लेजर पर हस्ताक्षर किए थे; {size} प्रविष्टियों वाले डेटाबेस में वह चेकपॉइंट नहीं है:"
            " डेटाबेस पीछे लौटाया गया या दोबारा लिखा गया है।"
        ),
    ),
    "departed-missing": (
        "A checkpoint at {size} entries left this machine and is no longer in the ledger.",
        "{size} प्रविष्टियों का एक चेकपॉइंट इस मशीन से बाहर गया था और अब लेजर में नहीं है।",
    ),
    "back-dated": (
        "Entry {index} says it was written at {at}, but it came after the checkpoint signed at {after}.",
        "प्रविष्टि {index} के अनुसार वह {at} को लिखी गई, पर वह {after} को हस्ताक्षरित चेकपॉइंट के बाद आई।",
    ),
    "key-differs": (
        "The signing key on this machine is not the one this ledger began with.",
        "इस मशीन की हस्ताक्षर कुंजी वह नहीं है जिससे यह लेजर शुरू हुआ था।",
    ),
    "key-missing": (
        "The ledger's signing key is not on this machine, or is damaged.",
        "लेजर की हस्ताक्षर कुंजी इस मशीन पर नहीं है, या ख़राब है।",
    ),
    "witnesses-sign": (
        "{count} named outside to vouch for the ledger, and nobody refuses.",
        "लेजर की गवाही के लिए बाहर {count} तय हैं, और कोई इनकार नहीं करता।",
    ),
    "witness-away": (
        "Witness {name} does not answer: {why}.",
        "साक्षी {name} उत्तर नहीं दे रहा: {why}।",
    ),
    "witness-unsigned": (
        "Witness {name} answered without a signature of its own: is its key in the setting the right one?",
        "साक्षी {name} का उत्तर उसके अपने हस्ताक्षर के बिना आया: क्या सेटिंग में उसकी कुंजी सही है?",
    ),
    "witness-ahead": (
        "Witness {name} has signed {signed} entries; this ledger has {size}: it was rolled back, or another one was shown.",
        "साक्षी {name} ने {signed} प्रविष्टियों पर हस्ताक्षर किए हैं; इस लेजर में {size} हैं: यह पीछे लौटाया गया, या उसे दूसरा लेजर दिखाया गया।",
    ),
    "witness-refused": (
        "Witness {name} does not sign this ledger: {said}",
        "साक्षी {name} इस लेजर पर हस्ताक्षर नहीं करता: {said}",
    ),
    "stamp-refused": (
        "No time-stamp from {name}: {said}.",
        "{name} से समय की मुहर नहीं मिली: {said}।",
    ),
    "and-more": ("… and {count} more findings.", "… और {count} अन्य निष्कर्ष।"),
}
