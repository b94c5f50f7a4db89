"""From a pattern to pay: what a roster does, and what it refuses."""

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
from maillon.communaute.gardes.enums import Choix, EtatGarde, EtatTableau, Feries, GenrePoste
from maillon.communaute.gardes.heures import Motif
from maillon.communaute.gardes.models import ActionRefusee, Garde, Participant, Tableau
from maillon.communaute.gardes.services import DonneesTableau
from maillon.communaute.gardes.sources import list_participations
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Message
from maillon.socle.declarations import FonctionGarde
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
        assert payable.fonctions[-1] == FonctionGarde.GARDE, "never paid as a meeting"
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
    busy = selectors.find_occupations([one.personne_id], poste.debut, poste.fin)
    assert [(o.debut, o.fin) for o in busy] == [(poste.debut, poste.fin)]


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
