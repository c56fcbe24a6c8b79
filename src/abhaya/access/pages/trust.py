"""How a computer comes to trust the unit's own certificate. Its addresses exist only where there is one (`abhaya.urls`)."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from abhaya.access.gate import public
from abhaya.shared.authority import standing

FILE_NAME = "abhaya-authority.crt"


@public("whoever may reach this server must be able to check whom they speak to, before they sign in")
@require_safe
def trust(request: HttpRequest) -> HttpResponse:
    """The steps, and the fingerprint to compare. Language by `?language=`: over plain HTTP no form is sent."""
    language = request.GET.get("language", "")
    if language in dict(settings.LANGUAGES):
        translation.activate(language)
    own = standing(settings.DATA_DIR)
    pairs = own.fingerprint.split(":")
    rows = [pairs[start : start + 8] for start in range(0, len(pairs), 8)]
    context = {"own": own, "rows": rows, "plain": not request.is_secure(), "home": settings.HOME_ADDRESS}
    return render(request, "access/trust.html", context)


@public("a certificate authority's certificate is made to be given to everybody")
@require_safe
def certificate(_request: HttpRequest) -> HttpResponse:
    """The authority's certificate as telephones and computers install it (DER)."""
    pem = standing(settings.DATA_DIR).certificate.read_bytes()
    der = x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)
    headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
    return HttpResponse(der, content_type="application/x-x509-ca-cert", headers=headers)
