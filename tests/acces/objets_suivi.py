"""What the access matrix asks for in the life of a request."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from acces.objets import _guichet, canari, lien, objet
from fabriques.medecin_traitant import make_demande, make_medecin
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums import Etat, IssueAppel, Quoi, RoleEquipe
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.models import Membre
from maillon.socle.horloge import today


@objet(
    "medecin_traitant_annuler_reponse",
    "medecin_traitant_opposition",
    "medecin_traitant_appeler",
    "medecin_traitant_noter_tache",
    "medecin_traitant_decider_priorite",
    "medecin_traitant_rendre_priorite",
    "medecin_traitant_ajouter_equipier",
    "medecin_traitant_revoir_equipe",
    "medecin_traitant_suite",
)
def _demande(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"demande_id": make_demande(_guichet(cpts)).pk}


@objet("medecin_traitant_annuler_appel")
def _appel(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    demande = make_demande(_guichet(cpts))
    appel = services.record_appel(demande_id=demande.pk, issue=IssueAppel.REPONDEUR, by=SYSTEME)
    return {"demande_id": demande.pk, "appel_id": appel.pk}


@objet("medecin_traitant_finir_tache")
def _tache(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    demande = make_demande(_guichet(cpts))
    tache = services.add_tache(demande_id=demande.pk, quoi=Quoi.PIECE, echeance=today(), by=SYSTEME)
    return {"demande_id": demande.pk, "tache_id": tache.pk}


@objet("medecin_traitant_retirer_equipier")
def _equipier(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    guichet = _guichet(cpts)
    demande = make_demande(guichet)
    equipier = services.add_equipier(
        demande_id=demande.pk, professionnel_id=make_medecin(guichet).pk, role=RoleEquipe.MEDECIN, by=SYSTEME
    )
    return {"demande_id": demande.pk, "equipier_id": equipier.pk}


@objet("medecin_traitant_suite_par_medecin")
def _placee(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    guichet = _guichet(cpts)
    medecin = make_medecin(guichet)
    if membre:
        membre.compte.rpps = medecin.rpps
        membre.compte.save()
    return {"demande_id": make_demande(guichet, etat=Etat.PLACEE, medecins=[medecin]).pk}


@lien("medecin_traitant.nouvelles")
def _nouvelles(cpts: Cpts) -> UUID:
    return make_demande(_guichet(cpts), etat=Etat.PLACEE).pk


@canari
def _vies(cpts: Cpts, mot: str) -> None:
    """A task whose words name somebody, and a call that is due: what the day's list of another community holds."""
    demande = make_demande(_guichet(cpts), nom=mot, prenom=mot)
    services.add_tache(
        demande_id=demande.pk, quoi=Quoi.AUTRE, echeance=today() + timedelta(days=1), precision=mot, by=SYSTEME
    )
