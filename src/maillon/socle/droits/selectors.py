"""From an account or a link to an actor."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import connection
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import Resolver404, resolve

from maillon.socle.comptes.models import Compte
from maillon.socle.comptes.selectors import get_secrets_demo
from maillon.socle.contexte import use_cpts
from maillon.socle.cpts.models import Cpts
from maillon.socle.horloge import now, today

from .acteur import Acteur
from .enums import RAISONS, Genre, Role, RoleTerritorial
from .models import AgentTerritorial, Lien, Mandat, Membre
from .permissions import Acces

# Whose territory opens the contracts of its communities, and whose opens their slots: neither opens the other.
LECTEURS = (RoleTerritorial.CPAM, RoleTerritorial.ARS)
REGULATEURS = (RoleTerritorial.REGULATEUR, RoleTerritorial.OSNP)


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
    """The active membership of this account in the community of this slug, with the roles and missions of today; None
    when there is none. One query, which needs no community to be entered (`migrations/porte.sql`).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.membre_id, f.roles, f.missions, (f.c).* FROM maillon_lire_membre(%s, %s, %s) f",
            [compte.pk, slug, today()],
        )
        membre_id, roles, missions, *champs = cursor.fetchone()
        if membre_id is None:
            return None
        cpts = Cpts.from_db(connection.alias, [colonne.name for colonne in cursor.description[3:]], champs)
    membre = Membre(pk=membre_id, cpts=cpts, compte=compte, actif=True, roles=roles or [], missions=missions or [])
    membre._state.adding, membre._state.db = False, connection.alias
    return membre


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
    agents = get_agents(compte)
    if not agents:
        return Acteur(genre=Genre.COMPTE, nom=str(compte), compte_id=compte.pk, rpps=compte.rpps, fort=fort)
    departements, regions = _territory(agents)
    return Acteur(
        genre=Genre.AGENT,
        nom=str(compte),
        compte_id=compte.pk,
        rpps=compte.rpps,
        roles=frozenset(RoleTerritorial(agent.role) for agent in agents),
        departements=departements,
        regions=regions,
        cpts_lues=_communities(agents, LECTEURS),
        cpts_regulees=_communities(agents, REGULATEURS),
        fort=fort,
    )


def _communities(agents: Iterable[AgentTerritorial], roles: Collection[RoleTerritorial]) -> frozenset[UUID]:
    """The communities of the territories where one of these roles is held; no query when none is."""
    held = [agent for agent in agents if agent.role in roles]
    departements, regions = _territory(held)
    return get_cpts_lues(departements=departements, regions=regions) if held else frozenset()


def _territory(agents: Iterable[AgentTerritorial]) -> tuple[frozenset[str], frozenset[str]]:
    """Départements and régions of these roles together."""
    agents = list(agents)
    return (
        frozenset(code for agent in agents for code in agent.departements),
        frozenset(code for agent in agents for code in agent.regions),
    )


def get_agents(compte: Compte) -> list[AgentTerritorial]:
    """The territorial roles of an account."""
    return list(AgentTerritorial.objects.filter(compte=compte, actif=True))


def get_cpts_lues(*, departements: frozenset[str], regions: frozenset[str]) -> frozenset[UUID]:
    """The communities of these départements and régions."""
    return frozenset(
        Cpts.objects.filter(Q(departement__in=departements) | Q(region__in=regions)).values_list("id", flat=True)
    )


def get_memberships(compte: Compte) -> list[Membre]:
    """The communities of an account, by name; row level security must name the account."""
    return list(Membre.objects.select_related("cpts").filter(compte=compte, actif=True).order_by("cpts__nom"))


def list_acces(cpts_id: UUID) -> list[Membre]:
    """Every member of a community with account and running or coming mandates (`mandats_visibles`); two queries.

    `second_facteur` says whether the account has one.
    """
    return list(
        _with_mandats(Membre.objects.filter(cpts_id=cpts_id)).order_by("-actif", "compte__nom", "compte__prenom")
    )


def get_acces(cpts_id: UUID, membre_id: UUID) -> Membre | None:
    """One member, as `list_acces` gives them."""
    return _with_mandats(Membre.objects.filter(cpts_id=cpts_id, pk=membre_id)).first()


def _with_mandats(membres: QuerySet[Membre]) -> QuerySet[Membre]:
    mandats = Mandat.objects.filter(Q(periode__endswith__gt=today()) | Q(periode__upper_inf=True)).order_by("periode")
    facteurs = Authenticator.objects.filter(
        user=OuterRef("compte"), type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    )
    return (
        membres.select_related("compte", "cpts")
        .annotate(second_facteur=Exists(facteurs))
        .prefetch_related(Prefetch("mandats", queryset=mandats, to_attr="mandats_visibles"))
    )


@dataclass(frozen=True, slots=True)
class CompteDemo:
    """A fictitious account that can be entered: its roles, as `Role` or `RoleTerritorial`, and its TOTP secret."""

    compte: Compte
    roles: list[Role | RoleTerritorial]
    secret: str

    @property
    def raison(self) -> str:
        """What this person comes for."""
        return RAISONS[self.roles[0]]


def list_comptes_demo() -> list[tuple[str, list[CompteDemo]]]:
    """The demonstration's accounts by community, then those over a territory, in the order of the roles.

    An account is one to enter when it has a TOTP secret. One query a fictitious community, three in all besides.
    """
    secrets = get_secrets_demo()
    comptes = {compte.pk: compte for compte in Compte.objects.filter(pk__in=secrets)}
    ordre = {role: rank for rank, role in enumerate([*Role, *RoleTerritorial])}

    def build(held: dict[UUID, list[Role | RoleTerritorial]]) -> list[CompteDemo]:
        found = [
            CompteDemo(comptes[key], sorted(roles, key=ordre.__getitem__), secrets[key]) for key, roles in held.items()
        ]
        return sorted(found, key=lambda one: ([ordre[role] for role in one.roles], one.compte.nom))

    groups = []
    for cpts in Cpts.objects.filter(fictive=True).order_by("pk"):
        with use_cpts(cpts.pk):
            rows = Membre.objects.filter(compte_id__in=secrets, actif=True).values_list("compte_id", "roles")
            held = {key: [Role(role) for role in roles] for key, roles in rows if roles}
        groups.append((cpts.nom, build(held)))  # type: ignore[arg-type]
    agents: dict[UUID, list[Role | RoleTerritorial]] = {}
    for key, role in AgentTerritorial.objects.filter(compte_id__in=secrets, actif=True).values_list(
        "compte_id", "role"
    ):
        agents.setdefault(key, []).append(RoleTerritorial(role))
    groups.append(("Sur tout un territoire", build(agents)))
    return [(nom, found) for nom, found in groups if found]


def may_open(acteur: Acteur, adresse: str) -> bool:
    """Whether the page at this address is open to this person, so that a link to it is worth showing."""
    try:
        acces: Acces | None = getattr(resolve(urlsplit(adresse).path).func, "acces", None)
    except Resolver404:
        return False
    if acces is None:
        return False
    return acces.permission is None or acteur.can(acces.permission)
