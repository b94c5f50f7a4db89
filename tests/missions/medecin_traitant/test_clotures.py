"""Closing, reopening; the places of doctors."""

import pytest

from fabriques.medecin_traitant import (
    Guichet,
    make_demande,
    make_medecin,
)
from maillon.communaute.patients.models import Patient, RelationSoin
from maillon.communaute.patients.services import erase_patient, record_opposition
from maillon.communaute.sollicitations.enums import EtatSollicitation, MotifRetrait
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums import (
    OUVERTS,
    TRANSITIONS,
    Action,
    Cloture,
    Etat,
)
from maillon.missions.medecin_traitant.models import ActionRefusee, Capacite
from maillon.socle.courriels.models import Etat as EtatCourriel
from maillon.socle.courriels.models import Message
from maillon.socle.droits.acteur import SYSTEME

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dedans")]


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
