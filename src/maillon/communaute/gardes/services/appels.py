"""A call for volunteers: those who may take an open duty are asked, who holds fewest first; the first yes has it."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from maillon.communaute.sollicitations.models import ActionRefusee as SollicitationRefusee
from maillon.communaute.sollicitations.models import Appel, Sollicitation
from maillon.communaute.sollicitations.services import Cible, cut_vagues, settle, solicit
from maillon.socle.declarations import FaitSollicitation
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal

from ..enums import EtatTableau, OrigineGarde
from ..models import ActionRefusee, Participant, Poste
from ..selectors.candidats import list_candidats
from .ajustements import check_regles, write_garde
from .commun import GENRE, lock_tableau

PAR_VAGUE = 5
DELAI_MIN, DELAI_MAX = timedelta(minutes=30), timedelta(hours=24)


def lock_poste(poste_id: UUID) -> Poste:
    """The roster first, then the shift: what a call holds while it changes."""
    tableau = lock_tableau(Poste.objects.values_list("tableau", flat=True).get(pk=poste_id))
    poste = Poste.objects.select_for_update(of=("self",)).get(pk=poste_id)
    poste.tableau = tableau
    return poste


@transaction.atomic
def call_volontaires(*, poste_id: UUID, by: Acteur) -> int:
    """Ask who may take an open place of a published roster; returns how many are asked, over all waves. A wave lasts a
    quarter of the time left, from half an hour to a day. Raises ActionRefusee when nobody may, or it is too late."""
    poste = lock_poste(poste_id)
    left = poste.debut - now()
    if poste.tableau.etat != EtatTableau.PUBLIE or left <= timedelta(0):
        raise ActionRefusee("On appelle des volontaires pour une garde à venir d’un tableau publié.")
    if poste.gardes.vivantes().count() >= poste.nombre:
        raise ActionRefusee("Cette garde est déjà pourvue.")
    possibles = [candidat for candidat in list_candidats(poste) if not (candidat.raisons or candidat.cedee)]
    if not possibles:
        raise ActionRefusee("Personne d’autre ne peut prendre cette garde sans enfreindre une règle du tableau.")
    cibles = [Cible(candidat.participant.professionnel_id, {"gardes": candidat.gardes}) for candidat in possibles]
    delai = min(max(left / 4, DELAI_MIN), DELAI_MAX)
    try:
        asked = solicit(genre=GENRE, objet=poste, vagues=cut_vagues(cibles, PAR_VAGUE), delai=delai, by=by)
    except SollicitationRefusee as refus:
        raise ActionRefusee(str(refus)) from refus
    journal.record("gardes.volontaires_appeles", poste, by=by, nombre=len(asked))
    return len(asked)


def find_disponibles(poste: Poste, professionnel_ids: Collection[UUID]) -> set[UUID]:
    """Those who may still take it when their wave comes; nobody once it is filled."""
    if poste.gardes.vivantes().count() >= poste.nombre:
        return set()
    return {
        candidat.participant.professionnel_id
        for candidat in list_candidats(poste)
        if not (candidat.raisons or candidat.cedee) and candidat.participant.professionnel_id in professionnel_ids
    }


def follow_appel(
    fait: FaitSollicitation, poste: Poste, appel: Appel, sollicitation: Sollicitation | None, by: Acteur
) -> None:
    """The first yes is on duty: the call is over."""
    if fait == FaitSollicitation.ACCEPTEE and sollicitation is not None:
        participant = Participant.objects.get(tableau=poste.tableau, professionnel=sollicitation.professionnel_id)
        if raisons := check_regles(poste.tableau, participant, poste):
            raise SollicitationRefusee(f"Vous ne pouvez plus prendre cette garde\u00a0: {raisons}.")
        try:
            garde = write_garde(poste.tableau, poste, participant, origine=OrigineGarde.VOLONTAIRE)
        except ActionRefusee as refus:
            raise SollicitationRefusee(str(refus)) from refus
        journal.record("gardes.volontaire_trouve", garde, by=by)
        settle(genre=GENRE, objet=poste, by=by)
    elif fait == FaitSollicitation.EPUISE:
        journal.record("gardes.volontaires_epuises", poste, by=by)
