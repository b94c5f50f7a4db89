"""Asking, making and sending: once, in steps that may run again, and never before it is ready."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from fabriques.dossiers import build_dossier, make_dossier, make_piece
from fabriques.droits import make_cpts
from fabriques.pilotage import DonneesContratFabrique
from maillon.pilotage.arretes.services import freeze_periode
from maillon.pilotage.contrats.enums import EtatContrat
from maillon.pilotage.contrats.services import create_contrat, record_constat
from maillon.pilotage.dossiers import selectors, tasks
from maillon.pilotage.dossiers.enums import EtatDossier, GenrePiece
from maillon.pilotage.dossiers.models import Dossier, PieceDossier
from maillon.pilotage.dossiers.services import request_dossier, retry_dossier, transmit_dossier
from maillon.pilotage.dossiers.services.pieces import list_justificatifs
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.contexte import act_in, read_cpts, use_cpts
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.droits.enums import Genre, Role, RoleTerritorial
from maillon.socle.fichiers.enums import TypeFichier
from maillon.socle.fichiers.models import Fichier
from maillon.socle.fichiers.services import FichierRefuse, read_fichier, store_fichier
from maillon.socle.journal.models import Entree


def produce(dossier: Dossier) -> Dossier:
    tasks.produire.func(cpts_id=str(dossier.cpts_id), dossier_id=str(dossier.pk))
    dossier.refresh_from_db()
    return dossier


def test_one_pack_at_a_time(contrat):
    premier = request_dossier(contrat=contrat, by=SYSTEME)
    assert request_dossier(contrat=contrat, by=SYSTEME) == premier
    assert premier.annee == 3
    assert premier.provisoire
    with pytest.raises(IntegrityError), transaction.atomic():
        Dossier.objects.create(cpts_id=contrat.cpts_id, contrat=contrat, annee=3, total=5)


def test_a_contract_in_preparation_or_a_year_to_come_has_no_pack(contrat, dans_cpts):
    with pytest.raises(SaisieInvalide, match="L’année 4 du contrat n’a pas commencé"):
        request_dossier(contrat=contrat, numero=4, by=SYSTEME)
    contrat.etat = EtatContrat.BROUILLON
    with pytest.raises(SaisieInvalide, match="en préparation"):
        request_dossier(contrat=contrat, by=SYSTEME)


def test_the_job_makes_every_document_and_says_how_far_it_is(contrat):
    dossier = produce(request_dossier(contrat=contrat, by=SYSTEME))
    assert dossier.etat == EtatDossier.PRET
    assert (dossier.fait, dossier.total) == (6, 6)  # without a table of the CPAM
    genres = set(dossier.pieces.values_list("genre", flat=True))
    assert genres == set(GenrePiece) - {GenrePiece.TABLEAU}
    assert {piece.fichier.type for piece in dossier.pieces.select_related("fichier")} == {
        TypeFichier.PDF, TypeFichier.XLSX, TypeFichier.DOCX, TypeFichier.ZIP,
    }  # fmt: skip


def test_the_job_may_run_twice(contrat):
    dossier = produce(request_dossier(contrat=contrat, by=SYSTEME))
    avant = dict(dossier.pieces.values_list("genre", "empreinte"))
    produce(dossier)
    assert dict(dossier.pieces.values_list("genre", "empreinte")) == avant
    assert Entree.objects.filter(evenement="dossiers.pret").count() == 1


def test_all_documents_are_of_one_moment(contrat, monkeypatch):
    """A value that comes between two documents changes none of them."""
    dossier = request_dossier(contrat=contrat, by=SYSTEME)
    vraie = tasks.produce_piece

    def produce_piece(*, dossier_id, genre):
        record_constat(
            indicateur=contrat.indicateurs.get(code="annuaire"), valeur=Decimal(0), le=date(2026, 11, 20), by=SYSTEME,
            source="essai", certifie_par="CPAM",
        )  # fmt: skip
        return vraie(dossier_id=dossier_id, genre=genre)

    monkeypatch.setattr(tasks, "produce_piece", produce_piece)
    produce(dossier)
    annuaire = dossier.matiere["chiffres"]["missions"][0]["indicateurs"][1]
    assert (annuaire["constate"], annuaire["prevu"]) == (None, "1")


def test_a_failed_pack_says_why_and_goes_on_where_it_stopped(contrat):
    dossier = build_dossier(contrat)
    contenu = next(j.contenu for j in list_justificatifs(dossier, complete=False) if j.contenu is not None)
    garde = contenu.read_bytes()
    contenu.unlink()
    autre = produce(request_dossier(contrat=contrat, by=SYSTEME))
    assert autre.etat == EtatDossier.ECHEC
    assert "n’est plus sur le disque" in autre.raison
    assert autre.fait == 4
    faits = set(autre.pieces.values_list("pk", flat=True))
    contenu.write_bytes(garde)
    assert retry_dossier(dossier=autre, by=SYSTEME).etat == EtatDossier.EN_COURS
    produce(autre)
    assert autre.etat == EtatDossier.PRET
    assert faits <= set(autre.pieces.values_list("pk", flat=True))


def test_an_unexpected_failure_is_said_and_raised(contrat, monkeypatch):
    dossier = request_dossier(contrat=contrat, by=SYSTEME)
    monkeypatch.setattr(tasks, "produce_piece", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        tasks.produire.func(cpts_id=str(dossier.cpts_id), dossier_id=str(dossier.pk))
    dossier.refresh_from_db()
    assert "erreur imprévue" in dossier.raison


def test_only_a_ready_pack_is_sent_once(contrat):
    dossier = request_dossier(contrat=contrat, by=SYSTEME)
    with pytest.raises(SaisieInvalide, match="n’est pas prêt"):
        transmit_dossier(dossier=dossier, by=SYSTEME)
    with pytest.raises(IntegrityError), transaction.atomic():
        Dossier.objects.filter(pk=dossier.pk).update(transmis_le=timezone.now())
    produce(dossier)
    le = transmit_dossier(dossier=dossier, by=SYSTEME).transmis_le
    assert transmit_dossier(dossier=dossier, by=SYSTEME).transmis_le == le
    assert Entree.objects.filter(evenement="dossiers.transmis").count() == 1


def test_what_names_people_cannot_be_written_as_fit_to_be_sent(contrat):
    dossier = make_dossier(contrat)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_piece(dossier, GenrePiece.ARCHIVE_COMPLETE)
    assert make_piece(dossier, GenrePiece.ARCHIVE_COMPLETE, interne=True).pk


def test_agents_read_what_was_sent_and_nothing_else(contrat):
    secret, envoye = make_dossier(contrat), make_dossier(contrat, transmis=True)
    make_piece(envoye)
    interne = make_piece(envoye, GenrePiece.ARCHIVE_COMPLETE, interne=True)
    agent = Acteur(genre=Genre.AGENT, roles=frozenset({RoleTerritorial.CPAM}), cpts_lues=frozenset({contrat.cpts_id}))
    with read_cpts(agent.cpts_lues, acteur="cpam"):
        assert list(Dossier.objects.all()) == [envoye]  # the database itself hides the other
        assert secret not in selectors.list_transmis(agent)
        assert not PieceDossier.objects.exists()
        with act_in(contrat.cpts_id):
            assert interne not in selectors.list_pieces_transmises(envoye)
    with read_cpts([make_cpts().pk], acteur="cpam"):
        assert not Dossier.objects.exists()


@pytest.mark.parametrize(("genre", "interne"), [(GenrePiece.ARCHIVE, False), (GenrePiece.ARCHIVE_COMPLETE, True)])
def test_the_bureau_does_not_open_archives(contrat, genre, interne):
    interne = make_piece(make_dossier(contrat), genre, interne=interne)
    bureau = Acteur(genre=Genre.MEMBRE, cpts_id=contrat.cpts_id, roles=frozenset({Role.BUREAU}))
    coordination = Acteur(genre=Genre.MEMBRE, cpts_id=contrat.cpts_id, roles=frozenset({Role.COORDINATION}))
    assert not selectors.may_open_piece(bureau, interne.fichier_id)
    assert selectors.may_open_piece(coordination, interne.fichier_id)


def test_a_sealed_pack_keeps_the_figures_of_its_seal(contrat):
    arrete = freeze_periode(contrat=contrat, numero=3, by=SYSTEME, motif="Dialogue")
    record_constat(
        indicateur=contrat.indicateurs.get(code="annuaire"), valeur=Decimal(1), le=date(2026, 11, 20), by=SYSTEME,
        source="essai", certifie_par="CPAM",
    )  # fmt: skip
    dossier = build_dossier(contrat, arrete)
    assert dossier.matiere["chiffres"] == arrete.contenu["chiffres"]
    assert dossier.matiere["arrete"]["empreinte"] == arrete.empreinte
    provisoire = build_dossier(contrat)
    assert provisoire.matiere["chiffres"]["montants"] != arrete.contenu["chiffres"]["montants"]


def test_a_contract_known_by_its_total_has_a_pack(dans_cpts):
    contrat = create_contrat(
        cpts_id=dans_cpts.pk,
        donnees=DonneesContratFabrique(
            signe_le=date(2023, 9, 24), bareme_le=date(2019, 9, 24), population=67285, indicateurs=[],
            plafond_publie=Decimal(210000), plafond_source="communiqué",
        ),
        by=SYSTEME,
    )  # fmt: skip
    dossier = build_dossier(contrat)
    assert dossier.matiere["versements"]["echeancier"] == []
    assert {ligne["total"] for ligne in dossier.matiere["plafonds"]} == {"210000.00"}
    assert dossier.pieces.count() == 5


def test_nobody_may_send_a_zip(contrat):
    archive = build_dossier(contrat).pieces.get(genre=GenrePiece.ARCHIVE)
    assert archive.fichier.type == TypeFichier.ZIP
    avant = Fichier.objects.count()
    with pytest.raises(FichierRefuse, match="n’est pas d’un type accepté"):
        store_fichier(cpts_id=contrat.cpts_id, nom="a.zip", contenu=read_fichier(archive.fichier), by=SYSTEME)
    assert Fichier.objects.count() == avant


def test_another_community_sees_no_pack(contrat):
    make_dossier(contrat)
    with use_cpts(make_cpts().pk):
        assert not Dossier.objects.exists()
