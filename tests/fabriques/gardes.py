"""Rosters: call inside `use_cpts`."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.gardes.enums import EtatGarde, EtatTableau, GenrePoste
from maillon.communaute.gardes.models import Garde, Participant, Poste, Tableau
from maillon.communaute.personnes.models import Personne
from maillon.socle.cpts.models import Cpts
from maillon.socle.horloge import now, today

from .annuaire import ProfessionnelFabrique
from .personnes import PersonneFabrique

PARIS = ZoneInfo("Europe/Paris")


def make_tableau(cpts: Cpts, *, etat: EtatTableau = EtatTableau.BROUILLON, **champs: Any) -> Tableau:
    """Four weeks of nurses from tomorrow, two duties a week at most, twelve hours between two."""
    debut = champs.pop("debut", today() + timedelta(days=1))
    values: dict[str, Any] = {
        "nom": "Gardes d’essai",
        "debut": debut,
        "fin": debut + timedelta(days=27),
        "professions": ["60"],
        "publie_le": now() if etat in (EtatTableau.PUBLIE, EtatTableau.CLOS) else None,
        "clos_le": now() if etat == EtatTableau.CLOS else None,
        "voeux_avant": today() + timedelta(days=5) if etat == EtatTableau.VOEUX else None,
    }
    return Tableau.objects.create(cpts=cpts, etat=etat, **{**values, **champs})


def make_poste(tableau: Tableau, jour: date | None = None, *, de: int = 14, a: int = 20, **champs: Any) -> Poste:
    """An afternoon of nurses, the third day of the roster unless told."""
    jour = jour or tableau.debut + timedelta(days=2)
    genres = {6: GenrePoste.SAMEDI, 7: GenrePoste.DIMANCHE}
    values: dict[str, Any] = {
        "profession": "60",
        "debut": datetime.combine(jour, time(de), PARIS),
        "fin": datetime.combine(jour, time(a), PARIS),
        "genre": genres.get(jour.isoweekday(), GenrePoste.SEMAINE),
    }
    return Poste.objects.create(cpts_id=tableau.cpts_id, tableau=tableau, jour=jour, **{**values, **champs})


def make_participant(
    tableau: Tableau,
    *,
    professionnel: Professionnel | None = None,
    personne: Personne | None = None,
    **champs: Any,
) -> Participant:
    """A nurse of the directory whom the community knows."""
    professionnel = professionnel or ProfessionnelFabrique()
    if personne is None:
        personne = Personne.objects.filter(cpts_id=tableau.cpts_id, professionnel=professionnel).first()
    if personne is None:
        personne = PersonneFabrique(cpts=tableau.cpts, professionnel=professionnel, nom=professionnel.nom)
    return Participant.objects.create(
        cpts_id=tableau.cpts_id, tableau=tableau, personne=personne, professionnel=professionnel, **champs
    )


def make_garde(poste: Poste, participant: Participant, *, etat: EtatGarde = EtatGarde.PUBLIEE, **champs: Any) -> Garde:
    """This person on this shift, official."""
    return Garde.objects.create(
        cpts_id=poste.cpts_id,
        tableau_id=poste.tableau_id,
        poste=poste,
        participant=participant,
        professionnel_id=participant.professionnel_id,
        debut=poste.debut,
        fin=poste.fin,
        etat=etat,
        publiee_le=None if etat == EtatGarde.PROJET else now(),
        constatee_le=now() if etat in (EtatGarde.TENUE, EtatGarde.NON_TENUE) else None,
        **champs,
    )
