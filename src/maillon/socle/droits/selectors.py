"""From an account or a link to an actor."""

import hashlib
from uuid import UUID

from maillon.socle.comptes.models import Compte
from maillon.socle.cpts.models import Cpts
from maillon.socle.horloge import now

from .acteur import Acteur
from .enums import Genre, Role, RoleTerritorial
from .models import AgentTerritorial, Lien, Membre


def hash_jeton(jeton: str) -> bytes:
    """What the database keeps of a token: its SHA-256, 32 bytes."""
    return hashlib.sha256(jeton.encode()).digest()


def get_lien(jeton: str, *, but: str) -> Lien | None:
    """The live link of this token for this purpose; None when unknown, expired, revoked or used."""
    return (
        Lien.objects.select_related("cpts")
        .filter(
            empreinte=hash_jeton(jeton),
            but=but,
            expire_le__gt=now(),
            revoque_le__isnull=True,
            utilise_le__isnull=True,
        )
        .first()
    )


def acteur_of_lien(lien: Lien) -> Acteur:
    return Acteur(genre=Genre.LIEN, cpts_id=lien.cpts_id, lien_id=lien.pk, lien_objet=lien.objet_id)


def get_membre(compte: Compte, slug: str) -> Membre | None:
    """The active membership of this account in the community of this slug. Row level security must name the account."""
    return Membre.objects.select_related("cpts").filter(compte=compte, cpts__slug=slug, actif=True).first()


def acteur_of_membre(compte: Compte, membre: Membre, *, fort: bool) -> Acteur:
    return Acteur(
        genre=Genre.MEMBRE,
        nom=str(compte),
        compte_id=compte.pk,
        rpps=compte.rpps,
        cpts_id=membre.cpts_id,
        membre_id=membre.pk,
        roles=frozenset(Role(role) for role in membre.roles),
        missions=frozenset(membre.missions),
        fort=fort,
    )


def acteur_of_compte(compte: Compte, *, fort: bool) -> Acteur:
    """An account outside any community: an agent of a territory, or simply signed in."""
    agents = list(AgentTerritorial.objects.filter(compte=compte, actif=True))
    if not agents:
        return Acteur(genre=Genre.COMPTE, nom=str(compte), compte_id=compte.pk, rpps=compte.rpps, fort=fort)
    departements = frozenset(code for agent in agents for code in agent.departements)
    regions = frozenset(code for agent in agents for code in agent.regions)
    return Acteur(
        genre=Genre.AGENT,
        nom=str(compte),
        compte_id=compte.pk,
        rpps=compte.rpps,
        roles=frozenset(RoleTerritorial(agent.role) for agent in agents),
        departements=departements,
        regions=regions,
        cpts_lues=get_cpts_lues(departements=departements, regions=regions),
        fort=fort,
    )


def get_cpts_lues(*, departements: frozenset[str], regions: frozenset[str]) -> frozenset[UUID]:
    """The communities of these départements and régions."""
    from django.db.models import Q

    return frozenset(
        Cpts.objects.filter(Q(departement__in=departements) | Q(region__in=regions)).values_list("id", flat=True)
    )


def get_memberships(compte: Compte) -> list[Membre]:
    """The communities of an account, by name; row level security must name the account."""
    return list(Membre.objects.select_related("cpts").filter(compte=compte, actif=True).order_by("cpts__nom"))
