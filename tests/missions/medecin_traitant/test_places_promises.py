"""A place is offered once, and never lost: what awaits an answer, what is said again meanwhile; what refusals teach
is bound by time alone; one person counts once."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from fabriques.annuaire import ActiviteFabrique, ProfessionnelFabrique
from fabriques.droits import enter
from fabriques.medecin_traitant import Guichet, make_acteur_medecin, make_demande, make_medecin
from fabriques.repartition import line_of, make_repartition, send
from maillon.communaute.sollicitations.enums import EtatAppel, EtatSollicitation
from maillon.communaute.sollicitations.models import Appel, Sollicitation
from maillon.communaute.sollicitations.services import take_back
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums import Etat, EtatTache, MotifRefus, Quoi
from maillon.missions.medecin_traitant.models import (
    GENRE,
    ActionRefusee,
    Capacite,
    Demande,
    PersonneDejaPlacee,
    TacheGuichet,
)
from maillon.missions.medecin_traitant.selectors import list_candidats
from maillon.missions.medecin_traitant.selectors.doubles import POURQUOI
from maillon.missions.medecin_traitant.selectors.indicateurs import list_placees
from maillon.missions.medecin_traitant.selectors.reponses import list_refus
from maillon.missions.medecin_traitant.services.propositions import create_lien_reponse
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.models import Membre
from maillon.socle.horloge import now, today
from maillon.socle.journal.models import Entree, Lecture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dedans")]


def count_left(medecin) -> int:
    return Capacite.objects.with_restantes().get(professionnel=medecin).restantes


# A place about which an answer is awaited


def test_one_place_is_not_asked_for_by_two_assignments(guichet: Guichet):
    medecin = make_medecin(guichet, places=1)
    first = make_demande(guichet, etat=Etat.QUALIFIEE, ald=True)
    send(guichet, make_repartition(guichet))
    second = make_demande(guichet, etat=Etat.QUALIFIEE)
    run = make_repartition(guichet)
    assert line_of(run, second).professionnel is None
    services.abandon_repartition(repartition_id=run.pk, by=SYSTEME)
    asked = first.sollicitations.get()
    services.decline_proposition(proposition_id=asked.pk, motif=MotifRefus.VISITES, by=SYSTEME)
    assert line_of(make_repartition(guichet), second).professionnel == medecin, "the answer gives the place back"


def test_the_desk_still_sees_who_has_not_answered_and_may_ask(guichet: Guichet):
    medecin = make_medecin(guichet, places=1)
    make_demande(guichet, etat=Etat.PROPOSEE, medecins=[medecin])
    demande = make_demande(guichet, etat=Etat.QUALIFIEE)
    (candidat,) = list_candidats(demande)
    assert (candidat.professionnel, candidat.restantes) == (medecin, 1)
    assert "réponse déjà attendue pour 1\u00a0personne" in candidat.raison


# Places said again while a patient thinks


@pytest.fixture
def acceptee(guichet: Guichet) -> tuple[Demande, object]:
    """A doctor with three places took somebody, then said: two left."""
    medecin = make_medecin(guichet, places=3)
    demande = make_demande(guichet, etat=Etat.ACCEPTEE, medecins=[medecin])
    services.update_capacite(cpts_id=guichet.cpts.pk, professionnel=medecin, places=2, by=SYSTEME)
    assert count_left(medecin) == 2
    return demande, medecin


def say_no(demande: Demande) -> None:
    services.confirm_by_patient(demande_id=demande.pk, oui=False, by=SYSTEME)


def close(demande: Demande) -> None:
    services.close_demande(demande_id=demande.pk, motif="abandon", by=SYSTEME)


def go_back(demande: Demande) -> None:
    take_back(sollicitation_id=demande.sollicitations.get().pk, by=SYSTEME)


def undo(demande: Demande) -> None:
    services.undo_reponse_medecin(demande_id=demande.pk, sollicitation_id=demande.sollicitations.get().pk, by=SYSTEME)


@pytest.mark.parametrize("end", [say_no, close, go_back, undo])
def test_a_place_said_again_is_free_when_the_patient_is_no_longer_expected(acceptee, end):
    demande, medecin = acceptee
    end(demande)
    assert count_left(medecin) == 3
    assert Entree.objects.filter(evenement="medecin_traitant.place_rendue").count() == 1


def test_a_yes_keeps_the_place_and_an_undone_yes_reserves_it_again(acceptee):
    demande, medecin = acceptee
    services.confirm_by_patient(demande_id=demande.pk, oui=True, by=SYSTEME)
    assert count_left(medecin) == 2
    services.undo_reponse_patient(demande_id=demande.pk, by=SYSTEME)
    assert count_left(medecin) == 2
    say_no(demande)
    assert count_left(medecin) == 3


def test_places_not_said_again_are_given_back_once(guichet: Guichet):
    medecin = make_medecin(guichet, places=3)
    demande = make_demande(guichet, etat=Etat.ACCEPTEE, medecins=[medecin])
    say_no(demande)
    assert count_left(medecin) == 3


def test_who_stopped_meanwhile_offers_nothing(acceptee, guichet: Guichet):
    demande, medecin = acceptee
    services.stop_capacite(cpts_id=guichet.cpts.pk, professionnel=medecin, by=SYSTEME)
    say_no(demande)
    assert count_left(medecin) == 0
    assert Capacite.objects.get(professionnel=medecin).volontaire_depuis is None


# Refusals


def test_every_refusal_of_the_period_teaches_however_many(guichet: Guichet):
    medecin = ProfessionnelFabrique(generaliste=True)
    ActiviteFabrique(professionnel=medecin, commune=guichet.saint_etienne)
    demande = make_demande(guichet, etat=Etat.QUALIFIEE)
    appels = Appel.objects.bulk_create(
        Appel(
            cpts_id=guichet.cpts.pk, genre=GENRE, objet_id=demande.pk, delai=timedelta(days=5), etat=EtatAppel.EPUISE,
            clos_le=now(),
        )
        for _ in range(2_100)
    )  # fmt: skip
    Sollicitation.objects.bulk_create(
        Sollicitation(
            cpts_id=guichet.cpts.pk, appel=appel, professionnel=medecin, vague=1, rang=1,
            etat=EtatSollicitation.REFUSEE, motif_refus=MotifRefus.TROP_LOIN,
            envoyee_le=now() - timedelta(days=rang % 9),
            expire_le=now() + timedelta(days=5), repondue_le=now() - timedelta(days=rang % 200),
        )
        for rang, appel in enumerate(appels)
    )  # fmt: skip
    since = now() - timedelta(days=150, seconds=1)
    found = list_refus(guichet.cpts.pk, motifs=[MotifRefus.TROP_LOIN], since=since - timedelta(days=60))
    assert len(found) == 2_100
    assert len(list_refus(guichet.cpts.pk, motifs=[MotifRefus.TROP_LOIN], since=since)) < 2_100


# One person, two requests


ZOE = {"nom": "Canari", "prenom": "Zoé", "telephone": "0477112233"}


@pytest.fixture
def twice(guichet: Guichet) -> tuple[Demande, Demande]:
    """The same person, placed once, about to be placed by another request that a carer filed."""
    first = make_demande(guichet, etat=Etat.PLACEE, **ZOE)
    carer = {
        "nom": "CANARI",
        "prenom": "Zoe",
        "telephone": "",
        "proche_nom": "Léa",
        "proche_telephone": "04 77 11 22 33",
    }
    return first, make_demande(guichet, etat=Etat.ACCEPTEE, **carer)


def test_a_person_filed_twice_is_placed_once(guichet: Guichet, twice):
    first, second = twice
    with pytest.raises(PersonneDejaPlacee, match=first.reference) as refus:
        services.confirm_by_patient(demande_id=second.pk, oui=True, by=guichet.acteur)
    assert refus.value.demande_id == first.pk
    on = today()
    assert list(list_placees(guichet.cpts.pk, on, on + timedelta(days=1))) == [first]
    assert Lecture.objects.filter(patient_id=first.patient_id, pourquoi=POURQUOI).exists()
    services.confirm_by_patient(demande_id=second.pk, oui=False, by=guichet.acteur)


def test_once_the_first_is_open_again_the_second_counts(guichet: Guichet, twice):
    first, second = twice
    services.reopen_demande(demande_id=first.pk, by=guichet.acteur)
    services.confirm_by_patient(demande_id=second.pk, oui=True, by=guichet.acteur)
    second.refresh_from_db()
    assert second.etat == Etat.PLACEE


@pytest.mark.parametrize(
    "other",
    [
        {"telephone": "0477112299"},
        {"prenom": "Zélie"},
        {"annee_naissance": 2009},
        {"telephone": ""},
    ],
)
def test_somebody_else_is_not_taken_for_the_same(guichet: Guichet, other: dict):
    make_demande(guichet, etat=Etat.PLACEE, **ZOE)
    demande = make_demande(guichet, etat=Etat.PLACEE, **{**ZOE, **other})
    assert demande.etat == Etat.PLACEE


def test_the_desk_opens_the_first_from_the_refusal(guichet: Guichet, twice):
    first, second = twice
    desk = enter(Client(), guichet.membre.compte)
    page = desk.post(
        reverse("medecin_traitant_repondre_pour_patient", args=[guichet.cpts.slug, second.pk]),
        {"reponse": "oui"},
        follow=True,
    ).content.decode()
    assert "a déjà un médecin" in page
    assert f'<a href="{reverse("medecin_traitant_fiche", args=[guichet.cpts.slug, first.pk])}">Ouvrir' in page


def test_the_person_is_told_and_the_desk_calls_once(guichet: Guichet, twice, client: Client):
    first, second = twice
    lien = reverse("medecin_traitant_reponse", args=[create_lien_reponse(second.sollicitations.get())])
    for _ in range(2):
        page = client.post(lien, {"reponse": "oui"}).content.decode()
        assert "déjà dit oui à un médecin" in page
        assert first.reference not in page
    tache = TacheGuichet.objects.get(demande=second)
    assert (tache.quoi, tache.etat, tache.echeance) == (Quoi.RAPPELER, EtatTache.A_FAIRE, today())
    assert "second médecin" in tache.texte
    with use_cpts(guichet.cpts.pk):
        second.refresh_from_db()
    assert second.etat == Etat.ACCEPTEE


# What the doctor may not infer


def read_mine(guichet: Guichet, demande: Demande) -> tuple[Client, str]:
    """The doctor who has this person, and what the page says, without what names the request."""
    acteur = make_acteur_medecin(guichet, demande.medecin)
    own = enter(Client(), Membre.objects.select_related("compte").get(pk=acteur.membre_id).compte)
    page = own.get(reverse("medecin_traitant_mes_patients", args=[guichet.cpts.slug])).content.decode()
    page = page.partition("<article")[2].partition("</article>")[0]
    head, _, rest = page.partition('name="csrfmiddlewaretoken"')
    return own, re.sub(r"\d", "", (head + rest.partition(">")[2]).replace(str(demande.pk), ""))


def test_nothing_of_the_page_tells_who_has_ame(guichet: Guichet):
    pages = []
    for ame in (False, True):
        _, page = read_mine(guichet, make_demande(guichet, etat=Etat.PLACEE, medecins=[make_medecin(guichet)], ame=ame))
        pages.append(page)
    assert "Déclaration faite" in pages[0]
    assert pages[0] == pages[1]


@pytest.mark.parametrize("ame", [False, True])
def test_a_doctor_who_says_declared_is_answered_the_same(guichet: Guichet, ame: bool):
    demande = make_demande(guichet, etat=Etat.PLACEE, medecins=[make_medecin(guichet)], ame=ame)
    own, _ = read_mine(guichet, demande)
    for _ in range(2):
        sent = own.post(
            reverse("medecin_traitant_suite_par_medecin", args=[guichet.cpts.slug, demande.pk]),
            {"geste": "declaree"},
            follow=True,
        ).content.decode()
        assert "Merci, c’est noté." in sent
        assert "AME" not in sent
    demande.refresh_from_db()
    assert demande.declaration == ("" if ame else "faite")
    taches = [tache.texte for tache in TacheGuichet.objects.filter(demande=demande)]
    assert len(taches) == int(ame), "somebody of the desk looks into it, asked once"
    with pytest.raises(ActionRefusee) if ame else use_cpts(guichet.cpts.pk):
        services.record_declaration(demande_id=demande.pk, declaration="faite", by=guichet.acteur)
