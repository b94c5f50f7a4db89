"""Merging two rows that are one person, undoing it, and saying that two people are two."""

from typing import Any
from uuid import UUID

from django.db import DatabaseError, models, transaction

from maillon.communaute.personnes.models import Personne
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal

from ..doublons import CHAMPS_REUNIS, LIENS_REUNIS, find_refus
from ..liens import list_liens
from ..models import Distinction, Fusion

SANS_SUITE = frozenset({"reprise"})


class FusionRefusee(ValueError):
    """Why two rows are not merged, or not separated, in one French sentence."""


@transaction.atomic
def merge_personnes(*, gardee: Personne, absorbee: Personne, prises: frozenset[str], by: Acteur) -> Fusion:
    """Make `absorbee` one with `gardee`: everything that pointed to it points to `gardee`; what moved is recorded.

    `prises` names the fields whose value is taken from `absorbee`; a blank of `gardee` is always filled. Rows that
    cannot move (a register that is never rewritten, a place already taken) stay where they are, and are recorded too.
    Raises FusionRefusee for two RPPS numbers, two accounts, or a row already merged.
    """
    gardee, absorbee = _lock(gardee.pk, absorbee.pk)
    if refus := find_refus(gardee, absorbee):
        raise FusionRefusee(refus)
    fusion = Fusion(cpts_id=gardee.cpts_id, gardee=gardee, absorbee=absorbee, faite_par=by.compte_id)
    absorbee.fusionnee_dans = gardee
    absorbee.save(update_fields=["fusionnee_dans"])
    _write_values(fusion, gardee, absorbee, prises)
    for champ in list_liens(Personne, sauf=SANS_SUITE):
        if champ.model is not Personne:
            _move_rows(fusion, champ, gardee, absorbee)
    fusion.save(force_insert=True)
    journal.record("reprise.fusion", fusion, by=by, deplaces=sum(len(cles) for cles in fusion.deplaces.values()))
    return fusion


def _lock(gardee: UUID, absorbee: UUID) -> tuple[Personne, Personne]:
    """Both rows as they are now, taken in the order of their keys so that two merges do not wait for each other."""
    rows = (
        Personne.objects.select_for_update(of=("self",))
        .select_related("professionnel", "membre__compte")
        .order_by("pk")
    )
    found = {personne.pk: personne for personne in rows.filter(pk__in=[gardee, absorbee])}
    return found[gardee], found[absorbee]


def _write_values(fusion: Fusion, gardee: Personne, absorbee: Personne, prises: frozenset[str]) -> None:
    changes = []
    for champ in (*CHAMPS_REUNIS, *LIENS_REUNIS):
        attribut = f"{champ}_id" if champ in LIENS_REUNIS else champ
        ici, autre = getattr(gardee, attribut), getattr(absorbee, attribut)
        if autre and autre != ici and (not ici or champ in prises):
            fusion.avant[attribut], fusion.apres[attribut] = _plain(ici), _plain(autre)
            setattr(gardee, attribut, autre)
            changes.append(champ)
    if changes:
        gardee.save(update_fields=changes)


def _plain(valeur: Any) -> Any:
    return str(valeur) if isinstance(valeur, UUID) else valeur


def _move_rows(fusion: Fusion, champ: "models.Field[Any, Any]", gardee: Personne, absorbee: Personne) -> None:
    """Point the rows of one relation to `gardee`: all at once, else one by one so that only those in the way stay."""
    lignes = champ.model._base_manager.filter(**{champ.name: absorbee})
    cles = [str(cle) for cle in lignes.values_list("pk", flat=True)]
    if not cles:
        return
    nom = f"{champ.model._meta.label}.{champ.name}"
    if issubclass(champ.model, ModeleCpts) and champ.model.ajout_seul:
        fusion.restes[nom] = cles
    elif _point(champ, cles, gardee):
        fusion.deplaces[nom] = cles
    else:
        passees = [cle for cle in cles if _point(champ, [cle], gardee)]
        if passees:
            fusion.deplaces[nom] = passees
        fusion.restes[nom] = [cle for cle in cles if cle not in passees]


def _point(champ: "models.Field[Any, Any]", cles: list[str], personne: Personne) -> bool:
    """Whether the database lets these rows point to this person."""
    try:
        with transaction.atomic():
            champ.model._base_manager.filter(pk__in=cles).update(**{champ.name: personne})
    except DatabaseError:
        return False
    return True


@transaction.atomic
def undo_fusion(*, fusion: Fusion, by: Acteur) -> Fusion:
    """Separate two rows again: what had moved and still points to the kept one goes back, with the values replaced
    that did not change since. Raises FusionRefusee when it is undone already, or when the rows moved on since."""
    fusion = Fusion.objects.select_for_update(of=("self",)).get(pk=fusion.pk)
    if fusion.annulee_le is not None:
        raise FusionRefusee("Cette réunion est déjà annulée.")
    gardee, absorbee = _lock(fusion.gardee_id, fusion.absorbee_id)
    if gardee.fusionnee_dans_id is not None:
        raise FusionRefusee("La fiche gardée a été réunie à une autre depuis : annulez d’abord cette réunion-là.")
    rendus = [c for c, ecrit in fusion.apres.items() if _plain(getattr(gardee, c)) == ecrit]
    for attribut in rendus:
        setattr(gardee, attribut, fusion.avant[attribut])
    if rendus:
        gardee.save(update_fields=[attribut.removesuffix("_id") for attribut in rendus])
    absorbee.fusionnee_dans = None
    absorbee.save(update_fields=["fusionnee_dans"])
    champs = {f"{c.model._meta.label}.{c.name}": c for c in list_liens(Personne, sauf=SANS_SUITE)}
    for nom, cles in fusion.deplaces.items():
        champ = champs.get(nom)
        if champ is None:
            continue
        ici = champ.model._base_manager.filter(pk__in=cles, **{champ.name: gardee})
        if not _point(champ, [str(cle) for cle in ici.values_list("pk", flat=True)], absorbee):
            raise FusionRefusee(
                f"Ce qui avait été déplacé ({champ.model._meta.verbose_name}) ne peut plus revenir : il a changé "
                "depuis. Corrigez les deux fiches à la main."
            )
    fusion.annulee_le = now()
    fusion.save(update_fields=["annulee_le"])
    journal.record("reprise.fusion_annulee", fusion, by=by)
    return fusion


@transaction.atomic
def distinguish(*, une: Personne, autre: Personne, by: Acteur) -> Distinction:
    """Say that two people who look alike are two: they are not proposed again."""
    premiere, seconde = sorted((une, autre), key=lambda personne: personne.pk)
    distinction, _ = Distinction.objects.get_or_create(cpts_id=une.cpts_id, une=premiere, autre=seconde)
    journal.record("reprise.distinguees", distinction, by=by)
    return distinction
