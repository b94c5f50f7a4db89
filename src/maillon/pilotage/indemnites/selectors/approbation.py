"""Participations and expenses: one, those that wait, what is said of them."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse

from maillon.communaute.personnes.selectors import get_personne_of
from maillon.regles import indemnites as regles
from maillon.socle.comptes.models import Compte
from maillon.socle.declarations import ElementAction, ElementPersonne
from maillon.socle.droits.acteur import Acteur
from maillon.socle.journal.models import Entree

from ..enums import Beneficiaire, Etat, Mode
from ..models import Approbation, ApprobationQuerySet, Declaration, Frais
from ..permissions import APPROUVER, LIRE, VERIFIER
from .annees import CompteAnnuel, compute_comptes, list_memes

DERNIERES = 6
SANS_SITUATION = "N’a pas encore dit si une autre CPTS la paie cette année\u00a0: ne peut pas être approuvé avant."
GENRES: dict[str, type[Approbation]] = {"participations": Declaration, "frais": Frais}


def list_declarations(acteur: Acteur) -> ApprobationQuerySet[Declaration]:
    """The participations that this actor may see."""
    rows: ApprobationQuerySet[Declaration] = Declaration.objects.visible_to(acteur)
    return rows.select_related("personne", "tarif", "convention__structure", "action", "contrepassee_par")


def list_frais(acteur: Acteur) -> ApprobationQuerySet[Frais]:
    """The expenses that this actor may see."""
    rows: ApprobationQuerySet[Frais] = Frais.objects.visible_to(acteur)
    return rows.select_related("personne", "bareme", "justificatif", "action", "contrepassee_par")


def get_ligne(genre: str, pk: UUID, *, for_acteur: Acteur) -> Approbation:
    """A participation or an expense that this actor may see, or 404."""
    if genre not in GENRES:
        raise Http404
    rows: Any = list_declarations(for_acteur) if genre == "participations" else list_frais(for_acteur)
    ligne: Approbation | None = rows.filter(pk=pk).first()
    if ligne is None:
        raise Http404
    return ligne


@dataclass(frozen=True, slots=True)
class Attente:
    """Something that waits for a check or an agreement, and what must be read before giving it."""

    ligne: Approbation
    avertissements: list[str]
    pour_soi: bool


@dataclass(frozen=True, slots=True)
class File:
    """What waits for one step."""

    attentes: list[Attente]

    @property
    def total(self) -> Decimal:
        return sum((a.ligne.montant for a in self.attentes), Decimal(0))

    @property
    def nombre(self) -> int:
        return len(self.attentes)


def list_attentes(acteur: Acteur, etat: Etat) -> File:
    """What waits at this step and that this actor may decide, oldest first, with its warnings; constant queries."""
    declarations = list(list_declarations(acteur).filter(etat=etat).order_by("le"))
    frais = list(list_frais(acteur).filter(etat=etat).order_by("le"))
    if not acteur.can(LIRE):
        declarations = [d for d in declarations if d.mission in acteur.missions]
        frais = [f for f in frais if f.mission in acteur.missions]
    dits = build_avertissements(declarations)
    siennes = list_miennes(acteur)
    attentes = [Attente(d, dits[d.pk], d.personne_id in siennes) for d in declarations]
    return File([*attentes, *(Attente(f, [], f.personne_id in siennes) for f in frais)])


def list_miennes(acteur: Acteur) -> set[UUID]:
    """The rows of the person who acts: they decide nothing of them."""
    moi = get_personne_of(acteur)
    return set(list_memes(moi.pk)) if moi is not None else set()


def may_decide(acteur: Acteur, ligne: Approbation) -> bool:
    """Whether this actor is of those who take the next step of it, its own person aside."""
    if ligne.personne_id in list_miennes(acteur):
        return False
    if ligne.etat == Etat.VERIFIEE:
        return acteur.can(APPROUVER)
    if ligne.etat != Etat.DECLAREE or not acteur.can(VERIFIER):
        return False
    return acteur.can(LIRE) or ligne.mission in acteur.missions


def build_avertissements(declarations: list[Declaration]) -> dict[UUID, list[str]]:
    """What must be read about each declaration before it is agreed to; two queries."""
    comptes = compute_comptes((d.personne_id, d.le.year) for d in declarations)
    jours, forfaits = _count_around(declarations)
    return {
        d.pk: _say_refus(d, comptes[(d.personne_id, d.le.year)])
        + regles.build_avertissements(
            compte=comptes[(d.personne_id, d.le.year)].compte,
            montant=d.montant if d.beneficiaire == Beneficiaire.PERSONNE else Decimal(0),
            sans_tarif=d.is_sans_tarif,
            meme_jour=jours[(d.personne_id, d.le)] - 1,
            forfait_du_mois=forfaits[(d.personne_id, d.tarif_id, d.le.year, d.le.month)] > 1,
        )
        for d in declarations
    }


def _say_refus(declaration: Declaration, compte: CompteAnnuel) -> list[str]:
    """What makes the database refuse the agreement that comes next, known beforehand."""
    attendue = declaration.etat == Etat.VERIFIEE and declaration.beneficiaire == Beneficiaire.PERSONNE
    return [SANS_SITUATION] if attendue and not compte.declaree else []


def _count_around(declarations: list[Declaration]) -> tuple[Counter[tuple[object, ...]], Counter[tuple[object, ...]]]:
    """How many participations the same people have the same day, and flat rates the same month."""
    jours: Counter[tuple[object, ...]] = Counter()
    forfaits: Counter[tuple[object, ...]] = Counter()
    if not declarations:
        return jours, forfaits
    debut = min(d.le for d in declarations).replace(day=1)
    autres = Declaration.objects.filter(
        personne__in={d.personne_id for d in declarations}, le__gte=debut, contrepasse=None, contrepassee_par=None
    ).exclude(etat__in=[Etat.ECARTEE, Etat.REFUSEE, Etat.PROPOSEE])
    for personne, le, tarif, mode in autres.values_list("personne", "le", "tarif", "mode"):
        jours[(personne, le)] += 1
        if mode == Mode.FORFAIT:
            forfaits[(personne, tarif, le.year, le.month)] += 1
    return jours, forfaits


@dataclass(frozen=True, slots=True)
class Trace:
    """Something that was done to a row, when and by whom."""

    evenement: str
    le: datetime
    par: str


def list_traces(ligne: Approbation) -> list[Trace]:
    """The journal of one row, oldest first, with the names of those who acted; two queries."""
    entrees = list(Entree.objects.filter(objet_id=ligne.pk).order_by("le"))
    noms = {c.pk: str(c) for c in Compte.objects.filter(pk__in={e.compte_id for e in entrees if e.compte_id})}
    return [Trace(e.evenement, e.le, noms.get(e.compte_id, "") if e.compte_id else "") for e in entrees]


def may_open_fichier(acteur: Acteur, fichier_id: UUID) -> bool:
    """A receipt is for its person and those who decide of it; a decision's document for those who read pay."""
    if acteur.can(LIRE):
        return True
    return Frais.objects.visible_to(acteur).filter(justificatif=fichier_id).exists()


def count_attentes(acteur: Acteur, etat: Etat) -> int:
    """How many rows wait at this step for this actor; two queries."""
    nombre = 0
    for rows in (Declaration.objects.visible_to(acteur), Frais.objects.visible_to(acteur)):
        waiting = rows.filter(etat=etat)
        nombre += (waiting if acteur.can(LIRE) else waiting.filter(mission__in=acteur.missions)).count()
    return nombre


def list_of_personne(personne_id: UUID, acteur: Acteur, slug: str) -> list[ElementPersonne]:
    """The last participations of a person asked for or approved, for who reads the pay of the community; one query."""
    vus = [Etat.DECLAREE, Etat.VERIFIEE, Etat.APPROUVEE]
    lignes = Declaration.objects.visible_to(acteur).filter(personne=personne_id, etat__in=vus)
    return [
        ElementPersonne(
            le=une.le,
            libelle=une.libelle,
            montant=une.montant,
            url=reverse("indemnites:fiche", args=[slug, "participations", une.pk]),
            etat=une.get_etat_display(),
            ton="bien" if une.etat == Etat.APPROUVEE else "attente",
        )
        for une in lignes.order_by("-le", "-pk")[:DERNIERES]
    ]


def list_elements(action_id: UUID, acteur: Acteur, slug: str) -> list[ElementAction]:
    """The participations and expenses of an action that this actor may see, asked for or approved; two queries."""
    vus = [Etat.DECLAREE, Etat.VERIFIEE, Etat.APPROUVEE]
    lignes: list[Approbation] = [
        *Declaration.objects.visible_to(acteur).filter(action=action_id, etat__in=vus),
        *Frais.objects.visible_to(acteur).filter(action=action_id, etat__in=vus),
    ]
    return [
        ElementAction(
            une.le,
            une.libelle,
            une.get_etat_display(),
            une.montant,
            reverse(
                "indemnites:fiche", args=[slug, "participations" if isinstance(une, Declaration) else "frais", une.pk]
            ),
        )
        for une in sorted(lignes, key=lambda une: une.le)
    ]
