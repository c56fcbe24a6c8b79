"""One holder's share of the vault's key as a sheet of paper: a PDF of one page, in English and Hindi."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from abhaya.shared import typesetting

_TEMPLATE = """
#let sheet = json(bytes(sys.inputs.content))
#set page(paper: "a4", margin: (x: 20mm, y: 18mm))
#set text(font: "Noto Sans", size: 11pt)
#set par(leading: 0.7em)
#let both(english, hindi) = { english; linebreak(); text(size: 10.5pt, hindi) }
#text(size: 20pt, weight: "bold")[Share #sheet.number of #sheet.shares]
#h(6mm) #text(size: 16pt)[हिस्सा #sheet.number, कुल #sheet.shares]
#v(2mm)
#both[One part of the key to the vault of originals. *Any #sheet.needed of the #sheet.shares sheets open the vault; fewer open
nothing.* Keep this sheet in a safe of your own, apart from the others. Show it to nobody, copy it nowhere, photograph it never.][
मूल फ़ाइलों की तिजोरी की कुंजी का एक हिस्सा। *कुल #sheet.shares में से कोई भी #sheet.needed पन्ने मिलकर तिजोरी खोलते हैं; इससे कम कुछ नहीं खोलते।*
इसे अपनी अलमारी में, बाक़ी पन्नों से अलग, ताले में रखें। किसी को न दिखाएँ, नक़ल न करें, फ़ोटो न लें।]
#v(4mm)
#table(
  columns: (auto, 1fr), inset: 3mm, stroke: 0.5pt,
  [Vault key · कुंजी], raw(sheet.key_id),
  [Set · समूह], raw(sheet.set_id),
  [Written on · तारीख़], [#sheet.on],
  [Holder · रखने वाला], v(8mm),
  [Signature, day · हस्ताक्षर, तारीख़], v(8mm),
)
#v(4mm)
#block(stroke: 1.2pt, inset: 6mm, width: 100%)[
  #set text(font: "DejaVu Sans Mono", size: 17pt)
  #for (number, line) in sheet.lines.enumerate() [#text(size: 11pt)[#(number + 1)] #h(4mm) #line #linebreak()]
]
#v(2mm)
#both[The letters I, L, O and U are never used: what looks like one of them is the figure 1 or 0, or a V. The last two letters of each
line check it.][अक्षर I, L, O और U कभी नहीं आते: ऐसा कुछ दिखे तो वह अंक 1 या 0, या V है। हर पंक्ति के अंतिम दो अक्षर उसकी जाँच के लिए हैं।]
#v(2mm)
#both[*To use it:* on the server, #raw("abhaya key join") asks for #sheet.needed sheets, one after the other. To rehearse, without writing
the key: #raw("abhaya key join --prove").][*उपयोग:* सर्वर पर #raw("abhaya key join") एक-एक करके #sheet.needed पन्ने माँगता है। केवल अभ्यास के
लिए, कुंजी लिखे बिना: #raw("abhaya key join --prove")।]
#v(2mm)
#both[When the key is changed, new sheets are written. Keep this one as long as a backup under this key is kept.][कुंजी बदलने पर नए पन्ने
लिखे जाते हैं। जब तक इस कुंजी वाला कोई बैकअप रखा है, तब तक यह पन्ना भी रखें।]
"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on it. `on`: the day as it is to be printed."""

    number: int
    shares: int
    needed: int
    key_id: str
    set_id: str
    on: str
    lines: list[str]


def pdf(sheet: Sheet) -> bytes:
    """The page."""
    return typesetting.pdf(_TEMPLATE, asdict(sheet))
