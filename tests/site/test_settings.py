"""What the settings make of the operator's variables, each time in a process of its own."""

import json
import logging
import os
import subprocess
import sys

import pytest
from django.conf import settings

from maillon.site import journaux

NOMS = ("EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD", "EMAIL_USE_TLS", "EMAIL_USE_SSL")
LECTURE = f"""
import json
from maillon.site import settings
print(json.dumps([getattr(settings, nom, None) for nom in {NOMS!r}]))
"""


@pytest.mark.parametrize(
    ("url", "attendu"),
    [
        ("smtps://relais:se%40cret@smtp.example.org", ["smtp.example.org", 465, "relais", "se@cret", False, True]),
        ("starttls://smtp.example.org:2587", ["smtp.example.org", 2587, "", "", True, False]),
        ("", [None] * 6),
    ],
)
def test_mail_that_django_sends_itself_leaves_by_the_same_server(url: str, attendu: list) -> None:
    """The link to a forgotten password passes by no outbox, but by the operator's server all the same."""
    environ = {
        **os.environ,
        "MAILLON_MODE": "production",
        "DATABASE_URL": "postgresql://maillon@localhost/maillon",
        **dict.fromkeys(("MAILLON_SECRET_KEY", "MAILLON_CLES", "MAILLON_CLE_INDEX"), "essai"),
        "MAILLON_SMTP_URL": url,
    }
    lu = subprocess.run([sys.executable, "-c", LECTURE], env=environ, capture_output=True, text=True, check=True)
    assert json.loads(lu.stdout) == attendu


def test_logs_hold_no_token() -> None:
    """A token that still lives may be in the address of a refused request, and logs are read by many."""
    jeton, pk = "Jx3_" * 10 + "-9z", "0192f0c1-2d3e-7f40-8a9b-0123456789ab"
    filtre = journaux.SansJetons()
    lignes = [
        ("%s: %s", ("Unprocessable Entity", f"/l/{jeton}/suivi/"), "Unprocessable Entity: /l/…/suivi/"),
        ("Forbidden (CSRF): /l/" + jeton, (), "Forbidden (CSRF): /l/…"),
        ("%s: %s", ("Not Found", f"/c/loire/acces/{pk}/"), f"Not Found: /c/loire/acces/{pk}/"),
    ]
    for message, arguments, attendu in lignes:
        record = logging.LogRecord("django.request", logging.WARNING, "", 0, message, arguments, None)
        assert filtre.filter(record)
        assert record.getMessage() == attendu
    # Last: whatever another filter writes goes through it.
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["en_bref", "sans_jetons"]
