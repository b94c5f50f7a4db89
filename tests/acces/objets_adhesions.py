"""People, groups, memberships, dues and offices for the access matrix."""

from datetime import date
from typing import Any
from uuid import UUID

from acces.objets import canari, lien, objet
from fabriques.adhesions import AdhesionFabrique, make_candidature, make_cotisation, make_mandat, make_reglement
from fabriques.annuaire import ProfessionnelFabrique
from fabriques.personnes import AppartenanceFabrique, GroupeFabrique, PersonneFabrique
from maillon.communaute.adhesions.enums import EtatCandidature, Origine
from maillon.communaute.adhesions.models import Rattachement
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.models import Membre


@objet("personnes_fiche", "personnes_modifier", "personnes_partir", "personnes_revenir")
def _personne(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": PersonneFabrique(cpts=cpts).pk}


@objet(
    "personnes_groupe",
    "personnes_groupe_modifier",
    "personnes_groupe_fermer",
    "personnes_groupe_rouvrir",
    "personnes_groupe_composer",
)
def _groupe(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": GroupeFabrique(cpts=cpts).pk}


@objet("personnes_groupe_retirer", "personnes_groupe_remettre", "personnes_groupe_responsable")
def _appartenance(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    groupe = GroupeFabrique(cpts=cpts)
    row = AppartenanceFabrique(cpts=cpts, groupe=groupe, personne=PersonneFabrique(cpts=cpts))
    return {"pk": groupe.pk, "appartenance_id": row.pk}


@objet(
    "adhesions_adhesion",
    "adhesions_terminer",
    "adhesions_reprendre",
    "adhesions_changer_college",
    "adhesions_rattacher",
)
def _adhesion(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": AdhesionFabrique(cpts=cpts).pk}


@objet("adhesions_detacher", "adhesions_rerattacher", "adhesions_representer")
def _rattachement(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    adhesion = AdhesionFabrique(cpts=cpts, de_structure=True)
    row = Rattachement.objects.create(
        cpts=cpts, adhesion=adhesion, personne=PersonneFabrique(cpts=cpts), depuis=date(2024, 1, 1)
    )
    return {"pk": adhesion.pk, "rattachement_id": row.pk}


@objet(
    "adhesions_candidature",
    "adhesions_candidature_accepter",
    "adhesions_candidature_refuser",
    "adhesions_candidature_annuler",
    "adhesions_candidature_retirer",
    "adhesions_candidature_identifier",
    "adhesions_candidature_relancer",
)
def _candidature(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": make_candidature(cpts).pk}


@objet(
    "adhesions_campagne",
    "adhesions_campagne_modifier",
    "adhesions_campagne_clore",
    "adhesions_campagne_completer",
    "adhesions_campagne_rouvrir",
)
def _campagne(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": make_cotisation(cpts).campagne_id}


@objet(
    "adhesions_cotisation",
    "adhesions_cotisation_regler",
    "adhesions_cotisation_annuler",
    "adhesions_cotisation_exempter",
    "adhesions_cotisation_redemander",
)
def _cotisation(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": make_cotisation(cpts).pk}


@objet("adhesions_recu")
def _recu(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": make_reglement(cpts).pk}


@objet("adhesions_mandat_finir")
def _mandat(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": make_mandat(cpts).pk}


@objet("adhesions_college")
def _college(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"code": "medecins"}


@lien("adhesions.invitation")
def _invitation(cpts: Cpts) -> UUID:
    return make_candidature(
        cpts,
        origine=Origine.INVITATION,
        etat=EtatCandidature.INVITEE,
        professionnel=ProfessionnelFabrique(),
    ).pk


@lien("adhesions.recu")
def _lien_recu(cpts: Cpts) -> UUID:
    return make_reglement(cpts).pk


@canari
def _people(cpts: Cpts, mot: str) -> None:
    groupe = GroupeFabrique(cpts=cpts, nom=mot)
    AppartenanceFabrique(cpts=cpts, groupe=groupe, personne=PersonneFabrique(cpts=cpts, nom=mot))
    make_candidature(cpts, nom=mot)
    make_mandat(cpts, personne=PersonneFabrique(cpts=cpts, nom=mot))
    make_reglement(cpts, payeur=mot)
