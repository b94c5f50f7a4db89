"""The provider, as django-allauth wants it, with what OpenID Connect asks for and the library leaves out.

The identity token's signature is always verified, the nonce is sent and compared, the user information must be about
the token's subject, and nothing in the address of the page changes what is asked for.
"""

import hmac
import secrets
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import build_absolute_uri
from django.http import HttpRequest
from django.urls import reverse

from . import FOURNISSEUR

ALGORITHMES = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
NIVEAUX = {"eidas1", "eidas2", "eidas3"}


class PscOAuth2Adapter(OpenIDConnectOAuth2Adapter):
    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, FOURNISSEUR)
        self.nonce = ""

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        return build_absolute_uri(request, reverse(f"{FOURNISSEUR}_callback"), self.redirect_uri_protocol)

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                id_token,
                self._find_key(id_token),
                algorithms=ALGORITHMES,
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                options={"require": ["exp", "iat", "sub", "nonce"]},
            )
        except jwt.PyJWTError as error:
            raise OAuth2Error("The identity token is not valid.") from error
        if not self.nonce or not hmac.compare_digest(str(claims["nonce"]), self.nonce):
            raise OAuth2Error("The identity token answers another request.")
        if claims.get("acr", "eidas1") not in NIVEAUX:
            raise OAuth2Error("The identity was not proven at the level asked for.")
        return claims

    def _find_key(self, id_token: str) -> jwt.PyJWK:
        """The provider's key that the token names; the only one when it names none."""
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        name = jwt.get_unverified_header(id_token).get("kid")
        keys = [key for key in jwt.PyJWKSet.from_dict(answer.json()).keys if name in (None, key.key_id)]
        if len(keys) != 1:
            raise OAuth2Error("The identity token names no key of the provider.")
        return keys[0]

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        id_token = kwargs["response"].get("id_token")
        if not id_token:
            raise OAuth2Error("No identity token.")
        claims = self._decode_id_token(app, id_token)
        userinfo = self._fetch_user_info(token.token)
        if userinfo.get("sub") != claims.get("sub"):
            raise OAuth2Error("The user information is about somebody else.")
        return self.get_provider().sociallogin_from_response(request, userinfo)


class PscProvider(OpenIDConnectProvider):
    id = FOURNISSEUR
    name = "Pro Santé Connect"
    oauth2_adapter_class = PscOAuth2Adapter

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:
        return reverse(f"{FOURNISSEUR}_login")

    def get_callback_url(self) -> str:
        return reverse(f"{FOURNISSEUR}_callback")

    def get_oauth2_adapter(self, request: HttpRequest) -> PscOAuth2Adapter:
        return PscOAuth2Adapter(request)

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        nonce = secrets.token_urlsafe(24)
        asked = super().get_redirect_from_request_kwargs(request)
        return {
            **({"next_url": asked["next_url"]} if "next_url" in asked else {}),
            "process": "login",
            "scope": self.get_scope(),
            "auth_params": {**self.get_auth_params(), "nonce": nonce},
            "nonce": nonce,
        }

    def extract_uid(self, data: dict[str, Any]) -> str:
        return str(data.get("SubjectNameID") or "sans-identifiant")

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        return []

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}


provider_classes = [PscProvider]
