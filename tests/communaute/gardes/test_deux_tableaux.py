"""Somebody in two rosters: the limits of a week and of a month count all that they hold in the community."""

from datetime import timedelta

import pytest

from maillon.communaute.gardes.enums import EtatTableau
from maillon.communaute.gardes.models import ActionRefusee, Participant, Poste
from maillon.communaute.gardes.selectors import list_candidats, list_collegues
from maillon.communaute.gardes.services import (
    assign_garde,
    call_volontaires,
    check_regles,
    compute_variante,
    launch_calcul,
    propose_echange,
    publish_tableau,
    take_ouverte,
)
from maillon.communaute.sollicitations.models import ActionRefusee as SollicitationRefusee
from maillon.communaute.sollicitations.models import Sollicitation
from maillon.communaute.sollicitations.services import accept
from maillon.socle.horloge import now

from .conftest import Maison, make_participant, make_poste

SEMAINE = "plus de 2 gardes par semaine"


def join(maison: Maison, participant: Participant, *, jours: tuple[int, ...], **champs: object) -> None:
    """Another published roster of the same weeks, in which somebody holds these days (from its first)."""
    autre = maison.make_tableau(EtatTableau.PUBLIE, nom="Autre lieu", **champs)
    la = make_participant(autre, professionnel=participant.professionnel, personne=participant.personne)
    for jour in jours:
        maison.give(make_poste(autre, autre.debut + timedelta(days=jour), de=8, a=12), la)


def dites(refus: pytest.ExceptionInfo[ActionRefusee]) -> str:
    return str(refus.value).replace("\u00a0", " ")


def test_a_third_duty_of_the_week_is_refused_whatever_the_roster(maison: Maison) -> None:
    tableau = maison.make_tableau(max_semaine=2)
    participant = make_participant(tableau)
    join(maison, participant, jours=(1, 3))
    poste, suivante = make_poste(tableau, tableau.debut), make_poste(tableau, tableau.debut + timedelta(days=7))
    with pytest.raises(ActionRefusee) as refus:
        assign_garde(poste_id=poste.pk, participant_id=participant.pk, by=maison.by)
    assert f"{SEMAINE}, et en aurait 3" in dites(refus)
    assert "dont 2 dans un autre tableau" in dites(refus)
    assert assign_garde(poste_id=suivante.pk, participant_id=participant.pk, by=maison.by).pk, "the week after is free"


def test_the_last_week_of_a_roster_counts_in_the_first_of_the_next(maison: Maison) -> None:
    # The next roster begins on a Wednesday: Monday and Tuesday were in the former one.
    mercredi = maison.lundi + timedelta(days=2)
    avant = maison.make_tableau(EtatTableau.PUBLIE)
    avant.fin = mercredi - timedelta(days=1)
    avant.save(update_fields=["fin"])
    apres = maison.make_tableau(max_semaine=2)
    apres.debut = mercredi
    apres.save(update_fields=["debut"])
    participant = make_participant(avant)
    la = make_participant(apres, professionnel=participant.professionnel, personne=participant.personne)
    for rang in range(2):
        maison.give(make_poste(avant, maison.lundi + timedelta(days=rang)), participant)
    assert SEMAINE in check_regles(apres, la, make_poste(apres, mercredi)).replace("\u00a0", " ")
    assert check_regles(apres, la, make_poste(apres, maison.lundi + timedelta(days=7))) == ""


def test_week_ends_count_over_all_rosters_in_the_month_of_their_saturday(maison: Maison) -> None:
    tableau = maison.make_tableau(max_weekends=1)
    participant = make_participant(tableau)
    samedi = next(
        jour
        for jour in (tableau.debut + timedelta(days=5 + 7 * rang) for rang in range(3))
        if (jour + timedelta(days=7)).month == jour.month
    )
    join(maison, participant, jours=((samedi - tableau.debut).days,))
    dit = check_regles(tableau, participant, make_poste(tableau, samedi + timedelta(days=7)))
    assert "plus d’un week-end par mois" in dit.replace("\u00a0", " ")
    assert check_regles(tableau, participant, make_poste(tableau, samedi + timedelta(days=1))) == "", "the same one"


def test_a_computed_plan_keeps_within_what_is_held_elsewhere(maison: Maison) -> None:
    tableau = maison.make_tableau(max_semaine=2)
    pris, libre = maison.make_gens(tableau, 2)
    join(maison, pris, jours=(1, 3))
    maison.make_postes(tableau, 2)
    variante = launch_calcul(tableau_id=tableau.pk, duree=10, garder=False, by=maison.by)
    assert compute_variante(variante_id=variante.pk)
    variante.refresh_from_db()
    assert {a["personne"] for a in variante.plan["affectations"]} == {str(libre.pk)}
    assert [garde["tableau"] for garde in variante.probleme["ailleurs"]] == ["Autre lieu", "Autre lieu"]


def open_place(maison: Maison) -> tuple[Poste, Participant, object]:
    """An open place of a published roster, and a nurse who already has two duties of that week elsewhere."""
    tableau = maison.make_tableau(EtatTableau.PUBLIE, max_semaine=2)
    participant, acteur = maison.make_soignant(tableau)
    join(maison, participant, jours=(1, 3))
    return make_poste(tableau, tableau.debut), participant, acteur


def test_who_has_enough_elsewhere_neither_takes_nor_is_asked(maison: Maison) -> None:
    poste, participant, acteur = open_place(maison)
    with pytest.raises(ActionRefusee) as refus:
        take_ouverte(poste_id=poste.pk, by=acteur)
    assert SEMAINE in dites(refus)
    (candidat,) = list_candidats(poste)
    assert (candidat.participant, bool(candidat.raisons)) == (participant, True)
    with pytest.raises(ActionRefusee, match="Personne d’autre ne peut prendre"):
        call_volontaires(poste_id=poste.pk, by=maison.by)


def test_who_has_enough_elsewhere_is_offered_no_duty_more(maison: Maison) -> None:
    poste, participant, _ = open_place(maison)
    garde = maison.give(poste, make_participant(poste.tableau))
    (collegue,) = list_collegues(garde, now())
    assert (collegue.participant, bool(collegue.raisons)) == (participant, True)
    with pytest.raises(ActionRefusee) as refus:
        propose_echange(garde_id=garde.pk, vers_id=participant.pk, contre_id=None, by=maison.by)
    assert SEMAINE in dites(refus)


def test_drafts_of_another_roster_do_not_count_before_they_are_published(maison: Maison) -> None:
    tableau = maison.make_tableau(max_semaine=1)
    autre = maison.make_tableau(nom="Autre lieu", max_semaine=1)
    participant = make_participant(tableau)
    la = make_participant(autre, professionnel=participant.professionnel, personne=participant.personne)
    poste, leur = make_poste(tableau, tableau.debut), make_poste(autre, autre.debut + timedelta(days=3))
    assign_garde(poste_id=leur.pk, participant_id=la.pk, by=maison.by)
    assert check_regles(tableau, participant, poste) == ""
    publish_tableau(tableau_id=autre.pk, by=maison.by)
    assert "plus d’une garde par semaine" in check_regles(tableau, participant, poste).replace("\u00a0", " ")


def test_a_volunteer_who_took_another_duty_meanwhile_may_not_accept(maison: Maison) -> None:
    tableau = maison.make_tableau(EtatTableau.PUBLIE, max_semaine=2)
    participant, acteur = maison.make_soignant(tableau)
    poste = make_poste(tableau, tableau.debut)
    call_volontaires(poste_id=poste.pk, by=maison.by)
    sollicitation = Sollicitation.objects.get(professionnel=participant.professionnel)
    join(maison, participant, jours=(1, 3))
    with pytest.raises(SollicitationRefusee) as refus:
        accept(sollicitation_id=sollicitation.pk, by=acteur)
    assert SEMAINE in str(refus.value).replace("\u00a0", " ")
    assert not poste.gardes.exists()
