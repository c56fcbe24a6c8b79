"""What judgements and changes of subjects are called, English and Hindi side by side."""

from __future__ import annotations

from collections.abc import Mapping

Pairs = Mapping[str, tuple[str, str]]

ANSWERS: Pairs = {
    "same": ("the same person’s", "एक ही व्यक्ति के"),
    "different": ("different persons’", "अलग-अलग व्यक्तियों के"),
    "unsure": ("unsure", "पक्का नहीं"),
}
CHANGES: Pairs = {
    "born": ("accounts stand together for the first time", "खाते पहली बार साथ जुड़े"),
    "joined": ("accounts came to it", "खाते इसमें जुड़े"),
    "split": ("accounts were parted from it", "खाते इससे अलग हुए"),
    "moved": ("accounts went over to another", "खाते दूसरे में गए"),
    "ended": ("it ended", "यह समाप्त हुआ"),
}
NEWS: Pairs = {  # the same, where the desk tells of it
    "born": ("Accounts stand together for the first time", "खाते पहली बार साथ जुड़े"),
    "joined": ("Accounts came to a person", "खाते एक व्यक्ति में जुड़े"),
    "split": ("Accounts were parted from a person", "खाते एक व्यक्ति से अलग हुए"),
    "moved": ("Accounts went over to another person", "खाते दूसरे व्यक्ति में गए"),
    "ended": ("A person’s accounts stand apart again", "एक व्यक्ति के खाते फिर अलग हुए"),
}
CAUSES: Pairs = {
    "report": ("a report", "एक रिपोर्ट"),
    "judgement": ("an officer’s judgement", "अधिकारी का निर्णय"),
    "retraction": ("evidence that was deleted or withdrawn", "हटाया या वापस लिया गया साक्ष्य"),
    "rules": ("computing everything anew", "सब कुछ फिर से निकालना"),
}
