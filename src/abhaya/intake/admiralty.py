"""The two grades of the Admiralty system, in words, and which of several said of one report counts (pure).

Source: NATO AJP-2.1, grading of sources and of information. Reliability is the source's and credibility the information's;
each is judged without the other. F and 6 say that there is nothing yet to judge by: nobody's fault, and where all begin.
A grade is for whoever reads. No weight, order, link or route depends on one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from abhaya.shared.reason import Sentences

Pair = tuple[str, str]  # English, Hindi

RELIABILITY: dict[str, Pair] = {
    "A": ("completely reliable", "पूरी तरह भरोसेमंद"),
    "B": ("usually reliable", "अक्सर भरोसेमंद"),
    "C": ("fairly reliable", "कुछ हद तक भरोसेमंद"),
    "D": ("not usually reliable", "अक्सर भरोसेमंद नहीं"),
    "E": ("unreliable", "भरोसेमंद नहीं"),
    "F": ("cannot be judged", "आँका नहीं जा सकता"),
}
RELIABILITY_MEANS: dict[str, Pair] = {
    "A": (
        "No doubt that it is who it says, is honest and knows; what it sent before was always right.",
        "इसकी पहचान, ईमानदारी और जानकारी पर कोई शंका नहीं; पहले भेजी हर बात सही निकली।",
    ),
    "B": (
        "A little doubt; most of what it sent before was right.",
        "थोड़ी शंका है; पहले भेजी अधिकतर बातें सही निकलीं।",
    ),
    "C": (
        "There is doubt; some of what it sent before was right.",
        "शंका है; पहले भेजी कुछ बातें सही निकलीं।",
    ),
    "D": (
        "Much doubt; little of what it sent before was right.",
        "काफ़ी शंका है; पहले भेजी कम ही बातें सही निकलीं।",
    ),
    "E": (
        "It is not who it says, not honest or does not know; what it sent before was wrong.",
        "यह वह नहीं जो बताता है, ईमानदार नहीं या जानकार नहीं; पहले भेजी बातें ग़लत निकलीं।",
    ),
    "F": (
        "There is nothing yet to judge it by: a new source, or one nobody has looked at.",
        "आँकने का अभी कोई आधार नहीं: स्रोत नया है, या किसी ने इसे अभी देखा नहीं।",
    ),
}
CREDIBILITY: dict[str, Pair] = {
    "1": ("confirmed by other sources", "दूसरे स्रोतों से पुष्टि हुई"),
    "2": ("probably true", "संभवतः सच"),
    "3": ("possibly true", "सच हो सकता है"),
    "4": ("doubtful", "संदिग्ध"),
    "5": ("improbable", "सच होने की संभावना कम"),
    "6": ("cannot be judged", "आँका नहीं जा सकता"),
}
CREDIBILITY_MEANS: dict[str, Pair] = {
    "1": (
        "Another source, independent of this one, says the same; it fits with what is known.",
        "इससे अलग दूसरा स्रोत भी यही बताता है; ज्ञात बातों से मेल खाता है।",
    ),
    "2": (
        "Not confirmed; it makes sense and fits with what is known.",
        "पुष्टि नहीं हुई; बात समझ में आती है और ज्ञात बातों से मेल खाती है।",
    ),
    "3": (
        "Not confirmed; it may be so, and fits with some of what is known.",
        "पुष्टि नहीं हुई; ऐसा हो सकता है, कुछ ज्ञात बातों से मेल खाता है।",
    ),
    "4": (
        "Not confirmed; it can be so, but nothing that is known speaks for it.",
        "पुष्टि नहीं हुई; ऐसा संभव है, पर कोई ज्ञात बात इसके पक्ष में नहीं।",
    ),
    "5": (
        "It does not make sense, or what is known speaks against it.",
        "बात समझ में नहीं आती, या ज्ञात बातें इसके विरुद्ध हैं।",
    ),
    "6": (
        "There is nothing yet to hold it against, or nobody has looked.",
        "मिलान के लिए अभी कुछ नहीं है, या किसी ने अभी देखा नहीं।",
    ),
}
FOR_THE_READER: Pair = (
    "A grade is for whoever reads. It changes no weight, no order and no link: weights come from counts.",
    "श्रेणी केवल पढ़ने वाले के लिए है। इससे न कोई भार बदलता है, न क्रम, न कड़ी: भार गिनती से आते हैं।",
)
SENTENCES: Sentences = {
    "grade_weak": (
        "The strongest evidence comes from one report, {number}, graded {grade} by {names}.",
        "सबसे मज़बूत साक्ष्य एक ही रिपोर्ट {number} से आता है, जिसे {names} ने श्रेणी {grade} दी।",
    ),
    "grade_weak_side": (
        "On one side the strongest evidence comes from one report alone, {number}, graded {grade} by {names}.",
        "एक ओर सबसे मज़बूत साक्ष्य केवल एक रिपोर्ट {number} से आता है, जिसे {names} ने श्रेणी {grade} दी।",
    ),
}
NO_RELIABILITY, NO_CREDIBILITY = "F", "6"
WEAK_RELIABILITY, WEAK_CREDIBILITY = frozenset("DE"), frozenset("45")


class Word(NamedTuple):
    """What somebody said; "" for what they left open."""

    reliability: str = ""
    credibility: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Grade:
    """How a report is graded now. `source_by`, `by`: who graded its source, and what it says; "" where nobody did."""

    reliability: str = NO_RELIABILITY
    credibility: str = NO_CREDIBILITY
    source_by: str = ""
    by: str = ""

    @property
    def code(self) -> str:
        return self.reliability + self.credibility

    @property
    def is_given(self) -> bool:
        return bool(self.source_by or self.by)

    @property
    def weak_by(self) -> tuple[str, ...]:
        """Who gave the grade that is weak, D or E, 4 or 5; nobody where none is."""
        weak = [self.source_by] if self.reliability in WEAK_RELIABILITY else []
        weak += [self.by] if self.credibility in WEAK_CREDIBILITY else []
        return tuple(dict.fromkeys(weak))


NOT_GRADED = Grade()


def of_report(word: Word, entered: Word, sender: Word) -> Grade:
    """The newest word on the report counts first, then what its officer said when entering it, then what is said of its
    sender. Whoever entered F or 6 left it open.
    """
    opened = Word(entered.reliability.strip(NO_RELIABILITY), entered.credibility.strip(NO_CREDIBILITY), entered.by)
    source = next((one for one in (word, opened, sender) if one.reliability), Word(NO_RELIABILITY))
    information = next((one for one in (word, opened) if one.credibility), Word(credibility=NO_CREDIBILITY))
    return Grade(source.reliability, information.credibility, source.by, information.by)
