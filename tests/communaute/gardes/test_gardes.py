"""From a pattern to pay: what a roster does, and what it refuses."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from fabriques.adhesions import AdhesionFabrique
from fabriques.annuaire import ProfessionnelFabrique
from fabriques.droits import make_cpts
from fabriques.gardes import PARIS, make_garde, make_participant, make_poste, make_tableau
from fabriques.personnes import PersonneFabrique
from maillon.communaute.gardes import selectors, services
from maillon.communaute.gardes.enums import Choix, EtatGarde, EtatTableau, Feries, GenrePoste, OrigineGarde
from maillon.communaute.gardes.heures import Motif
from maillon.communaute.gardes.models import ActionRefusee, Echange, Garde, Participant, Passation, Tableau, Variante
from maillon.communaute.gardes.services import DonneesTableau
from maillon.communaute.gardes.sources import list_agenda, list_participations
from maillon.communaute.sollicitations.models import ActionRefusee as SollicitationRefusee
from maillon.communaute.sollicitations.models import Sollicitation
from maillon.communaute.sollicitations.services import accept
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Message
from maillon.socle.declarations import PorteeAgenda
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.horloge import now, today

from .conftest import Maison

SEMAINE = frozenset(range(1, 6))


def donnees(**champs: object) -> DonneesTableau:
    values = {
        "nom": "Mai 2027",
        "debut": date(2027, 5, 1),
        "fin": date(2027, 5, 31),
        "professions": ["60"],
        "motifs": [Motif(SEMAINE, time(14), time(20))],
    }
    return DonneesTableau(**{**values, **champs})  # type: ignore[arg-type]


def test_a_pattern_makes_the_shifts_with_their_holidays(maison: Maison) -> None:
    tableau = services.create_tableau(cpts=maison.cpts, donnees=donnees(), by=maison.by)
    # May 2027 has 21 days from Monday to Friday; Ascension is Thursday 6, Whit Monday the 17th; the 1st and 8th are
    # Saturdays.
    assert tableau.postes.count() == 21
    feries = dict(tableau.postes.filter(genre=GenrePoste.FERIE).values_list("jour", "ferie"))
    assert set(feries) == {date(2027, 5, 6), date(2027, 5, 17)}
    sans = services.create_tableau(cpts=maison.cpts, donnees=donnees(feries=Feries.SANS), by=maison.by)
    assert sans.postes.count() == 19
    with pytest.raises(ActionRefusee, match="Aucune garde"):
        services.create_tableau(
            cpts=maison.cpts, donnees=donnees(debut=date(2027, 5, 1), fin=date(2027, 5, 2)), by=maison.by
        )


def test_hours_of_a_day_when_the_clocks_change_are_true(maison: Maison) -> None:
    night = donnees(debut=date(2026, 10, 24), fin=date(2026, 10, 24), motifs=[Motif(frozenset({6}), time(20), time(8))])
    tableau = services.create_tableau(cpts=maison.cpts, donnees=night, by=maison.by)
    poste = tableau.postes.get()
    assert poste.fin - poste.debut == timedelta(hours=13)
    assert poste.debut == datetime(2026, 10, 24, 18, tzinfo=UTC)


def test_people_are_those_covered_then_those_of_the_last_roster(maison: Maison) -> None:
    pro = ProfessionnelFabrique()
    PersonneFabrique(cpts=maison.cpts, professionnel=pro)
    AdhesionFabrique(cpts=maison.cpts, professionnel=pro)
    first = services.create_tableau(cpts=maison.cpts, donnees=donnees(), by=maison.by)
    assert [p.professionnel for p in first.participants.all()] == [pro]
    Tableau.objects.filter(pk=first.pk).update(etat=EtatTableau.PUBLIE, publie_le=now())
    poste = first.postes.filter(genre=GenrePoste.FERIE).first()
    assert poste is not None
    make_garde(poste, first.participants.get())
    june = donnees(nom="Juin", debut=date(2027, 6, 1), fin=date(2027, 6, 30))
    second = services.create_tableau(cpts=maison.cpts, donnees=june, by=maison.by)
    assert [p.professionnel for p in second.participants.all()] == [pro]
    newcomer = PersonneFabrique(cpts=maison.cpts, professionnel=ProfessionnelFabrique())
    services.add_participants(tableau_id=second.pk, personne_ids=[newcomer.pk], by=maison.by)
    assert second.participants.get(personne=newcomer).nouveau


def test_wishes_are_said_until_their_day_and_noted_by_the_desk_after(maison: Maison) -> None:
    tableau = maison.make_tableau(EtatTableau.BROUILLON)
    maison.make_postes(tableau, 5)
    participant, pro = maison.make_soignant(tableau)
    avant = today() + timedelta(days=4)
    assert services.open_voeux(tableau_id=tableau.pk, voeux_avant=avant, by=maison.by) == 1
    lu = Message.objects.get(gabarit="gardes/courriels/voeux.txt")
    assert "/gardes/voeux/" in lu.texte
    said = {tableau.debut: Choix.INDISPONIBLE, tableau.fin + timedelta(days=3): Choix.EVITE}
    services.save_voeux(participant_id=participant.pk, choix=said, nom_public=True, by=pro)
    assert list(participant.voeux.values_list("jour", "choix")) == [(tableau.debut, "indisponible")]
    participant.refresh_from_db()
    assert participant.nom_public
    assert services.remind_due(cpts_id=maison.cpts.pk) == 0
    with horloge.at(now() + timedelta(days=6)), pytest.raises(ActionRefusee, match="clos"):
        services.save_voeux(participant_id=participant.pk, choix={}, by=pro)
    services.close_voeux(tableau_id=tableau.pk, by=maison.by)
    with pytest.raises(ActionRefusee, match="clos"):
        services.save_voeux(participant_id=participant.pk, choix={}, by=pro)
    services.save_voeux(participant_id=participant.pk, choix={}, by=maison.by)
    assert not participant.voeux.exists()


def test_who_said_nothing_is_reminded_once(maison: Maison) -> None:
    tableau = maison.make_tableau(EtatTableau.BROUILLON)
    maison.make_gens(tableau, 2)
    services.open_voeux(tableau_id=tableau.pk, voeux_avant=today() + timedelta(days=10), by=maison.by)
    assert services.remind_due(cpts_id=maison.cpts.pk) == 0
    with horloge.at(now() + timedelta(days=8)):
        assert services.remind_due(cpts_id=maison.cpts.pk) == 2
        assert services.remind_due(cpts_id=maison.cpts.pk) == 0


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


def test_nobody_is_on_duty_twice_at_once_even_in_two_communities(maison: Maison) -> None:
    pro = ProfessionnelFabrique()
    other_cpts = make_cpts()
    with use_cpts(other_cpts.pk):
        elsewhere = make_tableau(other_cpts, etat=EtatTableau.PUBLIE, debut=maison.lundi)
        make_garde(make_poste(elsewhere, elsewhere.debut, de=16, a=22), make_participant(elsewhere, professionnel=pro))
    tableau = maison.make_tableau()
    poste = maison.make_postes(tableau, 1)[0]
    participant = make_participant(tableau, professionnel=pro)
    draft = services.assign_garde(poste_id=poste.pk, participant_id=participant.pk, by=maison.by)
    with pytest.raises(ActionRefusee, match=f"{pro.nom} est déjà de garde"):
        services.publish_tableau(tableau_id=tableau.pk, by=maison.by)
    tableau.refresh_from_db()
    draft.refresh_from_db()
    assert (tableau.etat, draft.etat) == (EtatTableau.CALCUL, EtatGarde.PROJET)
    with pytest.raises(IntegrityError), transaction.atomic():
        Garde.objects.filter(pk=draft.pk).update(etat=EtatGarde.PUBLIEE, publiee_le=now())


def test_the_database_refuses_two_people_on_one_place(maison: Maison) -> None:
    tableau = maison.make_tableau(EtatTableau.PUBLIE)
    poste = maison.make_postes(tableau, 1)[0]
    one, other = maison.make_gens(tableau, 2)
    maison.give(poste, one)
    with pytest.raises(IntegrityError), transaction.atomic():
        maison.give(poste, other)


def test_a_swap_is_offered_checked_and_done_in_one_touch(maison: Maison) -> None:
    tableau = maison.make_tableau(EtatTableau.PUBLIE, max_semaine=1)
    postes = maison.make_postes(tableau, 9)
    one, by = maison.make_soignant(tableau)
    other, by_other = maison.make_soignant(tableau)
    mine, theirs = maison.give(postes[0], one), maison.give(postes[8], other)
    collegue = next(c for c in selectors.list_collegues(mine, now()) if c.participant == other)
    assert (collegue.raisons, collegue.contre) == ((), (theirs,))
    echange = services.propose_echange(garde_id=mine.pk, vers_id=other.pk, contre_id=theirs.pk, by=by)
    assert Message.objects.filter(gabarit="gardes/courriels/echange.txt").count() == 1
    with pytest.raises(ActionRefusee, match="déjà proposée"):
        services.propose_echange(garde_id=mine.pk, vers_id=other.pk, contre_id=None, by=by)
    assert selectors.get_miennes(by_other, now()).a_repondre == [echange]
    services.accept_echange(echange_id=echange.pk, by=by_other)
    held = dict(Garde.objects.officielles().values_list("poste", "participant"))
    assert held == {postes[0].pk: other.pk, postes[8].pk: one.pk}
    mine.refresh_from_db()
    assert (mine.etat, mine.sequence) == (EtatGarde.RETIREE, 1)
    assert mine.remplacee_par is not None
    with pytest.raises(ActionRefusee, match="déjà acceptée"):
        services.accept_echange(echange_id=echange.pk, by=by_other)


def test_a_swap_that_breaks_a_rule_is_refused_at_the_offer_and_at_the_answer(maison: Maison) -> None:
    tableau = maison.make_tableau(EtatTableau.PUBLIE, max_semaine=1)
    postes = maison.make_postes(tableau, 4)
    one, by = maison.make_soignant(tableau)
    other, by_other = maison.make_soignant(tableau)
    mine = maison.give(postes[0], one)
    echange = services.propose_echange(garde_id=mine.pk, vers_id=other.pk, contre_id=None, by=by)
    maison.give(postes[2], other)
    with pytest.raises(ActionRefusee, match="ne peut pas passer"):
        services.accept_echange(echange_id=echange.pk, by=by_other)
    services.refuse_echange(echange_id=echange.pk, by=by_other)
    with pytest.raises(ActionRefusee, match="ne peut pas passer"):
        services.propose_echange(garde_id=mine.pk, vers_id=other.pk, contre_id=None, by=by)
    assert Echange.objects.get().etat == "refuse"


def test_a_duty_given_up_opens_to_the_first_who_takes_it(maison: Maison) -> None:
    tableau = maison.make_tableau(EtatTableau.PUBLIE)
    poste = maison.make_postes(tableau, 1)[0]
    one, by = maison.make_soignant(tableau)
    _, by_other = maison.make_soignant(tableau)
    _, by_third = maison.make_soignant(tableau)
    garde = services.give_up(garde_id=maison.give(poste, one).pk, by=by)
    assert selectors.list_ouvertes(maison.cpts.pk, now()) == [poste]
    assert Message.objects.filter(gabarit="gardes/courriels/a_reprendre.txt").count() == 1
    again = services.undo_give_up(garde_id=garde.pk, by=by)
    services.give_up(garde_id=again.pk, by=by)
    services.take_ouverte(poste_id=poste.pk, by=by_other)
    with pytest.raises(ActionRefusee, match="pourvue"):
        services.take_ouverte(poste_id=poste.pk, by=by_third)
    with pytest.raises(ActionRefusee, match="pourvue"):
        services.undo_give_up(garde_id=again.pk, by=by)
    assert selectors.list_ouvertes(maison.cpts.pk, now()) == []


def test_volunteers_are_called_and_the_first_yes_is_on_duty(maison: Maison) -> None:
    tableau = maison.make_tableau(EtatTableau.PUBLIE)
    poste, busy = maison.make_postes(tableau, 2)
    gens = maison.make_gens(tableau, 3)
    gens[2].voeux.create(cpts=maison.cpts, jour=poste.jour, choix=Choix.INDISPONIBLE)
    maison.give(busy, gens[0])
    assert services.call_volontaires(poste_id=poste.pk, by=maison.by) == 2
    asked = list(Sollicitation.objects.order_by("rang"))
    # Who holds the fewest is asked first.
    assert [s.professionnel_id for s in asked] == [gens[1].professionnel_id, gens[0].professionnel_id]
    accept(sollicitation_id=asked[1].pk, by=SYSTEME)
    garde = Garde.objects.get(poste=poste)
    assert (garde.participant, garde.origine, garde.etat) == (gens[0], OrigineGarde.VOLONTAIRE, EtatGarde.PUBLIEE)
    with pytest.raises(SollicitationRefusee):
        accept(sollicitation_id=asked[0].pk, by=SYSTEME)
    with pytest.raises(ActionRefusee, match="pourvue"):
        services.call_volontaires(poste_id=poste.pk, by=maison.by)


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


def test_a_duty_held_is_paid_once_said(maison: Maison) -> None:
    tableau = maison.make_tableau(EtatTableau.PUBLIE)
    poste = maison.make_postes(tableau, 1)[0]
    participant, by = maison.make_soignant(tableau)
    garde = maison.give(poste, participant)
    bounds = (poste.jour, poste.jour + timedelta(days=1))
    with pytest.raises(ActionRefusee, match="pas finie"):
        services.record_constat(garde_id=garde.pk, tenue=True, by=by)
    with horloge.at(poste.fin + timedelta(minutes=1)):
        services.record_constat(garde_id=garde.pk, tenue=True, by=by)
        payable = list_participations(maison.cpts.pk, *bounds)[0]
        assert (payable.personne_id, payable.heures, payable.mission) == (
            participant.personne_id,
            Decimal("6.00"),
            "acces",
        )
        garde.refresh_from_db()
        assert payable.reference == str(garde.pk)
        assert garde.empreinte[:12] in payable.preuve
        services.record_constat(garde_id=garde.pk, tenue=False, by=by)
        assert list_participations(maison.cpts.pk, *bounds) == []
        services.undo_constat(garde_id=garde.pk, by=by)
        assert services.record_constats(tableau_id=tableau.pk, garde_ids=None, by=maison.by) == 1
        assert len(list_participations(maison.cpts.pk, *bounds)) == 1


def test_who_is_on_duty_and_the_hours_covered(maison: Maison) -> None:
    tableau = maison.make_tableau(EtatTableau.PUBLIE)
    jour = tableau.debut
    poste = make_poste(tableau, jour, de=8, a=16)
    late = make_poste(tableau, jour, de=15, a=19)
    one, other = maison.make_gens(tableau, 2)
    garde = maison.give(poste, one)
    maison.give(late, other)
    at_nine = datetime.combine(jour, time(9), PARIS)
    assert selectors.find_de_garde(maison.cpts.pk, "60", at_nine) == [garde]
    assert selectors.find_de_garde(maison.cpts.pk, "10", at_nine) == []
    covered = selectors.list_heures_couvertes(maison.cpts.pk, jour, jour + timedelta(days=1))
    # 14 to 16 by the first, 15 to 19 by the second: five hours, the common one counted once.
    assert [(c.profession, c.jour, c.heures) for c in covered] == [("60", jour, Decimal("5.00"))]
    busy = selectors.find_occupations([one.personne_id], poste.debut, poste.fin)
    assert [(o.debut, o.fin) for o in busy] == [(poste.debut, poste.fin)]


def test_a_handover_goes_to_the_next_and_names_no_patient(maison: Maison) -> None:
    tableau = maison.make_tableau(EtatTableau.PUBLIE)
    postes = maison.make_postes(tableau, 2)
    one, by = maison.make_soignant(tableau)
    other, by_other = maison.make_soignant(tableau)
    first, second = maison.give(postes[0], one), maison.give(postes[1], other)
    with pytest.raises(ActionRefusee, match="pendant la garde"):
        services.write_passation(garde_id=first.pk, texte="La clé est à l’accueil.", by=by)
    with horloge.at(postes[0].fin):
        with pytest.raises(ActionRefusee, match="long numéro"):
            services.write_passation(garde_id=first.pk, texte="Rappeler le 06 39 98 12 34.", by=by)
        services.write_passation(garde_id=first.pk, texte="La clé est à l’accueil.", by=by)
        passation = Passation.objects.get()
        assert passation.suivante == second
        assert selectors.get_miennes(by_other, now()).passations == [passation]
        services.mark_lues(garde_id=second.pk)
        assert selectors.get_miennes(by_other, now()).passations == []


def test_the_public_reads_a_name_only_when_it_was_allowed(maison: Maison) -> None:
    tableau = maison.make_tableau(EtatTableau.PUBLIE)
    postes = maison.make_postes(tableau, 2)
    shown = make_participant(tableau, nom_public=True)
    maison.give(postes[0], shown)
    maison.give(postes[1], make_participant(tableau))
    with horloge.at(postes[0].debut):
        lignes = selectors.list_publiques(maison.cpts, now())
    assert [(ligne.nom, ligne.en_cours) for ligne in lignes] == [(str(shown.professionnel), True), ("", False)]
    assert lignes[1].telephone == maison.cpts.telephone


def test_a_roster_is_over_when_every_duty_was_said(maison: Maison) -> None:
    tableau = maison.make_tableau(EtatTableau.PUBLIE)
    poste = maison.make_postes(tableau, 1)[0]
    maison.give(poste, maison.make_gens(tableau, 1)[0])
    with pytest.raises(ActionRefusee, match="court jusqu"):
        services.close_tableau(tableau_id=tableau.pk, by=maison.by)
    with horloge.at(datetime.combine(tableau.fin + timedelta(days=1), time(12), PARIS)):
        with pytest.raises(ActionRefusee, match="à constater"):
            services.close_tableau(tableau_id=tableau.pk, by=maison.by)
        services.record_constats(tableau_id=tableau.pk, garde_ids=None, by=maison.by)
        assert services.close_tableau(tableau_id=tableau.pk, by=maison.by).etat == EtatTableau.CLOS


def test_somebody_with_duties_stays_in_the_roster(maison: Maison) -> None:
    tableau = maison.make_tableau()
    poste = maison.make_postes(tableau, 1)[0]
    one, other = maison.make_gens(tableau, 2)
    services.assign_garde(poste_id=poste.pk, participant_id=one.pk, by=maison.by)
    with pytest.raises(ActionRefusee, match="donnez-les"):
        services.remove_participant(participant_id=one.pk, by=maison.by)
    services.remove_participant(participant_id=other.pk, by=maison.by)
    assert list(Participant.objects.filter(tableau=tableau)) == [one]
