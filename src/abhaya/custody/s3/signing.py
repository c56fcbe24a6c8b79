"""AWS Signature Version 4 for S3, as its documentation defines it: pure arithmetic on a request's parts.

Every part is signed, the body's SHA-256 included, so that a store that checks it takes nothing that was changed on the way.
Tests hold it against botocore's signatures.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class Keys:
    """Who asks. `secret` never appears in a request."""

    access: str
    secret: str = field(repr=False)
    region: str = "us-east-1"


def signed_headers(
    keys: Keys, method: str, host: str, path: str, query: Mapping[str, str], payload_sha256: str, at: datetime
) -> dict[str, str]:
    """The headers that make the request one of `keys`. `path` is not yet escaped."""
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    headers = {"host": host, "x-amz-content-sha256": payload_sha256, "x-amz-date": stamp}
    names = ";".join(sorted(headers))
    canonical = "\n".join([
        method,
        escaped_path(path),
        canonical_query(query),
        *[f"{name}:{headers[name]}" for name in sorted(headers)],
        "",
        names,
        payload_sha256,
    ])  # fmt: skip
    scope = f"{stamp[:8]}/{keys.region}/s3/aws4_request"
    to_sign = "\n".join([ALGORITHM, stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = f"AWS4{keys.secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    credential = f"Credential={keys.access}/{scope}, SignedHeaders={names}, Signature={signature}"
    return {**headers, "authorization": f"{ALGORITHM} {credential}"}


def escaped_path(path: str) -> str:
    return quote(path, safe="/-_.~")


def canonical_query(query: Mapping[str, str]) -> str:
    """Sorted and escaped, as it is signed and as it is sent."""
    pairs = sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in query.items())
    return "&".join(f"{name}={value}" for name, value in pairs)
