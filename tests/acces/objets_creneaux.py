"""Places, openings, slots and appointments as the professional and the desk handle them, for the access matrix."""

from typing import Any
from uuid import UUID

from acces.objets import _guichet, canari, lien, objet
from fabriques.adhesions import AdhesionFabrique
from fabriques.annuaire import ProfessionnelFabrique
from fabriques.droits import make_acteur
from fabriques.soins import Pro, make_creneau, make_lieu, make_plage, make_pro, make_rendez_vous
from maillon.communaute.adhesions.enums import College
from maillon.missions.soins_non_programmes.models import Habitude
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.enums import Role
from maillon.socle.droits.models import Membre
from maillon.socle.horloge import today


def make_pro_of(cpts: Cpts, membre: Membre | None) -> Pro:
    """The member themself, known to the directory, when a professional asks; anybody else's otherwise."""
    soins = _guichet(cpts)
    if membre is None or Role.PROFESSIONNEL not in membre.roles:
        return make_pro(soins)
    professionnel = ProfessionnelFabrique(nom="Durand", prenom="Camille")
    AdhesionFabrique(cpts=cpts, professionnel=professionnel, college=College.PROFESSIONNELS, debut=today())
    membre.compte.rpps = professionnel.rpps
    membre.compte.save(update_fields=["rpps"])
    return Pro(professionnel, make_lieu(soins, professionnel), membre, make_acteur(membre))


@objet("soins_semaine", "soins_annuler_chutes", "soins_ouvrir_places", "soins_plage_nouvelle", "soins_lieu_nouveau")
def _professionnel(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"professionnel_id": make_pro_of(cpts, membre).professionnel.pk}


@objet("soins_jour_retirer", "soins_jour_rouvrir")
def _jour(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"professionnel_id": make_pro_of(cpts, membre).professionnel.pk, "jour": today().isoformat()}


@objet("soins_plage", "soins_plage_retirer", "soins_plage_rouvrir")
def _plage(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"plage_id": make_plage(_guichet(cpts), make_pro_of(cpts, membre)).pk}


@objet("soins_creneau_retirer", "soins_creneau_rouvrir")
def _creneau(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"creneau_id": make_creneau(_guichet(cpts), make_pro_of(cpts, membre)).pk}


@objet("soins_venue", "soins_venue_annuler", "soins_prevenu")
def _rendez_vous(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    soins = _guichet(cpts)
    return {"rendez_vous_id": make_rendez_vous(soins, make_creneau(soins, make_pro_of(cpts, membre))).pk}


@objet("soins_lieu", "soins_lieu_fermer")
def _lieu(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"lieu_id": make_pro_of(cpts, membre).lieu.pk}


@lien("soins.places")
def _lien(cpts: Cpts) -> UUID:
    pro = make_pro(_guichet(cpts))
    return Habitude.objects.create(cpts=cpts, professionnel=pro.professionnel, lieu=pro.lieu).pk


@canari
def _canari(cpts: Cpts, mot: str) -> None:
    soins = _guichet(cpts)
    pro = make_pro(soins, nom=mot)
    make_lieu(soins, pro.professionnel, libelle=mot)
    make_plage(soins, pro)
    make_rendez_vous(soins, make_creneau(soins, pro), nom=mot)
