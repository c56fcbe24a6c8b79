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
    "listed_bytes": (
        "The same bytes, by our own {type}, stand on the list “{list}”.",
        "हमारे अपने {type} के अनुसार यही फ़ाइल सूची “{list}” में है।",
    ),
    "listed_claimed": (
        "A sender claims the {type} hash that stands on the list “{list}”. Nobody here has compared the bytes.",
        "भेजने वाले का बताया {type} हैश सूची “{list}” में है। यहाँ किसी ने फ़ाइलों का मिलान नहीं किया है।",
    ),
    "listed_near": (
        "A picture on the list “{list}” looks alike: {distance} of 256 bits differ. That is not the same file.",
        "सूची “{list}” की एक तस्वीर इससे मिलती-जुलती है: 256 में से {distance} बिट अलग हैं। यह वही फ़ाइल नहीं है।",
    ),
    "listed_film": (
        "A film on the list “{list}” looks alike: {near} of {of} frames lie within {bits} bits of frames of it.",
        "सूची “{list}” की एक फ़िल्म इससे मिलती-जुलती है: इसकी {of} में से {near} तस्वीरें उसकी तस्वीरों से {bits} बिट के भीतर हैं।",
    ),
    "film_back": (
        "Of that film’s {other_of} frames, {other_near} lie as near to frames of this one. That is not the same file.",
        "उस फ़िल्म की {other_of} में से {other_near} तस्वीरें इसकी तस्वीरों के उतनी ही पास हैं। यह वही फ़ाइल नहीं है।",
    ),
    "film_part": ("This film looks like a part of that one.", "यह फ़िल्म उस फ़िल्म का एक हिस्सा लगती है।"),
    "film_holds": ("That film looks like a part of this one.", "वह फ़िल्म इस फ़िल्म का एक हिस्सा लगती है।"),
    "listed_frame": (
        "A picture on the list “{list}” looks like {near} of this film’s {of} frames. That is not the same file.",
        "सूची “{list}” की एक तस्वीर इस फ़िल्म की {of} में से {near} तस्वीरों से मिलती-जुलती है। यह वही फ़ाइल नहीं है।",
    ),
    "frame_nearest": (
        "The nearest frame comes at {at}: {distance} of 256 bits differ.",
        "सबसे पास की तस्वीर {at} पर है: 256 में से {distance} बिट अलग हैं।",
    ),
    "listed_still": (
        "This picture looks like a frame of a film on the list “{list}”, at {at} of it: {distance} of 256 bits differ. That is not the same file.",
        "यह तस्वीर सूची “{list}” की एक फ़िल्म के {at} वाले दृश्य से मिलती-जुलती है: 256 में से {distance} बिट अलग हैं। यह वही फ़ाइल नहीं है।",
    ),
    "still_frames": (
        "Of that film’s {of} frames, {near} look like it.",
        "उस फ़िल्म की {of} में से {near} तस्वीरें इससे मिलती-जुलती हैं।",
    ),
    "film_here_before": (
        "A film that was here before looks alike: {near} of {of} frames lie within {bits} bits of frames of it, and {other_near} of its {other_of}. That is not the same file.",
        "पहले मिली एक फ़िल्म इससे मिलती-जुलती है: {of} में से {near} तस्वीरें {bits} बिट के भीतर हैं, और उसकी {other_of} में से {other_near}। यह वही फ़ाइल नहीं है।",
    ),
    "film_rule": (
        "The rule: a frame a second is taken, those that say little are left out; films look alike from {share} % of either’s frames.",
        "नियम: हर सेकंड एक तस्वीर ली जाती है, जिनसे कुछ पता नहीं चलता वे छोड़ी जाती हैं; किसी एक की {share} % तस्वीरें मिलने पर फ़िल्में मिलती-जुलती हैं।",
    ),
    "listed_as_material": (
        "The list names what is sought.",
        "यह सूची खोजी जा रही सामग्री की है।",
    ),
    "listed_as_viral": (
        "The list names what is widely passed on and known to everybody.",
        "यह सूची बहुत फैली हुई, सबकी जानी हुई फ़ाइलों की है।",
    ),
    "listed_as_harmless": (
        "The list names ordinary files, such as parts of programs.",
        "यह सूची साधारण फ़ाइलों की है, जैसे प्रोग्रामों के हिस्से।",
    ),
    "list_version": ("Version {version}, as of {day}.", "संस्करण {version}, {day} का।"),
    "list_vouched": ("Verified by people, by the list’s own word: {count}.", "सूची के अनुसार इतने लोगों ने जाँचा: {count}।"),
    "list_not_vouched": (
        "The list does not say how many people verified it.",
        "सूची नहीं बताती कि इसे कितने लोगों ने जाँचा।",
    ),
    "list_category": ("Category {code}: {words}.", "श्रेणी {code}: {words}।"),
    "list_code": (
        "Category {code}; what that means is in no table here.",
        "श्रेणी {code}; इसका अर्थ यहाँ किसी तालिका में नहीं है।",
    ),
    "list_closed": ("The list itself is not open to you.", "यह सूची आपके लिए खुली नहीं है।"),
    "tells_of_child": (
        "Unlike others with the same files, this report tells of a child; identifiers given: {count}.",
        "वही फ़ाइलें लाने वाली दूसरी रिपोर्टों से अलग, यह रिपोर्ट एक बच्चे के बारे में बताती है; दी गई पहचानें: {count}।",
    ),
    "tells_of_recipient": (
        "Unlike others with the same files, this report says who received something; identifiers given: {count}.",
        "वही फ़ाइलें लाने वाली दूसरी रिपोर्टों से अलग, यह रिपोर्ट बताती है कि किसे कुछ मिला; दी गई पहचानें: {count}।",
    ),
    "tells_of_another": (
        "Unlike others with the same files, this report tells of another person; identifiers given: {count}.",
        "वही फ़ाइलें लाने वाली दूसरी रिपोर्टों से अलग, यह रिपोर्ट एक और व्यक्ति के बारे में बताती है; दी गई पहचानें: {count}।",
    ),
    "file_not_held": (
        "This report describes more files than it brought; not held: {count}.",
        "इस रिपोर्ट में जितनी फ़ाइलें बताई गई हैं उतनी मिली नहीं; जो नहीं मिलीं: {count}।",
    ),
    "looks_alike": (
        "A picture that was here before looks alike: {distance} of 256 bits differ. That is not the same file.",
        "पहले मिली एक तस्वीर इससे मिलती-जुलती है: 256 में से {distance} बिट अलग हैं। यह वही फ़ाइल नहीं है।",
    ),
    "looks_alike_turned": (
        "A picture that was here before looks alike once it is turned or mirrored ({form}): {distance} of 256 bits differ. That is not the same file.",
        "पहले मिली एक तस्वीर घुमाने या उलटने पर इससे मिलती-जुलती है ({form}): 256 में से {distance} बिट अलग हैं। यह वही फ़ाइल नहीं है।",
    ),
    "stack_first": (
        "The bytes that the others are measured against.",
        "वही फ़ाइल जिससे बाकी की तुलना होती है।",
    ),
    "stack_near": (
        "{distance} of 256 bits differ from the first. That is not the same file.",
        "पहली से 256 में से {distance} बिट अलग हैं। यह वही फ़ाइल नहीं है।",
    ),
    "stack_near_turned": (
        "Once turned or mirrored ({form}), {distance} of 256 bits differ from the first. That is not the same file.",
        "घुमाने या उलटने पर ({form}) पहली से 256 में से {distance} बिट अलग हैं। यह वही फ़ाइल नहीं है।",
    ),
    "stack_film": (
        "{near} of {of} frames lie within {bits} bits of frames of the first, and {other_near} of its {other_of}. That is not the same file.",
        "{of} में से {near} तस्वीरें पहली की तस्वीरों से {bits} बिट के भीतर हैं, और उसकी {other_of} में से {other_near}। यह वही फ़ाइल नहीं है।",
    ),
    "found_later": ("Found on a list that came later.", "बाद में आई सूची में मिली।"),
    "open_again": (
        "Open again: the entry was withdrawn on {day}, because {why}.",
        "फिर से खुला: यह प्रविष्टि {day} को वापस ली गई, कारण: {why}।",
    ),
}
# Why an entry of a list is withdrawn, as `lists.sql` writes it.
END_REASONS: dict[str, tuple[str, str]] = {
    "left out": ("a newer version leaves it out", "नए संस्करण में यह नहीं है"),
    "taken back": ("the list took it back", "सूची ने इसे वापस लिया"),
    "corrected": ("the list corrected it", "सूची ने इसे सुधारा"),
    "list ended": ("the list was ended", "सूची समाप्त की गई"),
    "voted": ("a vote changed what the entry is worth", "एक मत से प्रविष्टि का मान बदला"),
}
# What a file of a list that was taken out does not hold, because its form has no place for it (`formats.form.LOST`).
LOST: dict[str, tuple[str, str]] = {
    "entry": (
        "entries are not in it: the form has no place for any hash they have",
        "प्रविष्टियाँ इसमें नहीं हैं: उनके किसी हैश की इस रूप में जगह नहीं",
    ),
    "hashes": ("entries have further hashes", "प्रविष्टियों के और हैश हैं"),
    "ref": ("entries have a number of the list’s own", "प्रविष्टियों की सूची की अपनी संख्या है"),
    "category": ("entries have a category", "प्रविष्टियों की श्रेणी है"),
    "media": ("entries say whether picture or film", "प्रविष्टियाँ बताती हैं कि चित्र है या फ़िल्म"),
    "marks": ("entries have marks, such as a victim identified", "प्रविष्टियों पर निशान हैं, जैसे पीड़ित की पहचान हुई"),
    "vouched": ("entries say how many verified them", "प्रविष्टियाँ बताती हैं कि कितनों ने जाँचा"),
    "disputed": ("entries say how many are against them", "प्रविष्टियाँ बताती हैं कि कितने विरोध में हैं"),
    "quality": ("entries say how much their PDQ says", "प्रविष्टियाँ बताती हैं कि उनका PDQ कितना भरोसेमंद है"),
    "dated": ("entries say of when they are", "प्रविष्टियाँ बताती हैं कि वे कब की हैं"),
    "together": (
        "entries have several hashes, which stand apart in it",
        "प्रविष्टियों के कई हैश हैं, जो इसमें अलग-अलग हैं",
    ),
    "votes": ("entries were voted on here", "प्रविष्टियों पर यहाँ मत दिए गए"),
}
# The three answers, never two.
ANSWERS: dict[str, tuple[str, str]] = {
    "known": ("known", "ज्ञात"),
    "looks-known": ("looks known", "ज्ञात जैसा"),
    "new": ("new", "नया"),
}
# What a list is for.
PURPOSES: dict[str, tuple[str, str]] = {
    "material": ("sought material", "खोजी जा रही सामग्री"),
    "viral": ("widely passed on", "बहुत फैली हुई"),
    "harmless": ("ordinary files", "साधारण फ़ाइलें"),
}
# The reasons against an entry (`votes.REASONS`), as officers read them.
VOTES_AGAINST: dict[str, tuple[str, str]] = {
    "The file is ordinary and known to many": (
        "the file is ordinary and known to many",
        "फ़ाइल साधारण है और बहुतों को पता है",
    ),
    "The file is not what the classification says": (
        "the file is not what the classification says",
        "फ़ाइल वह नहीं है जो वर्गीकरण कहता है",
    ),
    "The file is not unlawful": ("the file is not unlawful", "फ़ाइल ग़ैरक़ानूनी नहीं है"),
    "The hash is damaged or belongs to another file": (
        "the hash is damaged or belongs to another file",
        "हैश ख़राब है या किसी और फ़ाइल का है",
    ),
}
