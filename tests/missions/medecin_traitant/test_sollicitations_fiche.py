"""The desk's sheet of a request under way: its waves, what doctors said on the telephone, what is undone."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from fabriques.droits import enter
from fabriques.medecin_traitant import (
    Guichet,
    make_acteur_lien,
    make_demande,
    make_medecin,
)
from fabriques.propositions import one, propose
from maillon.communaute.sollicitations.models import ActionRefusee
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums import Action, Etat, MotifRefus
from maillon.missions.medecin_traitant.models import Demande
from maillon.missions.medecin_traitant.selectors import list_candidats
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Message
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.journal.models import Entree

pytestmark = pytest.mark.django_db


# Pages


def test_the_sheet_shows_the_waves_and_moves_them(guichet: Guichet):
    with use_cpts(guichet.cpts.pk):
        medecins = [make_medecin(guichet) for _ in range(3)]
        demande = make_demande(guichet, etat=Etat.QUALIFIEE)
    desk = enter(Client(), guichet.membre.compte)
    fiche = reverse("medecin_traitant_fiche", args=[guichet.cpts.slug, demande.pk])
    sent = {"medecins": [str(medecin.pk) for medecin in medecins], "par_vague": "1", "jours": "2"}
    seen = desk.post(f"{fiche}proposer/", sent, follow=True).content.decode()
    assert "À venir" in seen
    assert "dès que tous ont refusé" in seen
    with use_cpts(guichet.cpts.pk):
        first, second, third = demande.sollicitations.select_related("appel").order_by("rang")
    assert [first.etat, second.etat] == ["envoyee", "prevue"]
    assert "est partie" in desk.post(f"{fiche}vague/{first.appel_id}/", follow=True).content.decode()
    seen = desk.post(f"{fiche}sollicitations/{third.pk}/retirer/", follow=True).content.decode()
    assert "n’est plus sollicité" in seen
    with use_cpts(guichet.cpts.pk):
        other = make_demande(guichet, etat=Etat.PROPOSEE)
        assert list(demande.sollicitations.order_by("rang").values_list("etat", flat=True)) == [
            "envoyee",
            "envoyee",
            "retiree",
        ]
    stranger = reverse("medecin_traitant_fiche", args=[guichet.cpts.slug, other.pk])
    assert desk.post(f"{stranger}sollicitations/{first.pk}/retirer/").status_code == 404
    assert desk.post(f"{stranger}vague/{first.appel_id}/").status_code == 404


# Answers told on the telephone, and those recorded by mistake


def test_the_desk_answers_for_a_doctor_on_the_telephone(guichet: Guichet):
    with use_cpts(guichet.cpts.pk):
        first, second = make_medecin(guichet), make_medecin(guichet)
        demande = propose(guichet, [first, second])
    desk = enter(Client(), guichet.membre.compte)
    fiche = reverse("medecin_traitant_fiche", args=[guichet.cpts.slug, demande.pk])
    with use_cpts(guichet.cpts.pk):
        no, yes = one(demande, first), one(demande, second)
    answer = f"{fiche}sollicitations/{{}}/reponse/"
    assert "choisissez oui" in desk.post(answer.format(no.pk), {"reponse": "x"}, follow=True).content.decode()
    desk.post(answer.format(no.pk), {"reponse": "complet"})
    seen = desk.post(answer.format(yes.pk), {"reponse": "oui"}, follow=True).content.decode()
    assert "La réponse du médecin est notée" in seen
    assert "Réponse d’un médecin donnée au guichet" in seen
    late = desk.post(answer.format(no.pk), {"reponse": "oui"}, follow=True).content.decode()
    assert "n’est plus attendue" in late
    with use_cpts(guichet.cpts.pk):
        demande.refresh_from_db()
        assert (demande.etat, demande.medecin) == (Etat.ACCEPTEE, second)
        assert one(demande, first).motif_refus == "complet"
        noted = Entree.objects.filter(objet_id=demande.pk, evenement="medecin_traitant.reponse_medecin_notee")
        assert [entree.acteur for entree in noted] == [guichet.acteur.etiquette] * 2


def test_an_acceptance_recorded_by_mistake_is_undone_and_everybody_may_answer_again(guichet: Guichet):
    with use_cpts(guichet.cpts.pk):
        first, second = make_medecin(guichet), make_medecin(guichet)
        demande = propose(guichet, [first, second])
        wrong, other = one(demande, first), one(demande, second)
        services.record_reponse_medecin(demande_id=demande.pk, sollicitation_id=wrong.pk, motif=None, by=guichet.acteur)
        Message.objects.filter(gabarit__endswith="medecin_trouve.txt").update(etat="envoye")
        jeton = make_acteur_lien(wrong)
    desk = enter(Client(), guichet.membre.compte)
    fiche = reverse("medecin_traitant_fiche", args=[guichet.cpts.slug, demande.pk])
    for _ in range(2):  # twice is once
        seen = desk.post(f"{fiche}sollicitations/{wrong.pk}/annuler/", follow=True).content.decode()
        assert "de nouveau attendue" in seen
    with use_cpts(guichet.cpts.pk):
        demande.refresh_from_db()
        assert (demande.etat, demande.medecin, demande.prochaine_action) == (
            Etat.PROPOSEE,
            None,
            Action.ATTENDRE_MEDECIN,
        )
        assert {one(demande, m).etat for m in (first, second)} == {"envoyee"}
        assert Message.objects.filter(gabarit__endswith="recherche_reprise.txt").count() == 1
        with pytest.raises(ActionRefusee):
            services.confirm_by_patient(demande_id=demande.pk, oui=True, by=jeton)
        services.record_reponse_medecin(demande_id=demande.pk, sollicitation_id=other.pk, motif=None, by=guichet.acteur)
        services.confirm_by_patient(demande_id=demande.pk, oui=True, by=SYSTEME)
        demande.refresh_from_db()
        assert (demande.etat, demande.medecin) == (Etat.PLACEE, second)
        with pytest.raises(ActionRefusee, match="autre chose"):
            services.undo_reponse_medecin(demande_id=demande.pk, sollicitation_id=other.pk, by=guichet.acteur)


def test_a_refusal_recorded_by_mistake_is_undone_even_after_its_deadline(dedans: Guichet):
    medecin = make_medecin(dedans)
    demande = propose(dedans, [medecin], jours=2)
    sollicitation = one(demande, medecin)
    services.record_reponse_medecin(
        demande_id=demande.pk, sollicitation_id=sollicitation.pk, motif=MotifRefus.COMPLET, by=dedans.acteur
    )
    with horloge.at(horloge.now() + timedelta(days=3)):
        services.undo_reponse_medecin(demande_id=demande.pk, sollicitation_id=sollicitation.pk, by=dedans.acteur)
        demande.refresh_from_db()
        assert (demande.etat, demande.prochaine_date) == (Etat.PROPOSEE, horloge.today() + timedelta(days=2))
        services.accept_proposition(proposition_id=sollicitation.pk, by=SYSTEME)
        demande.refresh_from_db()
        assert demande.etat == Etat.ACCEPTEE


def test_a_refusal_is_not_undone_once_another_doctor_has_the_request(dedans: Guichet):
    first, second = make_medecin(dedans), make_medecin(dedans)
    demande = propose(dedans, [first, second])
    services.decline_proposition(proposition_id=one(demande, first).pk, motif=MotifRefus.COMPLET, by=SYSTEME)
    services.accept_proposition(proposition_id=one(demande, second).pk, by=SYSTEME)
    with pytest.raises(ActionRefusee, match="autre chose"):
        services.undo_reponse_medecin(demande_id=demande.pk, sollicitation_id=one(demande, first).pk, by=dedans.acteur)


def test_a_refusal_of_a_former_call_is_not_undone(dedans: Guichet):
    first, second = make_medecin(dedans), make_medecin(dedans)
    demande = propose(dedans, [first])
    services.decline_proposition(proposition_id=one(demande, first).pk, motif=MotifRefus.COMPLET, by=SYSTEME)
    services.propose_demande(demande_id=demande.pk, professionnel_ids=[second.pk], by=dedans.acteur)
    services.decline_proposition(proposition_id=one(demande, second).pk, motif=MotifRefus.COMPLET, by=SYSTEME)
    with pytest.raises(ActionRefusee, match="autre chose"):
        services.undo_reponse_medecin(demande_id=demande.pk, sollicitation_id=one(demande, first).pk, by=dedans.acteur)


def test_the_sheet_says_why_each_doctor_was_asked(guichet: Guichet):
    with use_cpts(guichet.cpts.pk):
        medecins = [make_medecin(guichet) for _ in range(2)]
        demande = make_demande(guichet, etat=Etat.QUALIFIEE)
        chosen = list_candidats(demande)[1].professionnel
        Demande.objects.filter(pk=demande.pk).update(medecin_souhaite=chosen)
    desk = enter(Client(), guichet.membre.compte)
    fiche = reverse("medecin_traitant_fiche", args=[guichet.cpts.slug, demande.pk])
    seen = desk.post(f"{fiche}proposer/", {"medecins": [str(chosen.pk)]}, follow=True).content.decode()
    assert f"sur {len(medecins)} de la liste" in seen
    assert "La personne l’avait en tête" in seen
    with use_cpts(guichet.cpts.pk):
        kept = demande.sollicitations.get().explication
        assert set(kept) == {"par", "rang", "sur", "minutes", "reserve"}
