"""Codes of the rooms in words, for the ledger's sentences: the ledger itself knows no room above it."""

from __future__ import annotations

from abhaya.access.reasons import APPROVAL_KINDS
from abhaya.desk.deletion_words import ASKED_NAMES
from abhaya.ledger.wording import Words
from abhaya.triage.actions import DECISIONS
from abhaya.triage.reasons import LANE_NAMES

WORDS: Words = {
    "answer": {"granted": ("granted it", "स्वीकृति"), "refused": ("refused it", "मना")},
    "emergency": {
        "open": ("the report opened for four hours", "रिपोर्ट चार घंटे के लिए खोली गई"),
        "unmask": ("who is masked was shown", "छिपाए गए व्यक्ति की पहचान दिखाई गई"),
    },
    "kind": {**APPROVAL_KINDS, **ASKED_NAMES},
    "review": {"justified": ("justified", "उचित"), "unjustified": ("not justified", "उचित नहीं")},
    "lane": LANE_NAMES,
    "decision": DECISIONS,
    "channel": {
        "ispws": ("the reporting door", "रिपोर्टिंग द्वार"),
        "json": ("a downloaded report", "डाउनलोड की गई रिपोर्ट"),
        "xml": ("a submission kept as files", "फ़ाइलों में सहेजी गई प्रस्तुति"),
        "workbook": ("a workbook", "वर्कबुक"),
        "form": ("an officer’s form", "अधिकारी का फ़ॉर्म"),
    },
}
