"""A level decided by somebody; weights adopted from a day."""

import pytest
from django.db import IntegrityError, transaction

from fabriques.constats import after, day
from fabriques.medecin_traitant import Guichet, make_demande
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums import (
    Etat,
    MotifPriorite,
)
from maillon.missions.medecin_traitant.models import (
    ActionRefusee,
    DecisionPriorite,
    Demande,
    PoidsAdoptes,
)
from maillon.missions.medecin_traitant.selectors import (
    explain_priorite,
    get_poids,
    preview_poids,
    view_as_medecin,
)
from maillon.regles.priorite import Fait, Niveau, PoidsPriorite, load_poids
from maillon.socle import horloge
from maillon.socle.journal.models import Entree

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dedans")]


def force(demande: Demande, guichet: Guichet, niveau=Niveau.HAUTE, **champs):
    champs = {"motif": MotifPriorite.MEDECIN, "jusque": day(30), "precision": "", **champs}
    return services.force_priorite(demande_id=demande.pk, niveau=niveau, by=guichet.acteur, **champs)


def test_a_decided_level_is_what_lists_follow_until_its_day(guichet: Guichet):
    demande = force(make_demande(guichet), guichet, precision="Zoé insiste")
    assert (demande.priorite_niveau, demande.priorite_score) == ("haute", 40)
    vue = explain_priorite(demande)
    assert (vue.calculee.score, vue.effective.score) == (0, 40)
    assert vue.decision is not None
    assert (vue.decision.par, vue.decision.texte) == (guichet.membre, "Zoé insiste")
    assert "Zoé" not in str(list(Entree.objects.values())) + str(view_as_medecin(demande))
    services.refresh_priorites(cpts_id=guichet.cpts.pk)
    services.qualify_demande(demande_id=demande.pk, faits=services.FaitsSaisis(isolement=True), by=guichet.acteur)
    demande.refresh_from_db()
    assert (demande.priorite_niveau, demande.priorite_score) == ("haute", 40)
    with after(31):
        services.refresh_priorites(cpts_id=guichet.cpts.pk)
        demande.refresh_from_db()
        assert demande.priorite_niveau == "normale"
        assert explain_priorite(demande).decision is None


def test_a_decided_level_is_taken_back_and_its_history_stays(guichet: Guichet):
    demande = force(make_demande(guichet, ald=True), guichet, Niveau.NORMALE, motif=MotifPriorite.SUIVI_PARTIEL)
    assert (demande.priorite_niveau, demande.priorite_score) == ("normale", 19)
    for _ in range(2):
        demande = services.release_priorite(demande_id=demande.pk, by=guichet.acteur)
    assert (demande.priorite_niveau, demande.priorite_score) == ("haute", 40)
    assert DecisionPriorite.objects.count() == 2
    for jusque in (day(-1), day(181)):
        with pytest.raises(ActionRefusee, match="six mois"):
            force(demande, guichet, jusque=jusque)
    with pytest.raises(ActionRefusee, match="n’est plus ouverte"):
        force(make_demande(guichet, etat=Etat.CLOSE), guichet)
    for fields in ({"niveau_impose": "haute"}, {"niveau_impose_jusque": day(3)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Demande.objects.filter(pk=demande.pk).update(**fields)


def weigh(**champs) -> PoidsPriorite:
    base = load_poids(on=horloge.today())
    points = {**base.points, **{Fait(nom): n for nom, n in champs.pop("points", {}).items()}}
    fields = {"jours_par_point": 7, "attente_maximum": 25, "seuil_moyenne": 20, "seuil_haute": 40}
    return PoidsPriorite(
        points=points,
        source="bureau",
        depuis=champs.pop("depuis", horloge.today()),
        statut=base.statut,
        **{**fields, **champs},
    )


def test_weights_are_previewed_then_adopted_from_their_day(guichet: Guichet):
    isole = make_demande(guichet, isolement=True)
    forced = force(make_demande(guichet), guichet)
    wanted = weigh(points={"isolement": 45}, depuis=day(3))
    apercu = preview_poids(guichet.cpts.pk, wanted)
    assert (apercu.ouvertes, apercu.montent, apercu.descendent, apercu.forcees) == (2, 1, 0, 1)
    assert apercu.niveaux[0] == ("haute", 1, 2)
    assert [(m.reference, m.avant, m.apres) for m in apercu.mouvements] == [(isole.reference, "normale", "haute")]
    services.adopt_poids(cpts_id=guichet.cpts.pk, poids=wanted, decision="bureau du 12 novembre", by=guichet.acteur)
    services.refresh_priorites(cpts_id=guichet.cpts.pk)
    isole.refresh_from_db()
    assert isole.priorite_niveau == "normale", "not yet"
    with after(3):
        services.refresh_priorites(cpts_id=guichet.cpts.pk)
        isole.refresh_from_db()
        assert (isole.priorite_niveau, isole.priorite_score) == ("haute", 45)
        assert "bureau du 12 novembre" in explain_priorite(isole).source
        assert not explain_priorite(isole).a_confirmer
    assert get_poids(guichet.cpts.pk, on=horloge.today()).points[Fait.ISOLEMENT] == 10
    forced.refresh_from_db()
    assert forced.priorite_niveau == "haute"


def test_weights_are_never_changed_afterwards_nor_adopted_for_the_past(guichet: Guichet):
    adopt = {"cpts_id": guichet.cpts.pk, "by": guichet.acteur}
    services.adopt_poids(poids=weigh(), decision="bureau", **adopt)
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        PoidsAdoptes.objects.update(seuil_haute=90)
    with pytest.raises(ActionRefusee, match="le passé"):
        services.adopt_poids(poids=weigh(depuis=day(-1)), decision="bureau", **adopt)
    with pytest.raises(ActionRefusee, match="quelle réunion"):
        services.adopt_poids(poids=weigh(), decision=" ", **adopt)
