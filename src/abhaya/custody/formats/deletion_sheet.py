"""The certificate of a deletion on paper: a PDF in English and Hindi, made of the signed text and nothing else.

The signed text stands on it whole, as it was signed: whoever doubts the page types nothing in, but checks the text file.
"""

from __future__ import annotations

from collections.abc import Mapping

from abhaya.shared import typesetting

Pair = tuple[str, str]  # in English, in Hindi
Words = Mapping[str, Mapping[str, Pair]]

# Facts of the signed text in the order in which they stand, as the page names them.
LABELS: Mapping[str, Pair] = {
    "deletion": ("Number of the deletion", "हटाने का क्रमांक"),
    "record": ("Number of the record", "अभिलेख का क्रमांक"),
    "kind": ("What it was", "क्या था"),
    "rule": ("Rule", "नियम"),
    "ground": ("Ground", "आधार"),
    "reference": ("Reference", "संदर्भ"),
    "asked by": ("Asked by", "माँगने वाला"),
    "decided by": ("Decided by", "निर्णय करने वाला"),
    "erased at": ("Deleted at (UTC)", "हटाने का समय (UTC)"),
    "rows deleted": ("Rows deleted", "हटाई गई पंक्तियाँ"),
    "ledger entries whose text was erased": (
        "Ledger entries whose text was erased",
        "लेजर प्रविष्टियाँ जिनका पाठ मिटाया गया",
    ),
    "originals whose key was destroyed": ("Originals whose key was destroyed", "मूल फ़ाइलें जिनकी कुंजी नष्ट की गई"),
}
LONG = frozenset({"deletion", "record"})
LINES_MAX = 5000  # about forty pages; a longer one stays a text file

_TEMPLATE = """
#let sheet = json(bytes(sys.inputs.content))
#set page(paper: "a4", margin: (x: 20mm, y: 18mm), footer: context [
  #set text(size: 8.5pt)
  #raw(sheet.deletion) #h(1fr) #counter(page).display("1 / 1", both: true)
])
#set text(font: "Noto Sans", size: 10.5pt)
#set par(leading: 0.65em)
#let both(english, hindi) = { english; linebreak(); text(size: 10pt, hindi) }
#text(size: 19pt, weight: "bold")[Certificate of a deletion]
#v(-3mm)
#text(size: 15pt)[हटाए जाने का प्रमाणपत्र]
#v(1mm)
#both[What is named below was deleted for good, and the keys to the originals counted below are destroyed: under this record nobody
can open them any more. The certificate does not say what they were.][नीचे जिसका क्रमांक है वह हमेशा के लिए हटा दिया गया है, और नीचे गिनी गई
मूल फ़ाइलों की कुंजियाँ नष्ट कर दी गई हैं: इस अभिलेख से अब उन्हें कोई नहीं खोल सकता। यह प्रमाणपत्र नहीं बताता कि वे क्या थीं।]
#v(2mm)
#table(
  columns: (62mm, 1fr), inset: 2.4mm, stroke: 0.5pt,
  ..for fact in sheet.facts {(
    [#fact.label #linebreak() #text(size: 9.5pt, fact.label_hi)],
    if fact.mono { raw(fact.value) } else { [#fact.value #if fact.value_hi != "" [#linebreak() #text(size: 9.5pt, fact.value_hi)]] },
  )}
)
#v(2mm)
#both[*To check it*, take the text file of this certificate and the key of this installation, as a witness or an earlier export has
it: #raw("python3 verify FILE --key key.txt"). Who has a deleted file and the salt below can show that it was this very one:
the SHA-256 of the words “abhaya erased original v1”, a line end, the salt and the file's SHA-256 stands below.][*जाँच के लिए*
इस प्रमाणपत्र की पाठ फ़ाइल और इस संस्थापन की कुंजी लें, जैसी किसी साक्षी या पहले के निर्यात में है: #raw("python3 verify FILE --key key.txt")। जिसके पास हटाई गई फ़ाइल और नीचे का
salt है, वह दिखा सकता है कि यह वही फ़ाइल थी।]
#v(2mm)
#table(
  columns: (62mm, 1fr), inset: 2.4mm, stroke: 0.5pt,
  [Name, signature, day #linebreak() #text(size: 9.5pt)[नाम, हस्ताक्षर, तारीख़]], v(11mm),
)
#v(3mm)
#text(weight: "bold")[The text as it was signed] #h(3mm) #text(size: 10pt)[हस्ताक्षरित पाठ, जैसा है]
#block(stroke: 0.5pt, inset: 3mm, width: 100%, breakable: true)[
  #set text(size: 7.4pt)
  #set par(leading: 0.5em)
  #for line in sheet.signed [#raw(line) #linebreak()]
]
"""


def fits(signed: str) -> bool:
    """Whether it is short enough for paper."""
    return signed.count("\n") <= LINES_MAX


def pdf(signed: str, words: Words) -> bytes:
    """The pages. `signed` is the certificate as a signed note; `words` say its codes (`kind`, `ground`) in two languages."""
    facts = _facts(signed)
    shown = [_shown(name, facts[name], words) for name in LABELS if facts.get(name)]
    content: dict[str, object] = {
        "deletion": facts.get("deletion", ""),
        "facts": shown,
        "signed": signed.rstrip("\n").split("\n"),
    }
    return typesetting.pdf(_TEMPLATE, content)


def _facts(signed: str) -> dict[str, str]:
    """The certificate's own lines; what stands under one, further in, is in the text below."""
    text = signed.partition("\n\n")[0]
    lines = (line.partition(": ") for line in text.splitlines()[1:] if not line.startswith(" "))
    return {name: value for name, _colon, value in lines}


def _shown(name: str, value: str, words: Words) -> dict[str, object]:
    english, hindi = words.get(name, {}).get(value, (value, ""))
    label, label_hi = LABELS[name]
    return {"label": label, "label_hi": label_hi, "value": english, "value_hi": hindi, "mono": name in LONG}
