"""What if: published cases, differences, refusals; nothing is written, and each sees only what is theirs."""

import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from django.test import Client

from fabriques.droits import enter, make_agent, make_cpts, make_membre
from fabriques.pilotage import DonneesContratFabrique, DonneesIndicateurFabrique, palier
from maillon.pilotage.contrats.donnees import DonneesMission
from maillon.pilotage.contrats.models import Contrat
from maillon.pilotage.contrats.releves import refresh_releve
from maillon.pilotage.contrats.services import create_contrat
from maillon.socle.contexte import use_cpts
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role, RoleTerritorial
from maillon.socle.horloge import at

pytestmark = pytest.mark.django_db
BAREME = "/territoire/simulation/"
CROIX_ROUSSE = ("acces", "parcours", "prevention", "crise", "accompagnement")


@pytest.fixture(autouse=True)
def _horloge():
    with at(datetime(2026, 11, 24, 12, tzinfo=UTC)):
        yield


def sign(cpts: Cpts, **donnees) -> Contrat:
    with use_cpts(cpts.pk):
        contrat = create_contrat(cpts_id=cpts.pk, donnees=DonneesContratFabrique(**donnees), by=SYSTEME)
        refresh_releve(cpts_id=cpts.pk)
    return contrat


def coordinatrice(cpts: Cpts) -> Client:
    return enter(Client(), make_membre(cpts, Role.COORDINATION).compte)


def adresse(cpts: Cpts) -> str:
    return f"/c/{cpts.slug}/pilotage/simulation/"


def read(reponse) -> str:
    texte = re.sub(r"<[^>]+>", " ", reponse.content.decode()).replace("&nbsp;", " ").replace("&#x27;", "’")
    return re.sub(r"\s+", " ", texte)


def test_a_community_without_contract_starts_from_the_scale() -> None:
    cpts = make_cpts()
    page = coordinatrice(cpts).get(adresse(cpts), {"a-population": 97000, "a-missions": CROIX_ROUSSE})
    texte = read(page)
    # Croix-Rousse Presqu’île, communiqué of 22/12/2023: 457 500 € with a crisis, 390 000 € without, in year 1.
    assert "457 500 €" in texte
    assert "390 000 €" in texte
    assert "367 500 €" in texte  # from year 2
    with use_cpts(cpts.pk):
        assert not Contrat.objects.exists()


def test_the_next_tier_and_another_size_are_said_in_euros() -> None:
    cpts = make_cpts()
    contrat = sign(cpts)
    with use_cpts(cpts.pk):
        ald = contrat.indicateurs.get(code="ald")
    client = coordinatrice(cpts)
    # No value is known yet: no tier is reached today. The third tier of the published annex pays 9 000 € a year.
    texte = read(client.get(adresse(cpts), {"a-population": 97000, "a-missions": "acces", f"a-palier_{ald.pk.hex}": 3}))
    assert "Scénario 1 : 45 000 € de plus sur cinq ans, 9 000 € de plus en année 3." in texte
    # Size 4: fonctionnement 90 000 instead of 75 000, accès 110 000 instead of 90 000, tiers unchanged.
    texte = read(client.get(adresse(cpts), {"a-population": 180000, "a-missions": "acces"}))
    assert "175 000 € de plus sur cinq ans, 35 000 € de plus en année 3." in texte


def test_two_scenarios_side_by_side_and_what_is_impossible() -> None:
    cpts = make_cpts()
    sign(cpts)
    client = coordinatrice(cpts)
    page = client.get(
        adresse(cpts),
        {
            "second": 1,
            "a-population": 97000,
            "a-missions": "acces",
            "b-population": 97000,
            "b-missions": ["acces", "qualite"],
        },
    )
    texte = read(page)
    assert "Scénario 1 : les mêmes euros" in texte
    # The quality mission of a size 3: 15 000 + 15 000 € a year.
    assert "Scénario 2 : 150 000 € de plus sur cinq ans, 30 000 € de plus en année 3." in texte
    refus = client.get(adresse(cpts), {"a-population": "", "a-missions": "acces"})
    assert refus.status_code == 422
    tard = {"a-population": 97000, "a-missions": "acces", "a-debut_acces": "2040-01-01"}
    refus = client.get(adresse(cpts), tard)
    assert refus.status_code == 422
    assert "ne peut pas démarrer le 01/01/2040" in read(refus)


def test_own_amounts_hold_for_their_own_size_only() -> None:
    cpts = make_cpts()
    sign(
        cpts,
        missions=[DonneesMission(code="acces", fixe=Decimal(100000), variable=Decimal(10000))],
        indicateurs=[DonneesIndicateurFabrique(paliers=[palier(1, 10000)])],
    )
    client = coordinatrice(cpts)
    assert "175 000 €" in read(client.get(adresse(cpts)))  # 75 000 of fonctionnement + 100 000 of its own
    texte = read(client.get(adresse(cpts), {"a-population": 180000, "a-missions": "acces"}))
    assert "le barème remplace les montants propres" in texte


def test_the_cost_of_a_scale_over_a_territory() -> None:
    sign(make_cpts(nom="CPTS des Monts"))
    sign(make_cpts(nom="CPTS du Val"))
    # This one has amounts of its own: the scale does not move it.
    sign(
        make_cpts(nom="CPTS du Lac"),
        missions=[DonneesMission(code="acces", fixe=Decimal(100000), variable=Decimal(35000))],
    )
    sign(make_cpts(nom="CPTS d’ailleurs", departement="69"))
    client = enter(Client(), make_agent(RoleTerritorial.CPAM, departement="42").compte)
    # Two contracts of size 3, accès alone: 2 × (75 000 + 90 000 + 35 000).
    texte = read(client.get(BAREME, {"a-acces_fixe": "10", "second": 1, "b-taille_4": "90000"}))
    assert "2 contrats en vigueur coûtent 400 000 € par an hors crise." in texte
    assert "Le scénario 1 coûterait 18 000 € de plus." in texte
    # Size 4 from 90 000 inhabitants: 90 000 + 110 000 + 45 000 each.
    assert "Le scénario 2 coûterait 90 000 € de plus." in texte
    assert "1 contrat a ses montants propres et n’est pas compté" in texte
    assert "ailleurs" not in texte
    classeur = openpyxl.load_workbook(io.BytesIO(client.get(BAREME, {"a-acces_fixe": "10", "export": "xlsx"}).content))
    lignes = {ligne[0]: ligne[1:4] for ligne in classeur.active.iter_rows(min_row=2, values_only=True)}
    assert lignes["CPTS des Monts"] == (200000, 209000, 9000)
    assert set(lignes) == {"CPTS des Monts", "CPTS du Val", "Tous les contrats"}


def test_refusals_of_a_scale_and_an_empty_territory() -> None:
    client = enter(Client(), make_agent(RoleTerritorial.ARS, departement="42").compte)
    assert "0 contrat en vigueur coûte 0 €" in read(client.get(BAREME))
    refus = client.get(BAREME, {"a-taille_2": "90000"})
    assert refus.status_code == 422
    assert "populations croissantes" in read(refus)
    assert client.get(BAREME, {"a-acces_fixe": "beaucoup"}).status_code == 422


def test_who_may_simulate() -> None:
    cpts = make_cpts()
    assert enter(Client(), make_membre(cpts, Role.PROFESSIONNEL).compte).get(adresse(cpts)).status_code == 404
    assert enter(Client(), make_membre(cpts, Role.PRESIDENT).compte).get(adresse(cpts)).status_code == 200
    assert coordinatrice(cpts).get(BAREME).status_code == 404


def test_a_start_inside_a_year_is_prorated() -> None:
    cpts = make_cpts()
    sign(cpts)
    # 90 000 € from 22/12/2023, a leap year of 366 days; started on 22/06/2024: 183 days, half of the year.
    page = coordinatrice(cpts).get(
        adresse(cpts), {"a-population": 97000, "a-missions": "acces", "a-debut_acces": date(2024, 6, 22)}
    )
    assert "45 000 € de moins sur cinq ans" in read(page)
