"""Unscheduled care of one week, whose Wednesday noon is now, for figures worked out by hand."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from fabriques.medecin_traitant import Guichet
from fabriques.patients import make_patient
from fabriques.soins import Pro, make_creneau, make_plage, make_pro
from maillon.communaute.annuaire.enums import Profession
from maillon.communaute.sollicitations.enums import EtatAppel, EtatSollicitation
from maillon.communaute.sollicitations.models import Appel, Sollicitation
from maillon.missions.soins_non_programmes.declarations import INDICATEURS
from maillon.missions.soins_non_programmes.enums import (
    EtatDemande,
    EtatRendezVous,
    MotifAnnulation,
    Origine,
    Reponse,
)
from maillon.missions.soins_non_programmes.models import (
    GENRE,
    Creneau,
    DemandeSoin,
    RendezVous,
)
from maillon.missions.soins_non_programmes.selectors.periodes import Periode
from maillon.pilotage.contrats.actes import measure

PARIS = ZoneInfo("Europe/Paris")
# A Wednesday at noon; its week is the last one of the period.
MAINTENANT = datetime(2026, 3, 11, 12, tzinfo=PARIS)
LUNDI, MARDI, JEUDI = date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 12)
SEMAINE = Periode(LUNDI, LUNDI + timedelta(days=7))
_numeros = count(1)


def at(jour: date, heure: int, minute: int = 0) -> datetime:
    return datetime(jour.year, jour.month, jour.day, heure, minute, tzinfo=PARIS).astimezone(UTC)


def slot(soins: Guichet, pro: Pro, debut: datetime, minutes: int = 60, **champs) -> Creneau:
    return make_creneau(soins, pro, debut=debut, minutes=minutes, **champs)


def give(soins: Guichet, creneau: Creneau, etat: EtatRendezVous, **champs) -> RendezVous:
    """A booking in this state, taken at 10 o'clock unless told."""
    numero = next(_numeros)
    annule = etat == EtatRendezVous.ANNULE
    valeurs = {
        "pris_le": at(creneau.debut.date(), 10),
        "confirme_le": at(creneau.debut.date(), 10),
        "annule_le": at(creneau.debut.date(), 11) if annule else None,
        "motif_annulation": MotifAnnulation.PATIENT if annule else "",
        "origine": Origine.PHARMACIE,
        **champs,
    }
    return RendezVous.objects.create(
        cpts=soins.cpts,
        creneau=creneau,
        etat=etat,
        patient=make_patient(soins.cpts),
        cle_depot=f"rdv-{numero}",
        **valeurs,
    )


def ask(soins: Guichet, depot: datetime, minutes: int | None, **champs) -> DemandeSoin:
    """A request filed at this moment, answered so many minutes later (None: not answered)."""
    numero = next(_numeros)
    repondu = {
        "etat": EtatDemande.ORIENTEE,
        "reponse": Reponse.ACCUEIL,
        "repondue_le": depot + timedelta(minutes=minutes or 0),
    }
    valeurs = {
        "profession": Profession.MEDECIN,
        "origine": Origine.PHARMACIE,
        "prochaine_le": depot + timedelta(hours=1),
        **(repondu if minutes is not None else {}),
        **champs,
    }
    return DemandeSoin.objects.create(
        cpts=soins.cpts,
        reference=f"S{numero}",
        patient=make_patient(soins.cpts),
        commune=soins.saint_etienne,
        avant_le=depot + timedelta(hours=24),
        deposee_le=depot,
        cle_depot=f"demande-{numero}",
        **valeurs,
    )


def keep_promise(soins: Guichet, *, sauf: tuple[tuple[date, str], ...] = ()) -> dict[str, Pro]:
    """A doctor, a physiotherapist and a nurse every afternoon of the two weeks ahead, but for some."""
    pros = {
        Profession.MEDECIN: make_pro(soins, generaliste=True),
        Profession.MASSEUR_KINESITHERAPEUTE: make_pro(soins, profession=Profession.MASSEUR_KINESITHERAPEUTE),
        Profession.INFIRMIER: make_pro(soins),
    }
    make_plage(soins, pros[Profession.MEDECIN])
    for rang in range(15):
        jour = MAINTENANT.date() + timedelta(days=rang)
        for profession, pro in pros.items():
            if jour.weekday() < 5 and (jour, profession) not in sauf:
                slot(soins, pro, at(jour, 14), 360)
    return pros


def solicit(soins: Guichet, pro: Pro, etat: EtatSollicitation, motif: str = "") -> None:
    appel = Appel.objects.create(
        cpts=soins.cpts,
        genre=GENRE,
        objet_id=ask(soins, at(LUNDI, 9), 5).pk,
        etat=EtatAppel.CLOS,
        delai=timedelta(minutes=10),
        ouvert_le=at(LUNDI, 9),
        clos_le=at(LUNDI, 10),
    )
    Sollicitation.objects.create(
        cpts=soins.cpts,
        appel=appel,
        professionnel=pro.professionnel,
        vague=1,
        rang=1,
        etat=etat,
        motif_refus=motif,
        envoyee_le=at(LUNDI, 9),
        expire_le=at(LUNDI, 10),
        repondue_le=at(LUNDI, 9, 5) if etat != EtatSollicitation.EXPIREE else None,
    )


def figure(soins: Guichet, code: str, debut: date = LUNDI, fin: date = JEUDI):
    """The figure of the contract, as steering measures it."""
    declare = next(d for d in INDICATEURS if d.code == f"soins_non_programmes.{code}")
    return measure(declare, declare.rows(soins.cpts.pk, debut, fin))
