"""Regulators' accounts, as the SAS opens, changes and closes them.

The SAS decides who regulates. It does not decide of accounts that exist without it: a professional who also regulates
keeps name, address and other rights, and loses only the role when the SAS closes it.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from maillon.socle.comptes.models import Compte
from maillon.socle.comptes.services import deactivate_compte, reactivate_compte
from maillon.socle.comptes.sessions import end_sessions
from maillon.socle.comptes.tasks import queue_nouveau_mot_de_passe
from maillon.socle.contexte import Contexte, get_contexte, switch_contexte, use_cpts
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import RoleTerritorial
from maillon.socle.droits.models import AgentTerritorial, Membre
from maillon.socle.horloge import now
from maillon.socle.journal.services import record

from ..fhir.refus import RequeteRefusee
from ..fhir.regulateur import FicheRegulateur, Identifiants
from ..models import Regulateur
from ..selectors import find_regulateur

DEJA_LA = "Un compte actif porte déjà cet identifiant : modifiez-le par une mise à jour (PUT)."


@dataclass(frozen=True, slots=True)
class RegulateurEcrit:
    """A regulator as written, and whether it is new."""

    regulateur: Regulateur
    nouveau: bool


def _refuse(message: str) -> RequeteRefusee:
    return RequeteRefusee(message, status=422, code="duplicate")


@transaction.atomic
def create_regulateur(*, fiche: FicheRegulateur, by: Acteur) -> Regulateur:
    """Open the account of a regulator whose identifier nobody active holds. Raises RequeteRefusee (422) otherwise."""
    _lock()
    known = find_regulateur(fiche.identifiants)
    if known is not None and known.actif:
        raise _refuse(DEJA_LA)
    return _open(fiche, by)


@transaction.atomic
def update_regulateur(*, identifiants: Identifiants, fiche: FicheRegulateur, by: Acteur) -> RegulateurEcrit:
    """Change, close or open again the regulator of this identifier, or create it. The same said twice changes nothing.

    Raises RequeteRefusee (422) when an identifier or an address is somebody else's.
    """
    _lock()
    known = find_regulateur(identifiants)
    other = find_regulateur(fiche.identifiants)
    if other is not None and other.actif and (known is None or other.pk != known.pk):
        raise _refuse(DEJA_LA)
    if known is None:
        return RegulateurEcrit(_open(fiche, by), nouveau=True)
    known.identifiant_national = fiche.identifiants.national or known.identifiant_national
    known.identifiant_sas = fiche.identifiants.sas or known.identifiant_sas
    _follow_compte(known, fiche)
    return RegulateurEcrit(_set_actif(known, actif=fiche.actif, by=by), nouveau=False)


def _lock() -> None:
    """One change at a time: accounts are few, and two that cross would open one identifier twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('api:regulateurs', 0))")


def _open(fiche: FicheRegulateur, by: Acteur) -> Regulateur:
    compte = _find_compte(fiche)
    created = compte is None
    if compte is None:
        compte = Compte.objects.create_user(
            fiche.courriel, None, prenom=fiche.prenom, nom=fiche.nom, rpps=fiche.identifiants.rpps or None
        )
    before = Regulateur.objects.filter(compte=compte)
    if before.filter(actif=True).exists():
        raise _refuse("Cette adresse est celle d’un autre régulateur actif.")
    regulateur = Regulateur(
        compte=compte,
        identifiant_national=fiche.identifiants.national,
        identifiant_sas=fiche.identifiants.sas,
        actif=False,
        ferme_le=now(),
        compte_cree=created or before.filter(compte_cree=True).exists(),
    )
    _follow_compte(regulateur, fiche)
    regulateur = _set_actif(regulateur, actif=fiche.actif, by=by)
    if fiche.actif and not compte.has_usable_password():
        queue_nouveau_mot_de_passe(compte)
    return regulateur


def _find_compte(fiche: FicheRegulateur) -> Compte | None:
    """The account of this person: by the RPPS number, else by the address. Raises when the two disagree."""
    rpps = fiche.identifiants.rpps
    by_rpps = Compte.objects.filter(rpps=rpps).first() if rpps else None
    by_courriel = Compte.objects.filter(email__iexact=fiche.courriel).first()
    if by_courriel is not None and rpps and by_courriel.rpps not in (None, rpps):
        raise _refuse("Cette adresse est celle d’un compte qui a un autre numéro RPPS.")
    return by_rpps or by_courriel


def _follow_compte(regulateur: Regulateur, fiche: FicheRegulateur) -> None:
    """Take name, address and RPPS number into an account that the SAS opened and that serves nothing else."""
    compte = regulateur.compte
    if not regulateur.compte_cree or _has_other_rights(compte):
        return
    taken = Compte.objects.exclude(pk=compte.pk)
    if taken.filter(email__iexact=fiche.courriel).exists():
        raise _refuse("Cette adresse est celle d’un autre compte.")
    rpps = fiche.identifiants.rpps
    if rpps and taken.filter(rpps=rpps).exists():
        raise _refuse("Ce numéro RPPS est celui d’un autre compte.")
    moved = compte.email != fiche.courriel
    compte.email, compte.nom, compte.prenom = fiche.courriel, fiche.nom, fiche.prenom
    compte.rpps = rpps or compte.rpps
    compte.save(update_fields=["email", "nom", "prenom", "rpps"])
    if moved:
        end_sessions(compte)


def _has_other_rights(compte: Compte) -> bool:
    """Whether the account is that of a member, or of an agent in another role. Memberships are seen as the account."""
    if AgentTerritorial.objects.filter(compte=compte, actif=True).exclude(role=RoleTerritorial.REGULATEUR).exists():
        return True
    before = get_contexte()
    switch_contexte(Contexte(compte_id=compte.pk, acteur=before.acteur))
    try:
        return Membre.objects.filter(compte=compte, actif=True).exists()
    finally:
        switch_contexte(before)


def _set_actif(regulateur: Regulateur, *, actif: bool, by: Acteur) -> Regulateur:
    changed = regulateur.actif != actif
    regulateur.actif, regulateur.modifie_le = actif, now()
    regulateur.ferme_le = None if actif else regulateur.ferme_le or regulateur.modifie_le
    try:
        regulateur.validate_constraints()
    except ValidationError as error:
        raise _refuse(" ".join(error.messages)) from error
    regulateur.save()
    agent = _set_agent(regulateur.compte, actif=actif)
    if actif:
        _reopen_compte(regulateur)
    elif regulateur.compte_cree and not _has_other_rights(regulateur.compte):
        deactivate_compte(compte=regulateur.compte)
    else:
        end_sessions(regulateur.compte)
    if changed:
        _tell_communautes(regulateur, agent, by)
    return regulateur


def _set_agent(compte: Compte, *, actif: bool) -> AgentTerritorial:
    agent = AgentTerritorial.objects.filter(compte=compte, role=RoleTerritorial.REGULATEUR).first()
    if agent is None:
        agent = AgentTerritorial(compte=compte, role=RoleTerritorial.REGULATEUR, departements=list_departements())
        if not agent.departements:
            raise RequeteRefusee(
                "Aucun département n’est servi ici : l’exploitant doit donner MAILLON_SAS_DEPARTEMENTS.",
                status=422,
                code="business-rule",
            )
    agent.actif = actif
    agent.save()
    return agent


def _reopen_compte(regulateur: Regulateur) -> None:
    if regulateur.compte.is_active:
        return
    if not regulateur.compte_cree:
        raise RequeteRefusee("Ce compte a été fermé par l’exploitant.", status=422, code="business-rule")
    reactivate_compte(compte=regulateur.compte)


def list_departements() -> list[str]:
    """The départements of a regulator: those that the operator gave, else those of the communities."""
    given: list[str] = list(settings.MAILLON_SAS_DEPARTEMENTS)
    return given or sorted(set(Cpts.objects.values_list("departement", flat=True)))


def _tell_communautes(regulateur: Regulateur, agent: AgentTerritorial, by: Acteur) -> None:
    """The journal of each community says that a regulator may, or may no more, book its slots."""
    event = "api.regulateur_ouvert" if regulateur.actif else "api.regulateur_ferme"
    for cpts_id in Cpts.objects.filter(departement__in=agent.departements).values_list("pk", flat=True):
        with use_cpts(cpts_id, acteur=by.etiquette):
            record(event, regulateur, by=by, cpts_id=cpts_id)
