"""What pages of both sides read. A member reads inside the community, an agent what is published of the territory."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404

from maillon.pilotage.contrats.models import Contrat, Releve
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import RoleTerritorial
from maillon.socle.droits.models import AgentTerritorial

from .chiffres import Ecart, compare, find_certificateurs, find_enjeu, find_proposee, iter_indicateurs
from .enums import OUVERTS, Etat, Organisme, Position
from .models import Avis, Decision, Dialogue, Reponse, Transmission
from .permissions import DONNER_AVIS, LIRE, LIRE_TERRITOIRE


def get_dialogue(pk: UUID, *, for_acteur: Acteur) -> Dialogue:
    """The dialogue of the member's community, or 404."""
    if for_acteur.cpts_id is None or not for_acteur.can(LIRE):
        raise Http404
    visibles = Dialogue.objects.select_related("contrat", "cpts").filter(cpts_id=for_acteur.cpts_id)
    dialogue = visibles.filter(pk=pk).first()
    if dialogue is None:
        raise Http404
    return dialogue


def list_territoire(acteur: Acteur) -> QuerySet[Dialogue]:
    """The dialogues transmitted by the communities that an agent reads; never a draft."""
    if not acteur.can(LIRE_TERRITOIRE):
        return Dialogue.objects.none()
    return Dialogue.objects.filter(cpts_id__in=acteur.cpts_lues).exclude(etat=Etat.PREPARE)


def get_dialogue_territoire(pk: UUID, *, for_acteur: Acteur) -> Dialogue:
    """The transmitted dialogue of a community of the agent's territory, or 404."""
    dialogue = list_territoire(for_acteur).select_related("cpts").filter(pk=pk).first()
    if dialogue is None:
        raise Http404
    return dialogue


def get_transmission(dialogue: Dialogue) -> Transmission | None:
    """The figures transmitted last; None while nothing was."""
    return list_transmissions(dialogue).order_by("-le", "-pk").first()


def list_transmissions(dialogue: Dialogue) -> QuerySet[Transmission]:
    """Each time figures were transmitted, the first one first."""
    return Transmission.objects.with_chiffres().filter(dialogue=dialogue, cpts_id=dialogue.cpts_id)


def find_organismes(acteur: Acteur, cpts: Cpts) -> list[Organisme]:
    """For which of the two this agent speaks in this community: a role holds over its own territory only."""
    if acteur.compte_id is None or not acteur.can(DONNER_AVIS):
        return []
    roles = set(
        AgentTerritorial.objects.filter(compte_id=acteur.compte_id, actif=True)
        .filter(Q(departements__contains=[cpts.departement]) | Q(regions__contains=[cpts.region]))
        .values_list("role", flat=True)
    )
    return [organisme for organisme in Organisme if organisme.value in roles]


def list_agents(cpts: Cpts) -> list[tuple[UUID, str]]:
    """Accounts and addresses of the agents of the CPAM and the ARS who read this community."""
    agents = (
        AgentTerritorial.objects.filter(
            role__in=(RoleTerritorial.CPAM, RoleTerritorial.ARS), actif=True, compte__is_active=True
        )
        .filter(Q(departements__contains=[cpts.departement]) | Q(regions__contains=[cpts.region]))
        .order_by("compte_id")
    )
    return list(dict.fromkeys(agents.values_list("compte_id", "compte__email")))


# Opinions and answers, indicator by indicator -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fil:
    """One indicator as transmitted, what was said of it in order, and the opinion of each that counts now."""

    indicateur: dict[str, Any]
    avis: tuple[Avis, ...]
    derniers: dict[Organisme, Avis]

    @property
    def id(self) -> UUID:
        return UUID(self.indicateur["id"])

    @property
    def reponses(self) -> list[Reponse]:
        return sorted((r for a in self.avis for r in a.reponses.all()), key=lambda r: (r.le, r.pk))

    @property
    def proposee(self) -> Decimal | None:
        """The value that the community puts forward now: its last correction, else the one transmitted."""
        corrections = [r.valeur_corrigee for r in self.reponses if r.valeur_corrigee is not None]
        return corrections[-1] if corrections else find_proposee(self.indicateur)

    @property
    def enjeu(self) -> Decimal:
        return find_enjeu(self.indicateur)

    @property
    def certificateurs(self) -> list[Organisme]:
        """Who must accept before the value is certified."""
        trouves = find_certificateurs(self.indicateur["certificateur"])
        return [organisme for organisme in Organisme if organisme in trouves]

    def holding(self, position: Position) -> list[Organisme]:
        """Who holds this position now."""
        return [organisme for organisme, avis in self.derniers.items() if avis.position == position]

    @property
    def is_conteste(self) -> bool:
        return bool(self.holding(Position.CONTESTE))

    @property
    def attend_reponse(self) -> bool:
        """Whether a contest or a question stands to which the community has not answered."""
        ouverts = [a for a in self.derniers.values() if a.position in (Position.CONTESTE, Position.QUESTION)]
        return any(not a.reponses.all() for a in ouverts)


def list_fils(dialogue: Dialogue, transmission: Transmission | None) -> list[Fil]:
    """Every indicator transmitted with its thread; two queries."""
    if transmission is None:
        return []
    by_indicateur: dict[UUID, list[Avis]] = defaultdict(list)
    avis = Avis.objects.filter(dialogue=dialogue, cpts_id=dialogue.cpts_id).prefetch_related(
        Prefetch("reponses", queryset=Reponse.objects.filter(cpts_id=dialogue.cpts_id))
    )
    for un_avis in avis:
        by_indicateur[un_avis.indicateur_id].append(un_avis)
    return [
        _build_fil(indicateur, by_indicateur.get(UUID(indicateur["id"]), ()))
        for indicateur in iter_indicateurs(transmission.chiffres)
    ]


def _build_fil(indicateur: dict[str, Any], avis: Iterable[Avis]) -> Fil:
    avis = tuple(avis)
    derniers = {Organisme(a.organisme): a for a in avis}
    return Fil(indicateur, avis, {o: a for o, a in derniers.items() if a.position != Position.RETIRE})


def find_fil(fils: Iterable[Fil], indicateur_id: UUID) -> Fil:
    """The thread of one indicator, or 404 when it was not transmitted."""
    for fil in fils:
        if fil.id == indicateur_id:
            return fil
    raise Http404


def list_acceptables(fils: Sequence[Fil], mission: str, organisme: Organisme) -> list[Fil]:
    """What accepting a whole mission accepts: with a value, contested by nobody, without opinion yet."""
    return [
        fil
        for fil in fils
        if fil.indicateur["mission"] == mission
        and fil.proposee is not None
        and organisme not in fil.derniers
        and not fil.is_conteste
    ]


def list_decisions(dialogue: Dialogue) -> list[Decision]:
    """The decisions of a dialogue, in order."""
    return list(Decision.objects.filter(dialogue=dialogue, cpts_id=dialogue.cpts_id))


def find_publies(dialogue: Dialogue) -> dict[str, Any] | None:
    """The figures of the dialogue's year as CPAM and ARS read them now."""
    annees = Releve.objects.filter(cpts_id=dialogue.cpts_id, contrat_id=dialogue.contrat_id, annee=dialogue.annee)
    return annees.values_list("chiffres", flat=True).first()


def find_ecarts(dialogue: Dialogue, transmission: Transmission | None, actuels: dict[str, Any] | None) -> list[Ecart]:
    """What changed since the figures were transmitted; nothing is compared with a closed dialogue."""
    if transmission is None or dialogue.etat == Etat.CLOS or not actuels:
        return []
    return compare(transmission.chiffres, actuels)


def find_precedent(dialogue: Dialogue) -> Dialogue | None:
    """The dialogue before this one in the same contract."""
    avant = Dialogue.objects.filter(contrat_id=dialogue.contrat_id, cpts_id=dialogue.cpts_id).filter(
        Q(annee__lt=dialogue.annee) | Q(annee=dialogue.annee, rang__lt=dialogue.rang)
    )
    return avant.exclude(etat=Etat.PREPARE).order_by("-annee", "-rang").first()


# Over many communities ----------------------------------------------------------------------------------------------


def select_contestes() -> QuerySet[Avis]:
    """The contests that stand: last opinion of an organisme on an indicator, in a dialogue that is not closed."""
    plus_recents = Avis.objects.filter(
        cpts_id=OuterRef("cpts_id"),
        dialogue_id=OuterRef("dialogue_id"),
        indicateur_id=OuterRef("indicateur_id"),
        organisme=OuterRef("organisme"),
    ).filter(Q(le__gt=OuterRef("le")) | Q(le=OuterRef("le"), pk__gt=OuterRef("pk")))
    return Avis.objects.filter(~Exists(plus_recents), position=Position.CONTESTE, dialogue__etat__in=OUVERTS)


@dataclass(frozen=True, slots=True)
class Suivi:
    """A dialogue under way with its threads, for home pages."""

    dialogue: Dialogue
    fils: list[Fil]


def list_suivis(cpts_ids: Collection[UUID], etats: Iterable[Etat] = OUVERTS) -> list[Suivi]:
    """The dialogues under way of these communities with their threads; four queries in all."""
    dialogues = list(Dialogue.objects.select_related("cpts").filter(cpts_id__in=cpts_ids, etat__in=list(etats)))
    ids = [dialogue.pk for dialogue in dialogues]
    transmissions: dict[UUID, Transmission] = {}
    for transmission in Transmission.objects.with_chiffres().filter(dialogue__in=ids):
        transmissions[transmission.dialogue_id] = transmission
    by_cle: dict[tuple[UUID, UUID], list[Avis]] = defaultdict(list)
    for avis in Avis.objects.filter(dialogue__in=ids).prefetch_related("reponses"):
        by_cle[avis.dialogue_id, avis.indicateur_id].append(avis)
    return [
        Suivi(
            dialogue,
            [
                _build_fil(indicateur, by_cle.get((dialogue.pk, UUID(indicateur["id"])), ()))
                for indicateur in iter_indicateurs(transmissions[dialogue.pk].chiffres)
            ]
            if dialogue.pk in transmissions
            else [],
        )
        for dialogue in dialogues
    ]


def find_suivant(contrat: Contrat, numero: int) -> tuple[int, int] | None:
    """The dialogue to open next, as (year, rank): the current year's, in order; None when both exist."""
    faits = set(Dialogue.objects.filter(contrat=contrat).values_list("annee", "rang"))
    return next(((numero, rang) for rang in (1, 2) if (numero, rang) not in faits), None)
