"""Django's settings. What an installation may change stands in the environment as DEBITORA_*, listed in docs/reference."""

from __future__ import annotations

import os
from pathlib import Path

from debitora.config.oidc import oidc_provider
from debitora.config.secrets import secret_key
from debitora.kit.postgres import database_name
from debitora.kit.runtime import home
from debitora.people.rules import roles_named

# Frames give freed memory back within a tenth of a second instead of when it is asked for (docs/decisions/0037). The
# allocator reads this when the library is loaded, which is after these settings.
os.environ.setdefault("_RJEM_MALLOC_CONF", "dirty_decay_ms:100,muzzy_decay_ms:0")

PACKAGE = Path(__file__).resolve().parent.parent
BASE_URL = os.environ.get("DEBITORA_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
SECURE = BASE_URL.startswith("https://")

SECRET_KEY = secret_key(home())
DEBUG = os.environ.get("DEBITORA_DEBUG") == "1"
ALLOWED_HOSTS = [
    host for host in os.environ.get("DEBITORA_HOSTS", "127.0.0.1,localhost,testserver").split(",") if host
]

DATABASES = {
    "default": {
        "ENGINE": "debitora.kit.pg",
        "NAME": os.environ.get("DEBITORA_DATABASE_NAME")
        or database_name(os.environ.get("DEBITORA_DATABASE_URL")),
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ROOMS = [
    "debitora.kit",
    "debitora.trail",
    "debitora.people",
    "debitora.documents",
    "debitora.receivables",
    "debitora.messaging",
    "debitora.disputes",
    "debitora.cash",
    "debitora.dunning",
    "debitora.exchange",
    "debitora.desk",
]
INSTALLED_APPS = [
    *ROOMS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "procrastinate.contrib.django",
]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
# A worker that begins catches up on what its absence missed: a server that was down at night folds its sums in the morning.
PROCRASTINATE_PERIODIC_DEFAULTS = {"max_delay": 24 * 60 * 60}

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "debitora.config.middleware.BaselineHeaders",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "debitora.config.middleware.CompanyMount",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "debitora.config.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "debitora.config.middleware.BoundedSession",
    "debitora.config.middleware.ServedCompany",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "debitora.config.middleware.AfterDeadlock",
]
ROOT_URLCONF = "debitora.config.urls"
WSGI_APPLICATION = "debitora.config.wsgi.application"

_LOADERS = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": [
                ("template_partials.loader.Loader", [("django.template.loaders.cached.Loader", _LOADERS)])
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "debitora.kit.templatetags.debitora",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "debitora.config.context.frame",
            ],
        },
    }
]

COTTON_ISOLATE_BY_DEFAULT = True  # a component sees its attributes, never the names of the page

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if os.environ.get("DEBITORA_TEST") == "1":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "debitora.config.adapter.InvitedOnly"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "10/m/ip,5/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("DEBITORA_PROXIES", "0"))
ACCOUNT_REAUTHENTICATION_TIMEOUT = 0  # InvitedOnly says when, by the same clock as people.gates.fresh
FRESH_MINUTES = int(os.environ.get("DEBITORA_FRESH_MINUTES", "15"))
DNS_SERVER = os.environ.get("DEBITORA_DNS_SERVER", "")
MAILS_PER_SECOND = float(os.environ.get("DEBITORA_MAILS_PER_SECOND", "0"))  # not money: a rate
MAIL_LINES = max(1, int(os.environ.get("DEBITORA_MAIL_LINES", "3")))
RETURNS_LEAST = max(1, int(os.environ.get("DEBITORA_RETURNS_LEAST", "20")))
RETURNS_PERCENT = int(os.environ.get("DEBITORA_RETURNS_PERCENT", "10"))
STATEMENT_SECONDS = int(os.environ.get("DEBITORA_STATEMENT_SECONDS", "300"))
KEEP_DECISIONS = int(os.environ.get("DEBITORA_KEEP_DECISIONS", "24"))
SECOND_FACTOR_ROLES = roles_named(os.environ.get("DEBITORA_SECOND_FACTOR_ROLES", ""))

MFA_ADAPTER = "debitora.config.adapter.SealedFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds that a phone's clock may be off

SOCIALACCOUNT_ADAPTER = "debitora.config.adapter.KnownPeopleOnly"
SOCIALACCOUNT_PROVIDERS = oidc_provider(os.environ)
SOCIALACCOUNT_LOGIN_ON_GET = True  # a posted form may lead nowhere else, says the policy

CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "kit_cache"}}

SESSION_COOKIE_NAME = "__Host-debitora" if SECURE else "debitora"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_FAILURE_VIEW = "debitora.config.errors.csrf_refused"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

_SELF = ["'self'"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": _SELF,
        "style-src": _SELF,
        "img-src": ["'self'", "data:"],
        "font-src": _SELF,
        "connect-src": _SELF,
        "form-action": _SELF,
        "frame-src": _SELF,
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+-[A-Za-z0-9_-]{8}\..+$"

LANGUAGE_CODE = "en"
LANGUAGES = [("de", "Deutsch"), ("en", "English"), ("fr", "Français"), ("nl", "Nederlands")]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

FILE_UPLOAD_HANDLERS = ["debitora.kit.uploads.UnnamedOnDisk"]
MAX_UPLOAD_MB = int(os.environ.get("DEBITORA_MAX_UPLOAD_MB", "300"))
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("DEBITORA_LOG_LEVEL", "WARNING")},
}
