"""The census of doctors' places: call inside `use_cpts(cpts.pk)`."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

from fabriques.medecin_traitant import Guichet, make_medecin
from maillon.communaute.annuaire.models import Professionnel
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums_places import GenreMouvement, NatureRenfort
from maillon.missions.medecin_traitant.models import CampagneRecensement, Capacite, Mouvement, Renfort
from maillon.socle import horloge
from maillon.socle.courriels.models import Etat as EtatCourriel
from maillon.socle.courriels.models import Message
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.droits.enums import Genre
from maillon.socle.horloge import today

LUNDI = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def make_campagne(guichet: Guichet, *, sent: bool = True, **champs: Any) -> CampagneRecensement:
    """A campaign launched today: two weeks, reminders on the 5th and 10th day; its first mails are written."""
    on = today()
    campagne = services.launch_campagne(
        cpts_id=guichet.cpts.pk,
        titre=champs.pop("titre", "Recensement d’essai"),
        echeance=champs.pop("echeance", on + timedelta(days=14)),
        rappels=champs.pop("rappels", [on + timedelta(days=5), on + timedelta(days=10)]),
        avec_non_membres=champs.pop("avec_non_membres", False),
        by=guichet.acteur,
    )
    if sent:
        services.send_campagne(cpts_id=guichet.cpts.pk, campagne_id=campagne.pk)
    return campagne


def make_renfort(guichet: Guichet, **champs: Any) -> Renfort:
    defauts = {"nature": NatureRenfort.ASSISTANT, "depuis": today(), "intitule": "Cabinet d’essai"}
    medecins = champs.pop("medecins", [])
    saisie = services.SaisieRenfort(**{**defauts, **champs})
    return services.record_renfort(cpts_id=guichet.cpts.pk, saisie=saisie, medecins=medecins, by=guichet.acteur)


def make_depart(guichet: Guichet, medecin: Professionnel | None = None, *, days: int = 30, **champs: Any) -> Mouvement:
    """A departure announced in `days` days."""
    medecin = medecin or make_medecin(guichet)
    saisie = services.SaisieMouvement(
        genre=GenreMouvement.RETRAITE, le=today() + timedelta(days=days), professionnel_id=medecin.pk, **champs
    )
    return services.record_mouvement(cpts_id=guichet.cpts.pk, saisie=saisie, by=guichet.acteur)


def make_arrivee(guichet: Guichet, *, days: int = 30, **champs: Any) -> Mouvement:
    saisie = services.SaisieMouvement(
        genre=GenreMouvement.INSTALLATION,
        le=today() + timedelta(days=days),
        **{"intitule": "Un cabinet d’essai", **champs},
    )
    return services.record_mouvement(cpts_id=guichet.cpts.pk, saisie=saisie, by=guichet.acteur)


def make_porteur(guichet: Guichet) -> Acteur:
    """The bearer of a doctor's link."""
    return Acteur(genre=Genre.LIEN, cpts_id=guichet.cpts.pk)


def after(days: float) -> AbstractContextManager[None]:
    """The clock of the block is so many days after the Monday of the census."""
    return horloge.at(LUNDI + timedelta(days=days))


def offer(guichet: Guichet, medecin: Any, places: int, *, by: Acteur = SYSTEME, **champs: Any) -> Any:
    return services.update_capacite(cpts_id=guichet.cpts.pk, professionnel=medecin, places=places, by=by, **champs)


def restantes(medecin: Any) -> int:
    return Capacite.objects.with_restantes().get(professionnel=medecin).restantes


def plain(texte: str) -> str:
    """The same with ordinary spaces."""
    return texte.replace("\u202f", " ").replace("\u00a0", " ")


def mails(gabarit: str) -> int:
    """How many mails of this template are to leave, or have left."""
    return Message.objects.filter(gabarit__endswith=gabarit).exclude(etat=EtatCourriel.ANNULE).count()
