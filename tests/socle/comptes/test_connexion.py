"""Signing in, as whole requests: password, second factor, lockout, closed sign-up, forgotten password."""

import re
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse

from fabriques.droits import PHRASE, SECRET, enter, make_compte, make_cpts, make_membre
from maillon.socle.comptes import services, tasks, verrou
from maillon.socle.comptes.models import Compte
from maillon.socle.droits.enums import Role
from maillon.socle.droits.sessions import is_fort

pytestmark = pytest.mark.django_db
LOGIN = "/compte/login/"


def make_code(secret: str = SECRET) -> str:
    """The code that an application shows now."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def post_login(client: Client, email: str, password: str, **extra: str):
    return client.post(LOGIN, {"login": email, "password": password}, **extra)


def test_password_then_code_opens_a_strong_session(client: Client) -> None:
    compte = make_compte(phrase=PHRASE, totp=True)
    cpts = make_cpts()
    make_membre(cpts, Role.COORDINATION, compte=compte)
    answer = post_login(client, compte.email, PHRASE)
    assert answer.url == "/compte/2fa/authenticate/"
    assert client.get(f"/c/{cpts.slug}/communaute/acces/").url.startswith(LOGIN), "half signed in is not signed in"
    before = client.session.session_key
    answer = client.post("/compte/2fa/authenticate/", {"code": make_code()})
    assert answer.status_code == 302
    assert client.session.session_key != before, "the session's key rotates"
    assert client.get(f"/c/{cpts.slug}/communaute/acces/").status_code == 200


def test_wrong_code_is_refused_in_french(client: Client) -> None:
    compte = make_compte(phrase=PHRASE, totp=True)
    post_login(client, compte.email, PHRASE)
    answer = client.post("/compte/2fa/authenticate/", {"code": "000000"})
    assert "Ce code n’est pas le bon" in answer.content.decode()
    assert not answer.wsgi_request.user.is_authenticated


def test_recovery_code_works_once(client: Client) -> None:
    compte = make_compte(phrase=PHRASE, totp=True)
    codes = Authenticator.objects.get(user=compte, type="recovery_codes").wrap().get_unused_codes()
    for expected in (302, 200):
        client.cookies.clear()
        post_login(client, compte.email, PHRASE)
        assert client.post("/compte/2fa/authenticate/", {"code": codes[0]}).status_code == expected


def test_password_alone_only_reaches_enrolment(client: Client, monkeypatch) -> None:
    # The test's transaction never commits, and the session is saved within the request.
    monkeypatch.setattr(transaction, "on_commit", lambda callback, **kwargs: callback())
    compte = make_compte(phrase=PHRASE)
    cpts = make_cpts()
    make_membre(cpts, Role.COORDINATION, compte=compte)
    post_login(client, compte.email, PHRASE)
    page = f"/c/{cpts.slug}/communaute/acces/"
    assert client.get(page).url == reverse("mfa_index")
    assert "Encore une étape" in client.get(reverse("mfa_index")).content.decode()
    shown = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r'id="cle-totp"[^>]*value="(\w+)"', shown).group(1)
    answer = client.post(reverse("mfa_activate_totp"), {"code": make_code(secret)})
    assert answer.status_code == 302
    assert client.get(page).status_code == 200
    stored = Authenticator.objects.get(user=compte, type="totp").data["secret"]
    assert secret not in stored, "the secret is sealed in the database"


def test_adding_a_key_to_an_account_that_has_one_proves_nothing(client: Client) -> None:
    """A session opened before the first second factor stays weak when a second one is added from it."""
    compte = make_compte(phrase=PHRASE)
    enter(client, compte, fort=False)
    services.enrol_totp(compte=compte, secret=SECRET)
    request = client.get(reverse("mfa_index")).wsgi_request
    added = Authenticator.objects.create(user=compte, type="webauthn", data={})
    authenticator_added.send(sender=Authenticator, request=request, user=compte, authenticator=added)
    assert not is_fort(request)
    Authenticator.objects.exclude(pk=added.pk).delete()
    authenticator_added.send(sender=Authenticator, request=request, user=compte, authenticator=added)
    assert is_fort(request)


def test_qr_code_and_scripts_obey_the_policy(client: Client) -> None:
    compte = make_compte(phrase=PHRASE)
    post_login(client, compte.email, PHRASE)
    for name in ("mfa_activate_totp", "mfa_add_webauthn", "mfa_index", "account_change_password"):
        answer = client.get(reverse(name))
        page = answer.content.decode()
        assert answer.status_code == 200, name
        assert "unsafe-inline" not in answer["Content-Security-Policy"]
        assert not re.search(r"\sstyle=|\son\w+=", page), name
        for opening in re.findall(r"<script[^>]*>", page):
            assert "src=" in opening or 'type="application/json"' in opening, opening


def test_ten_failures_lock_the_account_and_the_address_known_or_not(client: Client) -> None:
    compte = make_compte(phrase=PHRASE)
    pages = []
    for rank, email in enumerate([compte.email, "personne@example.org"]):
        address = {"REMOTE_ADDR": f"192.0.2.{rank}"}
        first = post_login(client, email, "faux", **address)
        assert "Le courriel ou le mot de passe" in first.content.decode()
        for _ in range(8):
            assert post_login(client, email, "faux", **address).status_code == 200
        locked = post_login(client, email, "faux", **address)
        assert (locked.status_code, locked["Retry-After"]) == (429, "1800")
        pages.append(re.sub(r'value="[^"]*"', "", locked.content.decode()))
        other = post_login(client, "autre@example.org", "faux", **address)
        assert other.status_code == 429, "the address is locked"
    assert pages[0] == pages[1]
    right = post_login(client, compte.email, PHRASE, REMOTE_ADDR="192.0.2.9")
    assert right.status_code == 429, "the account is locked from elsewhere too"


def test_ones_own_sign_in_does_not_forgive_failures_on_others(client: Client) -> None:
    own, other = make_compte(phrase=PHRASE), make_compte(phrase=PHRASE)
    post_login(client, own.email, "faux")
    for rank in range(8):
        assert post_login(client, f"essai-{rank}@example.org", "faux").status_code == 200
    assert post_login(client, own.email, PHRASE).status_code == 302, "nine failures: the tenth still may succeed"
    client.logout()
    assert post_login(client, other.email, "faux").status_code == 200, "one's own failure is forgiven"
    assert post_login(client, other.email, "faux").status_code == 429, "those on others are not"


def test_lockout_believes_only_configured_proxies(client: Client, settings) -> None:
    for _ in range(10):
        answer = post_login(client, "a@example.org", "x", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.1")
    assert answer.status_code == 429
    forged = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.2"}
    assert post_login(client, "b@example.org", "x", **forged).status_code == 429
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert post_login(client, "c@example.org", "x", **forged).status_code == 200


@pytest.mark.parametrize(
    ("seen", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("inconnue", "inconnue"),
    ],
)
def test_a_line_counts_once_however_many_addresses_it_has(rf, seen: str, counted: str) -> None:
    assert verrou.get_adresse(rf.get("/", REMOTE_ADDR=seen)) == counted


@pytest.mark.parametrize(
    "path", ["signup/", "email/", "confirm-email/", "login/code/confirm/", "3rdparty/", "social/signup/"]
)
def test_pages_that_maillon_does_not_offer(client: Client, path: str) -> None:
    assert client.get(f"/compte/{path}").status_code == 404
    assert client.post(f"/compte/{path}", {"email": "x@example.org"}).status_code == 404


def test_forgotten_password(client: Client) -> None:
    compte = make_compte(phrase=PHRASE)
    sent = [client.post(reverse("account_reset_password"), {"email": e}) for e in (compte.email, "x@example.org")]
    assert [(a.status_code, a.url) for a in sent] == [(302, reverse("account_reset_password_done"))] * 2
    tasks.nouveau_mot_de_passe(compte_id=str(compte.pk))
    (message,) = mail.outbox
    assert message.to == [compte.email]
    link = urlsplit(re.search(r"http\S+", message.body).group(0)).path
    form = client.get(link, follow=True)
    assert form.status_code == 200
    weak = client.post(form.request["PATH_INFO"], {"password1": "court", "password2": "court"})
    assert weak.status_code == 200
    new = "une phrase tout autre 42"
    done = client.post(form.request["PATH_INFO"], {"password1": new, "password2": new}, follow=True)
    assert "Votre mot de passe est changé" in done.content.decode()
    assert "n’est plus valable" in client.get(link, follow=True).content.decode(), "the link works once"
    assert post_login(client, compte.email, new).status_code == 302


def test_closed_account_gets_no_link() -> None:
    compte = make_compte(phrase=PHRASE)
    services.deactivate_compte(compte=compte)
    tasks.nouveau_mot_de_passe(compte_id=str(compte.pk))
    assert mail.outbox == []
    services.reactivate_compte(compte=compte)
    assert Compte.objects.get(pk=compte.pk).is_active


def test_sensitive_change_asks_again(client: Client) -> None:
    compte = make_compte(phrase=PHRASE, totp=True)
    enter(client, compte)
    assert client.get(reverse("mfa_deactivate_totp")).url.startswith("/compte/reauthenticate/")
    wrong = client.post(reverse("account_reauthenticate"), {"password": "faux"})
    assert wrong.status_code == 200
    right = client.post(reverse("account_reauthenticate"), {"password": PHRASE})
    assert right.status_code == 302
    assert client.get(reverse("mfa_deactivate_totp")).status_code == 200
    assert client.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert not Authenticator.objects.filter(user=compte).exists()


def test_strength_belongs_to_the_person(rf, client: Client) -> None:
    """Records of another account in the session do not count."""
    enter(client, make_compte())
    request = rf.get("/")
    request.session, request.user = client.session, make_compte()
    assert not is_fort(request)


def test_account_page(client: Client, django_assert_max_num_queries) -> None:
    compte = make_compte(phrase=PHRASE, totp=True)
    cpts = make_cpts("CPTS du Gier")
    make_membre(cpts, Role.COORDINATION, compte=compte)
    enter(client, compte)
    with django_assert_max_num_queries(14):
        page = client.get("/compte/").content.decode().replace("\xa0", " ")
    assert "CPTS du Gier" in page
    assert "coordination" in page
    assert "10 codes de secours" in page
