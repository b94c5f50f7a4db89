"""Milestones: recorded, corrected, cancelled; never edited."""

from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from maillon.regles.aci.cycle import FaitsCycle, compute_echeances
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.models import Fichier
from maillon.socle.fichiers.services import store_fichier
from maillon.socle.horloge import today
from maillon.socle.journal import services as journal

from .. import selectors
from ..donnees import DonneesJalon, DonneesSignature
from ..enums import DATES_DU_CYCLE, ORGANISMES, SIGNEES, UNIQUES, NatureJalon, Organisme
from ..models import Cycle, Jalon, Signature
from ..permissions import LIRE
from .suivi import request_suivi

DEJA = "Ce fait est déjà enregistré pour ce cycle : corrigez-le au lieu de l’ajouter."


@transaction.atomic
def record_jalon(*, cpts_id: UUID, donnees: DonneesJalon, by: Acteur) -> Jalon:
    """Record what happened; the document is stored and hashed, the signatories kept.

    A renewal opens the next cycle, and so does whatever follows a termination. Raises SaisieInvalide for a future day,
    a date that breaks the order of the law or that of the contract, a fact already recorded; FichierRefuse for a
    document that is not accepted.
    """
    # One writer a community: two at once could open the same cycle.
    Cpts.objects.select_for_update(no_key=True).get(pk=cpts_id)
    _check(donnees)
    cycle = _find_cycle(cpts_id, donnees)
    annule = _find_annule(cycle, donnees.nature)
    return _write(cycle, donnees, by=by, remplace=annule)


@transaction.atomic
def correct_jalon(*, jalon: Jalon, donnees: DonneesJalon, by: Acteur) -> Jalon:
    """Replace a milestone by a corrected one, of the same nature; the document is kept unless another is given.

    Raises SaisieInvalide as `record_jalon`, and when it was corrected meanwhile.
    """
    Cpts.objects.select_for_update(no_key=True).get(pk=jalon.cpts_id)
    if donnees.nature != jalon.nature:
        raise SaisieInvalide("Une correction garde la nature du fait : annulez celui-ci, puis ajoutez l’autre.")
    _check(donnees)
    _refuse_replaced(jalon)
    return _write(jalon.cycle, donnees, by=by, remplace=jalon, document=jalon.document)


@transaction.atomic
def cancel_jalon(*, jalon: Jalon, by: Acteur) -> Jalon:
    """Say that a milestone did not happen. The row and its document stay in the history."""
    Cpts.objects.select_for_update(no_key=True).get(pk=jalon.cpts_id)
    _refuse_replaced(jalon)
    annulation = Jalon(
        cpts_id=jalon.cpts_id,
        cycle=jalon.cycle,
        nature=jalon.nature,
        le=jalon.le,
        organisme=jalon.organisme,
        libelle=jalon.libelle,
        remplace=jalon,
        annule=True,
        saisi_par=by.compte_id,
    )
    annulation.save(force_insert=True)
    _keep_dates(jalon.cycle)
    journal.record("cycle.jalon_annule", annulation, by=by, nature=jalon.nature, le=jalon.le.isoformat())
    request_suivi(jalon.cpts_id)
    return annulation


def _check(donnees: DonneesJalon) -> None:
    if donnees.le > today():
        raise SaisieInvalide(f"Le {donnees.le:%d/%m/%Y} n’est pas encore passé : revenez ce jour-là.")
    if donnees.nature == NatureJalon.AUTRE and not donnees.libelle:
        raise SaisieInvalide("Dites en quelques mots ce qui s’est passé.")
    if donnees.nature == NatureJalon.DOCUMENT and (donnees.jusqu_a is None or not donnees.libelle):
        raise SaisieInvalide("Dites quel est ce document, et jusqu’à quand il vaut.")
    if donnees.jusqu_a is not None and donnees.jusqu_a < donnees.le:
        raise SaisieInvalide("La fin de validité d’un document vient après sa date.")
    if donnees.signatures and donnees.nature not in SIGNEES:
        raise SaisieInvalide("Seuls un contrat et ses avenants ont des signataires.")
    for signature in donnees.signatures:
        if signature.le > donnees.le:
            raise SaisieInvalide(
                f"{signature.partie.label.capitalize()} signe le {signature.le:%d/%m/%Y}, après le "
                f"{donnees.le:%d/%m/%Y} : la date de signature est celle de la dernière partie."
            )


def _find_cycle(cpts_id: UUID, donnees: DonneesJalon) -> Cycle:
    """The present cycle, or the next one: after a termination, or for a renewed contract."""
    present = selectors.get_cycle(cpts_id) or _open_cycle(cpts_id, 1)
    if donnees.nature == NatureJalon.RENOUVELLEMENT:
        _close_signature(present, before=donnees.le)
    elif present.resiliation_le is None:
        return present
    return _open_cycle(cpts_id, present.numero + 1)


def _open_cycle(cpts_id: UUID, numero: int) -> Cycle:
    cycle = Cycle(cpts_id=cpts_id, numero=numero)
    cycle.save(force_insert=True)
    return cycle


def _close_signature(cycle: Cycle, *, before: date) -> None:
    """Keep when the contract that is renewed was signed: its successor is told from it by this date."""
    if cycle.signature_le is None or cycle.signature_le >= before:
        contrat = selectors.get_contrat(cycle.cpts_id, before=before)
        if contrat is None:
            raise SaisieInvalide("Aucun contrat n’est signé avant ce jour : enregistrez d’abord sa signature.")
        cycle.signature_le = contrat.signe_le
        cycle.save(update_fields=["signature_le"])


def _find_annule(cycle: Cycle, nature: NatureJalon) -> Jalon | None:
    """The cancelled milestone that a new one of a unique nature follows in the chain."""
    if nature not in UNIQUES:
        return None
    return Jalon.objects.filter(cycle=cycle, nature=nature, annule=True, remplace_par=None).first()


def _refuse_replaced(jalon: Jalon) -> None:
    if jalon.annule or Jalon.objects.filter(remplace=jalon).exists():
        raise SaisieInvalide("Ce fait a déjà été corrigé : ouvrez sa dernière version.")


def _write(
    cycle: Cycle, donnees: DonneesJalon, *, by: Acteur, remplace: Jalon | None, document: Fichier | None = None
) -> Jalon:
    _check_contrat(cycle, donnees)
    if donnees.piece is not None:
        document = store_fichier(
            cpts_id=cycle.cpts_id, nom=donnees.piece.nom, contenu=donnees.piece.contenu, by=by, permission=LIRE.code
        )
    jalon = Jalon(
        cpts_id=cycle.cpts_id,
        cycle=cycle,
        nature=donnees.nature,
        le=donnees.le,
        organisme=donnees.organisme or ORGANISMES.get(donnees.nature, Organisme.CPTS),
        libelle=donnees.libelle,
        note=donnees.note,
        montant=donnees.montant,
        jusqu_a=donnees.jusqu_a,
        document=document,
        remplace=remplace,
        saisi_par=by.compte_id,
    )
    try:
        with transaction.atomic():
            jalon.save(force_insert=True)
    except IntegrityError as refus:
        if "jalon_unique_par_cycle" not in str(refus):
            raise
        raise SaisieInvalide(DEJA) from None
    _sign(jalon, donnees.signatures)
    _keep_dates(cycle)
    evenement = "cycle.jalon_corrige" if remplace is not None and not remplace.annule else "cycle.jalon_enregistre"
    journal.record(
        evenement,
        jalon,
        by=by,
        nature=donnees.nature,
        le=donnees.le.isoformat(),
        signatures=len(donnees.signatures),
        empreinte=document.empreinte if document else "",
    )
    request_suivi(cycle.cpts_id)
    return jalon


def _sign(jalon: Jalon, signatures: tuple[DonneesSignature, ...]) -> None:
    Signature.objects.bulk_create(
        Signature(cpts_id=jalon.cpts_id, jalon=jalon, partie=s.partie, nom=s.nom, qualite=s.qualite, le=s.le)
        for s in signatures
    )


def _check_contrat(cycle: Cycle, donnees: DonneesJalon) -> None:
    """The contract says when it was signed: its milestone adds who and the document, never another date."""
    contrat = selectors.get_contrat(cycle.cpts_id, cycle=cycle)
    signe = donnees.nature in (NatureJalon.ACI, NatureJalon.RENOUVELLEMENT)
    if contrat is not None and signe and donnees.le != contrat.signe_le:
        raise SaisieInvalide(
            f"Le contrat saisi est signé le {contrat.signe_le:%d/%m/%Y} : donnez la même date, ou corrigez le contrat."
        )
    if contrat is None and signe:
        # The dates of the contract will follow: refuse now a signature before the accord.
        compute_echeances(FaitsCycle(signe_le=donnees.le), on=donnees.le)


def _keep_dates(cycle: Cycle) -> None:
    """Give the cycle the dates of its valid milestones; the order of the law is checked here, then by the database."""
    valides = selectors.list_valides(Jalon.objects.filter(cycle=cycle))
    contrat = selectors.get_contrat(cycle.cpts_id, cycle=cycle) if _is_present(cycle) else None
    dates: dict[str, date | None] = dict.fromkeys(DATES_DU_CYCLE.values())
    for jalon in valides:
        if jalon.nature in DATES_DU_CYCLE:
            dates[DATES_DU_CYCLE[jalon.nature]] = jalon.le
    if contrat is not None:
        dates["signature_le"] = contrat.signe_le
    if all(getattr(cycle, champ) == le for champ, le in dates.items()):
        return
    for champ, le in dates.items():
        setattr(cycle, champ, le)
    try:
        cycle.validate_constraints()
    except ValidationError as refus:
        raise SaisieInvalide(" ".join(refus.messages)) from None
    cycle.save(update_fields=list(dates))


def _is_present(cycle: Cycle) -> bool:
    return not Cycle.objects.filter(cpts_id=cycle.cpts_id, numero__gt=cycle.numero).exists()
