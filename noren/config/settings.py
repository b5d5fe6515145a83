"""Django's settings, all from the environment. `docs/operations.md` lists every variable."""

import os
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.functional import SimpleLazyObject
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from noren.kit import embedded, secrets
from noren.kit.errors import Refusal


class BadSetting(Refusal):
    """An environment variable that cannot be read. Told in English: the language is a setting, too."""

    code = "setting"


def _count(name: str, usual: int, least: int = 1) -> int:
    text = os.environ.get(name, "") or str(usual)
    if not text.isdecimal() or int(text) < least:
        message = "%(name)s must be a whole number of %(least)d or more, not “%(text)s”."
        raise BadSetting(message, name=name, least=least, text=text)
    return int(text)


def _one_of(name: str, *allowed: str) -> str:
    """The variable's value; the first one is usual."""
    text = os.environ.get(name, "") or allowed[0]
    if text not in allowed:
        raise BadSetting(
            "%(name)s must be one of %(all)s, not “%(text)s”.", name=name, all=", ".join(allowed), text=text
        )
    return text


def _switch(name: str, usual: str) -> bool:
    text = os.environ.get(name, "") or usual
    if text not in {"on", "off"}:
        raise BadSetting("%(name)s must be on or off, not “%(text)s”.", name=name, text=text)
    return text == "on"


def _host_and_port(name: str, usual: str) -> tuple[str, int]:
    text = os.environ.get(name, "") or usual
    host, _colon, port = text.rpartition(":")
    if not host or not port.isdecimal():
        raise BadSetting("%(name)s must be HOST:PORT, not “%(text)s”.", name=name, text=text)
    return host, int(port)


def _origin(name: str, usual: str) -> str:
    """Scheme, host and port of a web address, nothing behind them."""
    text = (os.environ.get(name, "") or usual).rstrip("/")
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or text != f"{parts.scheme}://{parts.netloc}":
        raise BadSetting("%(name)s must be like https://members.example.jp, not “%(text)s”.", name=name, text=text)
    return text


NOREN_HOME = Path(os.environ.get("NOREN_HOME", "") or "var/noren").expanduser().absolute()
"""Data directory: embedded database, archive of bill items, rejects, scratch files."""

NOREN_DATABASE_URL = os.environ.get("NOREN_DATABASE_URL", "")
"""One's own PostgreSQL (15 or newer), as the role that owns the tables; empty = the embedded one."""

NOREN_APP_DATABASE_URL = os.environ.get("NOREN_APP_DATABASE_URL", "")
"""The same database as a login of the role `noren_app`; empty = the owner's login, acting as `noren_app`."""

NOREN_SLICE_WALLETS = _count("NOREN_SLICE_WALLETS", 200_000)
"""Wallets posted in one transaction: larger is faster, smaller loses less to a crash."""


def _database(conninfo: str, **extra: str) -> dict[str, Any]:
    """A connection in Django's words. Statements are prepared by the server: the ledger sends few, often."""
    try:
        given: dict[str, Any] = {**conninfo_to_dict(conninfo), **extra}
    except ProgrammingError as error:
        raise BadSetting("A database URL cannot be read: %(why)s", why=str(error).strip()) from error
    if not given.get("dbname"):
        raise BadSetting("A database URL must name a database, as in postgresql://user@host/noren.")
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    plain = {name: str(given.pop(key, "")) for key, name in names.items()}
    options = {**given, "server_side_binding": True, "prepare_threshold": 3}
    # A thread keeps its connection: to make one costs more than most requests.
    kept = {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
    return {"ENGINE": "noren.kit.postgres", **plain, **kept, "OPTIONS": options}


def _databases() -> dict[str, dict[str, Any]]:
    if NOREN_APP_DATABASE_URL and not NOREN_DATABASE_URL:
        raise BadSetting("NOREN_APP_DATABASE_URL goes with NOREN_DATABASE_URL; set both or none.")
    if not NOREN_DATABASE_URL:
        local = f"host='{embedded.socket_directory(NOREN_HOME)}' dbname={embedded.DATABASE}"
        return {
            "default": _database(local, user=embedded.APP_ROLE),
            "owner": _database(local, user=embedded.OWNER),
        }
    owner = _database(NOREN_DATABASE_URL)
    if NOREN_APP_DATABASE_URL:
        return {"default": _database(NOREN_APP_DATABASE_URL), "owner": owner}
    return {"default": _database(NOREN_DATABASE_URL, options=f"-c role={embedded.APP_ROLE}"), "owner": owner}


DATABASES = _databases()
"""`default` may not change what was posted; `owner` makes the tables and is used by `noren init` alone."""

INSTALLED_APPS = [
    "noren.audit",
    "noren.outbox",
    "noren.programme",
    "noren.members",
    "noren.accounts",
    "noren.groups",
    "noren.sso",
    "noren.billing",
    "noren.points",
    "noren.spending",
    "noren.orders",
    "noren.counter",
    "noren.closing",
    "noren.bulk",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

USE_TZ = True
TIME_ZONE = "Asia/Tokyo"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("ja", "日本語"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parents[1] / "locale"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SECRET_KEY = os.environ.get("NOREN_SECRET_KEY", "") or SimpleLazyObject(partial(secrets.installation_key, NOREN_HOME))
"""Signs cookies and seals secrets; made in the data directory when first needed. Several web hosts share one."""

NOREN_URL = _origin("NOREN_URL", "http://localhost:8000")
"""Where people reach the sites: scheme, host and port. Passkeys and sign-on are bound to it."""

NOREN_OUTBOX = _one_of("NOREN_OUTBOX", "console", "file", "smtp")
"""Where mails and short messages go: `console`, `file` (NOREN_HOME/outbox) or `smtp`."""

DEFAULT_FROM_EMAIL = os.environ.get("NOREN_MAIL_FROM", "") or "noren@localhost"
EMAIL_HOST, EMAIL_PORT = _host_and_port("NOREN_SMTP", "localhost:25")
EMAIL_HOST_USER = os.environ.get("NOREN_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("NOREN_SMTP_PASSWORD", "")
EMAIL_USE_TLS = bool(EMAIL_HOST_USER)
EMAIL_TIMEOUT = 10
"""The mail server, for `smtp`; with a user name always over STARTTLS."""

NOREN_API_CALLS_PER_MINUTE = _count("NOREN_API_CALLS_PER_MINUTE", 6000)
"""How many calls to the REST API each process takes from a partner in a minute; a tenth of it for one person."""

NOREN_DEMO = _switch("NOREN_DEMO", "off")
"""Whether the local outbox page is shown; never `on` where real people sign in."""
if NOREN_DEMO and NOREN_OUTBOX != "file":
    raise BadSetting("NOREN_DEMO=on shows everybody what is sent: it goes with NOREN_OUTBOX=file alone.")

NOREN_PARTNER_URL = _origin("NOREN_PARTNER_URL", "http://localhost:8001")
"""Where the demo's partner service is."""

NOREN_PROXIES = _count("NOREN_PROXIES", 0, least=0)
"""How many trusted proxies stand in front: their X-Forwarded-For and X-Forwarded-Proto are believed."""

# Web

DEBUG = False
_HOST = urlsplit(NOREN_URL)
ALLOWED_HOSTS = sorted({_HOST.hostname or "localhost", "localhost", "127.0.0.1"})
ROOT_URLCONF = "noren.config.urls"
WSGI_APPLICATION = "noren.config.wsgi.application"
APPEND_SLASH = True
MIDDLEWARE = [
    "noren.web.middleware.Headers",
    "django.middleware.security.SecurityMiddleware",
    "noren.web.middleware.Policy",
    "noren.web.middleware.Canonical",
    "noren.web.machines.Machines",
    "noren.web.middleware.Refusals",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "noren.web.middleware.FormAction",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "noren.account_site.middleware.LastSeen",
]
DOORS = ("demo", "web", "member_site", "join_site", "account_site", "admin_site", "desk", "idp", "api")
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parents[1] / door / "templates" for door in DOORS],
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {"figures": "noren.web.figures"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "noren.web.context.page",
            ],
        },
    }
]
STATIC_URL = "/static/"
STATICFILES_DIRS = [Path(__file__).parents[1] / "web" / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600
FORM_RENDERER = "noren.web.forms.Renderer"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_ENGINE = "noren.accounts.sessions"
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
LANGUAGE_COOKIE_NAME = "__Host-language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if _HOST.scheme == "https" else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if NOREN_PROXIES else None
CSRF_FAILURE_VIEW = "noren.web.errors.csrf"
# The form of a thousand bills, the most that a pool pays at a time, has a field for each and some more.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_100
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cache",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    }
}
"""Counters of rate limits and used codes: in the database, so that every process sees the same."""

# Accounts

NOREN_JOIN_WITH_ACCOUNT = _switch("NOREN_JOIN_WITH_ACCOUNT", "on")
"""Whether issuing an account joins the programme in the same step; `off`: joining is a step of its own."""

NOREN_POOL_CARRIER_FREE = _switch("NOREN_POOL_CARRIER_FREE", "off")
"""Whether the points of accounts without a line go into their group's pool."""

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["noren.account_site.backends.Backend"]
PASSWORD_HASHERS = ["noren.accounts.hashing.Argon2id"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "noren.accounts.passwords.Length"},
    {"NAME": "noren.accounts.passwords.NotTheLogin"},
    {"NAME": "noren.accounts.passwords.NotBreached"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "noren.account_site.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "noren.account_site.forms.SignIn",
    "change_password": "noren.account_site.forms.ChangePassword",
    "set_password": "noren.account_site.forms.SetPassword",
    "reauthenticate": "noren.account_site.forms.Reauthenticate",
}
MFA_FORMS = {
    "authenticate": "noren.account_site.forms.SecondFactor",
    "reauthenticate": "noren.account_site.forms.SecondFactorAgain",
    "activate_totp": "noren.account_site.forms.ActivateApp",
    "add_webauthn": "noren.account_site.forms.AddPasskey",
    "edit_webauthn": "noren.account_site.forms.RenamePasskey",
    "authenticate_webauthn": "noren.account_site.forms.PasskeySecondStep",
    "login_webauthn": "noren.account_site.forms.PasskeySignIn",
    "reauthenticate_webauthn": "noren.account_site.forms.PasskeyAgain",
}
ACCOUNT_RATE_LIMITS = False
MFA_RATE_LIMITS = False
NOREN_SIGN_INS_PER_MINUTE = _count("NOREN_SIGN_INS_PER_MINUTE", 60)
"""How many sign-ins a minute one address may try: an office behind one address needs more than a home."""
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login_key"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "contact_mail"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USERNAME_MIN_LENGTH = 1
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_UNIQUE_EMAIL = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = False
ACCOUNT_LOGIN_TIMEOUT = 900
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _HOST.scheme
MFA_ADAPTER = "noren.account_site.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_TRUST_ENABLED = True
MFA_TRUST_COOKIE_NAME = "__Host-trusted"
MFA_TRUST_COOKIE_AGE = 30 * 24 * 3600
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = _HOST.scheme == "http"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
ALLAUTH_TRUSTED_PROXY_COUNT = NOREN_PROXIES
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}

# Logs: to standard error; a request's query and body never appear in them, nor a token in its path.

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "noren.web.logs.Formatter", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "CRITICAL"},
    },
}
