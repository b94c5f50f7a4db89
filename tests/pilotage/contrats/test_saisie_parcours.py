"""The guided entry by its pages: five steps, a contract in its year 3, and what is refused on the way."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from fabriques.droits import enter, make_membre
from maillon.missions.medecin_traitant.declarations import INDICATEURS
from maillon.pilotage.contrats.forms_saisie import ensemble
from maillon.pilotage.contrats.models import BrouillonContrat, Constat, Contrat, ContratSigne, Preuve, VersementRecu
from maillon.pilotage.contrats.services import create_contrat, open_brouillon, record_saisie
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.journal.models import Entree

# The two shapes of the published annexes: tiers in one cell, and one column a tier.
ACCES = """Mission accès aux soins
Indicateur\tValeur initiale\tPaliers et montants\tCertifié par\tJustificatif
Patients en ALD sans médecin traitant\t219\t219–101 → 3 000 € ; 100–51 → 6 000 € ; ≤ 50 → 9 000 €\tCPAM\tsuivi nominatif
Patients de plus de 70 ans sans médecin traitant\t\t303 → 203 : 5 000 €\tCPAM\t
Annuaire en ligne\t\toui/non 5 000 €\t\tannuaire
Deux soirées tenues\t\tdeux soirées : 5 000 €\t\témargement
Patients inclus\t\tdix patients inclus : 2 000 €\t\t
Délai du guichet\t\tau plus 30 jours : 4 000 €\t\t
Médecins volontaires\t\t5 médecins : 2 000 € ; 10 médecins : 5 000 €\t\t
Total\t\t35 000 €
"""
PREVENTION = """Indicateur;Situation initiale;Socle;Montant;Intermédiaire;Montant;Objectif;Montant
Dépistage du cancer du sein;66,26 %;69,70 %;1 000;72,40 %;2 500;75 %;3 500
Dépistage du cancer colorectal;30 %;32 %;1 000;34 %;2 500;36 %;3 500
Dépistage du cancer du col de l’utérus;55 %;57 %;1 000;59 %;2 500;61 %;3 500
Participants aux actions;;10;2 000;20;4 000;;
Orientations;;;;;;40;3 000
"""
TERMES = {
    "signe_le": "2023-12-22",
    "population": "97 000",
    "millesime": "2020",
    "signe_cpts": "Dr Anne Roche, présidente",
}
MISSIONS = {
    "acces-statut": "deployee", "acces-debut": "2023-12-22", "acces-deployee": "2025-01-15",
    "parcours-statut": "prevue",
    "prevention-statut": "demarree", "prevention-debut": "2024-06-22", "crise-statut": "demarree",
    "crise-debut": "2023-12-22",
}  # fmt: skip


@pytest.fixture
def client(cpts):
    return enter(Client(), make_membre(cpts, Role.COORDINATION).compte)


@pytest.fixture(autouse=True)
def _catalogue(monkeypatch):
    """What the mission « médecin traitant » computes is offered."""
    monkeypatch.setattr(ensemble, "collect", lambda kind: iter(INDICATEURS))
    monkeypatch.setattr(
        "maillon.pilotage.contrats.actes.collect", lambda kind: iter(INDICATEURS if kind == "indicateurs" else ())
    )


def url(etape, cpts):
    return reverse(f"pilotage:saisie_{etape}" if etape else "pilotage:saisie", args=[cpts.slug])


def read(reponse):
    texte = re.sub(r"<[^>]+>", " ", reponse.content.decode())
    return re.sub(r"\s+", " ", texte.replace("&#x27;", "'").replace("&nbsp;", " "))


def fields_of(reponse):
    """What the browser would send again: rows and their fields, as the page shows them."""
    form = reponse.context["form"]
    donnees = {"cle": [ligne.cle for ligne in form.lignes]}
    for ligne in form.lignes:
        donnees |= {f"{ligne.cle}-{nom}": champ.value() or "" for nom, champ in ligne.champs.items()}
        donnees |= {f"{ligne.cle}-lot": ligne.lot, f"{ligne.cle}-propose": "1" if ligne.propose else ""}
    return donnees


def go(client, cpts, jusqu_a="indicateurs"):
    """The first steps, as far as needed."""
    assert client.post(url("termes", cpts), TERMES)["Location"] == url("missions", cpts)
    assert client.post(url("missions", cpts), MISSIONS)["Location"] == url("indicateurs", cpts)
    if jusqu_a == "indicateurs":
        return
    page = url("indicateurs", cpts)
    for texte, mission in ((ACCES, ""), (PREVENTION, "prevention")):
        envoi = fields_of(client.get(page)) | {"action": "lire", "colle": texte, "mission": mission}
        assert client.post(page, envoi).status_code == 302
    envoi = fields_of(client.get(page)) | {"action": "suite"}
    assert client.post(page, envoi)["Location"] == url("passe", cpts)


def test_a_community_in_its_year_3_enters_its_contract(cpts, client):
    depart = read(client.get(reverse("pilotage:annee", args=[cpts.slug])))
    assert "Aucun contrat n’est encore saisi" in depart
    assert "J’ai un fichier" in read(client.get(url("", cpts)))
    termes = TERMES | {"document": SimpleUploadedFile("contrat.pdf", b"%PDF-1.7 contrat")}
    assert client.post(url("termes", cpts), termes).status_code == 302
    assert client.get(url("missions", cpts)).status_code == 200
    go(client, cpts, "passe")

    assert client.post(url("passe", cpts), {"action": "proposer"}).status_code == 302
    assert "Retirer la ligne 1" in read(client.get(url("passe", cpts)))
    with use_cpts(cpts.pk):
        proposes = BrouillonContrat.objects.get().contenu["versements"]
    # Fonctionnement 75 000 whole at signature; accès: 75 % of 90 000.
    assert {"le": "2023-12-22", "montant": "75\u202f000", "annee": "1", "poste": "fonctionnement", "nature": "totalite",
            "libelle": ""} in proposes  # fmt: skip
    assert ("2023-12-22", "67\u202f500") in {(v["le"], v["montant"]) for v in proposes if v["poste"] == "acces"}
    envoi = {f"v{n}-{nom}": valeur for n, v in enumerate(proposes) for nom, valeur in v.items()}
    n = len(proposes)
    envoi |= {f"v{n}-le": "2025-03-10", f"v{n}-montant": "21 000", f"v{n}-annee": "1", f"v{n}-poste": "acces",
              f"v{n}-nature": "variable"}  # fmt: skip
    assert client.post(url("passe", cpts), envoi | {"action": "suite"})["Location"] == f"{url('passe', cpts)}?annee=1"

    for annee, ald, annuaire in ((1, "150", "oui"), (2, "105", "oui")):
        adresse = f"{url('passe', cpts)}?annee={annee}"
        lignes = {ligne.indicateur.code: ligne.cle for ligne in client.get(adresse).context["form"].lignes}
        assert len(lignes) == 12
        resultats = {
            "le": f"{2023 + annee}-12-22", "certifie_par": "CPAM de la Loire", "source": "évaluation",
            "document": SimpleUploadedFile(f"evaluation-{annee}.pdf", b"%PDF-1.7 " + ald.encode()),
            f"{lignes['patients-en-ald-sans-medecin-traitant']}-valeur": ald,
            f"{lignes['annuaire-en-ligne']}-valeur": annuaire,
            f"{lignes['annuaire-en-ligne']}-certifie_par": "ARS",
            f"{lignes['annuaire-en-ligne']}-preuve": SimpleUploadedFile(f"annuaire-{annee}.pdf", b"%PDF-1.7"),
            f"{lignes['depistage-du-cancer-du-sein']}-valeur": "68,5 %",
        }  # fmt: skip
        suite = f"{url('passe', cpts)}?annee={annee + 1}"
        assert client.post(adresse, resultats)["Location"] == suite
    assert client.post(f"{url('passe', cpts)}?annee=3", {"le": "2026-11-24"})["Location"] == url("verifier", cpts)

    verifier = client.get(url("verifier", cpts))
    texte = read(verifier)
    assert verifier.context["bloquants"] == []
    assert "Il en est à son année 3" in texte
    assert "12 indicateurs, 52 500 € au plus par an ; Maillon en calcule 4" in texte.replace("\u202f", " ")
    assert not Contrat.objects.exists()
    fin = client.post(url("verifier", cpts))
    assert fin["Location"] == reverse("pilotage:annee", args=[cpts.slug])
    annee = read(client.get(fin["Location"]))
    assert "Votre année 3 finit dans 28 jours" in annee
    with use_cpts(cpts.pk):
        contrat = Contrat.objects.get()
        assert contrat.indicateurs.count() == 12
        assert dict(contrat.missions.values_list("mission", "statut")) == {
            "acces": "deployee", "parcours": "prevue", "prevention": "demarree", "crise": "demarree",
        }  # fmt: skip
        assert contrat.missions.get(mission="acces").deployee_le == date(2025, 1, 15)
        ald = contrat.indicateurs.get(code="patients-en-ald-sans-medecin-traitant")
        assert (ald.nature, ald.code_declare, ald.reference) == ("stock_baisse", "medecin_traitant.ald", 219)
        assert list(ald.constats.values_list("valeur", "le", "certifie_par", "document__nom")) == [
            (150, date(2024, 12, 22), "CPAM de la Loire", "evaluation-1.pdf"),
            (105, date(2025, 12, 22), "CPAM de la Loire", "evaluation-2.pdf"),
        ]
        annuaire = contrat.indicateurs.get(code="annuaire-en-ligne")
        assert set(annuaire.constats.values_list("valeur", "certifie_par")) == {(1, "ARS")}
        assert set(annuaire.preuves.values_list("fichier__nom", flat=True)) == {"annuaire-1.pdf", "annuaire-2.pdf"}
        # Nobody said whether they name people: CPAM and ARS read neither the document nor its file name.
        assert set(annuaire.preuves.values_list("nominative", "libelle")) == {
            (True, "Justificatif de l’année 1"),
            (True, "Justificatif de l’année 2"),
        }
        sein = contrat.indicateurs.get(code="depistage-du-cancer-du-sein")
        assert list(sein.paliers.values_list("seuil", "montant", "libelle")) == [
            (Decimal("69.70"), 1000, "socle"), (Decimal("72.40"), 2500, "intermédiaire"), (75, 3500, "objectif"),
        ]  # fmt: skip
        assert VersementRecu.objects.get(nature="variable").montant == 21000
        assert VersementRecu.objects.count() == n + 1
        signe = ContratSigne.objects.get()
        assert (signe.signe_cpts, signe.document.nom, len(signe.empreinte)) == (
            "Dr Anne Roche, présidente", "contrat.pdf", 64,
        )  # fmt: skip
        brouillon = BrouillonContrat.objects.get()
        assert (brouillon.etat, brouillon.contenu, brouillon.contrat_id) == ("enregistre", {}, contrat.pk)
        evenements = set(Entree.objects.values_list("evenement", flat=True))
    assert {"pilotage.saisie_commencee", "pilotage.saisie_modifiee", "pilotage.saisie_enregistree"} <= evenements


def test_what_was_typed_is_kept_when_a_step_is_refused(cpts, client):
    refus = client.post(url("termes", cpts), {"signe_le": "2027-01-01", "population": "beaucoup"})
    assert refus.status_code == 422
    assert "n’est pas encore passé" in read(refus)
    encore = client.get(url("termes", cpts))
    assert encore.context["form"]["population"].value() == "beaucoup"
    assert "« beaucoup » n’est pas un nombre" in read(encore)
    assert client.get(url("missions", cpts))["Location"] == url("termes", cpts)
    assert client.get(url("passe", cpts))["Location"] == url("termes", cpts)


@pytest.mark.parametrize(
    ("change", "phrase"),
    [
        ({"taille": "2"}, "97 000 habitants font une taille 3"),
        ({"population": ""}, "Donnez la population, ou la taille"),
        ({"signe_le": "2021-05-04"}, "précède l’avenant 2"),
        ({"signe_le": "2018-01-01"}, "n’existe que depuis"),
        ({"millesime": "1900"}, "n’est pas une année de recensement"),
        ({"document": SimpleUploadedFile("page.pdf", b"<html>")}, "n’est pas d’un type accepté"),
    ],
)
def test_terms_that_cannot_be_are_refused(cpts, client, change, phrase):
    reponse = client.post(url("termes", cpts), TERMES | change)
    assert reponse.status_code == 422
    assert phrase in read(reponse).replace("\u202f", " ")


@pytest.mark.parametrize(
    ("change", "phrase"),
    [
        ({"acces-debut": ""}, "Accès aux soins : donnez la date de démarrage"),
        ({"acces-debut": "2022-01-01"}, "est hors du contrat"),
        ({"acces-debut": "2027-01-01"}, "n’est pas encore passé"),
        ({"acces-deployee": "2023-12-01"}, "ne convient pas"),
        ({"acces-variable": "trente"}, "n’est pas un nombre"),
        (dict.fromkeys(MISSIONS, ""), "au moins une mission"),
    ],
)
def test_missions_that_cannot_be_are_refused(cpts, client, change, phrase):
    client.post(url("termes", cpts), TERMES)
    reponse = client.post(url("missions", cpts), MISSIONS | change)
    assert reponse.status_code == 422
    assert phrase in read(reponse)


def test_the_scale_stands_beside_with_its_certainty(cpts, client):
    client.post(url("termes", cpts), TERMES | {"population": "", "taille": "1"})
    texte = read(client.get(url("missions", cpts))).replace("\u202f", " ").replace("\xa0", " ")
    assert "part variable 25 000 € à confirmer" in texte


def test_a_table_is_read_its_columns_corrected_and_taken_away(cpts, client):
    go(client, cpts)
    page = url("indicateurs", cpts)
    envoi = {
        "action": "lire",
        "colle": "Indicateur\tMontant\nAnnuaire en ligne\t5 000 €\nAgenda\tx",
        "mission": "acces",
    }
    assert client.post(page, envoi).status_code == 302
    lu = client.get(page)
    assert "Agenda » : « x » ne donne pas de montant" in read(lu)
    corrige = fields_of(lu) | {"i2-paliers": "oui/non 2 000 €", "action": "garder"}
    assert client.post(page, corrige).status_code == 302
    assert not client.get(page).context["form"].errors
    relu = fields_of(client.get(page)) | {"action": "relire:1", "colonne-1": ["montant", "libelle"]}
    client.post(page, relu)
    assert "5 000 €" in client.get(page).context["form"].brutes[0]["libelle"]
    client.post(page, fields_of(client.get(page)) | {"action": "oter:1"})
    assert client.get(page).context["form"].nombre == 0


def test_a_paste_that_is_refused_stays_and_keeps_the_rows(cpts, client):
    go(client, cpts)
    page = url("indicateurs", cpts)
    client.post(page, {"action": "lire", "colle": "Annuaire en ligne\t5 000 €", "mission": "acces"})
    grand = "x\ty\n" * 501
    refus = client.post(page, fields_of(client.get(page)) | {"action": "lire", "colle": grand})
    assert refus.status_code == 422
    assert "plus de 500 lignes" in read(refus)
    assert refus.context["colle"].startswith("x\ty")
    assert refus.context["form"].nombre == 1
    fichier = SimpleUploadedFile("a.csv", "Indicateur;Paliers\nAgenda partagé;oui : 1 000 €".encode())
    assert (
        client.post(page, fields_of(refus) | {"action": "lire", "fichier": fichier, "mission": "acces"}).status_code
        == 302
    )
    assert client.get(page).context["form"].nombre == 2


def test_a_row_is_added_by_hand_and_another_taken_away(cpts, client):
    go(client, cpts)
    page = url("indicateurs", cpts)
    neuve = {"cle": ["n1", "n2"], "n1-libelle": "Annuaire", "n1-mission": "acces", "n1-paliers": "oui : 5 000 €"}
    client.post(page, neuve | {"action": "garder"})
    client.post(page, fields_of(client.get(page)) | {"n1-libelle": "Agenda", "n1-mission": "acces", "action": "garder"})
    form = client.get(page).context["form"]
    assert [ligne.cle for ligne in form.lignes][:2] == ["i1", "i2"]
    assert "Donnez au moins un palier" in str(form.errors)
    assert client.post(page, fields_of(client.get(page)) | {"action": "suite"}).status_code == 422
    client.post(page, fields_of(client.get(page)) | {"i2-retirer": "1", "action": "garder"})
    assert [ligne.cle for ligne in client.get(page).context["form"].lignes][:2] == ["i1", "n1"]


def test_sums_that_differ_from_the_envelope_stop_the_recording(cpts, client):
    go(client, cpts, "passe")
    page = url("indicateurs", cpts)
    client.post(page, fields_of(client.get(page)) | {"i3-paliers": "oui/non 4 000 €", "action": "suite"})
    verifier = client.get(url("verifier", cpts))
    texte = read(verifier).replace("\u202f", " ").replace("\xa0", " ")
    assert "les indicateurs totalisent 34 000 € pour une enveloppe variable de 35 000 €, il manque 1 000 €" in texte
    assert url("indicateurs", cpts) in verifier.content.decode()
    assert client.post(url("verifier", cpts)).status_code == 422
    assert not Contrat.objects.exists()
    # The contract writes another envelope: it wins over the scale.
    client.post(url("missions", cpts), MISSIONS | {"acces-variable": "34 000"})
    assert client.get(url("verifier", cpts)).context["bloquants"] == []


def test_payments_and_results_that_cannot_be_are_refused_and_kept(cpts, client):
    go(client, cpts, "passe")
    refus = client.post(url("passe", cpts), {"v0-le": "2027-01-01", "v0-montant": "x", "action": "suite"})
    assert refus.status_code == 422
    texte = read(refus)
    assert "n’est pas encore passé" in texte
    assert "« x » n’est pas un nombre" in texte
    assert "Dites pour quelle année" in texte
    assert client.get(url("passe", cpts)).context["form"]["v0-montant"].value() == "x"
    adresse = f"{url('passe', cpts)}?annee=1"
    lignes = {ligne.indicateur.code: ligne.cle for ligne in client.get(adresse).context["form"].lignes}
    sein = lignes["depistage-du-cancer-du-sein"]
    refus = client.post(adresse, {"le": "2026-01-01", f"{sein}-valeur": "120"})
    assert refus.status_code == 422
    assert "ne dit pas l’année 1" in read(refus)
    assert "taux de 120 est impossible" in read(refus)
    assert client.get(f"{url('passe', cpts)}?annee=4").status_code == 404
    assert "Corriger à l’étape 4" in read(client.get(url("verifier", cpts)))


def test_what_was_received_is_compared_with_what_was_due(cpts, client):
    go(client, cpts, "passe")
    recu = {"v0-le": "2024-01-05", "v0-montant": "70 000", "v0-annee": "1", "v0-poste": "fonctionnement",
            "v0-nature": "totalite", "action": "suite"}  # fmt: skip
    client.post(url("passe", cpts), recu)
    texte = read(client.get(url("verifier", cpts))).replace("\u202f", " ").replace("\xa0", " ")
    assert "Année 1, Fonctionnement : reçu 70 000 €, attendu à ce jour 75 000 €, soit 5 000 € de moins" in texte


def test_a_second_contract_on_the_same_period_is_refused_whole(cpts, client):
    go(client, cpts, "passe")
    with use_cpts(cpts.pk):
        complet = ensemble.Ensemble(BrouillonContrat.objects.get().contenu).complet
        create_contrat(cpts_id=cpts.pk, donnees=complet, by=SYSTEME)
    refus = client.post(url("verifier", cpts))
    assert refus.status_code == 422
    assert "déjà un contrat en vigueur" in read(refus)
    with use_cpts(cpts.pk):
        assert (
            Contrat.objects.count(),
            ContratSigne.objects.count(),
            Constat.objects.count(),
            Preuve.objects.count(),
        ) == (1, 0, 0, 0)
        assert BrouillonContrat.objects.get().etat == "ouvert"


def test_the_entry_is_given_up_and_erased(cpts, client):
    go(client, cpts)
    assert client.post(url("abandonner", cpts)).status_code == 302
    assert client.post(url("abandonner", cpts)).status_code == 404
    with use_cpts(cpts.pk):
        brouillon = BrouillonContrat.objects.get()
        assert (brouillon.etat, brouillon.contenu) == ("abandonne", {})
        with pytest.raises(SaisieInvalide, match="abandonnée"):
            record_saisie(brouillon=brouillon, saisie=None, by=SYSTEME)


def test_a_community_has_one_entry_under_way(dans_cpts):
    premier = open_brouillon(cpts_id=dans_cpts.pk, by=SYSTEME)
    assert open_brouillon(cpts_id=dans_cpts.pk, by=SYSTEME) == premier
    with pytest.raises(IntegrityError), transaction.atomic():
        BrouillonContrat.objects.create(cpts=dans_cpts)


@pytest.mark.parametrize("role", [Role.PRESIDENT, Role.BUREAU])
def test_the_bureau_reads_the_summary_and_writes_nothing(cpts, client, role):
    lecteur = enter(Client(), make_membre(cpts, role).compte)
    assert "La coordination saisit le contrat" in read(lecteur.get(url("", cpts)))
    go(client, cpts)
    page = lecteur.get(url("", cpts))
    assert "signé le 22/12/2023" in read(page)
    assert b"Abandonner" not in page.content
    assert lecteur.get(url("termes", cpts)).status_code == 404
    assert lecteur.post(url("verifier", cpts)).status_code == 404


def test_pages_ask_a_constant_number_of_queries(cpts, client, django_assert_max_num_queries):
    go(client, cpts, "passe")
    for etape in ("termes", "missions", "indicateurs", "passe", "verifier", ""):
        with django_assert_max_num_queries(22):
            assert client.get(url(etape, cpts)).status_code == 200
