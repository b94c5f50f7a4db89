"""Every page of the room opens whatever the contract: first or last day, 29 February, terminated, total only, draft."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from fabriques.droits import enter, make_agent, make_cpts, make_membre
from fabriques.pilotage import DonneesContratFabrique
from maillon.pilotage.budget.services import record_solde
from maillon.pilotage.contrats.donnees import DonneesMission
from maillon.pilotage.contrats.enums import EtatContrat, StatutMission
from maillon.pilotage.contrats.releves import refresh_releve
from maillon.pilotage.contrats.services import create_contrat, renew_contrat, terminate_contrat
from maillon.pilotage.cycle.services import refresh_suivi
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role, RoleTerritorial
from maillon.socle.horloge import at, today

PAGES = (
    "pilotage:annee", "pilotage:contrat", "pilotage:indicateurs", "pilotage:catalogue", "pilotage:coherence",
    "pilotage:justificatifs", "pilotage:manquants", "pilotage:documents_valeurs", "pilotage:versements",
    "pilotage:fin", "pilotage:nouvel_avenant", "arretes:arretes", "arretes:nouveau", "budget:accueil",
    "budget:previsionnel", "budget:operations", "budget:soldes", "cycle:vie", "dialogues:liste", "dialogues:ouvrir",
    "dossiers:dossiers", "dossiers:tableau", "importations:importations", "simulations:contrat",
)  # fmt: skip
TERRITOIRE = (
    "portefeuille:contrats", "portefeuille:comparer", "cycle:territoire", "dialogues:territoire", "dossiers:territoire",
)  # fmt: skip


def sign(cpts, signe_le: date, **donnees):
    return create_contrat(cpts_id=cpts.pk, donnees=DonneesContratFabrique(signe_le=signe_le, **donnees), by=SYSTEME)


def terminated(cpts):
    contrat = sign(cpts, date(2023, 12, 22))
    terminate_contrat(contrat=contrat, le=date(2026, 4, 1), by=SYSTEME)


def terminated_on_its_anniversary(cpts):
    contrat = sign(cpts, date(2023, 11, 24))
    terminate_contrat(contrat=contrat, le=date(2026, 11, 24), by=SYSTEME)


def not_started(cpts):
    sign(cpts, date(2026, 1, 5), missions=[DonneesMission(code="acces", statut=StatutMission.PREVUE)], indicateurs=[])


def known_by_its_total(cpts):
    sign(cpts, date(2022, 7, 1), plafond_publie=Decimal(210_000), missions=[], indicateurs=[], population=60_000)


def to_come(cpts):
    create_contrat(
        cpts_id=cpts.pk,
        donnees=DonneesContratFabrique(signe_le=date(2027, 1, 4)),
        by=SYSTEME,
        etat=EtatContrat.BROUILLON,
    )


SITUATIONS = {
    "none": lambda cpts: None,
    "first day": lambda cpts: sign(cpts, date(2026, 11, 24)),
    "last day": lambda cpts: sign(cpts, date(2021, 11, 25), bareme_le=date(2022, 4, 1)),
    "over since today": lambda cpts: sign(cpts, date(2021, 11, 24), bareme_le=date(2022, 4, 1)),
    "29 February": lambda cpts: sign(cpts, date(2024, 2, 29)),
    "terminated": terminated,
    "terminated on its anniversary": terminated_on_its_anniversary,
    "renewed": lambda cpts: renew_contrat(contrat=sign(cpts, date(2023, 12, 22)), by=SYSTEME),
    "not started": not_started,
    "total only": known_by_its_total,
    "to come": to_come,
}


@pytest.mark.django_db
@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_page_opens(situation) -> None:
    cpts = make_cpts()
    with at(datetime(2026, 11, 24, 12, tzinfo=UTC)):
        with use_cpts(cpts.pk):
            SITUATIONS[situation](cpts)
            record_solde(cpts_id=cpts.pk, le=today(), montant=Decimal(1000), source="relevé", by=SYSTEME)
            refresh_releve(cpts_id=cpts.pk)
            refresh_suivi(cpts_id=cpts.pk)
        client = enter(Client(), make_membre(cpts, Role.COORDINATION).compte)
        for nom in PAGES:
            attendus = (404,) if (situation, nom) == ("none", "dossiers:tableau") else (200, 302)
            assert client.get(reverse(nom, args=[cpts.slug])).status_code in attendus, nom
        agent = enter(Client(), make_agent(RoleTerritorial.CPAM).compte)
        for nom in TERRITOIRE:
            assert agent.get(reverse(nom)).status_code == 200, nom
