"""The contract's pages of money and of life: payments, avenants, termination, renewal."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fabriques.droits import enter, make_membre
from fabriques.pilotage import DonneesContratFabrique
from maillon.pilotage.contrats.enums import EtatContrat, NatureVersement
from maillon.pilotage.contrats.models import Avenant, Contrat, Decision, VersementRecu
from maillon.pilotage.contrats.services import create_contrat, record_versement
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role

from .test_services import plain


@pytest.fixture
def contrat(cpts):
    with use_cpts(cpts.pk):
        return create_contrat(cpts_id=cpts.pk, donnees=DonneesContratFabrique(), by=SYSTEME)


@pytest.fixture
def client(cpts, contrat):
    return enter(Client(), make_membre(cpts, Role.COORDINATION).compte)


def url(cpts, nom, *args):
    return reverse(f"pilotage:{nom}", args=[cpts.slug, *args])


def read(reponse) -> str:
    return plain(reponse.content.decode())


VIREMENT = {"le": "2023-12-28", "montant": "75000,00", "annee": "1", "nature": "totalite", "poste": "fonctionnement"}


def test_the_schedule_shows_what_is_expected_and_why(cpts, client):
    page = read(client.get(url(cpts, "versements")))
    assert "22/12/2023" in page
    assert "Fonctionnement en totalité de l’année 1" in page
    assert "75 % du montant de l’année 2" in page
    assert "après l’évaluation" in page
    assert "Au plus, selon les indicateurs, après l’évaluation de l’année 3." in page
    assert "Par année de contrat" in page


def test_a_receipt_is_recorded_shown_and_undone(cpts, client):
    reponse = client.post(url(cpts, "recevoir_versement"), VIREMENT | {"libelle": "=cmd()"}, follow=True)
    page = read(reponse)
    assert "Le versement est enregistré." in page
    with use_cpts(cpts.pk):
        recu = VersementRecu.objects.get()
    assert (recu.montant, recu.annee) == (75_000, 1)
    retirer = url(cpts, "retirer_versement", recu.pk)
    assert retirer in page
    csv = client.get(url(cpts, "versements") + "?export=csv").content.decode("utf-8-sig")
    assert "reçu;2023-12-28;1;fonctionnement;fonctionnement de la première année;75000,00;;'=cmd()" in csv
    assert csv.count("attendu;") == len(csv.splitlines()) - 2
    assert client.get(url(cpts, "versements") + "?export=xlsx").content.startswith(b"PK")
    assert client.get(url(cpts, "versements") + "?export=pdf").status_code == 404
    client.post(retirer)
    with use_cpts(cpts.pk):
        assert not VersementRecu.objects.exists()


@pytest.mark.parametrize(
    ("champs", "raison"),
    [
        ({"montant": "-5"}, "Un versement reçu est positif"),
        ({"le": "2027-01-01"}, "n’est pas encore passé"),
        ({"montant": ""}, "obligatoire"),
        ({"document": SimpleUploadedFile("avis.exe", b"MZ\x00\x01")}, "avis.exe"),
    ],
)
def test_a_refused_receipt_comes_back_with_its_reason(cpts, client, champs, raison):
    reponse = client.post(url(cpts, "recevoir_versement"), VIREMENT | champs)
    assert reponse.status_code == 422
    assert raison in read(reponse)


def test_an_evaluation_dates_the_variable_part(cpts, client):
    donnees = {
        "decision-genre": "evaluation", "decision-decidee_le": "2026-02-03", "decision-annee": "2",
        "decision-mission": "acces", "decision-montant": "29000",
    }  # fmt: skip
    assert client.post(url(cpts, "decider_versement"), donnees).status_code == 302
    page = read(client.get(url(cpts, "versements")))
    assert "Part variable de l’année 2" in page
    assert "29 000 €" in page
    sans = client.post(url(cpts, "decider_versement"), donnees | {"decision-mission": ""})
    assert (sans.status_code, "à quelle mission" in read(sans)) == (422, True)
    trop = client.post(url(cpts, "decider_versement"), donnees | {"decision-montant": "36000"})
    assert (trop.status_code, "dont la part variable est de" in read(trop)) == (422, True)
    aide = donnees | {"decision-genre": "aide", "decision-decidee_le": "2023-01-10", "decision-montant": ""}
    assert client.post(url(cpts, "decider_versement"), aide).status_code == 302
    with use_cpts(cpts.pk):
        assert Decision.objects.get(genre="evaluation").montant == 29_000
        assert Decision.objects.get(genre="aide").mission == ""


AVENANT = {
    "numero": "1",
    "objet": "passage en taille 4",
    "signe_le": "2025-12-01",
    "effet_le": "2025-12-22",
    "taille": "4",
    "acces_au_contrat": "on",
    "nouveau_0_libelle": "Annuaire mis à jour",
    "nouveau_0_mission": "acces",
    "nouveau_0_nature": "livrable",
    "nouveau_0_paliers": "1 : 10 000 €",
}


def test_an_avenant_is_entered_by_its_form(cpts, client, contrat):
    page = read(client.get(url(cpts, "nouvel_avenant")))
    assert "Mettre fin à « Patients en ALD sans médecin traitant »" in page
    reponse = client.post(url(cpts, "nouvel_avenant"), AVENANT, follow=True)
    assert "L’avenant n° 1 est enregistré, à effet du 22/12/2025." in read(reponse)
    page = read(client.get(url(cpts, "contrat")))
    assert "passage en taille 4" in page
    assert "taille 4" in page
    with use_cpts(cpts.pk):
        assert Avenant.objects.get().taille == 4
        nouveau = contrat.indicateurs.get(code="annuaire-mis-a-jour")
        assert (nouveau.depuis, nouveau.paliers.get().montant) == (date(2025, 12, 22), 10_000)
        ancien = contrat.indicateurs.get(code="annuaire")
    # An indicator that an avenant ended still opens.
    suite = AVENANT | {"numero": "2", "effet_le": "2026-06-22", "taille": "", f"retire_{ancien.pk}": "on"}
    suite |= {
        "nouveau_0_paliers": "1 : 5000 ; 3 : 26000",
        "nouveau_0_nature": "compte",
        "nouveau_0_unite": "mise à jour",
    }
    assert client.post(url(cpts, "nouvel_avenant"), suite).status_code == 302
    assert client.get(url(cpts, "indicateur", ancien.pk)).status_code == 200
    assert "Avenant n° 2" in read(client.get(url(cpts, "contrat")))


@pytest.mark.parametrize(
    ("champs", "raison"),
    [
        ({"nouveau_0_paliers": "1 : 9000"}, "totalisent 44 000 € pour une enveloppe variable de 45 000 €"),
        ({"nouveau_0_paliers": "beaucoup"}, "Écrivez « seuil : euros »"),
        ({"nouveau_0_paliers": "un : deux"}, "Écrivez « seuil : euros »"),
        ({"nouveau_0_nature": ""}, "À remplir pour ajouter cet indicateur."),
        ({"acces_au_contrat": ""}, "Gardez au moins une mission"),
        ({"effet_le": "2023-12-22"}, "ne peut pas prendre effet le 22/12/2023"),
    ],
)
def test_a_refused_avenant_comes_back_with_what_was_typed(cpts, client, champs, raison):
    reponse = client.post(url(cpts, "nouvel_avenant"), AVENANT | champs)
    page = read(reponse)
    assert reponse.status_code == 422
    assert raison in page
    assert "passage en taille 4" in page
    with use_cpts(cpts.pk):
        assert not Avenant.objects.exists()


def test_a_mission_enters_planned_or_started(cpts, client, contrat):
    plus = AVENANT | {
        "taille": "", "nouveau_0_libelle": "", "nouveau_0_mission": "", "nouveau_0_nature": "", "nouveau_0_paliers": "",
        "crise_au_contrat": "on", "crise_debut": "2026-01-10", "crise_fixe": "40000", "qualite_au_contrat": "on",
    }  # fmt: skip
    assert client.post(url(cpts, "nouvel_avenant"), plus).status_code == 302
    with use_cpts(cpts.pk):
        missions = {m.mission: (m.statut, m.debut) for m in contrat.missions.all()}
    assert missions["crise"] == ("demarree", date(2026, 1, 10))
    assert missions["qualite"] == ("prevue", None)


def test_a_termination_is_simulated_then_recorded(cpts, client, contrat):
    page = read(client.get(url(cpts, "fin") + "?le=2026-04-01"))
    assert "78 544,52 €" in page
    assert "Enregistrer la résiliation" in page
    assert "Cet enregistrement ne se défait pas." in page
    assert client.get(url(cpts, "fin") + "?le=2020-01-01").status_code == 422
    assert "Enregistrer la résiliation" not in read(client.get(url(cpts, "fin") + "?le=2027-04-01"))
    assert client.post(url(cpts, "resilier"), {"le": "2027-04-01"}).status_code == 422
    reponse = client.post(url(cpts, "resilier"), {"le": "2026-04-01"}, follow=True)
    assert "le contrat est clos" in read(reponse)
    with use_cpts(cpts.pk):
        contrat.refresh_from_db()
    assert contrat.etat == EtatContrat.CLOS
    assert "Ce contrat a pris fin avant son terme" in read(client.get(url(cpts, "versements")))
    assert "Contrat résilié" in read(client.get(url(cpts, "contrat")))
    assert client.get(url(cpts, "nouvel_avenant")).status_code == 302


def test_the_next_contract_is_prepared_then_put_in_force(cpts, client, contrat):
    client.post(url(cpts, "resilier"), {"le": "2026-11-01"})
    assert "Le contrat suivant est préparé" in read(client.post(url(cpts, "renouveler"), follow=True))
    assert "est déjà préparé" in read(client.post(url(cpts, "renouveler"), follow=True))
    with use_cpts(cpts.pk):
        brouillon = Contrat.objects.get(etat=EtatContrat.BROUILLON)
    reponse = client.post(url(cpts, "mettre_en_vigueur", brouillon.pk), follow=True)
    assert "Le contrat est en vigueur." in read(reponse)
    encore = client.post(url(cpts, "mettre_en_vigueur", brouillon.pk), follow=True)
    assert "rien à mettre en vigueur" in read(encore)


def test_the_bureau_reads_and_does_not_write(cpts, client):
    bureau = enter(Client(), make_membre(cpts, Role.BUREAU).compte)
    page = read(bureau.get(url(cpts, "versements")))
    assert "Enregistrer un versement reçu" not in page
    assert bureau.get(url(cpts, "nouvel_avenant")).status_code == 404
    assert "Résilier le contrat" not in read(bureau.get(url(cpts, "fin") + "?le=2026-04-01"))


def test_a_contract_known_by_its_total_still_records_receipts(cpts, db):
    with use_cpts(cpts.pk):
        donnees = DonneesContratFabrique(
            signe_le=date(2020, 7, 1), plafond_publie=Decimal(210_000), indicateurs=[], population=60_000
        )
        create_contrat(cpts_id=cpts.pk, donnees=donnees, by=SYSTEME)
    client = enter(Client(), make_membre(cpts, Role.COORDINATION).compte)
    assert "Ce contrat n’est connu que par son total" in read(client.get(url(cpts, "versements")))
    assert client.get(url(cpts, "versements") + "?export=csv").status_code == 404
    assert client.get(url(cpts, "fin") + "?le=2021-01-01").status_code == 422
    assert client.post(url(cpts, "recevoir_versement"), VIREMENT).status_code == 302


def test_a_file_that_tells_more_than_the_signed_contract_is_not_half_read(cpts, client):
    texte = "signature: 2020-01-01\ntaille: 2\nresiliation: 2021-01-01"
    reponse = client.post(url(cpts, "nouveau"), {"texte": texte})
    assert (reponse.status_code, "Enregistrez d’abord le contrat signé" in read(reponse)) == (422, True)


def test_pages_ask_the_same_number_of_queries_whatever_the_receipts(
    cpts, client, contrat, django_assert_max_num_queries
):
    with use_cpts(cpts.pk):
        for jour in range(40):
            record_versement(
                contrat=contrat, le=date(2025, 1, 1) + timedelta(days=jour), montant=Decimal(1), annee=2,
                nature=NatureVersement.AVANCE, by=SYSTEME,
            )  # fmt: skip
    for nom in ("versements", "fin", "contrat", "nouvel_avenant"):
        client.get(url(cpts, nom))
        with django_assert_max_num_queries(32):
            assert client.get(url(cpts, nom)).status_code == 200
