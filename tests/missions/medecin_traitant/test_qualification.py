"""What the desk says of a request; erasure, robots, tenants."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fabriques.constats import events
from fabriques.droits import make_cpts, make_membre
from fabriques.medecin_traitant import (
    Guichet,
    file_demande,
    find_lien,
    make_demande,
)
from maillon.communaute.patients.models import Patient
from maillon.communaute.patients.services import erase_expired, erase_patient, record_opposition
from maillon.communaute.sollicitations.enums import EtatSollicitation
from maillon.communaute.sollicitations.models import Sollicitation
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums import (
    Action,
    Cloture,
    Etat,
)
from maillon.missions.medecin_traitant.forms import CloreForm
from maillon.missions.medecin_traitant.models import ActionRefusee, Demande
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Etat as EtatCourriel
from maillon.socle.courriels.models import Message
from maillon.socle.courriels.services import resend
from maillon.socle.droits.acteur import PUBLIC, SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.journal.models import Ecriture, Entree

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dedans")]


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
