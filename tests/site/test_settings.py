"""What the settings make of the operator's variables, each time in a process of its own."""

import json
import os
import subprocess
import sys

import pytest

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
