"""Waves, deadlines, answers: a cascade of five minutes, as a mission sees it."""

from contextlib import contextmanager
from datetime import timedelta

import pytest

from fabriques.agenda import make_externe
from fabriques.sollicitations import ESSAI, MINUTES, make_essai
from maillon.communaute.agenda.models import Occupation
from maillon.communaute.personnes.models import Personne
from maillon.communaute.sollicitations import services
from maillon.communaute.sollicitations.enums import EtatAppel, MotifRetrait
from maillon.communaute.sollicitations.models import ActionRefusee, Appel, Sollicitation
from maillon.communaute.sollicitations.selectors import build_vagues, count_motifs, list_exclus
from maillon.socle import horloge
from maillon.socle.courriels.models import Etat as EtatCourriel
from maillon.socle.courriels.models import Message
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.models import Lien


@pytest.fixture
def objet(cpts, essai):
    return essai.make_objet(cpts)


def ask(objet, *vagues, delai=MINUTES):
    return services.solicit(genre=ESSAI, objet=objet, vagues=waves(*vagues), delai=delai, by=SYSTEME)


def waves(*vagues):
    return [[services.Cible(pro.pk, {"km": rang}) for rang, pro in enumerate(vague)] for vague in vagues]


@contextmanager
def after(**delay):
    with horloge.at(horloge.now() + timedelta(**delay)):
        yield


def run_job(cpts) -> None:
    services.expire(cpts_id=cpts.pk)
    services.remind(cpts_id=cpts.pk)


def etats() -> list[str]:
    return list(Sollicitation.objects.order_by("vague", "rang").values_list("etat", flat=True))


def one(pro) -> Sollicitation:
    return Sollicitation.objects.select_related("appel").get(professionnel=pro)


def accept(pro) -> Sollicitation:
    return services.accept(sollicitation_id=one(pro).pk, by=SYSTEME)


def decline(pro, motif="complet") -> Sollicitation:
    return services.decline(sollicitation_id=one(pro).pk, motif=motif, by=SYSTEME)


# Time


def test_usual_professional_first_then_waves_of_five_minutes_then_the_escalation(cpts, essai, objet, pros):
    usual, *others = pros
    sent = ask(objet, [usual], others[:2], others[2:])
    assert [row.vague for row in sent] == [1, 2, 2, 3, 3]
    assert etats() == ["envoyee", *["prevue"] * 4]
    assert Message.objects.count() == 1, "who is planned knows nothing"
    with after(minutes=4):
        run_job(cpts)
    assert essai.faits == ["envoyee", "vague"]
    expected = (["expiree", *["envoyee"] * 2, *["prevue"] * 2], [*["expiree"] * 3, *["envoyee"] * 2])
    for step, states in enumerate(expected, start=1):
        with after(minutes=5 * step):
            run_job(cpts)
            run_job(cpts)
            assert etats() == states
            assert Appel.objects.get().prochaine_vague_le == horloge.now() + MINUTES
    essai.forget()
    with after(minutes=15):
        run_job(cpts)
        run_job(cpts)
    assert essai.faits == ["expiree", "expiree", "epuise"], "the mission escalates, once"
    assert Appel.objects.get().etat == EtatAppel.EPUISE
    assert not Lien.objects.filter(revoque_le=None).exists()


def test_the_next_wave_leaves_as_soon_as_everybody_declined(cpts, essai, objet, pros):
    ask(objet, pros[:2], pros[2:3])
    decline(pros[0])
    assert etats() == ["refusee", "envoyee", "prevue"]
    decline(pros[1], "loin")
    assert etats() == ["refusee", "refusee", "envoyee"]
    decline(pros[2])
    assert essai.faits[-2:] == ["refusee", "epuise"]
    found = count_motifs(cpts.pk, ESSAI, horloge.today(), horloge.today() + timedelta(days=1))
    assert [(motif.libelle, motif.nombre) for motif in found] == [("Je n’ai plus de place", 2), ("C’est trop loin", 1)]


def test_a_long_wave_is_reminded_once_and_a_short_one_halfway(cpts, monkeypatch, pros):
    essai = make_essai(monkeypatch, rappel_avant=timedelta(days=2))
    ask(essai.make_objet(cpts), pros[:1], delai=timedelta(days=5))
    ask(essai.make_objet(cpts), pros[1:2], delai=timedelta(days=1))
    for hours, reminded in ((1, 0), (13, 1), (71, 1), (73, 2), (80, 2)):
        with after(hours=hours):
            services.remind(cpts_id=cpts.pk)
        assert essai.faits.count("rappelee") == reminded, hours
    assert Message.objects.filter(gabarit__contains="rappel").count() == 2


def test_the_desk_may_hasten_the_next_wave_and_take_one_back(cpts, essai, objet, pros):
    ask(objet, pros[:1], pros[1:2], pros[2:3])
    services.hasten(appel_id=Appel.objects.get().pk, by=SYSTEME)
    assert etats() == ["envoyee", "envoyee", "prevue"]
    services.withdraw(sollicitation_id=one(pros[0]).pk, by=SYSTEME)
    assert etats() == ["retiree", "envoyee", "prevue"]
    services.withdraw(sollicitation_id=one(pros[1]).pk, by=SYSTEME)
    assert etats() == ["retiree", "retiree", "envoyee"], "nobody else to wait for"
    decline(pros[2])
    with pytest.raises(ActionRefusee, match="refusée"):
        services.withdraw(sollicitation_id=one(pros[2]).pk, by=SYSTEME)
    with pytest.raises(ActionRefusee, match="Aucune vague"):
        services.hasten(appel_id=Appel.objects.get().pk, by=SYSTEME)


# Answers


def test_the_first_yes_reserves_and_later_waves_wait(cpts, essai, objet, pros):
    ask(objet, pros[:2], pros[2:3])
    accept(pros[0])
    accept(pros[0])
    assert etats() == ["acceptee", "retiree", "prevue"]
    assert one(pros[1]).motif_retrait == MotifRetrait.AUTRE
    assert not Message.objects.filter(etat=EtatCourriel.A_ENVOYER).exists()
    living = Lien.objects.filter(revoque_le=None).values_list("objet_id", flat=True)
    assert list(living) == [one(pros[1]).pk], "who comes too late reads that somebody accepted"
    assert essai.faits.count("acceptee") == 1
    for late in (accept, decline):
        with pytest.raises(ActionRefusee, match="n’attend plus"):
            late(pros[1])
    with after(days=1):
        run_job(cpts)
    assert etats() == ["acceptee", "retiree", "prevue"], "a reserved call does not go on"
    with pytest.raises(ActionRefusee, match="a déjà accepté"):
        ask(objet, pros[3:4])


def test_a_no_of_the_other_side_goes_on_with_the_next_wave(cpts, essai, objet, pros):
    ask(objet, pros[:1], pros[1:2])
    assert services.release(genre=ESSAI, objet=objet, by=SYSTEME) is False, "nothing is reserved"
    accept(pros[0])
    assert services.release(genre=ESSAI, objet=objet, by=SYSTEME) is True
    assert etats() == ["retiree", "envoyee"]
    accept(pros[1])
    essai.forget()
    assert services.release(genre=ESSAI, objet=objet, by=SYSTEME) is False
    assert essai.faits == ["epuise"]


def test_a_yes_of_the_other_side_fills_the_call(cpts, essai, objet, pros):
    ask(objet, pros[:1], pros[1:2])
    assert services.settle(genre=ESSAI, objet=objet, by=SYSTEME) is None
    accept(pros[0])
    assert services.settle(genre=ESSAI, objet=objet, by=SYSTEME) == one(pros[0])
    assert (Appel.objects.get().etat, one(pros[1]).motif_retrait) == (EtatAppel.POURVU, MotifRetrait.INUTILE)
    with pytest.raises(ActionRefusee):
        services.take_back(sollicitation_id=one(pros[0]).pk, by=SYSTEME)
    assert services.close_appel(genre=ESSAI, objet=objet, motif=MotifRetrait.REOUVERTURE, by=SYSTEME) == [one(pros[0])]
    assert ask(objet, pros[2:3]), "the object is free for another call"


def test_closing_takes_everybody_back(cpts, essai, objet, pros):
    assert services.close_appel(genre=ESSAI, objet=objet, motif=MotifRetrait.CLOTURE, by=SYSTEME) == []
    ask(objet, pros[:2], pros[2:3])
    assert len(services.close_appel(genre=ESSAI, objet=objet, motif=MotifRetrait.CLOTURE, by=SYSTEME)) == 2
    assert etats() == ["retiree"] * 3
    assert not Message.objects.filter(etat=EtatCourriel.A_ENVOYER).exists()


def test_a_refusal_needs_a_reason_of_the_kind(cpts, essai, objet, pros):
    ask(objet, pros[:1])
    with pytest.raises(ActionRefusee, match="raison"):
        decline(pros[0], "c2s")
    assert etats() == ["envoyee"]


def test_too_late_is_too_late_before_the_job_runs(cpts, essai, objet, pros):
    ask(objet, pros[:1])
    with after(minutes=5):
        for late in (accept, decline):
            with pytest.raises(ActionRefusee, match="délai"):
                late(pros[0])


# Second thoughts


def test_a_refusal_is_undone_within_a_minute(cpts, essai, objet, pros):
    ask(objet, pros[:1])
    decline(pros[0])
    assert Appel.objects.get().etat == EtatAppel.EPUISE
    with after(seconds=30):
        for _ in range(2):
            services.undo_decline(sollicitation_id=one(pros[0]).pk, by=SYSTEME)
    assert (etats(), Appel.objects.get().etat) == (["envoyee"], EtatAppel.OUVERT)
    assert essai.faits[-2:] == ["epuise", "reprise"]
    assert accept(pros[0]).motif_refus == ""


def test_a_refusal_stands_after_a_minute_or_when_another_accepted(cpts, essai, objet, pros):
    ask(objet, pros[:2])
    decline(pros[0])
    with after(seconds=70), pytest.raises(ActionRefusee, match="trop tard"):
        services.undo_decline(sollicitation_id=one(pros[0]).pk, by=SYSTEME)
    accept(pros[1])
    with pytest.raises(ActionRefusee, match="trop tard"):
        services.undo_decline(sollicitation_id=one(pros[0]).pk, by=SYSTEME)


def test_a_refusal_stands_when_another_round_began(cpts, essai, objet, pros):
    ask(objet, pros[:1])
    decline(pros[0])
    ask(objet, pros[1:2])
    with pytest.raises(ActionRefusee, match="d’autres"):
        services.undo_decline(sollicitation_id=one(pros[0]).pk, by=SYSTEME)
    assert etats() == ["refusee", "envoyee"]


def test_going_back_on_a_yes_is_for_good(cpts, essai, objet, pros):
    ask(objet, pros[:1], pros[1:2])
    accept(pros[0])
    for _ in range(2):
        services.take_back(sollicitation_id=one(pros[0]).pk, by=SYSTEME)
    assert etats() == ["retiree", "envoyee"]
    assert essai.faits.count("desistee") == 1
    assert list_exclus(ESSAI, objet.pk) == {pros[0].pk}
    with pytest.raises(ActionRefusee, match="l’a refusée"):
        ask(objet, pros[:1])


# Who may be asked


def test_who_declined_is_not_asked_again_in_another_round(cpts, essai, objet, pros):
    ask(objet, pros[:1])
    decline(pros[0])
    with pytest.raises(ActionRefusee, match="l’a refusée"):
        ask(objet, pros[1:2], pros[:1])
    assert Sollicitation.objects.count() == 1
    assert ask(essai.make_objet(cpts), pros[:1]), "for another object, yes"


def test_silence_is_not_a_refusal(cpts, essai, objet, pros):
    ask(objet, pros[:1])
    with after(minutes=6):
        run_job(cpts)
        assert ask(objet, pros[:1])
    assert Appel.objects.count() == 2


def test_people_join_a_running_call(cpts, essai, objet, pros):
    ask(objet, pros[:1], pros[1:2])
    added = ask(objet, pros[2:3], pros[3:4])
    assert [(row.vague, row.etat) for row in added] == [(1, "envoyee"), (3, "prevue")]
    with pytest.raises(ActionRefusee, match="l’a déjà"):
        ask(objet, pros[3:4])
    for wrong in ([], [[pros[4], pros[4]]]):
        with pytest.raises(ActionRefusee, match="au moins une"):
            ask(objet, *wrong)


def test_whoever_no_longer_suits_is_left_out_when_the_wave_comes(cpts, essai, objet, pros):
    ask(objet, pros[:1], pros[1:2], pros[2:4])
    essai.pris = {pros[1].pk, pros[2].pk}
    decline(pros[0])
    assert etats() == ["refusee", "retiree", "retiree", "envoyee"]
    assert one(pros[1]).motif_retrait == MotifRetrait.INDISPONIBLE


def test_whoever_is_away_is_not_asked(cpts, essai, objet, pros):
    day = horloge.today()
    services.declare_absence(cpts_id=cpts.pk, professionnel=pros[0], du=day, au=day, by=SYSTEME)
    services.declare_absence(
        cpts_id=cpts.pk, professionnel=pros[1], du=day + timedelta(1), au=day + timedelta(3), by=SYSTEME
    )
    ask(objet, pros[:2], pros[2:3])
    assert etats() == ["retiree", "envoyee", "prevue"]


def test_whoever_is_busy_during_the_whole_wave_is_not_asked_in_minutes(cpts, monkeypatch, pros):
    essai = make_essai(monkeypatch, occupe=True)
    moment = horloge.now()
    for pro, minutes in ((pros[0], 5), (pros[1], 4)):
        personne = Personne.objects.create(cpts=cpts, prenom="Alix", nom=pro.nom, professionnel=pro)
        agenda = make_externe(personne)
        Occupation.objects.create(
            cpts=cpts, agenda=agenda, personne=personne, debut=moment, fin=moment + timedelta(minutes=minutes)
        )
    with horloge.at(moment):
        ask(essai.make_objet(cpts), pros[:3])
    assert etats() == ["retiree", "envoyee", "envoyee"]


@pytest.mark.parametrize(
    ("du", "au", "said"), [(3, 2, "premier jour"), (-5, -1, "passé"), (0, 400, "un an"), (9, 12, "déjà dit")]
)
def test_absences_refused(cpts, pros, du, au, said):
    day = horloge.today()
    services.declare_absence(
        cpts_id=cpts.pk, professionnel=pros[0], du=day + timedelta(10), au=day + timedelta(11), by=SYSTEME
    )
    with pytest.raises(ActionRefusee, match=said):
        services.declare_absence(
            cpts_id=cpts.pk, professionnel=pros[0], du=day + timedelta(du), au=day + timedelta(au), by=SYSTEME
        )


def test_the_desk_reads_the_waves(cpts, essai, objet, pros, django_assert_num_queries):
    ask(objet, pros[:2], pros[2:3])
    decline(pros[0])
    with django_assert_num_queries(1):
        vagues = build_vagues(ESSAI, objet.pk)
        assert [(v.numero, v.prevue, v.en_cours, len(v.sollicitations)) for v in vagues] == [
            (2, True, False, 1),
            (1, False, True, 2),
        ]
    assert vagues[1].sollicitations[0].libelle_refus == "Je n’ai plus de place"
    assert vagues[0].sollicitations[0].explication == {"km": 0}
