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
