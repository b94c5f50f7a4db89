"""Plans: computed, shared out over years, explained, taken up, and replaced when somebody drops out."""

from collections import Counter
from datetime import timedelta

import pytest
from django.urls import reverse

from fabriques.gardes import make_participant, make_tableau
from maillon.communaute.gardes import presentation, selectors, services
from maillon.communaute.gardes.enums import Choix, EtatGarde, EtatTableau, OrigineGarde
from maillon.communaute.gardes.models import ActionRefusee, Garde, Tableau, Variante
from maillon.communaute.gardes.sources import list_agenda
from maillon.regles.gardes import ProblemeContradictoire
from maillon.socle import horloge
from maillon.socle.courriels.models import Message
from maillon.socle.declarations import PorteeAgenda
from maillon.socle.horloge import now
from maillon.socle.ui.typographie import format_date

from .conftest import Maison


def solve(maison: Maison, tableau: Tableau, *, garder: bool = False) -> Variante:
    variante = services.launch_calcul(tableau_id=tableau.pk, duree=5, garder=garder, by=maison.by)
    services.compute_variante(variante_id=variante.pk)
    variante.refresh_from_db()
    return variante


def test_a_plan_covers_shares_and_explains(maison: Maison) -> None:
    tableau = maison.make_tableau()
    postes = maison.make_postes(tableau, 6)
    gens = maison.make_gens(tableau, 3)
    gens[0].voeux.create(cpts=maison.cpts, jour=postes[0].jour, choix=Choix.INDISPONIBLE)
    for participant in gens[1:]:
        participant.voeux.create(cpts=maison.cpts, jour=postes[1].jour, choix=Choix.SOUHAITE)
    variante = solve(maison, tableau)
    assert variante.bilan["prouve"]
    assert (variante.bilan["pourvues"], variante.bilan["charges"]) == (6, {"60": [2, 2]})
    assert (variante.bilan["accordes"], variante.bilan["voulus"]) == (1, 2)
    assert len(variante.plan["refus"]) == 1
    assert variante.plan["refus"][0]["raison"]
    services.launch_calcul(tableau_id=tableau.pk, duree=5, garder=False, by=maison.by)
    with pytest.raises(ActionRefusee, match="déjà"):
        services.launch_calcul(tableau_id=tableau.pk, duree=5, garder=False, by=maison.by)


def test_a_plan_taken_up_is_a_draft_that_nobody_sees_before_it_is_published(maison: Maison) -> None:
    tableau = maison.make_tableau()
    postes = maison.make_postes(tableau, 4)
    participant, pro = maison.make_soignant(tableau)
    maison.make_gens(tableau, 2)
    services.keep_variante(variante_id=solve(maison, tableau).pk, by=maison.by)
    assert Garde.objects.filter(tableau=tableau, etat=EtatGarde.PROJET).count() == 4
    assert not Garde.objects.visible_to(pro).exists()
    portee = PorteeAgenda(cpts_id=maison.cpts.pk, personne_id=participant.personne_id)
    bounds = (postes[0].debut - timedelta(days=1), postes[-1].fin)
    assert list_agenda(portee, *bounds) == []
    services.publish_tableau(tableau_id=tableau.pk, by=maison.by)
    mine = Garde.objects.of(pro)
    assert mine.count() == len(list_agenda(portee, *bounds)) > 0
    mails = Message.objects.filter(gabarit="gardes/courriels/publie.txt")
    assert mails.count() == Garde.objects.filter(tableau=tableau).values("participant").distinct().count()
    assert selectors.find_prochaine(pro, now()) == mine.order_by("debut").first()


def test_who_did_more_than_their_share_is_given_less_and_a_newcomer_stands_at_the_mean(maison: Maison) -> None:
    """Two nurses; one held both duties of the last roster. Of the next three, the other holds two."""
    avant = maison.make_tableau(EtatTableau.PUBLIE)
    anciens = maison.make_gens(avant, 2)
    for poste in maison.make_postes(avant, 2):
        maison.give(poste, anciens[0])
    debut = avant.fin + timedelta(days=1)
    tableau = make_tableau(maison.cpts, etat=EtatTableau.CALCUL, debut=debut)
    maison.make_postes(tableau, 3)
    avance, retard = (make_participant(tableau, professionnel=ancien.professionnel) for ancien in anciens)
    newcomer = make_participant(tableau, nouveau=True)
    soldes = selectors.list_soldes(tableau)
    assert [sum(soldes[p.pk].values()) for p in (avance, retard, newcomer)] == [1, -1, 0]
    variante = services.launch_calcul(tableau_id=tableau.pk, duree=5, garder=False, by=maison.by)
    services.compute_variante(variante_id=variante.pk)
    services.keep_variante(variante_id=variante.pk, by=maison.by)
    assert Counter(g.participant for g in tableau.gardes.all()) == {retard: 2, newcomer: 1}
    services.publish_tableau(tableau_id=tableau.pk, by=maison.by)
    avance.refresh_from_db()
    newcomer.refresh_from_db()
    assert (avance.credits, newcomer.credits) == ({"semaine": 1.0}, {})
    Garde.objects.filter(tableau=avant).delete()
    tableau.refresh_from_db()
    assert sum(selectors.list_soldes(tableau)[avance.pk].values()) == 1, "kept as it was published"


def test_nobody_at_christmas_is_said_person_by_person(maison: Maison) -> None:
    """The other day is covered all the same, and the empty one says why not each of them."""
    tableau = maison.make_tableau()
    noel, autre = maison.make_postes(tableau, 2)
    gens = maison.make_gens(tableau, 3)
    for participant in gens:
        participant.voeux.create(cpts=maison.cpts, jour=noel.jour, choix=Choix.INDISPONIBLE)
    variante = services.launch_calcul(tableau_id=tableau.pk, duree=5, garder=True, by=maison.by)
    services.compute_variante(variante_id=variante.pk)
    variante.refresh_from_db()
    assert (variante.bilan["pourvues"], variante.bilan["places"]) == (1, 2)
    [manque] = presentation.list_manques(variante, maison.cpts.slug)
    assert (manque.poste_id, manque.quoi) == (noel.pk, f"{format_date(noel.jour)}, 14\u00a0h – 20\u00a0h")
    assert manque.resume == "Indisponibles ce jour-là\u00a0: 3."
    [ensemble] = manque.empechements
    voeux = {reverse("gardes_voeux", args=[maison.cpts.slug, participant.pk]) for participant in gens}
    assert {adresse for _, adresse in ensemble.gens} == voeux, "each leads to where it is corrected"
    assert variante.plan["affectations"][0]["poste"] == str(autre.pk)


def test_what_was_placed_by_hand_against_a_rule_is_named_when_it_leaves_no_plan(maison: Maison) -> None:
    tableau = maison.make_tableau(max_semaine=1)
    postes = maison.make_postes(tableau, 3)
    one, _ = maison.make_gens(tableau, 2)
    for poste in postes[:2]:
        services.assign_garde(poste_id=poste.pk, participant_id=one.pk, by=maison.by, malgre=True)
    variante = services.launch_calcul(tableau_id=tableau.pk, duree=5, garder=True, by=maison.by)
    with pytest.raises(ProblemeContradictoire) as erreur:
        services.compute_variante(variante_id=variante.pk)
    raisons = [raison.phrase.replace("\u00a0", " ") for raison in erreur.value.raisons]
    assert len(raisons) == 3, "the two duties and the rule, not one more"
    assert f"{one.personne} ne tient pas plus d’une garde par semaine" in raisons
    services.fail_calcul(variante_id=variante.pk, raison="Contradiction.", raisons=erreur.value.raisons)
    variante.refresh_from_db()
    dites = presentation.build_contradiction(variante, maison.cpts.slug)
    assert sorted(dite.geste for dite in dites) == ["Changer cette règle", "Retirer cette garde", "Retirer cette garde"]
    assert {reverse("gardes_poste", args=[maison.cpts.slug, poste.pk]) for poste in postes[:2]} < {
        dite.adresse for dite in dites
    }
    without = services.launch_calcul(tableau_id=tableau.pk, duree=5, garder=False, by=maison.by)
    assert services.compute_variante(variante_id=without.pk)


def test_by_hand_the_rules_are_checked_and_may_be_passed_over(maison: Maison) -> None:
    tableau = maison.make_tableau(max_semaine=1)
    postes = maison.make_postes(tableau, 3)
    one, other = maison.make_gens(tableau, 2)
    other.voeux.create(cpts=maison.cpts, jour=postes[1].jour, choix=Choix.INDISPONIBLE)
    services.assign_garde(poste_id=postes[0].pk, participant_id=one.pk, by=maison.by)
    for participant in (one, other):
        with pytest.raises(ActionRefusee):
            services.assign_garde(poste_id=postes[1].pk, participant_id=participant.pk, by=maison.by)
    candidats = {c.participant.pk: c.raisons for c in selectors.list_candidats(postes[1])}
    assert all(candidats.values())
    forced = services.assign_garde(poste_id=postes[1].pk, participant_id=one.pk, malgre=True, by=maison.by)
    assert forced.origine == OrigineGarde.MAIN
    with pytest.raises(ActionRefusee, match="pourvue"):
        services.assign_garde(poste_id=postes[1].pk, participant_id=other.pk, malgre=True, by=maison.by)
    services.withdraw_garde(garde_id=forced.pk, by=maison.by)
    assert not Garde.objects.filter(pk=forced.pk).exists()
    kept = solve(maison, tableau, garder=True)
    assert {"poste": str(postes[0].pk), "personne": str(one.pk)} in kept.plan["affectations"]


def test_a_replacement_changes_as_little_as_it_can(maison: Maison) -> None:
    tableau = maison.make_tableau(EtatTableau.PUBLIE, max_semaine=3)
    postes = maison.make_postes(tableau, 6)
    gens = maison.make_gens(tableau, 3)
    for rang, poste in enumerate(postes):
        maison.give(poste, gens[rang % 3])
    variante = services.launch_remplacement(
        tableau_id=tableau.pk,
        participant_id=gens[0].pk,
        du=postes[0].jour,
        au=postes[2].jour,
        duree=5,
        by=maison.by,
    )
    services.compute_variante(variante_id=variante.pk)
    assert services.apply_remplacement(variante_id=variante.pk, by=maison.by) == 1
    held = dict(Garde.objects.officielles().values_list("poste", "participant"))
    assert held[postes[0].pk] in (gens[1].pk, gens[2].pk)
    assert [held[p.pk] for p in postes[1:]] == [gens[rang % 3].pk for rang in range(1, 6)]
    assert Message.objects.filter(gabarit="gardes/courriels/modifie.txt").count() == 2
    with pytest.raises(ActionRefusee, match="déjà en place"):
        services.apply_remplacement(variante_id=variante.pk, by=maison.by)


def test_what_has_begun_is_a_fact_that_no_replacement_has_to_satisfy(maison: Maison) -> None:
    """Two duties in a week of one at most, given all the same; the second has begun, its holder fell ill the same day,
    and a shift of the day before was left open: the replacement changes none of these."""
    tableau = maison.make_tableau(EtatTableau.PUBLIE, max_semaine=1)
    lundi, _ouverte, mercredi, jeudi = maison.make_postes(tableau, 4)
    force, absente, autre = maison.make_gens(tableau, 3)
    for poste, qui in ((lundi, force), (mercredi, force), (jeudi, absente)):
        maison.give(poste, qui)
    with horloge.at(mercredi.debut + timedelta(hours=1)):
        variante = services.launch_remplacement(
            tableau_id=tableau.pk, participant_id=absente.pk, du=jeudi.jour, au=jeudi.jour, duree=5, by=maison.by
        )
        services.compute_variante(variante_id=variante.pk)
        services.apply_remplacement(variante_id=variante.pk, by=maison.by)
        held = dict(Garde.objects.officielles().values_list("poste", "participant"))
        assert held == {lundi.pk: force.pk, mercredi.pk: force.pk, jeudi.pk: autre.pk}
        ill = services.launch_remplacement(
            tableau_id=tableau.pk, participant_id=force.pk, du=mercredi.jour, au=jeudi.jour, duree=5, by=maison.by
        )
        services.compute_variante(variante_id=ill.pk)
        services.apply_remplacement(variante_id=ill.pk, by=maison.by)
        assert dict(Garde.objects.officielles().values_list("poste", "participant")) == held


def test_a_replacement_found_before_a_shift_began_is_not_written_after(maison: Maison) -> None:
    tableau = maison.make_tableau(EtatTableau.PUBLIE)
    poste = maison.make_postes(tableau, 1)[0]
    maison.make_gens(tableau, 1)
    absente = maison.make_gens(tableau, 1)[0]
    variante = services.launch_remplacement(
        tableau_id=tableau.pk, participant_id=absente.pk, du=poste.jour, au=poste.jour, duree=5, by=maison.by
    )
    services.compute_variante(variante_id=variante.pk)
    with horloge.at(poste.debut + timedelta(minutes=1)), pytest.raises(ActionRefusee, match="commencé"):
        services.apply_remplacement(variante_id=variante.pk, by=maison.by)
