"""Keeping fiches-action, their states and their steps."""

from dataclasses import fields
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from maillon.communaute.bibliotheque.models import Document
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import today
from maillon.socle.journal import services as journal

from .donnees import DonneesAction
from .enums import TRANSITIONS, Etat, Geste
from .models import Action, DocumentAction, EtapeAction, Partenaire

PREMIER_JOUR = date(2015, 1, 1)
DERNIER_JOUR = date(2060, 12, 31)


@transaction.atomic
def create_action(*, cpts_id: UUID, donnees: DonneesAction, by: Acteur) -> Action:
    """Open a fiche-action, planned. Raises SaisieInvalide for impossible dates."""
    check_dates(donnees.debut, donnees.fin)
    action = Action.objects.create(cpts_id=cpts_id, **_values(donnees))
    _keep_partenaires(action, donnees)
    journal.record("actions.creee", action, by=by, mission=action.mission)
    return action


@transaction.atomic
def change_action(*, action: Action, donnees: DonneesAction, by: Acteur) -> Action:
    """Correct a fiche-action. Raises SaisieInvalide for impossible dates."""
    check_dates(donnees.debut, donnees.fin)
    action = lock_action(action)
    for nom, valeur in _values(donnees).items():
        setattr(action, nom, valeur)
    action.save()
    _keep_partenaires(action, donnees)
    journal.record("actions.modifiee", action, by=by, mission=action.mission)
    return action


@transaction.atomic
def move_action(*, action: Action, etat: Etat, by: Acteur) -> Etat:
    """Change its state and return the former one. Raises SaisieInvalide when it cannot go there from where it is."""
    action = lock_action(action)
    avant = Etat(action.etat)
    if etat not in TRANSITIONS[avant]:
        raise SaisieInvalide(f"Cette action est {avant.label}\u00a0: elle ne peut pas devenir {etat.label}.")
    action.etat = etat
    action.save(update_fields=["etat"])
    journal.record("actions.etat", action, by=by, avant=avant.value, apres=etat.value)
    return avant


@transaction.atomic
def duplicate_action(*, action: Action, by: Acteur) -> Action:
    """The same action again, planned from today, with its steps at the same distance and none of them done."""
    decalage = today() - action.debut
    copie = Action.objects.create(
        cpts_id=action.cpts_id,
        titre=f"{action.titre[:150]} (copie)",
        debut=action.debut + decalage,
        fin=action.fin + decalage if action.fin else None,
        **{nom: getattr(action, nom) for nom in ("objectif", "mission", "indicateur", "responsable", "groupe")},
        montant_prevu=action.montant_prevu,
    )
    Partenaire.objects.bulk_create(
        Partenaire(cpts_id=copie.cpts_id, action=copie, structure_id=lien.structure_id)
        for lien in action.liens_partenaires.all()
    )
    EtapeAction.objects.bulk_create(
        EtapeAction(cpts_id=copie.cpts_id, action=copie, libelle=etape.libelle, echeance=etape.echeance + decalage)
        for etape in action.etapes.filter(retiree=False)
    )
    journal.record("actions.creee", copie, by=by, mission=copie.mission, copie_de=str(action.pk))
    return copie


@transaction.atomic
def add_etape(*, action: Action, libelle: str, echeance: date, by: Acteur) -> EtapeAction:
    """Add a step. Raises SaisieInvalide for an impossible day."""
    check_dates(echeance, None)
    etape = EtapeAction.objects.create(cpts_id=action.cpts_id, action=action, libelle=libelle, echeance=echeance)
    journal.record("actions.etape_ajoutee", etape, by=by, action=str(action.pk), echeance=echeance.isoformat())
    return etape


@transaction.atomic
def act_on_etape(*, etape: EtapeAction, geste: Geste, by: Acteur) -> EtapeAction:
    """Say that a step is done, or not, take it away, or put it back."""
    etape = EtapeAction.objects.select_for_update().get(pk=etape.pk)
    if geste in (Geste.FAITE, Geste.A_FAIRE):
        etape.faite_le = today() if geste is Geste.FAITE else None
    else:
        etape.retiree = geste is Geste.RETIRER
    etape.sequence += 1
    etape.save()
    journal.record("actions.etape", etape, by=by, geste=geste.value)
    return etape


@transaction.atomic
def link_document(*, action: Action, document: Document, by: Acteur) -> None:
    """Hang a document of the library on an action; one already there stays."""
    _, made = DocumentAction.objects.get_or_create(cpts_id=action.cpts_id, action=action, document=document)
    if made:
        journal.record("actions.document_rattache", action, by=by, document=str(document.pk))


@transaction.atomic
def unlink_document(*, action: Action, document: Document, by: Acteur) -> None:
    """Take a document off an action; it stays in the library."""
    DocumentAction.objects.filter(action=action, document=document).delete()
    journal.record("actions.document_detache", action, by=by, document=str(document.pk))


def lock_action(action: Action) -> Action:
    """The row itself, until the transaction ends."""
    return Action.objects.select_for_update(of=("self",)).get(pk=action.pk)


def check_dates(debut: date, fin: date | None) -> None:
    """Refuse a year typed wrong, or an end before its beginning."""
    for jour in filter(None, (debut, fin)):
        if not PREMIER_JOUR <= jour <= DERNIER_JOUR:
            raise SaisieInvalide(f"Le {jour:%d/%m/%Y} n’est pas une date possible\u00a0: vérifiez l’année.")
    if fin is not None and fin < debut:
        raise SaisieInvalide("La fin de l’action précède son début.")


def _values(donnees: DonneesAction) -> dict[str, Any]:
    return {champ.name: getattr(donnees, champ.name) for champ in fields(donnees) if champ.name != "partenaires"}


def _keep_partenaires(action: Action, donnees: DonneesAction) -> None:
    voulues = {structure.pk for structure in donnees.partenaires}
    action.liens_partenaires.exclude(structure__in=voulues).delete()
    presentes = set(action.liens_partenaires.values_list("structure_id", flat=True))
    Partenaire.objects.bulk_create(
        Partenaire(cpts_id=action.cpts_id, action=action, structure_id=pk) for pk in voulues - presentes
    )
