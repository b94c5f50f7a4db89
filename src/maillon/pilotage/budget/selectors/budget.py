"""The budget of a contract year: envelopes, what was spent, what remains."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from maillon.pilotage.contrats.annee import AnneeContrat, MissionAnnee, compute_annee
from maillon.pilotage.contrats.selectors import get_contrat
from maillon.socle.declarations import EtatDepense, SourceDepenses, collect

from ..calcul import (
    ZERO,
    BaseEnveloppe,
    Depenses,
    Deplacement,
    Enveloppe,
    Mouvement,
    compute_enveloppes,
)
from ..enums import FONCTIONNEMENT, Categorie, EtatOperation, Poste, SensOperation
from ..models import LigneBudget, Operation, Reaffectation


@dataclass(frozen=True, slots=True)
class Budget:
    """A contract year's budget. `mouvements` hold the operations and the spending that other rooms declare."""

    annee: AnneeContrat
    enveloppes: tuple[Enveloppe, ...]
    lignes: tuple[LigneBudget, ...]
    reaffectations: tuple[Reaffectation, ...]
    mouvements: tuple[Mouvement, ...]
    declares: tuple[str, ...]

    @property
    def on(self) -> date:
        return self.annee.annee.on

    @property
    def depenses(self) -> Depenses:
        siennes = [e.depenses for e in self.enveloppes]
        return Depenses(
            sum((d.paye for d in siennes), ZERO),
            sum((d.engage for d in siennes), ZERO),
            sum((d.projete for d in siennes), ZERO),
        )

    @property
    def connu(self) -> bool:
        """Whether the contract gives the amount of each poste, and not a total only."""
        return all(e.connue for e in self.enveloppes if e.base.libelle)

    @property
    def sure(self) -> Decimal:
        return sum((e.sure for e in self.enveloppes), ZERO)

    @property
    def a_confirmer(self) -> Decimal:
        return sum((e.base.a_confirmer for e in self.enveloppes), ZERO)

    @property
    def reste(self) -> Decimal:
        return self.sure - self.depenses.total

    @property
    def sur(self) -> bool:
        """Whether every amount behind the envelopes is read in a text."""
        return all(e.base.sur for e in self.enveloppes)

    @property
    def risques(self) -> tuple[Enveloppe, ...]:
        """Envelopes that would not last, the first exhausted first."""
        return tuple(sorted((e for e in self.enveloppes if e.a_risque), key=lambda e: (e.epuisee_le, e.libelle)))

    def find(self, poste: str) -> Enveloppe | None:
        return next((e for e in self.enveloppes if e.poste == poste), None)


def compute_budget(cpts_id: UUID, on: date, *, numero: int | None = None) -> Budget | None:
    """The budget of the contract year in which `on` falls, or of year `numero`; None without contract."""
    contrat = get_contrat(cpts_id, on=on)
    if contrat is None:
        return None
    return build_budget(compute_annee(contrat, on, numero=numero))


def build_budget(annee: AnneeContrat) -> Budget:
    """The budget of a contract year. Queries: three, and those of each source of declared spending."""
    contrat, on, cpts_id = annee.contrat, annee.annee.on, annee.contrat.cpts_id
    debut, fin = annee.annee.debut, annee.annee.fin
    mouvements, declares = read_mouvements(cpts_id, debut, fin)
    reaffectations = tuple(Reaffectation.objects.filter(contrat=contrat, annee=annee.annee.numero))
    return Budget(
        annee=annee,
        enveloppes=compute_enveloppes(
            list_bases(annee, mouvements, reaffectations),
            [Deplacement(r.de, r.vers, r.montant) for r in reaffectations],
            mouvements,
            debut=debut,
            fin=fin,
            on=min(on, fin),
        ),
        lignes=tuple(LigneBudget.objects.filter(contrat=contrat, annee=annee.annee.numero)),
        reaffectations=reaffectations,
        mouvements=tuple(mouvements),
        declares=declares,
    )


def list_bases(
    annee: AnneeContrat, mouvements: Iterable[Mouvement], reaffectations: Iterable[Reaffectation]
) -> list[BaseEnveloppe]:
    """Running first, then the missions of the contract, then a poste that the contract does not pay but where money
    goes all the same."""
    fonctionnement = annee.fonctionnement
    bases = [
        BaseEnveloppe(
            FONCTIONNEMENT,
            Poste.FONCTIONNEMENT.label,
            fonctionnement.valeur if fonctionnement else None,
            sur=not (fonctionnement and fonctionnement.a_confirmer),
        )
    ]
    bases += [build_base(mission) for mission in annee.missions]
    connus = {base.poste for base in bases}
    autres = {m.poste for m in mouvements} | {p for r in reaffectations for p in (r.de, r.vers)}
    bases += [BaseEnveloppe(p.value, p.label, ZERO) for p in Poste if p.value in autres - connus]
    return bases


def build_base(mission: MissionAnnee) -> BaseEnveloppe:
    """What the contract year gives a mission, its certified part apart from the forecast."""
    montants = mission.montants
    parts = [part for part in (mission.fixe, mission.variable) if part is not None]
    return BaseEnveloppe(
        mission.mission.mission,
        mission.libelle,
        mission.fixe.valeur if mission.fixe else None,
        constate=montants.constate,
        a_confirmer=montants.a_confirmer,
        possible=montants.encore_possible,
        sur=not any(part.a_confirmer for part in parts),
    )


def read_mouvements(
    cpts_id: UUID, debut: date, fin: date, *, retards: bool = False
) -> tuple[list[Mouvement], tuple[str, ...]]:
    """Every operation of [debut, fin[ that is not cancelled, and what other rooms declare, whose names come second.

    With `retards`, what is still committed from before `debut` too.
    """
    periode = Q(le__gte=debut) | Q(etat=EtatOperation.ENGAGEE) if retards else Q(le__gte=debut)
    operations = Operation.objects.filter(periode, cpts_id=cpts_id, le__lt=fin).actives()
    mouvements = [mouvement_of(operation) for operation in operations]
    noms = []
    for source in collect("depenses"):
        declarees = read_source(source, cpts_id, debut, fin)
        if declarees:
            noms.append(source.libelle)
        mouvements += declarees
    return mouvements, tuple(noms)


def mouvement_of(operation: Operation) -> Mouvement:
    return Mouvement(
        le=operation.le,
        poste=operation.poste,
        categorie=operation.categorie,
        montant=operation.signe,
        depense=operation.sens == SensOperation.DEPENSE,
        paye=operation.etat == EtatOperation.PAYEE,
        recurrent=operation.recurrente,
        libelle=operation.libelle,
        reference=operation.reference,
    )


def read_source(source: SourceDepenses, cpts_id: UUID, debut: date, fin: date) -> Sequence[Mouvement]:
    """What one app declares. Raises ValueError for a mission or a category that the budget does not know."""
    return [
        Mouvement(
            le=depense.le,
            poste=Poste(depense.mission).value,
            categorie=Categorie(depense.categorie).value,
            montant=depense.montant,
            depense=True,
            paye=depense.etat is EtatDepense.PAYEE,
            libelle=depense.libelle,
            reference=f"{source.code}:{depense.reference}",
        )
        for depense in source.depenses(cpts_id, debut, fin)
    ]
