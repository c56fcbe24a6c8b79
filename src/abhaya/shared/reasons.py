"""What the checks of this installation say, in both languages."""

from __future__ import annotations

from abhaya.shared.reason import Sentences


def _aged(code: str, english: str, hindi: str) -> dict[str, tuple[str, str]]:
    """The same sentence with its age in minutes, hours and days."""
    units = {"minutes": ("minutes", "मिनट"), "hours": ("hours", "घंटे"), "days": ("days", "दिन")}
    return {
        f"{code}-{unit}": (
            english.replace("{age}", f"{{count}} {said}"),
            hindi.replace("{age}", f"{{count}} {said_hi}"),
        )
        for unit, (said, said_hi) in units.items()
    }


SENTENCES: Sentences = {
    "readers-closed": (
        "What reads strangers’ files is closed in on every side.",
        "बाहर से आई फ़ाइलें पढ़ने वाले प्रोग्राम हर ओर से बंद हैं।",
    ),
    "readers-walls": (
        "What reads strangers’ files is closed in, but this kernel did not give every wall; missing: {missing}.",
        "बाहर से आई फ़ाइलें पढ़ने वाले प्रोग्राम बंद हैं, पर इस कर्नेल ने हर दीवार नहीं दी; नहीं है: {missing}।",
    ),
    "readers-open": (
        "What reads strangers’ files was allowed on this machine: {done}. Take in no files until this is mended.",
        "बाहर से आई फ़ाइलें पढ़ने वाले प्रोग्राम को इस मशीन पर यह करने दिया गया: {done}। ठीक होने तक फ़ाइलें न लें।",
    ),
    "readers-fail": (
        "What reads strangers’ files does not start here ({ended}): no picture, PDF or workbook can be read.",
        "बाहर से आई फ़ाइलें पढ़ने वाला प्रोग्राम यहाँ शुरू नहीं होता ({ended}): कोई चित्र, PDF या कार्यपुस्तिका नहीं पढ़ी जा सकती।",
    ),
    "check-told": ("{told}", "सर्वर ने अंग्रेज़ी में बताया: {told}"),
    "check-too-early": (
        "This could not be checked: the database does not have what it looks at. Is it of an older version?",
        "यह जाँच नहीं हो सकी: जिसे देखना है वह डेटाबेस में नहीं है। क्या वह पुराने संस्करण का है?",
    ),
    "check-failed": (
        "This could not be checked ({kind}); the log says why.",
        "यह जाँच नहीं हो सकी ({kind}); कारण लॉग में है।",
    ),
    "database-answers": ("PostgreSQL {version} answers.", "PostgreSQL {version} चल रहा है।"),
    "database-old": (
        "PostgreSQL {version} is older than {oldest}: move to a newer one.",
        "PostgreSQL {version}, {oldest} से पुराना है: नया लगाएँ।",
    ),
    "migrations-done": ("The database is at this version.", "डेटाबेस इसी संस्करण पर है।"),
    "migrations-pending": (
        "{count} steps of this version are not in the database yet: run abhaya upgrade.",
        "इस संस्करण के {count} चरण डेटाबेस में बाकी हैं: abhaya upgrade चलाएँ।",
    ),
    "queue-empty": ("No report waits on its way.", "कोई रिपोर्ट रास्ते में नहीं रुकी है।"),
    **_aged(
        "queue-waits",
        "{waiting} reports wait before {stage}; the oldest came {age} ago.",
        "{waiting} रिपोर्टें {stage} से पहले रुकी हैं; सबसे पुरानी {age} पहले आई थी।",
    ),
    "stuck-none": ("Nothing failed too often.", "कोई काम बार-बार विफल नहीं हुआ।"),
    "stuck-some": (
        "{reports} reports failed too often on their way, {jobs} jobs of the last week failed: start a worker anew; its log names the stage.",
        "{reports} रिपोर्टें रास्ते में बार-बार विफल हुईं, पिछले सप्ताह के {jobs} काम विफल हुए: वर्कर फिर से चलाएँ; लॉग में चरण लिखा है।",
    ),
    "workers-alive": ("Workers at work: {count}.", "काम पर वर्कर: {count}।"),
    "workers-none": (
        "No worker is at work: reports are accepted and wait. Start abhaya up, or abhaya worker.",
        "कोई वर्कर नहीं चल रहा: रिपोर्टें ली जा रही हैं पर रुकी रहेंगी। abhaya up या abhaya worker चलाएँ।",
    ),
    "clock-right": (
        "This clock and PostgreSQL’s differ by {drift} seconds, and it was not set back. No time server is asked.",
        "यह घड़ी और PostgreSQL की घड़ी में {drift} सेकंड का अंतर है, और घड़ी पीछे नहीं की गई। किसी समय-सर्वर से नहीं पूछा जाता।",
    ),
    "clock-differs": (
        "This clock and PostgreSQL’s differ by {drift} seconds: set both to the same time source.",
        "यह घड़ी और PostgreSQL की घड़ी में {drift} सेकंड का अंतर है: दोनों को एक ही समय-स्रोत से मिलाएँ।",
    ),
    "clock-behind": (
        "The newest ledger entry is {seconds} seconds in the future: this clock was set back.",
        "लेजर की सबसे नई प्रविष्टि {seconds} सेकंड आगे की है: घड़ी पीछे की गई है।",
    ),
    "clock-moved": (
        "This clock was moved by {seconds} seconds since the last check; times recorded meanwhile may be wrong.",
        "पिछली जाँच के बाद घड़ी {seconds} सेकंड बदली गई; इस बीच दर्ज समय ग़लत हो सकते हैं।",
    ),
    "disk-free": ("{free_gib} GiB are free where least is left.", "जहाँ सबसे कम जगह है वहाँ {free_gib} GiB खाली है।"),
    "disk-low": (
        "Only {free_gib} GiB ({percent} %) are free under {place}.",
        "{place} में केवल {free_gib} GiB ({percent} %) जगह खाली है।",
    ),
    "inodes-free": ("There is room for {count} more files.", "{count} और फ़ाइलों के लिए जगह है।"),
    "inodes-low": (
        "{place} has room for only {count} more files ({percent} %), whatever their size.",
        "{place} में केवल {count} और फ़ाइलें ({percent} %) आ सकती हैं, आकार चाहे जो हो।",
    ),
    "secrets-closed": (
        "Keys and passwords can be read by this user only.",
        "कुंजियाँ और पासवर्ड केवल यही उपयोगकर्ता पढ़ सकता है।",
    ),
    "secrets-open": (
        "{path} can be read by others on this machine: chmod go= it, and think whether it was read.",
        "{path} इस मशीन के दूसरे उपयोगकर्ता पढ़ सकते हैं: chmod go= करें, और सोचें कि क्या इसे पढ़ा गया।",
    ),
    "zone-known": (
        "Time zone {zone} is known to this machine and to PostgreSQL.",
        "समय क्षेत्र {zone} इस मशीन और PostgreSQL दोनों को मालूम है।",
    ),
    "zone-unknown": (
        "Time zone {zone} is not known here: install the time zone data (tzdata).",
        "समय क्षेत्र {zone} यहाँ मालूम नहीं: समय क्षेत्र का डेटा (tzdata) लगाएँ।",
    ),
    "certificate-none": ("This server speaks no TLS itself.", "यह सर्वर स्वयं TLS नहीं बोलता।"),
    "certificate-valid": ("The TLS certificate is valid for {days} more days.", "TLS प्रमाणपत्र अभी {days} दिन मान्य है।"),
    "certificate-ends": (
        "The TLS certificate ends in {days} days: renew it.",
        "TLS प्रमाणपत्र {days} दिन में समाप्त होगा: नया लें।",
    ),
    "certificate-ended": ("The TLS certificate has ended.", "TLS प्रमाणपत्र समाप्त हो चुका है।"),
    "partitions-ahead": ("Tables have room for {months} more months.", "तालिकाओं में अगले {months} महीनों की जगह है।"),
    "partitions-few": (
        "Tables have room for only {months} more months: start a worker, it makes more each day.",
        "तालिकाओं में केवल {months} महीनों की जगह है: वर्कर चलाएँ, वह रोज़ और बनाता है।",
    ),
    "rows-closed": (
        "Without a signed-in officer, {tables} tables of content answer nothing.",
        "साइन-इन किए अधिकारी के बिना {tables} तालिकाएँ कुछ नहीं बतातीं।",
    ),
    "rows-open": (
        "{table} can be read without a signed-in officer. Stop the service and call whoever answers for it.",
        "{table} बिना साइन-इन के पढ़ी जा सकती है। सेवा रोकें और ज़िम्मेदार व्यक्ति को बुलाएँ।",
    ),
    "backup-never": (
        "There is no backup yet: abhaya backup DIR, on another disk, every night.",
        "अभी तक कोई बैकअप नहीं है: हर रात दूसरी डिस्क पर abhaya backup DIR चलाएँ।",
    ),
    **_aged("backup", "The last backup was made {age} ago.", "पिछला बैकअप {age} पहले बना था।"),
    "backup-missing": (
        "The last backup lacks {missing} originals that are missing from the vault.",
        "पिछले बैकअप में {missing} मूल फ़ाइलें नहीं हैं, जो तिजोरी (वॉल्ट) में भी नहीं मिलीं।",
    ),
    "rehearsal-never": (
        "No restore was rehearsed yet: abhaya restore DIR --verify.",
        "पुनर्स्थापना का अभ्यास अभी नहीं हुआ: abhaya restore DIR --verify चलाएँ।",
    ),
    **_aged(
        "rehearsal",
        "A restore was last rehearsed {age} ago, and held.",
        "पुनर्स्थापना का पिछला अभ्यास {age} पहले हुआ, और सब सही निकला।",
    ),
    "rehearsal-failed": (
        "The last rehearsal of a restore found {findings} things that do not hold.",
        "पुनर्स्थापना के पिछले अभ्यास में {findings} बातें सही नहीं निकलीं।",
    ),
    "checkpoint-none-yet": ("The ledger is empty: nothing to hand out yet.", "लेजर खाली है: अभी बाहर देने को कुछ नहीं।"),
    "checkpoint-never": (
        "No checkpoint has left this machine: print one, and give it to somebody outside.",
        "कोई चेकपॉइंट मशीन से बाहर नहीं गया: एक छापें और बाहर के किसी व्यक्ति को दें।",
    ),
    **_aged(
        "checkpoint",
        "A checkpoint last left this machine {age} ago; {unproven} entries came since.",
        "पिछला चेकपॉइंट {age} पहले बाहर गया; उसके बाद {unproven} प्रविष्टियाँ आईं।",
    ),
    "sequencer-right": ("Every act has its place in the ledger.", "हर काम की लेजर में अपनी जगह है।"),
    **_aged(
        "sequencer-late",
        "{waiting} acts wait for their place in the ledger, the oldest for {age}: a worker gives it to them.",
        "{waiting} काम लेजर में जगह की प्रतीक्षा में हैं, सबसे पुराना {age} से: वर्कर उन्हें जगह देता है।",
    ),
    "ledger-never": (
        "The ledger has never been read again: abhaya check.",
        "लेजर की पूरी जाँच कभी नहीं हुई: abhaya check चलाएँ।",
    ),
    **_aged(
        "ledger", "The ledger was read again {age} ago, and held.", "लेजर की पूरी जाँच {age} पहले हुई, और सब सही निकला।"
    ),
    "ledger-failed": (
        "The last check of the ledger found {findings} things that do not hold.",
        "लेजर की पिछली जाँच में {findings} बातें सही नहीं निकलीं।",
    ),
}
