"""The names platforms go by, so that "FB", "facebook.com" and "Facebook, Inc." scope one and the same account id."""

from __future__ import annotations

import re
from functools import lru_cache

from abhaya.selectors.normal import CACHE_VALUES_MAX, fold, tidy

PLATFORM_CHARACTERS_MAX = 256  # ISPWS

_ALIASES = {
    "facebook": "fb facebook.com fb.com facebookapp",
    "messenger": "fbmessenger facebookmessenger messenger.com fbm",
    "instagram": "ig insta instagram.com instagr.am",
    "threads": "threads.net",
    "meta": "metaplatforms metaplatformsinc",
    "whatsapp": "wa whatsapp.com whatsappmessenger watsapp whatsappbusiness wa.me",
    "telegram": "tg telegram.org t.me telegram.me telegrammessenger",
    "signal": "signal.org signalmessenger",
    "snapchat": "snap snapchat.com snapinc sc",
    "x": "twitter twitter.com x.com xcorp twitterinc x(twitter) twitter/x x/twitter xformerlytwitter",
    "youtube": "yt youtube.com youtu.be youtubekids",
    "google": "google.com googlellc googledrive drive.google.com googlephotos",
    "gmail": "gmail.com googlemail",
    "tiktok": "tiktok.com tiktokinc tik-tok bytedance musical.ly",
    "discord": "discord.com discordapp.com discordinc discord.gg discordapp",
    "reddit": "reddit.com redditinc",
    "kik": "kik.com kikmessenger kikinteractive medialab",
    "omegle": "omegle.com",
    "roblox": "roblox.com robloxcorporation",
    "sharechat": "sharechat.com moj mohallatech",
    "mega": "mega.nz mega.io megalimited",
    "dropbox": "dropbox.com dropboxinc",
    "onedrive": "microsoftonedrive onedrive.live.com",
    "skype": "skype.com",
    "microsoft": "microsoft.com microsoftcorporation bing bingimage",
    "linkedin": "linkedin.com",
    "pinterest": "pinterest.com",
    "imgur": "imgur.com",
    "tumblr": "tumblr.com automattic",
    "viber": "viber.com rakutenviber",
    "line": "linemessenger line.me",
    "wechat": "weixin wechat.com",
    "imo": "imo.im imomessenger",
    "wickr": "wickrme wickr.com",
    "session": "getsession.org",
    "wire": "wire.com",
    "twitch": "twitch.tv",
    "onlyfans": "onlyfans.com",
    "meetme": "meetme.com",
    "yahoo": "yahoo.com yahoomail yahooinc",
    "cashapp": "cash.app cash squarecash blockinc",
    "paypal": "paypal.com paypal.me",
    "github": "github.com",
    "vk": "vkontakte vk.com",
    "steam": "steamcommunity.com valve",
    "playstation": "psn playstationnetwork sonyplaystation",
    "xbox": "xboxlive xbox.com",
}
NAMES = tuple(_ALIASES)
_PLATFORM_OF = {alias: name for name, aliases in _ALIASES.items() for alias in (name, *aliases.split())}
_SCHEME = re.compile(r"^(?:https?://)?(?:www\.|m\.|mobile\.|web\.)?")
_COMPANY = re.compile(r"[,\s]+(?:inc|llc|ltd|limited|corp|corporation|gmbh|pte|pvt|co|plc|b\.?v|s\.?a)\.?$")
_GAPS = re.compile(r"[\s_]+")


@lru_cache(maxsize=CACHE_VALUES_MAX)
def canonical(written: str) -> str:
    """One lower-case word for a platform; its own name tidied where it is none we know; "" for none."""
    text = fold(tidy(written))[:PLATFORM_CHARACTERS_MAX]
    text = _SCHEME.sub("", text).rstrip("/.").replace(":", " ").strip()
    previous = ""
    while previous != text:
        previous, text = text, _COMPANY.sub("", text)
    close = _GAPS.sub("", text)
    return (
        _PLATFORM_OF.get(close)
        or _PLATFORM_OF.get(close.replace(",", "").replace(".", ""))
        or _GAPS.sub(" ", text).strip()
    )


def known(written: str) -> str:
    """The platform's word where it is one we know, else ""."""
    name = canonical(written)
    return name if name in _ALIASES else ""
