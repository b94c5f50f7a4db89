"""A request that changes hands: the same hour may be said again, and an identity shuts with what had opened it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from fabriques.droits import enter
from fabriques.patients import make_identite
from fabriques.soins import make_creneau, make_pro, make_soins
from maillon.communaute.patients.selectors import has_relation
from maillon.communaute.sollicitations import services as sollicitations
from maillon.communaute.sollicitations.models import Sollicitation
from maillon.missions.soins_non_programmes import services
from maillon.missions.soins_non_programmes.enums import Besoin, EtatDemande, Modalite, MotifAnnulation, Origine, Reponse
from maillon.missions.soins_non_programmes.models import GENRE, ActionRefusee, DemandeSoin
from maillon.missions.soins_non_programmes.selectors.demandes import list_demandes
from maillon.socle.contexte import use_cpts
from maillon.socle.horloge import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def soins():
    soins = make_soins()
    with use_cpts(soins.cpts.pk):
        yield soins


def file(soins) -> DemandeSoin:
    return services.file_demande(
        cpts=soins.cpts,
        identite=make_identite(),
        saisie=services.SaisieDemande(
            besoin=Besoin.SOIN_INFIRMIER,
            profession="60",
            modalite=Modalite.CABINET,
            commune_id=soins.saint_etienne.pk,
            avant_le=now() + timedelta(hours=2),
        ),
        origine=Origine.PHARMACIE,
        cle_depot=uuid4().hex,
        by=soins.acteur,
    )


def accept(demande, pro) -> DemandeSoin:
    own = Sollicitation.objects.of_objets(GENRE, [demande.pk]).filter(professionnel=pro.professionnel)
    sollicitations.accept(sollicitation_id=own.latest("envoyee_le").pk, by=pro.acteur)
    demande.refresh_from_db()
    return demande


def test_the_hour_of_a_cancelled_appointment_may_be_given_again_by_a_colleague(soins) -> None:
    first, second = make_pro(soins), make_pro(soins)
    hour = (now() + timedelta(hours=3)).replace(second=0, microsecond=0)
    demande = accept(file(soins), first)
    given = services.give_heure(demande_id=demande.pk, lieu=first.lieu, debut=hour, by=first.acteur)
    services.cancel(rendez_vous=given, motif=MotifAnnulation.PROFESSIONNEL, by=first.acteur, rouvrir=False)
    services.seek_again(demande_id=demande.pk)
    demande = accept(demande, second)
    again = services.give_heure(demande_id=demande.pk, lieu=second.lieu, debut=hour, by=second.acteur)
    assert again.creneau.professionnel == second.professionnel


@pytest.mark.parametrize("fin", ["another slot", "another answer", "cancelled", "reopened"])
def test_the_identity_shuts_for_who_accepted_and_does_not_receive_the_person(soins, fin) -> None:
    accepte, autre = make_pro(soins), make_pro(soins)
    demande = accept(file(soins), accepte)
    assert has_relation(demande.patient, accepte.professionnel.rpps)
    if fin == "another slot":
        services.book_demande(
            demande_id=demande.pk,
            creneau_id=make_creneau(soins, autre).pk,
            by=soins.acteur,
            cle_depot="x",
            origine=Origine.GUICHET,
        )
    elif fin == "another answer":
        services.answer_demande(demande_id=demande.pk, reponse=Reponse.AILLEURS, by=soins.acteur)
    elif fin == "cancelled":
        services.cancel_demande(demande_id=demande.pk, by=soins.acteur)
    else:
        given = services.give_heure(demande_id=demande.pk, lieu=accepte.lieu, debut=None, by=accepte.acteur)
        services.cancel(rendez_vous=given, motif=MotifAnnulation.PROFESSIONNEL, by=accepte.acteur)
        services.seek_again(demande_id=demande.pk)
    assert not has_relation(demande.patient, accepte.professionnel.rpps)
    assert not list_demandes(for_acteur=accepte.acteur).filter(pk=demande.pk).exists()


def test_who_receives_the_person_keeps_the_identity(soins) -> None:
    pro = make_pro(soins)
    demande = accept(file(soins), pro)
    services.give_heure(demande_id=demande.pk, lieu=pro.lieu, debut=None, by=pro.acteur)
    demande.refresh_from_db()
    assert demande.etat == EtatDemande.POURVUE
    assert has_relation(demande.patient, pro.professionnel.rpps)
    assert list_demandes(for_acteur=pro.acteur).filter(pk=demande.pk).exists()


def test_a_request_with_its_appointment_is_not_reopened(soins) -> None:
    pro = make_pro(soins)
    demande = accept(file(soins), pro)
    given = services.give_heure(demande_id=demande.pk, lieu=pro.lieu, debut=None, by=pro.acteur)
    with pytest.raises(ActionRefusee, match="annulez-le d’abord"):
        services.reopen_demande(demande_id=demande.pk, by=soins.acteur)
    services.cancel(rendez_vous=given, motif=MotifAnnulation.ERREUR, by=soins.acteur)
    services.reopen_demande(demande_id=demande.pk, by=soins.acteur)
    demande.refresh_from_db()
    assert demande.etat == EtatDemande.SOLLICITEE


def test_who_accepted_does_not_cancel_the_request_of_the_person(soins) -> None:
    pro = make_pro(soins)
    demande = accept(file(soins), pro)
    adresses = [reverse(f"soins_{nom}", args=[soins.cpts.slug, demande.pk]) for nom in ("demande", "annuler_demande")]
    client, guichet = enter(Client(), pro.membre.compte), enter(Client(), soins.membre.compte)
    assert "Annuler la demande" not in client.get(adresses[0]).content.decode()
    assert client.post(adresses[1]).status_code == 404
    assert "Annuler la demande" in guichet.get(adresses[0]).content.decode()
    guichet.post(adresses[1])
    demande.refresh_from_db()
    assert demande.etat == EtatDemande.ANNULEE
