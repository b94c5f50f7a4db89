"""Files in and out of the budget by the pages: tried, matched, imported, exported."""

import io

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from fabriques.budget import CSV, read, url
from maillon.pilotage.budget.models import ImportOperations
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.enums import Role


def test_a_file_is_tried_then_imported(cpts, contrat, membre):
    client = membre(Role.COORDINATION)
    fichier = SimpleUploadedFile("operations.csv", (CSV + "x;y;z;;\n").encode())
    reponse = client.post(url("importer", cpts), {"piece": fichier})
    with use_cpts(cpts.pk):
        depot = ImportOperations.objects.get()
    assert reponse.url == url("import", cpts, depot.pk)
    texte = read(client.get(reponse.url))
    assert "1 opération serait créée" in texte
    assert "Ligne 3" in texte
    assert client.post(url("import", cpts, depot.pk), {"le": ""}).status_code == 422
    texte = read(client.post(url("import_appliquer", cpts, depot.pk), follow=True))
    assert "1 opération créée" in texte
    classeur = client.get(url("classeur", cpts))
    lignes = list(openpyxl.load_workbook(io.BytesIO(classeur.content)).active.values)
    assert lignes[1][6:9] == ("Affiches", None, 120.5)
    assert "déjà importé" in read(client.post(url("import_abandonner", cpts, depot.pk), follow=True))
    fec = client.post(url("comptabilite", cpts), {"debut": "2026-01-01", "cloture": "2026-12-31"})
    assert f"{cpts.slug}FEC20261231.txt" in fec["Content-Disposition"]
    assert client.post(url("comptabilite", cpts), {"debut": "2026-12-31", "cloture": "2026-01-01"}).status_code == 422


def test_unknown_heads_are_asked_for_before_any_row_is_called_bad(cpts, membre):
    client = membre(Role.COORDINATION)
    fichier = SimpleUploadedFile("autre.csv", b"Quand;Objet;Somme\n03/03/2026;Loyer;500\n")
    texte = read(client.post(url("importer", cpts), {"piece": fichier}, follow=True))
    assert "quelle colonne de votre fichier donne : Date, Mission ou fonctionnement, Catégorie, Montant." in texte
    assert "Ligne 2" not in texte
    assert "serait créée" not in texte
