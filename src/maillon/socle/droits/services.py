"""Mandates give roles; links open one thing for a while."""

import secrets
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from maillon.socle.comptes.models import Compte
from maillon.socle.cpts.models import Cpts
from maillon.socle.horloge import now, today

from .enums import Role
from .models import Lien, Mandat, Membre
from .selectors import hash_jeton


@transaction.atomic
def give_role(
    *, compte: Compte, cpts: Cpts, role: Role, start: date, end: date | None = None, mission: str = ""
) -> Membre:
    """Give a role from `start` (to `end`, excluded). Raises IntegrityError when an office is already held."""
    membre, _ = Membre.objects.get_or_create(cpts=cpts, compte=compte)
    Mandat.objects.create(cpts=cpts, membre=membre, role=role, mission=mission, periode=(start, end))
    return refresh_roles(membre=membre, on=today())


def refresh_roles(*, membre: Membre, on: date) -> Membre:
    """Keep on the member the roles of the mandates in force `on` that day; run daily and after each change."""
    mandats = list(membre.mandats.filter(periode__contains=on))
    membre.roles = sorted({mandat.role for mandat in mandats})
    membre.missions = sorted({mandat.mission for mandat in mandats if mandat.mission})
    membre.save(update_fields=["roles", "missions"])
    return membre


def create_lien(*, but: str, cpts_id: UUID, objet_id: UUID, expire_le: datetime | None = None) -> str:
    """Make a signed link for one purpose and one object; returns its token, which is kept nowhere.

    By default it lives 14 days. 256 random bits; the database keeps the SHA-256.
    """
    jeton = secrets.token_urlsafe(32)
    Lien.objects.create(
        empreinte=hash_jeton(jeton),
        but=but,
        cpts_id=cpts_id,
        objet_id=objet_id,
        expire_le=expire_le or now() + timedelta(days=14),
    )
    return jeton


def revoke_liens(*, but: str, objet_id: UUID) -> int:
    """Close every live link of a purpose on an object; returns how many."""
    return Lien.objects.filter(but=but, objet_id=objet_id, revoque_le__isnull=True).update(revoque_le=now())


def consume_lien(*, lien_id: UUID) -> bool:
    """Use a single-use link, once: False when another request used it first."""
    return (
        Lien.objects.filter(pk=lien_id, utilise_le__isnull=True, revoque_le__isnull=True).update(utilise_le=now()) == 1
    )
