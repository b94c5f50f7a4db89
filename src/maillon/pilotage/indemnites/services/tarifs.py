"""What the bodies decided: recorded, closed, never rewritten."""

from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from maillon.communaute.structures.models import Structure
from maillon.pilotage.contrats.donnees import Piece
from maillon.regles import indemnites as regles
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.models import Fichier
from maillon.socle.fichiers.services import store_fichier
from maillon.socle.horloge import today
from maillon.socle.journal import services as journal
from maillon.socle.ui.typographie import format_euros

from ..enums import DE_GARDE, Mode, Nature
from ..models import BaremeKilometrique, CalculProfession, ConventionEmployeur, Tarif
from ..permissions import LIRE
from .refus import say_refus

D = TypeVar("D", Tarif, BaremeKilometrique, ConventionEmployeur)


@transaction.atomic
def record_calcul(
    *,
    cpts_id: UUID,
    profession: str,
    base: str,
    source: str,
    revenu_annuel: Decimal,
    heures_annuelles: Decimal,
    commentaire: str,
    instance: str,
    decide_le: date,
    by: Acteur,
    document: Piece | None = None,
) -> CalculProfession:
    """Keep how the body estimated what this profession loses in an hour."""
    _check_decision(decide_le)
    calcul = CalculProfession(
        cpts_id=cpts_id,
        profession=profession,
        base=base,
        source=source,
        revenu_annuel=revenu_annuel,
        heures_annuelles=heures_annuelles,
        perte_horaire=regles.compute_perte_horaire(revenu_annuel, heures_annuelles),
        commentaire=commentaire,
        instance=instance,
        decide_le=decide_le,
        document=_store(cpts_id, document, by=by),
        saisi_par=by.compte_id,
    )
    calcul.save(force_insert=True)
    journal.record("indemnites.calcul", calcul, by=by, profession=profession, perte_horaire=str(calcul.perte_horaire))
    return calcul


@transaction.atomic
def add_tarif(
    *, cpts_id: UUID, debut: date, fin: date | None = None, by: Acteur, document: Piece | None = None, **champs: Any
) -> Tarif:
    """Keep a rate from a day (to `fin`, excluded). An open rate of the same function that began before is closed there.

    An indemnité of one profession rests on the latest calculation of the body. Raises SaisieInvalide.
    """
    _check_decision(champs["decide_le"])
    _check_periode(debut, fin)
    if champs["fonction"] in DE_GARDE and champs["mode"] == Mode.FORFAIT:
        raise SaisieInvalide(
            "Un forfait vaut pour un mois\u00a0: pour une même somme à chaque garde, choisissez "
            "«\u00a0à la séance, ou à la garde\u00a0»."
        )
    if champs.get("profession") and champs["nature"] == Nature.INDEMNITE:
        champs["calcul"] = _find_calcul(cpts_id, champs["profession"], champs["montant"], champs["mode"])
    meme = {nom: champs.get(nom, "") for nom in ("fonction", "mission", "profession")}
    _close_former(Tarif.objects.filter(cpts_id=cpts_id, **meme), debut)
    tarif = Tarif(
        cpts_id=cpts_id,
        periode=DateRange(debut, fin),
        document=_store(cpts_id, document, by=by),
        saisi_par=by.compte_id,
        **champs,
    )
    with say_refus():
        tarif.save(force_insert=True)
    journal.record("indemnites.tarif", tarif, by=by, fonction=tarif.fonction, montant=str(tarif.montant))
    return tarif


def _find_calcul(cpts_id: UUID, profession: str, montant: Decimal, mode: str) -> CalculProfession:
    calcul = CalculProfession.objects.filter(cpts_id=cpts_id, profession=profession).first()
    if calcul is None:
        raise SaisieInvalide(
            "Enregistrez d’abord le calcul du bureau pour cette profession\u00a0: "
            "une indemnité compense une perte de revenu réelle."
        )
    if mode == Mode.HEURE and montant > calcul.perte_horaire:
        raise SaisieInvalide(
            f"Le calcul du bureau retient {format_euros(calcul.perte_horaire)} par heure\u00a0: "
            "l’indemnité ne peut pas le dépasser."
        )
    return calcul


@transaction.atomic
def add_bareme(
    *,
    cpts_id: UUID,
    taux: Decimal,
    debut: date,
    instance: str,
    decide_le: date,
    by: Acteur,
    document: Piece | None = None,
) -> BaremeKilometrique:
    """Keep a mileage scale from a day; the open one is closed there."""
    _check_decision(decide_le)
    _close_former(BaremeKilometrique.objects.filter(cpts_id=cpts_id), debut)
    bareme = BaremeKilometrique(
        cpts_id=cpts_id,
        taux=taux,
        periode=DateRange(debut, None),
        instance=instance,
        decide_le=decide_le,
        document=_store(cpts_id, document, by=by),
        saisi_par=by.compte_id,
    )
    with say_refus():
        bareme.save(force_insert=True)
    journal.record("indemnites.bareme", bareme, by=by, taux=str(taux))
    return bareme


@transaction.atomic
def add_convention(
    *,
    cpts_id: UUID,
    structure: Structure,
    taux: Decimal,
    debut: date,
    fin: date | None,
    signee_le: date,
    by: Acteur,
    document: Piece | None = None,
) -> ConventionEmployeur:
    """Keep the convention of an employer, from a day to another, excluded."""
    _check_periode(debut, fin)
    convention = ConventionEmployeur(
        cpts_id=cpts_id,
        structure=structure,
        taux=taux,
        periode=DateRange(debut, fin),
        signee_le=signee_le,
        document=_store(cpts_id, document, by=by),
    )
    with say_refus():
        convention.save(force_insert=True)
    journal.record("indemnites.convention", convention, by=by, taux=str(taux))
    return convention


@transaction.atomic
def close(*, decision: D, on: date, by: Acteur) -> D:
    """End a rate, a scale or a convention: its last day is the eve of `on`. What it paid keeps its amount."""
    decision = type(decision).objects.select_for_update().get(pk=decision.pk)
    if on <= decision.periode.lower or (decision.periode.upper and on > decision.periode.upper):
        raise SaisieInvalide("Choisissez un jour après le début de la période, et avant sa fin.")
    decision.periode = DateRange(decision.periode.lower, on)
    decision.save()
    journal.record("indemnites.tarif_clos", decision, by=by, le=on.isoformat())
    return decision


def _close_former(rows: Any, debut: date) -> None:
    for ancien in rows.select_for_update().filter(periode__contains=debut):
        if ancien.periode.upper is None and ancien.periode.lower < debut:
            ancien.periode = DateRange(ancien.periode.lower, debut)
            ancien.save()


def _check_decision(decide_le: date) -> None:
    if decide_le > today():
        raise SaisieInvalide("La décision est datée d’un jour à venir\u00a0: notez-la une fois prise.")


def _check_periode(debut: date, fin: date | None) -> None:
    if fin is not None and fin <= debut:
        raise SaisieInvalide("La fin précède le début.")


def _store(cpts_id: UUID, piece: Piece | None, *, by: Acteur) -> Fichier | None:
    if piece is None:
        return None
    return store_fichier(cpts_id=cpts_id, nom=piece.nom, contenu=piece.contenu, by=by, permission=LIRE.code)
