"""Settings, read from the environment only (docs/exploitation.md lists the variables)."""

import os
from datetime import timedelta
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from maillon.site.base import parse_database_url
from maillon.socle.courriels.adresse import parse_smtp_url

MODE = os.environ.get("MAILLON_MODE", "production")
if MODE not in {"production", "demo", "tests"}:
    raise ImproperlyConfigured("MAILLON_MODE vaut « production », « demo » ou « tests ».")
DEBUG = False
DEMO = MODE == "demo"


def _require(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(
            f"La variable {name} manque. Lancez les commandes par « maillon … » ou « ./dev run », "
            "qui la préparent, ou définissez-la (voir docs/exploitation.md)."
        )
    return value


SECRET_KEY = _require("MAILLON_SECRET_KEY")
MAILLON_CLES = _require("MAILLON_CLES")
MAILLON_CLE_INDEX = _require("MAILLON_CLE_INDEX")
MAILLON_ADRESSE = os.environ.get("MAILLON_ADRESSE", "http://localhost:8000").rstrip("/")
SECURE = MAILLON_ADRESSE.startswith("https://")
ALLOWED_HOSTS = os.environ.get("MAILLON_HOTES", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [MAILLON_ADRESSE]

BASE = Path(__file__).resolve().parent.parent
# The pages of the help.
MAILLON_GUIDE = BASE.parent.parent / "docs" / "guide"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "maillon.socle.comptes.psc",
    "allauth.mfa",
    "axes",
    "csp",
    "procrastinate.contrib.django",
    # Rooms, from the ground up.
    "maillon.socle.cpts",
    "maillon.socle.comptes",
    "maillon.socle.droits",
    "maillon.socle.journal",
    "maillon.socle.courriels",
    *(
        name
        for name in (
            "maillon.socle.fichiers",
            "maillon.socle.ui",
            "maillon.communaute.territoire",
            "maillon.communaute.structures",
            "maillon.communaute.annuaire",
            "maillon.communaute.personnes",
            "maillon.communaute.adhesions",
            "maillon.communaute.partenaires",
            "maillon.communaute.reprise",
            "maillon.communaute.bibliotheque",
            "maillon.communaute.actions",
            "maillon.communaute.reunions",
            "maillon.communaute.patients",
            "maillon.communaute.messagerie",
            "maillon.communaute.agenda",
            "maillon.communaute.sollicitations",
            "maillon.communaute.gardes",
            "maillon.missions.medecin_traitant",
            "maillon.missions.soins_non_programmes",
            "maillon.pilotage.contrats",
            "maillon.pilotage.cycle",
            "maillon.pilotage.importations",
            "maillon.pilotage.arretes",
            "maillon.pilotage.budget",
            "maillon.pilotage.indemnites",
            "maillon.pilotage.simulations",
            "maillon.pilotage.dossiers",
            "maillon.pilotage.dialogues",
            "maillon.pilotage.portefeuille",
            "maillon.api",
            "maillon.portail",
        )
        if (BASE.parent / name.replace(".", "/") / "apps.py").exists()
    ),
]

MIDDLEWARE = [
    "maillon.site.middleware.EntetesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "maillon.socle.comptes.middleware.SessionsMiddleware",
    "maillon.site.middleware.ReponseMiddleware",
    # Last: it resolves who asks, opens the tenant's transaction and calls the view.
    "maillon.socle.droits.middleware.AccesMiddleware",
]

ROOT_URLCONF = "maillon.site.urls"
WSGI_APPLICATION = "maillon.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Our sign-in pages stand before those that django-allauth ships.
        "DIRS": [BASE / "socle" / "comptes" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                *(["maillon.socle.ui.contexte.cadre"] if (BASE / "socle" / "ui" / "contexte.py").exists() else []),
            ],
        },
    }
]

# Two roles of one database: the runtime role never owns a table, so that row level security binds it.
DATABASES = {
    "default": parse_database_url(_require("DATABASE_URL")),
    "proprietaire": parse_database_url(os.environ.get("DATABASE_URL_PROPRIETAIRE") or _require("DATABASE_URL")),
}
# Kept ten minutes: a connection that begins reads the catalogue again, which costs as much as a page.
DATABASES["default"]["CONN_MAX_AGE"] = 600
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["proprietaire"]["TEST"] = {"MIRROR": "default"}
DATABASE_ROUTERS: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
PROCRASTINATE_ON_APP_READY = None

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "français")]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/statique/"
STATIC_ROOT = os.environ.get("MAILLON_STATIQUE", str(Path.cwd() / "var" / "statique"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MODE != "production"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = MODE != "production"
WHITENOISE_AUTOREFRESH = False
MEDIA_ROOT = os.environ.get("MAILLON_FICHIERS", str(Path.cwd() / "var" / "fichiers"))

# Accounts ----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "comptes.Compte"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 14}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/compte/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_ADAPTER = "maillon.socle.comptes.adapters.CompteAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
# django-axes locks passwords out, in the database; this one bounds the second factor's codes, in the cache.
# The cache is in the database: in its own memory, each process would grant its own number of attempts.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "comptes_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
ACCOUNT_RATE_LIMITS = {"login_failed": "11/30m/key"}
PASSWORD_RESET_TIMEOUT = 4 * 3600
MFA_ADAPTER = "maillon.socle.comptes.adapters.SecondFacteurAdapter"
ACCOUNT_FORMS = {"login": "maillon.socle.comptes.forms.ConnexionForm"}
MFA_FORMS = {
    "authenticate": "maillon.socle.comptes.forms.CodeForm",
    "reauthenticate": "maillon.socle.comptes.forms.CodeConfirmeForm",
    "activate_totp": "maillon.socle.comptes.forms.ApplicationForm",
    "add_webauthn": "maillon.socle.comptes.forms.CleForm",
    "edit_webauthn": "maillon.socle.comptes.forms.CleRenommeeForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Maillon"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE

# Pro Santé Connect: offered when the operator gives the client that the Agence du numérique en santé registered.
SOCIALACCOUNT_ADAPTER = "maillon.socle.comptes.adapters.PscAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # `form-action` would refuse the redirection of a posted form
SOCIALACCOUNT_PROVIDERS = {
    "pro-sante-connect": {
        "APPS": [
            {
                "client_id": os.environ["MAILLON_PSC_CLIENT_ID"],
                "secret": _require("MAILLON_PSC_SECRET"),
                "settings": {
                    # The whole address, which ends with /.well-known/wallet-openid-configuration.
                    "server_url": _require("MAILLON_PSC_DECOUVERTE"),
                    "scope": ["openid", "scope_all"],
                    "auth_params": {"acr_values": "eidas1"},
                    "oauth_pkce_enabled": True,
                },
            }
        ]
        if os.environ.get("MAILLON_PSC_CLIENT_ID")
        else []
    }
}

SESSION_COOKIE_NAME = "__Host-maillon" if SECURE else "maillon"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-maillon-csrf" if SECURE else "maillon-csrf"
MAILLON_SESSION_INACTIVE = timedelta(minutes=int(os.environ.get("MAILLON_SESSION_INACTIVE_MIN", "15")))
MAILLON_SESSION_ABSOLUE = timedelta(hours=int(os.environ.get("MAILLON_SESSION_ABSOLUE_H", "12")))
SESSION_COOKIE_AGE = int(MAILLON_SESSION_ABSOLUE.total_seconds())
AXES_HANDLER = "maillon.socle.comptes.verrou.VerrouHandler"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=30)
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_USERNAME_CALLABLE = "maillon.socle.comptes.verrou.get_identifiant"
AXES_CLIENT_IP_CALLABLE = "maillon.socle.comptes.verrou.get_adresse"
AXES_LOCKOUT_CALLABLE = "maillon.socle.comptes.verrou.answer_lockout"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # or an attacker keeps the person out for ever
# How many proxies of the operator stand in front and may be believed about the caller's address.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("MAILLON_PROXYS", "0"))
# The password that every account of the demonstration shares; shown on its page.
MAILLON_DEMO_PHRASE = "le chamois traverse la neige"

# Headers -----------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"  # "no-referrer" makes browsers send "Origin: null", which CSRF refuses
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if SECURE:
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Mail --------------------------------------------------------------------------------------------------------
MAILLON_SMTP = parse_smtp_url(os.environ.get("MAILLON_SMTP_URL", ""))
MAILLON_SMTP_DELAI_S = int(os.environ.get("MAILLON_SMTP_DELAI_S", "20"))
EMAIL_TIMEOUT = MAILLON_SMTP_DELAI_S
if MAILLON_SMTP is not None:  # what Django sends itself: the link to a forgotten password
    EMAIL_HOST, EMAIL_PORT = MAILLON_SMTP.hote, MAILLON_SMTP.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAILLON_SMTP.utilisateur, MAILLON_SMTP.mot_de_passe
    EMAIL_USE_TLS, EMAIL_USE_SSL = MAILLON_SMTP.mode == "starttls", MAILLON_SMTP.mode == "smtps"
# Without a server, the demonstration and the tests keep the messages, and the inbox page shows them.
MAILLON_COURRIELS_CONSERVES = MODE != "production" and MAILLON_SMTP is None
MAILLON_EXPEDITEUR = os.environ.get("MAILLON_EXPEDITEUR", "Maillon <ne-pas-repondre@localhost>")
# The SMS gateway (`socle.courriels.sms`): without one, the demonstration and the tests keep the texts too.
MAILLON_SMS_URL = os.environ.get("MAILLON_SMS_URL", "").strip()
MAILLON_SMS_JETON = os.environ.get("MAILLON_SMS_JETON", "")
if MAILLON_SMS_URL and not MAILLON_SMS_URL.startswith("https://") and MODE == "production":
    raise ImproperlyConfigured("MAILLON_SMS_URL est l’adresse https d’un service de SMS.")
MAILLON_SMS_CONSERVES = MODE != "production" and not MAILLON_SMS_URL

# Machines to which the MSSanté mailbox of a community may point; a name that begins with a dot stands for a domain.
MAILLON_MSSANTE_HOTES = [
    hote.strip().lower() for hote in os.environ.get("MAILLON_MSSANTE_HOTES", ".mssante.fr").split(",") if hote.strip()
]


# The national platform of the SAS: closed until the operator says which certificates may come in --------------------
def _list(name: str, default: str = "") -> list[str]:
    return [value.strip() for value in os.environ.get(name, default).split(",") if value.strip()]


MAILLON_SAS_CN = _list("MAILLON_SAS_CN")
MAILLON_SAS_OU = _list("MAILLON_SAS_OU")
# Who may be believed about the certificate of the caller: these addresses, when they know the secret.
MAILLON_SAS_PROXYS = _list("MAILLON_SAS_PROXYS", "127.0.0.1,::1")
MAILLON_SAS_SECRET = os.environ.get("MAILLON_SAS_SECRET", "")
MAILLON_SAS_ADRESSE = os.environ.get("MAILLON_SAS_ADRESSE", f"{MAILLON_ADRESSE}/fhir").rstrip("/")
# Over which départements a regulator's account is opened; without it, those of the communities.
MAILLON_SAS_DEPARTEMENTS = _list("MAILLON_SAS_DEPARTEMENTS")
# Where the bookings of regulators are told; without it, nowhere.
MAILLON_SAS_URL = os.environ.get("MAILLON_SAS_URL", "").rstrip("/")
MAILLON_SAS_OID = os.environ.get("MAILLON_SAS_OID", MAILLON_ADRESSE)
MAILLON_SAS_CERTIFICAT = os.environ.get("MAILLON_SAS_CERTIFICAT", "")
MAILLON_SAS_CLE = os.environ.get("MAILLON_SAS_CLE", "")
MAILLON_SAS_AUTORITE = os.environ.get("MAILLON_SAS_AUTORITE", "")
MAILLON_SAS_DELAI_S = float(os.environ.get("MAILLON_SAS_DELAI_S", "10"))

# Retention, in months: each is decided apart ------------------------------------------------------------------
MAILLON_CONSERVATION_PATIENTS_MOIS = int(os.environ.get("MAILLON_CONSERVATION_PATIENTS_MOIS", "24"))
# Days to reach each person of a waiting list taken over and record their agreement; then they are erased.
MAILLON_RECONTACT_JOURS = int(os.environ.get("MAILLON_RECONTACT_JOURS", "90"))
MAILLON_CONSERVATION_FILS_MOIS = int(os.environ.get("MAILLON_CONSERVATION_FILS_MOIS", "12"))
MAILLON_CONSERVATION_MESSAGES_MOIS = int(os.environ.get("MAILLON_CONSERVATION_MESSAGES_MOIS", "36"))
MAILLON_CONSERVATION_LECTURES_MOIS = int(os.environ.get("MAILLON_CONSERVATION_LECTURES_MOIS", "36"))
MAILLON_CONSERVATION_JOURNAL_MOIS = int(os.environ.get("MAILLON_CONSERVATION_JOURNAL_MOIS", "120"))
# And what serves the service itself, in days.
MAILLON_CONSERVATION_CONNEXIONS_JOURS = int(os.environ.get("MAILLON_CONSERVATION_CONNEXIONS_JOURS", "180"))
MAILLON_CONSERVATION_LIENS_JOURS = int(os.environ.get("MAILLON_CONSERVATION_LIENS_JOURS", "30"))
MAILLON_CONSERVATION_TACHES_JOURS = int(os.environ.get("MAILLON_CONSERVATION_TACHES_JOURS", "7"))
# After how many days what a doctor said of places is to be confirmed.
MAILLON_FRAICHEUR_PLACES_JOURS = int(os.environ.get("MAILLON_FRAICHEUR_PLACES_JOURS", "90"))
# External calendars on this machine or without TLS: for tests only, never from the environment.
MAILLON_AGENDAS_LOCAUX = False
# Whom people write to about their data (délégué à la protection des données); printed on public notices.
# No default in production: `maillon droits ouvrir-patients` refuses without it.
MAILLON_DPO = os.environ.get("MAILLON_DPO", "" if MODE == "production" else "dpo@example.org")

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"court": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {
        "en_bref": {"()": "maillon.site.journaux.PanneEnBref"},
        "sans_jetons": {"()": "maillon.site.journaux.SansJetons"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "court", "filters": ["en_bref", "sans_jetons"]}
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"maillon": {"level": "INFO"}, "axes": {"level": "ERROR"}},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
