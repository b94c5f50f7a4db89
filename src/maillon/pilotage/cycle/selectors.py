"""A community's life as its page, its published follow-up and upper rooms read it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http import Http404

from maillon.communaute.structures.models import Structure
from maillon.pilotage.contrats.enums import ETATS_EN_VIGUEUR, StatutMission
from maillon.pilotage.contrats.models import Avenant, Contrat, Releve
from maillon.regles import aci
from maillon.regles.aci.cycle import (
    Echeance,
    EtapeAtteinte,
    EtatEcheance,
    FaitDocument,
    FaitMission,
    FaitsCycle,
    compute_echeances,
    compute_etape,
    find_validation,
)
from maillon.regles.aci.cycle import GenreEcheance as Genre
from maillon.socle.droits.acteur import Acteur

from .enums import ETAPES_DU_PROJET, NatureJalon
from .models import Cycle, EcheanceSuivie, Jalon, Signature, SuiviCycle


@dataclass(frozen=True, slots=True)
class Vie:
    """A community's life on a day. `jalons` are the valid ones of every cycle; `contradictions` are sentences."""

    on: date
    cycle: Cycle | None
    contrat: Contrat | None
    jalons: tuple[Jalon, ...]
    faits: FaitsCycle
    etape: EtapeAtteinte
    echeances: tuple[Echeance, ...]
    avenants: tuple[Avenant, ...]
    contradictions: tuple[str, ...]

    @property
    def du_cycle(self) -> tuple[Jalon, ...]:
        """The milestones of the present cycle."""
        return tuple(jalon for jalon in self.jalons if self.cycle is not None and jalon.cycle_id == self.cycle.pk)

    @property
    def ouvertes(self) -> tuple[Echeance, ...]:
        """The deadlines that are not met yet."""
        return tuple(e for e in self.echeances if e.etat is not EtatEcheance.TENUE)

    @property
    def depassees(self) -> tuple[Echeance, ...]:
        return tuple(e for e in self.echeances if e.etat is EtatEcheance.DEPASSEE)

    @property
    def prochaine(self) -> Echeance | None:
        """The next deadline to come."""
        return next((e for e in self.ouvertes if e.le >= self.on), None)

    @property
    def validation_le(self) -> date | None:
        """When the projet de santé was validated, by a decision or by silence."""
        return find_validation(self.faits, on=self.on)

    def find(self, nature: NatureJalon) -> Jalon | None:
        """The latest valid milestone of a nature in the present cycle."""
        return next((jalon for jalon in reversed(self.du_cycle) if jalon.nature == nature), None)


def get_cycle(cpts_id: UUID) -> Cycle | None:
    """The present cycle; None before the first milestone."""
    return Cycle.objects.filter(cpts_id=cpts_id).order_by("-numero").first()


def get_contrat(cpts_id: UUID, *, cycle: Cycle | None = None, before: date | None = None) -> Contrat | None:
    """The latest signed contract, of the present cycle: one signed for an earlier cycle does not count."""
    contrats = Contrat.objects.filter(cpts_id=cpts_id, etat__in=ETATS_EN_VIGUEUR)
    if before is not None:
        contrats = contrats.filter(signe_le__lt=before)
    contrat = contrats.order_by("-signe_le").first()
    if contrat is None or cycle is None or cycle.numero == 1:
        return contrat
    precedent = Cycle.objects.filter(cpts_id=cpts_id, numero=cycle.numero - 1).first()
    if precedent is not None and precedent.signature_le is not None and contrat.signe_le <= precedent.signature_le:
        return None
    return contrat


def list_valides(jalons: Iterable[Jalon]) -> list[Jalon]:
    """Those that nothing replaces and that happened."""
    jalons = list(jalons)
    remplaces = {jalon.remplace_id for jalon in jalons}
    return [jalon for jalon in jalons if jalon.pk not in remplaces and not jalon.annule]


def get_jalons(cpts_id: UUID) -> QuerySet[Jalon]:
    """Every milestone of a community, replaced ones too, with documents and signatories; two queries."""
    signatures = Prefetch("signatures", Signature.objects.order_by("le", "partie"))
    return Jalon.objects.filter(cpts_id=cpts_id).select_related("document", "cycle").prefetch_related(signatures)


def get_jalon(pk: UUID, *, for_acteur: Acteur) -> Jalon:
    """The milestone, or 404 when it is not of this person's community."""
    if for_acteur.cpts_id is None:
        raise Http404
    jalon = get_jalons(for_acteur.cpts_id).filter(pk=pk).first()
    if jalon is None:
        raise Http404
    return jalon


def get_vie(cpts_id: UUID, *, on: date) -> Vie:
    """A community's life, from its milestones and its contract; it may have neither. Constant queries."""
    cycle = get_cycle(cpts_id)
    contrat = get_contrat(cpts_id, cycle=cycle)
    jalons = tuple(list_valides(get_jalons(cpts_id)))
    faits = build_faits(cycle, contrat, jalons)
    return Vie(
        on=on,
        cycle=cycle,
        contrat=contrat,
        jalons=jalons,
        faits=faits,
        etape=compute_etape(faits, on=on),
        echeances=compute_echeances(faits, on=on),
        avenants=tuple(contrat.avenants.all()) if contrat else (),
        contradictions=tuple(find_contradictions(contrat, faits, jalons, cycle)),
    )


def build_faits(cycle: Cycle | None, contrat: Contrat | None, jalons: Sequence[Jalon]) -> FaitsCycle:
    """The facts that the rules take: the contract says its own dates, the milestones say the rest."""
    siens = [jalon for jalon in jalons if cycle is not None and jalon.cycle_id == cycle.pk]

    def last(*natures: NatureJalon) -> date | None:
        return max((jalon.le for jalon in siens if jalon.nature in natures), default=None)

    signature = last(NatureJalon.ACI, NatureJalon.RENOUVELLEMENT)
    return FaitsCycle(
        lettre_le=last(NatureJalon.LETTRE),
        projet_depose_le=last(NatureJalon.DEPOT, NatureJalon.DEPOT_REVISE),
        objection_le=last(NatureJalon.OPPOSITION),
        projet_valide_le=last(NatureJalon.VALIDATION),
        signe_le=contrat.signe_le if contrat else signature,
        fin_le=contrat.periode.upper if contrat else None,
        resilie_le=last(NatureJalon.RESILIATION),
        renouvellement_le=last(NatureJalon.RENOUVELLEMENT_DEMANDE),
        missions=_read_missions(contrat),
        dialogues=tuple(jalon.le for jalon in siens if jalon.nature == NatureJalon.DIALOGUE),
        documents=tuple(
            FaitDocument(jalon.pk.hex, jalon.titre, jalon.jusqu_a)
            for jalon in jalons
            if jalon.nature == NatureJalon.DOCUMENT and jalon.jusqu_a is not None
        ),
    )


def _read_missions(contrat: Contrat | None) -> dict[aci.Mission, FaitMission]:
    if contrat is None:
        return {}
    return {
        aci.Mission(mission.mission): FaitMission(
            mission.debut, mission.deployee_le, mission.statut == StatutMission.DEPLOYEE, mission.depuis
        )
        for mission in contrat.missions.all()
        if mission.jusqu_a is None  # an avenant has taken the others out, or is about to
    }


def find_contradictions(
    contrat: Contrat | None, faits: FaitsCycle, jalons: Sequence[Jalon], cycle: Cycle | None
) -> Iterable[str]:
    """What the contract, entered after the milestones, says otherwise."""
    if contrat is None or cycle is None:
        return
    for jalon in jalons:
        signe = jalon.cycle_id == cycle.pk and jalon.nature in (NatureJalon.ACI, NatureJalon.RENOUVELLEMENT)
        if signe and jalon.le != contrat.signe_le:
            yield (
                f"Le contrat saisi est signé le {contrat.signe_le:%d/%m/%Y}, mais l’histoire dit le "
                f"{jalon.le:%d/%m/%Y}. La date du contrat compte : corrigez l’une des deux, "
                "ou enregistrez le renouvellement si c’est un nouveau contrat."
            )
    for quoi, le in (
        ("la lettre d’intention", faits.lettre_le),
        ("le dépôt du projet de santé", faits.projet_depose_le),
        ("la validation du projet de santé", faits.projet_valide_le),
    ):
        if le is not None and le > contrat.signe_le:
            yield (
                f"Le contrat saisi est signé le {contrat.signe_le:%d/%m/%Y}, avant {quoi} ({le:%d/%m/%Y}) : "
                "l’une des deux dates est fausse."
            )


def get_structure(cpts_id: UUID) -> Structure | None:
    """The association itself, with its FINESS and RNA numbers."""
    return Structure.objects.filter(cpts_id=cpts_id).first()


# What CPAM and ARS read --------------------------------------------------------------------------------------------


def get_echeances_territoire(acteur: Acteur) -> QuerySet[EcheanceSuivie]:
    """Every deadline of the communities of an agent's territory."""
    return EcheanceSuivie.objects.filter(cpts_id__in=acteur.cpts_lues).select_related("cpts")


def get_projets_territoire(acteur: Acteur) -> list[SuiviCycle]:
    """The communities of the territory that have no contract yet, those that wait for the ARS first; one query."""
    suivis = SuiviCycle.objects.filter(
        cpts_id__in=acteur.cpts_lues, etape__in=[etape.value for etape in ETAPES_DU_PROJET]
    ).select_related("cpts")
    return sorted(suivis, key=lambda s: (s.prochaine_echeance_le or date.max, s.cpts.nom))


def get_suivi(cpts_id: UUID, *, for_acteur: Acteur) -> SuiviCycle:
    """The published life of a community, or 404 outside the agent's territory."""
    suivi = (
        SuiviCycle.objects.filter(cpts_id=cpts_id, cpts_id__in=for_acteur.cpts_lues)
        .select_related("cpts")
        .prefetch_related("echeances")
        .first()
    )
    if suivi is None:
        raise Http404
    return suivi


def find_contrat_publie(cpts_id: UUID, *, for_acteur: Acteur) -> UUID | None:
    """The contract of a community whose figures an agent reads; None when none was published."""
    courants = Releve.objects.visible_to(for_acteur).courants().filter(cpts_id=cpts_id)
    return courants.values_list("contrat_id", flat=True).first()


def list_a_dire(echeances: QuerySet[EcheanceSuivie], *, on: date, jours: int) -> list[EcheanceSuivie]:
    """The open deadlines of the next days and those exceeded, by date. Anniversaries are said with the year's euros."""
    return list(
        echeances.filter(le__lte=on + timedelta(days=jours))
        .exclude(etat=EtatEcheance.TENUE)
        .exclude(genre__in=[Genre.ANNIVERSAIRE, Genre.FIN])
        .order_by("le", "code")
    )
