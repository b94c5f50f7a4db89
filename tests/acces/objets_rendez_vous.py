"""Slots, appointments and requests, for the access matrix."""

from typing import Any
from uuid import UUID, uuid4

from acces.objets import _guichet, canari, lien, objet
from fabriques.patients import make_patient
from fabriques.soins import Pro, make_creneau, make_pro
from maillon.missions.soins_non_programmes import services
from maillon.missions.soins_non_programmes.enums import EtatDemande, Origine
from maillon.missions.soins_non_programmes.models import Creneau, DemandeSoin, RendezVous
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.models import Membre
from maillon.socle.horloge import now


def _pro(cpts: Cpts, membre: Membre | None) -> Pro:
    """A professional who is this member, or another."""
    pro = make_pro(_guichet(cpts))
    if membre:
        pro.membre.compte.rpps = None
        pro.membre.compte.save()
        membre.compte.rpps = pro.professionnel.rpps
        membre.compte.save()
    return pro


def _creneau(cpts: Cpts, membre: Membre | None = None) -> Creneau:
    return make_creneau(_guichet(cpts), _pro(cpts, membre))


def _rendez_vous(cpts: Cpts, membre: Membre | None, **champs: Any) -> RendezVous:
    """One that this member gave, and receives."""
    found = services.book(
        creneau_id=_creneau(cpts, membre).pk,
        patient=make_patient(cpts, **champs),
        by=_guichet(cpts).acteur,
        cle_depot=uuid4().hex,
        origine=Origine.GUICHET,
    )
    if membre:
        RendezVous.objects.filter(pk=found.pk).update(pris_par=membre)
    return found


def _demande(cpts: Cpts, membre: Membre | None, **champs: Any) -> DemandeSoin:
    """One that this member filed, and accepted."""
    pro = _pro(cpts, membre)
    patient = make_patient(cpts, **champs)
    return DemandeSoin.objects.create(
        cpts=cpts,
        reference=f"SD-{uuid4().hex[:8]}",
        patient=patient,
        profession=pro.professionnel.profession,
        commune=patient.commune,
        avant_le=now(),
        prochaine_le=now(),
        etat=EtatDemande.ACCEPTEE,
        accepte_par=pro.professionnel,
        demandeur=membre,
        origine=Origine.GUICHET,
        cle_depot=uuid4().hex,
    )


@objet("soins_en_plus", "soins_regulation_creneau")
def _un_creneau(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"creneau_id": _creneau(cpts).pk}


@objet(
    "soins_rendez_vous",
    "soins_confirmer",
    "soins_liberer",
    "soins_annuler",
    "soins_retablir",
    "soins_deplacer",
    "soins_constater",
)
def _un_rendez_vous(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"rendez_vous_id": _rendez_vous(cpts, membre).pk}


@objet(
    "soins_regulation_rendez_vous",
    "soins_regulation_confirmer",
    "soins_regulation_liberer",
    "soins_regulation_annuler",
    "soins_regulation_retablir",
    "soins_regulation_deplacer",
)
def _un_rendez_vous_regule(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"rendez_vous_id": _rendez_vous(cpts, None).pk}


@objet(
    "soins_demande",
    "soins_repondre",
    "soins_annuler_demande",
    "soins_rouvrir",
    "soins_solliciter",
    "soins_heure",
)
def _une_demande(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"demande_id": _demande(cpts, membre).pk}


@objet(
    "soins_regulation_demande",
    "soins_regulation_repondre",
    "soins_regulation_annuler_demande",
    "soins_regulation_rouvrir",
)
def _une_demande_regulee(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"demande_id": _demande(cpts, None).pk}


@lien("soins.rendez_vous")
def _lien_rendez_vous(cpts: Cpts) -> UUID:
    return _rendez_vous(cpts, None).pk


@lien("soins.heure")
def _lien_heure(cpts: Cpts) -> UUID:
    return _demande(cpts, None).pk


@canari
def _canaris(cpts: Cpts, mot: str) -> None:
    _rendez_vous(cpts, None, nom=mot, prenom=mot)
    _demande(cpts, None, nom=mot, prenom=mot)
