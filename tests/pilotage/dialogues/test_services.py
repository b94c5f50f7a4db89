"""The life of a dialogue: states, opinions, answers, closing; and what the database refuses by itself."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from fabriques.dialogues import accept, answer, contest, decide, indicateur_id, make_dialogue, sign
from fabriques.droits import make_agent
from maillon.pilotage.contrats.annee import compute_annee
from maillon.pilotage.contrats.models import Constat
from maillon.pilotage.contrats.services import record_constat
from maillon.pilotage.dialogues import services
from maillon.pilotage.dialogues.chiffres import find_certificateurs
from maillon.pilotage.dialogues.cloture import preview_cloture
from maillon.pilotage.dialogues.enums import TRANSITIONS, Etat, Organisme, Position, Rang
from maillon.pilotage.dialogues.models import Avis, CompteRendu, Dialogue
from maillon.pilotage.dialogues.selectors import get_transmission, list_fils, select_contestes
from maillon.pilotage.dialogues.services.etats import EtatRefuse
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.courriels.models import Message
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import RoleTerritorial
from maillon.socle.horloge import at, now, today
from maillon.socle.journal.models import Entree

CPAM, ARS = Organisme.CPAM, Organisme.ARS


@pytest.fixture
def transmis(dans_cpts, contrat) -> Dialogue:
    return make_dialogue(contrat, Etat.TRANSMIS)


def fil_of(dialogue: Dialogue, code: str):
    fils = list_fils(dialogue, get_transmission(dialogue))
    return next(fil for fil in fils if fil.indicateur["code"] == code)


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("CPAM (statistiques)", {CPAM}),
        ("Assurance Maladie", {CPAM}),
        ("ARS", {ARS}),
        ("Agence régionale de santé", {ARS}),
        ("CPAM et ARS, sur pièces", {CPAM, ARS}),
        ("la commission paritaire", {CPAM, ARS}),
        ("partenaires locaux", {CPAM, ARS}),
    ],
)
def test_who_certifies_is_read_from_the_contract(texte, attendu):
    assert find_certificateurs(texte) == attendu


def test_two_dialogues_a_year_and_no_third(dans_cpts, contrat):
    services.open_dialogue(contrat=contrat, annee=3, rang=Rang.MI_ANNEE, by=SYSTEME)
    services.open_dialogue(contrat=contrat, annee=3, rang=Rang.EVALUATION, by=SYSTEME)
    with pytest.raises(SaisieInvalide, match="existe déjà"):
        services.open_dialogue(contrat=contrat, annee=3, rang=Rang.MI_ANNEE, by=SYSTEME)
    with pytest.raises(SaisieInvalide, match="n’a pas commencé"):
        services.open_dialogue(contrat=contrat, annee=4, rang=Rang.MI_ANNEE, by=SYSTEME)


def test_transmitting_freezes_the_figures_and_writes_to_the_agents(dans_cpts, contrat):
    for role, departement in ((RoleTerritorial.CPAM, "42"), (RoleTerritorial.ARS, "42"), (RoleTerritorial.CPAM, "69")):
        make_agent(role, departement=departement)
    dialogue = make_dialogue(contrat, Etat.TRANSMIS)
    transmission = get_transmission(dialogue)
    assert (transmission.arrete.fin, len(transmission.arrete.empreinte)) == (today(), 64)
    messages = Message.objects.filter(gabarit="dialogues/courriels/transmis.txt")
    assert messages.count() == 2
    assert str(dialogue.pk) in messages.first().texte
    assert "€" not in messages.first().texte
    record_constat(
        indicateur=contrat.indicateurs.get(code="ald"), valeur=Decimal(80), le=today(), by=SYSTEME, source="plus tard"
    )
    assert fil_of(dialogue, "ald").proposee == Decimal(98)


def test_a_transmission_is_taken_back_while_nobody_spoke(transmis):
    services.withdraw_dialogue(dialogue=transmis, by=SYSTEME)
    services.transmit_dialogue(dialogue=transmis, by=SYSTEME)
    contest(transmis, "ald")
    with pytest.raises(EtatRefuse, match="en discussion"):
        services.withdraw_dialogue(dialogue=transmis, by=SYSTEME)


def test_the_last_opinion_of_each_counts(transmis):
    contest(transmis, "annuaire", CPAM)
    contest(transmis, "annuaire", CPAM)  # sent twice, kept once
    assert Avis.objects.count() == 1
    accept(transmis, "annuaire", ARS)
    assert [avis.organisme for avis in select_contestes()] == [CPAM]
    accept(transmis, "annuaire", CPAM)
    assert not select_contestes().exists()
    assert fil_of(transmis, "annuaire").holding(Position.ACCEPTE) == [CPAM, ARS]
    services.give_avis(
        dialogue=transmis,
        indicateur_id=indicateur_id(transmis, "annuaire"),
        organisme=ARS,
        position=Position.RETIRE,
        by=SYSTEME,
    )
    assert fil_of(transmis, "annuaire").holding(Position.ACCEPTE) == [CPAM]
    transmis.refresh_from_db()
    assert transmis.etat == Etat.EN_DISCUSSION


def test_contested_by_both_is_held_by_both(transmis):
    contest(transmis, "annuaire", CPAM)
    contest(transmis, "annuaire", ARS)
    assert {avis.organisme for avis in select_contestes()} == {CPAM, ARS}


def test_a_contest_says_why(transmis):
    with pytest.raises(SaisieInvalide, match="Dites pourquoi"):
        contest(transmis, "ald", motif="  ")


def test_one_accepts_the_value_that_one_has_read(transmis):
    answer(contest(transmis, "ald"), Decimal(105))
    assert fil_of(transmis, "ald").proposee == Decimal(105)
    with pytest.raises(SaisieInvalide, match="la valeur est 105"):
        services.give_avis(
            dialogue=transmis,
            indicateur_id=indicateur_id(transmis, "ald"),
            organisme=CPAM,
            position=Position.ACCEPTE,
            valeur=Decimal(98),
            by=SYSTEME,
        )
    assert accept(transmis, "ald").valeur == Decimal(105)


def test_a_whole_mission_is_accepted_but_what_is_contested(transmis):
    contest(transmis, "ald", CPAM)
    donnes = services.accept_mission(dialogue=transmis, mission="acces", organisme=ARS, by=SYSTEME)
    assert [avis.indicateur_id for avis in donnes] == [indicateur_id(transmis, "annuaire")]
    assert services.accept_mission(dialogue=transmis, mission="acces", organisme=ARS, by=SYSTEME) == []


@pytest.mark.parametrize("etat", [Etat.PREPARE, Etat.TENU])
def test_no_opinion_outside_the_discussion(dans_cpts, contrat, etat):
    dialogue = make_dialogue(contrat, Etat.TRANSMIS)
    if etat == Etat.PREPARE:
        services.withdraw_dialogue(dialogue=dialogue, by=SYSTEME)
    else:
        services.hold_dialogue(dialogue=dialogue, le=today(), by=SYSTEME)
    with pytest.raises(EtatRefuse):
        contest(dialogue, "ald")
    with pytest.raises(IntegrityError, match="transmis ou en discussion"), transaction.atomic():
        Avis(
            cpts_id=dialogue.cpts_id,
            dialogue=dialogue,
            indicateur_id=indicateur_id(dialogue, "ald"),
            organisme=CPAM,
            position=Position.CONTESTE,
            motif="directement",
        ).save(force_insert=True)


def test_held_then_reopened(transmis):
    with pytest.raises(SaisieInvalide, match="pas encore passé"):
        services.hold_dialogue(dialogue=transmis, le=today() + timedelta(days=1), by=SYSTEME)
    services.hold_dialogue(dialogue=transmis, le=today(), by=SYSTEME)
    services.reopen_dialogue(dialogue=transmis, by=SYSTEME)
    contest(transmis, "ald")


def test_the_table_of_transitions_ends():
    assert TRANSITIONS[Etat.CLOS] == frozenset()
    assert set(TRANSITIONS) == set(Etat)


# Closing ------------------------------------------------------------------------------------------------------------


def preview(dialogue: Dialogue):
    transmission = get_transmission(dialogue)
    compte_rendu = CompteRendu.objects.filter(dialogue=dialogue).first()
    return preview_cloture(dialogue, transmission, list_fils(dialogue, transmission), compte_rendu)


def hold_and_sign(dialogue: Dialogue, *organismes: Organisme) -> None:
    services.hold_dialogue(dialogue=dialogue, le=today(), by=SYSTEME)
    sign(dialogue, *organismes)
    dialogue.refresh_from_db()


def test_closing_needs_the_signed_minutes(transmis):
    services.hold_dialogue(dialogue=transmis, le=today(), by=SYSTEME)
    with pytest.raises(SaisieInvalide, match="compte rendu signé"):
        services.close_dialogue(dialogue=transmis, by=SYSTEME)


def test_what_its_certifier_accepted_and_signed_becomes_certified(transmis):
    accept(transmis, "ald", CPAM)
    accept(transmis, "annuaire", CPAM)
    hold_and_sign(transmis, CPAM)
    vue = preview(transmis)
    # 98 patients with ALD: the tier « 100–51 » pays 6 000 €. The directory waits for the ARS.
    assert (vue.avant, vue.apres) == (Decimal("0.00"), Decimal("6000.00"))
    assert [r.raison for r in vue.en_suspens] == ["pas encore accepté par l’ARS"]
    services.close_dialogue(dialogue=transmis, by=SYSTEME)
    constat = Constat.objects.get(etat="certifie")
    assert (constat.indicateur.code, constat.valeur, constat.le) == ("ald", Decimal(98), today())
    assert (constat.certifie_par, constat.source) == ("CPAM", "dialogue de gestion du 24/11/2026")
    assert constat.document.nom == "compte-rendu.pdf"
    entree = Entree.objects.get(evenement="dialogues.clos")
    assert entree.details == {"constats": 1, "en_suspens": 1, "avant": "0.00", "apres": "6000.00"}


def test_what_is_contested_stays_to_be_confirmed(transmis):
    accept(transmis, "annuaire", CPAM)
    contest(transmis, "annuaire", ARS)
    contest(transmis, "ald", ARS)  # not its certifier: a contest stops it all the same
    accept(transmis, "ald", CPAM)
    hold_and_sign(transmis, CPAM, ARS)
    services.close_dialogue(dialogue=transmis, by=SYSTEME)
    assert not Constat.objects.filter(etat="certifie").exists()


def test_nothing_is_certified_without_the_signature_of_its_certifier(transmis):
    accept(transmis, "annuaire", CPAM)
    accept(transmis, "annuaire", ARS)
    hold_and_sign(transmis, CPAM)
    assert {r.raison for r in preview(transmis).en_suspens} == {
        "compte rendu à signer par l’ARS",
        "pas encore accepté par la CPAM",
    }
    sign(transmis, CPAM, ARS)
    assert preview(transmis).apres == Decimal("26000.00")


def test_two_values_accepted_are_no_agreement(transmis):
    premier = contest(transmis, "annuaire", ARS)
    accept(transmis, "annuaire", CPAM)
    answer(premier, Decimal(2))
    accept(transmis, "annuaire", ARS)
    hold_and_sign(transmis, CPAM, ARS)
    assert "la CPAM et l’ARS ont accepté deux valeurs différentes" in [r.raison for r in preview(transmis).en_suspens]


def test_a_newer_certified_value_is_left_alone(transmis):
    accept(transmis, "ald", CPAM)
    demain = now() + timedelta(days=2)
    with at(demain):
        record_constat(
            indicateur=transmis.contrat.indicateurs.get(code="ald"),
            valeur=Decimal(40),
            le=timezone.localdate(demain),
            by=SYSTEME,
            source="statistiques",
            certifie_par="CPAM",
        )
        hold_and_sign(transmis, CPAM, ARS)
        assert preview(transmis).avant == preview(transmis).apres == Decimal("9000.00")


def test_the_evaluation_certifies_the_year_that_ended(dans_cpts, contrat):
    """Held in January: the figures are those of the anniversary, and the value tells year 3, not year 4."""
    with at(now() + timedelta(days=48)):
        dialogue = services.open_dialogue(contrat=contrat, annee=3, rang=Rang.EVALUATION, by=SYSTEME)
        services.transmit_dialogue(dialogue=dialogue, by=SYSTEME)
        assert get_transmission(dialogue).arrete.definitif
        accept(dialogue, "ald", CPAM)
        hold_and_sign(dialogue, CPAM)
        services.close_dialogue(dialogue=dialogue, by=SYSTEME)
        assert Constat.objects.get(etat="certifie").le == date(2026, 12, 22)
        annees = {numero: compute_annee(contrat, today(), numero=numero) for numero in (3, 4)}
    assert [annees[numero].montants.constate for numero in (3, 4)] == [Decimal("6000.00"), Decimal("0.00")]


def test_changing_the_text_takes_the_signature_off(transmis):
    hold_and_sign(transmis, CPAM)
    textes = dict.fromkeys(("examines", "accords", "desaccords", "suites"), "")
    assert services.write_compte_rendu(dialogue=transmis, textes=textes, by=SYSTEME).is_signe
    ecrit = services.write_compte_rendu(dialogue=transmis, textes=textes | {"accords": "Tout"}, by=SYSTEME)
    assert not ecrit.is_signe
    assert ecrit.signe_cpam_le is None


@pytest.fixture
def clos(transmis) -> Dialogue:
    contest(transmis, "annuaire")
    decide(transmis)
    hold_and_sign(transmis, CPAM)
    services.close_dialogue(dialogue=transmis, by=SYSTEME)
    transmis.refresh_from_db()
    return transmis


def test_a_closed_dialogue_no_longer_changes_but_its_decisions_are_carried_out(clos):
    decision = clos.decisions.get()
    assert services.mark_decision(decision=decision, faite=True, by=SYSTEME).faite_le == today()
    for geste in (
        lambda: services.reopen_dialogue(dialogue=clos, by=SYSTEME),
        lambda: contest(clos, "ald"),
        lambda: decide(clos),
        lambda: sign(clos),
        lambda: services.remove_decision(decision=decision, by=SYSTEME),
        lambda: services.write_note(dialogue=clos, mission="acces", texte="trop tard", by=SYSTEME),
    ):
        with pytest.raises(EtatRefuse):
            geste()


def test_the_database_itself_refuses_to_change_a_closed_dialogue(clos):
    avis, decision = clos.avis.get(), clos.decisions.get()
    for geste in (
        lambda: Dialogue.objects.filter(pk=clos.pk).update(etat=Etat.EN_DISCUSSION, clos_le=None),
        lambda: Dialogue.objects.filter(pk=clos.pk).update(lieu="ailleurs"),
        lambda: clos.decisions.update(libelle="autre chose"),
        lambda: clos.decisions.all().delete(),
        lambda: CompteRendu.objects.filter(dialogue=clos).update(empreinte="", fichier=None),
        lambda: answer_directly(avis),
        lambda: type(decision)(cpts_id=clos.cpts_id, dialogue=clos, libelle="de plus").save(force_insert=True),
    ):
        with pytest.raises(IntegrityError, match="est clos"), transaction.atomic():
            geste()


def answer_directly(avis: Avis) -> None:
    avis.reponses.model(cpts_id=avis.cpts_id, avis=avis, texte="trop tard").save(force_insert=True)


def test_opinions_are_never_rewritten(transmis):
    contest(transmis, "ald")
    for geste in (lambda: Avis.objects.update(motif="autre"), lambda: Avis.objects.all().delete()):
        with pytest.raises(Exception, match=r"permission denied|droit refusé"), transaction.atomic():
            geste()
