"""Every transition of a request, and what is refused."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from fabriques.droits import make_acteur, make_compte, make_cpts, make_membre
from fabriques.medecin_traitant import (
    Guichet,
    file_demande,
    find_lien,
    make_acteur_lien,
    make_demande,
    make_guichet,
    make_medecin,
)
from maillon.communaute.patients.models import Patient, RelationSoin
from maillon.communaute.patients.services import erase_expired, erase_patient, record_opposition
from maillon.communaute.sollicitations.enums import EtatSollicitation, MotifRetrait
from maillon.communaute.sollicitations.models import Sollicitation
from maillon.communaute.sollicitations.services import LIEN_SOLLICITATION
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums import (
    OUVERTS,
    TRANSITIONS,
    Action,
    Cloture,
    Etat,
    MotifRefus,
    Origine,
)
from maillon.missions.medecin_traitant.forms import CloreForm
from maillon.missions.medecin_traitant.models import ActionRefusee, Capacite, Demande
from maillon.missions.medecin_traitant.selectors import get_courriel_medecin, list_candidats
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Etat as EtatCourriel
from maillon.socle.courriels.models import Message
from maillon.socle.courriels.services import resend
from maillon.socle.droits.acteur import PUBLIC, SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.journal.models import Ecriture, Entree

pytestmark = pytest.mark.django_db


@pytest.fixture
def guichet():
    guichet = make_guichet()
    with use_cpts(guichet.cpts.pk):
        yield guichet


def events(demande: Demande) -> list[str]:
    entries = Entree.objects.filter(objet_id=demande.pk).order_by("id")
    return [entry.evenement.removeprefix("medecin_traitant.") for entry in entries]


def mails(gabarit: str) -> int:
    return Message.objects.filter(gabarit=f"medecin_traitant/courriels/{gabarit}.txt").count()


# Filing


def test_file_gives_number_owner_next_date_and_acknowledgement(guichet: Guichet):
    depot = file_demande(guichet, ald=True, annee_naissance=1940)
    demande = depot.demande
    assert demande.reference == f"MT-{horloge.today().year}-00001"
    assert demande.etat == Etat.DEPOSEE
    assert demande.responsable == guichet.membre
    assert demande.prochaine_action == Action.QUALIFIER
    assert demande.prochaine_date == horloge.today() + timedelta(days=2)
    assert demande.plus_de_70, "derived from the year of birth"
    assert demande.priorite_niveau == "haute"
    assert not depot.deja_deposee
    assert len(depot.code_suivi) == 11
    assert events(demande) == ["deposee"]
    assert mails("accuse_reception") == 1
    assert find_lien(demande, services.LIEN_SUIVI) is not None


def test_numbers_follow_each_other(guichet: Guichet):
    references = [file_demande(guichet).demande.reference for _ in range(3)]
    assert [reference[-5:] for reference in references] == ["00001", "00002", "00003"]


def test_file_without_address_sends_nothing(guichet: Guichet):
    file_demande(guichet, courriel="")
    assert Message.objects.count() == 0


def test_a_form_posted_twice_makes_one_request(guichet: Guichet):
    first = file_demande(guichet, cle_depot="meme-formulaire")
    second = file_demande(guichet, cle_depot="meme-formulaire")
    assert second.deja_deposee
    assert second.demande == first.demande
    assert Demande.objects.count() == 1
    assert mails("accuse_reception") == 1


def test_file_refused_while_the_room_is_locked():
    guichet = make_guichet(patients_ouverts_le=None)
    with use_cpts(guichet.cpts.pk), pytest.raises(ActionRefusee, match="pas encore ouvert"):
        file_demande(guichet)


def test_file_refused_when_nobody_holds_the_desk(guichet: Guichet):
    guichet.membre.actif = False
    guichet.membre.save()
    with pytest.raises(ActionRefusee, match="Personne ne tient"):
        file_demande(guichet)
    assert Demande.objects.count() == 0


def test_the_owner_is_the_least_loaded_then_the_coordination(guichet: Guichet):
    other = make_membre(guichet.cpts, Role.INTERLOCUTEUR_SOCIAL)
    owners = {file_demande(guichet).demande.responsable for _ in range(2)}
    assert owners == {guichet.membre, other}
    for membre in owners:
        membre.actif = False
        membre.save()
    coordination = make_membre(guichet.cpts, Role.COORDINATION)
    make_membre(guichet.cpts, Role.SECRETARIAT)
    assert file_demande(guichet).demande.responsable == coordination


def test_a_desk_member_who_files_follows(guichet: Guichet):
    secretariat = make_membre(guichet.cpts, Role.SECRETARIAT)
    depot = file_demande(guichet, by=make_acteur(secretariat), origine=Origine.GUICHET)
    assert depot.demande.responsable == secretariat
    assert depot.demande.depositaire == secretariat


# What the database refuses by itself


@pytest.mark.parametrize(
    "fields",
    [
        {"responsable": None},
        {"prochaine_date": None},
        {"prochaine_action": ""},
        {"etat": Etat.CLOSE},
        {"etat": Etat.PLACEE},
        {"etat": Etat.ACCEPTEE},
        {"motif_cloture": Cloture.ABANDON},
        {"placee_le": horloge.now()},
    ],
)
def test_the_database_refuses(guichet: Guichet, fields: dict):
    demande = make_demande(guichet)
    with pytest.raises(IntegrityError), transaction.atomic():
        Demande.objects.filter(pk=demande.pk).update(**fields)


def test_the_database_refuses_two_accepted_proposals(guichet: Guichet):
    medecins = [make_medecin(guichet), make_medecin(guichet)]
    demande = make_demande(guichet, etat=Etat.PROPOSEE, medecins=medecins)
    with pytest.raises(IntegrityError), transaction.atomic():
        demande.sollicitations.update(etat=EtatSollicitation.ACCEPTEE)


def test_states_are_in_the_history(guichet: Guichet):
    demande = make_demande(guichet, etat=Etat.QUALIFIEE)
    changes = [
        row.valeurs.get("etat") for row in Ecriture.objects.filter(ligne_id=demande.pk) if row.operation == "update"
    ]
    assert ["deposee", "qualifiee"] in changes


# Qualification


def test_qualify(guichet: Guichet):
    demande = make_demande(guichet)
    services.qualify_demande(demande_id=demande.pk, faits=services.FaitsSaisis(ald=True, c2s=True), by=guichet.acteur)
    demande.refresh_from_db()
    assert (demande.etat, demande.ald, demande.c2s) == (Etat.QUALIFIEE, True, True)
    assert demande.prochaine_action == Action.PROPOSER
    assert {line["fait"] for line in demande.priorite_lignes} == {"ald", "c2s"}
    assert events(demande) == ["deposee", "qualifiee"]


def test_c2s_and_ame_are_never_named_in_the_history(guichet: Guichet):
    """Doctors of the bureau read the history of writes."""
    demande = make_demande(guichet)
    Demande.objects.filter(pk=demande.pk).update(c2s=True, ame=True, ald=True)
    Demande.objects.filter(pk=demande.pk).update(c2s=False)
    rows = Ecriture.objects.filter(ligne_id=demande.pk, operation="update").order_by("-id")[:2]
    assert [row.colonnes for row in rows] == [[], ["ald"]]
    assert not any({"c2s", "ame"} & {*row.valeurs} for row in rows)


def test_an_opposition_closes_what_is_open(guichet: Guichet):
    demande = make_demande(guichet, etat=Etat.PROPOSEE)
    placee = make_demande(guichet, etat=Etat.PLACEE)
    for une in (demande, placee):
        record_opposition(patient=une.patient, by=guichet.acteur)
        une.refresh_from_db()
    assert (demande.etat, demande.motif_cloture) == (Etat.CLOSE, Cloture.OPPOSITION)
    assert placee.etat == Etat.PLACEE
    assert not Message.objects.filter(objet_id=demande.pk, etat=EtatCourriel.A_ENVOYER).exists()
    assert not demande.sollicitations.filter(etat=EtatSollicitation.ENVOYEE).exists()
    assert Patient.objects.get(pk=demande.patient_id).opposition
    assert Cloture.OPPOSITION not in dict(CloreForm().fields["motif"].choices)


def test_erasure_locks_requests_before_patients_as_every_service_does(guichet: Guichet):
    """The other order waits for whoever closes a request at the same time, and one of the two is killed."""
    patient = make_demande(guichet).patient
    Patient.objects.filter(pk=patient.pk).update(conserver_jusque=date(2020, 1, 1))
    with CaptureQueriesContext(connection) as faites:
        assert erase_expired(cpts_id=guichet.cpts.pk, on=date(2020, 1, 2)).patients == 1
    verrous = [q["sql"] for q in faites if "FOR NO KEY UPDATE" in q["sql"] or q["sql"].startswith("UPDATE")]
    premiers = ["patients_patient" if '"patients_patient"' in sql.split("WHERE")[0] else "demande" for sql in verrous]
    assert premiers[0] == "demande"


def test_qualify_again_corrects_and_keeps_the_state(guichet: Guichet):
    demande = make_demande(guichet, etat=Etat.PROPOSEE)
    services.qualify_demande(demande_id=demande.pk, faits=services.FaitsSaisis(isolement=True), by=guichet.acteur)
    demande.refresh_from_db()
    assert demande.etat == Etat.PROPOSEE
    assert events(demande)[-1] == "corrigee"


@pytest.mark.parametrize("etat", [Etat.ACCEPTEE, Etat.PLACEE, Etat.CLOSE])
def test_qualify_refused_afterwards(guichet: Guichet, etat: Etat):
    demande = make_demande(guichet, etat=etat)
    with pytest.raises(ActionRefusee, match="ne se qualifie plus"):
        services.qualify_demande(demande_id=demande.pk, faits=services.FaitsSaisis(), by=guichet.acteur)


def test_plan(guichet: Guichet):
    demande = make_demande(guichet)
    other = make_membre(guichet.cpts, Role.SECRETARIAT)
    day = horloge.today() + timedelta(days=9)
    services.plan_demande(demande_id=demande.pk, responsable_id=other.pk, prochaine_date=day, by=guichet.acteur)
    demande.refresh_from_db()
    assert (demande.responsable, demande.prochaine_date) == (other, day)
    with pytest.raises(ActionRefusee, match="à venir"):
        services.plan_demande(
            demande_id=demande.pk,
            responsable_id=other.pk,
            prochaine_date=horloge.today() - timedelta(days=1),
            by=guichet.acteur,
        )


# Proposals


def test_propose_to_several(guichet: Guichet):
    medecins = [make_medecin(guichet), make_medecin(guichet)]
    demande = make_demande(guichet, etat=Etat.PROPOSEE, medecins=medecins)
    assert demande.prochaine_action == Action.ATTENDRE_MEDECIN
    assert demande.sollicitations.count() == 2
    assert mails("demande_proposee") == 2
    assert events(demande).count("proposee") == 2


def test_a_number_typed_by_another_community_receives_nothing(guichet: Guichet):
    """Whoever invites types the RPPS number of an account: only this community's own members are believed."""
    medecin = make_medecin(guichet, courriel="cabinet@example.org")
    usurper = make_compte(email="ailleurs@example.org", rpps=medecin.rpps)
    make_membre(make_cpts(), Role.PROFESSIONNEL, compte=usurper)
    make_demande(guichet, etat=Etat.PLACEE, medecins=[medecin])
    written = [m.adresse for m in Message.objects.all() if m.gabarit.endswith(("proposee.txt", "nouveau_patient.txt"))]
    assert written == ["cabinet@example.org", "cabinet@example.org"]
    make_membre(guichet.cpts, Role.PROFESSIONNEL, compte=usurper)
    assert get_courriel_medecin(medecin, cpts_id=guichet.cpts.pk) == "ailleurs@example.org"


def test_propose_refuses_a_doctor_without_place_and_proposes_to_nobody(guichet: Guichet):
    demande = make_demande(guichet, etat=Etat.QUALIFIEE)
    full, unsaid = make_medecin(guichet, places=0), make_medecin(guichet, places=None)
    for other in (full, unsaid):
        with pytest.raises(ActionRefusee, match="n’a plus de place"):
            services.propose_demande(
                demande_id=demande.pk, professionnel_ids=[make_medecin(guichet).pk, other.pk], by=guichet.acteur
            )
    assert Sollicitation.objects.count() == 0


def test_propose_refuses_who_has_it_or_declined_it(guichet: Guichet):
    one, two = make_medecin(guichet), make_medecin(guichet)
    demande = make_demande(guichet, etat=Etat.PROPOSEE, medecins=[one, two])
    proposition = demande.sollicitations.get(professionnel=one)
    services.decline_proposition(proposition_id=proposition.pk, motif=MotifRefus.COMPLET, by=SYSTEME)
    for medecin, said in ((one, "l’a refusée"), (two, "l’a déjà")):
        with pytest.raises(ActionRefusee, match=said):
            services.propose_demande(demande_id=demande.pk, professionnel_ids=[medecin.pk], by=guichet.acteur)


@pytest.mark.parametrize("etat", [Etat.DEPOSEE, Etat.ACCEPTEE, Etat.PLACEE, Etat.CLOSE])
def test_propose_refused_by_state(guichet: Guichet, etat: Etat):
    demande = make_demande(guichet, etat=etat)
    with pytest.raises(ActionRefusee, match="ne peut pas être proposée"):
        services.propose_demande(demande_id=demande.pk, professionnel_ids=[make_medecin(guichet).pk], by=guichet.acteur)


def test_propose_refuses_an_unknown_doctor(guichet: Guichet):
    demande = make_demande(guichet, etat=Etat.QUALIFIEE)
    for ids in ([], [demande.pk]):
        with pytest.raises(ActionRefusee, match="Choisissez"):
            services.propose_demande(demande_id=demande.pk, professionnel_ids=ids, by=guichet.acteur)


def test_first_acceptance_reserves_and_takes_the_others_back(guichet: Guichet):
    one, two = make_medecin(guichet), make_medecin(guichet)
    demande = make_demande(guichet, etat=Etat.PROPOSEE, medecins=[one, two])
    first, second = (demande.sollicitations.get(professionnel=medecin) for medecin in (one, two))
    services.accept_proposition(proposition_id=first.pk, by=make_acteur_lien(first))
    demande.refresh_from_db()
    second.refresh_from_db()
    assert (demande.etat, demande.medecin) == (Etat.ACCEPTEE, one)
    assert demande.prochaine_action == Action.ATTENDRE_PATIENT
    assert (second.etat, second.motif_retrait) == (EtatSollicitation.RETIREE, MotifRetrait.AUTRE)
    assert find_lien(second, LIEN_SOLLICITATION) is None
    assert Message.objects.filter(objet_id=second.pk).get().etat == EtatCourriel.ANNULE
    assert mails("medecin_trouve") == 1
    assert mails("demande_avancee") == 1
    with pytest.raises(ActionRefusee, match="n’attend plus"):
        services.accept_proposition(proposition_id=second.pk, by=SYSTEME)


def test_accepting_twice_is_accepting_once(guichet: Guichet):
    demande = make_demande(guichet, etat=Etat.ACCEPTEE)
    proposition = demande.sollicitations.get()
    services.accept_proposition(proposition_id=proposition.pk, by=SYSTEME)
    assert events(demande).count("acceptee") == 1


def test_without_the_patients_address_the_desk_calls_today(guichet: Guichet):
    demande = make_demande(guichet, etat=Etat.ACCEPTEE, courriel="")
    assert (demande.prochaine_action, demande.prochaine_date) == (Action.RAPPELER_PATIENT, horloge.today())


def test_a_late_answer_is_refused(guichet: Guichet):
    demande = make_demande(guichet, etat=Etat.PROPOSEE)
    proposition = demande.sollicitations.get()
    with horloge.at(proposition.expire_le):
        with pytest.raises(ActionRefusee, match="délai"):
            services.accept_proposition(proposition_id=proposition.pk, by=SYSTEME)
        with pytest.raises(ActionRefusee, match="délai"):
            services.decline_proposition(proposition_id=proposition.pk, motif=MotifRefus.AUTRE, by=SYSTEME)


def test_decline_brings_back_to_rank_when_nobody_else_is_asked(guichet: Guichet):
    one, two = make_medecin(guichet), make_medecin(guichet)
    demande = make_demande(guichet, etat=Etat.PROPOSEE, medecins=[one, two])
    rank = (demande.priorite_score, demande.deposee_le)
    for medecin, etat in ((one, Etat.PROPOSEE), (two, Etat.QUALIFIEE)):
        proposition = demande.sollicitations.get(professionnel=medecin)
        services.decline_proposition(proposition_id=proposition.pk, motif=MotifRefus.TROP_LOIN, by=SYSTEME)
        services.decline_proposition(proposition_id=proposition.pk, motif=MotifRefus.TROP_LOIN, by=SYSTEME)
        demande.refresh_from_db()
        assert demande.etat == etat
    assert (demande.priorite_score, demande.deposee_le) == rank
    assert (demande.prochaine_action, demande.prochaine_date) == (Action.PROPOSER, horloge.today())
    assert events(demande).count("refusee") == 2


# The patient's own answer


def test_yes_places(guichet: Guichet):
    medecin = make_medecin(guichet)
    demande = make_demande(guichet, etat=Etat.ACCEPTEE, medecins=[medecin], annee_naissance=1990)
    services.confirm_by_patient(demande_id=demande.pk, oui=True, by=SYSTEME)
    demande.refresh_from_db()
    assert (demande.etat, demande.medecin) == (Etat.PLACEE, medecin)
    assert demande.age_placement == horloge.today().year - 1990
    assert demande.empreinte == services.compute_empreinte(demande)
    assert RelationSoin.objects.in_force().filter(patient=demande.patient, rpps=medecin.rpps).exists()
    assert mails("nouveau_patient") == 1
    with pytest.raises(ActionRefusee, match="n’est plus attendue"):
        services.confirm_by_patient(demande_id=demande.pk, oui=False, by=SYSTEME)


def test_the_hash_tells_a_change_of_facts(guichet: Guichet):
    demande = make_demande(guichet, etat=Etat.PLACEE)
    demande.ald = not demande.ald
    assert demande.empreinte != services.compute_empreinte(demande)


def test_the_hash_covers_the_journal_up_to_the_patients_yes(guichet: Guichet):
    demande = make_demande(guichet, etat=Etat.PLACEE)
    assert Entree.objects.get(objet_id=demande.pk, evenement="medecin_traitant.placee").le <= demande.placee_le


def test_a_doctor_whom_the_patient_declined_comes_last(guichet: Guichet):
    decline, other = make_medecin(guichet, places=9), make_medecin(guichet, places=1)
    demande = make_demande(guichet, etat=Etat.ACCEPTEE, medecins=[decline])
    services.confirm_by_patient(demande_id=demande.pk, oui=False, by=SYSTEME)
    demande.refresh_from_db()
    candidats = list_candidats(demande)
    assert [candidat.professionnel for candidat in candidats] == [other, decline]
    assert "la personne lui a dit non" in candidats[1].raison


def test_no_keeps_the_rank_and_frees_the_place(guichet: Guichet):
    medecin = make_medecin(guichet, places=1)
    demande = make_demande(guichet, etat=Etat.ACCEPTEE, medecins=[medecin])
    assert Capacite.objects.with_restantes().get(professionnel=medecin).restantes == 0
    services.confirm_by_patient(demande_id=demande.pk, oui=False, by=SYSTEME)
    demande.refresh_from_db()
    assert (demande.etat, demande.medecin, demande.prochaine_action) == (Etat.QUALIFIEE, None, Action.PROPOSER)
    assert Capacite.objects.with_restantes().get(professionnel=medecin).restantes == 1
    assert not RelationSoin.objects.exists()


# Closing, reopening


@pytest.mark.parametrize("etat", OUVERTS)
def test_close_from_any_open_state(guichet: Guichet, etat: Etat):
    demande = make_demande(guichet, etat=etat)
    services.close_demande(demande_id=demande.pk, motif=Cloture.DOUBLON, by=guichet.acteur)
    demande.refresh_from_db()
    assert (demande.etat, demande.motif_cloture) == (Etat.CLOSE, Cloture.DOUBLON)
    assert not demande.sollicitations.filter(etat__in=[EtatSollicitation.ENVOYEE, EtatSollicitation.ACCEPTEE]).exists()
    assert not Message.objects.filter(
        objet_id__in=[demande.pk, *demande.sollicitations.values_list("pk", flat=True)], etat=EtatCourriel.A_ENVOYER
    ).exists(), "nobody is reminded of what no longer is"


@pytest.mark.parametrize("etat", [Etat.CLOSE, Etat.PLACEE])
def test_close_refused_once_over(guichet: Guichet, etat: Etat):
    demande = make_demande(guichet, etat=etat)
    with pytest.raises(ActionRefusee, match="ne peut pas devenir"):
        services.close_demande(demande_id=demande.pk, motif=Cloture.ABANDON, by=guichet.acteur)


def test_reopen_a_placement_gives_back_its_rank(guichet: Guichet):
    demande = make_demande(guichet, etat=Etat.PLACEE)
    deposee_le = demande.deposee_le
    services.reopen_demande(demande_id=demande.pk, by=guichet.acteur)
    demande.refresh_from_db()
    assert (demande.etat, demande.placee_le, demande.empreinte) == (Etat.QUALIFIEE, None, "")
    assert demande.deposee_le == deposee_le
    assert not RelationSoin.objects.in_force().filter(jusque=None).exists()
    assert demande.sollicitations.get().motif_retrait == MotifRetrait.REOUVERTURE


def test_reopen_a_request_closed_before_qualification(guichet: Guichet):
    demande = make_demande(guichet)
    services.close_demande(demande_id=demande.pk, motif=Cloture.INJOIGNABLE, by=guichet.acteur)
    services.reopen_demande(demande_id=demande.pk, by=guichet.acteur)
    demande.refresh_from_db()
    assert (demande.etat, demande.prochaine_action) == (Etat.DEPOSEE, Action.QUALIFIER)
    with pytest.raises(ActionRefusee):
        services.reopen_demande(demande_id=demande.pk, by=guichet.acteur)


@pytest.mark.parametrize("etat", OUVERTS)
def test_reopen_refused_while_open(guichet: Guichet, etat: Etat):
    """A stale page would otherwise leave proposals running behind a request that waits for a doctor."""
    demande = make_demande(guichet, etat=etat)
    before = list(demande.sollicitations.values_list("etat", flat=True))
    with pytest.raises(ActionRefusee, match="déjà ouverte"):
        services.reopen_demande(demande_id=demande.pk, by=guichet.acteur)
    demande.refresh_from_db()
    assert demande.etat == etat
    assert list(demande.sollicitations.values_list("etat", flat=True)) == before


def test_reopen_refused_once_the_identity_is_erased(guichet: Guichet):
    demande = make_demande(guichet, etat=Etat.CLOSE)
    erase_patient(patient=demande.patient, by=SYSTEME)
    with pytest.raises(ActionRefusee, match="effacée"):
        services.reopen_demande(demande_id=demande.pk, by=guichet.acteur)


def test_reopen_refused_while_the_person_opposes(guichet: Guichet):
    demande = make_demande(guichet, etat=Etat.QUALIFIEE)
    record_opposition(patient=demande.patient, by=guichet.acteur)
    with pytest.raises(ActionRefusee, match="oppose"):
        services.reopen_demande(demande_id=demande.pk, by=guichet.acteur)
    record_opposition(patient=Patient.objects.get(pk=demande.patient_id), by=guichet.acteur, opposed=False)
    assert services.reopen_demande(demande_id=demande.pk, by=guichet.acteur).etat == Etat.QUALIFIEE


def test_every_state_has_its_transitions():
    assert set(TRANSITIONS) == set(Etat)
    assert all(Etat.CLOSE in TRANSITIONS[etat] for etat in OUVERTS)


# Places


def test_capacity_counts_what_was_accepted_since(guichet: Guichet):
    medecin = make_medecin(guichet, places=2)
    make_demande(guichet, etat=Etat.PLACEE, medecins=[medecin])
    assert Capacite.objects.with_restantes().get(professionnel=medecin).restantes == 1
    capacite = services.update_capacite(cpts_id=guichet.cpts.pk, professionnel=medecin, places=2, by=SYSTEME)
    assert Capacite.objects.with_restantes().get(pk=capacite.pk).restantes == 2


def test_volunteer_since(guichet: Guichet):
    medecin = make_medecin(guichet, places=2)
    since = Capacite.objects.get(professionnel=medecin).volontaire_depuis
    update = services.update_capacite
    assert update(cpts_id=guichet.cpts.pk, professionnel=medecin, places=1, by=SYSTEME).volontaire_depuis == since
    assert update(cpts_id=guichet.cpts.pk, professionnel=medecin, places=0, by=SYSTEME).volontaire_depuis is None


@pytest.mark.parametrize("places", [-1, 201])
def test_capacity_must_be_plausible(guichet: Guichet, places: int):
    with pytest.raises(ActionRefusee, match="entre 0 et 200"):
        services.update_capacite(
            cpts_id=guichet.cpts.pk, professionnel=make_medecin(guichet), places=places, by=SYSTEME
        )


def test_only_a_generalist_offers_places(guichet: Guichet):
    medecin = make_medecin(guichet, places=None)
    medecin.savoir_faire = ["SM04"]
    with pytest.raises(ActionRefusee, match="médecin généraliste"):
        services.update_capacite(cpts_id=guichet.cpts.pk, professionnel=medecin, places=1, by=SYSTEME)


# Robots, erasure, tenants


def test_passages_slow_down_an_address(guichet: Guichet):
    def passage(adresse: str) -> bool:
        return services.count_passage(cpts_id=guichet.cpts.pk, adresse=adresse, geste="depot", maximum=2)

    assert [passage("192.0.2.1") for _ in range(3)] == [True, True, False]
    assert passage("192.0.2.2")
    with horloge.at(horloge.now() + timedelta(hours=25)):
        assert passage("192.0.2.1")
        assert services.forget_passages(cpts_id=guichet.cpts.pk) == 4


def test_erasure_closes_and_forgets_the_facts_that_nobody_counts(guichet: Guichet):
    demande = make_demande(guichet, etat=Etat.PROPOSEE, ald=True, isolement=True, langue="ar")
    assert services.erase_faits(cpts_id=guichet.cpts.pk, patient_id=demande.patient_id) == 1
    demande.refresh_from_db()
    assert (demande.etat, demande.isolement, demande.langue, demande.ald) == (Etat.CLOSE, False, "fr", True)


def test_erasure_forgets_addresses_and_shuts_links(guichet: Guichet):
    demande = make_demande(guichet, etat=Etat.ACCEPTEE)
    other = file_demande(guichet).demande
    Message.objects.filter(objet_id=demande.pk).update(etat=EtatCourriel.ECHEC)
    erase_patient(patient=demande.patient, by=SYSTEME)
    about = Message.objects.exclude(objet_id=other.pk)
    assert {(m.adresse, m.texte, m.is_renvoyable) for m in about} == {("", "", False)}
    assert not any(resend(message=message, by=guichet.acteur) for message in about)
    assert EtatCourriel.A_ENVOYER not in about.values_list("etat", flat=True)
    assert find_lien(demande, services.LIEN_SUIVI) is None
    assert Message.objects.get(objet_id=other.pk).adresse == "patient@example.org"


def test_another_community_sees_nothing(guichet: Guichet):
    make_demande(guichet, etat=Etat.PROPOSEE)
    with use_cpts(make_cpts().pk):
        assert not Demande.objects.exists()
        assert not Sollicitation.objects.exists()


def test_public_actor_is_in_the_journal_without_any_name(guichet: Guichet):
    demande = file_demande(guichet, by=PUBLIC, nom="Canari", prenom="Zoé", telephone="0477998877").demande
    written = str(list(Entree.objects.filter(objet_id=demande.pk).values())) + str(list(Ecriture.objects.values()))
    assert "Canari" not in written
    assert "0477998877" not in written
