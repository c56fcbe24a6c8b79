"""Every setting: its environment variable, its default, and why. Unsafe combinations stop the start."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from abhaya.errors import OperatorError
from abhaya.ledger.note import NoteError, witnesses_of
from abhaya.shared.postgres import database_settings
from abhaya.shared.secret import secret


def _flag(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def _is_name(host: str) -> bool:
    """Whether it names this server to others: no address, no pattern, not localhost."""
    return not (host[:1] in {".", "*", "["} or host == "localhost" or host.replace(".", "").isdigit())


BASE_DIR = Path(__file__).resolve().parent

# ABHAYA_DATA: everything this unit holds outside PostgreSQL — vault, keys, and the private server if there is no URL.
DATA_DIR = Path(os.environ.get("ABHAYA_DATA") or Path.home() / ".local/share/abhaya").expanduser()

# ABHAYA_TRAINING: an invented world with ready-made officers to step into. Never set where real reports are.
TRAINING = _flag("ABHAYA_TRAINING")

# ABHAYA_HOSTS: host names this server answers to, separated by commas. ABHAYA_TLS: pages are served over HTTPS; `own`
# means with a certificate of the unit's own authority, which `abhaya up --name` makes and sets.
ALLOWED_HOSTS = [host for host in os.environ.get("ABHAYA_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if host]
TLS_OWN = os.environ.get("ABHAYA_TLS", "").lower() == "own"
TLS = TLS_OWN or _flag("ABHAYA_TLS")
# Passkeys belong to one host name for good: the first that is a name. Set first the name that will stay.
PASSKEY_HOST = next((host.lower() for host in ALLOWED_HOSTS if _is_name(host)), "")
# ABHAYA_TLS_CERTIFICATE, ABHAYA_TLS_KEY: files, when this server speaks TLS itself and no proxy stands before it.
TLS_CERTIFICATE, TLS_KEY = (
    Path(os.environ[name]) if os.environ.get(name) else None for name in ("ABHAYA_TLS_CERTIFICATE", "ABHAYA_TLS_KEY")
)
# ABHAYA_PORT: set by `abhaya up` for the programs it starts. The address of the pages, for those who trust the certificate.
HOME_ADDRESS = f"https://{ALLOWED_HOSTS[0]}:{os.environ.get('ABHAYA_PORT', '8000')}/" if ALLOWED_HOSTS else ""
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if host != "*"] if TLS else []

# ABHAYA_PROXIES: addresses of reverse proxies, separated by commas, whose X-Forwarded-For is believed.
PROXIES = frozenset(proxy.strip() for proxy in os.environ.get("ABHAYA_PROXIES", "").split(",") if proxy.strip())

# ABHAYA_OIDC_…: the unit's own sign-in service, asked only if ISSUER is set. CLAIM of its token is an officer's user name.
# SECOND_FACTOR: what in `amr` or `acr` is believed to prove a second factor, as amr:mfa; unset, ours is always asked.
OIDC_ISSUER = os.environ.get("ABHAYA_OIDC_ISSUER", "")
OIDC_CLIENT_ID = os.environ.get("ABHAYA_OIDC_CLIENT_ID", "")
OIDC_SECRET_FILE = Path(os.environ["ABHAYA_OIDC_SECRET_FILE"]) if os.environ.get("ABHAYA_OIDC_SECRET_FILE") else None
OIDC_CLAIM = os.environ.get("ABHAYA_OIDC_CLAIM", "preferred_username")
OIDC_SCOPE = "openid profile email"
OIDC_SECOND_FACTOR = frozenset(
    word.strip() for word in os.environ.get("ABHAYA_OIDC_SECOND_FACTOR", "").split(",") if word.strip()
)
if OIDC_ISSUER and not (OIDC_CLIENT_ID and OIDC_SECRET_FILE):
    raise OperatorError("ABHAYA_OIDC_ISSUER needs ABHAYA_OIDC_CLIENT_ID and ABHAYA_OIDC_SECRET_FILE beside it.")

# ABHAYA_FFMPEG: the program that reads film; unset, the one this machine has, if it has one. Called, never linked.
FFMPEG = os.environ.get("ABHAYA_FFMPEG") or shutil.which("ffmpeg") or ""

DEBUG = False
SECRET_KEY = secret(DATA_DIR, "web-session")

if TRAINING and TLS and not _flag("ABHAYA_TRAINING_PUBLIC"):
    raise OperatorError(
        "ABHAYA_TRAINING is set on a server with TLS: anyone could step into its ready-made officers."
        " Unset it, or set ABHAYA_TRAINING_PUBLIC=1 if this really is a classroom."
    )

# DESIGN: shared < web < ledger < access < custody < … : a later room may use an earlier one, never the reverse.
ROOMS = [
    "shared", "web", "ledger", "access", "custody", "places", "selectors", "intake", "matching", "linking", "triage",
    "routing", "cases", "exchange", "desk", "training",
]  # fmt: skip
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    *[f"abhaya.{room}" for room in ROOMS],
]
MIDDLEWARE = [
    "abhaya.web.middleware.PageMiddleware",  # outermost: headers on every answer, errors as plain sentences
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "abhaya.access.limits.RateMiddleware",  # before anything is read for whoever asks too often
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "abhaya.access.middleware.OfficerMiddleware",  # default deny, identity, one transaction per page
]
CSRF_FAILURE_VIEW = "abhaya.web.errors.forgery"
ROOT_URLCONF = "abhaya.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["abhaya.web.templatetags.abhaya"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "abhaya.web.context.page",
            ],
        },
    }
]

# One database, signed in to as four roles. `default` is officers' (`shared.identity.acting`), `road` everything else's
# (`on_the_road`); `owner` is opened by migrations only, `sequencer` by the ledger's sequencer.
DATABASES = {
    "default": database_settings(DATA_DIR, "abhaya_app"),
    "road": database_settings(DATA_DIR, "abhaya_service"),
    "owner": database_settings(DATA_DIR, "abhaya_owner"),
    "sequencer": database_settings(DATA_DIR, "abhaya_sequencer"),
}
DATABASE_ROUTERS = ["abhaya.shared.routers.OwnerMigrates"]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
PROCRASTINATE_IMPORT_PATHS = ["abhaya.shared.jobs"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MIGRATION_DATABASE = "owner"

AUTH_USER_MODEL = "access.Officer"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
SESSION_ENGINE = "abhaya.access.sessions"
SESSION_COOKIE_AGE = 12 * 3600  # one shift
# `__Host-`: browsers take such a cookie over HTTPS only and never from or for a neighbouring host name (RFC 6265bis).
COOKIE_PREFIX = "__Host-" if TLS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}abhaya", f"{COOKIE_PREFIX}abhaya_form"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
# Not `no-referrer`: with it browsers send `Origin: null` and every form would be refused as forged.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = TLS
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("hi", "हिन्दी")]
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}abhaya_language"
USE_TZ = True
TIME_ZONE = os.environ.get("ABHAYA_TIME_ZONE", "Asia/Kolkata")  # how instants are shown; they are kept in UTC

# ABHAYA_DIGITS: indian (12,34,567) or western (1,234,567).
DIGIT_GROUPING = os.environ.get("ABHAYA_DIGITS", "indian")
if DIGIT_GROUPING not in {"indian", "western"}:
    raise OperatorError(f"ABHAYA_DIGITS is {DIGIT_GROUPING!r}; it takes indian or western.")

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MANIFEST_STRICT = False

# ABHAYA_ISPWS_STRICT: the door refuses elements and attributes that no part of its schema knows; else it keeps them.
ISPWS_STRICT = _flag("ABHAYA_ISPWS_STRICT")

# ABHAYA_WITNESSES: who co-signs the ledger: `KEY URL`, separated by commas; a key without URL is reached by file.
# ABHAYA_TSA: address of an RFC 3161 time-stamp authority. ABHAYA_TSA_CA: its root certificate, to check its answers.
try:
    LEDGER_WITNESSES = witnesses_of(os.environ.get("ABHAYA_WITNESSES", ""))
except NoteError as error:
    raise OperatorError(f"ABHAYA_WITNESSES: {error}.") from None
LEDGER_TSA = os.environ.get("ABHAYA_TSA", "")
LEDGER_TSA_CA = Path(os.environ["ABHAYA_TSA_CA"]) if os.environ.get("ABHAYA_TSA_CA") else None
if LEDGER_TSA and not LEDGER_TSA.startswith(("http://", "https://")):
    raise OperatorError("ABHAYA_TSA is an address that begins with https:// or http://.")
# ABHAYA_OPERATOR_KEY: the vault's operator key as 64 hexadecimal digits instead of the file secrets/vault. Every process
# that may read this process's environment reads the key. During a rotation: the new key, a comma, the old key.
OPERATOR_KEY = os.environ.get("ABHAYA_OPERATOR_KEY", "")
# ABHAYA_TOKEN_LIBRARY: library of a token that keeps the operator key sealed; ABHAYA_TOKEN: the token's label;
# ABHAYA_TOKEN_KEY: label of the key in it; ABHAYA_TOKEN_PIN_FILE: file with its PIN.
TOKEN_LIBRARY = os.environ.get("ABHAYA_TOKEN_LIBRARY", "")
TOKEN_LABEL = os.environ.get("ABHAYA_TOKEN", "abhaya")
TOKEN_KEY = os.environ.get("ABHAYA_TOKEN_KEY", "abhaya-vault")
TOKEN_PIN_FILE = Path(os.environ["ABHAYA_TOKEN_PIN_FILE"]) if os.environ.get("ABHAYA_TOKEN_PIN_FILE") else None
if TOKEN_LIBRARY and OPERATOR_KEY:
    raise OperatorError(
        "ABHAYA_TOKEN_LIBRARY and ABHAYA_OPERATOR_KEY are both set: the operator key has one home. Unset one."
    )

# ABHAYA_VAULT_STORE: s3://BUCKET/PREFIX, where large originals go instead of the folder `vault`; then ABHAYA_VAULT_ENDPOINT:
# the store's address; ABHAYA_VAULT_KEYS_FILE: file with its access key and its secret key, a line each;
# ABHAYA_VAULT_REGION; ABHAYA_VAULT_CA: certificates that its TLS is checked against, where not the machine's own.
VAULT_STORE = os.environ.get("ABHAYA_VAULT_STORE", "")
VAULT_ENDPOINT = os.environ.get("ABHAYA_VAULT_ENDPOINT", "")
VAULT_REGION = os.environ.get("ABHAYA_VAULT_REGION", "us-east-1")
VAULT_KEYS_FILE, VAULT_CA = (
    Path(os.environ[name]) if os.environ.get(name) else None for name in ("ABHAYA_VAULT_KEYS_FILE", "ABHAYA_VAULT_CA")
)
if VAULT_STORE and not (VAULT_STORE.startswith("s3://") and VAULT_ENDPOINT.startswith(("http://", "https://"))):
    raise OperatorError(
        "ABHAYA_VAULT_STORE is s3://BUCKET/PREFIX, and ABHAYA_VAULT_ENDPOINT then the store's http(s) address."
    )
if VAULT_STORE and VAULT_KEYS_FILE is None:
    raise OperatorError(
        "ABHAYA_VAULT_STORE needs ABHAYA_VAULT_KEYS_FILE: a file with the access key and the secret key."
    )

# ABHAYA_REHASH_DAYS: within how many days the whole vault is read again; ABHAYA_REHASH_HOURS: in which hours, as 22-6.
try:
    REHASH_DAYS = int(os.environ.get("ABHAYA_REHASH_DAYS", "30"))
    REHASH_HOURS = tuple(int(hour) for hour in os.environ.get("ABHAYA_REHASH_HOURS", "22-6").split("-"))
except ValueError:
    REHASH_DAYS, REHASH_HOURS = 0, ()
if REHASH_DAYS < 1 or len(REHASH_HOURS) != 2 or not all(0 <= hour <= 24 for hour in REHASH_HOURS):
    raise OperatorError("ABHAYA_REHASH_DAYS is a number of days, ABHAYA_REHASH_HOURS two hours such as 22-6.")

# Limits, each with its unit.
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024  # bytes of a form or XML body held in memory
FILE_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024  # bytes; a larger upload streams to disk
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
PAGES_PER_ADDRESS_PER_MINUTE = 3000  # of one server process: a police headquarters behind one address
PAGES_PER_OFFICER_PER_MINUTE = 600
COSTLY_PER_OFFICER_PER_MINUTE = 30  # searches, and files made on request

# ABHAYA_LOG: level of the log on standard error. No content, password or token is ever logged.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    # Whoever can reach the port can send a wrong host name: refused with 400, and no traceback each to fill the disk.
    "loggers": {"django.security.DisallowedHost": {"level": "CRITICAL"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("ABHAYA_LOG", "WARNING").upper()},
}
