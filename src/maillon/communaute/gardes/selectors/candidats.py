"""Who could take a shift, and why not the others."""

from dataclasses import dataclass

from ..enums import EtatGarde
from ..models import Garde, Participant, Poste
from .empechements import Registre, list_empechements
from .probleme import build_probleme, list_affectations


@dataclass(frozen=True, slots=True)
class Candidat:
    """A participant of the profession: how many duties they hold in the roster, the rules that they would break, and
    whether they had this duty and gave it up."""

    participant: Participant
    gardes: int
    raisons: tuple[str, ...]
    souhaite: bool = False
    evite: bool = False
    cedee: bool = False


def list_candidats(poste: Poste) -> list[Candidat]:
    """Everybody of the profession who is not on it, first those who may and hold the fewest; constant queries."""
    tableau = poste.tableau
    registre = Registre.build(build_probleme(tableau), list_affectations(tableau))
    there = set(Garde.objects.vivantes().filter(poste=poste).values_list("participant", flat=True))
    left = set(
        Garde.objects.filter(poste=poste, etat=EtatGarde.RETIREE, remplacee_par=None).values_list(
            "participant", flat=True
        )
    )
    people = tableau.participants.filter(professionnel__profession=poste.profession)
    voeux = {
        souhait.personne: souhait.signe
        for souhait in registre.probleme.souhaits
        if souhait.jour == registre.probleme.jour(registre.probleme.par_poste[str(poste.pk)])
    }
    found = [
        Candidat(
            participant,
            registre.count_gardes(participant.pk),
            list_empechements(registre, participant.pk, poste.pk),
            souhaite=voeux.get(str(participant.pk), 0) > 0,
            evite=voeux.get(str(participant.pk), 0) < 0,
            cedee=participant.pk in left,
        )
        for participant in people.select_related("personne", "professionnel")
        if participant.pk not in there
    ]
    return sorted(
        found,
        key=lambda c: (
            bool(c.raisons),
            c.cedee,
            c.evite,
            not c.souhaite,
            c.gardes * 100 / c.participant.part,
            str(c.participant),
        ),
    )
