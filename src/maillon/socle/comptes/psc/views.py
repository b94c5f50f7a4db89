"""Going to Pro Santé Connect and coming back."""

from typing import Any

from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import Http404, HttpRequest, HttpResponse

from maillon.socle.droits.permissions import acces_public

from .provider import PscOAuth2Adapter


class RetourView(OAuth2CallbackView):
    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[Any, Any]:
        state, response = super()._get_state(request, provider)
        if state is not None:
            self.adapter.nonce = state.get("nonce", "")
        return state, response


@acces_public
def aller(request: HttpRequest) -> HttpResponse:
    """Leave for Pro Santé Connect; 404 where the operator has not configured it."""
    try:
        return OAuth2LoginView.adapter_view(PscOAuth2Adapter(request))(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error


@acces_public
def revenir(request: HttpRequest) -> HttpResponse:
    """Come back with a code to exchange for an identity."""
    try:
        return RetourView.adapter_view(PscOAuth2Adapter(request))(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
