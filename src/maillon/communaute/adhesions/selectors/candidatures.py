"""Applications and invitations, and what must be known to decide."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.annuaire.selectors import search_professionnels
from maillon.socle.chiffrement import normalize
from maillon.socle.droits.acteur import Acteur

from ..enums import EN_ATTENTE, Etat, EtatCandidature
from ..models import Adhesion, Candidature

PROPOSES = 8


def list_candidatures(*, for_acteur: Acteur) -> QuerySet[Candidature]:
    return Candidature.objects.visible_to(for_acteur).select_related("professionnel")


def list_a_decider(*, for_acteur: Acteur) -> QuerySet[Candidature]:
    """Applications that wait for a decision, the oldest first."""
    return list_candidatures(for_acteur=for_acteur).filter(etat=EtatCandidature.DEPOSEE).order_by("deposee_le", "pk")


def get_candidature(pk: UUID, *, for_acteur: Acteur) -> Candidature:
    return get_object_or_404(
        Candidature.objects.visible_to(for_acteur).select_related("professionnel", "adhesion"), pk=pk
    )


@dataclass(frozen=True, slots=True)
class Verification:
    """What a person must look at before a decision: sentences, and whom the directory proposes."""

    remarques: list[str]
    proposes: list[Professionnel]


def check_candidature(candidature: Candidature) -> Verification:
    """Compare what was typed with the directory and with the members."""
    found, remarques = candidature.professionnel, []
    if found is None:
        proposes = list(search_professionnels(f"{candidature.nom} {candidature.prenom}")[:PROPOSES])
        if candidature.rpps:
            remarques.append(f"Le numéro RPPS {candidature.rpps} n’est pas dans l’annuaire.")
        elif not candidature.structure_nom:
            remarques.append("Aucun numéro RPPS n’a été donné : retrouvez la personne dans l’annuaire.")
        return Verification(remarques, proposes)
    typed, known = normalize(f"{candidature.nom} {candidature.prenom}"), normalize(f"{found.nom} {found.prenom}")
    if typed != known:
        remarques.append(f"Le nom saisi diffère de celui de l’annuaire : {found}.")
    others = Adhesion.objects.filter(cpts_id=candidature.cpts_id, professionnel=found)
    if others.filter(etat=Etat.ACTIVE).exists() and candidature.etat in EN_ATTENTE:
        remarques.append("Cette personne est déjà membre.")
    twins = Candidature.objects.filter(cpts_id=candidature.cpts_id, professionnel=found, etat__in=EN_ATTENTE)
    if twins.exclude(pk=candidature.pk).exists():
        remarques.append("Une autre candidature de la même personne attend.")
    return Verification(remarques, [])
