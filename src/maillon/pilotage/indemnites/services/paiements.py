"""Payment runs: gathered, reread, sent to the bank once, settled or sent back. Nothing is paid twice."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from maillon.communaute.personnes.models import Personne
from maillon.communaute.structures.models import Structure
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.enums import TypeFichier
from maillon.socle.fichiers.models import Fichier
from maillon.socle.fichiers.services import store_produit
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal

from ..enums import EtatCampagne, EtatVirement
from ..models import Campagne, CompteBancaire, Declaration, Frais, LignePayee, Virement
from ..permissions import PAYER
from ..selectors.paiements import find_comptes, list_a_payer
from ..sepa import Debite, Ordre, build_pain001


@dataclass(slots=True)
class _Part:
    """What one person or one employer is owed."""

    personne: Personne | None
    structure: Structure | None
    lignes: list[Declaration | Frais] = field(default_factory=list)

    @property
    def montant(self) -> Decimal:
        return sum((ligne.montant for ligne in self.lignes), Decimal(0))


@transaction.atomic
def prepare_campagne(*, cpts_id: UUID, jusqu_au: date, execution_le: date, by: Acteur) -> Campagne:
    """Gather what is approved and unpaid up to a day, one transfer a person or employer.

    Asked again while a run is being prepared, it gives that one. Somebody whose reversals outweigh the rest waits for
    the next run. Raises SaisieInvalide when nothing waits.
    """
    lock_paiements(cpts_id)
    if (deja := Campagne.objects.filter(cpts_id=cpts_id, etat=EtatCampagne.PREPAREE).first()) is not None:
        return deja
    if execution_le < today():
        raise SaisieInvalide("La date d’exécution est passée\u00a0: choisissez aujourd’hui ou un jour à venir.")
    parts = [part for part in _gather(cpts_id, jusqu_au) if part.montant > 0]
    if not parts:
        raise SaisieInvalide("Rien d’approuvé n’attend un paiement jusqu’à ce jour.")
    rang = Campagne.objects.filter(cpts_id=cpts_id, prepare_le__year=today().year).count() + 1
    campagne = Campagne(
        cpts_id=cpts_id, reference=f"{today():%Y}-{rang:03d}", jusqu_au=jusqu_au, execution_le=execution_le
    )
    campagne.save(force_insert=True)
    comptes = find_comptes(cpts_id)
    try:
        with transaction.atomic():
            for numero, part in enumerate(parts, 1):
                _add_virement(campagne, numero, part, comptes)
    except IntegrityError as refus:
        if "_payee_une_fois" in str(refus) or "payes_une_fois" in str(refus):
            raise SaisieInvalide("Une autre campagne paie déjà une partie de ces lignes\u00a0: recommencez.") from None
        raise
    journal.record("indemnites.campagne", campagne, by=by, virements=len(parts))
    return campagne


def lock_paiements(cpts_id: UUID) -> None:
    """One preparation, settlement or change of account at a time in a community, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"indemnites.paiements:{cpts_id}"])


def _gather(cpts_id: UUID, jusqu_au: date) -> list[_Part]:
    """What is owed to each, people by name, then employers."""
    parts: dict[tuple[str, UUID], _Part] = {}
    for ligne in list_a_payer(cpts_id, jusqu_au):
        convention = ligne.convention if isinstance(ligne, Declaration) else None
        structure = convention.structure if convention else None
        personne = ligne.personne
        # What was approved before two rows of a person were merged stays on the row that was absorbed.
        while personne.fusionnee_dans is not None:
            personne = personne.fusionnee_dans
        cle = ("b", structure.pk) if structure else ("a", personne.pk)
        part = parts.setdefault(cle, _Part(None if structure else personne, structure))
        part.lignes.append(ligne)
    return sorted(parts.values(), key=lambda part: (part.structure is not None, str(part.personne or part.structure)))


def _add_virement(campagne: Campagne, numero: int, part: _Part, comptes: dict[UUID | None, CompteBancaire]) -> None:
    qui = part.structure.pk if part.structure else part.personne.pk if part.personne else None
    virement = Virement(
        cpts_id=campagne.cpts_id,
        campagne=campagne,
        personne=part.personne,
        structure=part.structure,
        compte=comptes.get(qui),
        reference=f"{campagne.reference}-{numero:04d}",
        montant=part.montant,
    )
    virement.save(force_insert=True)
    LignePayee.objects.bulk_create(
        LignePayee(
            cpts_id=campagne.cpts_id,
            virement=virement,
            declaration=ligne if isinstance(ligne, Declaration) else None,
            frais=ligne if isinstance(ligne, Frais) else None,
            montant=ligne.montant,
        )
        for ligne in part.lignes
    )


@transaction.atomic
def issue_campagne(*, campagne: Campagne, by: Acteur) -> Campagne:
    """Write the file of transfers and keep it: from then on the run is what the file says.

    Transfers without an account, or of which a row was reversed meanwhile, are left out, for the next run. A day of
    execution gone by becomes today. A run already issued stays as it is. Raises SaisieInvalide: no account of the
    community, nobody to pay.
    """
    lock_paiements(campagne.cpts_id)
    campagne = Campagne.objects.select_for_update(of=("self",)).get(pk=campagne.pk)
    if campagne.etat == EtatCampagne.EMISE:
        return campagne
    if campagne.etat != EtatCampagne.PREPAREE:
        raise SaisieInvalide(f"Cette campagne est {campagne.get_etat_display()}\u00a0: préparez-en une autre.")
    comptes = find_comptes(campagne.cpts_id)
    debite = comptes.get(None)
    if debite is None:
        raise SaisieInvalide("Indiquez d’abord l’IBAN de la communauté\u00a0: c’est le compte qui paie.")
    ordres = _write_ordres(campagne, comptes)
    campagne.execution_le = max(campagne.execution_le, today())
    contenu = build_pain001(
        message_id=f"MAILLON-{campagne.pk.hex[-20:]}",
        debite=Debite(debite.titulaire, debite.iban, debite.bic),
        ordres=ordres,
        execution_le=campagne.execution_le,
    )
    fichier = _store(campagne, contenu, by=by)
    campagne.etat, campagne.emise_le, campagne.debite, campagne.fichier = EtatCampagne.EMISE, now(), debite, fichier
    campagne.save()
    journal.record("indemnites.campagne_emise", campagne, by=by, virements=len(ordres))
    return campagne


def _store(campagne: Campagne, contenu: bytes, *, by: Acteur) -> Fichier:
    with TemporaryDirectory() as dossier:
        source = Path(dossier) / "virements.xml"
        source.write_bytes(contenu)
        return store_produit(
            cpts_id=campagne.cpts_id,
            nom=f"virements-{campagne.reference}.xml",
            type_fichier=TypeFichier.XML,
            source=source,
            by=by,
            permission=PAYER.code,
        )


def _write_ordres(campagne: Campagne, comptes: dict[UUID | None, CompteBancaire]) -> list[Ordre]:
    """One order a transfer, to the account known today; without any, the transfer waits for the next run."""
    nom = Cpts.objects.values_list("nom", flat=True).get(pk=campagne.cpts_id)
    defaits = _find_defaits(campagne)
    ordres = []
    for virement in _virements(campagne).filter(etat=EtatVirement.A_PAYER):
        compte = comptes.get(virement.structure_id or virement.personne_id)
        if compte is None or virement.pk in defaits:
            free_lignes(virement, EtatVirement.ECARTE, "Une ligne a été contre-passée" if compte else "IBAN manquant")
            continue
        virement.compte = compte
        virement.save(update_fields=["compte"])
        libelle = f"{nom}, campagne {campagne.reference}"
        ordres.append(
            Ordre(virement.reference, compte.titulaire, compte.iban, virement.montant, libelle, bic=compte.bic)
        )
    return ordres


def _find_defaits(campagne: Campagne) -> set[UUID]:
    """Transfers of a run that would pay a row reversed since it was gathered, without its reversal."""
    lignes = list(
        LignePayee.objects.filter(virement__campagne=campagne, vivante=True).values_list(
            "virement", "declaration", "frais", "declaration__contrepassee_par", "frais__contrepassee_par"
        )
    )
    payees = {cle for _, declaration, frais, _, _ in lignes for cle in (declaration, frais)}
    return {
        virement
        for virement, _, _, *inverses in lignes
        if any(inverse is not None and inverse not in payees for inverse in inverses)
    }


@transaction.atomic
def cancel_campagne(*, campagne: Campagne, motif: str, by: Acteur) -> Campagne:
    """Give a run up: whatever of it is not paid is free again. Raises SaisieInvalide once something is paid."""
    lock_paiements(campagne.cpts_id)
    campagne = Campagne.objects.select_for_update(of=("self",)).get(pk=campagne.pk)
    if campagne.etat == EtatCampagne.ANNULEE:
        return campagne
    if campagne.virements.filter(etat=EtatVirement.PAYE).exists():
        raise SaisieInvalide("Des virements de cette campagne sont déjà payés\u00a0: rejetez les autres un par un.")
    if campagne.etat == EtatCampagne.EMISE and not motif.strip():
        raise SaisieInvalide("Le fichier est déjà parti\u00a0: dites pourquoi la banque ne doit pas l’exécuter.")
    for virement in _virements(campagne).filter(etat=EtatVirement.A_PAYER):
        free_lignes(virement, EtatVirement.ECARTE, motif.strip() or "Campagne annulée")
    campagne.etat, campagne.motif = EtatCampagne.ANNULEE, motif.strip()
    campagne.save()
    journal.record("indemnites.campagne_annulee", campagne, by=by)
    return campagne


@transaction.atomic
def pay_virements(*, campagne: Campagne, virements: list[UUID] | None, le: date, by: Acteur) -> int:
    """Say that transfers of an issued run (all of those waiting when None) were paid that day; returns how many."""
    lock_paiements(campagne.cpts_id)
    if le > today():
        raise SaisieInvalide("Cette date est à venir\u00a0: notez le paiement une fois passé sur le compte.")
    campagne = Campagne.objects.select_for_update(of=("self",)).get(pk=campagne.pk)
    if campagne.etat != EtatCampagne.EMISE:
        raise SaisieInvalide("Seule une campagne dont le fichier est produit se marque payée.")
    rows = _virements(campagne).filter(etat=EtatVirement.A_PAYER)
    if virements is not None:
        rows = rows.filter(pk__in=virements)
    paid = list(rows)
    for virement in paid:
        _pay(virement, le)
        journal.record("indemnites.virement_paye", virement, by=by, le=le.isoformat())
    _settle(campagne)
    return len(paid)


@transaction.atomic
def reject_virement(*, virement: Virement, motif: str, by: Acteur) -> Virement:
    """The bank sent a transfer back, even one already paid: its rows wait for the next run."""
    lock_paiements(virement.cpts_id)
    virement = lock_virement(virement)
    if virement.campagne.etat not in (EtatCampagne.EMISE, EtatCampagne.SOLDEE):
        raise SaisieInvalide("Seul un virement envoyé à la banque peut en revenir.")
    if virement.etat == EtatVirement.REJETE:
        return virement
    if virement.etat == EtatVirement.ECARTE:
        raise SaisieInvalide("Ce virement a été écarté\u00a0: il n’est pas parti à la banque.")
    if not motif.strip():
        raise SaisieInvalide("Dites pourquoi la banque l’a rejeté\u00a0: l’IBAN est peut-être à corriger.")
    free_lignes(virement, EtatVirement.REJETE, motif.strip())
    _settle(virement.campagne)
    journal.record("indemnites.virement_rejete", virement, by=by)
    return virement


def _virements(campagne: Campagne) -> Any:
    return Virement.objects.select_for_update(of=("self",)).filter(campagne=campagne).order_by("reference")


def lock_virement(virement: Virement) -> Virement:
    return Virement.objects.select_for_update(of=("self",)).select_related("campagne").get(pk=virement.pk)


def _pay(virement: Virement, le: date) -> None:
    virement.etat, virement.paye_le, virement.motif = EtatVirement.PAYE, le, ""
    virement.save()
    _mark_lignes(virement, le)


def free_lignes(virement: Virement, etat: EtatVirement, motif: str) -> None:
    """The rows of a transfer wait again."""
    _mark_lignes(virement, None)
    virement.lignes.filter(vivante=True).update(vivante=False)
    virement.etat, virement.paye_le, virement.motif = etat, None, motif[:200]
    virement.save()


def _mark_lignes(virement: Virement, le: date | None) -> None:
    ids: dict[str, list[UUID]] = defaultdict(list)
    for declaration, frais in virement.lignes.filter(vivante=True).values_list("declaration", "frais"):
        ids["declaration" if declaration else "frais"].append(declaration or frais)
    Declaration.objects.filter(pk__in=ids["declaration"]).update(payee_le=le)
    Frais.objects.filter(pk__in=ids["frais"]).update(payee_le=le)


def _settle(campagne: Campagne) -> None:
    """A run is settled when none of its transfers waits any more."""
    waiting = campagne.virements.filter(etat=EtatVirement.A_PAYER).exists()
    etat = EtatCampagne.EMISE if waiting else EtatCampagne.SOLDEE
    if campagne.etat != etat:
        campagne.etat = etat
        campagne.save(update_fields=["etat"])
