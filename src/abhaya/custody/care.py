"""What whoever looks after the vault should know: is the key on paper, was everything read again lately, does it hold.

Checks for `journey.CHECKS`: `abhaya check` prints them, the health page shows them. An original is named by its id alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from django.conf import settings

from abhaya.custody.film import program
from abhaya.custody.place import FOLDER
from abhaya.custody.rehash import damages, standing
from abhaya.custody.rotation import note_of
from abhaya.custody.vault import place_of, vault
from abhaya.shared.checks import Level, Result
from abhaya.shared.identity import on_the_road
from abhaya.shared.reason import Reason

SERVICE = "road:check"
PROOF_DAYS_MAX = 365  # a restore is rehearsed once a year at least
NAMED_MAX = 5

SENTENCES: Mapping[str, tuple[str, str]] = {
    "film-read": ("Film is read by ffmpeg {version}.", "फ़िल्म ffmpeg {version} से पढ़ी जाती है।"),
    "film-closed": (
        "Film stays closed: the program ffmpeg is not here. Install it, or name it with ABHAYA_FFMPEG.",
        "फ़िल्म बंद रहती है: ffmpeg प्रोग्राम यहाँ नहीं है। उसे लगाएँ, या ABHAYA_FFMPEG से उसका पता दें।",
    ),
    "film-unread": (
        "Film stays closed: {path} is no ffmpeg that runs closed in (a script or a package of its own is none).",
        "फ़िल्म बंद रहती है: {path} ऐसा ffmpeg नहीं जो बंद घेरे में चले (स्क्रिप्ट या अलग पैकेज नहीं चलेगा)।",
    ),
    "key-paper": (
        "The vault’s key is on paper: {shares} sheets, {needed} needed; put together from them on {proved}.",
        "तिजोरी की कुंजी काग़ज़ पर है: {shares} पन्ने, {needed} ज़रूरी; {proved} को उनसे जोड़कर देखी गई।",
    ),
    "key-not-on-paper": (
        (
            "The vault’s key is not on paper. Without it nothing in the vault can be read: abhaya key split --shares 5"
            " --needed 3 --out DIR"
        ),
        (
            "तिजोरी की कुंजी काग़ज़ पर नहीं है। उसके बिना तिजोरी का कुछ भी नहीं पढ़ा जा सकता: abhaya key split --shares 5 --needed 3"
            " --out DIR"
        ),
    ),
    "key-not-proved": (
        "The vault’s key was never put together from its sheets. Rehearse it: abhaya key join --prove",
        "तिजोरी की कुंजी उसके पन्नों से कभी जोड़कर नहीं देखी गई। अभ्यास करें: abhaya key join --prove",
    ),
    "key-proved-long-ago": (
        "The vault’s key was last put together from its sheets on {proved}. Rehearse it: abhaya key join --prove",
        "तिजोरी की कुंजी पिछली बार {proved} को उसके पन्नों से जोड़ी गई थी। अभ्यास करें: abhaya key join --prove",
    ),
    "key-one": ("One key opens the vault: {key}.", "तिजोरी एक ही कुंजी से खुलती है: {key}।"),
    "key-old-kept": (
        "The old key {key} is still kept. Finish: abhaya key rotate, then abhaya key retire",
        "पुरानी कुंजी {key} अब भी रखी है। पूरा करें: abhaya key rotate, फिर abhaya key retire",
    ),
    "place-one": ("The vault is in one place: {place}.", "तिजोरी एक ही जगह है: {place}।"),
    "place-moving": (
        "The vault’s move from {old} to {place} waits to be finished: abhaya vault move --to {to}",
        "तिजोरी को {old} से {place} ले जाना अभी पूरा होना है: abhaya vault move --to {to}",
    ),
    "originals-hold": (
        "Every original that was read again holds; the whole vault was last read by {at}.",
        "फिर से पढ़ी गई हर मूल फ़ाइल सही है; पूरी तिजोरी पिछली बार {at} तक पढ़ी गई।",
    ),
    "originals-begun": (
        "Every original that was read again holds; the first reading of the whole vault is under way.",
        "फिर से पढ़ी गई हर मूल फ़ाइल सही है; पूरी तिजोरी का पहला पाठ चल रहा है।",
    ),
    "originals-none": ("The vault is empty.", "तिजोरी खाली है।"),
    "originals-late": (
        (
            "The whole vault was not read again for {days} days; {wanted} are set. Widen ABHAYA_REHASH_HOURS, or look whether"
            " a worker runs at night."
        ),
        (
            "पूरी तिजोरी {days} दिनों से फिर नहीं पढ़ी गई; तय {wanted} दिन हैं। ABHAYA_REHASH_HOURS बढ़ाएँ, या देखें कि रात में वर्कर"
            " चलता है या नहीं।"
        ),
    ),
    "originals-damaged": (
        (
            "{count} originals do not hold: {named}. Keep everything as it is and compare with the backup; abhaya check says"
            " what is wrong with each."
        ),
        (
            "{count} मूल फ़ाइलें सही नहीं हैं: {named}। सब कुछ जैसा है वैसा रखें और बैकअप से मिलाएँ; abhaya check बताता है कि किसमें क्या"
            " गड़बड़ी है।"
        ),
    ),
}


def key_on_paper() -> Result:
    """Whether the operator's key was split on paper, and put together again from it since."""
    with on_the_road(SERVICE):
        note = note_of(vault().key.id)
    if note is None or note.split_at is None:
        return _result(Level.WARN, "key-not-on-paper")
    if note.proved_at is None or note.proved_at < note.split_at:
        return _result(Level.WARN, "key-not-proved")
    proved = note.proved_at.date().isoformat()
    if note.proved_at < datetime.now(UTC) - timedelta(days=PROOF_DAYS_MAX):
        return _result(Level.WARN, "key-proved-long-ago", proved=proved)
    return _result(Level.OK, "key-paper", shares=note.split_shares, needed=note.split_needed, proved=proved)


def keys_alive() -> Result:
    """Whether a rotation waits to be finished."""
    ids = vault().key.ids
    if len(ids) > 1:
        return _result(Level.WARN, "key-old-kept", key=ids[1].hex())
    return _result(Level.OK, "key-one", key=ids[0].hex())


def one_place() -> Result:
    """Whether a move of the vault waits to be finished."""
    place = place_of(settings.DATA_DIR)
    if place.leaving:
        to = FOLDER if place.now == FOLDER else "store"
        return _result(Level.WARN, "place-moving", old=place.leaving, place=place.now, to=to)
    return _result(Level.OK, "place-one", place=place.now)


def originals() -> Result:
    """Whether every original that was read again holds, and how long ago the whole vault was."""
    now = datetime.now(UTC)
    with on_the_road(SERVICE):
        found = standing()
        named = ", ".join(str(damage.object_id) for damage in damages()[:NAMED_MAX])
    if found.damaged:
        more = " …" if found.damaged > NAMED_MAX else ""
        return _result(Level.BAD, "originals-damaged", count=found.damaged, named=named + more)
    if not found.has_originals:
        return _result(Level.OK, "originals-none")
    begun = found.whole_pass_at or (
        datetime.combine(found.since, datetime.min.time(), UTC) if found.since is not None else now
    )
    if begun < now - timedelta(days=2 * settings.REHASH_DAYS):
        return _result(Level.WARN, "originals-late", days=(now - begun).days, wanted=settings.REHASH_DAYS)
    if found.whole_pass_at is None:
        return _result(Level.OK, "originals-begun")
    return _result(Level.OK, "originals-hold", at=found.whole_pass_at.date().isoformat())


def _result(level: Level, code: str, **facts: str | float) -> Result:
    return Result(level, Reason(code, dict(facts)), SENTENCES)


def film() -> Result:
    """Whether film can be looked at and compared here."""
    found = program()
    if found is not None:
        return _result(Level.OK, "film-read", version=found.version)
    if settings.FFMPEG:
        return _result(Level.WARN, "film-unread", path=settings.FFMPEG)
    return _result(Level.WARN, "film-closed")
