"""Invented given names and family names, in Latin and Devanagari script. Any likeness is chance."""

from __future__ import annotations

GIVEN = (
    ("Aarav", "आरव"), ("Bhavna", "भावना"), ("Chetan", "चेतन"), ("Deepa", "दीपा"), ("Eshan", "ईशान"),
    ("Farida", "फ़रीदा"), ("Gopal", "गोपाल"), ("Hema", "हेमा"), ("Imran", "इमरान"), ("Jaya", "जया"),
    ("Kunal", "कुणाल"), ("Lata", "लता"), ("Manoj", "मनोज"), ("Nisha", "निशा"), ("Om", "ओम"),
    ("Pooja", "पूजा"), ("Qadir", "क़ादिर"), ("Ritu", "ऋतु"), ("Suresh", "सुरेश"), ("Tara", "तारा"),
    ("Uday", "उदय"), ("Vani", "वाणी"), ("Wasim", "वसीम"), ("Yash", "यश"), ("Zoya", "ज़ोया"),
)  # fmt: skip
FAMILY = (
    ("Testwala", "टेस्टवाला"), ("Namunekar", "नमूनेकर"), ("Udaharan", "उदाहरण"), ("Kalpit", "कल्पित"),
    ("Abhyas", "अभ्यास"), ("Prashikshan", "प्रशिक्षण"), ("Nakli", "नक़ली"), ("Kritrim", "कृत्रिम"),
    ("Manghadant", "मनगढ़ंत"), ("Kalpana", "कल्पना"),
)  # fmt: skip

# Platforms that do not exist: name, what they carry, how they send (their own habits of missing fields).
PLATFORMS = (
    ("PhotoShare", "chatImIncident", 0.34),
    ("ChatLine", "chatImIncident", 0.26),
    ("CloudBox", "webPageIncident", 0.14),
    ("VideoTown", "webPageIncident", 0.10),
    ("GameHall", "onlineGamingIncident", 0.08),
    ("MailPost", "emailIncident", 0.08),
)

# Neutral stand-ins for what a conversation contains; no wording of any real one.
LINES = (
    "asks age", "says 13", "says 15", "asks for a picture", "asks to move to another app", "threatens to post",
    "asks for money", "gives a UPI address", "says do not tell", "asks which school", "sends a link",
)  # fmt: skip
