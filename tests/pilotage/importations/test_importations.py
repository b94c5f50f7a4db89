"""A file from its deposit to certified values: what it changes, what it refuses, what doing it twice changes."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from fabriques.droits import enter, make_membre
from maillon.pilotage.contrats.annee import compute_annee
from maillon.pilotage.contrats.models import Constat
from maillon.pilotage.contrats.services import record_constat
from maillon.pilotage.importations import selectors
from maillon.pilotage.importations.correspondances import Colonnes
from maillon.pilotage.importations.enums import EtatImportation, Issue
from maillon.pilotage.importations.essais import certifies
from maillon.pilotage.importations.lecture import ImportRefuse
from maillon.pilotage.importations.models import Correspondance, Importation, LigneImportation
from maillon.pilotage.importations.services import (
    abandon_importation,
    choose_colonnes,
    choose_libelles,
    confirm_importation,
    create_correspondance,
    deposit_fichier,
)
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.fichiers.models import Fichier
from maillon.socle.horloge import today

FICHIER = """CPTS;Indicateur;Période;Valeur
CPTS du Gier;Dépistage sein;T3 2026;69,9 %
CPTS du Gier;ALD sans MT;30/09/2026;98
CPTS du Gier;Participants;30/09/2026;12
CPTS du Gier;Annuaire;30/09/2026;< 11
CPTS du Gier;Dépistage sein;T2 2026;beaucoup
CPTS du Gier;Dépistage sein;T4 2027;70
CPTS du Gier;Dépistage sein;2025;101
CPTS du Forez;Dépistage sein;T3 2026;55
"""
COLONNES = Colonnes("Indicateur", "Valeur", "Période", "CPTS", "CPTS du Gier")
LIBELLES = {"Dépistage sein": "sein", "ALD sans MT": "ald", "Participants": "participants", "Annuaire": "annuaire"}


@pytest.fixture
def source(contrat):
    return create_correspondance(
        cpts_id=contrat.cpts_id,
        nom="Tableau de bord",
        organisme="assurance_maladie",
        certificateur="CPAM de la Loire",
        by=SYSTEME,
    )


def depose(source, contenu: str = FICHIER, nom: str = "t3.csv") -> Importation:
    return deposit_fichier(correspondance=source, nom=nom, contenu=contenu.encode(), by=SYSTEME)


def prepare(source, contenu: str = FICHIER) -> Importation:
    importation = depose(source, contenu)
    choose_colonnes(importation=importation, colonnes=COLONNES, date_fixe=None, feuille="", by=SYSTEME)
    choose_libelles(importation=importation, libelles=LIBELLES, by=SYSTEME)
    return Importation.objects.select_related("fichier", "correspondance").get(pk=importation.pk)


def essaie(importation: Importation):
    return selectors.compute_essai(importation, selectors.read_importation(importation))


def comptes(importation: Importation) -> tuple[int, ...]:
    i = importation
    return i.ajoutees, i.corrigees, i.inchangees, i.secretes, i.refusees


# Dry run and record ---------------------------------------------------------------------------------------------------


def test_the_columns_are_proposed_from_the_titles(source):
    depose(source)
    source.refresh_from_db()
    assert (source.colonne_indicateur, source.colonne_valeur, source.territoire) == (
        "Indicateur",
        "Valeur",
        "CPTS du Gier",
    )


def test_the_dry_run_says_everything_and_writes_nothing(source):
    importation = prepare(source)
    essai = essaie(importation)
    dites = {(ligne.numero, ligne.issue): ligne.motif for ligne in essai.lignes}
    assert set(dites) == {
        (2, Issue.AJOUT),
        (3, Issue.AJOUT),
        (4, Issue.AJOUT),
        (5, Issue.SECRET),
        (6, Issue.REFUSEE),
        (7, Issue.REFUSEE),
        (8, Issue.REFUSEE),
    }
    assert dites[4, Issue.AJOUT] == "Restera à confirmer : le contrat nomme « ARS »."
    assert dites[6, Issue.REFUSEE] == "« beaucoup » n’est pas un nombre."
    assert dites[7, Issue.REFUSEE] == "Le 31/12/2027 n’est pas encore passé."
    assert dites[8, Issue.REFUSEE] == "Un taux de 101 % est impossible : donnez un taux de 0 à 100."
    assert (essai.lues, essai.ecartees) == (8, 1)
    assert not Constat.objects.exists()


def test_confirming_certifies_by_the_source_where_the_contract_names_it(source, contrat):
    importation = confirm_importation(importation=prepare(source), by=SYSTEME)
    assert importation.etat == EtatImportation.CONFIRMEE
    assert comptes(importation) == (3, 0, 0, 1, 3)
    constats = {c.indicateur.code: c for c in Constat.objects.select_related("indicateur")}
    assert constats["sein"].valeur == Decimal("69.9")
    assert constats["sein"].le == date(2026, 9, 30)
    assert constats["sein"].certifie_par == "CPAM de la Loire"
    assert constats["sein"].document_id == importation.fichier_id
    assert constats["sein"].source == "Fichier « t3.csv », Tableau de bord"
    # The contract names the ARS for participants: a file of the CPAM does not certify them.
    assert constats["participants"].certifie_par == ""
    # The tier 69.70 of the real annex pays 1 000 €, constatés.
    ligne = next(x for x in compute_annee(contrat, today()).indicateurs if x.indicateur.code == "sein")
    assert ligne.montants.constate == 1000


def test_the_same_file_twice_changes_nothing(source):
    confirm_importation(importation=prepare(source), by=SYSTEME)
    avant = Constat.objects.count()
    second = depose(source)
    assert selectors.find_etape(second, selectors.read_importation(second)) == 4  # nothing is asked again
    assert selectors.find_deja(second).etat == EtatImportation.CONFIRMEE
    second = confirm_importation(importation=second, by=SYSTEME)
    assert comptes(second) == (0, 0, 3, 1, 3)
    assert Constat.objects.count() == avant


def test_a_confirmed_import_is_closed(source):
    importation = prepare(source)
    confirm_importation(importation=importation, by=SYSTEME)
    for act in (confirm_importation, abandon_importation):
        with pytest.raises(ImportRefuse, match="est enregistrée : elle ne change plus"):
            act(importation=importation, by=SYSTEME)
    with pytest.raises(ImportRefuse, match="ne change plus"):
        choose_libelles(importation=importation, libelles={}, by=SYSTEME)


def test_a_corrected_file_corrects_and_shows_the_old_value(source):
    confirm_importation(importation=prepare(source), by=SYSTEME)
    importation = depose(source, FICHIER.replace("69,9 %", "70,1 %"), "t3-corrigé.csv")
    (correction,) = essaie(importation).of(Issue.CORRECTION)
    assert (correction.ancienne, correction.valeur) == (Decimal("69.9"), Decimal("70.1"))
    importation = confirm_importation(importation=importation, by=SYSTEME)
    assert comptes(importation) == (0, 1, 2, 1, 3)
    # Nothing is erased: both values stand, the newest wins.
    assert [c.valeur for c in Constat.objects.filter(indicateur__code="sein")] == [Decimal("69.9"), Decimal("70.1")]
    (ecrite,) = LigneImportation.objects.filter(importation=importation, issue=Issue.CORRECTION)
    assert ecrite.constat.valeur == Decimal("70.1")
    assert ecrite.ancienne == Decimal("69.9")


def test_a_declared_value_becomes_certified_and_a_certified_one_is_not_lowered_to_declared(source, contrat):
    le = date(2026, 9, 30)
    sein, participants = (contrat.indicateurs.get(code=code) for code in ("sein", "participants"))
    record_constat(indicateur=sein, valeur=Decimal("69.9"), le=le, by=SYSTEME, source="déclaration")
    record_constat(
        indicateur=participants, valeur=Decimal(15), le=le, by=SYSTEME, source="courrier", certifie_par="ARS"
    )
    lignes = {ligne.indicateur.code: ligne for ligne in essaie(prepare(source)).lignes if ligne.le == le}
    assert (lignes["sein"].issue, lignes["sein"].motif) == (Issue.CORRECTION, "La valeur déclarée devient certifiée.")
    assert lignes["participants"].issue == Issue.REFUSEE
    assert "déjà certifiée à cette date par ARS : elle l’emporte" in lignes["participants"].motif


def test_two_values_for_one_day_are_both_refused_and_a_repeated_one_counts_once(source):
    double = FICHIER + "CPTS du Gier;Dépistage sein;30/09/2026;70\nCPTS du Gier;ALD sans MT;30/09/2026;98\n"
    essai = essaie(prepare(source, double))
    refusees = [ligne.numero for ligne in essai.of(Issue.REFUSEE) if "deux valeurs différentes" in ligne.motif]
    assert refusees == [2, 10]
    assert [ligne.motif for ligne in essai.of(Issue.INCHANGEE)] == ["Déjà dite plus haut dans le fichier."]


def test_a_new_label_is_asked_about_and_an_ignored_one_is_not(source):
    confirm_importation(importation=prepare(source), by=SYSTEME)
    nouveau = depose(source, FICHIER + "CPTS du Gier;Colorectal;T3 2026;32\n")
    tableau = selectors.read_importation(nouveau)
    assert selectors.find_etape(nouveau, tableau) == 3
    choose_libelles(importation=nouveau, libelles={"Colorectal": ""}, by=SYSTEME)
    nouveau.correspondance.refresh_from_db()
    assert selectors.find_etape(nouveau, tableau) == 4
    assert not [x for x in selectors.compute_essai(nouveau, tableau).lignes if x.libelle == "Colorectal"]


def test_other_titles_ask_for_the_columns_again(source):
    confirm_importation(importation=prepare(source), by=SYSTEME)
    nouveau = depose(source, FICHIER.replace("Valeur", "Taux constaté"))
    assert selectors.find_etape(nouveau, selectors.read_importation(nouveau)) == 2
    assert nouveau.correspondance.colonne_valeur == "Taux constaté"


def test_a_file_of_people_is_refused_and_not_kept(source):
    with pytest.raises(ImportRefuse, match="Le fichier n’a pas été gardé"):
        depose(source, "Prénom;Indicateur;Valeur\nMarie;ALD;1\n")
    assert not Importation.objects.exists()
    assert not Fichier.objects.exists()


@pytest.mark.parametrize(
    ("certificateur", "organisme", "attendu"),
    [
        ("CPAM (statistiques)", "assurance_maladie", True),
        ("Assurance Maladie (statistiques)", "assurance_maladie", True),
        ("CPAM et ARS, sur pièces", "ars", True),
        ("Agence régionale de santé", "ars", True),
        ("ARS", "assurance_maladie", False),
        ("Commission des parties", "ars", False),
        ("CPAM", "autre", False),
    ],
)
def test_a_body_certifies_only_what_the_contract_gives_it(certificateur, organisme, attendu):
    assert certifies(certificateur, organisme) is attendu


def test_the_database_keeps_rows_of_imports_for_ever(source):
    confirm_importation(importation=prepare(source), by=SYSTEME)
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        LigneImportation.objects.update(motif="")
    ligne = LigneImportation.objects.filter(issue=Issue.REFUSEE).first()
    ligne.pk, ligne.issue = None, Issue.AJOUT
    with pytest.raises(IntegrityError, match="ligne_importation_ecrite"), transaction.atomic():
        LigneImportation.objects.bulk_create([ligne])


def test_the_dry_run_asks_the_same_of_the_database_for_many_rows(source, django_assert_max_num_queries):
    rangees = "".join(
        f"CPTS du Gier;Dépistage sein;{m:02d}/{a};6{m % 10}\n" for a in (2024, 2025) for m in range(1, 13)
    )
    importation = prepare(source, FICHIER + rangees)
    tableau = selectors.read_importation(importation)
    with django_assert_max_num_queries(4):
        assert len(selectors.compute_essai(importation, tableau).lignes) == 31


# Pages ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def coordination(contrat):
    return enter(Client(), make_membre(contrat.cpts, Role.COORDINATION).compte)


def url(nom: str, *args) -> str:
    return reverse(f"importations:{nom}", args=["gier", *args])


def read(reponse) -> str:
    texte = re.sub(r"<[^>]+>", " ", reponse.content.decode())
    return re.sub(r"\s+", " ", texte.replace("&#x27;", "'").replace("&nbsp;", " "))


def envoie(client: Client, contenu: str = FICHIER, **donnees):
    champs = {
        "fichier": SimpleUploadedFile("t3.csv", contenu.encode()),
        "nom": "Tableau de bord",
        "organisme": "assurance_maladie",
        "certificateur": "CPAM de la Loire",
    }
    return client.post(url("nouvelle"), champs | donnees)


def test_a_person_goes_from_the_file_to_the_values(coordination, contrat):
    reponse = envoie(coordination)
    assert reponse.status_code == 302
    page = coordination.get(reponse.url, follow=True)
    assert "8 lignes lues" in read(page)
    pk = Importation.objects.get().pk
    choix = {"indicateur": "Indicateur", "valeur": "Valeur", "date": "Période", "territoire": "CPTS"}
    reponse = coordination.post(url("colonnes", pk), choix | {"garde": "CPTS du Gier"})
    assert reponse.url == url("libelles", pk)
    form = coordination.get(reponse.url).context["form"]
    assert [form.fields[f"l{n}"].initial for n in range(4)] == ["sein", "ald", "participants", "annuaire"]
    reponse = coordination.post(url("libelles", pk), {f"l{n}": code for n, code in enumerate(LIBELLES.values())})
    texte = read(coordination.get(reponse.url))
    assert "3 valeurs ajoutées, 1 valeur sous secret statistique, 3 lignes refusées" in texte
    assert "Enregistrer 3 valeurs" in texte
    assert not Constat.objects.exists()
    page = coordination.post(url("confirmer", pk), follow=True)
    assert "3 valeurs enregistrées." in read(page)
    assert "Une valeur est fausse ?" in read(page)
    assert "t3.csv" in read(coordination.get(url("importations")))
    with use_cpts(contrat.cpts_id):
        sein = contrat.indicateurs.get(code="sein")
    texte = read(coordination.get(reverse("pilotage:indicateur", args=["gier", sein.pk])))
    assert "Fichier de l’Assurance Maladie 69,9 %" in texte
    liste = read(coordination.get(reverse("pilotage:indicateurs", args=["gier"]) + "?origine=fichier"))
    assert "fichier importé" in liste
    assert "3 indicateurs" in liste


def test_forms_say_what_lacks_beside_the_field(coordination):
    page = envoie(coordination, nom="", certificateur="")
    assert page.status_code == 422
    assert "Donnez un nom à cette source" in read(page)
    page = envoie(coordination, "Prénom;Valeur\nMarie;1\n")
    assert page.status_code == 422
    assert "désigne des personnes" in read(page)
    assert not Correspondance.objects.exists()
    envoie(coordination)
    pk = Importation.objects.get().pk
    page = coordination.post(url("colonnes", pk), {"indicateur": "Indicateur", "territoire": "CPTS"})
    assert page.status_code == 422
    for phrase in ("quelle colonne porte la valeur", "quelle colonne porte la date", "Choisissez votre territoire"):
        assert phrase in read(page)
    page = coordination.post(url("colonnes", pk), {"indicateur": "CPTS", "valeur": "CPTS", "date_fixe": "2027-01-01"})
    assert "ne peut pas servir deux fois" in read(page)
    assert "Ce jour n’est pas encore passé" in read(page)
    coordination.post(url("colonnes", pk), {"indicateur": "Indicateur", "valeur": "Valeur", "date": "Période"})
    page = coordination.post(url("libelles", pk), {})
    assert page.status_code == 422
    assert "Reliez au moins un libellé" in read(page)


def test_a_source_is_named_once_and_chosen_after(coordination):
    envoie(coordination)
    assert "Une source s’appelle déjà" in read(envoie(coordination))
    source = Correspondance.objects.get()
    assert envoie(coordination, source=source.pk, nom="", certificateur="").status_code == 302


def test_an_import_can_be_abandoned(coordination):
    envoie(coordination)
    pk = Importation.objects.get().pk
    assert "Rien n’a été enregistré" in read(coordination.post(url("abandonner", pk), follow=True))
    assert "elle ne change plus" in read(coordination.post(url("confirmer", pk), follow=True))


def test_the_bureau_reads_and_does_not_write(coordination, contrat):
    envoie(coordination)
    pk = Importation.objects.get().pk
    bureau = enter(Client(), make_membre(contrat.cpts, Role.BUREAU).compte)
    assert "La coordination n’a pas encore dit comment lire ce fichier" in read(bureau.get(url("importation", pk)))
    assert b"Importer un fichier" not in bureau.get(url("importations")).content
    assert bureau.post(url("confirmer", pk)).status_code == 404
    assert bureau.get(url("nouvelle")).status_code == 404


def test_a_lost_file_is_said(coordination, settings, tmp_path):
    envoie(coordination)
    pk = Importation.objects.get().pk
    settings.MEDIA_ROOT = str(tmp_path / "ailleurs")
    for nom in ("importation", "colonnes", "libelles"):
        page = coordination.get(url(nom, pk))
        assert page.status_code == 422
        assert "n’est plus sur le disque" in read(page)


def test_no_role_of_the_database_writes_an_import_of_another_community(source):
    importation = depose(source)
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from importations_importation")
        assert cursor.fetchone() == (1,)
    with use_cpts(importation.pk):  # any other identifier
        assert not Importation.objects.exists()
