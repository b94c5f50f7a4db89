"""The second step of signing in."""

from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

from .psc import FOURNISSEUR


class SecondFacteurStage(AuthenticateStage):
    """Pro Santé Connect already asked for two factors (the card or e-CPS and its code): no third is asked."""

    def _should_handle(self, request: HttpRequest) -> bool:
        from allauth.account.authentication import get_authentication_records

        records = get_authentication_records(request, self.login.user)
        if any(r.get("method") == "socialaccount" and r.get("provider") == FOURNISSEUR for r in records[-1:]):
            return False
        return bool(super()._should_handle(request))
