"""What waits to be paid, runs and transfers, and what each month paid to whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.http import Http404

from maillon.communaute.personnes.selectors import get_personne_of
from maillon.socle.declarations import DepenseDeclaree, EtatDepense
from maillon.socle.droits.acteur import Acteur
from maillon.socle.ui.typographie import format_euros

from ..enums import Beneficiaire, Etat, EtatCampagne, EtatVirement
from ..models import Campagne, CompteBancaire, Declaration, Frais, LignePayee, Virement
from ..permissions import PAYER

RECENT = timedelta(days=30)
DELAI_BANQUE = timedelta(days=7)


def list_a_payer(cpts_id: UUID, jusqu_au: date) -> Iterator[Declaration | Frais]:
    """Approved rows up to a day that no living transfer pays, by person; two queries."""
    vives = LignePayee.objects.filter(vivante=True)
    declarations = Declaration.objects.payables().filter(
        ~Exists(vives.filter(declaration=OuterRef("pk"))), cpts_id=cpts_id, le__lte=jusqu_au
    )
    avec = ("personne__fusionnee_dans", "convention__structure")
    yield from declarations.select_related(*avec).order_by("personne", "le")
    frais = Frais.objects.payables().filter(
        ~Exists(vives.filter(frais=OuterRef("pk"))), cpts_id=cpts_id, le__lte=jusqu_au
    )
    yield from frais.select_related("personne__fusionnee_dans").order_by("personne", "le")


def sum_a_payer(cpts_id: UUID, jusqu_au: date) -> Decimal:
    """What is approved, in no living run, up to a day."""
    return sum((ligne.montant for ligne in list_a_payer(cpts_id, jusqu_au)), start=Decimal(0))


def find_comptes(cpts_id: UUID) -> dict[UUID | None, CompteBancaire]:
    """Accounts in force by person or employer; that of the community under None."""
    rows = CompteBancaire.objects.filter(cpts_id=cpts_id, jusqu_a=None)
    return {compte.structure_id or compte.personne_id: compte for compte in rows}


def get_compte(
    cpts_id: UUID, *, personne_id: UUID | None = None, structure_id: UUID | None = None
) -> CompteBancaire | None:
    """The account in force of a person, of an employer, or of the community (neither)."""
    return CompteBancaire.objects.filter(
        cpts_id=cpts_id, personne=personne_id, structure=structure_id, jusqu_a=None
    ).first()


def list_campagnes(acteur: Acteur) -> QuerySet[Any]:
    """The runs of the community, with their total and the count of transfers by state; empty for others."""
    if acteur.cpts_id is None or not acteur.can(PAYER):
        return Campagne.objects.none()
    gardes = ~Q(virements__etat=EtatVirement.ECARTE)
    return Campagne.objects.filter(cpts_id=acteur.cpts_id).annotate(
        total=Sum("virements__montant", filter=gardes),
        nombre=Count("virements", filter=gardes),
        payes=Count("virements", filter=Q(virements__etat=EtatVirement.PAYE)),
        rejetes=Count("virements", filter=Q(virements__etat=EtatVirement.REJETE)),
    )


def get_campagne(pk: UUID, *, for_acteur: Acteur) -> Any:
    """A run that this actor may see, or 404."""
    campagne = list_campagnes(for_acteur).select_related("fichier", "debite").filter(pk=pk).first()
    if campagne is None:
        raise Http404
    return campagne


def get_virement(pk: UUID, *, for_acteur: Acteur) -> Virement:
    """A transfer that this actor may see, or 404."""
    virement = (
        Virement.objects.filter(campagne__in=list_campagnes(for_acteur).values("pk"), pk=pk)
        .select_related("campagne")
        .first()
    )
    if virement is None:
        raise Http404
    return virement


@dataclass(frozen=True, slots=True)
class VirementDetaille:
    """A transfer as the run shows it: what it pays, and what must be looked at first."""

    virement: Virement
    indemnites: Decimal
    remunerations: Decimal
    frais: Decimal
    compte: CompteBancaire | None
    compte_recent: bool

    @property
    def sans_iban(self) -> bool:
        return self.compte is None and self.virement.etat == EtatVirement.A_PAYER

    @property
    def parts(self) -> str:
        """« Indemnités 87,50 €, frais 12 € »."""
        sommes = (("indemnités", self.indemnites), ("rémunérations", self.remunerations), ("frais", self.frais))
        dit = ", ".join(f"{nom} {format_euros(somme)}" for nom, somme in sommes if somme)
        return dit[:1].upper() + dit[1:]


def list_virements(campagne: Campagne, *, now: datetime) -> list[VirementDetaille]:
    """The transfers of a run by name, each with its parts and its account; constant queries.

    Until the file is written the account is the one that it would bear: the one in force now.
    """
    sommes: dict[UUID, dict[str, Decimal]] = {}
    for ligne in LignePayee.objects.filter(virement__campagne=campagne).select_related("declaration"):
        parts = sommes.setdefault(ligne.virement_id, {})
        genre = ligne.declaration.nature if ligne.declaration else "frais"
        parts[genre] = parts.get(genre, Decimal(0)) + ligne.montant
    comptes = find_comptes(campagne.cpts_id)
    virements = campagne.virements.select_related("personne", "structure", "compte").order_by("reference")
    details = []
    for virement in virements:
        parts = sommes.get(virement.pk, {})
        compte = virement.compte
        if campagne.etat == EtatCampagne.PREPAREE:
            compte = comptes.get(virement.structure_id or virement.personne_id)
        details.append(
            VirementDetaille(
                virement,
                parts.get("indemnite", Decimal(0)),
                parts.get("remuneration", Decimal(0)),
                parts.get("frais", Decimal(0)),
                compte,
                compte is not None and compte.depuis > now - RECENT and virement.etat == EtatVirement.A_PAYER,
            )
        )
    return details


def list_virements_connus(cpts_id: UUID) -> list[Virement]:
    """Transfers of runs whose file was written, in every state: what a statement may speak of."""
    return list(
        Virement.objects.filter(cpts_id=cpts_id, campagne__emise_le__isnull=False).select_related(
            "campagne", "personne", "structure"
        )
    )


def list_depenses(cpts_id: UUID, debut: date, fin: date) -> list[DepenseDeclaree]:
    """Approved rows of [debut, fin[ as the budget takes them, each in its present state; two queries.

    Expenses go to the running costs of meetings; nobody is named.
    """
    found = []
    declarations = Declaration.objects.filter(cpts_id=cpts_id, etat=Etat.APPROUVEE, le__gte=debut, le__lt=fin)
    frais = Frais.objects.filter(cpts_id=cpts_id, etat=Etat.APPROUVEE, le__gte=debut, le__lt=fin)
    declarations = declarations.filter(contrepasse=None, contrepassee_par=None)
    frais = frais.filter(contrepasse=None, contrepassee_par=None)
    for une in declarations.order_by("le"):
        quoi = une.get_nature_display() if une.beneficiaire == Beneficiaire.PERSONNE else "remboursement d’employeur"
        found.append(_to_depense(une, "indemnites", quoi))
    for une_note in frais.order_by("le"):
        found.append(_to_depense(une_note, "reunions", f"note de frais, {une_note.get_genre_display()}"))
    return found


def _to_depense(ligne: Declaration | Frais, categorie: str, quoi: str) -> DepenseDeclaree:
    return DepenseDeclaree(
        reference=str(ligne.pk),
        le=ligne.le,
        mission=ligne.mission,
        categorie=categorie,
        montant=ligne.montant,
        etat=EtatDepense.ENGAGEE if ligne.payee_le is None else EtatDepense.PAYEE,
        libelle=quoi[:1].upper() + quoi[1:],
    )


def may_open_campagne(acteur: Acteur, fichier_id: UUID) -> bool:
    """The file of a run is for those who pay."""
    return list_campagnes(acteur).filter(fichier=fichier_id).exists()


def list_mes_virements(acteur: Acteur) -> QuerySet[Virement]:
    """What was paid to the actor, the latest first."""
    personne = get_personne_of(acteur)
    if personne is None:
        return Virement.objects.none()
    return Virement.objects.filter(personne=personne, etat=EtatVirement.PAYE).order_by("-paye_le")


@dataclass(frozen=True, slots=True)
class Attentes:
    """What payments wait for: runs to send, runs sent long ago and not settled, transfers to make again."""

    a_envoyer: list[Campagne]
    a_rapprocher: list[Campagne]
    a_refaire: int


def find_attentes(cpts_id: UUID, *, now: datetime) -> Attentes:
    """What waits in payments; two queries."""
    ouvertes = list(
        Campagne.objects.filter(cpts_id=cpts_id, etat__in=[EtatCampagne.PREPAREE, EtatCampagne.EMISE]).order_by(
            "reference"
        )
    )
    vives = LignePayee.objects.filter(vivante=True)
    libres = LignePayee.objects.filter(
        ~Exists(vives.filter(declaration=OuterRef("declaration"), declaration__isnull=False)),
        ~Exists(vives.filter(frais=OuterRef("frais"), frais__isnull=False)),
        virement=OuterRef("pk"),
        declaration__contrepassee_par=None,
        frais__contrepassee_par=None,
    )
    rejetes = Virement.objects.filter(Exists(libres), cpts_id=cpts_id, etat=EtatVirement.REJETE)
    return Attentes(
        [c for c in ouvertes if c.etat == EtatCampagne.PREPAREE],
        [c for c in ouvertes if c.etat == EtatCampagne.EMISE and c.emise_le and c.emise_le < now - DELAI_BANQUE],
        rejetes.count(),
    )
