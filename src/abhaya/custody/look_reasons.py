"""Why a file stays closed, what is asked and why, and what came of a look: English and Hindi beside each other."""

from __future__ import annotations

from abhaya.shared.reason import Sentences

SENTENCES: Sentences = {
    "look_role": (
        "Your role does not look at pictures or film. An officer who is a media viewer does; you can pass this on.",
        "आपकी भूमिका में चित्र या फ़िल्म देखना नहीं है। मीडिया दर्शक अधिकारी देखते हैं; आप इसे आगे दे सकते हैं।",
    ),
    "look_unit": (
        "This unit may not open such files. Ask the unit above.",
        "यह इकाई ऐसी फ़ाइलें नहीं खोल सकती। ऊपर की इकाई से पूछें।",
    ),
    "look_not_held": (
        "There is nothing to look at: the file was only described, or its bytes were deleted.",
        "देखने के लिए कुछ नहीं है: फ़ाइल का केवल विवरण आया था, या उसकी सामग्री मिटा दी गई है।",
    ),
    "look_hash_only": (
        "Only the hashes of this file are held here; another unit holds the file.",
        "यहाँ इस फ़ाइल के केवल हैश रखे हैं; फ़ाइल दूसरी इकाई के पास है।",
    ),
    "look_sound": ("Sound is never played here.", "यहाँ ध्वनि कभी नहीं चलाई जाती।"),
    "look_other": (
        "This is neither a picture nor a film, by its bytes.",
        "अपनी सामग्री के अनुसार यह न चित्र है, न फ़िल्म।",
    ),
    "look_closed_by_law": (
        "The rules in force here do not let this file be opened at all.",
        "यहाँ लागू नियम इस फ़ाइल को खोलने ही नहीं देते।",
    ),
    "lawful_twice": (
        "The place {place} has two rows for “{viewed}”.",
        "स्थान {place} के लिए “{viewed}” की दो पंक्तियाँ हैं।",
    ),
    "lawful_everywhere": (
        "A row for everywhere (an empty jurisdiction) is missing for: {viewed}.",
        "हर जगह के लिए (खाली क्षेत्राधिकार) पंक्ति नहीं है: {viewed}।",
    ),
    "why-not-no-picture": (
        "This server cannot draw this kind of file as a picture.",
        "यह सर्वर इस तरह की फ़ाइल को चित्र के रूप में नहीं दिखा सकता।",
    ),
    "why-not-damaged": (
        "The file is damaged or cut short; it could not be drawn.",
        "फ़ाइल खराब या अधूरी है; इसे दिखाया नहीं जा सका।",
    ),
    "why-not-too-many-pixels": (
        "The picture claims more pixels than one may have; it was not decoded.",
        "चित्र में बताई गई पिक्सेल संख्या सीमा से अधिक है; इसे नहीं खोला गया।",
    ),
    "why-not-too-large": (
        "The file is larger than what is decoded here.",
        "फ़ाइल यहाँ खोली जाने वाली सीमा से बड़ी है।",
    ),
    "why-not-too-costly": (
        "Decoding asked for more memory or time than one file may take, and was ended.",
        "खोलने में एक फ़ाइल की सीमा से अधिक मेमोरी या समय लगा, इसलिए रोक दिया गया।",
    ),
    "why-not-crashed": (
        "The file ended the decoder. It may be made to do harm; tell your administrator.",
        "फ़ाइल से डिकोडर बंद हो गया। यह नुकसान के लिए बनाई गई हो सकती है; अपने प्रशासक को बताएँ।",
    ),
    "why-not-no-ffmpeg": (
        "Film is shown as stills by the program ffmpeg, which is not on this server. Tell your administrator.",
        "फ़िल्म के स्थिर चित्र ffmpeg प्रोग्राम से दिखते हैं, जो इस सर्वर पर नहीं है। अपने प्रशासक को बताएँ।",
    ),
    "why-not-no-heic": (
        "This is a picture of a telephone (HEIC), and this server has no decoder for it. Tell your administrator.",
        "यह फ़ोन का चित्र (HEIC) है, और इस सर्वर पर उसे खोलने वाला प्रोग्राम नहीं है। अपने प्रशासक को बताएँ।",
    ),
    "why-not-never": ("This is never shown.", "यह कभी नहीं दिखाया जाता।"),
}

RESULTS: Sentences = {
    "relevant": ("It bears on the report", "रिपोर्ट से इसका संबंध है"),
    "not-relevant": ("It does not bear on the report", "रिपोर्ट से इसका संबंध नहीं है"),
    "second-look": ("Somebody else should look", "किसी और को भी देखना चाहिए"),
    "unreadable": ("It could not be made out", "पहचाना नहीं जा सका"),
}

STEPS: Sentences = {
    "blurred": ("Show it blurred", "धुँधला दिखाएँ"),
    "clear": ("Show it clear, small and grey", "साफ़ दिखाएँ, छोटा और बिना रंग"),
    "colour": ("Show it in colour, small", "रंग में दिखाएँ, छोटा"),
    "full": ("Show it in full size", "पूरे आकार में दिखाएँ"),
}
STEPS_SHOWN: Sentences = {
    "blurred": ("blurred", "धुँधला"),
    "clear": ("clear, small and grey", "साफ़, छोटा और बिना रंग"),
    "colour": ("in colour, small", "रंग में, छोटा"),
    "full": ("in full size", "पूरे आकार में"),
}

NEEDS: Sentences = {
    "reason": ("a purpose", "उद्देश्य"),
    "reference": ("a purpose, and a case or report number", "उद्देश्य, और केस या रिपोर्ट संख्या"),
    "warrant": (
        "a purpose, a case or report number, and a court’s order",
        "उद्देश्य, केस या रिपोर्ट संख्या, और न्यायालय का आदेश",
    ),
    "closed": ("it is not opened", "नहीं खोली जाती"),
}

VIEWED: Sentences = {
    "true": ("The sender says it looked at this file.", "प्रेषक कहता है कि उसने यह फ़ाइल देखी।"),
    "false": ("The sender says it did not look at this file.", "प्रेषक कहता है कि उसने यह फ़ाइल नहीं देखी।"),
    "null": (
        "The sender does not say whether it looked at this file.",
        "प्रेषक यह नहीं बताता कि उसने यह फ़ाइल देखी या नहीं।",
    ),
}
