"""Codes of the rooms in words, for the ledger's sentences: the ledger itself knows no room above it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from abhaya.access.reasons import APPROVAL_KINDS
from abhaya.cases import words as cases
from abhaya.custody.look_reasons import RESULTS, STEPS_SHOWN
from abhaya.desk.deletion_words import ASKED_NAMES, DECISION_NAMES, GROUND_NAMES
from abhaya.exchange import words as exchange
from abhaya.ledger.wording import Words
from abhaya.linking import words as linking
from abhaya.places.queries import place
from abhaya.triage.actions import DECISIONS
from abhaya.triage.reasons import LANE_NAMES


class _Places(Mapping[str, tuple[str, str]]):
    """What a place is called, by its code, as the gazetteer has it today."""

    def __getitem__(self, code: str) -> tuple[str, str]:
        found = place(code)
        if found is None:
            raise KeyError(code)
        return found.name, found.name_hi or found.name

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


WORDS: Words = {
    "basis": {
        "referral": ("it was forwarded there", "वहाँ भेजी गई"),
        "received": ("it came in there", "वहाँ आई"),
        "loaded": ("it was loaded there", "वहाँ लोड की गई"),
    },
    "ground": {**GROUND_NAMES, **DECISION_NAMES},
    "outcome": DECISION_NAMES,
    "place": _Places(),
    "reached": STEPS_SHOWN,
    "result": RESULTS,
    "viewed": {
        "true": ("the sender says it looked at it", "प्रेषक कहता है कि उसने देखी"),
        "false": ("the sender says it did not look at it", "प्रेषक कहता है कि उसने नहीं देखी"),
        "null": ("the sender does not say whether it looked", "प्रेषक नहीं बताता कि उसने देखी या नहीं"),
    },
    "answer": {"granted": ("granted it", "स्वीकृति"), "refused": ("refused it", "मना"), **linking.ANSWERS},
    "cause": linking.CAUSES,
    "emergency": {
        "open": ("the report opened for four hours", "रिपोर्ट चार घंटे के लिए खोली गई"),
        "unmask": ("who is masked was shown", "छिपाए गए व्यक्ति की पहचान दिखाई गई"),
    },
    "kind": {**linking.CHANGES, **cases.LEDGER["kind"], **APPROVAL_KINDS, **ASKED_NAMES},
    "review": {"justified": ("justified", "उचित"), "unjustified": ("not justified", "उचित नहीं")},
    "lane": LANE_NAMES,
    "anew": {
        "persons": (
            "other reports of its persons say something else",
            "इसके व्यक्तियों की दूसरी रिपोर्टों से अब कुछ और पता चलता है",
        )
    },
    "side": exchange.SIDES,
    "decision": {**DECISIONS, **cases.LEDGER["decision"]},
    "channel": {
        "ispws": ("the reporting door", "रिपोर्टिंग द्वार"),
        "json": ("a downloaded report", "डाउनलोड की गई रिपोर्ट"),
        "xml": ("a submission kept as files", "फ़ाइलों में सहेजी गई प्रस्तुति"),
        "workbook": ("a workbook", "वर्कबुक"),
        "form": ("an officer’s form", "अधिकारी का फ़ॉर्म"),
        "chat": ("an exported chat", "निर्यात की गई चैट"),
        "members": ("a list of a group’s members", "समूह के सदस्यों की सूची"),
    },
}
