"""Evidence: of acts, several at once, in versions, withdrawn; who opens it, and what CPAM and ARS never read."""

import hashlib
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from fabriques.droits import enter, make_membre
from fabriques.pilotage import DECLARE, create_acte, make_contrat_ald
from maillon.pilotage.contrats import actes
from maillon.pilotage.contrats.actes import make_empreinte
from maillon.pilotage.contrats.annee import compute_annee
from maillon.pilotage.contrats.donnees import DonneesPreuve, Piece
from maillon.pilotage.contrats.enums import EtatPreuve, GenrePreuve
from maillon.pilotage.contrats.models import Preuve, Releve, ReleveActe, RetraitPreuve
from maillon.pilotage.contrats.releves import refresh_releve
from maillon.pilotage.contrats.selectors import find_ligne
from maillon.pilotage.contrats.services import (
    attach_documents,
    attach_preuve,
    record_constat,
    replace_preuve,
    undo_depot,
    withdraw_preuve,
)
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.fichiers.services import read_fichier
from maillon.socle.horloge import at

AUJOURD_HUI = date(2026, 11, 24)
JOUR = date(2026, 10, 5)
FEUILLE = DonneesPreuve(libelle="Feuille d’émargement", le=JOUR, genre=GenrePreuve.EMARGEMENT, nominative=True)


@pytest.fixture
def contrat(dans_cpts):
    """Three acts without evidence on one day, two with evidence of their own another day: they reach a tier."""
    contrat = make_contrat_ald(dans_cpts)
    for _ in range(3):
        create_acte(dans_cpts.pk, JOUR, empreinte="")
    for _ in range(2):
        create_acte(dans_cpts.pk, date(2026, 10, 9))
    refresh_releve(cpts_id=dans_cpts.pk)
    return contrat


@pytest.fixture
def ald(contrat):
    return contrat.indicateurs.get(code="ald")


@pytest.fixture
def references(dans_cpts, contrat):
    return [DECLARE.to_acte(row).reference for row in DECLARE.rows(dans_cpts.pk, JOUR, date(2026, 10, 6))]


def lacune(contrat):
    ligne = find_ligne(compute_annee(contrat, AUJOURD_HUI), contrat.indicateurs.get(code="ald"))
    return ligne.lacune


# Services ----------------------------------------------------------------------------------------------------------


def test_one_sheet_proves_several_acts_at_once(contrat, ald, references):
    assert lacune(contrat).nombre == 3
    depot = attach_documents(
        indicateur=ald, donnees=FEUILLE, pieces=[Piece("f.pdf", b"%PDF-1.7")], actes=references, by=SYSTEME
    )
    assert len(depot.preuves) == 3
    assert len({preuve.fichier_id for preuve in depot.preuves}) == 1
    assert lacune(contrat) is None  # at once: the page which asked asks no more
    attendue = make_empreinte(hashlib.sha256(b"%PDF-1.7").hexdigest(), code="ald")
    assert ReleveActe.objects.filter(empreinte=attendue).count() == 3


def test_a_refused_document_leaves_the_others(ald):
    depot = attach_documents(
        indicateur=ald,
        donnees=FEUILLE,
        pieces=[Piece("a.pdf", b"%PDF-1.7"), Piece("b.pdf", b"<html>"), Piece("c.txt", b"texte")],
        by=SYSTEME,
    )
    assert len(depot.preuves) == 2
    assert len(depot.refus) == 1
    assert "b.pdf" in depot.refus[0]


def test_a_new_version_keeps_the_former(contrat, ald, references):
    ancienne = attach_documents(
        indicateur=ald, donnees=FEUILLE, pieces=[Piece("f.txt", b"un")], actes=references, by=SYSTEME
    ).preuves[0]
    nouvelles = replace_preuve(preuve=ancienne, donnees=FEUILLE, piece=Piece("f.txt", b"deux"), by=SYSTEME)
    assert [n.version for n in nouvelles] == [2, 2, 2]
    assert Preuve.objects.en_vigueur().count() == 3
    assert Preuve.objects.get(pk=ancienne.pk).etat == EtatPreuve.REMPLACEE
    assert read_fichier(Preuve.objects.get(pk=ancienne.pk).fichier) == b"un"
    with pytest.raises(SaisieInvalide, match="déjà été remplacé"):
        replace_preuve(preuve=ancienne, donnees=FEUILLE, piece=Piece("f.txt", b"trois"), by=SYSTEME)


def test_the_same_bytes_are_no_new_version(ald):
    preuve = attach_documents(indicateur=ald, donnees=FEUILLE, pieces=[Piece("f.txt", b"un")], by=SYSTEME).preuves[0]
    with pytest.raises(SaisieInvalide, match="empreinte est identique"):
        replace_preuve(preuve=preuve, donnees=FEUILLE, piece=Piece("f.txt", b"un"), by=SYSTEME)


def test_a_withdrawn_document_proves_nothing_and_stays_visible(contrat, ald, references):
    preuves = attach_documents(
        indicateur=ald, donnees=FEUILLE, pieces=[Piece("f.txt", b"un")], actes=references, by=SYSTEME
    ).preuves
    assert withdraw_preuve(preuve=preuves[0], motif="Autre réunion", by=SYSTEME) == 1
    assert lacune(contrat).nombre == 1
    assert Preuve.objects.get(pk=preuves[0].pk).etat == EtatPreuve.RETIREE
    assert withdraw_preuve(preuve=preuves[1], motif="Autre réunion", by=SYSTEME, partout=True) == 2
    assert lacune(contrat).nombre == 3
    assert Preuve.objects.count() == 3
    for motif, preuve in (("", preuves[1]), ("encore", preuves[0])):
        with pytest.raises(SaisieInvalide):
            withdraw_preuve(preuve=preuve, motif=motif, by=SYSTEME)


def test_undoing_withdraws_all_that_was_joined_together_and_nothing_else(ald):
    with at(datetime(2026, 11, 23, 12, tzinfo=UTC)):
        garde = attach_preuve(indicateur=ald, libelle="Avant", le=JOUR, nom="a.txt", contenu=b"avant", by=SYSTEME)
    depot = attach_documents(
        indicateur=ald, donnees=FEUILLE, pieces=[Piece("a.txt", b"a"), Piece("b.txt", b"b")], by=SYSTEME
    )
    assert undo_depot(preuve=depot.preuves[0], by=SYSTEME) == 2
    assert list(Preuve.objects.en_vigueur()) == [garde]
    assert RetraitPreuve.objects.filter(motif__startswith="Joint par erreur").count() == 2


def test_a_withdrawn_document_may_be_joined_again(ald):
    donnees = {"indicateur": ald, "libelle": "x", "le": JOUR, "nom": "a.txt", "contenu": b"a", "by": SYSTEME}
    premiere = attach_preuve(**donnees)
    withdraw_preuve(preuve=premiere, motif="Erreur", by=SYSTEME)
    assert attach_preuve(**donnees) != premiere


@pytest.mark.parametrize("table", ["pilotage_preuve", "pilotage_retraitpreuve"])
def test_neither_evidence_nor_withdrawal_can_be_changed(ald, table):
    preuve = attach_documents(indicateur=ald, donnees=FEUILLE, pieces=[Piece("f.txt", b"un")], by=SYSTEME).preuves[0]
    withdraw_preuve(preuve=preuve, motif="Erreur", by=SYSTEME)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(f"DELETE FROM {table}")


def test_a_document_that_names_people_is_published_by_its_kind_and_hash(dans_cpts, contrat, ald, references):
    canari = "Mme Zéphyrine Canari"
    for cibles in ((), references):
        attach_documents(
            indicateur=ald,
            donnees=replace(FEUILLE, libelle=f"Émargement de {canari}"),
            pieces=[Piece(f"{canari}.txt", f"{canari} {len(cibles)}".encode())],
            actes=cibles,
            by=SYSTEME,
        )
    releve = refresh_releve(cpts_id=dans_cpts.pk)
    publie = str(Releve.objects.get(pk=releve.pk).chiffres) + str(list(ReleveActe.objects.values()))
    assert "Zéphyrine" not in publie
    assert "feuille d’émargement" in publie


# Pages -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def communaute(cpts):
    with use_cpts(cpts.pk):
        contrat = make_contrat_ald(cpts)
        for _ in range(3):
            create_acte(cpts.pk, JOUR, empreinte="")
        for _ in range(2):
            create_acte(cpts.pk, date(2026, 10, 9))
        refresh_releve(cpts_id=cpts.pk)
        contrat.ald = contrat.indicateurs.get(code="ald").pk
        contrat.annuaire = contrat.indicateurs.get(code="annuaire").pk
    return contrat


@pytest.fixture
def membre(cpts):
    def build(role: Role, mission: str = "") -> Client:
        return enter(Client(), make_membre(cpts, role, mission=mission).compte)

    return build


def url(nom: str, cpts, *cles) -> str:
    return reverse(f"pilotage:{nom}", args=[cpts.slug, *cles])


def read(reponse) -> str:
    texte = re.sub(r"<[^>]+>", " ", reponse.content.decode())
    return re.sub(r"\s+", " ", texte.replace("&nbsp;", " "))


def saisie(*fichiers, **autres) -> dict:
    return {
        "libelle": "Feuille d’émargement",
        "genre": "emargement",
        "fait_le": JOUR.isoformat(),
        "nominative": "on",
        "fichiers": list(fichiers) or [SimpleUploadedFile("feuille.pdf", b"%PDF-1.7")],
    } | autres


def test_acts_ticked_in_the_table_receive_the_document(cpts, communaute, membre):
    client = membre(Role.COORDINATION)
    page = client.get(url("indicateur", cpts, communaute.ald))
    assert "Sans justificatif 3" in read(page)
    nus = [montre.acte.reference for montre in page.context["actes"] if montre.manque]
    envoi = saisie(portee="choisis", acte=[*nus[:2], "A-INCONNU"])
    reponse = client.post(url("ajouter_preuve", cpts, communaute.ald), envoi, follow=True)
    assert "1 document est joint à 2 actes." in read(reponse)
    with use_cpts(cpts.pk):
        assert Preuve.objects.count() == 2
    page = client.get(url("indicateur", cpts, communaute.ald) + "?actes=manque")
    assert [montre.acte.reference for montre in page.context["actes"]] == nus[2:]


@pytest.mark.parametrize(("portee", "nombre"), [("jour", 3), ("manque", 3)])
def test_all_the_acts_of_a_day_or_all_that_lack(cpts, communaute, membre, portee, nombre):
    client = membre(Role.COORDINATION)
    client.post(url("ajouter_preuve", cpts, communaute.ald), saisie(portee=portee))
    with use_cpts(cpts.pk):
        assert Preuve.objects.count() == nombre


@pytest.mark.parametrize(
    ("envoi", "phrase"),
    [
        ({"portee": "choisis"}, "Cochez au moins un acte dans le tableau."),
        ({"portee": "jour", "fait_le": "2026-11-01"}, "Aucun acte de l’année n’a ce jour pour date."),
        ({"fait_le": "2027-01-01"}, "n’est pas encore passé"),
        ({"fichiers": SimpleUploadedFile("page.pdf", b"<html>")}, "n’est pas d’un type accepté"),
        ({"fichiers": []}, "obligatoire"),
    ],
)
def test_what_is_refused_is_said(cpts, communaute, membre, envoi, phrase):
    reponse = membre(Role.COORDINATION).post(url("ajouter_preuve", cpts, communaute.ald), saisie() | envoi)
    assert reponse.status_code == 422
    assert phrase in read(reponse)
    with use_cpts(cpts.pk):
        assert not Preuve.objects.exists()


def test_of_several_files_the_good_ones_are_kept_and_the_text_too(cpts, communaute, membre):
    fichiers = [SimpleUploadedFile("bon.pdf", b"%PDF-1.7"), SimpleUploadedFile("faux.pdf", b"<html>")]
    reponse = membre(Role.COORDINATION).post(url("ajouter_preuve", cpts, communaute.annuaire), saisie(*fichiers))
    assert reponse.status_code == 422
    texte = reponse.content.decode()
    assert "faux.pdf" in texte
    assert 'value="Feuille d’émargement"' in texte
    assert "1 document est joint" in read(reponse)
    with use_cpts(cpts.pk):
        assert Preuve.objects.get().fichier.nom == "bon.pdf"


def test_the_register_lists_filters_and_exports(cpts, communaute, membre):
    client = membre(Role.COORDINATION)
    client.post(url("ajouter_preuve", cpts, communaute.annuaire), saisie(libelle="=FORMULE()"))
    with use_cpts(cpts.pk):
        preuve = Preuve.objects.get()
    assert "1 justificatif" in read(client.get(url("justificatifs", cpts)))
    assert "Annuaire en ligne" in read(client.get(url("justificatifs", cpts) + "?etat=en_vigueur&genre=emargement"))
    csv = client.get(url("justificatifs", cpts) + "?export=csv").content.decode("utf-8-sig")
    assert "'=FORMULE()" in csv
    assert preuve.empreinte in csv
    client.post(url("retirer_preuve", cpts, preuve.pk), {"motif": "Autre réunion"})
    assert "retiré" in read(client.get(url("justificatifs", cpts) + "?etat=retiree"))
    fiche = read(client.get(url("justificatif", cpts, preuve.pk)))
    assert "Ce justificatif est retiré" in fiche
    assert "Autre réunion" in fiche


def test_the_documents_of_values_are_listed_for_their_mission(cpts, communaute, membre):
    with use_cpts(cpts.pk):
        record_constat(
            indicateur=communaute.indicateurs.get(code="ald"),
            valeur=Decimal(90),
            le=date(2026, 11, 3),
            by=SYSTEME,
            source="courrier du 3 novembre",
            certifie_par="CPAM",
            document=Piece("courrier.pdf", b"%PDF-1.7"),
        )
    adresse = url("documents_valeurs", cpts)
    assert "courrier du 3 novembre" in read(membre(Role.PROFESSIONNEL, "acces").get(adresse))
    assert "courrier du 3 novembre" not in read(membre(Role.PROFESSIONNEL, "prevention").get(adresse))
    assert "courrier.pdf" in membre(Role.COORDINATION).get(adresse + "?export=csv").content.decode()


def test_what_lacks_is_listed_by_euros_with_its_button(cpts, communaute, membre):
    texte = read(membre(Role.COORDINATION).get(url("manquants", cpts)))
    assert "Manquent trois suivis nominatifs" in texte
    assert "Joindre un justificatif à Patients en ALD" in texte
    assert "Joindre un justificatif" not in read(membre(Role.PRESIDENT).get(url("manquants", cpts)))


def test_a_version_and_a_withdrawal_from_the_page(cpts, communaute, membre):
    client = membre(Role.COORDINATION)
    client.post(url("ajouter_preuve", cpts, communaute.annuaire), saisie())
    with use_cpts(cpts.pk):
        premiere = Preuve.objects.get()
    envoi = saisie() | {"fichier": SimpleUploadedFile("v2.pdf", b"%PDF-1.7 v2")}
    page = client.post(url("remplacer_preuve", cpts, premiere.pk), envoi, follow=True)
    assert "La version 2 est en vigueur" in read(page)
    assert "Version 1 jointe" in read(page)
    refus = client.post(url("remplacer_preuve", cpts, premiere.pk), envoi)
    assert refus.status_code == 422
    assert client.post(url("retirer_preuve", cpts, premiere.pk), {"motif": ""}).status_code == 422


def test_the_undo_of_the_message_withdraws(cpts, communaute, membre):
    client = membre(Role.COORDINATION)
    page = client.post(url("ajouter_preuve", cpts, communaute.annuaire), saisie(), follow=True)
    annuler = re.search(r'action="([^"]+/annuler/)"', page.content.decode())
    assert annuler is not None
    assert client.post(annuler[1]).status_code == 302
    with use_cpts(cpts.pk):
        assert Preuve.objects.get().etat == EtatPreuve.RETIREE


@pytest.mark.parametrize(
    ("role", "mission", "discret", "statut"),
    [
        (Role.COORDINATION, "", True, 200),
        (Role.PROFESSIONNEL, "acces", False, 200),
        (Role.PROFESSIONNEL, "acces", True, 404),  # being in the list says what few may know
        (Role.PROFESSIONNEL, "prevention", False, 404),
        (Role.PRESIDENT, "", False, 404),
        (Role.BUREAU, "", False, 404),
    ],
)
def test_a_document_that_names_people_opens_for_its_mission_only(
    cpts, communaute, membre, monkeypatch, role, mission, discret, statut
):
    monkeypatch.setattr(actes, "collect", lambda kind: iter((replace(DECLARE, discret=discret),)))
    with use_cpts(cpts.pk):
        ald = communaute.indicateurs.get(code="ald")
        donnees = replace(FEUILLE, libelle="Suivi de M. Zéphyr")
        preuve = attach_documents(indicateur=ald, donnees=donnees, pieces=[Piece("f.txt", b"un")], by=SYSTEME).preuves[
            0
        ]
    client = membre(role, mission)
    assert client.get(reverse("fichiers_telecharger", args=[cpts.slug, preuve.fichier_id])).status_code == statut
    for adresse in (
        url("justificatifs", cpts),
        url("justificatif", cpts, preuve.pk),
        url("indicateur", cpts, communaute.ald),
        url("justificatifs", cpts) + "?export=csv",
    ):
        assert ("Zéphyr" in client.get(adresse).content.decode()) is (statut == 200), adresse
    # Nor does a search tell what the page hides.
    trouve = client.get(url("justificatifs", cpts) + "?q=Zéphyr").content.decode()
    assert (preuve.empreinte[:8] in trouve) is (statut == 200)


def test_pages_ask_the_same_queries_whatever_the_number_of_documents(
    cpts, communaute, membre, django_assert_max_num_queries
):
    client = membre(Role.COORDINATION)
    with use_cpts(cpts.pk):
        ald = communaute.indicateurs.get(code="ald")
        for rang in range(12):
            attach_documents(indicateur=ald, donnees=FEUILLE, pieces=[Piece("f.txt", str(rang).encode())], by=SYSTEME)
        pks = [DECLARE.to_acte(row).reference for row in DECLARE.rows(cpts.pk, JOUR, date(2026, 10, 6))]
        attach_documents(indicateur=ald, donnees=FEUILLE, pieces=[Piece("f.txt", b"z")], actes=pks, by=SYSTEME)
    for adresse in (url("justificatifs", cpts), url("manquants", cpts), url("indicateur", cpts, communaute.ald)):
        with django_assert_max_num_queries(45):
            assert client.get(adresse).status_code == 200
