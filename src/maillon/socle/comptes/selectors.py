"""What the account pages show."""

from dataclasses import dataclass, field
from uuid import UUID

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator

from .models import Compte


@dataclass(frozen=True, slots=True)
class SecondsFacteurs:
    """The second factors of one account: keys, whether an application is enrolled, recovery codes left."""

    cles: list[Authenticator] = field(default_factory=list)
    application: Authenticator | None = None
    codes_restants: int = 0

    @property
    def is_complet(self) -> bool:
        return bool(self.cles or self.application)


def get_seconds_facteurs(compte: Compte) -> SecondsFacteurs:
    """The second factors of this account; one query."""
    by_type: dict[str, list[Authenticator]] = {}
    for authenticator in Authenticator.objects.filter(user=compte).order_by("created_at"):
        by_type.setdefault(authenticator.type, []).append(authenticator)
    codes = by_type.get(Authenticator.Type.RECOVERY_CODES, [])
    return SecondsFacteurs(
        cles=by_type.get(Authenticator.Type.WEBAUTHN, []),
        application=next(iter(by_type.get(Authenticator.Type.TOTP, [])), None),
        codes_restants=len(codes[0].wrap().get_unused_codes()) if codes else 0,
    )


def get_secrets_demo() -> dict[UUID, str]:
    """The shown TOTP secret of each fictitious account that can be entered, by account; one query."""
    rows = Authenticator.objects.filter(user__fictif=True, user__is_active=True, type=Authenticator.Type.TOTP)
    adapter = get_adapter()
    return {user_id: adapter.decrypt(data["secret"]) for user_id, data in rows.values_list("user_id", "data")}
