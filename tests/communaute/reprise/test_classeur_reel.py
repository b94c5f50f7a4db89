"""A workbook as a community keeps it: a cover sheet, a heading, several faults on one row."""

import io
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fabriques.droits import enter, make_cpts, make_membre
from maillon.communaute.reprise.enums import Champ
from maillon.communaute.reprise.fiches import LigneRefusee, read_fiche
from maillon.communaute.reprise.models import Reprise
from maillon.communaute.reprise.selectors import read_liste
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.enums import Role
from maillon.socle.fichiers import fusions
from maillon.socle.fichiers.tableaux import TableauIllisible


def make_classeur(**feuilles: list[list[object]]) -> bytes:
    classeur = openpyxl.Workbook()
    classeur.remove(classeur.active)
    for nom, rangees in feuilles.items():
        feuille = classeur.create_sheet(nom)
        for rangee in rangees:
            feuille.append(rangee)
    sortie = io.BytesIO()
    classeur.save(sortie)
    return sortie.getvalue()


ACCUEIL: list[list[object]] = [["Liste des adhérents 2026"], ["Ne pas modifier"]]
LISTE: list[list[object]] = [["Adhérents au 1er novembre"], [], ["NOM", "Prénom"], ["Bœuf", "Maëlle"]]


def test_a_cover_sheet_is_passed_over_and_the_sheets_are_named():
    tableau = read_liste(make_classeur(Accueil=ACCUEIL, Vide=[], Liste=LISTE))
    assert (tableau.feuille, tableau.feuilles) == ("Liste", ("Accueil", "Vide", "Liste"))
    assert (tableau.entetes, tableau.lignes[0].numero) == (("NOM", "Prénom"), 4)
    with pytest.raises(TableauIllisible, match="deux colonnes"):
        read_liste(make_classeur(Accueil=ACCUEIL, Liste=LISTE), feuille="Accueil")
    with pytest.raises(TableauIllisible, match="deux colonnes"):
        read_liste(make_classeur(Accueil=ACCUEIL, Vide=[]))


def test_an_empty_sheet_chosen_by_mistake_says_so_beside_its_field(db):
    cpts = make_cpts()
    client = enter(Client(), make_membre(cpts, Role.SECRETARIAT).compte)
    fichier = SimpleUploadedFile("liste.xlsx", make_classeur(Accueil=ACCUEIL, Liste=LISTE))
    client.post(reverse("reprise:nouvelle", args=[cpts.slug]), {"fichier": fichier, "genre": "contacts"})
    with use_cpts(cpts.pk):
        url = reverse("reprise:colonnes", args=[cpts.slug, Reprise.objects.get().pk])
    saisie = {"genre": "contacts", "date_defaut": "2025-01-06", "c0": "nom", "c1": "prenom"}
    page = client.post(url, saisie | {"feuille": "Accueil"})
    assert page.status_code == 422
    assert "Feuille « Accueil »" in page.context["form"].errors["feuille"][0]
    assert "Maëlle" in page.content.decode()
    assert client.post(url, saisie | {"feuille": "Liste"}).status_code == 302


def test_a_row_says_all_its_faults_at_once():
    cellules = {
        Champ.NOM: "Nguyễn",
        Champ.RPPS: "123",
        Champ.COURRIEL: "pas-un-mail",
        Champ.TELEPHONE: "à demander",
        Champ.ADHESION: "31/02/2025",
    }
    with pytest.raises(LigneRefusee) as refus:
        read_fiche(4, cellules, on=date(2026, 11, 22))
    for faute in ("« 123 » n’a pas 11 chiffres", "« pas-un-mail »", "« à demander »", "« 31/02/2025 »"):
        assert faute in str(refus.value)
    del cellules[Champ.RPPS]
    with pytest.raises(LigneRefusee, match=r"Le prénom de Nguyễn manque.*pas-un-mail"):
        read_fiche(4, cellules, on=date(2026, 11, 22))


def make_fusionne(rangees: list[list[object]], *plages: str) -> bytes:
    """As a spreadsheet does: the first cell of a merge keeps its value, the others lose theirs."""
    classeur = openpyxl.Workbook()
    feuille = classeur.active
    for rangee in rangees:
        feuille.append(rangee)
    for plage in plages:
        feuille.merge_cells(plage)
    sortie = io.BytesIO()
    classeur.save(sortie)
    return sortie.getvalue()


def test_a_merged_cell_holds_for_all_the_rows_and_columns_under_it():
    tableau = read_liste(
        make_fusionne(
            [
                ["Adhérents au 1er novembre", None, None, None],
                ["NOM", "Prénom", "Structure", "Ville"],
                ["Bœuf", "Maëlle", "MSP du Gier", "Rive-de-Gier"],
                ["Ferrand", "Inès", None, None],
                ["Gay", "Léo", None, "Lorette"],
                ["Roux", "Zoé", "absente", None],
                ["Sol", "Ana", "Cabinet", "Farnay"],
            ],
            *("A1:D1", "C3:C5", "D3:D4", "C6:D6"),
        )
    )
    assert tableau.entetes == ("NOM", "Prénom", "Structure", "Ville")
    assert [ligne.cellules[2:] for ligne in tableau.lignes] == [
        ("MSP du Gier", "Rive-de-Gier"),
        ("MSP du Gier", "Rive-de-Gier"),
        ("MSP du Gier", "Lorette"),
        ("absente", "absente"),
        ("Cabinet", "Farnay"),
    ]
    assert [ligne.numero for ligne in tableau.lignes] == [3, 4, 5, 6, 7]


def test_titles_merged_over_two_rows_are_read_as_one_row_of_titles():
    tableau = read_liste(
        make_fusionne(
            [
                ["NOM", "Prénom", "Coordonnées", None],
                [None, None, "Téléphone", "Courriel"],
                ["Bœuf", "Maëlle", "0477000000", "maelle@exemple.fr"],
            ],
            *("A1:A2", "B1:B2", "C1:D1"),
        )
    )
    assert tableau.entetes == ("NOM", "Prénom", "Coordonnées Téléphone", "Coordonnées Courriel")
    assert [ligne.cellules[0] for ligne in tableau.lignes] == ["Bœuf"]


def test_merges_over_each_other_or_without_number_are_refused(monkeypatch):
    """A file made to be slow: what crosses a row never exceeds its cells, and what is kept is bounded."""
    rangees: list[list[object]] = [["NOM", "Prénom"], ["Bœuf", "Maëlle"]]
    with pytest.raises(TableauIllisible, match="défusionnez"):
        read_liste(make_fusionne(rangees, *(f"A2:A{rang}" for rang in range(3, 80))))
    monkeypatch.setattr(fusions, "FUSIONS_MAX", 2)
    with pytest.raises(TableauIllisible, match="défusionnez"):
        read_liste(make_fusionne(rangees, "A3:A4", "A5:A6", "A7:A8"))
