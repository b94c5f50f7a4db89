"""Mandates give roles; links open one thing for a while."""

import secrets
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from maillon.socle.comptes.models import Compte
from maillon.socle.comptes.sessions import end_sessions
from maillon.socle.cpts.models import Cpts
from maillon.socle.declarations import collect
from maillon.socle.horloge import now, today
from maillon.socle.journal.services import record

from .acteur import SYSTEME, Acteur
from .enums import Role
from .models import Lien, Mandat, Membre
from .notifications import INVITATION, AccesDonne, Invitation
from .permissions import GERER_ACCES
from .selectors import acteur_of_lien, hash_jeton


class DerniereCoordination(Exception):
    """A community keeps at least one person who can give access."""

    def __init__(self) -> None:
        super().__init__(
            "C’est la dernière personne qui peut gérer les accès de la communauté : donnez d’abord ce rôle à une autre."
        )


@transaction.atomic
def give_role(
    *,
    compte: Compte,
    cpts: Cpts,
    role: Role,
    start: date,
    end: date | None = None,
    mission: str = "",
    by: Acteur = SYSTEME,
) -> Membre:
    """Give a role from `start` (to `end`, excluded), and make the account a member if it is not one yet.

    Raises ValidationError, in French, when the office is held by somebody else or the person has this role already.
    """
    membre, _ = Membre.objects.get_or_create(cpts=cpts, compte=compte)
    mandat = Mandat(cpts=cpts, membre=membre, role=role, mission=mission, periode=DateRange(start, end))
    mandat.validate_constraints()
    mandat.save(force_insert=True)
    record("droits.role_donne", mandat, by=by, membre=str(membre.pk), role=role, mission=mission, debut=str(start))
    return refresh_roles(membre=membre, on=today())


@transaction.atomic
def end_role(*, mandat: Mandat, on: date, by: Acteur) -> Membre:
    """End a mandate: its last day is the eve of `on`; one that had not begun is removed.

    The person's sessions end at once. Raises DerniereCoordination.
    """
    _lock_acces(mandat.cpts_id)
    membre = mandat.membre
    record("droits.role_retire", mandat, by=by, membre=str(membre.pk), role=mandat.role, fin=str(on))
    if mandat.periode.lower >= on:
        mandat.delete()
    else:
        mandat.periode = DateRange(mandat.periode.lower, on)
        mandat.save(update_fields=["periode"])
    membre = refresh_roles(membre=membre, on=today())
    _check_coordination(membre.cpts)
    return membre


def refresh_roles(*, membre: Membre, on: date) -> Membre:
    """Keep on the member the roles of the mandates in force `on` that day; run daily and after each change.

    Whoever loses a role is signed out everywhere: what a page showed a minute ago may be closed now.
    """
    mandats = list(membre.mandats.filter(periode__contains=on))
    before = {*membre.roles}, {*membre.missions}
    membre.roles = sorted({mandat.role for mandat in mandats})
    membre.missions = sorted({mandat.mission for mandat in mandats if mandat.mission})
    if before != ({*membre.roles}, {*membre.missions}):
        membre.save(update_fields=["roles", "missions"])
    if before[0] - {*membre.roles} or before[1] - {*membre.missions}:
        end_sessions(membre.compte)
    return membre


def _lock_acces(cpts_id: UUID) -> None:
    """One removal at a time in a community: two coordinators who remove each other would both see the other one."""
    Cpts.objects.select_for_update(no_key=True).get(pk=cpts_id)


def _check_coordination(cpts: Cpts) -> None:
    """Raise DerniereCoordination when nobody active may manage access any more."""
    managers = [role.value for role in GERER_ACCES.roles]
    if not Membre.objects.filter(cpts=cpts, actif=True, roles__overlap=managers).exists():
        raise DerniereCoordination


@transaction.atomic
def deactivate_membre(*, membre: Membre, by: Acteur) -> None:
    """Close this community to a person, at once. Other communities of the person are not touched.

    Raises DerniereCoordination.
    """
    _lock_acces(membre.cpts_id)
    membre.actif = False
    membre.save(update_fields=["actif"])
    revoke_liens(but=INVITATION, objet_id=membre.pk)
    end_sessions(membre.compte)
    record("droits.acces_ferme", membre, by=by)
    _check_coordination(membre.cpts)


def reactivate_membre(*, membre: Membre, by: Acteur) -> None:
    """Open this community again to a person, with the roles whose mandates still run."""
    membre.actif = True
    membre.save(update_fields=["actif"])
    refresh_roles(membre=membre, on=today())
    record("droits.acces_rouvert", membre, by=by)


@transaction.atomic
def invite_membre(
    cpts: Cpts,
    *,
    email: str,
    prenom: str,
    nom: str,
    roles: Iterable[Role],
    by: Acteur,
    rpps: str | None = None,
    mission: str = "",
    start: date | None = None,
) -> Membre:
    """Make somebody a member with roles from `start` (today), and write to them.

    A person without an account gets one, without password, and a link to choose it; a person who has one keeps it as
    it is. Raises ValidationError, in French: office held, RPPS number of somebody else.
    """
    compte = Compte.objects.filter(email__iexact=email.strip()).first()
    if compte is None:
        if rpps and Compte.objects.filter(rpps=rpps).exists():
            raise ValidationError("Ce numéro RPPS est déjà celui d’un autre compte : vérifiez le courriel.")
        compte = Compte.objects.create_user(email.strip(), None, prenom=prenom, nom=nom, rpps=rpps or None)
    membre, _ = Membre.objects.get_or_create(cpts=cpts, compte=compte)
    for role in roles:
        is_referent = role == Role.REFERENT_MISSION
        membre = give_role(
            compte=compte, cpts=cpts, role=role, start=start or today(), mission=mission if is_referent else "", by=by
        )
    for suite in collect("suites_invitation"):
        suite.fait(membre, by)
    send_invitation(membre=membre, by=by)
    return membre


def send_invitation(*, membre: Membre, by: Acteur) -> None:
    """Write to a member: a link to choose a password (14 days, the former ones stop), or the news of the access."""
    record("droits.invitation", membre, by=by)
    if membre.compte.has_usable_password():
        AccesDonne.for_membre(membre).queue(to=membre.compte.email, occasion=now().isoformat())
        return
    revoke_liens(but=INVITATION, objet_id=membre.pk)
    jeton = create_lien(but=INVITATION, cpts_id=membre.cpts_id, objet_id=membre.pk)
    Invitation.for_membre(membre, jeton).queue(to=membre.compte.email, occasion=now().isoformat())


@transaction.atomic
def accept_invitation(*, lien: Lien, membre: Membre, password: str) -> bool:
    """Give the invited account its password and use the link up; False when another request did it first.

    An account that already has a password keeps it: an invitation never opens somebody else's account.
    """
    if membre.compte.has_usable_password() or not consume_lien(lien_id=lien.pk):
        return False
    membre.compte.set_password(password)
    membre.compte.save(update_fields=["password"])
    record("droits.invitation_acceptee", membre, by=acteur_of_lien(lien))
    return True


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


def move_liens(*, but: str, objet_ids: Collection[UUID], expire_le: datetime) -> int:
    """Every live link of a purpose on these objects ends at this moment instead; returns how many."""
    return Lien.objects.filter(but=but, objet_id__in=objet_ids, revoque_le__isnull=True).update(expire_le=expire_le)


def consume_lien(*, lien_id: UUID) -> bool:
    """Use a single-use link, once: False when another request used it first."""
    return (
        Lien.objects.filter(pk=lien_id, utilise_le__isnull=True, revoque_le__isnull=True).update(utilise_le=now()) == 1
    )
