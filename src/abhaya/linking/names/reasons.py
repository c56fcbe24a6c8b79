"""The sentences of comparisons of names, addresses and screen names, English and Hindi side by side."""

from __future__ import annotations

from abhaya.shared.reason import Sentences

SENTENCES: Sentences = {
    "name_letters": ("Written with the same letters.", "अक्षर एक जैसे हैं।"),
    "name_script": (
        "The same after transliteration: {one} and {other}.",
        "लिपि बदलने पर एक जैसा: {one} और {other}।",
    ),
    "name_script_near": (
        "Alike after transliteration: {one} and {other}.",
        "लिपि बदलने पर मिलता-जुलता: {one} और {other}।",
    ),
    "name_spelling": ("Two spellings that sound the same: {one} and {other}.", "सुनने में एक, वर्तनी दो: {one} और {other}।"),
    "name_near": ("Two spellings that sound alike: {one} and {other}.", "सुनने में मिलते-जुलते: {one} और {other}।"),
    "name_forms": ("Two forms of one name: {one} and {other}.", "एक ही नाम के दो रूप: {one} और {other}।"),
    "name_order": ("The parts stand in another order.", "नाम के भागों का क्रम अलग है।"),
    "name_joined": (
        "Written together on one side and apart on the other.",
        "एक ओर मिलाकर लिखा है, दूसरी ओर अलग-अलग।",
    ),
    "name_initial": ("{initial} may stand for {part}.", "{initial} का अर्थ {part} हो सकता है।"),
    "name_initial_differs": (
        "An initial fits nothing on the other side.",
        "नाम का पहला अक्षर दूसरी ओर किसी से नहीं मिलता।",
    ),
    "name_part_missing": (
        "{part} stands on one side only: a name left out, or a name taken in marriage.",
        "{part} केवल एक ओर लिखा है: छोड़ा गया नाम, या विवाह के बाद का नाम।",
    ),
    "name_single": (
        "Only one name is written, which many people bear.",
        "केवल एक नाम लिखा है, जो बहुत लोगों का होता है।",
    ),
    "name_final_a": (
        "One ends in -a: often a man's name and a woman's.",
        "एक के अंत में -a है: अक्सर एक पुरुष का और एक स्त्री का नाम।",
    ),
    "name_gender": (
        "One is addressed as a man, the other as a woman.",
        "एक को पुरुष और दूसरे को स्त्री कहकर लिखा है।",
    ),
    "name_titles": ("Titles left aside: {titles}.", "उपाधियाँ नहीं गिनी गईं: {titles}।"),
    "name_companion": (
        "{words} stands on one side only and says little.",
        "{words} केवल एक ओर लिखा है और इससे कम ही पता चलता है।",
    ),
    "name_also_called": ("By another name written beside it.", "साथ लिखे दूसरे नाम से।"),
    "name_common": (
        "A common name: very many people bear it, and the name alone says little.",
        "बहुत आम नाम: इसे बहुत लोग रखते हैं, केवल नाम से कम ही पता चलता है।",
    ),
    "name_common_counted": (
        "A common name: {accounts} or more accounts here bear each part, and the name alone says little.",
        "आम नाम: यहाँ {accounts} या अधिक खातों में इसका हर भाग है, केवल नाम से कम ही पता चलता है।",
    ),
    "name_rest_differs": (
        "Only {part} meets; {one} and {other} do not.",
        "केवल {part} मिलता है; {one} और {other} नहीं मिलते।",
    ),
    "name_nothing_alike": ("No part is alike.", "कोई भाग नहीं मिलता।"),
    "name_unread": ("One side has no letters that make a name.", "एक ओर ऐसे अक्षर नहीं हैं जिनसे नाम बने।"),
    "address_pin": ("The same PIN code, {pin}.", "पिन कोड एक ही है, {pin}।"),
    "address_pin_differs": ("The PIN codes differ.", "पिन कोड अलग हैं।"),
    "address_no_pin": ("One side has no PIN code: not compared.", "एक ओर पिन कोड नहीं है: तुलना नहीं की गई।"),
    "address_words": ("Words that meet, of {all}: {words}.", "{all} में से मिलते शब्द: {words}।"),
    "address_number": ("A number of the house or street is the same.", "मकान या गली का एक नंबर एक ही है।"),
    "address_number_differs": ("The numbers of house and street differ.", "मकान और गली के नंबर अलग हैं।"),
    "screen_name_letters": (
        "The same letters and digits; case, accents and separators are left aside.",
        "अक्षर और अंक एक ही हैं; छोटे-बड़े अक्षर, मात्रा-चिह्न और विभाजक नहीं गिने गए।",
    ),
    "screen_name_tail": (
        "The same, {stem}, but for the digits at the end.",
        "{stem} एक ही है, केवल अंत के अंक अलग हैं।",
    ),
    "screen_name_differs": ("The screen names differ.", "स्क्रीन नाम अलग हैं।"),
    "screen_name_platform": ("On the same platform.", "एक ही प्लेटफ़ॉर्म पर।"),
    "screen_name_platforms": ("On two platforms.", "दो अलग प्लेटफ़ॉर्म पर।"),
}
LEAD = (
    "Names only propose: many people share a name, and anybody can write one.",
    "नाम केवल संकेत है: एक नाम बहुत लोगों का होता है, और कोई भी नाम लिखा जा सकता है।",
)
DOUBTS = {  # by kind: why each of them says little
    "name": LEAD,
    "address": (
        "Addresses only propose: people share a house, and anybody can write one. One without a PIN code is not compared.",
        "पता केवल संकेत है: एक घर में कई लोग रहते हैं, और कोई भी पता लिखा जा सकता है। बिना पिन कोड के पते की तुलना नहीं होती।",
    ),
    "screen_name": (
        "Screen names only propose: they are chosen, changed and copied at will.",
        "स्क्रीन नाम केवल संकेत है: इसे कोई भी चुन, बदल या नकल कर सकता है।",
    ),
}
