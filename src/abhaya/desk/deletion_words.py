"""Words of deletion as officers read them, in English and Hindi."""

from __future__ import annotations

from collections.abc import Mapping

KIND_NAMES: Mapping[str, tuple[str, str]] = {
    "draft-ended": ("Submission never finished", "अधूरी रह गई प्रस्तुति"),
    "drop": ("Parcel of loaded files", "लोड की गई फ़ाइलों का पार्सल"),
    "report-test": ("Test report", "परीक्षण रिपोर्ट"),
    "report-closed": ("Report closed without action", "बिना कार्रवाई बंद रिपोर्ट"),
    "report-with-action": ("Report with an action taken", "कार्रवाई वाली रिपोर्ट"),
    "report": ("Report not decided", "रिपोर्ट जिस पर निर्णय नहीं हुआ"),
    "case": ("Case", "केस"),
    "ledger-searches": ("Records of searches", "खोजों के अभिलेख"),
    "deletion-proof": ("Proof of a deletion", "हटाए जाने का प्रमाण"),
    "officer-account": ("Officer’s account", "अधिकारी का खाता"),
    "decision": ("Decided by two people", "दो व्यक्तियों का निर्णय"),
    "delete": ("goes by the clock", "समय पूरा होने पर अपने आप हटता है"),
    "confirm": ("goes when two people decide", "दो व्यक्तियों के निर्णय से हटता है"),
    "review": ("somebody looks whether it is still needed", "देखा जाता है कि अब भी ज़रूरी है या नहीं"),
}
GROUND_NAMES: Mapping[str, tuple[str, str]] = {
    "retention": ("Its time of keeping has ended", "रखने की अवधि समाप्त"),
    "request": ("A person’s request was granted", "व्यक्ति का अनुरोध स्वीकार हुआ"),
    "court": ("A court or authority ordered it", "न्यायालय या प्राधिकारी का आदेश"),
    "mistake": ("It came here by mistake", "ग़लती से यहाँ आया"),
    "test": ("It is a test", "यह परीक्षण है"),
}
STATE_NAMES: Mapping[str, tuple[str, str]] = {
    "asked": ("waits for a second person", "दूसरे व्यक्ति की प्रतीक्षा में"),
    "decided": ("decided, about to go", "निर्णय हुआ, हटाया जाने वाला है"),
    "erased": ("deleted, being tidied up", "हटाया गया, सफ़ाई चल रही है"),
    "settled": ("deleted", "हटाया गया"),
    "withdrawn": ("taken back", "वापस लिया गया"),
}
# What a room's tables hold, in words; a room that is not here shows its own name.
TABLE_NAMES: Mapping[str, tuple[str, str]] = {
    "shared": ("Waiting for a stage", "चरण की प्रतीक्षा"),
    "routing": ("Whose it is, forwarding, actions taken", "किसकी है, भेजना, की गई कार्रवाई"),
    "triage": ("Urgency and queue", "तात्कालिकता और कतार"),
    "linking": ("Seen before", "पहले देखा गया"),
    "matching": ("Files seen before", "पहले देखी गई फ़ाइलें"),
    "selectors": ("Identifiers", "पहचान (फ़ोन, ई-मेल, खाते)"),
    "intake": ("The report as read, its files", "पढ़ी गई रिपोर्ट और फ़ाइलें"),
    "custody": ("Originals and their keys", "मूल फ़ाइलें और उनकी कुंजियाँ"),
    "access": ("Who may see it", "कौन देख सकता है"),
    "cases": ("Case", "केस"),
    "ledger": ("Text of the ledger’s entries", "लेजर प्रविष्टियों का पाठ"),
}
# Why a step of the plan keeps its row, by the plan's own English sentence; one that is not here stands as it is.
KEPT_WHY: Mapping[str, tuple[str, str]] = {
    why: (why, hindi)
    for why, hindi in (
        (
            "an opaque number, so that nothing can come in under it again",
            "एक संख्या जिससे कुछ पता नहीं चलता, ताकि उसके नीचे फिर कुछ न आ सके",
        ),
        (
            "the door's number, so that a client that asks again is answered and does not send again",
            "रिपोर्टिंग द्वार की संख्या, ताकि दोबारा पूछने वाले को उत्तर मिले और वह फिर न भेजे",
        ),
    )
}
ASKED_NAMES: Mapping[str, tuple[str, str]] = {
    "access": ("To know what is held", "क्या रखा है, यह जानना"),
    "correction": ("To have it corrected", "सुधार करवाना"),
    "erasure": ("To have it deleted", "हटवाना"),
    "restriction": ("To have its use restricted", "उपयोग सीमित करवाना"),
}
DECISION_NAMES: Mapping[str, tuple[str, str]] = {
    "granted": ("granted", "स्वीकार"),
    "partly": ("granted in part", "आंशिक रूप से स्वीकार"),
    "refused": ("refused", "अस्वीकार"),
    "investigation": ("An enquiry or investigation would suffer", "जाँच या विवेचना को हानि होगी"),
    "child": ("A child’s safety or identity", "बच्चे की सुरक्षा या पहचान"),
    "others": ("The rights of others", "दूसरों के अधिकार"),
    "law": ("A law or a court wants it kept", "कानून या न्यायालय इसे रखवाता है"),
    "not-them": ("It is not shown that it is about them", "यह सिद्ध नहीं कि यह उन्हीं के बारे में है"),
}
SAID_NAMES: Mapping[str, tuple[str, str]] = {
    "told": ("answered", "उत्तर दिया"),
    "direct": ("answers the person itself", "व्यक्ति को स्वयं उत्तर देती है"),
    "refused": ("refused", "अस्वीकार"),
    "silent": ("nothing said", "कुछ नहीं कहा"),
}
STATED_NAMES: Mapping[str, tuple[str, str]] = {
    "fact": ("stated by the sender", "भेजने वाले ने बताया"),
    "assessment": ("read out of a text by the program: an assessment", "कार्यक्रम ने पाठ से पढ़ा: एक आकलन"),
}
WRITTEN_NAMES: Mapping[str, tuple[str, str]] = {
    "remark": ("remark", "टिप्पणी"),
    "name": ("working name", "काम का नाम"),
    "judgement": ("judgement on two accounts", "दो खातों पर निर्णय"),
}
