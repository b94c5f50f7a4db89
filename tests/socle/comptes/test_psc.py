"""Pro Santé Connect, played by a local provider with its claims."""

import os
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from oidc_provider_mock import User, run_server_in_thread

from fabriques.droits import PHRASE, make_compte, make_cpts, make_membre
from maillon.socle.comptes.models import Compte
from maillon.socle.comptes.psc.provider import PscOAuth2Adapter
from maillon.socle.comptes.psc.rattachement import parse_rpps
from maillon.socle.droits.enums import Role

pytestmark = pytest.mark.django_db
RPPS = "99990000017"
CONNU, INCONNU, SANS_RPPS = "connu", "inconnu", "sans-rpps"
GENS = (
    User(sub=CONNU, claims={"SubjectNameID": f"8{RPPS}", "SubjectRole": ["10^1.2.250.1.213.1.1.5.5"]}),
    User(sub=INCONNU, claims={"SubjectNameID": "899990000025"}),
    User(sub=SANS_RPPS, claims={"SubjectNameID": "3123456789"}),
)


@pytest.fixture(scope="module")
def fournisseur() -> Iterator[str]:
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    with run_server_in_thread(user_claims=GENS) as server:
        yield f"http://localhost:{server.server_port}"
    del os.environ["AUTHLIB_INSECURE_TRANSPORT"]


@pytest.fixture
def psc(fournisseur: str, settings) -> str:
    app = {
        "client_id": "maillon",
        "secret": "secret",
        "settings": {
            "server_url": f"{fournisseur}/.well-known/openid-configuration",
            "scope": ["openid", "scope_all"],
            "auth_params": {"acr_values": "eidas1"},
            "oauth_pkce_enabled": True,
        },
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"pro-sante-connect": {"APPS": [app]}}
    return fournisseur


def leave(client: Client, path: str = "/compte/psc/aller/") -> str:
    """The address at the provider where Maillon sends the person."""
    answer = client.get(path)
    assert answer.status_code == 302
    return str(answer.url)


def grant(url: str, sub: str) -> str:
    """The address where the provider sends the person back."""
    answer = httpx.post(url, data={"sub": sub}, trust_env=False)
    assert answer.status_code == 302
    return answer.headers["location"]


def come_back(client: Client, location: str):
    parts = urlsplit(location)
    return client.get(f"{parts.path}?{parts.query}")


def test_known_rpps_enters_with_two_factors(client: Client, psc: str) -> None:
    compte = make_compte(rpps=RPPS, phrase=PHRASE, totp=True)
    cpts = make_cpts()
    make_membre(cpts, Role.COORDINATION, compte=compte)
    url = leave(
        client, f"/compte/psc/aller/?next=/c/{cpts.slug}/communaute/acces/&scope=email&auth_params=acr_values%3Dx"
    )
    asked = parse_qs(urlsplit(url).query)
    assert set(asked["scope"][0].split()) == {"openid", "scope_all"}
    assert asked["acr_values"] == ["eidas1"], "an address cannot ask for less"
    assert len(asked["nonce"][0]) >= 32
    assert asked["code_challenge_method"] == ["S256"]
    answer = come_back(client, grant(url, CONNU))
    assert answer.url == f"/c/{cpts.slug}/communaute/acces/", "no third factor is asked"
    assert client.get(answer.url).status_code == 200
    assert not SocialAccount.objects.exists(), "the RPPS number is the only tie"


@pytest.mark.parametrize("sub", [INCONNU, SANS_RPPS])
def test_unknown_person_is_refused_politely(client: Client, psc: str, sub: str) -> None:
    make_compte(rpps=RPPS)
    answer = come_back(client, grant(leave(client), sub))
    assert answer.status_code == 403
    assert "ne vous a pas encore invité" in answer.content.decode()
    assert Compte.objects.count() == 1
    assert not client.get("/compte/").wsgi_request.user.is_authenticated


def test_closed_account_does_not_enter(client: Client, psc: str) -> None:
    make_compte(rpps=RPPS, is_active=False)
    answer = come_back(client, grant(leave(client), CONNU))
    assert answer.url == "/compte/inactive/"
    assert client.get("/compte/").status_code == 302


def test_answer_to_another_request_is_refused(client: Client, psc: str) -> None:
    """The nonce ties the token to the session that asked."""
    make_compte(rpps=RPPS)
    url = leave(client)
    nonce = parse_qs(urlsplit(url).query)["nonce"][0]
    answer = come_back(client, grant(url.replace(nonce, "0" * 32), CONNU))
    assert answer.status_code == 401
    assert "n’a pas pu vous reconnaître" in answer.content.decode()


def test_state_of_another_session_is_refused(client: Client, psc: str) -> None:
    make_compte(rpps=RPPS)
    location = grant(leave(client), CONNU)
    assert come_back(Client(), location).status_code == 401
    assert come_back(client, location).status_code == 302
    assert come_back(client, location).status_code == 401, "a code serves once"


@pytest.mark.parametrize("change", ["issuer", "jwks_uri"])
def test_issuer_and_signature_are_checked(client: Client, psc: str, settings, change: str) -> None:
    make_compte(rpps=RPPS)
    with run_server_in_thread() as other:
        ailleurs = f"http://localhost:{other.server_port}"
        wrong = {"issuer": ailleurs, "jwks_uri": f"{ailleurs}/jwks"}
        app = settings.SOCIALACCOUNT_PROVIDERS["pro-sante-connect"]["APPS"][0]
        app["settings"]["openid_configuration_overrides"] = {change: wrong[change]}
        assert come_back(client, grant(leave(client), CONNU)).status_code == 401


def test_altered_token_is_refused(client: Client, psc: str, monkeypatch) -> None:
    """The same claims under a signature that is not the provider's."""
    make_compte(rpps=RPPS)
    original = PscOAuth2Adapter._decode_id_token

    def decode(self, app, id_token):
        head, body, signature = id_token.split(".")
        return original(self, app, f"{head}.{body}.{signature[::-1]}")

    monkeypatch.setattr(PscOAuth2Adapter, "_decode_id_token", decode)
    assert come_back(client, grant(leave(client), CONNU)).status_code == 401


def test_audience_is_checked(client: Client, psc: str, settings, monkeypatch) -> None:
    make_compte(rpps=RPPS)
    original = PscOAuth2Adapter._decode_id_token

    def decode(self, app, id_token):
        app.client_id = "autre"
        return original(self, app, id_token)

    monkeypatch.setattr(PscOAuth2Adapter, "_decode_id_token", decode)
    assert come_back(client, grant(leave(client), CONNU)).status_code == 401


def test_person_who_gives_up(client: Client, psc: str) -> None:
    url = leave(client)
    state = parse_qs(urlsplit(url).query)["state"][0]
    answer = client.get("/compte/psc/retour/", {"error": "access_denied", "state": state}, follow=True)
    assert "Vous avez interrompu la connexion" in answer.content.decode()


def test_button_only_when_configured(client: Client, fournisseur: str) -> None:
    assert "Pro Santé Connect" not in client.get("/compte/login/").content.decode()
    assert client.get("/compte/psc/aller/").status_code == 404
    assert client.get("/compte/psc/retour/?code=x&state=y").status_code == 404


def test_button_when_configured(client: Client, psc: str) -> None:
    assert "Se connecter avec Pro Santé Connect" in client.get("/compte/login/").content.decode()


@pytest.mark.parametrize(
    ("subject", "rpps"), [(f"8{RPPS}", RPPS), (RPPS, ""), ("0123456789", ""), ("8abc", ""), ("", "")]
)
def test_parse_rpps(subject: str, rpps: str) -> None:
    assert parse_rpps(subject) == rpps
