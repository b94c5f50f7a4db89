"""Rosters, their shifts, people and duties, and the personal links."""

from typing import Any
from uuid import UUID

from acces.objets import canari, lien, objet
from fabriques.gardes import make_garde, make_participant, make_poste, make_tableau
from fabriques.personnes import PersonneFabrique
from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.gardes.enums import EtatGarde, EtatTableau, GenreEchange
from maillon.communaute.gardes.models import Echange, Garde, Variante
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.models import Membre


def _get_professionnel(membre: Membre | None) -> Professionnel | None:
    """The directory's line of who asks, whose account has a number."""
    if membre is None or not membre.compte.rpps:
        return None
    return Professionnel.objects.filter(rpps=membre.compte.rpps).first()


def _make_garde(cpts: Cpts, membre: Membre | None, etat: EtatGarde = EtatGarde.PUBLIEE) -> Garde:
    tableau = make_tableau(cpts, etat=EtatTableau.PUBLIE)
    participant = make_participant(tableau, professionnel=_get_professionnel(membre))
    return make_garde(make_poste(tableau), participant, etat=etat)


@objet(
    "gardes_tableau",
    "gardes_imprimer",
    "gardes_modifier",
    "gardes_etape",
    "gardes_participants",
    "gardes_poste_nouveau",
    "gardes_variantes",
    "gardes_remplacer",
)
def _tableau(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": _make_garde(cpts, membre).tableau_id}


@objet("gardes_variante", "gardes_avancement", "gardes_retenir")
def _variante(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    tableau = make_tableau(cpts, etat=EtatTableau.CALCUL)
    return {"variante_id": Variante.objects.create(cpts=cpts, tableau=tableau, numero=1).pk}


@objet("gardes_poste", "gardes_donner", "gardes_prendre", "gardes_volontaires", "gardes_poste_supprimer")
def _poste(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"poste_id": _make_garde(cpts, membre).poste_id}


@objet("gardes_voeux", "gardes_participant")
def _participant(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    tableau = make_tableau(cpts, etat=EtatTableau.VOEUX)
    return {"participant_id": make_participant(tableau, professionnel=_get_professionnel(membre)).pk}


@objet(
    "gardes_reprendre",
    "gardes_echanger",
    "gardes_ceder",
    "gardes_recuperer",
    "gardes_constater",
    "gardes_constat_annuler",
    "gardes_passation",
    "gardes_passation_lue",
)
def _garde(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"garde_id": _make_garde(cpts, membre).pk}


@objet("gardes_echange")
def _echange(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"echange_id": _make_echange(cpts, membre).pk}


def _make_echange(cpts: Cpts, membre: Membre | None) -> Echange:
    garde = _make_garde(cpts, None)
    vers = make_participant(garde.tableau, professionnel=_get_professionnel(membre))
    return Echange.objects.create(cpts=cpts, genre=GenreEchange.REPRISE, garde=garde, vers=vers)


@lien("gardes.voeux")
def _lien_voeux(cpts: Cpts) -> UUID:
    return make_participant(make_tableau(cpts, etat=EtatTableau.VOEUX)).pk


@lien("gardes.echange")
def _lien_echange(cpts: Cpts) -> UUID:
    return _make_echange(cpts, None).pk


@lien("gardes.miennes")
def _lien_miennes(cpts: Cpts) -> UUID:
    return _make_garde(cpts, None).participant_id


@canari
def _gardes(cpts: Cpts, mot: str) -> None:
    tableau = make_tableau(cpts, etat=EtatTableau.PUBLIE, nom=mot)
    poste = make_poste(tableau, lieu=mot)
    make_garde(poste, make_participant(tableau, personne=PersonneFabrique(cpts=cpts, nom=mot)))
