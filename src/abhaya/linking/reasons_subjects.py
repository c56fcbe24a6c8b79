"""The sentences of subjects: why accounts are held together, English and Hindi side by side."""

from __future__ import annotations

from abhaya.linking.reasons_links import SENTENCES as LINKS
from abhaya.shared.reason import Sentences

SENTENCES: Sentences = {
    **LINKS,
    "link_not_joined": (
        "What they share would be enough, but joined they would bring together what must stay apart, or hang on one weak link.",
        "इनमें जो समान है वह पर्याप्त होता, पर जुड़ने पर वे साथ आ जाते जिन्हें अलग रहना है, या सब एक कमज़ोर कड़ी पर टिका होता।",
    ),
}
LEAD = (
    "A lead, not evidence: it says which accounts may be one person’s, and not who that person is.",
    "यह केवल सुराग़ है, सबूत नहीं: इससे पता चलता है कि कौन-से खाते एक व्यक्ति के हो सकते हैं, यह नहीं कि वह कौन है।",
)
