"""The desk's proposals through the one cascade: waves on the sheet, second thoughts, absences, anonymity."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from fabriques.droits import enter, make_membre
from fabriques.medecin_traitant import (
    Guichet,
    make_acteur_lien,
    make_acteur_medecin,
    make_demande,
    make_medecin,
)
from fabriques.propositions import one, page, propose, sign_in
from maillon.communaute.sollicitations import services as sollicitations
from maillon.communaute.sollicitations.models import Absence, ActionRefusee, Sollicitation
from maillon.communaute.sollicitations.selectors import list_alertes, list_attendues, list_recentes
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums import Action, Etat, MotifRefus
from maillon.missions.medecin_traitant.selectors import list_candidats
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Message
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.journal.models import Entree

pytestmark = pytest.mark.django_db


# The request follows its waves


def test_the_next_date_is_that_of_the_wave(dedans: Guichet):
    medecins = [make_medecin(dedans) for _ in range(2)]
    demande = propose(dedans, medecins, par_vague=1, jours=2)
    for step in range(2):
        with horloge.at(horloge.now() + timedelta(days=2 * step)):
            sollicitations.expire(cpts_id=dedans.cpts.pk)
            demande.refresh_from_db()
            assert (demande.etat, demande.prochaine_action) == (Etat.PROPOSEE, Action.ATTENDRE_MEDECIN)
            assert demande.prochaine_date == horloge.today() + timedelta(days=2)
    with horloge.at(horloge.now() + timedelta(days=4)):
        sollicitations.expire(cpts_id=dedans.cpts.pk)
        demande.refresh_from_db()
        assert (demande.etat, demande.prochaine_date) == (Etat.QUALIFIEE, horloge.today())


def test_a_patients_no_goes_to_the_next_doctor(dedans: Guichet):
    first, second = make_medecin(dedans), make_medecin(dedans)
    demande = propose(dedans, [first, second], par_vague=1)
    services.accept_proposition(proposition_id=one(demande, first).pk, by=SYSTEME)
    services.confirm_by_patient(demande_id=demande.pk, oui=False, by=SYSTEME)
    demande.refresh_from_db()
    assert (demande.etat, one(demande, second).etat) == (Etat.PROPOSEE, "envoyee")
    services.accept_proposition(proposition_id=one(demande, second).pk, by=SYSTEME)
    services.confirm_by_patient(demande_id=demande.pk, oui=True, by=SYSTEME)
    demande.refresh_from_db()
    assert (demande.etat, demande.medecin) == (Etat.PLACEE, second)


def test_a_doctor_goes_back_on_a_yes_before_the_patient_answers(dedans: Guichet):
    medecin = make_medecin(dedans)
    demande = propose(dedans, [medecin])
    sollicitation = one(demande, medecin)
    services.accept_proposition(proposition_id=sollicitation.pk, by=SYSTEME)
    sollicitations.take_back(sollicitation_id=sollicitation.pk, by=SYSTEME)
    demande.refresh_from_db()
    assert (demande.etat, demande.medecin, demande.prochaine_action) == (Etat.QUALIFIEE, None, Action.PROPOSER)
    with pytest.raises(ActionRefusee):
        services.confirm_by_patient(demande_id=demande.pk, oui=True, by=SYSTEME)
    assert medecin not in [candidat.professionnel for candidat in list_candidats(demande)]
    assert Entree.objects.filter(objet_id=demande.pk, evenement="medecin_traitant.desistement").exists()


def test_a_refusal_is_not_undone_once_the_desk_closed(dedans: Guichet):
    medecin = make_medecin(dedans)
    demande = propose(dedans, [medecin])
    sollicitation = one(demande, medecin)
    services.decline_proposition(proposition_id=sollicitation.pk, motif=MotifRefus.COMPLET, by=SYSTEME)
    services.close_demande(demande_id=demande.pk, motif="abandon", by=SYSTEME)
    with pytest.raises(ActionRefusee, match="trop tard"):
        sollicitations.undo_decline(sollicitation_id=sollicitation.pk, by=SYSTEME)
    assert one(demande, medecin).etat == "refusee"


def test_a_doctor_without_place_any_more_is_passed_over(dedans: Guichet):
    first, full, third = (make_medecin(dedans) for _ in range(3))
    demande = propose(dedans, [first, full, third], par_vague=1)
    services.update_capacite(cpts_id=dedans.cpts.pk, professionnel=full, places=0, by=SYSTEME)
    services.decline_proposition(proposition_id=one(demande, first).pk, motif=MotifRefus.COMPLET, by=SYSTEME)
    assert (one(demande, full).motif_retrait, one(demande, third).etat) == ("indisponible", "envoyee")


def test_a_doctor_away_is_neither_listed_nor_asked(dedans: Guichet):
    medecin, day = make_medecin(dedans), horloge.today()
    sollicitations.declare_absence(cpts_id=dedans.cpts.pk, professionnel=medecin, du=day, au=day, by=SYSTEME)
    demande = make_demande(dedans, etat=Etat.QUALIFIEE)
    assert list_candidats(demande) == []
    with pytest.raises(ActionRefusee, match="absent"):
        services.propose_demande(demande_id=demande.pk, professionnel_ids=[medecin.pk], by=dedans.acteur)
    for jours in (0, 31):
        with pytest.raises(ActionRefusee, match="jours"):
            services.propose_demande(
                demande_id=demande.pk, professionnel_ids=[medecin.pk], by=dedans.acteur, jours=jours
            )


# Who sees what


def test_who_sees_a_solicitation(dedans: Guichet):
    first, second = make_medecin(dedans), make_medecin(dedans)
    demande = propose(dedans, [first, second], par_vague=1)
    actors = {
        "desk": (dedans.acteur, 2),
        "asked": (make_acteur_medecin(dedans, first), 1),
        "planned": (make_acteur_medecin(dedans, second), 0),
        "link": (make_acteur_lien(one(demande, first)), 1),
    }
    for nom, (acteur, seen) in actors.items():
        assert Sollicitation.objects.visible_to(acteur).count() == seen, nom


def test_the_inbox_costs_the_same_however_many(dedans: Guichet, django_assert_num_queries):
    medecin = make_medecin(dedans, places=50)
    acteur = make_acteur_medecin(dedans, medecin)
    for _ in range(3):
        propose(dedans, [medecin])
    services.accept_proposition(proposition_id=Sollicitation.objects.first().pk, by=SYSTEME)
    with django_assert_num_queries(2):
        assert len(list_attendues(for_acteur=acteur, moment=horloge.now())) == 2
    with django_assert_num_queries(2):
        (recente,) = list_recentes(for_acteur=acteur)
        assert recente.reprenable
    with django_assert_num_queries(2):
        (alerte,) = list_alertes(dedans.cpts.pk, acteur, horloge.now())
    assert alerte.phrase == "Deux personnes cherchent un médecin traitant\u00a0: votre réponse est attendue."
    assert list_alertes(dedans.cpts.pk, SYSTEME, horloge.now()) == []


def test_the_inbox_does_not_tell_the_rank_of_those_sent_together(dedans: Guichet):
    """Who was sent first may owe it to C2S or AME, which the doctor does not know."""
    medecin = make_medecin(dedans, places=50)
    for _ in range(6):
        propose(dedans, [medecin])
    until = (horloge.now() + timedelta(days=5)).replace(second=0, microsecond=0)
    rows = list(Sollicitation.objects.order_by("envoyee_le"))
    for second, row in enumerate(rows):
        Sollicitation.objects.filter(pk=row.pk).update(expire_le=until + timedelta(seconds=second))
    seen = list_attendues(for_acteur=make_acteur_medecin(dedans, medecin), moment=horloge.now())
    assert [a.sollicitation.pk for a in seen] == sorted((row.pk for row in rows), key=lambda pk: pk.int & 0xFFFFFFFF)


# Pages


def test_the_inbox_on_second_thoughts(guichet: Guichet):
    with use_cpts(guichet.cpts.pk):
        medecin = make_medecin(guichet)
        demande = propose(guichet, [medecin])
        pk = one(demande, medecin).pk
    own = sign_in(guichet, medecin)
    seen = own.post(page("repondre", guichet, pk), {"motif": "complet"}, follow=True).content.decode()
    assert page("annuler_refus", guichet, pk) in seen, "« Annuler » is offered"
    seen = own.post(page("annuler_refus", guichet, pk), follow=True).content.decode()
    assert "de nouveau attendue" in seen
    seen = own.post(page("repondre", guichet, pk), {"geste": "accepter"}, follow=True).content.decode()
    assert "Revenir sur mon accord" in seen
    seen = own.post(page("revenir", guichet, pk), follow=True).content.decode()
    assert "Revenir sur mon accord" not in seen
    assert "est revenu sur son accord" in seen
    assert "trop tard" in own.post(page("annuler_refus", guichet, pk), follow=True).content.decode()


def test_absences_of_the_inbox(guichet: Guichet):
    with use_cpts(guichet.cpts.pk):
        medecin, rival = make_medecin(guichet), make_medecin(guichet)
    own, other = sign_in(guichet, medecin), sign_in(guichet, rival)
    day = horloge.today() + timedelta(days=20)
    sent = {"du": day.isoformat(), "au": (day + timedelta(days=7)).isoformat()}
    assert own.post(page("absence_declarer", guichet), sent).status_code == 302
    refused = own.post(page("absence_declarer", guichet), sent)
    assert refused.status_code == 422
    assert "déjà dit une absence" in refused.content.decode()
    wrong = {"du": sent["au"], "au": sent["du"]}
    assert "vient après le premier" in own.post(page("absence_declarer", guichet), wrong).content.decode()
    with use_cpts(guichet.cpts.pk):
        absence = Absence.objects.get()
    assert other.post(page("absence_retirer", guichet, absence.pk)).status_code == 404
    assert own.post(page("absence_retirer", guichet, absence.pk)).status_code == 302
    with use_cpts(guichet.cpts.pk):
        assert not Absence.objects.exists()


# Answers told on the telephone, and those recorded by mistake


@pytest.mark.parametrize("left", [True, False])
def test_the_person_written_to_is_told_once_that_the_doctor_went_back(dedans: Guichet, left: bool):
    """Only who received the first mail; nothing but a link."""
    medecin = make_medecin(dedans)
    demande = propose(dedans, [medecin])
    sollicitation = one(demande, medecin)
    services.accept_proposition(proposition_id=sollicitation.pk, by=SYSTEME)
    if left:
        Message.objects.filter(gabarit__endswith="medecin_trouve.txt").update(etat="envoye")
    for _ in range(2):
        sollicitations.take_back(sollicitation_id=sollicitation.pk, by=SYSTEME)
    told = list(Message.objects.filter(gabarit__endswith="recherche_reprise.txt"))
    assert len(told) == left
    for message in told:
        assert message.adresse == "patient@example.org"
        assert "/suivi/" in message.texte
        assert medecin.nom not in message.texte


# Anonymity


def test_neither_name_nor_coverage_reaches_the_doctor(client: Client, guichet: Guichet):
    """In mails, on the page of the link, in the inbox, on the home page, in the arguments of jobs."""
    secrets = ("Canari", "CANARI", "Zoé", "0477998877", "04 77 99 88 77", "C2S", "AME", "omplémentaire santé")
    with use_cpts(guichet.cpts.pk):
        medecin = make_medecin(guichet)
        demande = make_demande(
            guichet,
            etat=Etat.PROPOSEE,
            medecins=[medecin],
            nom="Canari",
            prenom="Zoé",
            telephone="0477998877",
            c2s=True,
            ame=True,
            ald=True,
        )
        jeton = sollicitations.create_lien_sollicitation(one(demande, medecin))
        with horloge.at(horloge.now() + timedelta(days=4)):
            assert sollicitations.remind(cpts_id=guichet.cpts.pk) == 1
        mails = [m for m in Message.objects.all() if m.adresse.startswith("medecin-")]
        written = [mail.sujet + mail.texte for mail in mails]
        with connection.cursor() as cursor:
            cursor.execute("SELECT args::text FROM procrastinate_jobs")
            jobs = [row[0] for row in cursor.fetchall()]
    own = sign_in(guichet, medecin)
    home = reverse("accueil_cpts", args=[guichet.cpts.slug])
    pages = [client.get(reverse("sollicitations:lien", args=[jeton])), own.get(page("liste", guichet)), own.get(home)]
    pages.append(client.get(f"/l/{jeton}/proposition/"))  # the address of mails sent before
    for response in pages:
        assert "Affection de longue durée" in response.content.decode()
    assert len(mails) == 2
    assert jobs
    for text in [*written, *jobs, *(response.content.decode() for response in pages)]:
        for secret in secrets:
            assert secret not in text


def test_the_president_has_no_inbox(guichet: Guichet):
    president = enter(Client(), make_membre(guichet.cpts, Role.PRESIDENT).compte)
    assert president.get(page("liste", guichet)).status_code == 404
