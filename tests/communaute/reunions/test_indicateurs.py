"""How a meeting counts: in the indicator to which it is attached, with its evidence, and in what pay collects.

Expected values are counted by hand from the meetings of the fixture.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from fabriques.droits import enter, make_cpts, make_membre
from fabriques.personnes import PersonneFabrique
from fabriques.pilotage import DonneesContratFabrique, DonneesIndicateurFabrique, palier
from fabriques.reunions import ParticipationFabrique, ReunionFabrique
from maillon.communaute.reunions.enums import Etat, PreuvePresence
from maillon.communaute.reunions.indicateurs import list_payables
from maillon.communaute.reunions.services import cloture, presences
from maillon.pilotage.contrats.annee import compute_annee
from maillon.pilotage.contrats.declarations import list_cibles
from maillon.pilotage.contrats.enums import Nature
from maillon.pilotage.contrats.models import ReleveActe
from maillon.pilotage.contrats.releves import refresh_releve
from maillon.pilotage.contrats.saisie.indicateurs import propose_declare
from maillon.pilotage.contrats.services import complete_fiche, create_contrat
from maillon.socle.contexte import use_cpts
from maillon.socle.declarations import collect
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.horloge import at, today

# Year 3 of a contract signed on 22/12/2023 runs from 22/12/2025.
MAINTENANT = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _horloge(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    with at(MAINTENANT):
        yield


@pytest.fixture
def cpts(db):
    return make_cpts()


@pytest.fixture
def contrat(cpts):
    """An indicator counts meetings, another people, a third hours; a fourth is told by hand."""
    definitions = [
        DonneesIndicateurFabrique(
            code=code,
            libelle=f"Indicateur {code}",
            nature=Nature.COMPTE,
            sens="hausse",
            code_declare=declare,
            paliers=[palier(seuil, montant)],
        )
        for code, declare, seuil, montant in (
            ("soirees", "reunions.tenues", 2, 10000),
            ("venus", "reunions.personnes", 3, 10000),
            ("heures", "reunions.heures", 8, 10000),
            ("libre", "", 1, 5000),
        )
    ]
    with use_cpts(cpts.pk):
        yield create_contrat(cpts_id=cpts.pk, donnees=DonneesContratFabrique(indicateurs=definitions), by=SYSTEME)


def hold(cpts, indicateur: str, jours: int, gens, *, close: bool = True):
    """A meeting of two hours, that many days ago, at which these people were."""
    debut = MAINTENANT - timedelta(days=jours)
    with at(debut + timedelta(hours=1)):
        reunion = ReunionFabrique(cpts=cpts, etat=Etat.CONVOQUEE, debut=debut, indicateur=indicateur, mission="acces")
        for personne in gens:
            ligne = ParticipationFabrique(cpts=cpts, reunion=reunion, personne=personne)
            presences.record_presence(participation=ligne, preuve=PreuvePresence.QR, by=SYSTEME)
        return cloture.close_reunion(reunion=reunion, by=SYSTEME) if close else reunion


def value(contrat, code: str) -> Decimal | None:
    annee = compute_annee(contrat, today())
    return next(ligne for ligne in annee.indicateurs if ligne.indicateur.code == code).prevision.valeur


def test_meetings_count_where_they_are_attached(cpts, contrat):
    a, b, c = (PersonneFabrique(cpts=cpts) for _ in range(3))
    premiere = hold(cpts, "soirees", 40, [a, b])
    hold(cpts, "soirees", 20, [a, c])
    hold(cpts, "soirees", 500, [a])  # in year 2
    hold(cpts, "libre", 10, [a])  # attached elsewhere
    hold(cpts, "soirees", 5, [b], close=False)  # not closed
    assert value(contrat, "soirees") == 2
    hold(cpts, "venus", 30, [a, b])
    hold(cpts, "venus", 15, [b, c])
    assert value(contrat, "venus") == 3  # a, b, c: each once
    tardive = hold(cpts, "heures", 12, [a, b])
    ligne = tardive.participations.get(personne=b)
    depart = tardive.debut + timedelta(minutes=90)
    presences.record_heures(participation=ligne, arrivee=None, depart=depart, by=SYSTEME)
    assert value(contrat, "heures") == Decimal("3.50")  # 2 h and 1 h 30
    refresh_releve(cpts_id=cpts.pk)
    soirees = contrat.indicateurs.get(code="soirees")
    actes = ReleveActe.objects.filter(indicateur_id=soirees.pk, compte=True).order_by("le")
    assert [acte.le for acte in actes] == [premiere.debut.date(), premiere.debut.date() + timedelta(days=20)]
    assert all(acte.empreinte and acte.preuve == "Relevé des présences" for acte in actes)
    assert str(premiere.pk) not in str(list(actes.values()))


def test_the_figure_opens_onto_the_meeting(cpts, contrat, client):
    reunion = hold(cpts, "soirees", 20, [PersonneFabrique(cpts=cpts)])
    refresh_releve(cpts_id=cpts.pk)
    enter(client, make_membre(cpts, Role.COORDINATION).compte)
    indicateur = contrat.indicateurs.get(code="soirees")
    page = client.get(reverse("pilotage:indicateur", args=[cpts.slug, indicateur.pk])).content.decode()
    assert str(reunion.pk) in page
    assert "Relevé des présences" in page
    assert "1 présent" in page.replace("\u00a0", " ")


def test_an_indicator_of_a_contract_under_way_starts_to_count(cpts, contrat, client):
    hold(cpts, "libre", 20, [PersonneFabrique(cpts=cpts)])
    libre = contrat.indicateurs.get(code="libre")
    assert value(contrat, "libre") is None
    enter(client, make_membre(cpts, Role.COORDINATION).compte)
    fiche = reverse("pilotage:fiche", args=[cpts.slug, libre.pk])
    assert "Réunions tenues" in client.get(fiche).content.decode()
    client.post(fiche, {"periodicite": "annuelle", "code_declare": "reunions.tenues"})
    assert value(contrat, "libre") == 1
    with pytest.raises(Exception, match="ne connaît pas"):
        complete_fiche(
            indicateur=libre, definition="", preuve_demandee="", periodicite="annuelle", code_declare="x.y", by=SYSTEME
        )


@pytest.mark.parametrize(
    ("libelle", "code"),
    [
        ("Nombre de réunions pluriprofessionnelles", "reunions.tenues"),
        ("Cercles de qualité réunissant au moins 15 participants", "reunions.tenues"),
        ("Professionnels ayant participé à une réunion", "reunions.personnes"),
        ("Heures de réunion", "reunions.heures"),
        ("Dépistage du cancer du sein", ""),
    ],
)
def test_a_label_that_speaks_of_meetings_is_proposed(libelle, code):
    assert propose_declare("qualite", libelle, collect("indicateurs")) == code


def test_targets_offered_to_meetings_and_actions(cpts, contrat):
    assert [(cible.code, cible.mission) for cible in list_cibles(cpts.pk)] == [
        (code, "acces") for code in ("soirees", "venus", "heures", "libre")
    ]


def test_what_pay_collects(cpts, contrat):
    a, b = PersonneFabrique(cpts=cpts), PersonneFabrique(cpts=cpts)
    reunion = hold(cpts, "soirees", 20, [a, b])
    ligne = reunion.participations.get(personne=b)
    arrivee = reunion.debut + timedelta(minutes=30)
    presences.record_heures(participation=ligne, arrivee=arrivee, depart=None, by=SYSTEME)
    payables = list_payables(cpts.pk, date(2026, 11, 1), date(2026, 12, 1))
    assert {(p.personne_id, p.heures, p.mission) for p in payables} == {
        (a.pk, Decimal("2.00"), "acces"),
        (b.pk, Decimal("1.50"), "acces"),
    }
    assert list_payables(cpts.pk, date(2026, 12, 1), date(2027, 1, 1)) == []
