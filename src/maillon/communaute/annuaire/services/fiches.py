"""What professionals say of themselves: the sheet, what the public reads of it, corrections of the national facts."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from maillon.socle.chiffrement import blind_index
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal

from ..choix import Rubrique
from ..models import Activite, Correction, FicheProfessionnel, PassageAnnuaire, Professionnel, key_of
from ..selectors.fiches import count_passages

PASSAGES_PAR_HEURE = 120


@transaction.atomic
def keep_fiche(
    *, cpts_id: UUID, professionnel: Professionnel, publics: list[str], by: Acteur, **dit: Any
) -> FicheProfessionnel:
    """Write what a professional says (`dit`, by field) and what of it the public reads, nothing at all without
    `Rubrique.FICHE`. Whether new patients are taken is dated when it changes."""
    fiche, _ = FicheProfessionnel.objects.select_for_update().get_or_create(
        cpts_id=cpts_id, professionnel=professionnel
    )
    before = (fiche.nouveaux_patients, fiche.conditions)
    changed = sorted(champ for champ, valeur in dit.items() if getattr(fiche, champ) != valeur)
    for champ, valeur in dit.items():
        setattr(fiche, champ, valeur)
    if (fiche.nouveaux_patients, fiche.conditions) != before or fiche.nouveaux_patients_le is None:
        fiche.nouveaux_patients_le = today() if fiche.nouveaux_patients else None
    retained = [code for code in Rubrique.values if code in publics] if Rubrique.FICHE in publics else []
    shown, fiche.publics = fiche.publics, retained
    fiche.publie_le = (fiche.publie_le or now()) if retained else None
    fiche.modifiee_le = now()
    fiche.save()
    journal.record("annuaire.fiche", fiche, by=by, champs=changed)
    if shown != retained:
        journal.record("annuaire.publication", fiche, by=by, publics=retained)
    return fiche


@transaction.atomic
def correct_lieu(
    *, cpts_id: UUID, professionnel: Professionnel, activite: Activite, champ: str, valeur: str, by: Acteur
) -> Correction | None:
    """Say something else than the national directory at a place; the national value itself withdraws the correction.

    The national facts are not touched: both are shown.
    """
    nationale = getattr(activite, champ)
    rows = Correction.objects.select_for_update().en_vigueur()
    row = rows.filter(cpts_id=cpts_id, professionnel=professionnel, lieu=key_of(activite), champ=champ).first()
    if valeur in ("", nationale):
        if row is not None:
            withdraw_correction(correction=row, by=by)
        return None
    row = row or Correction(cpts_id=cpts_id, professionnel=professionnel, lieu=key_of(activite), champ=champ)
    row.valeur, row.nationale, row.gardee_le = valeur, nationale, today()
    row.save()
    journal.record("annuaire.corrigee", row, by=by, champ=champ)
    return row


@transaction.atomic
def keep_correction(*, correction: Correction, nationale: str, by: Acteur) -> Correction:
    """Keep what the professional says in spite of what the directory says now."""
    correction.nationale, correction.gardee_le = nationale, today()
    correction.save()
    journal.record("annuaire.correction_gardee", correction, by=by, champ=correction.champ)
    return correction


@transaction.atomic
def withdraw_correction(*, correction: Correction, by: Acteur) -> Correction:
    """Prefer what the directory says."""
    correction.retiree_le = today()
    correction.save()
    journal.record("annuaire.correction_retiree", correction, by=by, champ=correction.champ)
    return correction


@transaction.atomic
def restore_correction(*, correction: Correction, by: Acteur) -> Correction:
    """Undo `withdraw_correction`; nothing happens when another correction took its place."""
    rows = Correction.objects.en_vigueur().filter(
        cpts_id=correction.cpts_id,
        professionnel=correction.professionnel_id,
        lieu=correction.lieu,
        champ=correction.champ,
    )
    if correction.retiree_le is not None and not rows.exists():
        correction.retiree_le = None
        correction.save()
        journal.record("annuaire.correction_gardee", correction, by=by, champ=correction.champ)
    return correction


def note_passage(*, cpts_id: UUID, adresse: str) -> bool:
    """Note a public search from this network address; False when it made more than `PASSAGES_PAR_HEURE` in an hour."""
    source = blind_index(adresse, cpts_id=cpts_id, kind="annuaire_passage")
    PassageAnnuaire.objects.filter(cpts_id=cpts_id, le__lt=now() - timedelta(hours=1)).delete()
    if count_passages(cpts_id=cpts_id, source=source) >= PASSAGES_PAR_HEURE:
        return False
    PassageAnnuaire.objects.create(cpts_id=cpts_id, source=source)
    return True
