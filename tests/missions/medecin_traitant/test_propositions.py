"""Proposing to doctors, their answers, the patient's own, and the places that they take."""

import pytest

from fabriques.constats import events, mails
from fabriques.droits import make_compte, make_cpts, make_membre
from fabriques.medecin_traitant import (
    Guichet,
    find_lien,
    make_acteur_lien,
    make_demande,
    make_medecin,
)
from maillon.communaute.patients.models import RelationSoin
from maillon.communaute.sollicitations.enums import EtatSollicitation, MotifRetrait
from maillon.communaute.sollicitations.models import Sollicitation
from maillon.communaute.sollicitations.services import LIEN_SOLLICITATION
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums import (
    Action,
    Etat,
    MotifRefus,
)
from maillon.missions.medecin_traitant.models import ActionRefusee, Capacite
from maillon.missions.medecin_traitant.selectors import get_courriel_medecin, list_candidats
from maillon.socle import horloge
from maillon.socle.courriels.models import Etat as EtatCourriel
from maillon.socle.courriels.models import Message
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.journal.models import Entree

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dedans")]


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
    assert find_lien(first, LIEN_SOLLICITATION) is None
    assert find_lien(second, LIEN_SOLLICITATION) is not None, "who comes too late reads that somebody accepted"
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
