"""Professionals of a member structure, and who speaks for it."""

from datetime import date

from django.db import transaction

from maillon.communaute.personnes.models import Personne
from maillon.socle.droits.acteur import Acteur
from maillon.socle.journal import services as journal

from ..models import Adhesion, Rattachement
from .refus import AdhesionRefusee


@transaction.atomic
def attach_personne(
    *, adhesion: Adhesion, personne: Personne, depuis: date, by: Acteur, representant: bool = False
) -> Rattachement:
    """Say that a person works in a member structure: from then on they are covered. One represents the structure."""
    if adhesion.structure_id is None:
        raise AdhesionRefusee("Seule une structure membre a des professionnels rattachés.")
    rattachement, made = Rattachement.objects.get_or_create(
        cpts_id=adhesion.cpts_id, adhesion=adhesion, personne=personne, jusqu_a=None, defaults={"depuis": depuis}
    )
    if made:
        journal.record("adhesions.rattachement", rattachement, by=by, adhesion=str(adhesion.pk))
    if representant:
        name_representant(rattachement=rattachement, by=by)
    return rattachement


@transaction.atomic
def name_representant(*, rattachement: Rattachement, by: Acteur) -> None:
    """Make this person the voice of the structure, in place of the former one."""
    others = Rattachement.objects.filter(adhesion=rattachement.adhesion_id, representant=True, jusqu_a=None)
    for other in others.exclude(pk=rattachement.pk):
        other.representant = False
        other.save(update_fields=["representant"])
    rattachement.representant = True
    rattachement.save(update_fields=["representant"])
    journal.record("adhesions.representant", rattachement, by=by, adhesion=str(rattachement.adhesion_id))


@transaction.atomic
def detach_personne(*, rattachement: Rattachement, on: date, by: Acteur) -> None:
    """Say that a person no longer works there, from `on`."""
    rattachement.jusqu_a = max(on, rattachement.depuis)
    rattachement.save(update_fields=["jusqu_a"])
    journal.record("adhesions.rattachement_fini", rattachement, by=by, adhesion=str(rattachement.adhesion_id))


@transaction.atomic
def reattach_personne(*, rattachement: Rattachement, by: Acteur) -> None:
    """Undo a departure."""
    others = Rattachement.objects.filter(adhesion=rattachement.adhesion_id, jusqu_a=None)
    if others.filter(personne=rattachement.personne_id).exists():
        raise AdhesionRefusee("Cette personne est déjà rattachée à la structure.")
    if others.filter(representant=True).exists():
        rattachement.representant = False
    rattachement.jusqu_a = None
    rattachement.save(update_fields=["jusqu_a", "representant"])
    journal.record("adhesions.rattachement", rattachement, by=by, adhesion=str(rattachement.adhesion_id))
