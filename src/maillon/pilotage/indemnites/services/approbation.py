"""The two steps, for participations and expenses alike, and what undoes them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from django.db import transaction

from maillon.communaute.adhesions.selectors import is_couvert
from maillon.regles import indemnites as regles
from maillon.regles.erreurs import ErreurRegle, SaisieInvalide
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal
from maillon.socle.ui.typographie import format_euros

from ..enums import SOURCE_CONTREPASSATION, SOURCE_SAISIE, Beneficiaire, Etat
from ..models import Approbation, Declaration
from ..selectors.annees import compute_compte
from .participations import move, price
from .refus import say_refus

A = TypeVar("A", bound=Approbation)
ACCORDS = ("verifie_le", "verifie_par", "approuve_le", "approuve_par", "plafond")
PROPRES = ("id", "etat", "montant", "source", "reference", "contrepasse", "motif", "payee_le", "declare_le", *ACCORDS)


@transaction.atomic
def verify(*, ligne: A, by: Acteur) -> A:
    """First step: it took place, and is to be paid. Raises SaisieInvalide without a rate, for somebody whom the text
    does not cover, or for oneself."""
    ligne = lock(ligne)
    move(ligne, Etat.VERIFIEE)
    if isinstance(ligne, Declaration) and ligne.is_sans_tarif:
        price(ligne, employeur=False)
        if ligne.is_sans_tarif:
            raise SaisieInvalide(
                f"Aucun tarif ne couvre « {ligne.get_fonction_display()} » le {ligne.le:%d/%m/%Y}\u00a0: "
                "enregistrez d’abord celui que le bureau a décidé."
            )
    if not is_couvert(ligne.personne, ligne.le):
        raise SaisieInvalide(
            f"{ligne.personne} n’était pas membre de la communauté, ni d’une structure membre, le "
            f"{ligne.le:%d/%m/%Y}\u00a0: la communauté ne peut pas l’indemniser."
        )
    ligne.verifie_le, ligne.verifie_par = now(), by.compte_id
    with say_refus():
        ligne.save()
    journal.record("indemnites.verifiee", ligne, by=by, montant=str(ligne.montant))
    return ligne


@transaction.atomic
def approve(*, ligne: A, by: Acteur) -> A:
    """Second step, by somebody else: it will be paid, and nothing changes any more.

    Raises SaisieInvalide: same person as the first step, oneself, yearly cap, year not declared, employer without
    convention.
    """
    ligne = lock(ligne)
    move(ligne, Etat.APPROUVEE)
    ligne.approuve_le, ligne.approuve_par = now(), by.compte_id
    if isinstance(ligne, Declaration):
        ligne.plafond = regles.get_plafond_annuel(ligne.le).montant
        _check_plafond(ligne)
    with say_refus():
        ligne.save()
    journal.record("indemnites.approuvee", ligne, by=by, montant=str(ligne.montant))
    return ligne


def _check_plafond(declaration: Declaration) -> None:
    """Say by how much; the database refuses anyway."""
    if declaration.beneficiaire == Beneficiaire.EMPLOYEUR:
        return
    compte = compute_compte(declaration.personne_id, declaration.le.year).compte
    if not compte.accepts(declaration.montant):
        raise SaisieInvalide(
            f"{compte.plafond.nom} serait dépassé pour {declaration.personne}\u00a0: il reste "
            f"{format_euros(compte.reste)} sur {format_euros(compte.plafond.montant)}, et {declaration.libelle} vaut "
            f"{format_euros(declaration.montant)}."
        )


@dataclass(frozen=True, slots=True)
class Lot:
    """What became of several rows: done, and refused each with its sentence."""

    faites: list[Approbation]
    refus: list[tuple[Approbation, str]]

    @property
    def total(self) -> Decimal:
        return sum((ligne.montant for ligne in self.faites), Decimal(0))


def decide_lot(*, lignes: Iterable[Approbation], geste: Etat, by: Acteur) -> Lot:
    """Check or approve several rows, each on its own: one that is refused leaves the others done."""
    step = verify if geste == Etat.VERIFIEE else approve
    faites: list[Approbation] = []
    refus: list[tuple[Approbation, str]] = []
    for ligne in sorted(lignes, key=lambda une: (str(une.personne_id), une.le)):
        try:
            faites.append(step(ligne=ligne, by=by))
        except ErreurRegle as raison:
            refus.append((ligne, str(raison)))
    return Lot(faites, refus)


@transaction.atomic
def refuse(*, ligne: A, motif: str, by: Acteur) -> A:
    """Say no, and why: the person may correct it, which starts again."""
    if not motif.strip():
        raise SaisieInvalide("Dites pourquoi\u00a0: la personne doit pouvoir corriger ou répondre.")
    ligne = lock(ligne)
    move(ligne, Etat.REFUSEE)
    ligne.motif = motif.strip()
    ligne.save()
    journal.record("indemnites.refusee", ligne, by=by)
    return ligne


@transaction.atomic
def withdraw(*, ligne: A, by: Acteur) -> A:
    """The person does not ask for it. `reopen` takes it back."""
    ligne = lock(ligne)
    move(ligne, Etat.ECARTEE)
    ligne.save()
    journal.record("indemnites.ecartee", ligne, by=by)
    return ligne


@transaction.atomic
def reopen(*, ligne: A, by: Acteur) -> A:
    """Back to the first check; what attendance proved and the person had put aside waits for their word again."""
    ligne = lock(ligne)
    aside = ligne.etat == Etat.ECARTEE and ligne.source != SOURCE_SAISIE
    move(ligne, Etat.DECLAREE)
    if aside:
        ligne.etat = Etat.PROPOSEE
    ligne.save()
    journal.record("indemnites.corrigee", ligne, by=by)
    return ligne


@transaction.atomic
def reverse(*, ligne: A, motif: str, by: Acteur) -> A:
    """Undo what is approved by a row of the opposite amount, approved at once. Raises SaisieInvalide."""
    if not motif.strip():
        raise SaisieInvalide("Dites pourquoi\u00a0: la contre-passation reste au dossier.")
    ligne = lock(ligne)
    if ligne.etat != Etat.APPROUVEE or ligne.contrepasse_id:
        raise SaisieInvalide("Seul ce qui est approuvé se contre-passe.")
    if type(ligne)._default_manager.filter(contrepasse=ligne).exists():
        raise SaisieInvalide("C’est déjà contre-passé.")
    inverse = type(ligne)(
        etat=Etat.APPROUVEE,
        montant=-ligne.montant,
        source=SOURCE_CONTREPASSATION,
        reference=str(ligne.pk),
        contrepasse=ligne,
        motif=motif.strip(),
        approuve_le=now(),
        approuve_par=by.compte_id,
        **{f.attname: getattr(ligne, f.attname) for f in ligne._meta.concrete_fields if f.name not in PROPRES},
    )
    if isinstance(inverse, Declaration) and isinstance(ligne, Declaration):
        inverse.plafond = ligne.plafond
    with say_refus():
        inverse.save(force_insert=True)
    journal.record("indemnites.contrepassee", inverse, by=by, origine=str(ligne.pk), montant=str(inverse.montant))
    return inverse


def lock(ligne: A) -> A:
    """The row itself until the transaction ends, with its person."""
    rows: Any = type(ligne)._default_manager
    held: A = (
        rows.select_for_update(of=("self",))
        .select_related("personne__professionnel", "personne__structure")
        .get(pk=ligne.pk)
    )
    return held
