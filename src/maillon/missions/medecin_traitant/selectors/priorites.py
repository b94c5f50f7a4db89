"""The priority of a request: what the rule counts, and what a person decided."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from maillon.regles.priorite import FaitsDemande, Niveau, PoidsPriorite, Priorite, compute_priorite, force_niveau
from maillon.regles.priorite import load_poids as load_poids_maillon
from maillon.socle.horloge import now, today

from ..enums import OUVERTS
from ..models import DecisionPriorite, Demande, PoidsAdoptes

FAITS = ("ald", "c2s", "ame", "plus_de_70", "ne_peut_se_deplacer", "grossesse", "sortie_hopital", "isolement")
# A forced level is looked at again: nobody stays first, or last, by an old decision.
JOURS_DECISION_MAXIMUM = 180


def get_poids(cpts_id: UUID, *, on: date) -> PoidsPriorite:
    """The weights in force: the last that the community adopted, else Maillon's."""
    adoptes = PoidsAdoptes.objects.filter(cpts_id=cpts_id, depuis__lte=on).order_by("-depuis", "-id").first()
    return adoptes.to_regle() if adoptes else load_poids_maillon(on=on)


def list_poids(cpts_id: UUID) -> list[PoidsAdoptes]:
    """Every adoption, the latest first."""
    rows = PoidsAdoptes.objects.filter(cpts_id=cpts_id).select_related("par__compte")
    return list(rows.order_by("-depuis", "-id"))


def read_faits(demande: Demande) -> FaitsDemande:
    """The facts of a request at this moment."""
    attente = max(0, (now() - demande.deposee_le).days)
    return FaitsDemande(**{name: getattr(demande, name) for name in FAITS}, jours_attente=attente)


def is_forcee(demande: Demande, *, on: date) -> bool:
    """Whether a level decided by a person is in force that day."""
    return demande.niveau_impose_jusque is not None and demande.niveau_impose_jusque >= on


def compute_effective(demande: Demande, *, poids: PoidsPriorite) -> Priorite:
    """The priority that lists and the assignment use: the rule's, or the level that a person decided."""
    jour = today()
    calculee = compute_priorite(read_faits(demande), on=jour, poids=poids)
    if not is_forcee(demande, on=jour):
        return calculee
    return force_niveau(calculee, Niveau(demande.niveau_impose), on=jour, poids=poids)


@dataclass(frozen=True, slots=True)
class VuePriorite:
    """What the sheet says of a priority: the rule's lines, and the decision in force if there is one."""

    calculee: Priorite
    effective: Priorite
    decision: DecisionPriorite | None
    a_confirmer: bool

    @property
    def source(self) -> str:
        return self.calculee.lignes[0].source if self.calculee.lignes else ""


def explain_priorite(demande: Demande) -> VuePriorite:
    """The priority at today's date, for the desk (C2S and AME among its lines): two queries."""
    poids = get_poids(demande.cpts_id, on=today())
    calculee = compute_priorite(read_faits(demande), on=today(), poids=poids)
    decision = None
    if is_forcee(demande, on=today()):
        decision = demande.decisions_priorite.select_related("par__compte").order_by("-le", "-id").first()
    effective = compute_effective(demande, poids=poids)
    return VuePriorite(calculee, effective, decision, poids.statut.a_confirmer)


@dataclass(frozen=True, slots=True)
class Mouvement:
    """A request whose level would change."""

    demande_id: UUID
    reference: str
    avant: str
    apres: str


@dataclass(frozen=True, slots=True)
class ApercuPoids:
    """What other weights would change among the open requests. `niveaux`: level, how many now, how many then."""

    ouvertes: int
    niveaux: tuple[tuple[str, int, int], ...]
    montent: int
    descendent: int
    forcees: int
    mouvements: tuple[Mouvement, ...]


def preview_poids(cpts_id: UUID, poids: PoidsPriorite, *, montre: int = 12) -> ApercuPoids:
    """Open requests under these weights, compared with what they have now; levels decided by a person stay."""
    rangs = {niveau.value: rang for rang, niveau in enumerate((Niveau.NORMALE, Niveau.MOYENNE, Niveau.HAUTE))}
    avant = dict.fromkeys(rangs, 0)
    apres = dict.fromkeys(rangs, 0)
    mouvements: list[Mouvement] = []
    montent = descendent = forcees = ouvertes = 0
    for demande in Demande.objects.filter(cpts_id=cpts_id, etat__in=OUVERTS).by_rank().iterator():
        ouvertes += 1
        niveau = compute_effective(demande, poids=poids).niveau.value
        avant[demande.priorite_niveau] += 1
        apres[niveau] += 1
        forcees += is_forcee(demande, on=today())
        ecart = rangs[niveau] - rangs[demande.priorite_niveau]
        montent += ecart > 0
        descendent += ecart < 0
        if ecart and len(mouvements) < montre:
            mouvements.append(Mouvement(demande.pk, demande.reference, demande.priorite_niveau, niveau))
    niveaux = tuple((niveau, avant[niveau], apres[niveau]) for niveau in ("haute", "moyenne", "normale"))
    return ApercuPoids(ouvertes, niveaux, montent, descendent, forcees, tuple(mouvements))


def last_day_of_decision() -> date:
    """The last day until which a level may be decided."""
    return today() + timedelta(days=JOURS_DECISION_MAXIMUM)
