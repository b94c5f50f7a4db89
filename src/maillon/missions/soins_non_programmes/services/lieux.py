"""Where a professional receives: taken from the directory, corrected and completed by people."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from maillon.communaute.annuaire.models import Activite, Professionnel
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal

from ..models import ActionRefusee, Creneau, LieuConsultation


@transaction.atomic
def take_lieux(*, cpts_id: UUID, professionnel: Professionnel, by: Acteur) -> list[LieuConsultation]:
    """The open places of a professional; those that the directory knows and the community has not yet are added."""
    known = list(
        LieuConsultation.objects.filter(cpts_id=cpts_id, professionnel=professionnel).select_related("commune")
    )
    taken = {lieu.activite_id for lieu in known if lieu.activite_id}
    names = {lieu.libelle for lieu in known}
    activites = Activite.objects.filter(professionnel=professionnel).select_related("structure", "commune")
    for activite in activites.exclude(pk__in=taken):
        name = _name(activite)
        if name in names:  # the same place under two lines of the directory, or typed before
            continue
        names.add(name)
        lieu = LieuConsultation.objects.create(
            cpts_id=cpts_id,
            professionnel=professionnel,
            activite=activite,
            structure=activite.structure,
            libelle=name,
            adresse=activite.adresse,
            code_postal=activite.code_postal,
            commune=activite.commune,
            telephone=activite.telephone,
            lon=activite.commune.lon if activite.lon is None else activite.lon,
            lat=activite.commune.lat if activite.lat is None else activite.lat,
        )
        journal.record("soins.lieu", lieu, by=by, annuaire=True)
        known.append(lieu)
    return [lieu for lieu in known if lieu.ferme_le is None]


def _name(activite: Activite) -> str:
    nom = activite.structure.nom if activite.structure else ""
    return (nom or activite.adresse or f"Cabinet de {activite.commune.nom}")[:120]


@transaction.atomic
def save_lieu(*, lieu: LieuConsultation, by: Acteur) -> LieuConsultation:
    """Write a place that a person entered or corrected; it stands at its commune's point until it has a better one.
    Slots to come follow it to another commune. Raises ActionRefusee for a name already used by this professional."""
    before = LieuConsultation.objects.filter(pk=lieu.pk).values_list("commune_id", flat=True).first()
    moved = before is not None and before != lieu.commune_id
    if moved or lieu.lon is None or lieu.lat is None:
        lieu.lon, lieu.lat = lieu.commune.lon, lieu.commune.lat
    try:
        lieu.validate_constraints()
    except ValidationError as error:
        raise ActionRefusee(" ".join(error.messages)) from error
    lieu.save()
    if moved:
        ahead = Creneau.objects.filter(lieu=lieu, debut__gt=now())
        ahead.update(commune=lieu.commune_id, zone=lieu.commune.departement)
    journal.record("soins.lieu", lieu, by=by, annuaire=False)
    return lieu


@transaction.atomic
def close_lieu(*, lieu: LieuConsultation, by: Acteur) -> None:
    """No longer proposed for new openings. Raises ActionRefusee while an opening still uses it."""
    if lieu.plages.filter(retiree_le=None).exclude(jusque__lt=today()).exclude(regle="", jour__lt=today()).exists():
        raise ActionRefusee("Des plages s’y tiennent encore\u00a0: retirez-les d’abord.")
    lieu.ferme_le = today()
    lieu.save(update_fields=["ferme_le"])
    journal.record("soins.lieu_ferme", lieu, by=by)
