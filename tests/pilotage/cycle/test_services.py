"""What the history of a community keeps, and what it refuses."""

from datetime import date

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from fabriques.cycle import make_jalon, sign
from fabriques.droits import make_cpts
from fabriques.pilotage import SIGNATURE, DonneesContratFabrique
from maillon.pilotage.contrats.donnees import DonneesMission, Piece
from maillon.pilotage.contrats.enums import StatutMission
from maillon.pilotage.contrats.services import create_contrat, deploy_mission
from maillon.pilotage.cycle import selectors
from maillon.pilotage.cycle.donnees import DonneesJalon
from maillon.pilotage.cycle.enums import Etape, NatureJalon, Organisme, Partie
from maillon.pilotage.cycle.models import Cycle, EcheanceSuivie, Jalon, Signature, SuiviCycle
from maillon.pilotage.cycle.services import (
    cancel_jalon,
    correct_jalon,
    record_jalon,
    record_numeros,
    refresh_suivi,
)
from maillon.regles.aci.cycle import EtatEcheance
from maillon.regles.erreurs import ErreurRegle, SaisieInvalide
from maillon.socle.contexte import act_in, read_cpts, use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.fichiers.services import FichierRefuse
from maillon.socle.horloge import today
from maillon.socle.journal.models import Entree

N = NatureJalon


@pytest.fixture(autouse=True)
def _dans(dans_cpts):
    """Every test lives inside the community."""


def get_vie(cpts):
    return selectors.get_vie(cpts.pk, on=today())


def find_echeance(cpts, code):
    return next((e for e in get_vie(cpts).echeances if e.code == code), None)


def test_a_community_lives_before_any_contract(cpts):
    assert get_vie(cpts).etape.etape == Etape.PREPARATION
    make_jalon(cpts, N.LETTRE, date(2026, 1, 5))
    make_jalon(cpts, N.DEPOT, date(2026, 10, 15))
    vie = get_vie(cpts)
    assert (vie.etape.etape, vie.etape.depuis) == (Etape.PROJET_DEPOSE, date(2026, 10, 15))
    assert vie.prochaine.le == date(2026, 12, 15)
    make_jalon(cpts, N.OPPOSITION, date(2026, 11, 2))
    assert find_echeance(cpts, "validation").etat is EtatEcheance.TENUE
    make_jalon(cpts, N.DEPOT_REVISE, date(2026, 11, 20))
    assert find_echeance(cpts, "validation").le == date(2027, 1, 20)


@pytest.mark.parametrize(
    ("premier", "second", "phrase"),
    [
        ((N.LETTRE, date(2026, 3, 2)), (N.DEPOT, date(2026, 3, 1)), "se dépose après la lettre"),
        ((N.LETTRE, date(2026, 3, 2)), (N.VALIDATION, date(2026, 3, 1)), "se valide après la lettre"),
        ((N.DEPOT, date(2026, 3, 2)), (N.LETTRE, date(2026, 3, 3)), "se dépose après la lettre"),
        ((N.DEPOT, date(2026, 3, 2)), (N.VALIDATION, date(2026, 3, 1)), "se valide après son dépôt"),
        ((N.VALIDATION, date(2026, 3, 2)), (N.ACI, date(2026, 3, 1)), "se valide avant la signature"),
        ((N.ACI, date(2026, 3, 2)), (N.LETTRE, date(2026, 3, 3)), "précède la signature"),
        ((N.ACI, date(2026, 3, 2)), (N.RESILIATION, date(2026, 3, 1)), "se résilie après sa signature"),
    ],
)  # fmt: skip
def test_dates_out_of_the_order_of_the_law_are_refused(cpts, premier, second, phrase):
    make_jalon(cpts, *premier)
    with pytest.raises(SaisieInvalide, match=phrase), transaction.atomic():
        make_jalon(cpts, *second)
    assert Jalon.objects.count() == 1


def test_the_database_itself_refuses_dates_out_of_order(cpts):
    make_jalon(cpts, N.LETTRE, date(2026, 3, 2))
    with pytest.raises(IntegrityError, match="cycle_lettre_avant_depot"), transaction.atomic():
        Cycle.objects.update(depot_le=date(2026, 3, 1))


def test_the_same_day_is_not_out_of_order(cpts):
    for nature in (N.LETTRE, N.DEPOT, N.VALIDATION, N.ACI):
        make_jalon(cpts, nature, date(2026, 3, 2))
    assert get_vie(cpts).etape.etape == Etape.SIGNE


def test_a_fact_is_recorded_once_and_corrected(cpts):
    premier = make_jalon(cpts, N.LETTRE, date(2026, 3, 2))
    with pytest.raises(SaisieInvalide, match="déjà enregistré"), transaction.atomic():
        make_jalon(cpts, N.LETTRE, date(2026, 4, 2))
    corrige = correct_jalon(jalon=premier, donnees=DonneesJalon(nature=N.LETTRE, le=date(2026, 2, 1)), by=SYSTEME)
    assert [j.le for j in get_vie(cpts).jalons] == [date(2026, 2, 1)]
    assert Cycle.objects.get().lettre_le == date(2026, 2, 1)
    with pytest.raises(SaisieInvalide, match="déjà été corrigé"):
        correct_jalon(jalon=premier, donnees=DonneesJalon(nature=N.LETTRE, le=date(2026, 1, 1)), by=SYSTEME)
    with pytest.raises(SaisieInvalide, match="garde la nature"):
        correct_jalon(jalon=corrige, donnees=DonneesJalon(nature=N.DEPOT, le=date(2026, 1, 1)), by=SYSTEME)
    assert Jalon.objects.count() == 2


def test_what_did_not_happen_may_be_recorded_again(cpts):
    lettre = make_jalon(cpts, N.LETTRE, date(2026, 3, 2))
    annulation = cancel_jalon(jalon=lettre, by=SYSTEME)
    assert get_vie(cpts).jalons == ()
    assert Cycle.objects.get().lettre_le is None
    with pytest.raises(SaisieInvalide, match="déjà été corrigé"):
        cancel_jalon(jalon=annulation, by=SYSTEME)
    nouvelle = make_jalon(cpts, N.LETTRE, date(2026, 5, 2))
    assert nouvelle.remplace == annulation
    assert [j.pk for j in get_vie(cpts).jalons] == [nouvelle.pk]
    evenements = (
        Entree.objects.filter(evenement__startswith="cycle.").order_by("id").values_list("evenement", flat=True)
    )
    assert list(evenements) == ["cycle.jalon_enregistre", "cycle.jalon_annule", "cycle.jalon_enregistre"]


def test_nobody_rewrites_nor_erases_the_history(cpts):
    make_jalon(cpts, N.ACI, date(2026, 3, 2), signatures=(sign(Partie.ARS, date(2026, 3, 2)),))
    for requete in ("UPDATE cycle_jalon SET note = 'x'", "DELETE FROM cycle_signature", "DELETE FROM cycle_jalon"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as c:
            c.execute(requete)


def test_the_database_keeps_one_valid_fact_of_a_nature(cpts):
    """Two writers, or one that goes past the service."""
    lettre = make_jalon(cpts, N.LETTRE, date(2026, 3, 2))
    with pytest.raises(IntegrityError, match="jalon_unique_par_cycle"), transaction.atomic():
        Jalon(cpts=cpts, cycle=lettre.cycle, nature=N.LETTRE, le=date(2026, 4, 2)).save(force_insert=True)
    with pytest.raises(IntegrityError, match="jalon_corrige_le_meme"), transaction.atomic():
        Jalon(cpts=cpts, cycle=lettre.cycle, nature=N.DEPOT, le=date(2026, 4, 2), remplace=lettre).save(
            force_insert=True
        )
    correct_jalon(jalon=lettre, donnees=DonneesJalon(nature=N.LETTRE, le=date(2026, 2, 1)), by=SYSTEME)
    with pytest.raises(IntegrityError, match="remplace_id"), transaction.atomic():
        Jalon(cpts=cpts, cycle=lettre.cycle, nature=N.LETTRE, le=date(2026, 4, 2), remplace=lettre).save(
            force_insert=True
        )


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"nature": N.LETTRE, "le": date(2026, 12, 25)}, "pas encore passé"),
        ({"nature": N.AUTRE, "le": date(2026, 1, 1), "libelle": ""}, "ce qui s’est passé"),
        ({"nature": N.DOCUMENT, "le": date(2026, 1, 1), "libelle": "Assurance"}, "jusqu’à quand"),
        (
            {"nature": N.DOCUMENT, "le": date(2026, 1, 2), "libelle": "Assurance", "jusqu_a": date(2026, 1, 1)},
            "après sa date",
        ),
        ({"nature": N.RENOUVELLEMENT, "le": date(2026, 1, 1)}, ""),
        ({"nature": N.ACI, "le": date(2018, 1, 1)}, "n’a pas de valeur"),
    ],
)  # fmt: skip
def test_impossible_facts_are_refused(cpts, champs, phrase):
    if champs["nature"] == N.RENOUVELLEMENT:
        make_jalon(cpts, N.LETTRE, date(2025, 1, 1))
        phrase = "Aucun contrat n’est signé avant ce jour"
    with pytest.raises(ErreurRegle, match=phrase):
        record_jalon(cpts_id=cpts.pk, donnees=DonneesJalon(**champs), by=SYSTEME)


def test_a_document_is_checked_hashed_and_kept_through_a_correction(cpts):
    with pytest.raises(FichierRefuse), transaction.atomic():
        make_jalon(cpts, N.ACI, date(2026, 3, 2), piece=Piece("contrat.pdf", b"<html></html>"))
    contrat = make_jalon(cpts, N.ACI, date(2026, 3, 2), piece=Piece("contrat.pdf", b"%PDF-1.7 signe"))
    assert len(contrat.document.empreinte) == 64
    corrige = correct_jalon(jalon=contrat, donnees=DonneesJalon(nature=N.ACI, le=date(2026, 3, 1)), by=SYSTEME)
    assert corrige.document == contrat.document


def test_three_parties_sign_not_after_the_contract(cpts):
    jour = date(2026, 3, 2)
    jalon = make_jalon(cpts, N.ACI, jour, signatures=tuple(sign(partie, jour) for partie in Partie))
    assert jalon.organisme == Organisme.TOUS
    assert {s.partie for s in Signature.objects.filter(jalon=jalon)} == set(Partie.values)
    with pytest.raises(SaisieInvalide, match="signe le 03/03/2026, après le 02/03/2026"), transaction.atomic():
        make_jalon(cpts, N.AVENANT, jour, libelle="n° 1", signatures=(sign(Partie.ARS, date(2026, 3, 3)),))
    with pytest.raises(SaisieInvalide, match="ses avenants ont des signataires"), transaction.atomic():
        make_jalon(cpts, N.LETTRE, jour, signatures=(sign(Partie.ARS, jour),))


def test_the_contract_says_its_own_date(cpts):
    create_contrat(cpts_id=cpts.pk, donnees=DonneesContratFabrique(), by=SYSTEME)
    with pytest.raises(SaisieInvalide, match="signé le 22/12/2023"), transaction.atomic():
        make_jalon(cpts, N.ACI, date(2024, 1, 5))
    with pytest.raises(SaisieInvalide, match="se dépose avant la signature"), transaction.atomic():
        make_jalon(cpts, N.DEPOT, date(2024, 1, 5))
    make_jalon(cpts, N.ACI, SIGNATURE)
    assert get_vie(cpts).contradictions == ()
    assert find_echeance(cpts, "demarrage_acces").fait_le == SIGNATURE


def test_a_contract_entered_later_with_another_date_is_said(cpts):
    make_jalon(cpts, N.VALIDATION, date(2024, 1, 5))
    make_jalon(cpts, N.ACI, date(2024, 1, 6))
    create_contrat(cpts_id=cpts.pk, donnees=DonneesContratFabrique(), by=SYSTEME)
    vie = get_vie(cpts)
    assert len(vie.contradictions) == 2
    assert "signé le 22/12/2023, mais l’histoire dit le 06/01/2024" in vie.contradictions[0]
    assert "avant la validation du projet de santé (05/01/2024)" in vie.contradictions[1]
    assert vie.faits.signe_le == SIGNATURE


def test_a_renewal_opens_the_next_cycle(cpts):
    make_jalon(cpts, N.ACI, date(2021, 3, 2))
    make_jalon(cpts, N.RENOUVELLEMENT_DEMANDE, date(2025, 9, 1))
    make_jalon(cpts, N.RENOUVELLEMENT, date(2026, 3, 2))
    vie = get_vie(cpts)
    assert (vie.cycle.numero, vie.faits.signe_le) == (2, date(2026, 3, 2))
    assert find_echeance(cpts, "fin").le == date(2031, 3, 2)
    assert len(vie.jalons) == 3


def test_the_renewed_contract_is_that_of_the_second_cycle(cpts):
    premier = DonneesContratFabrique(signe_le=date(2020, 12, 22), bareme_le=date(2022, 3, 31))
    create_contrat(cpts_id=cpts.pk, donnees=premier, by=SYSTEME)
    make_jalon(cpts, N.RENOUVELLEMENT, date(2025, 12, 22))
    assert get_vie(cpts).contrat is None
    create_contrat(cpts_id=cpts.pk, donnees=DonneesContratFabrique(signe_le=date(2025, 12, 22)), by=SYSTEME)
    assert get_vie(cpts).contrat.signe_le == date(2025, 12, 22)


def test_a_terminated_community_may_begin_again(cpts):
    make_jalon(cpts, N.LETTRE, date(2025, 1, 5))
    make_jalon(cpts, N.RESILIATION, date(2025, 6, 5))
    assert get_vie(cpts).etape.etape == Etape.TERMINE
    make_jalon(cpts, N.LETTRE, date(2026, 1, 5))
    vie = get_vie(cpts)
    assert (vie.etape.etape, vie.cycle.numero) == (Etape.LETTRE, 2)


# Missions ----------------------------------------------------------------------------------------------------------


def make_mission(cpts, **champs):
    donnees = DonneesContratFabrique(missions=[DonneesMission(code="acces", **champs)])
    return create_contrat(cpts_id=cpts.pk, donnees=donnees, by=SYSTEME).missions.get()


def test_a_mission_is_deployed_on_a_day(cpts):
    mission = make_mission(cpts)
    assert find_echeance(cpts, "deploiement_acces").etat is EtatEcheance.DEPASSEE
    deploy_mission(mission=mission, le=date(2025, 6, 23), by=SYSTEME)
    echeance = find_echeance(cpts, "deploiement_acces")
    assert (echeance.le, echeance.fait_le, echeance.en_retard) == (date(2025, 6, 22), date(2025, 6, 23), True)
    with pytest.raises(SaisieInvalide, match="déjà déployée depuis le 23/06/2025"):
        deploy_mission(mission=mission, le=date(2025, 7, 1), by=SYSTEME)


@pytest.mark.parametrize(
    ("le", "phrase"), [(date(2023, 12, 21), "a démarré le 22/12/2023"), (date(2026, 12, 1), "pas encore passé")]
)
def test_a_mission_is_not_deployed_before_its_start_nor_in_the_future(cpts, le, phrase):
    mission = make_mission(cpts)
    with pytest.raises(SaisieInvalide, match=phrase):
        deploy_mission(mission=mission, le=le, by=SYSTEME)


def test_a_mission_starts_before_it_is_deployed(cpts):
    mission = make_mission(cpts, statut=StatutMission.PREVUE)
    with pytest.raises(SaisieInvalide, match="n’est pas démarrée"):
        deploy_mission(mission=mission, le=date(2025, 6, 23), by=SYSTEME)
    with pytest.raises(IntegrityError, match="mission_deployee_apres_demarrage"), transaction.atomic():
        type(mission).objects.update(deployee_le=date(2025, 6, 23))


# Follow-up ---------------------------------------------------------------------------------------------------------


def test_what_is_published_names_nobody(cpts):
    jour = date(2026, 3, 2)
    make_jalon(cpts, N.ACI, jour, note="note secrète", signatures=(sign(Partie.ARS, jour, nom="Zoé Secret"),))
    make_jalon(cpts, libelle="libellé secret")
    suivi = refresh_suivi(cpts_id=cpts.pk)
    publie = str(suivi.jalons) + str(list(EcheanceSuivie.objects.values()))
    assert "ecret" not in publie
    assert suivi.jalons[0]["signataires"] == ["ars"]
    assert (suivi.etape, suivi.etape_le) == (Etape.SIGNE, jour)
    assert suivi.prochaine_echeance_le == get_vie(cpts).prochaine.le
    assert suivi.depassees == 1  # the dialogue proposed for 2 September


def test_publishing_again_writes_only_what_differs(cpts):
    make_jalon(cpts, N.DEPOT, date(2026, 10, 15))
    refresh_suivi(cpts_id=cpts.pk)
    avant = set(EcheanceSuivie.objects.values_list("pk", flat=True))
    refresh_suivi(cpts_id=cpts.pk)
    assert set(EcheanceSuivie.objects.values_list("pk", flat=True)) == avant
    make_jalon(cpts, N.VALIDATION, date(2026, 11, 2))
    refresh_suivi(cpts_id=cpts.pk)
    assert EcheanceSuivie.objects.get().fait_le == date(2026, 11, 2)
    assert set(EcheanceSuivie.objects.values_list("pk", flat=True)) == avant
    cancel_jalon(jalon=Jalon.objects.get(nature=N.DEPOT), by=SYSTEME)
    refresh_suivi(cpts_id=cpts.pk)
    assert not EcheanceSuivie.objects.exists()
    assert SuiviCycle.objects.get().depassees == 0


def test_agents_read_what_is_published_and_nothing_else(cpts):
    make_jalon(cpts, N.DEPOT, date(2026, 10, 15))
    refresh_suivi(cpts_id=cpts.pk)
    with read_cpts([cpts.pk], acteur="agent"):
        assert EcheanceSuivie.objects.count() == 1
        assert SuiviCycle.objects.count() == 1
        assert not Jalon.objects.exists()
        assert not Cycle.objects.exists()
    with read_cpts([], acteur="agent"):
        assert not EcheanceSuivie.objects.exists()
        with pytest.raises(PermissionError), act_in(cpts.pk):
            pass


# Association -------------------------------------------------------------------------------------------------------


def test_the_numbers_of_the_association(cpts):
    structure = record_numeros(cpts_id=cpts.pk, finess="42 000 012 3", rna="w421234567", by=SYSTEME)
    assert (structure.finess, structure.rna) == ("420000123", "W421234567")
    record_numeros(cpts_id=cpts.pk, finess="420000123", rna="", by=SYSTEME)
    assert selectors.get_structure(cpts.pk).rna == ""
    with pytest.raises(SaisieInvalide, match="9 caractères"):
        record_numeros(cpts_id=cpts.pk, finess="12", rna="", by=SYSTEME)
    with pytest.raises(SaisieInvalide, match="commence par W"):
        record_numeros(cpts_id=cpts.pk, finess="", rna="421234567", by=SYSTEME)
    autre = make_cpts()
    with use_cpts(autre.pk), pytest.raises(SaisieInvalide, match="déjà celui d’une autre"):
        record_numeros(cpts_id=autre.pk, finess="420000123", rna="", by=SYSTEME)
