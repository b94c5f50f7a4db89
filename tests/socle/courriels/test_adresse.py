import pytest
from django.core.exceptions import ImproperlyConfigured

from maillon.socle.courriels.adresse import ServeurSmtp, parse_smtp_url


@pytest.mark.parametrize(
    ("url", "serveur"),
    [
        ("", None),
        ("smtp://localhost", ServeurSmtp("smtp", "localhost", 25)),
        ("smtps://moi:a%40b%2Fc@mail.example.org", ServeurSmtp("smtps", "mail.example.org", 465, "moi", "a@b/c")),
        ("starttls://u:p@mail.example.org:2587", ServeurSmtp("starttls", "mail.example.org", 2587, "u", "p")),
    ],
)
def test_parse(url: str, serveur: ServeurSmtp | None) -> None:
    assert parse_smtp_url(url) == serveur


@pytest.mark.parametrize("url", ["http://mail.example.org", "mail.example.org:25", "smtp://", "smtp://hote:abc"])
def test_bad_address_says_what_to_write(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="MAILLON_SMTP_URL doit ressembler"):
        parse_smtp_url(url)
