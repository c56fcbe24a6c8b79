"""Words around names: titles, words that stand beside a name, forms of one name, names that very many people bear.

Everyday knowledge, kept short: what is missing here costs a proposal or shows one too many, never a link.
"""

from __future__ import annotations

import re
import unicodedata

_MEN = (
    "mr mister shri shree shriman janab mohtaram master thiru selvan श्री श्रीमान जनाब শ্রী জনাব திரு செல்வன் جناب محترم г-н"
)
_WOMEN = (
    "mrs ms miss smt shrimati srimati kum km sushri mohtarma thirumathi selvi श्रीमती श्रीमति सुश्री कु শ্রীমতী "
    "মিসেস திருமதி செல்வி محترمہ"
)
_ALL = (
    "dr doctor prof professor adv advocate er sri late swami pandit pt haji hajji hafiz maulana mufti capt col maj lt "
    "insp si asi ji saheb sahib sahab jr sr डॉ प्रो स्व स्वर्गीय पं जी साहब ডা ডঃ ড অধ্যাপক டாக்டர் ڈاکٹر مولانا "
    "حاجی صاحب др"
)
TITLES = dict.fromkeys(_ALL.split(), "") | dict.fromkeys(_MEN.split(), "m") | dict.fromkeys(_WOMEN.split(), "f")
ALSO_NAMES = frozenset(
    {"sri", "shri", "kum", "si", "er", "ji", "km", "selvi", "selvan", "செல்வி", "செல்வன்"}
)  # a title only where it comes first
ALSO_CALLED = ("urf", "alias", "aka", "a.k.a", "a/k/a", "nee", "née", "उर्फ", "उर्फ़", "ওরফে", "عرف")
PARTICLES = frozenset(
    {"al", "el", "ul", "ur", "us", "ud", "bin", "ibn", "bint", "de", "da", "di", "van", "von", "der", "ال", "بن"}
)
OF_FAITH = {  # "of the faith", the second half of a name; as it is written to the first half
    **dict.fromkeys(("uddin", "din", "deen", "eddine"), "uddin"), **dict.fromkeys(("الدین", "الدين"), "دین"),
    **dict.fromkeys(("दीन", "उद्दीन"), "ुद्दीन"), **dict.fromkeys(("উদ্দিন", "উদ্দীন"), "ুদ্দিন"),
}  # fmt: skip
UNSAID = dict.fromkeys([*map(ord, "’'`ʼ"), 0x0670, *range(0x064B, 0x0660), *range(0x0610, 0x061B)])
SERVANT = re.compile(r"[a*]ba?d(?:[aueo]?[lrsjn]?)")  # how Abd, Abdul, Abdur, Abdus sound

TOGETHER = (  # written as one word → as several: what comes first, then the groups of the pattern
    (re.compile(r"abd[uae](?:l|r(?=r)|s(?=s)|z(?=z)|n(?=n)|l-)([^\W\d_]{3,})"), ("abdul",)),
    (re.compile(r"عبدال(\w{3,})"), ("عبد",)),
    (re.compile(r"ال(\w{3,})"), ()),
    (re.compile(r"(.{4,})(bhai|behn|ben|भाई|बेन|ભાઈ|બેન)"), ()),  # Gujarati: brother, sister
)
HAS_VOWEL = re.compile(r"[aeiouy]")
SIGNS = dict.fromkeys(
    code for code in range(0x0300, 0x0E00) if unicodedata.category(chr(code)) in {"Mn", "Mc"}
)  # vowel signs and marks: an initial may carry one

GROUP_LIKENESS_MIN = 0.93

SHORT_FORMS = {
    "md": "mohammed", "mhd": "mohammed", "mohd": "mohammed", "mohmd": "mohammed", "muhd": "mohammed", "मो": "mohammed",
    "मु": "mohammed", "मोहं": "mohammed", "মো": "mohammed", "মোঃ": "mohammed", "মুহা": "mohammed", "sk": "sheikh",
    "শেখ": "sheikh", "حسن": "hasan", "حسین": "hussain", "حسين": "hussain", "லட்சுமி": "lakshmi", "kr": "kumar", "sg": "singh", "kmr": "kumar",
}  # fmt: skip

# Spellings that differ by more than sound. The first word names the group.
FORMS = {
    "mohammed": ("mohammed", "muhammad", "mohamad", "mahomed", "magomed", "mehmet", "mukamadu"),
    "banerjee": ("banerjee", "bandyopadhyay", "bandopadhyay"),
    "chatterjee": ("chatterjee", "chattopadhyay"),
    "mukherjee": ("mukherjee", "mukhopadhyay"),
    "ganguly": ("ganguly", "gangopadhyay"),
    "bhattacharya": ("bhattacharya", "bhattacharjee", "bhattacharyya"),
    "chakraborty": ("chakraborty", "chakravarthy", "chakravorty"),
    "roy": ("roy", "ray"),
    "dutta": ("dutta", "dutt", "datta"),
    "thakur": ("thakur", "tagore"),
    "ramadan": ("ramadan", "ramzan", "ramjan"),
    "ahmed": ("ahmed", "ahmad", "ahammad"),
    "hussain": ("hussain", "hossain", "husayn"), "hasan": ("hasan",),
    "lakshmi": ("lakshmi",),
    "rahman": ("rahman", "rehman", "rahaman"),
    "kumar": ("kumar",), "kumari": ("kumari",), "singh": ("singh", "sinh"), "devi": ("devi",), "lal": ("lal", "laal"),
    "bai": ("bai",), "kaur": ("kaur", "kor"), "begum": ("begum", "begam"), "khatun": ("khatun",), "bibi": ("bibi",),
    "bano": ("bano", "banu"), "rani": ("rani",), "prasad": ("prasad",), "bhai": ("bhai",), "ben": ("ben", "behn"),
    "sheikh": ("sheikh", "shaikh"), "syed": ("syed", "saiyad", "sayyid"),
}  # fmt: skip
COMPANION_GENDERS = {
    "kumar": "m", "lal": "m", "bhai": "m", "prasad": "m", "kumari": "f", "devi": "f", "bai": "f", "kaur": "f",
    "begum": "f", "khatun": "f", "bibi": "f", "bano": "f", "rani": "f", "ben": "f",
}  # fmt: skip
COMPANIONS = frozenset(COMPANION_GENDERS) | {"singh", "sheikh", "syed", "mohammed"}

# Names of which a unit of any size has many, whatever its own table has seen so far.
_COMMON = (
    "rahul amit sunil anil sanjay rajesh ramesh suresh mukesh rakesh dinesh mahesh ganesh manoj vijay ajay ravi ashok "
    "deepak vinod arun santosh pradeep sandeep rohit vikas pooja priya neha anita sunita kavita rekha geeta sita "
    "lakshmi asha meena radha pinki rinku raju ram shyam krishna mohan sohan gopal arjun imran salman aslam akram "
    "irfan rahim karim abdul ali ahmed hussain hasan fatima ayesha nasreen anjali aarti jyoti kiran manju "
    "sharma verma gupta yadav patel shah khan ansari mishra tiwari pandey dubey jain agarwal das roy dutta sen ghosh "
    "mondal sarkar biswas islam rahman reddy rao nair pillai iyer naidu chauhan thakur jha paswan sahu prajapati "
    "maurya rajput chowdhury malik mehta joshi desai pawar patil shinde jadhav more kulkarni gill sandhu dhillon "
    "murugan selvam kannan senthil karthik ivan aleksandr sergey dmitry andrey aleksey ivanov petrov smirnov "
    "kuznetsov john david michael james mary maria joseph thomas smith jones"
)
COMMON = _COMMON.split()
