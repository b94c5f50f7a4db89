from typing import Any

from acces.objets import objet
from fabriques.indemnites import make_payable
from fabriques.paiements import make_campagne, make_compte_cpts, make_due
from fabriques.personnes import PersonneFabrique
from fabriques.structures import StructureFabrique
from maillon.communaute.personnes.models import Personne
from maillon.pilotage.indemnites.services.paiements import issue_campagne
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.models import Membre


@objet("indemnites:campagne", "indemnites:campagne_emettre", "indemnites:campagne_annuler", "indemnites:campagne_payer")
def _(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    make_due(cpts)
    return {"pk": make_campagne(cpts).pk}


@objet("indemnites:campagne_fichier")
def _(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    make_compte_cpts(cpts)
    make_due(cpts)
    return {"pk": issue_campagne(campagne=make_campagne(cpts), by=SYSTEME).pk}


@objet("indemnites:virement_ecarter", "indemnites:virement_remettre", "indemnites:virement_rejeter")
def _(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    make_due(cpts)
    return {"pk": make_campagne(cpts).virements.first().pk}


@objet("indemnites:compte_personne")
def _(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": make_payable(cpts).pk}


@objet("indemnites:compte_employeur")
def _(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    structure = StructureFabrique()
    PersonneFabrique(cpts=cpts, structure=structure)
    return {"pk": structure.pk}


@objet("indemnites:etat_personne")
def _(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": make_payable(cpts).pk, "genre": "releve"}


@objet("indemnites:mon_etat")
def _(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    if membre is not None and not Personne.objects.filter(membre=membre).exists():
        PersonneFabrique(cpts=cpts, membre=membre)
    return {"genre": "attestation"}
