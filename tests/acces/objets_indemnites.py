"""Pay: a participation that waits for its first check, a person, a rate, a link to declare."""

from typing import Any
from uuid import UUID

from acces.objets import canari, lien, objet
from fabriques.indemnites import make_declaration, make_frais, make_payable, make_tarif
from fabriques.personnes import PersonneFabrique
from maillon.communaute.personnes.models import Personne
from maillon.pilotage.indemnites.enums import Etat
from maillon.pilotage.indemnites.models import Tarif
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.models import Membre
from maillon.socle.horloge import today


def _ligne(cpts: Cpts, etat: Etat, membre: Membre | None = None) -> dict[str, Any]:
    personne = Personne.objects.filter(membre=membre).first() if membre else None
    personne = personne or (PersonneFabrique(cpts=cpts, membre=membre) if membre else make_payable(cpts))
    return {"genre": "participations", "pk": make_declaration(personne, etat=etat).pk}


@objet("indemnites:fiche", "indemnites:corriger", "indemnites:retirer")
def _mienne(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return _ligne(cpts, Etat.DECLAREE, membre)


@objet("indemnites:reprendre")
def _ecartee(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return _ligne(cpts, Etat.ECARTEE, membre)


@objet("indemnites:verifier", "indemnites:refuser")
def _declaree(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return _ligne(cpts, Etat.DECLAREE)


@objet("indemnites:approuver")
def _verifiee(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return _ligne(cpts, Etat.VERIFIEE)


@objet("indemnites:contrepasser")
def _approuvee(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return _ligne(cpts, Etat.APPROUVEE)


@objet("indemnites:personne", "indemnites:situation_personne", "indemnites:inviter")
def _personne(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": make_payable(cpts).pk}


@objet("indemnites:decider")
def _decision(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"quoi": "tarif"}


@objet("indemnites:clore")
def _tarif(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"quoi": "tarif", "pk": (Tarif.objects.filter(cpts=cpts).first() or make_tarif(cpts)).pk}


@lien("indemnites.declaration")
def _lien(cpts: Cpts) -> UUID:
    return make_payable(cpts).pk


@canari
def _canari(cpts: Cpts, mot: str) -> None:
    personne = make_payable(cpts, nom=mot, annee=today().year)
    for etat in (Etat.PROPOSEE, Etat.DECLAREE, Etat.VERIFIEE, Etat.APPROUVEE):
        make_declaration(personne, etat=etat, libelle=mot)
    make_frais(personne, libelle=mot)
