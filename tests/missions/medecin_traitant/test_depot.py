"""Filing a request, and what the database refuses by itself."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from fabriques.constats import events, mails
from fabriques.droits import make_acteur, make_membre
from fabriques.medecin_traitant import (
    Guichet,
    file_demande,
    find_lien,
    make_demande,
    make_guichet,
    make_medecin,
)
from maillon.communaute.sollicitations.enums import EtatSollicitation
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums import (
    Action,
    Cloture,
    Etat,
    Origine,
)
from maillon.missions.medecin_traitant.models import ActionRefusee, Demande
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Message
from maillon.socle.droits.enums import Role
from maillon.socle.journal.models import Ecriture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dedans")]


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
