"""Settings: the embedded default runs with no environment at all; every service is one variable away.

Secrets come only from the environment. `MARQUEE_ENV=production` refuses to start on development defaults.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

PRODUCTION = env("MARQUEE_ENV", default="development") == "production"
DEBUG = env.bool("DEBUG", default=False)
VAR = Path(env("MARQUEE_VAR", default=str(BASE_DIR / "var")))  # data, files, queue, keys
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")

DEVELOPMENT_KEY = "development-only-never-in-production"
SECRET_KEY = env("SECRET_KEY", default=DEVELOPMENT_KEY)
if PRODUCTION and (SECRET_KEY == DEVELOPMENT_KEY or DEBUG):
    raise ImproperlyConfigured("In production set SECRET_KEY to 50 random characters and leave DEBUG off.")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "festival",
    "generation",
    "judging",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "django_htmx",
    "csp",
    "anymail",
    "whitenoise.runserver_nostatic",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "festival.pace.FormPace",  # counts by person
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "festival.urls"
ASGI_APPLICATION = "festival.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "festival.views.context.page",
            ]
        },
    }
]

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR / 'marquee.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    VAR.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0  # under ASGI each request has a thread of its own
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://")}

# People
AUTH_USER_MODEL = "festival.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "public:foyer"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_FORMS = {"login": "festival.forms.door.SignInForm", "signup": "festival.forms.door.SignUpForm"}
ACCOUNT_SIGNUP_FORM_CLASS = "festival.forms.signup.NameForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = env("ACCOUNT_EMAIL_VERIFICATION", default="mandatory")
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # in the browser that signed up; elsewhere one signs in
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_ADAPTER = "festival.pace.Accounts"
ACCOUNT_RATE_LIMITS = {"login_failed": "5/m/ip,5/5m/key", "signup": "20/h/ip"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Marquee"
ORGANISERS_NEED_SECOND_FACTOR = env.bool("ORGANISERS_NEED_SECOND_FACTOR", default=PRODUCTION)

# Mail
EMAIL_BACKEND = env("EMAIL_BACKEND", default="django.core.mail.backends.console.EmailBackend")
EMAIL_FILE_PATH = env("EMAIL_FILE_PATH", default=None)  # for the file-based backend
if "EMAIL_URL" in env:
    vars().update(env.email("EMAIL_URL"))
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Marquee <festival@localhost>")
ANYMAIL = env.dict("ANYMAIL", default={})

# Words and time
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

# Files: pages from the app, films from the archive
STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(BASE_DIR / "static_root")))
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = False
if not PRODUCTION:
    STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns of a missing folder; finders serve it here
ARCHIVE_ROOT = VAR / "archive"
SCRATCH_ROOT = VAR / "scratch"
UPLOAD_ROOT = VAR / "uploads"
ENGINES_ROOT = Path(env("ENGINES_ROOT", default=str(VAR / "engines")))
KEYS_ROOT = Path(env("KEYS_ROOT", default=str(VAR / "keys")))
S3_BUCKET = env("S3_BUCKET", default="")
ARCHIVE_STORAGE = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"location": ARCHIVE_ROOT, "base_url": None},
}
if S3_BUCKET:
    ARCHIVE_STORAGE = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": env("S3_ENDPOINT_URL", default=None),
            "access_key": env("S3_ACCESS_KEY", default=None),
            "secret_key": env("S3_SECRET_KEY", default=None),
            "region_name": env("S3_REGION", default=None),
            "querystring_auth": True,
            "querystring_expire": 3600,
        },
    }
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR / "files"},
    },
    "archive": ARCHIVE_STORAGE,
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_TOKEN_AGE_S = env.int("MEDIA_TOKEN_AGE_S", default=6 * 3600)
MEDIA_ACCEL_REDIRECT = env("MEDIA_ACCEL_REDIRECT", default="")  # nginx's internal location, if any
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=20 * 1024**3)
UPLOAD_QUOTA_BYTES = env.int("UPLOAD_QUOTA_BYTES", default=60 * 1024**3)
UPLOAD_AGE_H = env.int("UPLOAD_AGE_H", default=72)
FREE_DISK_BYTES = env.int("FREE_DISK_BYTES", default=2 * 1024**3)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024**2
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a long cue sheet has ten fields a range
FORM_MAX_BYTES = env.int("FORM_MAX_BYTES", default=64 * 1024**2)  # one form, pictures and all

# Queues: the table routes every task; a GPU machine needs only this code and these addresses
BROKER_URL = env("CELERY_BROKER_URL", default="filesystem://")
CELERY_BROKER_URL = BROKER_URL
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "generation.tasks.draw": {"queue": "gpu"},
    "festival.tasks.examine": {"queue": "media"},
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat")
CELERY_BEAT_SCHEDULE = {
    "recover footage": {"task": "festival.tasks.recover", "schedule": 60},
    "recover jobs": {"task": "generation.tasks.recover", "schedule": 60},
    "send what waits": {"task": "festival.tasks.send_waiting", "schedule": 60},
    "open and close rounds": {"task": "judging.tasks.keep_time", "schedule": 60},
    "fix results of closed rounds": {"task": "judging.tasks.fix_results", "schedule": 60},
    "clear expired uploads": {"task": "festival.tasks.clear_uploads", "schedule": 3600},
    "clear what no clip needs": {"task": "generation.tasks.clear", "schedule": 24 * 3600},
    "clear latents kept long enough": {"task": "generation.tasks.clear_latents", "schedule": 24 * 3600},
}
if BROKER_URL == "filesystem://":
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(VAR / "queue"),
        "data_folder_out": str(VAR / "queue"),
        "control_folder": str(VAR / "control"),
        "store_processed": False,
        "polling_interval": 0.1,
    }
    for folder in ("queue", "control"):
        (VAR / folder).mkdir(parents=True, exist_ok=True)

# API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "festival.api.pages.Pages",
    "PAGE_SIZE": 50,
    "DEFAULT_THROTTLE_CLASSES": [
        "festival.pace.ByNetwork",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env("API_RATE_ANON", default="120/min"),
        "user": env("API_RATE_USER", default="600/min"),
        # festival.pace; a desk whose words and dials never rest a second posts some 270 times a minute
        "form_anon": env("FORM_RATE_ANON", default="120/min"),
        "form_user": env("FORM_RATE_USER", default="600/min"),
    },
    "NUM_PROXIES": 0,  # who is asking is the server's to find out (FORWARDED_ALLOW_IPS), not a header's
    "EXCEPTION_HANDLER": "festival.api.errors.handle",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Marquee",
    "DESCRIPTION": "Entries, uploads, clips, marks and the programme of an AI film festival.",
    "VERSION": "0.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
}

# Security
BUCKET_ORIGINS = env.list("BUCKET_ORIGINS", default=[])  # where a bucket's presigned addresses lead to
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *BUCKET_ORIGINS],
        "media-src": [SELF, "blob:", *BUCKET_ORIGINS],
        "worker-src": [SELF, "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF, *BUCKET_ORIGINS],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31536000
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Generation
DIFFUSERS_OFFLINE = {"HF_HUB_OFFLINE": "1", "DIFFUSERS_DISABLE_REMOTE_CODE": "1"}
JOBS_A_PERSON = env.int("JOBS_A_PERSON", default=50)
JOBS_A_DAY = env.int("JOBS_A_DAY", default=2000)  # of a person, those included that were cancelled
LATENTS_DAYS = env.int("LATENTS_DAYS", default=14)  # for so long a take can be drawn larger; 0: never
LATENTS_MOST_BYTES = env.int("LATENTS_MOST_BYTES", default=20 * 1024**3)  # kept for that, of all takes
GPU_ALLOWANCE_S = env.float("GPU_ALLOWANCE_S", default=4 * 3600)  # of drawing, for a person in an edition

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"kombu.connection": {"level": "ERROR"}},  # filesystem:// has no host, and that is fine
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
}
