"""Error pages: what happened and what to do next, in both languages, with the number to quote to the administrator.

They ask the database nothing: the transaction that failed is gone. Nothing technical and nothing of another's is said.
"""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from abhaya.errors import AbhayaError

# status -> ((title, what to do) in English, the same in Hindi)
SENTENCES: dict[int, tuple[tuple[str, str], tuple[str, str]]] = {
    400: (
        ("The page could not read what was sent", "Go back, check what you entered and send it again. Nothing was changed."),
        ("भेजी गई जानकारी पढ़ी नहीं जा सकी", "वापस जाएँ, भरी हुई जानकारी जाँचें और फिर भेजें। कुछ भी बदला नहीं गया है।"),
    ),
    403: (
        ("This is not open to you", "If your work needs it, ask your supervisor. Nothing was changed."),
        ("यह आपके लिए खुला नहीं है", "यदि काम के लिए ज़रूरी हो तो अपने पर्यवेक्षक से कहें। कुछ भी बदला नहीं गया है।"),
    ),
    404: (
        ("There is nothing here for you", "It may be mistyped, moved on, or not open to you: all three look the same."),
        ("यहाँ आपके लिए कुछ नहीं है", "हो सकता है पता गलत हो, मामला आगे बढ़ गया हो, या यह आपके लिए खुला न हो: तीनों एक जैसे दिखते हैं।"),
    ),
    405: (
        ("This address does not take that", "Go back and use the button on the page. Nothing was changed."),
        ("यह पता इस तरह काम नहीं करता", "वापस जाएँ और पृष्ठ का बटन दबाएँ। कुछ भी बदला नहीं गया है।"),
    ),
    409: (
        ("Something has moved on meanwhile", "Open it again and look before you act. Nothing was changed."),
        ("इस बीच स्थिति बदल गई है", "इसे फिर से खोलें और देखकर ही आगे बढ़ें। कुछ भी बदला नहीं गया है।"),
    ),
    413: (
        ("That is larger than this page takes", "Send it in parts, or use “Load files”. Nothing was changed."),
        ("यह इस पृष्ठ की सीमा से बड़ा है", "टुकड़ों में भेजें, या “फ़ाइलें लें” का उपयोग करें। कुछ भी बदला नहीं गया है।"),
    ),
    429: (
        ("That was too quick", "Wait a moment, then try again. Nothing was changed."),
        ("बहुत जल्दी-जल्दी पूछा गया", "थोड़ा रुककर फिर कोशिश करें। कुछ भी बदला नहीं गया है।"),
    ),
    500: (
        ("Something failed on our side", "Nothing was changed. Try once more; if it fails again, give the number below to your administrator."),
        ("हमारी ओर से कुछ गड़बड़ हुई", "कुछ भी बदला नहीं गया है। एक बार फिर कोशिश करें; फिर भी न हो तो नीचे का क्रमांक अपने व्यवस्थापक को दें।"),
    ),
    503: (
        ("The server needs its administrator", "Nothing was changed. Give the number below to your administrator."),
        ("सर्वर को व्यवस्थापक की ज़रूरत है", "कुछ भी बदला नहीं गया है। नीचे का क्रमांक अपने व्यवस्थापक को दें।"),
    ),
}  # fmt: skip


def error_page(request: HttpRequest, status: int, *, sentence: str = "") -> HttpResponse:
    """The page for `status`; `sentence` replaces the general title where the error has its own."""
    request.failed = True  # type: ignore[attr-defined]  # set by us
    english, hindi = SENTENCES.get(status, SENTENCES[500])
    return render(
        request,
        "web/error.html",
        {"status": status, "sentence": sentence, "english": english, "hindi": hindi},
        status=status,
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 — Django hands it over
    """`handler400`."""
    return error_page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 — Django hands it over
    """`handler403`."""
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 — Django hands it over
    """`handler404`: absent and not-to-be-seen answer alike."""
    return error_page(request, 404)


def failed(request: HttpRequest) -> HttpResponse:
    """`handler500`; errors of ours that were raised outside a page (in the gate) keep their sentence."""
    error = sys.exception()
    if isinstance(error, AbhayaError):
        return error_page(request, error.status, sentence=error.sentence)
    return error_page(request, 500)


def forgery(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 — Django hands it over
    """`CSRF_FAILURE_VIEW`: an old page was sent after signing in again, or another site sent it."""
    return error_page(request, 403)
