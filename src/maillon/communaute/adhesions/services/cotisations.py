"""Asking for dues, recording what is received, reminding."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from maillon.socle.courriels.services import cancel_for
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.services import create_lien, revoke_liens
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal

from .. import selectors
from ..enums import EtatCotisation, ModePaiement
from ..models import Adhesion, Campagne, Cotisation, Reglement, Relance, Tarif
from ..notifications import RappelCotisation, RecuCotisation
from ..relances import find_palier
from .refus import AdhesionRefusee

LIEN_RECU = "adhesions.recu"


@dataclass(frozen=True, slots=True, kw_only=True)
class DonneesCampagne:
    """What the treasurer decides of a campaign; `tarifs` gives the amount of each college."""

    echeance: date
    consigne: str
    tarifs: dict[str, Decimal]
    paliers: Sequence[int]


@transaction.atomic
def open_campagne(*, cpts_id: UUID, annee: int, donnees: DonneesCampagne, by: Acteur) -> Campagne:
    """Ask every member of today for the dues of a year, at the amount of the college. Raises ValidationError, in
    French, when the year has a campaign already."""
    campagne = Campagne(
        cpts_id=cpts_id,
        annee=annee,
        echeance=donnees.echeance,
        consigne=donnees.consigne,
        paliers=sorted(set(donnees.paliers)),
        ouverte_le=today(),
    )
    campagne.validate_constraints()
    campagne.save(force_insert=True)
    Tarif.objects.bulk_create(
        Tarif(cpts_id=cpts_id, campagne=campagne, college=college, montant=montant)
        for college, montant in donnees.tarifs.items()
    )
    members = selectors.members(cpts_id, on=campagne.ouverte_le)
    asked = [_build(campagne, adhesion, donnees.tarifs) for adhesion in members]
    made = Cotisation.objects.bulk_create([cotisation for cotisation in asked if cotisation is not None])
    journal.record("adhesions.campagne_ouverte", campagne, by=by, annee=annee, membres=len(made))
    return campagne


def _build(campagne: Campagne, adhesion: Adhesion, tarifs: dict[str, Decimal]) -> Cotisation | None:
    """The dues of one member; None where the college pays nothing."""
    montant = tarifs.get(adhesion.college, Decimal(0))
    if not montant:
        return None
    return Cotisation(
        cpts_id=campagne.cpts_id, campagne=campagne, adhesion=adhesion, college=adhesion.college, montant=montant
    )


def ask_newcomer(*, adhesion: Adhesion, by: Acteur) -> Cotisation | None:
    """Ask a new member for the dues of the campaign under way, if there is one and the college pays."""
    campagne = selectors.find_open_campagne(adhesion.cpts_id)
    cotisation = _build(campagne, adhesion, selectors.get_tarifs(campagne)) if campagne else None
    if cotisation is not None:
        cotisation.save(force_insert=True)
        journal.record("adhesions.cotisation_demandee", cotisation, by=by)
    return cotisation


@transaction.atomic
def ask_missing(*, campagne: Campagne, by: Acteur) -> int:
    """Ask the members whom the campaign does not know yet: those taken over from a list, or admitted while it was
    closed. Returns how many."""
    tarifs = selectors.get_tarifs(campagne)
    asked = [_build(campagne, adhesion, tarifs) for adhesion in selectors.list_oublies(campagne, on=today())]
    made = Cotisation.objects.bulk_create([cotisation for cotisation in asked if cotisation is not None])
    journal.record("adhesions.campagne_completee", campagne, by=by, membres=len(made))
    return len(made)


@transaction.atomic
def change_campagne(*, campagne: Campagne, donnees: DonneesCampagne, by: Acteur) -> Campagne:
    """Correct a campaign: a new amount is asked of those who have not paid; what was paid stays as it was."""
    campagne.echeance, campagne.consigne = donnees.echeance, donnees.consigne
    campagne.paliers = sorted(set(donnees.paliers))
    campagne.save(update_fields=["echeance", "consigne", "paliers"])
    before = selectors.get_tarifs(campagne)
    for college, montant in donnees.tarifs.items():
        if before.get(college) == montant:
            continue
        Tarif.objects.update_or_create(
            cpts_id=campagne.cpts_id, campagne=campagne, college=college, defaults={"montant": montant}
        )
        own = Cotisation.objects.filter(campagne=campagne, college=college, etat=EtatCotisation.DUE)
        own.update(montant=montant) if montant else own.filter(relances=None, reglements=None).delete()
    journal.record("adhesions.campagne_modifiee", campagne, by=by)
    return campagne


@transaction.atomic
def close_campagne(*, campagne: Campagne, by: Acteur) -> None:
    """Stop reminding and asking newcomers; what is due stays due."""
    campagne.close_le = today()
    campagne.save(update_fields=["close_le"])
    journal.record("adhesions.campagne_close", campagne, by=by)


@transaction.atomic
def reopen_campagne(*, campagne: Campagne, by: Acteur) -> None:
    campagne.close_le = None
    campagne.save(update_fields=["close_le"])
    journal.record("adhesions.campagne_rouverte", campagne, by=by)


def _lock(cotisation: Cotisation) -> Cotisation:
    return (
        Cotisation.objects.select_for_update(of=("self",)).select_related("adhesion", "campagne").get(pk=cotisation.pk)
    )


def _move(cotisation: Cotisation, etat: EtatCotisation, motif: str = "") -> None:
    cotisation.etat, cotisation.motif = etat, motif
    cotisation.save(update_fields=["etat", "motif"])


@transaction.atomic
def record_reglement(*, cotisation: Cotisation, recu_le: date, mode: ModePaiement, by: Acteur) -> Reglement:
    """Record that dues were paid, number the receipt and send its link. Raises AdhesionRefusee unless it is due."""
    cotisation = _lock(cotisation)
    if cotisation.etat != EtatCotisation.DUE:
        raise AdhesionRefusee(f"Cette cotisation est déjà {cotisation.get_etat_display()}.")
    if recu_le > today():
        raise AdhesionRefusee("Un paiement se note quand il est reçu : la date ne peut pas être à venir.")
    cpts = Cpts.objects.select_for_update(no_key=True).get(pk=cotisation.cpts_id)  # one receipt number at a time
    reglement = Reglement.objects.create(
        cpts=cpts,
        cotisation=cotisation,
        annee=recu_le.year,
        numero=selectors.next_numero(cpts.pk, recu_le.year),
        montant=cotisation.montant,
        mode=mode,
        recu_le=recu_le,
        payeur=str(cotisation.adhesion.adherent),
        libelle_college=selectors.get_colleges(cpts.pk).get(cotisation.college, cotisation.college),
    )
    _move(cotisation, EtatCotisation.PAYEE)
    cancel_for(cpts_id=cpts.pk, objet_id=cotisation.pk)  # a reminder not sent yet has no reason any more
    journal.record("adhesions.cotisation_payee", reglement, by=by, mode=str(mode), recu=reglement.reference)
    adresse = selectors.find_adresses([cotisation.adhesion])[cotisation.adhesion_id]
    if adresse:
        jeton = create_lien(but=LIEN_RECU, cpts_id=cpts.pk, objet_id=reglement.pk)
        RecuCotisation.for_reglement(reglement, cpts, cotisation.campagne, jeton).queue(to=adresse)
    return reglement


@transaction.atomic
def cancel_reglement(*, cotisation: Cotisation, by: Acteur) -> None:
    """Undo a payment recorded by mistake: the dues are due again, the receipt's link closes, its number stays used."""
    cotisation = _lock(cotisation)
    reglement = selectors.get_reglement(cotisation)
    if reglement is None:
        raise AdhesionRefusee("Aucun paiement n’est enregistré pour cette cotisation.")
    reglement.annule_le = today()
    reglement.save(update_fields=["annule_le"])
    revoke_liens(but=LIEN_RECU, objet_id=reglement.pk)
    cancel_for(cpts_id=cotisation.cpts_id, objet_id=reglement.pk)
    _move(cotisation, EtatCotisation.DUE)
    journal.record("adhesions.reglement_annule", reglement, by=by, recu=reglement.reference)


@transaction.atomic
def exempt_cotisation(*, cotisation: Cotisation, motif: str, by: Acteur) -> None:
    """Ask nothing of this member this year; raises AdhesionRefusee once paid."""
    cotisation = _lock(cotisation)
    if cotisation.etat == EtatCotisation.PAYEE:
        raise AdhesionRefusee("Cette cotisation est déjà payée : annulez d’abord le paiement.")
    _move(cotisation, EtatCotisation.EXEMPTEE, motif)
    cancel_for(cpts_id=cotisation.cpts_id, objet_id=cotisation.pk)
    journal.record("adhesions.cotisation_exemptee", cotisation, by=by)


@transaction.atomic
def require_cotisation(*, cotisation: Cotisation, by: Acteur) -> None:
    """Undo an exemption."""
    cotisation = _lock(cotisation)
    if cotisation.etat != EtatCotisation.EXEMPTEE:
        raise AdhesionRefusee("Cette cotisation n’est pas exemptée.")
    _move(cotisation, EtatCotisation.DUE)
    journal.record("adhesions.cotisation_demandee", cotisation, by=by)


@transaction.atomic
def send_relances(*, cpts_id: UUID) -> int:
    """Send the reminders that today calls for: the step reached, once for each member who has not paid.

    A step that passed while nobody looked is not caught up with: only the latest one is sent. Returns how many.
    """
    cpts = Cpts.objects.get(pk=cpts_id)
    due = list(
        Cotisation.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(cpts_id=cpts_id, etat=EtatCotisation.DUE, campagne__close_le=None, adhesion__fin=None)
        .select_related("campagne", "adhesion")
    )
    adresses = selectors.find_adresses(cotisation.adhesion for cotisation in due)
    sent = set(Relance.objects.filter(cotisation__in=due).values_list("cotisation", "palier"))
    count = 0
    for cotisation in due:
        palier = find_palier(cotisation.campagne.echeance, cotisation.campagne.paliers, on=today())
        adresse = adresses[cotisation.adhesion_id]
        if palier is None or not adresse or (cotisation.pk, palier) in sent:
            continue
        Relance.objects.create(cpts_id=cpts_id, cotisation=cotisation, palier=palier, le=now())
        RappelCotisation.for_cotisation(cotisation, cpts, palier).queue(to=adresse, occasion=str(palier))
        count += 1
    return count
