"""A sentence for every event, in English and Hindi.

A sentence has parts in square brackets: a part is said only if the entry holds the facts it names, so that an entry of an
older version still reads as a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from abhaya.ledger.events import Event
from abhaya.ledger.wording_access import ACCESS
from abhaya.ledger.wording_linking import LINKING

# Codes among the facts in words, where a later room has words for them: {"lane": {"normal": ("Normal", "सामान्य")}}.
Words = Mapping[str, Mapping[str, tuple[str, str]]]

EVENTS: Mapping[Event, tuple[str, str]] = {
    **ACCESS,
    Event.CASES_CASE_CHANGED: ("Case changed", "केस का विवरण बदला गया"),
    Event.CASES_CASE_CLOSED: ("Case closed[: {reason}]", "केस बंद किया गया[: {reason}]"),
    Event.CASES_CASE_OPENED: ("Case opened[: {reference}]", "केस खोला गया[: {reference}]"),
    Event.CASES_CASE_REOPENED: ("Case taken up again[: {reason}]", "केस फिर से खोला गया[: {reason}]"),
    Event.CASES_CASE_VIEWED: ("Case read", "केस पढ़ा गया"),
    Event.CASES_CHART_EXPORTED: (
        "Link chart taken out[ as {form}][: {things} things]",
        "संबंध चार्ट बाहर ले जाया गया[ {form} के रूप में][: {things} वस्तुएँ]",
    ),
    Event.CASES_CHART_SAVED: ("Arrangement of the link chart kept", "संबंध चार्ट की व्यवस्था रखी गई"),
    Event.CASES_CHART_VIEWED: ("Link chart seen[: {things} things]", "संबंध चार्ट देखा गया[: {things} वस्तुएँ]"),
    Event.CASES_HIT_DECIDED: (
        "Decided whether to speak[: {decision}][: {reason}]",
        "बात करने पर निर्णय[: {decision}][: {reason}]",
    ),
    Event.CASES_HIT_FOUND: (
        "Somebody else has the same identifier, file or person",
        "किसी और के पास भी यही पहचान, फ़ाइल या व्यक्ति है",
    ),
    Event.CASES_HIT_TOLD: ("Told whom to talk to", "किससे बात करनी है, बताया गया"),
    Event.CASES_HIT_WITHDRAWN: (
        "Whom to talk to was withdrawn: the accounts do not stand together any more",
        "किससे बात करनी है, यह वापस लिया गया: खाते अब साथ नहीं हैं",
    ),
    Event.CASES_NOTE_ADDED: ("Note written", "टिप्पणी लिखी गई"),
    Event.CASES_PROBING_NOTICED: (
        "Searches that touched others’ protected work[: {searches}]",
        "ऐसी खोजें जो दूसरों के सुरक्षित काम से टकराईं[: {searches}]",
    ),
    Event.CASES_REPORT_ATTACHED: ("Report attached[: {number}][, {reason}]", "रिपोर्ट जोड़ी गई[: {number}][, {reason}]"),
    Event.CASES_REPORT_DETACHED: ("Report detached[: {number}][, {reason}]", "रिपोर्ट हटाई गई[: {number}][, {reason}]"),
    Event.CASES_WATCH_ADDED: ("Identifier noted[: {kind}]", "पहचान दर्ज की गई[: {kind}]"),
    Event.CASES_WATCH_ENDED: ("Identifier struck out[: {reason}]", "पहचान हटाई गई[: {reason}]"),
    Event.CUSTODY_ITEM_VIEWED: ("Item looked at[: {name}]", "वस्तु देखी गई[: {name}]"),
    Event.CUSTODY_GRANT_ASKED: (
        "Another unit asks to open an original[: {unit}][, kept at {keeper_name}]",
        "दूसरी इकाई ने मूल फ़ाइल खोलने की अनुमति माँगी[: {unit}][, फ़ाइल {keeper_name} के पास]",
    ),
    Event.CUSTODY_GRANT_GIVEN: (
        "Opening an original allowed to another unit[ for {hours} hours]",
        "दूसरी इकाई को मूल फ़ाइल खोलने की अनुमति दी गई[, {hours} घंटे के लिए]",
    ),
    Event.CUSTODY_GRANT_REFUSED: (
        "Opening an original not allowed to another unit",
        "दूसरी इकाई को मूल फ़ाइल खोलने की अनुमति नहीं दी गई",
    ),
    Event.CUSTODY_KEY_PROVED: (
        "Vault key put together from its paper shares, as a rehearsal[: {shares} shares]",
        "तिजोरी की कुंजी काग़ज़ी हिस्सों से अभ्यास के तौर पर जोड़ी गई[: {shares} हिस्से]",
    ),
    Event.CUSTODY_KEY_RETIRED: ("Old vault key destroyed[: {key}]", "तिजोरी की पुरानी कुंजी नष्ट की गई[: {key}]"),
    Event.CUSTODY_KEY_ROTATED: (
        "Vault key changed: everything is under the new one[, {wraps} wraps]",
        "तिजोरी की कुंजी बदली गई: अब सब कुछ नई कुंजी से बंद है[, {wraps} ताले]",
    ),
    Event.CUSTODY_KEY_SPLIT: (
        "Vault key split on paper[: {shares} shares, {needed} needed]",
        "तिजोरी की कुंजी काग़ज़ पर बाँटी गई[: {shares} हिस्से, {needed} ज़रूरी]",
    ),
    Event.CUSTODY_KEY_SWITCHED: (
        "New vault key in use[: {key}]; the old one still opens",
        "तिजोरी की नई कुंजी लागू[: {key}]; पुरानी अभी भी खोलती है",
    ),
    Event.CUSTODY_MOVE_BEGUN: (
        "Vault begins to move[: from {from} to {to}]",
        "तिजोरी को दूसरी जगह ले जाना शुरू[: {from} से {to}]",
    ),
    Event.CUSTODY_MOVE_ENDED: (
        "Vault’s old place emptied[: {from}; now in {to}]",
        "तिजोरी की पुरानी जगह खाली की गई[: {from}; अब {to} में]",
    ),
    Event.CUSTODY_MOVE_PROVED: (
        "Vault moved, every original compared[: {objects} originals, from {from} to {to}]",
        "तिजोरी ले जाई गई, हर मूल फ़ाइल मिलाई गई[: {objects} मूल फ़ाइलें, {from} से {to}]",
    ),
    Event.CUSTODY_OBJECT_HELD: ("File held here too", "फ़ाइल यहाँ भी रखी गई"),
    Event.CUSTODY_OBJECT_SHREDDED: ("File shredded[: {basis}]", "फ़ाइल नष्ट की गई[: {basis}]"),
    Event.CUSTODY_RETENTION_IMPORTED: (
        "Retention rules imported[, version {version}]",
        "रखने की अवधि के नियम आयात किए गए[, संस्करण {version}]",
    ),
    Event.CUSTODY_LAWFUL_BASIS_IMPORTED: (
        "Rules about opening files brought in[: version {version}]",
        "फ़ाइलें खोलने के नियम लाए गए[: संस्करण {version}]",
    ),
    Event.CUSTODY_LOOK_ENDED: (
        "Look at a file ended[: shown {reached}][, about {seconds} s][, result {result}]",
        "फ़ाइल देखना समाप्त हुआ[: दिखा {reached}][, लगभग {seconds} से॰][, परिणाम {result}]",
    ),
    Event.CUSTODY_LOOK_OPENED: (
        "File opened for looking[, rule {jurisdiction}][; {viewed}]",
        "फ़ाइल देखने के लिए खोली गई[, नियम {jurisdiction}][; {viewed}]",
    ),
    Event.CUSTODY_LOOK_REPEATED: (
        "Looked at again, though somebody had looked before",
        "फिर से देखी गई, यद्यपि पहले देखी जा चुकी थी",
    ),
    Event.CUSTODY_PAUSE_PASSED: ("Went on without a pause", "बिना विराम के आगे बढ़े"),
    Event.CUSTODY_VAULT_CHECKED: (
        "Vault checked[: {objects} originals]",
        "तिजोरी (वॉल्ट) की जाँच हुई[: {objects} मूल फ़ाइलें]",
    ),
    Event.CUSTODY_VAULT_REHASHED: (
        "A share of the originals read again[: {objects} originals, {findings} do not hold]",
        "मूल फ़ाइलों का एक भाग फिर से पढ़ा गया[: {objects} मूल फ़ाइलें, {findings} में गड़बड़ी]",
    ),
    Event.CUSTODY_VIEWING_SET: ("Limits for looking at media set for the unit", "इकाई के लिए मीडिया देखने की सीमाएँ तय हुईं"),
    Event.DESK_FACT_CORRECTED: ("Correction written beside a fact", "तथ्य के साथ सुधार लिखा गया"),
    Event.DESK_IDENTITY_SHOWN: ("Masked persons shown", "छिपाए गए व्यक्तियों का विवरण दिखाया गया"),
    Event.DESK_INQUIRY_ANSWERED: (
        "Another unit’s question about a person answered",
        "किसी व्यक्ति के बारे में दूसरी इकाई के प्रश्न का उत्तर दिया गया",
    ),
    Event.DESK_INQUIRY_MADE: (
        "Other units asked about a person[: {kind}]",
        "किसी व्यक्ति के बारे में दूसरी इकाइयों से पूछा गया[: {kind}]",
    ),
    Event.DESK_NAMES_VIEWED: (
        "Names and addresses alike in several reports looked at[: {names}]",
        "कई रिपोर्टों में मिलते-जुलते नाम और पते देखे गए[: {names}]",
    ),
    Event.DESK_PERSON_ANSWERED: ("Answer file for a person handed out", "व्यक्ति के लिए उत्तर फ़ाइल दी गई"),
    Event.DESK_PERSON_DECIDED: (
        "Request of a person answered[: {outcome}]",
        "व्यक्ति के अनुरोध का उत्तर दिया गया[: {outcome}]",
    ),
    Event.DESK_PERSON_REQUESTED: ("Request of a person written down[: {kind}]", "व्यक्ति का अनुरोध दर्ज हुआ[: {kind}]"),
    Event.DESK_PERSON_SHOWN: (
        "What is held about a person was looked at[: {reports} reports]",
        "किसी व्यक्ति के बारे में क्या रखा है, देखा गया[: {reports} रिपोर्ट]",
    ),
    Event.DESK_REPORT_VIEWED: ("Report read", "रिपोर्ट पढ़ी गई"),
    Event.DESK_SEARCH_MADE: ("Search made[: {found} found]", "खोज की गई[: {found} मिले]"),
    Event.DESK_STACK_VIEWED: (
        "The page of a stack of files that look alike was read[: {files} files]",
        "मिलती-जुलती फ़ाइलों के समूह का पृष्ठ पढ़ा गया[: {files} फ़ाइलें]",
    ),
    Event.DESK_SUBJECT_VIEWED: (
        "Accounts held to be one person’s looked at[: {accounts} accounts]",
        "एक व्यक्ति के माने गए खाते देखे गए[: {accounts} खाते]",
    ),
    Event.DESK_TABLE_EXPORTED: (
        "Table exported[: {table}][, {rows} rows]",
        "तालिका निर्यात की गई[: {table}][, {rows} पंक्तियाँ]",
    ),
    Event.INTAKE_DRAFT_EXPIRED: ("Unfinished submission expired", "अधूरी प्रस्तुति की अवधि समाप्त हुई"),
    Event.INTAKE_DRAFT_OPENED: ("Submission begun[ by {sender}]", "प्रस्तुति शुरू हुई[, प्रेषक {sender}]"),
    Event.INTAKE_DRAFT_RETRACTED: ("Submission withdrawn[ by {sender}]", "प्रस्तुति वापस ली गई[, प्रेषक {sender}]"),
    Event.INTAKE_FILE_DETAILED: ("File described by the sender", "प्रेषक ने फ़ाइल का विवरण दिया"),
    Event.INTAKE_FILE_UPLOADED: ("File received", "फ़ाइल प्राप्त हुई"),
    Event.INTAKE_LOAD_FINISHED: ("Files loaded[, sent by {sender}]", "फ़ाइलें लोड की गईं[, भेजने वाला {sender}]"),
    Event.INTAKE_MAPPING_SAVED: ("Workbook columns mapped", "वर्कबुक के स्तंभ जोड़े गए"),
    Event.INTAKE_REPORT_ADDED: (
        "More came for this report, all of it is compared again[: {documents} documents, {more_files} files][, sent by {sender}]",
        "इस रिपोर्ट में और सामग्री आई, सबका मिलान फिर से होगा[: {documents} दस्तावेज़, {more_files} फ़ाइलें][, भेजने वाला {sender}]",
    ),
    Event.INTAKE_REPORT_GRADE_UNDONE: ("A grade of this report taken back", "इस रिपोर्ट की एक श्रेणी वापस ली गई"),
    Event.INTAKE_REPORT_GRADED: (
        "Report graded[: information {credibility}][, source {reliability}]",
        "रिपोर्ट को श्रेणी दी गई[: जानकारी {credibility}][, स्रोत {reliability}]",
    ),
    Event.INTAKE_REPORT_RECEIVED: (
        "Report received[, number {number}][, from {sender_name}][, sent by {sender}][, through {channel}]",
        "रिपोर्ट प्राप्त हुई[, संख्या {number}][, मूल प्रेषक {sender_name}][, भेजने वाला {sender}][, माध्यम {channel}]",
    ),
    Event.INTAKE_SENDER_ADDED: ("Sender added[: {name}]", "प्रेषक जोड़ा गया[: {name}]"),
    Event.INTAKE_SENDER_CHANGED: ("Sender changed", "प्रेषक का विवरण बदला गया"),
    Event.INTAKE_SENDER_GRADE_UNDONE: ("A grade of a sender taken back", "प्रेषक की एक श्रेणी वापस ली गई"),
    Event.INTAKE_SENDER_GRADED: ("Sender graded[: source {reliability}]", "प्रेषक को श्रेणी दी गई[: स्रोत {reliability}]"),
    Event.LEDGER_CHECKPOINT_LEFT: (
        "Checkpoint at {size} entries left the machine[, held by {recipient}]",
        "{size} प्रविष्टियों का चेकपॉइंट मशीन से बाहर गया[, अब {recipient} के पास]",
    ),
    Event.LEDGER_CHECKPOINT_STAMPED: (
        "Checkpoint at {size} entries time-stamped[ by {authority}]",
        "{size} प्रविष्टियों के चेकपॉइंट पर समय की मुहर लगी[, {authority} द्वारा]",
    ),
    Event.LEDGER_ENTRY_ERASED: ("Text of entries erased[: {basis}]", "प्रविष्टियों का पाठ मिटाया गया[: {basis}]"),
    Event.LEDGER_EXPORT_MADE: ("Ledger exported[ up to entry {size}]", "लेजर निर्यात किया गया[, प्रविष्टि {size} तक]"),
    Event.LEDGER_LEDGER_CHECKED: (
        "Ledger checked[: {findings} findings in {size} entries]",
        "लेजर की जाँच हुई[: {size} प्रविष्टियों में {findings} निष्कर्ष]",
    ),
    Event.LEDGER_LEDGER_READ: ("Ledger read", "लेजर पढ़ा गया"),
    Event.LEDGER_LEDGER_RESUMED: (
        "Ledger continued after a restore[: {reason}]",
        "पुनर्स्थापना के बाद लेजर जारी रखा गया[: {reason}]",
    ),
    Event.LEDGER_LOOKS_READ: (
        "Asked who looked[: {found} readings found]",
        "पूछा गया कि किसने देखा[: {found} बार देखा गया]",
    ),
    Event.LEDGER_PROOF_EXPORTED: (
        "Entries exported with their proofs[: {entries}][, for {recipient}]",
        "प्रविष्टियाँ प्रमाण सहित निर्यात की गईं[: {entries}][, {recipient} के लिए]",
    ),
    Event.LEDGER_WITNESS_REFUSED: (
        "Witness refused to sign the ledger[: {name}][: {said}]",
        "साक्षी ने लेजर पर हस्ताक्षर से इनकार किया[: {name}][: {said}]",
    ),
    **LINKING,
    Event.MATCHING_CATEGORIES_IMPORTED: (
        "What the codes of hash lists mean was taken in[: {file}][, {taken} codes][, {set_aside} set aside]",
        "हैश सूचियों के कोड के अर्थ लिए गए[: {file}][, {taken} कोड][, {set_aside} अलग रखे गए]",
    ),
    Event.MATCHING_ENTRY_VOTED: (
        "Voted on an entry of a hash list[: {list}][, {voter}][, {hash_type}][, {vote}]",
        "हैश सूची की प्रविष्टि पर मत दिया गया[: {list}][, {voter}][, {hash_type}][, {vote}]",
    ),
    Event.MATCHING_FILE_PARTED: (
        "{actor} took a picture out of the stack of those that look alike",
        "{actor} ने एक तस्वीर को मिलती-जुलती तस्वीरों के समूह से अलग किया",
    ),
    Event.MATCHING_FILE_REJOINED: (
        "{actor} took back that a picture is not of its stack",
        "{actor} ने वापस लिया कि तस्वीर अपने समूह की नहीं है",
    ),
    Event.MATCHING_LIST_CHANGED: (
        "What a hash list says of itself was changed[: {list}][, {fields}][. {reason}]",
        "हैश सूची अपने बारे में जो बताती है वह बदला गया[: {list}][, {fields}][। {reason}]",
    ),
    Event.MATCHING_LIST_COMPARED: (
        "Hash list held whole against another, or against our pictures[: {list}][, {against}][, within {radius} bits]",
        "पूरी हैश सूची को दूसरी सूची या हमारी तस्वीरों से मिलाया गया[: {list}][, {against}][, {radius} बिट के भीतर]",
    ),
    Event.MATCHING_LIST_ENDED: ("Hash list ended[: {list}][, {reason}]", "हैश सूची समाप्त की गई[: {list}][, {reason}]"),
    Event.MATCHING_LIST_EXPORTED: (
        "Hash list taken out as a file[: {list}][, {form}][, {entries} entries]",
        "हैश सूची फ़ाइल के रूप में बाहर ली गई[: {list}][, {form}][, {entries} प्रविष्टियाँ]",
    ),
    Event.MATCHING_LIST_HANDED_OUT: (
        "Entries of a hash list handed to a partner[: {list}][, {partner}][, {entries} entries]",
        "हैश सूची की प्रविष्टियाँ साझेदार को दी गईं[: {list}][, {partner}][, {entries} प्रविष्टियाँ]",
    ),
    Event.MATCHING_LIST_IMPORTED: (
        "Version of a hash list taken in[: {list}][, {taken} new][, {withdrawn} withdrawn][, {set_aside} set aside]",
        "हैश सूची का संस्करण लिया गया[: {list}][, {taken} नई][, {withdrawn} वापस ली गईं][, {set_aside} अलग रखी गईं]",
    ),
    Event.MATCHING_LIST_OPENED: ("Hash list added[: {list}]", "हैश सूची जोड़ी गई[: {list}]"),
    Event.MATCHING_LIST_POLLED: (
        "A hash list is read from another’s door from now on[: {list}][, {address}]",
        "हैश सूची अब किसी और के सर्वर से पढ़ी जाएगी[: {list}][, {address}]",
    ),
    Event.MATCHING_LIST_RECHECKED: (
        "Hash list held against every file again",
        "हैश सूची का हर फ़ाइल से दोबारा मिलान",
    ),
    Event.MATCHING_LIST_SHARED: (
        "Hash list shared with a partner[: {list}][, {partner}][, until {until}]",
        "हैश सूची साझेदार के साथ साझा की गई[: {list}][, {partner}][, {until} तक]",
    ),
    Event.MATCHING_LIST_UNSHARED: (
        "Hash list no longer shared with a partner[: {list}][, {partner}]",
        "हैश सूची अब साझेदार के साथ साझा नहीं[: {list}][, {partner}]",
    ),
    Event.MATCHING_MATCH_REOPENED: (
        "A list’s entry no longer holds; what rested on it is open again[: {list}]",
        "सूची की प्रविष्टि अब मान्य नहीं; उस पर टिका मिलान फिर खुला[: {list}]",
    ),
    Event.MATCHING_POLL_PAUSED: (
        "Reading a hash list from another’s door was paused[: {list}][, {address}]",
        "दूसरे के सर्वर से हैश सूची पढ़ना रोका गया[: {list}][, {address}]",
    ),
    Event.MATCHING_POLL_REMOVED: (
        "A hash list is read no more from another’s door[: {list}][, {address}]",
        "हैश सूची अब दूसरे के सर्वर से नहीं पढ़ी जाएगी[: {list}][, {address}]",
    ),
    Event.MATCHING_POLL_RESUMED: (
        "A hash list is read from another’s door again[: {list}][, {address}]",
        "हैश सूची फिर दूसरे के सर्वर से पढ़ी जाएगी[: {list}][, {address}]",
    ),
    Event.MATCHING_REPORT_LOOKED_KNOWN: (
        "Pictures and films compared with hash lists, by nearness[: {files} look known]",
        "चित्रों और फ़िल्मों का हैश सूचियों से समानता के आधार पर मिलान हुआ[: {files} परिचित लगते हैं]",
    ),
    Event.MATCHING_REPORT_RECHECKED: (
        "Files re-checked against a hash list that came later[: {list}][, {files} on it]",
        "बाद में आई हैश सूची से फ़ाइलों का दोबारा मिलान हुआ[: {list}][, {files} उसमें]",
    ),
    Event.MATCHING_REPORT_MATCHED: (
        "Files compared with what is held[: {same_bytes} of the same bytes][, {claimed_hashes} of the same claimed hash][, {listed} on hash lists]",
        "फ़ाइलों का पहले से रखी फ़ाइलों से मिलान हुआ[: {same_bytes} बिल्कुल वही][, {claimed_hashes} उसी बताए गए हैश की][, {listed} हैश सूचियों में]",
    ),
    Event.PLACES_GAZETTEER_IMPORTED: ("Gazetteer imported[: {file_name}]", "स्थान-सूची आयात की गई[: {file_name}]"),
    Event.ROUTING_ACTION_TAKEN_EXPORTED: ("Action Taken Report exported", "कार्रवाई रिपोर्ट निर्यात की गई"),
    Event.ROUTING_ACTION_TAKEN_RECORDED: ("Action taken recorded", "की गई कार्रवाई दर्ज हुई"),
    Event.ROUTING_CLOCK_SET: (
        "Clock for accepting set[ in lane {lane}]",
        "स्वीकार करने की समय-सीमा तय हुई[, श्रेणी {lane}]",
    ),
    Event.ROUTING_REFERRAL_ACCEPTED: ("Accepted[ by {to_unit}]", "स्वीकार किया गया[, इकाई {to_unit}]"),
    Event.ROUTING_REFERRAL_OFFERED: ("Forwarded[ to {to_unit}]", "भेजा गया[, इकाई {to_unit} को]"),
    Event.ROUTING_REFERRAL_OVERDUE: ("Not accepted in time[ by {to_unit}]", "समय पर स्वीकार नहीं हुआ[, इकाई {to_unit}]"),
    Event.ROUTING_REFERRAL_RETURNED: (
        "Returned[ by {to_unit}][: {reason}]",
        "लौटाया गया[, इकाई {to_unit}][: {reason}]",
    ),
    Event.ROUTING_REPORT_PLACED: ("Place proposed[: {place}]", "स्थान प्रस्तावित हुआ[: {place}]"),
    Event.ROUTING_WORKBOOK_EXPORTED: ("Workbook exported", "वर्कबुक निर्यात की गई"),
    Event.SHARED_BACKUP_MADE: (
        "Backup made[: {name}][, {rows} rows][, {objects} originals]",
        "बैकअप बनाया गया[: {name}][, {rows} पंक्तियाँ][, {objects} मूल फ़ाइलें]",
    ),
    Event.SHARED_BACKUP_REHEARSED: (
        "Restore rehearsed[ from backup {name}][: {findings} findings]",
        "पुनर्स्थापना का अभ्यास हुआ[, बैकअप {name}][: {findings} निष्कर्ष]",
    ),
    Event.SHARED_BACKUP_RESTORED: (
        "Restored from backup[ {name}][ of {made_at}]",
        "बैकअप से पुनर्स्थापित किया गया[: {name}][, समय {made_at}]",
    ),
    Event.SHARED_PROGRAM_UPGRADED: (
        "Brought to a new version[: from {from_version}][ to {to_version}]",
        "नया संस्करण लगाया गया[: {from_version} से][ {to_version} तक]",
    ),
    Event.TRIAGE_REPORT_ASSESSED: (
        "Urgency assessed[: lane {lane}][, score {score}][, before {before}][; anew because {anew}]",
        "तात्कालिकता आँकी गई[: श्रेणी {lane}][, अंक {score}][, पहले {before}][; दोबारा, क्योंकि {anew}]",
    ),
    Event.TRIAGE_REPORT_CLAIMED: ("Taken up", "काम में लिया गया"),
    Event.TRIAGE_REPORT_DECIDED: ("Decided[: {decision}]", "निर्णय हुआ[: {decision}]"),
    Event.TRIAGE_REPORT_HANDED_ON: ("Passed on within the unit", "इकाई के भीतर आगे दिया गया"),
    Event.TRIAGE_REPORT_RELEASED: ("Put back in the queue", "कतार में वापस रखा गया"),
    Event.TRIAGE_REPORT_REOPENED: ("Decision taken back, waits again", "निर्णय वापस लिया गया, फिर से प्रतीक्षा में"),
}

# A number of ours: it says nothing to a reader, and stands in the entry itself.
_OPAQUE = re.compile(r"\s*\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
_PART = re.compile(r"\[([^\]]*)\]")
_NAME = re.compile(r"\{(\w+)\}")


def event_sentence(event: str, facts: Mapping[str, object], language: str, words: Words | None = None) -> str:
    """An entry as an officer would say it; an event of a newer version shows as its own name, never as nothing."""
    at = 1 if language.startswith("hi") else 0
    known = {
        name: _in_words(name, shown, at, words or {})
        for name, value in facts.items()
        if isinstance(value, str | int) and not isinstance(value, bool) and (shown := _OPAQUE.sub("", str(value)))
    }
    try:
        text = EVENTS[Event(event)][at]
    except (ValueError, KeyError):
        return event

    def said(part: re.Match[str]) -> str:
        return part[1] if all(name in known for name in _NAME.findall(part[1])) else ""

    return _NAME.sub(lambda name: known.get(name[1], "–"), _PART.sub(said, text))


def _in_words(name: str, value: str, at: int, words: Words) -> str:
    pair = words.get(name, {}).get(value)
    return pair[at] if pair else value
