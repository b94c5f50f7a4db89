"""Doctors: how to write to them, what they offer, and which ones suit a request."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from maillon.communaute.annuaire.models import Activite, Professionnel
from maillon.communaute.sollicitations.selectors import find_courriels
from maillon.regles.appariement import Exclusion, Obstacle, Trajet, load_reglages, rank
from maillon.socle.horloge import today
from maillon.socle.ui.typographie import compter

from ..models import Capacite, Demande
from .appariement import read_offre, read_patients
from .reponses import read_declines, read_deja

MANQUE = Obstacle.BESOIN | Obstacle.LANGUE


def get_courriel_medecin(professionnel: Professionnel, *, cpts_id: UUID) -> str:
    """Where to write to a doctor; empty when no address is known."""
    return find_courriels([professionnel.pk], cpts_id=cpts_id).get(professionnel.pk, "")


def get_capacite(*, cpts_id: UUID, professionnel: Professionnel) -> Capacite | None:
    """What this doctor offers in this community, with `restantes`."""
    return Capacite.objects.with_restantes().filter(cpts_id=cpts_id, professionnel=professionnel).first()


@dataclass(frozen=True, slots=True)
class Candidat:
    """A doctor to whom a request may be proposed, and why at this place of the list."""

    professionnel: Professionnel
    restantes: int
    lieu: str
    km: float | None
    minutes: float | None
    reserves: tuple[str, ...]
    raison: str


def list_candidats(demande: Demande) -> list[Candidat]:
    """All the doctors to whom this request may be proposed; see `rank_candidats`."""
    return rank_candidats(demande)[0]


def rank_candidats(demande: Demande, *, limite: int | None = None) -> tuple[list[Candidat], int]:
    """Member doctors with a place left, present today, who neither have nor declined this request, by the rule:
    the person's own choice, the nearest, the least filled; then those whom something holds back. Whose answer is
    awaited for somebody else is shown with it: the desk may still ask. The first `limite` of them, and how many they
    are in all. Constant queries."""
    reglages = load_reglages(on=today())
    offre = read_offre(demande.cpts_id, reglages=reglages, promises=True)
    (patient,) = read_patients([demande], offre=offre, reglages=reglages)
    classement = rank(patient, offre.medecins, on=today(), reglages=reglages)
    declined = read_declines(demande.pk)
    gone = {str(pk) for pk in read_deja([demande.pk], patient=False).get(demande.pk, ())}
    held = [e for e in classement.exclus if e.medecin not in gone and Obstacle.COMPLET not in e.obstacles]
    # Somebody too far may still say yes; somebody who does not offer what is needed comes last.
    held.sort(key=lambda e: (bool(e.obstacles & MANQUE), e.obstacles.bit_count(), e.trajet.minutes))
    found: list[tuple[str, Trajet, tuple[str, ...]]] = [(c.medecin, c.trajet, ()) for c in classement.candidats]
    found += [(e.medecin, e.trajet, _say_reserves(e, declined=UUID(e.medecin) in declined)) for e in held]
    places = {medecin.cle: medecin.places for medecin in offre.medecins}
    shown = found[:limite]
    people = Professionnel.objects.in_bulk([UUID(cle) for cle, _, _ in shown])
    lieux = _name_lieux(demande, list(people))
    return [
        _candidat(
            people[UUID(cle)],
            (places[cle], offre.attendues.get(cle, 0)),
            lieux.get(UUID(cle), "lieu inconnu"),
            trajet,
            reserves,
            demande,
        )
        for cle, trajet, reserves in shown
    ], len(found)


def _say_reserves(exclu: Exclusion, *, declined: bool) -> tuple[str, ...]:
    """What holds a doctor back, as the end of a sentence."""
    said = ["la personne lui a dit non"] if declined else []
    rule = exclu.raisons
    if Obstacle.EXCLU in exclu.obstacles:
        rule = tuple(raison for raison in rule if not raison.startswith("A refusé"))
        if not declined:
            said.append("ses refus récents disent qu’il n’ira pas si loin, ou ne parle pas cette langue")
    return (*said, *(f"{raison[0].lower()}{raison[1:].rstrip('.')}" for raison in rule))


def _name_lieux(demande: Demande, professionnels: Sequence[UUID]) -> dict[UUID, str]:
    """The commune where each works: the person's own when it is one of them. One query."""
    names: dict[UUID, str] = {}
    home = demande.patient.commune_id
    activites = Activite.objects.filter(professionnel__in=professionnels).select_related("commune").order_by("id")
    for activite in activites.only("professionnel_id", "commune__nom"):
        if activite.professionnel_id not in names or activite.commune_id == home:
            names[activite.professionnel_id] = activite.commune.nom
    return names


def _candidat(
    medecin: Professionnel,
    places: tuple[int, int],
    lieu: str,
    trajet: Trajet,
    reserves: tuple[str, ...],
    demande: Demande,
) -> Candidat:
    free, attendues = places
    awaited = [f"réponse déjà attendue pour {compter(attendues, 'personne', 'personnes')}"] if attendues else []
    where = "même commune" if lieu == demande.patient.commune.nom else trajet.phrase
    raison = " ; ".join([compter(free, "place libre", "places libres"), *awaited, where, *reserves])
    return Candidat(medecin, free, lieu, trajet.km, trajet.minutes, reserves, raison)
