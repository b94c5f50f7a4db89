"""The waiting list of a spreadsheet: what is read, what is never kept, duplicates, agreement, forgetting."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.db import IntegrityError, connection, transaction
from openpyxl import Workbook

from fabriques.droits import make_cpts
from fabriques.entrees import TITRES, deposit_liste, look_liste, take_liste
from fabriques.medecin_traitant import Guichet, file_demande, make_demande, make_guichet, make_medecin
from maillon.communaute.patients.models import Identite, IndexIdentite, Patient, RelationSoin
from maillon.communaute.patients.notices import NOTICE_VERSION
from maillon.communaute.patients.selectors import read_identites
from maillon.communaute.reprise.enums import EtatReprise
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.attente.colonnes import NIR_ECARTE, clean_liste, find_manque, propose_colonnes
from maillon.missions.medecin_traitant.enums import (
    Accord,
    Action,
    Cloture,
    Etat,
    IssueAttente,
    MoyenAccord,
    Origine,
    RoleEquipe,
)
from maillon.missions.medecin_traitant.models import ActionRefusee, Demande, LigneAttente, ListeAttente
from maillon.missions.medecin_traitant.selectors.attente import compute_tournee
from maillon.missions.medecin_traitant.services.listes import LIMITES
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.fichiers.tableaux import read_tableau
from maillon.socle.horloge import today
from maillon.socle.journal.models import Entree, Lecture

pytestmark = pytest.mark.django_db

ZOE = (
    "CANARI;Zoé;12/03/1944;04 77 11 22 33;Saint-Étienne;42000;03/02/2026;oui;"
    "diabète, hypertension;2 44 03 42 218 001 12"
)
PAUL = "Durand;Paul;1980;477112244;St Etienne;;15/06/2026;non;;"


def test_titles_are_recognised_and_free_texts_and_numbers_are_not_kept() -> None:
    tableau = read_tableau(f"{TITRES}\n{ZOE}\n".encode(), limites=LIMITES)
    proposees = propose_colonnes(tableau.entetes)
    liste = clean_liste(tableau, {titre: champ.value for titre, champ in proposees.items()})
    assert [titre for titre, _ in liste.ecartees] == ["Observations", "N° sécu"]
    assert {titre: champ.value for titre, champ in proposees.items()} == {
        "Nom": "nom",
        "Prénom": "prenom",
        "Date de naissance": "naissance",
        "Tél": "telephone",
        "Ville": "commune",
        "CP": "code_postal",
        "Date de la demande": "demandee_le",
        "ALD": "ald",
    }
    assert not find_manque(proposees)


@pytest.mark.parametrize(
    ("titres", "ligne", "ecartee"),
    [
        ("Nom;Tél;Ville;Truc", "Durand;0477112233;Villars;1 80 05 42 218 001 12", "Truc"),
        ("Nom;Tél;Ville;Divers", "Durand;0477112233;Villars;x", "Divers"),
        ("Nom;Tél;Ville;Colonne", f"Durand;0477112233;Villars;{'elle souffre de ' * 4}", "Colonne"),
        ("Nom;Tél;Ville;Pathologie", "Durand;0477112233;Villars;asthme", "Pathologie"),
        ("Nom;Tél;Ville;NIR", "Durand;0477112233;Villars;", "NIR"),
    ],
)
def test_what_may_say_an_illness_or_a_number_is_left_out(titres: str, ligne: str, ecartee: str) -> None:
    tableau = read_tableau(f"{titres}\n{ligne}\n".encode(), limites=LIMITES)
    liste = clean_liste(tableau, {titre: c.value for titre, c in propose_colonnes(tableau.entetes).items()})
    assert [titre for titre, _ in liste.ecartees] == [ecartee]


def test_a_number_in_a_column_that_is_read_refuses_the_row_and_is_not_kept(guichet: Guichet) -> None:
    with use_cpts(guichet.cpts.pk):
        liste = look_liste(guichet, "Durand 1 80 05 42 218 001 12;0477112233;Villars", titres="Nom;Tél;Ville")
        assert "42 218 001" not in liste.unseal()
        assert NIR_ECARTE in liste.unseal()
        ligne = LigneAttente.objects.get(liste=liste)
        assert ligne.issue == IssueAttente.REFUSEE


def test_a_diagnosis_written_in_a_yes_or_no_column_is_not_kept(guichet: Guichet) -> None:
    with use_cpts(guichet.cpts.pk):
        liste = look_liste(guichet, "Durand;0477112233;Villars;diabète", titres="Nom;Tél;Ville;ALD")
        assert "diabète" not in liste.unseal()
        assert "ni oui ni non" in LigneAttente.objects.get(liste=liste).motif


def test_the_content_is_encrypted_then_gone_and_the_database_refuses_to_keep_it(guichet: Guichet) -> None:
    with use_cpts(guichet.cpts.pk):
        liste = look_liste(guichet, ZOE)
        brut = bytes(ListeAttente.objects.get(pk=liste.pk).contenu)
        assert b"CANARI" not in brut
        assert "CANARI" in liste.unseal()
        services.ask_application_attente(liste_id=liste.pk, by=guichet.acteur)
        services.apply_liste(liste_id=liste.pk, by=SYSTEME)
        liste.refresh_from_db()
        assert bytes(liste.contenu) == b""
        liste.seal("encore là")
        with pytest.raises(IntegrityError), transaction.atomic():
            liste.save()


def test_people_of_a_list_wait_for_a_call_with_the_day_of_their_own_request(guichet: Guichet) -> None:
    with use_cpts(guichet.cpts.pk):
        liste = take_liste(guichet, ZOE, PAUL)
        assert liste.comptes == {"ajout": 2}
        zoe, paul = Demande.objects.order_by("deposee_le")
        assert (zoe.etat, zoe.accord, zoe.origine) == (Etat.DEPOSEE, Accord.A_RECUEILLIR, Origine.LISTE)
        assert (zoe.prochaine_action, zoe.responsable) == (Action.RECONTACTER, guichet.membre)
        assert zoe.deposee_le.date() == date(2026, 2, 3)
        assert (zoe.ald, zoe.plus_de_70, paul.ald) == (True, True, False)
        assert zoe.a_effacer_le == today() + timedelta(days=90)
        assert (zoe.patient.commune_id, zoe.patient.notice_version) == ("42218", "")
        assert {zoe.reference, paul.reference} == {f"MT-{today().year}-00001", f"MT-{today().year}-00002"}
        identite = read_identites([paul.patient_id], quoi="identite", pourquoi="essai", by=guichet.acteur)
        assert identite[paul.patient_id].telephone == "0477112244"
        assert compute_tournee(Demande.objects.sans_accord()).a_appeler == 2


def test_nothing_of_a_person_is_in_the_rows_the_journal_or_the_jobs(guichet: Guichet) -> None:
    with use_cpts(guichet.cpts.pk):
        liste = take_liste(guichet, ZOE, ZOE, "Canari;;;;;;;;;")
        services.undo_liste(liste_id=liste.pk, by=SYSTEME)
        with connection.cursor() as cursor:
            for table in (
                "medecin_traitant_ligneattente",
                "medecin_traitant_listeattente",
                "journal_entree",
                "journal_ecriture",
                "procrastinate_jobs",
                "medecin_traitant_demande",
                "patients_patient",
            ):
                cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text ~* 'canari|0477112233|diab'")
                assert cursor.fetchone() == (0,), table


def test_rows_that_cannot_be_taken_say_why(guichet: Guichet) -> None:
    lignes = (
        ";Zoé;1944;0477112233;Villars;;;;;",
        "Durand;A;1944;;Villars;;;;;",
        "Durand;B;1944;0477112233;Paris;;;;;",
        "Durand;C;1944;0477112233;;;;;;",
        "=1+1;D;1944;0477112233;Villars;;;;;",
    )
    with use_cpts(guichet.cpts.pk):
        liste = look_liste(guichet, *lignes)
        motifs = dict(LigneAttente.objects.filter(liste=liste).values_list("numero", "motif"))
    assert liste.comptes == {"refusee": 5}
    for numero, mot in zip(
        range(2, 7), ("nom manque", "téléphone", "territoire", "commune manque", "formule"), strict=True
    ):
        assert mot in motifs[numero]


def test_duplicates_are_found_in_the_list_and_among_open_requests_only(guichet: Guichet) -> None:
    with use_cpts(guichet.cpts.pk):
        ouverte = file_demande(guichet, nom="Canari", prenom="Zoé", telephone="04 77 11 22 33").demande
        meme_annee = file_demande(guichet, nom="Durand", prenom="Paul", annee_naissance=1980, telephone="0600000001")
        close = make_demande(guichet, nom="Petit", prenom="Anne", telephone="0477119999", etat=Etat.CLOSE)
        lignes = (ZOE, ZOE, PAUL, "Petit;Anne;;0477119999;Villars;;;;;", "Canari;Léo;2015;0477112233;Villars;;;;;")
        liste = look_liste(guichet, *lignes)
        vues = {ligne.numero: (ligne.issue, ligne.deja) for ligne in LigneAttente.objects.filter(liste=liste)}
        assert vues == {
            2: (IssueAttente.DOUBLON_BASE, ouverte.reference),
            3: (IssueAttente.DOUBLON_LISTE, ""),
            4: (IssueAttente.DOUBLON_BASE, meme_annee.demande.reference),
        }
        assert liste.comptes["ajout"] == 2
        traces = Lecture.objects.filter(pourquoi="doublons d’une liste d’attente").values_list("patient_id", flat=True)
        assert set(traces) >= {ouverte.patient_id, meme_annee.demande.patient_id}
        assert close.etat == Etat.CLOSE


def test_duplicates_of_another_community_are_not_seen(guichet: Guichet) -> None:
    autre = make_guichet(make_cpts(patients_ouverts_le=date(2020, 1, 1)))
    with use_cpts(autre.cpts.pk):
        file_demande(autre, nom="Canari", prenom="Zoé", telephone="04 77 11 22 33")
    with use_cpts(guichet.cpts.pk):
        assert look_liste(guichet, ZOE).comptes == {"ajout": 1}


def test_a_request_filed_since_the_dry_run_is_not_doubled(guichet: Guichet) -> None:
    with use_cpts(guichet.cpts.pk):
        liste = look_liste(guichet, ZOE)
        file_demande(guichet, nom="Canari", prenom="Zoé", telephone="04 77 11 22 33")
        services.ask_application_attente(liste_id=liste.pk, by=guichet.acteur)
        services.apply_liste(liste_id=liste.pk, by=SYSTEME)
        assert Demande.objects.count() == 1
        services.apply_liste(liste_id=liste.pk, by=SYSTEME)
        assert Demande.objects.count() == 1


def test_the_same_titles_are_read_without_asking(guichet: Guichet) -> None:
    with use_cpts(guichet.cpts.pk):
        assert deposit_liste(guichet, PAUL).etat == EtatReprise.A_LIRE
        look_liste(guichet, PAUL)
        assert deposit_liste(guichet, PAUL).etat == EtatReprise.A_VERIFIER


def test_columns_that_name_nobody_to_call_are_refused(guichet: Guichet) -> None:
    with use_cpts(guichet.cpts.pk):
        liste = deposit_liste(guichet, "Durand;Villars", titres="Nom;Ville")
        with pytest.raises(ActionRefusee, match="téléphone"):
            services.choose_colonnes_attente(liste_id=liste.pk, colonnes=liste.colonnes, by=guichet.acteur)


def test_nothing_is_proposed_before_the_person_agrees(guichet: Guichet) -> None:
    with use_cpts(guichet.cpts.pk):
        take_liste(guichet, ZOE)
        demande = Demande.objects.get()
        with pytest.raises(ActionRefusee, match="accord"):
            services.qualify_demande(demande_id=demande.pk, faits=services.FaitsSaisis(), by=guichet.acteur)
        medecin = make_medecin(guichet)
        with pytest.raises(ActionRefusee):
            services.propose_demande(demande_id=demande.pk, professionnel_ids=[medecin.pk], by=guichet.acteur)
        with pytest.raises(IntegrityError, match="mt_demande_accord_avant_tout"), transaction.atomic():
            Demande.objects.filter(pk=demande.pk).update(etat=Etat.QUALIFIEE)


def test_the_agreement_says_who_when_how_and_of_which_notice(guichet: Guichet) -> None:
    with use_cpts(guichet.cpts.pk):
        take_liste(guichet, ZOE)
        demande = Demande.objects.get()
        avant = demande.deposee_le
        accord = services.record_accord(
            demande_id=demande.pk, moyen=MoyenAccord.TELEPHONE, notice_version=NOTICE_VERSION, by=guichet.acteur
        )
        demande.refresh_from_db()
        assert (demande.accord, demande.accord_moyen, demande.accord_par) == ("recueilli", "telephone", guichet.membre)
        assert demande.accord_le is not None
        assert demande.a_effacer_le is None
        assert demande.deposee_le == avant
        assert (demande.prochaine_action, demande.prochaine_date) == (Action.QUALIFIER, today())
        assert Patient.objects.get(pk=demande.patient_id).notice_version == NOTICE_VERSION
        assert services.hash_code(accord.code_suivi, cpts_id=guichet.cpts.pk) == bytes(demande.code_suivi)
        services.qualify_demande(demande_id=demande.pk, faits=services.FaitsSaisis(ald=True), by=guichet.acteur)
        with pytest.raises(ActionRefusee):
            services.record_accord(
                demande_id=demande.pk, moyen=MoyenAccord.TELEPHONE, notice_version=NOTICE_VERSION, by=guichet.acteur
            )


def test_who_does_not_agree_is_forgotten_at_once(guichet: Guichet) -> None:
    with use_cpts(guichet.cpts.pk):
        take_liste(guichet, ZOE)
        demande = Demande.objects.get()
        services.refuse_accord(demande_id=demande.pk, by=guichet.acteur)
        demande.refresh_from_db()
        assert (demande.etat, demande.motif_cloture) == (Etat.CLOSE, Cloture.SANS_ACCORD)
        assert (demande.ald, demande.plus_de_70) == (False, False)
        assert Identite.objects.count() == IndexIdentite.objects.count() == 0
        with pytest.raises(ActionRefusee):
            services.reopen_demande(demande_id=demande.pk, by=guichet.acteur)


def test_who_is_not_reached_is_forgotten_on_the_day_said_and_not_before(guichet: Guichet) -> None:
    with use_cpts(guichet.cpts.pk):
        take_liste(guichet, ZOE, PAUL)
        zoe, paul = Demande.objects.order_by("deposee_le")
        services.record_accord(
            demande_id=paul.pk, moyen=MoyenAccord.TELEPHONE, notice_version=NOTICE_VERSION, by=guichet.acteur
        )
    with horloge.at(datetime.now(UTC) + timedelta(days=89)), use_cpts(guichet.cpts.pk):
        assert services.erase_sans_accord(cpts_id=guichet.cpts.pk) == 0
    with horloge.at(datetime.now(UTC) + timedelta(days=90)), use_cpts(guichet.cpts.pk):
        assert services.erase_sans_accord(cpts_id=guichet.cpts.pk) == 1
        assert services.erase_sans_accord(cpts_id=guichet.cpts.pk) == 0
        zoe.refresh_from_db()
        assert (zoe.etat, zoe.motif_cloture, zoe.ald) == (Etat.CLOSE, Cloture.INJOIGNABLE, False)
        assert Identite.objects.filter(patient=zoe.patient_id).count() == 0
        assert Identite.objects.filter(patient=paul.patient_id).count() == 1


def test_who_was_closed_without_agreement_is_forgotten_on_the_same_day(guichet: Guichet) -> None:
    with use_cpts(guichet.cpts.pk):
        take_liste(guichet, ZOE)
        demande = Demande.objects.get()
        services.close_demande(demande_id=demande.pk, motif=Cloture.DOUBLON, by=guichet.acteur)
        assert services.erase_sans_accord(cpts_id=guichet.cpts.pk) == 0
    with horloge.at(datetime.now(UTC) + timedelta(days=90)), use_cpts(guichet.cpts.pk):
        assert services.erase_sans_accord(cpts_id=guichet.cpts.pk) == 1
        assert services.erase_sans_accord(cpts_id=guichet.cpts.pk) == 0
        demande.refresh_from_db()
        assert (demande.motif_cloture, demande.ald) == (Cloture.DOUBLON, False)
        assert not Identite.objects.filter(patient=demande.patient_id).exists()


def test_who_is_opened_again_without_agreement_is_called_for_it_first(guichet: Guichet) -> None:
    with use_cpts(guichet.cpts.pk):
        take_liste(guichet, ZOE)
        demande = Demande.objects.get()
        with pytest.raises(ActionRefusee, match="accord"):
            services.add_equipier(
                demande_id=demande.pk,
                professionnel_id=make_medecin(guichet).pk,
                role=RoleEquipe.MEDECIN,
                by=guichet.acteur,
            )
        assert not RelationSoin.objects.exists()
        services.close_demande(demande_id=demande.pk, motif=Cloture.ABANDON, by=guichet.acteur)
        demande = services.reopen_demande(demande_id=demande.pk, by=guichet.acteur)
        assert (demande.etat, demande.prochaine_action) == (Etat.DEPOSEE, Action.RECONTACTER)


def test_a_call_is_planned_before_the_day_of_erasure(guichet: Guichet) -> None:
    with use_cpts(guichet.cpts.pk):
        take_liste(guichet, ZOE)
        demande = Demande.objects.get()
        services.plan_rappel(demande_id=demande.pk, le=today() + timedelta(days=3), by=guichet.acteur)
        demande.refresh_from_db()
        assert (demande.prochaine_action, demande.prochaine_date) == (Action.RECONTACTER, today() + timedelta(days=3))
        with pytest.raises(ActionRefusee, match="effacée"):
            services.plan_rappel(demande_id=demande.pk, le=demande.a_effacer_le, by=guichet.acteur)


def test_a_list_is_undone_whole_until_somebody_answered(guichet: Guichet) -> None:
    with use_cpts(guichet.cpts.pk):
        file_demande(guichet, nom="Autre", prenom="Anne")
        liste = take_liste(guichet, ZOE, PAUL)
        services.ask_annulation_attente(liste_id=liste.pk, by=guichet.acteur)
        services.undo_liste(liste_id=liste.pk, by=SYSTEME)
        liste.refresh_from_db()
        assert liste.etat == EtatReprise.ANNULEE
        assert Demande.objects.count() == Patient.objects.count() == Identite.objects.count() == 1
        assert Entree.objects.filter(evenement="patients.retire").count() == 2
        reprise = take_liste(guichet, ZOE, PAUL)
        demande = Demande.objects.filter(liste=reprise).first()
        services.record_accord(
            demande_id=demande.pk, moyen=MoyenAccord.TELEPHONE, notice_version=NOTICE_VERSION, by=guichet.acteur
        )
        with pytest.raises(ActionRefusee, match="une personne a déjà répondu"):
            services.ask_annulation_attente(liste_id=reprise.pk, by=guichet.acteur)


def test_a_list_left_aside_is_emptied(guichet: Guichet) -> None:
    with use_cpts(guichet.cpts.pk):
        laissee, oubliee = look_liste(guichet, ZOE), deposit_liste(guichet, PAUL)
        services.abandon_liste(liste_id=laissee.pk, by=guichet.acteur)
        assert services.forget_listes(cpts_id=guichet.cpts.pk) == 0
    with horloge.at(datetime.now(UTC) + timedelta(days=8)), use_cpts(guichet.cpts.pk):
        assert services.forget_listes(cpts_id=guichet.cpts.pk) == 1
        for liste in ListeAttente.objects.filter(pk__in=[laissee.pk, oubliee.pk]):
            assert (liste.etat, bytes(liste.contenu)) == (EtatReprise.ABANDONNEE, b"")


@pytest.mark.parametrize("contenu", [b"", b"%PDF-1.4 non", b"PK\x03\x04pas un classeur", b"\x00\x01\x02", b"un;deux\n"])
def test_bad_files_are_refused_and_nothing_is_kept(guichet: Guichet, contenu: bytes) -> None:
    with use_cpts(guichet.cpts.pk):
        with pytest.raises(ActionRefusee):
            services.deposit_attente(cpts_id=guichet.cpts.pk, nom="liste.csv", contenu=contenu, by=guichet.acteur)
        assert not ListeAttente.objects.exists()


@pytest.mark.parametrize(
    "premiere",
    [PAUL, "Durand;Paul;2 44 03 42 218 001 12;x", "Durand;Paul;paul@example.org;x", "Durand;+33 6 12 34 56 78"],
)
def test_a_file_without_titles_keeps_nobody_as_a_title(guichet: Guichet, premiere: str) -> None:
    """Titles are kept in clear, in the list and for the next one."""
    with use_cpts(guichet.cpts.pk):
        with pytest.raises(ActionRefusee, match="pas des titres"):
            deposit_liste(guichet, ZOE, titres=premiere)
        assert not ListeAttente.objects.exists()


def test_a_workbook_is_read_with_its_dates(guichet: Guichet) -> None:
    classeur = Workbook()
    classeur.active.append(["Patient", "DDN", "Portable", "Commune", "Demande le"])
    classeur.active.append(["DUPONT Marie", date(1950, 5, 1), 612345678, "Villars 42390", date(2026, 1, 5)])
    sortie = BytesIO()
    classeur.save(sortie)
    with use_cpts(guichet.cpts.pk):
        liste = services.deposit_attente(
            cpts_id=guichet.cpts.pk, nom="liste.xlsx", contenu=sortie.getvalue(), by=guichet.acteur
        )
        services.choose_colonnes_attente(liste_id=liste.pk, colonnes=liste.colonnes, by=guichet.acteur)
        services.ask_application_attente(liste_id=liste.pk, by=guichet.acteur)
        services.apply_liste(liste_id=liste.pk, by=SYSTEME)
        demande = Demande.objects.get()
        identite = read_identites([demande.patient_id], quoi="x", pourquoi="y", by=guichet.acteur)[demande.patient_id]
        assert (identite.nom, identite.prenom, identite.telephone) == ("DUPONT", "Marie", "0612345678")
        assert (demande.patient.annee_naissance, demande.deposee_le.date()) == (1950, date(2026, 1, 5))


def test_statements_do_not_grow_with_the_list(guichet: Guichet, django_assert_max_num_queries) -> None:
    lignes = [f"Nom{n};Prénom{n};19{n % 90 + 10};06{n:08d};Villars;;;;;" for n in range(400)]
    with use_cpts(guichet.cpts.pk):
        liste = look_liste(guichet, *lignes)
        services.ask_application_attente(liste_id=liste.pk, by=guichet.acteur)
        with django_assert_max_num_queries(45):
            services.apply_liste(liste_id=liste.pk, by=SYSTEME)
        assert Demande.objects.count() == 400
