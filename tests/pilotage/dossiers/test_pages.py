"""Pages as people open them: ask, follow, open, send; what CPAM and ARS receive."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fabriques.dossiers import build_dossier, make_dossier, make_piece
from fabriques.droits import enter, make_agent, make_membre
from maillon.pilotage.arretes.services import freeze_periode
from maillon.pilotage.dossiers.enums import EtatDossier, GenrePiece
from maillon.pilotage.dossiers.models import Dossier, ModeleTableau
from maillon.pilotage.dossiers.services import request_dossier
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role, RoleTerritorial
from maillon.socle.journal.models import Entree

from .test_tableau import make_classeur, save


@pytest.fixture
def coordination(cpts):
    return enter(Client(), make_membre(cpts, Role.COORDINATION).compte)


@pytest.fixture
def cpam():
    return enter(Client(), make_agent(RoleTerritorial.CPAM, departement="42").compte)


def url(nom, cpts, *arguments):
    return reverse(f"dossiers:{nom}", args=[cpts.slug, *arguments])


def read(reponse) -> str:
    texte = re.sub(r"<[^>]+>", " ", reponse.content.decode())
    return re.sub(r"\s+", " ", texte.replace("&nbsp;", " ")).strip()


def test_one_click_prepares_the_pack(cpts, contrat, coordination):
    with use_cpts(cpts.pk):
        arrete = freeze_periode(contrat=contrat, numero=3, by=SYSTEME, motif="Dialogue")
    page = read(coordination.get(url("dossiers", cpts)))
    assert "Arrêté intermédiaire de l’année 3, au 24/11/2026" in page
    assert "Aucun dossier pour l’instant" in page
    reponse = coordination.post(url("dossiers", cpts), {"periode": str(arrete.pk)}, follow=True)
    assert "Préparation du dossier de l’année 3" in read(reponse)
    assert "0 document prêt sur 5" in read(reponse)
    with use_cpts(cpts.pk):
        assert Dossier.objects.get().arrete == arrete


def test_a_refused_choice_is_said(cpts, contrat, coordination):
    reponse = coordination.post(url("dossiers", cpts), {"periode": "hier"})
    assert reponse.status_code == 422
    with use_cpts(cpts.pk):
        assert not Dossier.objects.exists()


def test_progress_asks_for_the_page_once_done(cpts, contrat, coordination):
    with use_cpts(cpts.pk):
        dossier = request_dossier(contrat=contrat, by=SYSTEME)
    adresse = url("avancement", cpts, dossier.pk)
    assert "hx-get" in coordination.get(adresse).content.decode()
    with use_cpts(cpts.pk):
        Dossier.objects.filter(pk=dossier.pk).update(etat=EtatDossier.ECHEC, raison="disque plein")
    assert coordination.get(adresse).headers["HX-Refresh"] == "true"
    page = coordination.get(url("dossier", cpts, dossier.pk))
    assert "disque plein" in read(page)
    assert "Reprendre la préparation" in read(page)
    coordination.post(url("relancer", cpts, dossier.pk))
    with use_cpts(cpts.pk):
        assert Dossier.objects.get().etat == EtatDossier.EN_COURS


def test_a_pack_is_opened_sent_and_read_by_the_cpam(cpts, contrat, coordination, cpam):
    with use_cpts(cpts.pk):
        dossier = build_dossier(contrat)
        pieces = {piece.genre: piece for piece in dossier.pieces.all()}
    page = coordination.get(url("dossier", cpts, dossier.pk))
    assert "reste dans la communauté" in read(page)
    assert "Chiffres provisoires" in read(page)
    fichier = pieces[GenrePiece.ARCHIVE].fichier_id
    archive = coordination.get(reverse("fichiers_telecharger", args=[cpts.slug, fichier]))
    assert archive.content[:4] == b"PK\x03\x04"
    assert "dossier-et-justificatifs" in archive["Content-Disposition"]
    adresses = [reverse("dossiers:territoire_dossier", args=[dossier.pk])]
    adresses += [reverse("dossiers:territoire_piece", args=[dossier.pk, piece.pk]) for piece in pieces.values()]
    assert {cpam.get(adresse).status_code for adresse in adresses} == {404}
    assert "Aucun dossier reçu" in read(cpam.get(reverse("dossiers:territoire")))
    coordination.post(url("transmettre", cpts, dossier.pk))
    assert "CPTS d’essai" in read(cpam.get(reverse("dossiers:territoire")))
    texte = read(cpam.get(adresses[0]))
    assert "Dossier de dialogue de gestion (PDF)" in texte
    assert "nominatifs compris" not in texte
    for piece in pieces.values():
        reponse = cpam.get(reverse("dossiers:territoire_piece", args=[dossier.pk, piece.pk]))
        assert reponse.status_code == (404 if piece.interne else 200)
    with use_cpts(cpts.pk):
        ouverts = Entree.objects.filter(evenement="fichiers.ouvert", acteur__contains="cpam")
        assert ouverts.count() == len(pieces) - 1


def test_an_agent_of_another_departement_reads_nothing(cpts, contrat):
    with use_cpts(cpts.pk):
        dossier = make_dossier(contrat, transmis=True)
        piece = make_piece(dossier)
    ailleurs = enter(Client(), make_agent(RoleTerritorial.CPAM, departement="69").compte)
    assert ailleurs.get(reverse("dossiers:territoire_dossier", args=[dossier.pk])).status_code == 404
    assert ailleurs.get(reverse("dossiers:territoire_piece", args=[dossier.pk, piece.pk])).status_code == 404


def test_a_bureau_member_reads_but_does_not_open_what_names_people(cpts, contrat):
    with use_cpts(cpts.pk):
        dossier = make_dossier(contrat)
        interne = make_piece(dossier, GenrePiece.ARCHIVE_COMPLETE, interne=True)
        archive = make_piece(dossier, GenrePiece.ARCHIVE)
    client = enter(Client(), make_membre(cpts, Role.BUREAU).compte)
    page = read(client.get(url("dossier", cpts, dossier.pk)))
    assert "Transmettre" not in page
    assert "nominatifs" not in page
    assert "Tout télécharger" not in page
    for piece in (interne, archive):
        assert client.get(reverse("fichiers_telecharger", args=[cpts.slug, piece.fichier_id])).status_code == 404


def test_the_table_of_the_cpam_is_read_linked_and_refused(cpts, contrat, coordination):
    adresse = url("tableau", cpts)
    refus = coordination.post(adresse, {"fichier": SimpleUploadedFile("suivi.xlsx", b"MZ\x90\x00")})
    assert refus.status_code == 422
    assert "n’est pas d’un type accepté" in read(refus)
    depot = {"fichier": SimpleUploadedFile("suivi.xlsx", save(make_classeur()))}
    page = read(coordination.post(adresse, depot, follow=True))
    assert "Tableau lu" in page
    assert "Suivi, B6 : Patients en ALD" in page
    choix = {f"place-{rang}": "" for rang in range(6)} | {"place-0": "communaute"}
    assert coordination.post(url("relier", cpts), choix).status_code == 302
    with use_cpts(cpts.pk):
        assert ModeleTableau.objects.get().correspondances == {"nom_cpts": "communaute"}
    assert coordination.post(url("relier", cpts), {"place-0": "ailleurs"}).status_code == 422
    coordination.post(url("retirer", cpts))
    with use_cpts(cpts.pk):
        assert ModeleTableau.objects.get().retire_le is not None


def test_the_list_costs_the_same_whatever_its_length(cpts, contrat, coordination, django_assert_max_num_queries):
    with use_cpts(cpts.pk):
        for _ in range(30):
            make_dossier(contrat)
    coordination.get(url("dossiers", cpts))
    with django_assert_max_num_queries(32):
        coordination.get(url("dossiers", cpts))
