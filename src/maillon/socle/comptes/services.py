"""Accounts: second factors and closing; the named views of lists that a person keeps."""

from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction

from .models import Compte
from .sessions import end_sessions


@transaction.atomic
def enrol_totp(*, compte: Compte, secret: str) -> Authenticator:
    """Give this account an authenticator application with a known secret (base 32), and recovery codes.

    Used by the demonstration, whose secrets are shown; people enrol on their own page.
    """
    Authenticator.objects.filter(user=compte, type=Authenticator.Type.TOTP).delete()
    authenticator: Authenticator = TOTP.activate(compte, secret).instance
    RecoveryCodes.activate(compte)
    return authenticator


def deactivate_compte(*, compte: Compte) -> None:
    """Close an account everywhere, at once: no sign-in, no session."""
    compte.is_active = False
    compte.save(update_fields=["is_active"])
    end_sessions(compte)


def reactivate_compte(*, compte: Compte) -> None:
    """Open a closed account again; its communities and roles are those it had."""
    compte.is_active = True
    compte.save(update_fields=["is_active"])


VUES_MAX, NOM_VUE_MAX = 12, 40


class VueRefusee(Exception):
    """Said to the person as it is."""


@transaction.atomic
def save_vue(*, compte_id: UUID, liste: str, nom: str, adresse: str, defaut: bool = False) -> None:
    """Keep under this name the filters, sort and columns of a list (`adresse`, a query string without any search).

    The same name is replaced. Raises VueRefusee without a name, or beyond twelve views of a list.
    """
    nom = _clean_nom(nom)
    compte, vues = _take_vues(compte_id, liste)
    others = [vue for vue in vues if vue["nom"] != nom]
    if len(others) >= VUES_MAX:
        raise VueRefusee(f"Vous avez déjà {VUES_MAX} vues de cette liste\u00a0: supprimez-en une d’abord.")
    before = next((vue for vue in vues if vue["nom"] == nom), None)
    kept = {"nom": nom, "adresse": adresse, "defaut": defaut or bool(before and before["defaut"])}
    if defaut:
        others = [{**vue, "defaut": False} for vue in others]
    _write_vues(compte, liste, [*others, kept] if before is None else [kept if v is before else v for v in vues])


@transaction.atomic
def rename_vue(*, compte_id: UUID, liste: str, ancien: str, nom: str) -> None:
    """Another name for a view. Raises VueRefusee when it is taken, or the view is gone."""
    nom = _clean_nom(nom)
    compte, vues = _take_vues(compte_id, liste)
    names = [vue["nom"] for vue in vues]
    if ancien not in names:
        raise VueRefusee("Cette vue n’existe plus\u00a0: rechargez la page.")
    if nom != ancien and nom in names:
        raise VueRefusee(f"Vous avez déjà une vue «\u00a0{nom}\u00a0».")
    _write_vues(compte, liste, [{**vue, "nom": nom} if vue["nom"] == ancien else vue for vue in vues])


@transaction.atomic
def choose_vue(*, compte_id: UUID, liste: str, nom: str) -> None:
    """The view that opens with the list; an empty name for none."""
    compte, vues = _take_vues(compte_id, liste)
    _write_vues(compte, liste, [{**vue, "defaut": vue["nom"] == nom} for vue in vues])


@transaction.atomic
def delete_vue(*, compte_id: UUID, liste: str, nom: str) -> None:
    """Forget a view."""
    compte, vues = _take_vues(compte_id, liste)
    _write_vues(compte, liste, [vue for vue in vues if vue["nom"] != nom])


def _clean_nom(nom: str) -> str:
    clean = " ".join(nom.replace("\x00", "").split())
    if not clean:
        raise VueRefusee("Donnez un nom à cette vue.")
    if len(clean) > NOM_VUE_MAX:
        raise VueRefusee(f"Donnez un nom de {NOM_VUE_MAX} caractères au plus.")
    return clean


def _take_vues(compte_id: UUID, liste: str) -> tuple[Compte, list[dict[str, Any]]]:
    compte = Compte.objects.select_for_update().get(pk=compte_id)
    return compte, list(compte.vues.get(liste, []))


def _write_vues(compte: Compte, liste: str, vues: list[dict[str, Any]]) -> None:
    compte.vues = {**{cle: v for cle, v in compte.vues.items() if cle != liste}, **({liste: vues} if vues else {})}
    compte.save(update_fields=["vues"])
