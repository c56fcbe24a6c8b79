"""The sentences of this room in Hindi, beside their English; the names of kinds and roles in both.

A sighting stores the English sentence. One that carries a value ends in it, after the sentence kept here.
"""

from __future__ import annotations

KIND_NAMES = {
    "phone": ("Telephone", "टेलीफ़ोन"),
    "email": ("E-mail address", "ई-मेल पता"),
    "account": ("Account", "खाता"),
    "screen_name": ("Screen name", "स्क्रीन नाम"),
    "url": ("Web address", "वेब पता"),
    "ip": ("IP address", "आईपी पता"),
    "device": ("Device", "उपकरण"),
    "name": ("Name", "नाम"),
    "address": ("Postal address", "डाक पता"),
    "file_hash": ("File hash", "फ़ाइल हैश"),
    "upi": ("UPI id", "यूपीआई आईडी"),
    "bank": ("Bank account", "बैंक खाता"),
    "crypto": ("Crypto-currency address", "क्रिप्टो-मुद्रा पता"),
    "group": ("Group or channel", "समूह या चैनल"),
    "text": ("Text", "पाठ"),
}
ROLE_NAMES = {
    "reported": ("reported", "जिसकी रिपोर्ट है"),
    "associated": ("associated account", "जुड़ा हुआ खाता"),
    "recipient": ("recipient", "पाने वाला"),
    "victim": ("victim", "पीड़ित"),
    "reporter": ("reporter", "रिपोर्ट करने वाला"),
    "incident": ("incident", "घटना"),
    "file": ("file", "फ़ाइल"),
    "mentioned": ("mentioned", "उल्लिखित"),
    "actor": ("acted in a group", "समूह में कुछ किया"),
    "member": ("member of a group", "समूह का सदस्य"),
}
HINDI = {
    # all kinds
    "Nothing is written here.": "यहाँ कुछ नहीं लिखा है।",
    "Longer than any identifier of this kind can be.": "इस प्रकार की कोई भी पहचान इतनी लंबी नहीं हो सकती।",
    "A placeholder, not an identifier: it was typed to fill the field.": "यह पहचान नहीं है; केवल खाना भरने के लिए लिखा गया है।",
    "A kind of identifier not known to this version; kept as written.": "इस संस्करण को यह प्रकार ज्ञात नहीं; जैसा लिखा था वैसा रखा गया।",
    "This text holds more identifiers than are taken out of one text; read the original.": "इस पाठ में इतनी अधिक पहचानें हैं कि सब नहीं निकाली गईं; मूल पाठ पढ़ें।",
    # account, screen name
    "No platform: the same account id belongs to different people on different services.": "प्लेटफ़ॉर्म नहीं लिखा: वही खाता संख्या अलग सेवाओं पर अलग लोगों की होती है।",
    "A service whose other names are not known to this version: ": "ऐसी सेवा जिसके दूसरे नाम इस संस्करण को ज्ञात नहीं: ",
    "No platform was written: the same name may be somebody else elsewhere.": "प्लेटफ़ॉर्म नहीं लिखा: वही नाम कहीं और किसी दूसरे का हो सकता है।",
    # address, name
    "Neither a letter nor a digit in it: not an address.": "इसमें न अक्षर है न अंक: यह पता नहीं है।",
    "PIN code: ": "पिन कोड: ",
    "No letter in it: not a name.": "इसमें कोई अक्षर नहीं: यह नाम नहीं है।",
    "Written in: ": "लिपि: ",
    "Letters of several scripts in one word, as in a disguise: ": "एक ही शब्द में कई लिपियों के अक्षर, जैसे छिपाने के लिए: ",
    # bank, UPI
    "No IFSC: the same account number belongs to different people at different banks.": "आईएफ़एससी नहीं: वही खाता संख्या अलग बैंकों में अलग लोगों की होती है।",
    "No account number of 6 to 18 digits.": "6 से 18 अंकों की कोई खाता संख्या नहीं।",
    "Not an IFSC: four letters, a zero, six letters or digits.": "यह आईएफ़एससी नहीं: चार अक्षर, एक शून्य, फिर छह अक्षर या अंक।",
    "The check digits of this IBAN do not hold: at least one character is wrong.": "इस आईबीएएन के जाँच अंक ठीक नहीं: कम से कम एक अक्षर ग़लत है।",
    "Bank, by the first four letters: ": "पहले चार अक्षरों से बैंक: ",
    "Leading zeros are part of the number and are kept.": "आगे के शून्य संख्या का भाग हैं और रखे गए हैं।",
    "Not a UPI id: letters, digits, dots and dashes, then @ and the handle of a bank or app.": "यह यूपीआई आईडी नहीं: अक्षर, अंक, बिंदु और डैश, फिर @ और बैंक या ऐप का हैंडल।",
    "A dot after the @: an e-mail address, not a UPI id.": "@ के बाद बिंदु है: यह ई-मेल पता है, यूपीआई आईडी नहीं।",
    "A handle not known to this version: ": "ऐसा हैंडल जो इस संस्करण को ज्ञात नहीं: ",
    "Begins with what looks like the holder's telephone number: ": "आरंभ में धारक का टेलीफ़ोन नंबर लगता है: ",
    # crypto-currencies
    "Not an address of a currency known to this version (Bitcoin, Litecoin, Dogecoin, Tron, Ethereum).": "इस संस्करण को ज्ञात किसी मुद्रा का पता नहीं (बिटकॉइन, लाइटकॉइन, डॉजकॉइन, ट्रॉन, इथेरियम)।",
    "The checksum does not hold: at least one letter is wrong.": "जाँच योग ठीक नहीं: कम से कम एक अक्षर ग़लत है।",
    "The mix of capitals is not the checksum of this address: at least one letter is wrong.": "बड़े अक्षरों का क्रम इस पते का जाँच योग नहीं: कम से कम एक अक्षर ग़लत है।",
    "Written in one case only, so that a wrong letter could not be seen.": "केवल छोटे या केवल बड़े अक्षरों में लिखा है, इसलिए ग़लत अक्षर पकड़ा नहीं जा सकता।",
    "A test network: this money is worth nothing.": "परीक्षण नेटवर्क: इस धन का कोई मूल्य नहीं।",
    # device
    "An IMEI has 14, 15 or 16 digits.": "आईएमईआई में 14, 15 या 16 अंक होते हैं।",
    "The last digit is not the check digit of this IMEI: at least one digit is wrong.": "अंतिम अंक इस आईएमईआई का जाँच अंक नहीं: कम से कम एक अंक ग़लत है।",
    "Not the number of a SIM card: 18 to 20 digits that begin with 89.": "यह सिम कार्ड की संख्या नहीं: 89 से आरंभ 18 से 20 अंक।",
    "The last digit is not the check digit of this SIM card number: at least one digit is wrong.": "अंतिम अंक इस सिम कार्ड संख्या का जाँच अंक नहीं: कम से कम एक अंक ग़लत है।",
    "An IMSI has 14 or 15 digits.": "आईएमएसआई में 14 या 15 अंक होते हैं।",
    "Not a MAC address: six pairs of hexadecimal digits.": "यह मैक पता नहीं: हेक्साडेसिमल अंकों के छह जोड़े।",
    "The name of a wireless network, not of a device: many people use it.": "यह वायरलेस नेटवर्क का नाम है, उपकरण का नहीं: इसे बहुत लोग काम में लेते हैं।",
    "Written without its check digit, which cannot be checked.": "जाँच अंक के बिना लिखा है, इसलिए जाँचा नहीं जा सकता।",
    "Written with the software version, which is left out.": "सॉफ़्टवेयर संस्करण के साथ लिखा है, जो छोड़ दिया गया।",
    "A made-up (locally administered) address, as telephones use to hide: it may change every day.": "बनावटी पता, जैसा फ़ोन छिपने के लिए लेते हैं: यह रोज़ बदल सकता है।",
    "A type of device number not known to this version, kept as written: ": "उपकरण संख्या का ऐसा प्रकार जो इस संस्करण को ज्ञात नहीं, जैसा लिखा था वैसा रखा गया: ",
    "Manufacturer's part of the number: ": "संख्या में निर्माता का भाग: ",
    # e-mail
    "No @ in it: not an e-mail address.": "इसमें @ नहीं: यह ई-मेल पता नहीं है।",
    "Nothing before the @.": "@ से पहले कुछ नहीं।",
    "No dot after the @: not an e-mail address, perhaps a UPI id.": "@ के बाद बिंदु नहीं: यह ई-मेल पता नहीं, शायद यूपीआई आईडी है।",
    "What stands before the @ holds characters that no mailbox name has.": "@ से पहले ऐसे चिह्न हैं जो किसी मेलबॉक्स के नाम में नहीं होते।",
    "More than 64 bytes before the @.": "@ से पहले 64 बाइट से अधिक।",
    "What stands after the @ is not a domain name.": "@ के बाद जो लिखा है वह डोमेन नाम नहीं।",
    "By this provider's rule the same mailbox as: ": "इस सेवा के नियम से यही मेलबॉक्स: ",
    "Dots at the start, at the end or in a row: most providers refuse such an address.": "आरंभ में, अंत में या लगातार बिंदु: अधिकांश सेवाएँ ऐसा पता नहीं लेतीं।",
    # file hash
    "The value has not the length of a hash of the type that was named.": "बताए गए प्रकार के हैश की यह लंबाई नहीं होती।",
    "No type was named, and no known hash has this length.": "प्रकार नहीं बताया, और इतनी लंबाई का कोई ज्ञात हैश नहीं।",
    "Neither hexadecimal nor base64.": "न हेक्साडेसिमल है न बेस64।",
    "The hash of an empty file: it says nothing about any picture.": "ख़ाली फ़ाइल का हैश: यह किसी चित्र के बारे में कुछ नहीं बताता।",
    "No type was named; read by its length as: ": "प्रकार नहीं बताया; लंबाई से पढ़ा गया: ",
    "Was written in base64.": "बेस64 में लिखा था।",
    "A kind of hash that is kept and shown but not computed here: ": "ऐसा हैश जो रखा और दिखाया जाता है, यहाँ निकाला नहीं जाता: ",
    # times
    "No time is written here.": "यहाँ कोई समय नहीं लिखा है।",
    "Not a time in any form known to this version.": "इस संस्करण को ज्ञात किसी रूप में यह समय नहीं है।",
    "There is no such day or hour.": "ऐसा कोई दिन या घंटा नहीं होता।",
    "Day and month could be exchanged, and nothing says which comes first.": "दिन और महीना आपस में बदल सकते हैं; पहले कौन है यह कहीं नहीं लिखा।",
    "The name of the time zone is not known, or names several zones.": "समय क्षेत्र का नाम ज्ञात नहीं, या कई क्षेत्रों का नाम है।",
    "This time lies in the future: a clock or a zone is wrong.": "यह समय भविष्य का है: घड़ी या समय क्षेत्र ग़लत है।",
    # IP
    "Not an IP address.": "यह आईपी पता नहीं है।",
    "A range of addresses, not one address.": "यह पतों की श्रेणी है, एक पता नहीं।",
    "A part above 255: not an IPv4 address.": "एक भाग 255 से बड़ा है: यह आईपीवी4 पता नहीं।",
    "Was written as an IPv6 address that carries this IPv4 address.": "ऐसे आईपीवी6 पते के रूप में लिखा था जिसमें यह आईपीवी4 पता है।",
    "Zone of the machine that wrote it, left out: ": "लिखने वाली मशीन का क्षेत्र, छोड़ दिया गया: ",
    "Written with leading zeros; read as decimal.": "आगे शून्य लगाकर लिखा है; दशमलव मानकर पढ़ा गया।",
    "The port is not between 1 and 65535 and is left out: ": "पोर्ट 1 से 65535 के बीच नहीं, छोड़ दिया गया: ",
    "A private address, not routable on the internet: it names no subscriber.": "निजी पता, इंटरनेट पर नहीं चलता: यह किसी ग्राहक को नहीं बताता।",
    "A carrier's inner address (100.64.0.0/10), not routable on the internet.": "ऑपरेटर का भीतरी पता (100.64.0.0/10), इंटरनेट पर नहीं चलता।",
    "The machine's own address (loopback): it names nobody.": "मशीन का अपना पता (लूपबैक): यह किसी को नहीं बताता।",
    "Valid only on one local wire (link-local): it names no subscriber.": "केवल एक स्थानीय तार पर मान्य: यह किसी ग्राहक को नहीं बताता।",
    "From a range kept for documentation.": "दस्तावेज़ों के लिए रखी श्रेणी से।",
    "From a reserved range, not routable on the internet.": "आरक्षित श्रेणी से, इंटरनेट पर नहीं चलता।",
    "A 6to4 address; the IPv4 address inside it: ": "6to4 पता; उसके भीतर का आईपीवी4 पता: ",
    "A Teredo address; the IPv4 client inside it: ": "टेरेडो पता; उसके भीतर का आईपीवी4 ग्राहक: ",
    "A translated (NAT64) address; the IPv4 address inside it: ": "बदला हुआ (NAT64) पता; उसके भीतर का आईपीवी4 पता: ",
    # telephone
    "No calling code and no country: the same digits are different telephones in different countries.": "न देश कोड है न देश: वही अंक अलग देशों में अलग टेलीफ़ोन होते हैं।",
    "Not a telephone number.": "यह टेलीफ़ोन नंबर नहीं है।",
    "Too few digits for a telephone number of that country.": "उस देश के टेलीफ़ोन नंबर के लिए अंक कम हैं।",
    "Too many digits for a telephone number of that country.": "उस देश के टेलीफ़ोन नंबर के लिए अंक अधिक हैं।",
    "No telephone number of that country has this many digits.": "उस देश के किसी टेलीफ़ोन नंबर में इतने अंक नहीं होते।",
    "No country has this calling code.": "किसी देश का यह कोड नहीं है।",
    "The number belongs to India; which circle is unknown, since numbers move between operators and circles.": "नंबर भारत का है; सर्किल ज्ञात नहीं, क्योंकि नंबर ऑपरेटर और सर्किल बदलते रहते हैं।",
    "Country by calling code: ": "कोड से देश: ",
    "No country was written; India is assumed from the form of the number.": "देश नहीं लिखा; नंबर के रूप से भारत मान लिया गया।",
    "No plus sign was written; the first digits are read as a calling code.": "धन चिह्न नहीं लिखा; पहले अंक देश कोड मानकर पढ़े गए।",
    "Not in the numbering plan known to this version.": "इस संस्करण को ज्ञात नंबर योजना में नहीं है।",
    "A toll-free, premium or service number: many people call it, nobody owns it.": "टोल-फ़्री, प्रीमियम या सेवा नंबर: इस पर बहुत लोग फ़ोन करते हैं, यह किसी एक का नहीं।",
    "Extension: ": "एक्सटेंशन: ",
    "The calling code sent apart differs from the one in the number: ": "अलग भेजा गया देश कोड नंबर के कोड से भिन्न है: ",
    # URL
    "White space inside: not one URL.": "बीच में ख़ाली जगह है: यह एक वेब पता नहीं।",
    "No host name in it.": "इसमें होस्ट का नाम नहीं है।",
    "The host is not a name or an address.": "होस्ट न नाम है न पता।",
    "The port is not between 1 and 65535.": "पोर्ट 1 से 65535 के बीच नहीं है।",
    "No address that leads anywhere: neither a scheme nor a host name.": "यह पता कहीं नहीं ले जाता: न स्कीम है न होस्ट का नाम।",
    "Part after #, kept apart: ": "# के बाद का भाग, अलग रखा गया: ",
    "Holds tracking parameters: ": "इसमें पीछा करने वाले पैरामीटर हैं: ",
    "No scheme was written; https is assumed.": "स्कीम नहीं लिखी; https मान लिया गया।",
    "Was written so that it cannot be clicked (hxxp, [.]); read as meant.": "ऐसे लिखा था कि क्लिक न हो (hxxp, [.]); जैसा अर्थ था वैसा पढ़ा गया।",
    "Holds a user name or password before the host.": "होस्ट से पहले उपयोगकर्ता नाम या पासवर्ड है।",
    # why a kind is strong or weak
    "A telephone number belongs to one subscriber at a time; numbers are given out again after some months.": "टेलीफ़ोन नंबर एक समय में एक ग्राहक का होता है; कुछ महीनों बाद नंबर फिर दिया जाता है।",
    "An e-mail address belongs to whoever opened it.": "ई-मेल पता उसका है जिसने उसे खोला।",
    "No platform: the same number belongs to different groups on different services.": "प्लेटफ़ॉर्म नहीं लिखा: वही संख्या अलग सेवाओं पर अलग समूहों की होती है।",
    "Many people are in a group; being in one with somebody says who is related, never who is who.": "समूह में बहुत लोग होते हैं; किसी के साथ समूह में होना संबंध बताता है, पहचान कभी नहीं।",
    "The platform gives an account id once.": "प्लेटफ़ॉर्म एक खाता संख्या एक ही बार देता है।",
    "A device number belongs to one device; a family may share the device.": "उपकरण संख्या एक ही उपकरण की होती है; परिवार में उपकरण साझा हो सकता है।",
    "The same hash means the same bytes, which many people may hold.": "एक ही हैश का अर्थ एक ही फ़ाइल है, जो बहुत लोगों के पास हो सकती है।",
    "The address of one profile or folder belongs to whoever made it; a site's front page says nothing.": "प्रोफ़ाइल या फ़ोल्डर का पता उसके बनाने वाले का होता है; साइट का मुखपृष्ठ कुछ नहीं बताता।",
    "A UPI id belongs to one bank account at a time.": "यूपीआई आईडी एक समय में एक बैंक खाते की होती है।",
    "A bank account belongs to one customer, who may be a mule.": "बैंक खाता एक ग्राहक का होता है, जो किराये का खाताधारक हो सकता है।",
    "An address of a crypto-currency is held by whoever has its key; exchanges lend theirs.": "क्रिप्टो-मुद्रा का पता उसका है जिसके पास उसकी कुंजी है; एक्सचेंज अपने पते औरों को देते हैं।",
    "A screen name is chosen, changed and copied at will.": "स्क्रीन नाम मनचाहा चुना, बदला और नक़ल किया जाता है।",
    "Many people share a name, and anybody can write one.": "एक नाम बहुत लोगों का होता है, और कोई भी लिख सकता है।",
    "An IP address is shared: thousands of subscribers of a mobile network stand behind one at the same second.": "आईपी पता साझा होता है: मोबाइल नेटवर्क के हज़ारों ग्राहक एक ही क्षण में एक पते के पीछे होते हैं।",
    "People share a house, and one house is written in many ways.": "लोग एक घर में साथ रहते हैं, और एक घर कई तरह से लिखा जाता है।",
}


def in_language(text: str, language: str) -> str:
    """A `why_not` or note in the reader's language; a sentence that this version does not know stays as it is."""
    if not language.startswith("hi") or not text:
        return text
    whole = HINDI.get(text)
    if whole is not None:
        return whole
    opening, colon, value = text.partition(": ")
    start = HINDI.get(opening + colon)
    return start + value if start is not None else text


def kind_name(kind: str, language: str) -> str:
    """The kind as an officer reads it."""
    return _named(KIND_NAMES, kind, language)


def role_name(role: str, language: str) -> str:
    """The role as an officer reads it."""
    return _named(ROLE_NAMES, role, language)


def _named(names: dict[str, tuple[str, str]], code: str, language: str) -> str:
    pair = names.get(code)
    return code if pair is None else pair[1 if language.startswith("hi") else 0]
