"""What a report lacks, in words, for the sender and for the officer."""

from __future__ import annotations

# code of completeness.DIMENSIONS -> (English, Hindi)
LACKS: dict[str, tuple[str, str]] = {
    "offender_identifier": (
        "an account, e-mail or telephone of the reported person",
        "सूचित व्यक्ति का खाता, ई-मेल या फ़ोन",
    ),
    "place_or_address": ("any place or address", "कोई स्थान या आईपी पता"),
    "upload_address": ("the address of the upload itself, not of a sign-in", "अपलोड का आईपी पता (लॉगिन का नहीं)"),
    "address_port": ("the source port beside the address", "आईपी पते के साथ सोर्स पोर्ट"),
    "address_second_and_zone": ("the second and time zone of the address", "आईपी पते का सेकंड सहित समय और समय क्षेत्र"),
    "file_or_text": ("a file or the conversation", "फ़ाइल या बातचीत"),
    "incident_time_meaning": ("what the incident time means", "घटना के समय का अर्थ"),
    "viewed_by_sender": ("whether the sender looked at the files", "क्या भेजने वाले ने फ़ाइलें देखीं"),
    "victim": ("anything about the child", "बच्चे के बारे में कोई जानकारी"),
}
