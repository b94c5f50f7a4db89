"""Minutes are submitted while somebody else says who signs them: the second reads what the first wrote."""

from datetime import timedelta

import pytest

from fabriques.course import run_behind
from fabriques.droits import make_cpts
from fabriques.personnes import PersonneFabrique
from fabriques.reunions import ParticipationFabrique, ReunionFabrique
from maillon.communaute.reunions.enums import Etat, PreuvePresence
from maillon.communaute.reunions.models import VersionCompteRendu
from maillon.communaute.reunions.services import cloture, presences
from maillon.communaute.reunions.services import comptes_rendus as services
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.horloge import now


@pytest.mark.commits
def test_who_signs_is_who_was_named_meanwhile() -> None:
    cpts = make_cpts()
    with use_cpts(cpts.pk):
        gens = [PersonneFabrique(cpts=cpts, courriel=f"{nom}@example.org") for nom in ("claire", "luc")]
        reunion = ReunionFabrique(cpts=cpts, etat=Etat.CONVOQUEE, debut=now() - timedelta(hours=1))
        for personne in gens:
            ligne = ParticipationFabrique(cpts=cpts, reunion=reunion, personne=personne)
            presences.record_presence(participation=ligne, preuve=PreuvePresence.SAISIE, by=SYSTEME)
        close = cloture.close_reunion(reunion=reunion, by=SYSTEME)
        compte_rendu = services.begin_compte_rendu(reunion=close, by=SYSTEME)
    version = run_behind(
        cpts.pk,
        lambda: services.write_compte_rendu(
            compte_rendu=compte_rendu, introduction="", president=gens[1], secretaire=gens[0], textes={}, by=SYSTEME
        ),
        lambda: services.submit_compte_rendu(compte_rendu=compte_rendu, by=SYSTEME),
    )
    assert isinstance(version, VersionCompteRendu), version
