"""The census of the demonstration: what each doctor said, a campaign under way, helps, departures and an arrival.

Every number and name is invented.
"""

from datetime import date, datetime, timedelta

from maillon.communaute.annuaire.models import Professionnel
from maillon.missions.medecin_traitant import services as guichet
from maillon.missions.medecin_traitant.enums import Langue
from maillon.missions.medecin_traitant.enums_places import (
    Appel,
    Certitude,
    GenreMouvement,
    NatureRenfort,
    StatutRenfort,
)
from maillon.missions.medecin_traitant.models import Capacite, DestinataireRecensement
from maillon.missions.medecin_traitant.selectors.recensement import list_a_interroger
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.droits.enums import Genre
from maillon.socle.horloge import today

from .communautes import Communaute

MOIS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre")
TITRES = (*MOIS, "novembre", "décembre")


def take_census(communaute: Communaute, *, now: datetime) -> None:
    """A campaign launched nine days ago, one reminder gone; three helps, two departures and one arrival ahead."""
    cpts_id = communaute.cpts.pk
    with use_cpts(cpts_id):
        launched = now - timedelta(days=9)
        with horloge.at(launched):
            campagne = guichet.launch_campagne(
                cpts_id=cpts_id,
                titre=f"Recensement de {TITRES[launched.month - 1]}".replace("de a", "d’a").replace("de o", "d’o"),
                echeance=today() + timedelta(days=16),
                rappels=[today() + timedelta(days=6), today() + timedelta(days=12)],
                avec_non_membres=False,
                by=SYSTEME,
            )
            guichet.send_campagne(cpts_id=cpts_id, campagne_id=campagne.pk)
        medecins = list(list_a_interroger(cpts_id, avec_non_membres=False))
        answers = [medecin for rang, medecin in enumerate(medecins) if rang % 3 != 2]
        for rang, medecin in enumerate(answers):
            with horloge.at(launched + timedelta(days=rang % 8, hours=3 + rang % 7)):
                _answer(communaute, medecin, rang)
        with horloge.at(launched + timedelta(days=6, hours=1)):
            guichet.remind_campagne(cpts_id=cpts_id)
        waiting = DestinataireRecensement.objects.filter(campagne=campagne).sans_reponse().order_by("pk")
        for destinataire, appel in zip(waiting[:3], (Appel.ABSENT, Appel.RAPPELER, Appel.DECLINE), strict=False):
            guichet.record_appel_recensement(destinataire_id=destinataire.pk, appel=appel, by=SYSTEME)
        _help_and_move(communaute, communaute.medecins[8:], on=now.date())


def _answer(communaute: Communaute, medecin: Professionnel, rang: int) -> None:
    """By the link received: most say that nothing changed, some say what does."""
    cpts_id = communaute.cpts.pk
    lien = Acteur(genre=Genre.LIEN, cpts_id=cpts_id)
    known = Capacite.objects.filter(cpts=cpts_id, professionnel=medecin).with_restantes().first()
    if known and rang % 2:
        guichet.confirm_capacite(cpts_id=cpts_id, professionnel=medecin, by=lien)
        return
    soon = rang % 5 == 0
    guichet.update_capacite(
        cpts_id=cpts_id,
        professionnel=medecin,
        places=known.restantes if known else rang % 3,
        accepte_enfants=rang % 4 != 1,
        accepte_ald=True,
        accepte_adultes=rang % 6 != 3,
        accepte_visites=known.accepte_visites if known else rang % 3 == 0,
        places_prevues=4 + rang % 9 if soon else 0,
        prevues_des=today() + timedelta(days=70 + 5 * rang) if soon else None,
        secteur=("1", "1", "1", "2o")[rang % 4],
        langues=[Langue.ANGLAIS, Langue.ARABE][: rang % 3],
        acces_pmr=rang % 5 != 4,
        by=lien,
    )


def _help_and_move(communaute: Communaute, medecins: list[Professionnel], *, on: date) -> None:
    cpts_id = communaute.cpts.pk
    renforts = (
        guichet.SaisieRenfort(
            nature=NatureRenfort.ASSISTANT,
            intitule="Assistante médicale, cabinet des Ursules (fictif)",
            depuis=on - timedelta(days=240),
            numero="AM-2026-014",
            patients=230,
            source="contrat signé par le cabinet (fictif)",
            statut=StatutRenfort.DECLARE,
        ),
        guichet.SaisieRenfort(
            nature=NatureRenfort.IPA,
            intitule="Infirmière en pratique avancée, maison de santé (fictive)",
            depuis=on - timedelta(days=120),
            patients=150,
            source="estimation de la maison de santé (fictive)",
        ),
        guichet.SaisieRenfort(
            nature=NatureRenfort.PROTOCOLE,
            protocole="odynophagie",
            depuis=on - timedelta(days=60),
            numero="PC-2026-007",
            patients=40,
            source="pharmacies et cabinets engagés (fictif)",
        ),
    )
    for rang, saisie in enumerate(renforts):
        guichet.record_renfort(cpts_id=cpts_id, saisie=saisie, medecins=medecins[rang : rang + 2], by=SYSTEME)
    mouvements = (
        guichet.SaisieMouvement(
            genre=GenreMouvement.RETRAITE,
            le=on + timedelta(days=40),
            certitude=Certitude.CERTAIN,
            professionnel_id=medecins[0].pk,
            patients=1100,
            patients_ald=260,
            patients_plus_70=310,
            source="annoncé à ses patients (fictif)",
        ),
        guichet.SaisieMouvement(
            genre=GenreMouvement.DEPART,
            le=on + timedelta(days=130),
            certitude=Certitude.POSSIBLE,
            professionnel_id=medecins[1].pk,
            patients=800,
            source="dit en réunion (fictif)",
        ),
        guichet.SaisieMouvement(
            genre=GenreMouvement.INSTALLATION,
            le=on + timedelta(days=75),
            intitule="Une médecin, maison de santé (fictive)",
            commune_id=communaute.communes[0].pk,
            places=800,
            source="projet d’installation suivi avec la mairie (fictif)",
        ),
    )
    for mouvement in mouvements:
        guichet.record_mouvement(cpts_id=cpts_id, saisie=mouvement, by=SYSTEME)
