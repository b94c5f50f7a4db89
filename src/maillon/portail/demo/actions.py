"""Fiches-action of the demonstration: one community's year, one of them late."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from maillon.communaute.actions.donnees import DonneesAction
from maillon.communaute.actions.enums import Etat
from maillon.communaute.actions.models import Action, EtapeAction
from maillon.communaute.actions.services import create_action
from maillon.communaute.personnes.models import Groupe, Personne
from maillon.communaute.personnes.services import join_groupe
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import SYSTEME

from .communautes import Communaute
from .personnes import read_donnees


def undertake_actions(communaute: Communaute, *, now: datetime) -> None:
    """Open the fiches of the community, when the demonstration knows some for it."""
    donnees = next((d for d in read_donnees("actions") if d["cpts"] == communaute.cpts.slug), None)
    if donnees is None:
        return
    with use_cpts(communaute.cpts.pk), horloge.at(now):
        personnes = {str(personne): personne for personne in Personne.objects.filter(membre__isnull=False)}
        groupes = {
            row["nom"]: _keep_groupe(communaute.cpts, row, personnes, on=now.date()) for row in donnees["groupes"]
        }
        for row in donnees["actions"]:
            _open(communaute.cpts, row, personnes, groupes, on=now.date())


def _keep_groupe(cpts: Cpts, row: dict[str, Any], personnes: dict[str, Personne], *, on: date) -> Groupe:
    groupe, _ = Groupe.objects.get_or_create(
        cpts=cpts, nom=row["nom"], ferme_le=None, defaults={"genre": row["genre"], "mission": row["mission"]}
    )
    for rang, nom in enumerate(row["personnes"]):
        depuis = on - timedelta(days=300)
        join_groupe(groupe=groupe, personne=personnes[nom], depuis=depuis, responsable=rang == 0, by=SYSTEME)
    return groupe


def _open(
    cpts: Cpts, row: dict[str, Any], personnes: dict[str, Personne], groupes: dict[str, Groupe], *, on: date
) -> None:
    action = create_action(
        cpts_id=cpts.pk,
        donnees=DonneesAction(
            titre=row["titre"],
            mission=row["mission"],
            objectif=row["objectif"],
            responsable=personnes[row["responsable"]],
            groupe=groupes.get(row.get("groupe", "")),
            indicateur=row.get("indicateur", ""),
            debut=on + timedelta(days=row["debut"]),
            fin=on + timedelta(days=row["fin"]),
            montant_prevu=Decimal(row["montant_prevu"]),
        ),
        by=SYSTEME,
    )
    # In bulk: the demonstration loads in seconds, and each state was reached the same way.
    Action.objects.filter(pk=action.pk).update(etat=Etat(row["etat"]))
    EtapeAction.objects.bulk_create(
        EtapeAction(
            cpts=cpts,
            action=action,
            libelle=etape["libelle"],
            echeance=on + timedelta(days=etape["echeance"]),
            faite_le=on + timedelta(days=etape["faite"]) if "faite" in etape else None,
        )
        for etape in row["etapes"]
    )
