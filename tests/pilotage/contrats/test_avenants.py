"""An avenant changes the terms from its date of effect; the years before keep theirs."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from fabriques.pilotage import DonneesContratFabrique, DonneesIndicateurFabrique, palier
from maillon.pilotage.contrats.annee import compute_annee
from maillon.pilotage.contrats.donnees import DonneesAvenant, DonneesMission, Piece
from maillon.pilotage.contrats.enums import EtatContrat, StatutMission
from maillon.pilotage.contrats.models import Avenant, AvenantMission
from maillon.pilotage.contrats.releves import build_chiffres
from maillon.pilotage.contrats.services import create_contrat, sign_avenant, start_mission
from maillon.regles.erreurs import DefinitionContradictoire, ErreurRegle, SaisieInvalide
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.journal.models import Entree

from .test_services import committing, plain

# Signed on 22/12/2023: year 3 began on 22/12/2025; today is 24/11/2026.
ANNEE_3, ANNEE_4 = date(2025, 12, 22), date(2026, 12, 22)


@pytest.fixture
def contrat(dans_cpts):
    return create_contrat(cpts_id=dans_cpts.pk, donnees=DonneesContratFabrique(), by=SYSTEME)


def donnees(**options):
    """Size 4 from year 3: the envelope of accès aux soins goes from 35 000 to 45 000 €."""
    return DonneesAvenant(
        **(
            {
                "numero": 1,
                "signe_le": date(2025, 12, 1),
                "effet_le": ANNEE_3,
                "objet": "changement de taille",
                "taille": 4,
                "missions": [DonneesMission(code="acces")],
                "indicateurs": [DonneesIndicateurFabrique(code="plus", paliers=[palier(1, 10000)])],
            }
            | options
        )
    )


def sign(contrat, **options):
    with committing():
        return sign_avenant(contrat=contrat, donnees=donnees(**options), by=SYSTEME)


def test_past_years_keep_their_terms_and_the_current_one_takes_the_new(contrat):
    sign(contrat)
    avant = compute_annee(contrat, date(2026, 11, 24), numero=2)
    assert avant.plafond.total.valeur == 75_000 + 90_000 + 35_000
    assert avant.termes.porteur == contrat
    assert {ligne.indicateur.code for ligne in avant.indicateurs} == {"ald", "annuaire"}
    assert avant.variable == 35_000
    courante = compute_annee(contrat, date(2026, 11, 24))
    assert courante.annee.numero == 3
    assert courante.plafond.total.valeur == 90_000 + 110_000 + 45_000
    assert courante.fonctionnement.valeur == 90_000
    assert courante.variable == 45_000
    assert {ligne.indicateur.code for ligne in courante.indicateurs} == {"ald", "annuaire", "plus"}
    assert courante.termes.numero == 1
    assert build_chiffres(courante)["taille"] == 4
    assert Entree.objects.get(evenement="pilotage.avenant_signe").details["numero"] == 1


def test_a_replaced_indicator_ends_where_the_new_one_begins(contrat):
    sign(
        contrat,
        taille=None,
        retires=["annuaire"],
        indicateurs=[DonneesIndicateurFabrique(code="annuaire", paliers=[palier(2, 26000)])],
    )
    ancien, nouveau = contrat.indicateurs.filter(code__startswith="annuaire").order_by("code")
    assert (ancien.jusqu_a, nouveau.code, nouveau.depuis) == (ANNEE_3, "annuaire-a1", ANNEE_3)
    codes = [{li.indicateur.code for li in compute_annee(contrat, ANNEE_4, numero=n).indicateurs} for n in (2, 3)]
    assert codes == [{"ald", "annuaire"}, {"ald", "annuaire-a1"}]


def test_a_mission_enters_and_leaves_with_its_indicators(contrat):
    sign(
        contrat,
        taille=None,
        missions=[DonneesMission(code="acces"), DonneesMission(code="prevention", debut=date(2026, 2, 1))],
        indicateurs=[
            DonneesIndicateurFabrique(participants=True, paliers=[palier(10, 2000), palier(20, 17500)]),
        ],
    )
    prevention = contrat.missions.get(mission="prevention")
    assert (prevention.depuis, prevention.debut, prevention.statut) == (ANNEE_3, date(2026, 2, 1), "demarree")
    assert [m.mission.mission for m in compute_annee(contrat, ANNEE_4, numero=2).missions] == ["acces"]
    annee = compute_annee(contrat, date(2026, 11, 24))
    # 324 days of 365 from 1 February to 22 December 2026, of 17 500 €.
    assert annee.missions[1].fixe.valeur == Decimal("15534.25")
    with committing():
        sign_avenant(
            contrat=contrat,
            donnees=donnees(
                numero=2, effet_le=ANNEE_4, taille=None, missions=[DonneesMission(code="acces")], indicateurs=[]
            ),
            by=SYSTEME,
        )
    prevention.refresh_from_db()
    assert prevention.jusqu_a == ANNEE_4
    assert contrat.indicateurs.get(code="participants").jusqu_a == ANNEE_4
    assert [m.mission.mission for m in compute_annee(contrat, ANNEE_4).missions] == ["acces"]
    assert [m.mission.mission for m in compute_annee(contrat, ANNEE_4, numero=3).missions] == ["acces", "prevention"]


def test_own_amounts_and_a_change_inside_a_year(contrat):
    sign(
        contrat,
        effet_le=date(2026, 6, 22),  # 182 days of 365 before, 183 after
        taille=None,
        fonctionnement=Decimal(80_000),
        missions=[DonneesMission(code="acces", fixe=Decimal(100_000), variable=Decimal(35_000))],
        indicateurs=[],
    )
    annee = compute_annee(contrat, date(2026, 11, 24))
    assert annee.fonctionnement.valeur == Decimal("77506.85")
    assert annee.missions[0].fixe.valeur == Decimal("95013.70")
    assert annee.fonctionnement.a_confirmer
    assert annee.a_confirmer


def test_a_document_is_kept_with_its_hash(contrat):
    avenant = sign(contrat, document=Piece("avenant.txt", "Avenant signé.".encode()))
    assert len(avenant.document.empreinte) == 64


@pytest.mark.parametrize(
    ("options", "raison"),
    [
        ({"indicateurs": []}, "totalisent 35 000 € pour une enveloppe variable de 45 000 €"),
        ({"taille": None}, "totalisent 45 000 € pour une enveloppe variable de 35 000 €"),
        ({"effet_le": date(2023, 12, 22)}, "ne peut pas prendre effet le 22/12/2023"),
        ({"effet_le": date(2028, 12, 22)}, "le contrat va du 22/12/2023 au 22/12/2028"),
        ({"signe_le": date(2020, 1, 1)}, "ne peut pas être signé le 01/01/2020"),
        ({"retires": ["absent"]}, "« absent » n’est pas au contrat"),
        ({"missions": [DonneesMission(code="acces")] * 2}, "donnée deux fois"),
        ({"missions": [DonneesMission(code="loisirs")]}, "« loisirs » est inconnue"),
        (
            {"missions": [DonneesMission(code="acces"), DonneesMission(code="crise", debut=date(2025, 1, 1))]},
            "elle ne peut pas avoir démarré le 01/01/2025",
        ),
        ({"population": 97000}, "Le contrat dit taille 4, mais 97 000 habitants font une taille 3"),
        (
            {"indicateurs": [DonneesIndicateurFabrique(code="x", mission="qualite")]},
            "relève de la mission « qualite », qui n’est pas au contrat",
        ),
    ],
)
def test_contradictions_are_refused_whole(contrat, options, raison):
    with pytest.raises(ErreurRegle) as refus, transaction.atomic():
        sign_avenant(contrat=contrat, donnees=donnees(**options), by=SYSTEME)
    assert raison in plain(refus.value)
    assert not Avenant.objects.exists()
    assert not contrat.indicateurs.filter(depuis__isnull=False).exists()


def test_avenants_follow_each_other(contrat):
    sign(contrat)
    suite = {"indicateurs": [], "taille": None, "effet_le": ANNEE_4}
    with pytest.raises(SaisieInvalide, match="déjà un avenant n° 1"):
        sign(contrat, **suite)
    with pytest.raises(SaisieInvalide, match="celui-ci doit prendre effet"):
        sign(contrat, **suite | {"numero": 2, "effet_le": date(2025, 1, 1)})
    deux = sign(contrat, **suite | {"numero": 2})
    assert deux.taille == 4  # what the second leaves is what the first said


def test_a_mission_that_left_does_not_come_back(contrat):
    sign(contrat, taille=None, missions=[], indicateurs=[])
    with pytest.raises(SaisieInvalide, match="a quitté le contrat le 22/12/2025"):
        sign(contrat, numero=2, effet_le=ANNEE_4, taille=None, indicateurs=[])


def test_a_draft_has_no_avenant(dans_cpts):
    brouillon = create_contrat(
        cpts_id=dans_cpts.pk, donnees=DonneesContratFabrique(), by=SYSTEME, etat=EtatContrat.BROUILLON
    )
    with pytest.raises(SaisieInvalide, match="en préparation"):
        sign_avenant(contrat=brouillon, donnees=donnees(), by=SYSTEME)


def test_a_planned_mission_of_an_avenant_starts_later(contrat):
    sign(
        contrat,
        taille=None,
        missions=[
            DonneesMission(code="acces"),
            DonneesMission(code="prevention", statut=StatutMission.PREVUE),
        ],
        indicateurs=[],
    )
    prevention = contrat.missions.get(mission="prevention")
    with pytest.raises(SaisieInvalide, match="n’est pas au contrat le 01/12/2025"):
        start_mission(mission=prevention, le=date(2025, 12, 1), by=SYSTEME)
    with pytest.raises(DefinitionContradictoire) as refus:
        start_mission(mission=prevention, le=date(2026, 3, 1), by=SYSTEME)
    assert "17 500 €" in plain(refus.value)


# What the database refuses by itself -------------------------------------------------------------------------------


def test_the_database_checks_the_envelope_of_each_terms(contrat):
    sign(contrat)
    with pytest.raises(IntegrityError, match="pour une enveloppe"), committing():
        AvenantMission.objects.update(enveloppe=44_000)
    with pytest.raises(IntegrityError, match="pour une enveloppe"), committing():
        contrat.indicateurs.filter(code="plus").update(depuis=None)


@pytest.mark.parametrize("effet", [date(2023, 12, 22), date(2030, 1, 1)])
def test_the_database_refuses_an_effect_outside_the_contract(contrat, effet):
    sign(contrat)
    with pytest.raises(IntegrityError, match="ne peut pas prendre effet"), transaction.atomic():
        Avenant.objects.update(effet_le=effet)


@pytest.mark.parametrize("champ", ["numero", "effet_le"])
def test_the_database_refuses_a_number_or_an_effect_twice(contrat, champ):
    un = sign(contrat)
    double = Avenant(
        cpts_id=un.cpts_id, contrat=contrat, numero=2, signe_le=un.signe_le, effet_le=ANNEE_4, objet="x",
        bareme_le=un.bareme_le, taille=3, source="x",
    )  # fmt: skip
    setattr(double, champ, getattr(un, champ))
    with pytest.raises(IntegrityError, match="unique"), transaction.atomic():
        double.save(force_insert=True)
