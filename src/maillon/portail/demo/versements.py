"""The money of the demonstration: what arrived on the account, evaluations, an avenant. All of it is fictitious."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from maillon.pilotage.contrats.donnees import DonneesAvenant, DonneesMission
from maillon.pilotage.contrats.echeances import NATURES, compute_echeancier
from maillon.pilotage.contrats.enums import EtatContrat, GenreDecision, NatureVersement, StatutMission
from maillon.pilotage.contrats.models import Contrat
from maillon.pilotage.contrats.services import record_decision, record_versement, sign_avenant
from maillon.regles import aci
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME

LIBELLE = "virement fictif de démonstration"
DELAI = timedelta(days=12)  # between the date of the schedule and the transfer
DELAI_EVALUATION = timedelta(days=75)
PART_OBTENUE = Decimal("0.8")
MANQUANT = 4  # the rank, from the last, of the payment that has not come


def play_versements(contrat: Contrat, *, now: datetime) -> None:
    """Years evaluated, then transfers twelve days after each date of the schedule; one of them has not come."""
    with use_cpts(contrat.cpts_id), horloge.at(now):
        if contrat.etat != EtatContrat.ACTIF:
            return
        _sign_avenant(contrat, now.date())
        _evaluate(contrat, now.date())
        _receive(contrat, now.date())


def _sign_avenant(contrat: Contrat, on: date) -> None:
    """From the next anniversary, the mission *qualité* enters the contract: the current year stays as published."""
    jours = aci.compute_anniversaires(contrat.signe_le, on=contrat.bareme_le)
    effet = next((jour for jour in jours[1:-1] if jour > on), None)
    missions = {m.mission: m for m in contrat.missions.all()}
    if effet is None or aci.Mission.QUALITE in missions or len(missions) < len(aci.Mission) - 1:
        return
    presentes = [
        DonneesMission(code=m.mission, fixe=m.fixe, fixe_suivantes=m.fixe_suivantes, variable=m.variable)
        for m in missions.values()
    ]
    sign_avenant(
        contrat=contrat,
        donnees=DonneesAvenant(
            numero=1,
            signe_le=on - timedelta(days=10),
            effet_le=effet,
            objet="Entrée de la mission qualité et pertinence (avenant fictif)",
            missions=[*presentes, DonneesMission(code=aci.Mission.QUALITE.value, statut=StatutMission.PREVUE)],
            fonctionnement=contrat.fonctionnement,
        ),
        by=SYSTEME,
    )


def _evaluate(contrat: Contrat, on: date) -> None:
    suivi = compute_echeancier(contrat, on)
    for versement in suivi.echeancier.versements if suivi else ():
        if versement.nature is not aci.Nature.VARIABLE or versement.mission is None or suivi is None:
            continue
        le = suivi.echeancier.anniversaires[versement.annee_contrat] + DELAI_EVALUATION
        if le <= on:
            record_decision(
                contrat=contrat,
                genre=GenreDecision.EVALUATION,
                le=le,
                annee=versement.annee_contrat,
                mission=versement.mission.value,
                montant=round(versement.valeur * PART_OBTENUE, 2),
                by=SYSTEME,
            )


def _receive(contrat: Contrat, on: date) -> None:
    suivi = compute_echeancier(contrat, on)
    if suivi is None:
        return
    arrives = [v for v in suivi.echeancier.versements if v.certain and v.date and v.date + DELAI <= on and v.valeur > 0]
    for rang, versement in enumerate(arrives):
        if rang == len(arrives) - MANQUANT:
            continue
        assert versement.date is not None
        record_versement(
            contrat=contrat,
            le=versement.date + DELAI,
            montant=versement.valeur,
            annee=versement.annee_contrat,
            nature=NatureVersement(NATURES[versement.nature]),
            poste=versement.poste,
            libelle=LIBELLE,
            by=SYSTEME,
        )
