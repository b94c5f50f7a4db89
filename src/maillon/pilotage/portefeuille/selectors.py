"""What the CPAM and the ARS read of the communities of their territory: published figures, no patient."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.http import Http404

from maillon.pilotage.contrats.enums import EtatContrat
from maillon.pilotage.contrats.models import Releve, ReleveActe
from maillon.pilotage.contrats.models.releves import ReleveQuerySet
from maillon.pilotage.cycle.enums import EtatEcheance
from maillon.pilotage.cycle.models import EcheanceSuivie, SuiviCycle
from maillon.pilotage.cycle.selectors import get_echeances_territoire
from maillon.pilotage.dialogues.enums import DISCUTABLES, Organisme
from maillon.pilotage.dialogues.models import Dialogue
from maillon.pilotage.dialogues.selectors import (
    Fil,
    find_organismes,
    get_transmission,
    list_fils,
    list_territoire,
    select_contestes,
)
from maillon.pilotage.dossiers.models import Dossier
from maillon.pilotage.dossiers.selectors import list_transmis
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import today

ECHEANCES_MONTREES = 4


def list_courants(acteur: Acteur) -> ReleveQuerySet:
    """The current figures of each contract of the territory, without their detail."""
    return Releve.objects.visible_to(acteur).courants().select_related("cpts").defer("chiffres")


def follow(releves: ReleveQuerySet) -> ReleveQuerySet:
    """The same with what is contested of each and its next deadline: computed for the rows shown, or to sort them.

    `moins_contestes` and `moins_depassees` are their opposites: sorted upwards, what waits comes first; `fini` last.
    """
    contestes = (
        select_contestes()
        .filter(dialogue__contrat_id=OuterRef("contrat_id"), cpts_id=OuterRef("cpts_id"))
        .order_by()
        .values("dialogue__contrat_id")
        .annotate(nombre=Count("indicateur_id", distinct=True))
        .values("nombre")
    )
    suivi = SuiviCycle.objects.filter(cpts_id=OuterRef("cpts_id"))
    return releves.annotate(
        contestes=Coalesce(Subquery(contestes), 0),
        echeance_le=Subquery(suivi.values("prochaine_echeance_le")),
        echeance=Subquery(suivi.values("prochaine_echeance")),
        depassees=Coalesce(Subquery(suivi.values("depassees")), 0),
    ).annotate(
        moins_contestes=-F("contestes"),
        moins_depassees=-F("depassees"),
        fini=Case(When(etat=EtatContrat.ACTIF, fin__gt=today(), then=0), default=1),
    )


def list_sans_contrat(acteur: Acteur) -> QuerySet[Cpts]:
    """Communities of the territory of which no contract was ever published."""
    connues = list_courants(acteur).values("cpts_id")
    return Cpts.objects.filter(pk__in=acteur.cpts_lues).exclude(pk__in=connues).order_by("nom")


@dataclass(frozen=True, slots=True)
class Situation:
    """A community of the territory and its current figures, when a contract was ever published."""

    cpts: Cpts
    releve: Releve | None

    @property
    def en_vigueur(self) -> bool:
        lu = self.releve
        return lu is not None and lu.etat == EtatContrat.ACTIF and lu.debut <= today() < lu.fin

    @property
    def jours(self) -> int | None:
        """Days before the anniversary; None without a contract in force."""
        return (self.releve.fin - today()).days if self.releve is not None and self.en_vigueur else None


def list_situations(acteur: Acteur) -> list[Situation]:
    """Every community of an agent's territory by name, with or without contract; two queries."""
    courants = {releve.cpts_id: releve for releve in list_courants(acteur)}
    communautes = Cpts.objects.filter(pk__in=acteur.cpts_lues).order_by("nom")
    return [Situation(cpts, courants.get(cpts.pk)) for cpts in communautes]


@dataclass(frozen=True, slots=True)
class Totaux:
    """Sums over the contracts in force, in euros, and how many."""

    contrats: int
    hors_activation: Decimal
    activation: Decimal
    variable: Decimal
    constate: Decimal
    a_confirmer: Decimal
    encore_possible: Decimal
    sans_preuve: Decimal
    a_verifier: int

    @property
    def is_a_confirmer(self) -> bool:
        """Whether a total holds the amount of a contract that no text confirms yet."""
        return bool(self.a_verifier)


def compute_totaux(releves: ReleveQuerySet) -> Totaux:
    """Totals of a selection, in one query; only the contracts in force count."""
    sommes = ("hors_activation", "plafond", "variable", "constate", "a_confirmer", "encore_possible", "sans_preuve")
    lu = (
        releves.en_vigueur(today())
        .order_by()
        .aggregate(
            contrats=Count("pk"),
            a_verifier=Count("pk", filter=Q(plafond_a_confirmer=True)),
            **{f"total_{nom}": Sum(nom, default=Decimal(0)) for nom in sommes},
        )
    )
    return Totaux(
        contrats=lu["contrats"],
        hors_activation=lu["total_hors_activation"],
        activation=lu["total_plafond"] - lu["total_hors_activation"],
        variable=lu["total_variable"],
        constate=lu["total_constate"],
        a_confirmer=lu["total_a_confirmer"],
        encore_possible=lu["total_encore_possible"],
        sans_preuve=lu["total_sans_preuve"],
        a_verifier=lu["a_verifier"],
    )


def list_parts(releves: QuerySet[Releve]) -> list[tuple[dict[str, float], dict[str, float]]]:
    """What each contract of a selection has certified and forecast, by mission, as shares of its variable part."""
    return list(releves.order_by().values_list("atteintes", "previsions"))


def get_releve(contrat_id: UUID, *, for_acteur: Acteur, annee: str = "") -> Releve:
    """The figures of a year of a contract, the latest by default, or 404 outside the agent's territory."""
    releves = Releve.objects.visible_to(for_acteur).select_related("cpts").filter(contrat_id=contrat_id)
    if annee.isdecimal():
        releves = releves.filter(annee=min(int(annee), 99))
    releve = releves.order_by("-annee").first()
    if releve is None:
        raise Http404
    return releve


def list_annees(releve: Releve) -> list[int]:
    """The years published of a contract, the latest first."""
    annees = Releve.objects.filter(cpts_id=releve.cpts_id, contrat_id=releve.contrat_id)
    return list(annees.order_by("-annee").values_list("annee", flat=True))


@dataclass(frozen=True, slots=True)
class DialogueLu:
    """A dialogue with its threads; `organismes` are those for which the agent may speak in it now."""

    dialogue: Dialogue
    fils: list[Fil]
    organismes: list[Organisme]

    @property
    def is_ouvert(self) -> bool:
        return self.dialogue.etat in DISCUTABLES


def list_dialogues(releve: Releve, *, for_acteur: Acteur) -> list[DialogueLu]:
    """The dialogues of this contract year, the latest first: two at most."""
    dialogues = list_territoire(for_acteur).filter(cpts_id=releve.cpts_id, contrat_id=releve.contrat_id)
    organismes = find_organismes(for_acteur, releve.cpts)
    return [
        DialogueLu(
            dialogue,
            list_fils(dialogue, get_transmission(dialogue)),
            organismes if dialogue.etat in DISCUTABLES else [],
        )
        for dialogue in dialogues.filter(annee=releve.annee).select_related("cpts").order_by("-rang")
    ]


def list_dossiers(releve: Releve, *, for_acteur: Acteur) -> list[Dossier]:
    """The packs received for this contract year, the latest first."""
    recus = list_transmis(for_acteur).filter(cpts_id=releve.cpts_id, contrat_id=releve.contrat_id, annee=releve.annee)
    return list(recus[:5])


def list_prochaines(releve: Releve, *, for_acteur: Acteur) -> list[EcheanceSuivie]:
    """The exceeded deadlines of a community, then the next ones."""
    ouvertes = get_echeances_territoire(for_acteur).filter(cpts_id=releve.cpts_id).exclude(etat=EtatEcheance.TENUE)
    return list(ouvertes.order_by("le", "code")[:ECHEANCES_MONTREES])


def find_indicateur_releve(releve: Releve, indicateur_id: UUID) -> dict[str, Any]:
    """An indicator of a relevé, with its mission's label, or 404."""
    for mission in releve.chiffres["missions"]:
        for indicateur in mission["indicateurs"]:
            if indicateur["id"] == str(indicateur_id):
                return {**indicateur, "mission": mission["libelle"]}
    raise Http404


def get_actes_releve(releve: Releve, indicateur_id: UUID) -> QuerySet[ReleveActe]:
    """The pseudonymous acts of an indicator, the newest first."""
    return ReleveActe.objects.filter(cpts_id=releve.cpts_id, releve=releve, indicateur_id=indicateur_id)
