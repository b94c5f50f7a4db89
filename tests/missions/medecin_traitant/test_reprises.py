"""Answers taken back; the équipe traitante."""

import pytest

from fabriques.constats import after, mails
from fabriques.droits import make_acteur, make_membre
from fabriques.medecin_traitant import Guichet, make_demande, make_medecin
from maillon.communaute.patients.models import RelationSoin
from maillon.communaute.sollicitations.services import declare_absence
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums import (
    Action,
    Cloture,
    Etat,
    EtatTache,
    Quoi,
    RoleEquipe,
)
from maillon.missions.medecin_traitant.models import (
    ActionRefusee,
    Capacite,
    Demande,
    TacheGuichet,
)
from maillon.missions.medecin_traitant.selectors import (
    read_vie,
)
from maillon.missions.medecin_traitant.selectors.suivi import list_alertes_journee
from maillon.socle import horloge
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dedans")]


# Answers taken back


@pytest.mark.parametrize("oui", [True, False])
def test_an_answer_recorded_by_mistake_is_taken_back(guichet: Guichet, oui: bool):
    medecin = make_medecin(guichet, places=1)
    demande = make_demande(guichet, etat=Etat.ACCEPTEE, medecins=[medecin])
    services.confirm_by_patient(demande_id=demande.pk, oui=oui, by=guichet.acteur)
    demande = services.undo_reponse_patient(demande_id=demande.pk, by=guichet.acteur)
    assert (demande.etat, demande.medecin, demande.placee_le) == (Etat.ACCEPTEE, medecin, None)
    assert not RelationSoin.objects.in_force().filter(jusque=None).exists()
    assert Capacite.objects.with_restantes().get(professionnel=medecin).restantes == 0
    services.confirm_by_patient(demande_id=demande.pk, oui=True, by=guichet.acteur)
    demande.refresh_from_db()
    assert demande.etat == Etat.PLACEE
    assert mails("nouveau_patient") == (2 if oui else 1), "the doctor is told of the yes that holds"


def test_an_answer_is_not_taken_back_while_the_doctor_is_away(guichet: Guichet):
    medecin = make_medecin(guichet)
    demande = make_demande(guichet, etat=Etat.ACCEPTEE, medecins=[medecin])
    services.confirm_by_patient(demande_id=demande.pk, oui=False, by=guichet.acteur)
    jour = horloge.today()
    declare_absence(cpts_id=guichet.cpts.pk, professionnel=medecin, du=jour, au=jour, by=SYSTEME)
    with pytest.raises(ActionRefusee, match="absent aujourd’hui"):
        services.undo_reponse_patient(demande_id=demande.pk, by=guichet.acteur)


def test_an_answer_is_not_taken_back_once_others_were_asked_or_news_came(guichet: Guichet):
    one, two = make_medecin(guichet), make_medecin(guichet)
    demande = make_demande(guichet, etat=Etat.ACCEPTEE, medecins=[one])
    services.confirm_by_patient(demande_id=demande.pk, oui=False, by=guichet.acteur)
    services.propose_demande(demande_id=demande.pk, professionnel_ids=[two.pk], by=guichet.acteur)
    with pytest.raises(ActionRefusee, match="autre chose"):
        services.undo_reponse_patient(demande_id=demande.pk, by=guichet.acteur)
    placee = make_demande(guichet, etat=Etat.PLACEE)
    services.record_bilan(demande_id=placee.pk, suivie=False, by=SYSTEME)
    with pytest.raises(ActionRefusee, match="rouvrez plutôt"):
        services.undo_reponse_patient(demande_id=placee.pk, by=guichet.acteur)


# Équipe traitante


def join(demande: Demande, guichet: Guichet, professionnel):
    return services.add_equipier(
        demande_id=demande.pk, professionnel_id=professionnel.pk, role=RoleEquipe.IPA, by=guichet.acteur
    )


def test_a_team_opens_the_identity_plans_its_review_and_does_not_end_the_search(guichet: Guichet):
    demande, ipa = make_demande(guichet, etat=Etat.QUALIFIEE), make_medecin(guichet, places=None)
    equipier = join(demande, guichet, ipa)
    demande.refresh_from_db()
    assert (demande.etat, demande.prochaine_action) == (Etat.QUALIFIEE, Action.PROPOSER)
    assert RelationSoin.objects.in_force().filter(patient=demande.patient, rpps=ipa.rpps, jusque=None).exists()
    review = TacheGuichet.objects.get(quoi=Quoi.REVOIR_EQUIPE)
    assert 89 <= (review.echeance - horloge.today()).days <= 92
    with pytest.raises(ActionRefusee, match="déjà dans l’équipe"):
        join(demande, guichet, ipa)
    services.review_equipe(demande_id=demande.pk, by=guichet.acteur)
    assert TacheGuichet.objects.filter(quoi=Quoi.REVOIR_EQUIPE, etat=EtatTache.A_FAIRE).count() == 1
    services.end_equipier(equipier_id=equipier.pk, by=guichet.acteur)
    assert not RelationSoin.objects.filter(rpps=ipa.rpps, jusque=None).exists()
    assert not TacheGuichet.objects.filter(etat=EtatTache.A_FAIRE).exists()
    with pytest.raises(ActionRefusee, match="pas d’équipe"):
        services.review_equipe(demande_id=demande.pk, by=guichet.acteur)


def test_a_team_ends_with_the_search_and_comes_back_with_a_mistake(guichet: Guichet):
    demande, ipa = make_demande(guichet, etat=Etat.QUALIFIEE), make_medecin(guichet, places=None)
    join(demande, guichet, ipa)
    services.close_demande(demande_id=demande.pk, motif=Cloture.ABANDON, by=guichet.acteur)
    assert not read_vie(demande).en_equipe
    assert not RelationSoin.objects.filter(rpps=ipa.rpps, jusque=None).exists()
    with pytest.raises(ActionRefusee, match="n’est plus ouverte"):
        join(demande, guichet, make_medecin(guichet, places=None))
    services.reopen_demande(demande_id=demande.pk, by=guichet.acteur)
    assert [e.professionnel for e in read_vie(demande).en_equipe] == [ipa]
    assert RelationSoin.objects.filter(rpps=ipa.rpps, jusque=None).exists()


def test_another_desk_is_not_told(guichet: Guichet):
    president = make_acteur(make_membre(guichet.cpts, Role.PRESIDENT))
    make_demande(guichet)
    with after(9):
        assert list_alertes_journee(guichet.cpts.pk, president, horloge.now()) == []
