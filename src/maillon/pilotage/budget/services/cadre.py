"""What frames the spending: planned lines, decisions, the bank's balance, the settings."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from maillon.pilotage.contrats.donnees import Piece
from maillon.pilotage.contrats.models import Contrat
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.models import Fichier
from maillon.socle.fichiers.services import store_fichier
from maillon.socle.horloge import today
from maillon.socle.journal import services as journal

from ..models import CompteComptable, LigneBudget, Reaffectation, Reglages, SoldeBanque
from ..permissions import LIRE
from .operations import check_jour, lock_reglages


@transaction.atomic
def record_solde(
    *, cpts_id: UUID, le: date, montant: Decimal, source: str, by: Acteur, document: Piece | None = None
) -> SoldeBanque:
    """Keep what the bank says of a day. Raises SaisieInvalide for a day to come."""
    if le > today():
        raise SaisieInvalide(f"Le {le:%d/%m/%Y} n’est pas encore passé : notez un solde connu.")
    check_jour(le)
    solde = SoldeBanque(
        cpts_id=cpts_id,
        le=le,
        montant=montant,
        source=source,
        document=_store(cpts_id, document, by=by),
        saisi_par=by.compte_id,
    )
    solde.save(force_insert=True)
    journal.record("budget.solde_note", solde, by=by, le=le.isoformat(), montant=str(montant))
    return solde


@transaction.atomic
def record_reaffectation(
    *,
    contrat: Contrat,
    annee: int,
    de: str,
    vers: str,
    montant: Decimal,
    decidee_le: date,
    texte: str,
    by: Acteur,
    document: Piece | None = None,
) -> Reaffectation:
    """Move euros between two postes by a decision of the bureau, with its text. Another one undoes it.

    The same decision sent twice moves them once.
    """
    if de == vers:
        raise SaisieInvalide("Choisissez deux postes différents.")
    if decidee_le > today():
        raise SaisieInvalide("La décision est datée d’un jour à venir : notez-la une fois prise.")
    Contrat.objects.select_for_update().get(pk=contrat.pk)
    decision = {
        "cpts_id": contrat.cpts_id,
        "contrat": contrat,
        "annee": annee,
        "de": de,
        "vers": vers,
        "montant": montant,
        "decidee_le": decidee_le,
        "texte": texte.strip(),
    }
    if deja := Reaffectation.objects.filter(**decision).first():
        return deja
    reaffectation = Reaffectation(
        **decision,
        document=_store(contrat.cpts_id, document, by=by),
        saisie_par=by.compte_id,
    )
    reaffectation.save(force_insert=True)
    journal.record("budget.reaffectation", reaffectation, by=by, de=de, vers=vers, montant=str(montant), annee=annee)
    return reaffectation


def _store(cpts_id: UUID, piece: Piece | None, *, by: Acteur) -> Fichier | None:
    if piece is None:
        return None
    return store_fichier(cpts_id=cpts_id, nom=piece.nom, contenu=piece.contenu, by=by, permission=LIRE.code)


@transaction.atomic
def save_reglages(*, cpts_id: UUID, seuil_approbation: Decimal | None, siren: str, by: Acteur) -> Reglages:
    """Keep the threshold and the SIREN. A new threshold applies to what is entered afterwards."""
    reglages = lock_reglages(cpts_id)
    reglages.seuil_approbation, reglages.siren = seuil_approbation, siren
    reglages.save()
    journal.record("budget.reglages", reglages, by=by, seuil=str(seuil_approbation or ""))
    return reglages


@transaction.atomic
def save_compte(*, cpts_id: UUID, cle: str, numero: str, libelle: str, by: Acteur) -> CompteComptable:
    """Choose the account of a category, of the bank or of an income."""
    compte, _ = CompteComptable.objects.update_or_create(
        cpts_id=cpts_id, cle=cle, defaults={"numero": numero, "libelle": libelle}
    )
    journal.record("budget.compte", compte, by=by, cle=cle, numero=numero)
    return compte


@transaction.atomic
def add_ligne(
    *, contrat: Contrat, annee: int, poste: str, categorie: str, libelle: str, prevu: Decimal, by: Acteur
) -> LigneBudget:
    """Plan so many euros for a year. Raises SaisieInvalide when the same line is already there."""
    ligne = LigneBudget(
        cpts_id=contrat.cpts_id,
        contrat=contrat,
        annee=annee,
        poste=poste,
        categorie=categorie,
        libelle=libelle,
        prevu=prevu,
    )
    try:
        with transaction.atomic():
            ligne.save(force_insert=True)
    except IntegrityError as refus:
        if "budget_ligne_unique" not in str(refus):
            raise
        raise SaisieInvalide(f"La ligne « {libelle} » est déjà prévue : changez son montant.") from None
    journal.record("budget.ligne_prevue", ligne, by=by, annee=annee, poste=poste, prevu=str(prevu))
    return ligne


@transaction.atomic
def change_ligne(*, ligne: LigneBudget, prevu: Decimal, by: Acteur) -> LigneBudget:
    """Plan another amount."""
    ligne = LigneBudget.objects.select_for_update().get(pk=ligne.pk)
    ligne.prevu = prevu
    ligne.save(update_fields=["prevu"])
    journal.record("budget.ligne_prevue", ligne, by=by, annee=ligne.annee, poste=ligne.poste, prevu=str(prevu))
    return ligne


@transaction.atomic
def remove_ligne(*, ligne: LigneBudget, by: Acteur) -> None:
    """Plan nothing any more. Raises SaisieInvalide when operations are charged to it."""
    journal.record("budget.ligne_retiree", ligne, by=by, annee=ligne.annee, poste=ligne.poste)
    try:
        ligne.delete()
    except ProtectedError:
        raise SaisieInvalide(
            f"Des opérations sont imputées sur « {ligne.libelle} » : "
            "mettez son montant à zéro plutôt que de la retirer."
        ) from None
