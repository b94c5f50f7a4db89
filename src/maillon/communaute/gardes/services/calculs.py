"""Plans are solved by a job, kept as variants, and one is taken up. No transaction is open while the rule works."""

import threading
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from time import monotonic
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max

from maillon.regles.gardes import (
    Affectation,
    Etape,
    Indisponibilite,
    Plan,
    Probleme,
    Raison,
    explain,
    plan_to_json,
    probleme_to_json,
    replan,
    solve,
    withdraw,
)
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal
from maillon.socle.taches import enqueue

from ..enums import EtatGarde, EtatTableau, EtatVariante, NatureVariante, OrigineGarde
from ..models import ActionRefusee, Garde, Participant, Tableau, Variante
from ..selectors.credits import list_soldes
from ..selectors.probleme import build_probleme, list_affectations
from .commun import lock_tableau, refuse_in_french

CALCUL = "gardes.calculer"
DUREE_MAX = 120
PAS_AVANCEMENT = 1.0


@transaction.atomic
def launch_calcul(*, tableau_id: UUID, duree: int, garder: bool, by: Acteur) -> Variante:
    """Ask for a plan of the whole roster; with `garder`, around what was placed by hand. Raises ActionRefusee when a
    computation is under way, or nobody is there to be on duty."""
    tableau = lock_tableau(tableau_id)
    if tableau.etat != EtatTableau.CALCUL:
        raise ActionRefusee("Fermez d’abord les vœux\u00a0: le calcul part de ce que chacun a dit.")
    if not tableau.participants.exists() or not tableau.postes.exists():
        raise ActionRefusee("Il faut au moins une garde et une personne pour calculer un tableau.")
    fixees = list_affectations(tableau, origines=[OrigineGarde.MAIN]) if garder else []
    return _launch(tableau, NatureVariante.COMPLETE, duree, _write_parametres(fixees), by=by)


@transaction.atomic
def launch_remplacement(
    *, tableau_id: UUID, participant_id: UUID, du: date, au: date, duree: int, by: Acteur
) -> Variante:
    """Ask for the published roster without somebody from one day to another: cover first, then as few changes for the
    others as can be. What has begun is a fact, whatever rule it breaks. Raises ActionRefusee when a computation is
    under way."""
    tableau = lock_tableau(tableau_id)
    if tableau.etat != EtatTableau.PUBLIE:
        raise ActionRefusee("Un remplacement se calcule sur un tableau publié.")
    if au < du:
        raise ActionRefusee("Le dernier jour d’absence précède le premier.")
    absence = {"participant": str(participant_id), "du": du.isoformat(), "au": au.isoformat()}
    parametres = {"absence": absence}
    return _launch(tableau, NatureVariante.REMPLACEMENT, duree, parametres, by=by)


def _write_parametres(fixees: Collection[Affectation]) -> dict[str, Any]:
    return {"fixees": [[a.poste, a.personne] for a in fixees]}


def _launch(
    tableau: Tableau, nature: NatureVariante, duree: int, parametres: dict[str, Any], *, by: Acteur
) -> Variante:
    last = tableau.variantes.aggregate(numero=Max("numero"))["numero"] or 0
    with refuse_in_french():
        variante = Variante.objects.create(
            cpts_id=tableau.cpts_id,
            tableau=tableau,
            numero=last + 1,
            nature=nature,
            duree_max=min(max(duree, 1), DUREE_MAX),
            parametres=parametres,
        )
    journal.record("gardes.calcul_lance", tableau, by=by, variante=variante.numero, nature=str(nature))
    enqueue(CALCUL, cpts_id=tableau.cpts_id, once=f"{CALCUL}:{variante.pk}", variante_id=str(variante.pk))
    return variante


@dataclass(frozen=True, slots=True)
class Matiere:
    """All that the rule needs, read in one transaction. `depart` is the plan in place; `avances` are said beside it."""

    probleme: Probleme
    avances: dict[str, float]
    depart: list[Affectation]
    absents: list[Indisponibilite]
    duree: int


@transaction.atomic
def read_matiere(*, variante_id: UUID) -> Matiere | None:
    """The facts of a plan about to be computed; None when it no longer is."""
    variante = Variante.objects.select_related("tableau__cpts").filter(pk=variante_id).first()
    if variante is None or variante.etat != EtatVariante.EN_CALCUL:
        return None
    tableau = variante.tableau
    fixees = [Affectation(poste, qui) for poste, qui in variante.parametres.get("fixees", [])]
    absence = variante.parametres.get("absence")
    return Matiere(
        build_probleme(tableau, fixees=fixees, commence=now() if absence else None),
        {str(pk): round(float(sum(solde.values())), 2) for pk, solde in list_soldes(tableau).items()},
        list_affectations(tableau),
        [_write_absence(absence, tableau.cpts.fuseau)] if absence else [],
        variante.duree_max,
    )


def _write_absence(absence: dict[str, str], fuseau: str) -> Indisponibilite:
    zone = ZoneInfo(fuseau)
    return Indisponibilite(
        personne=absence["participant"],
        debut=datetime.combine(date.fromisoformat(absence["du"]), time(), zone),
        fin=datetime.combine(date.fromisoformat(absence["au"]) + timedelta(days=1), time(), zone),
        motif="absent",
    )


def apply_rule(matiere: Matiere, avance: Callable[[Etape], None] | None = None) -> Plan:
    """The rule, and why not otherwise. No database: the longest part holds nothing."""
    if matiere.absents:
        depart = Plan(affectations=tuple(matiere.depart), niveaux=())
        plan = replan(matiere.probleme, depart, matiere.absents, duree=matiere.duree, avance=avance)
        return explain(withdraw(matiere.probleme, matiere.absents), plan)
    plan = solve(matiere.probleme, duree=matiere.duree, depart=matiere.depart, avance=avance)
    return explain(matiere.probleme, plan)


def make_avance(variante_id: UUID, ecrit: Callable[[UUID, dict[str, Any]], None]) -> Callable[[Etape], None]:
    """Tell `ecrit` of the progress, once a second at most, from the thread that began: the solver's own threads have no
    transaction."""
    fil, dernier = threading.get_ident(), [0.0]

    def avance(etape: Etape) -> None:
        if threading.get_ident() != fil or monotonic() - dernier[0] < PAS_AVANCEMENT:
            return
        dernier[0] = monotonic()
        ecrit(variante_id, {"objectif": etape.objectif.value, "part": round(etape.part, 3)})

    return avance


def note_avancement(variante_id: UUID, avancement: dict[str, Any]) -> None:
    """Where the computation stands, for the page that waits."""
    Variante.objects.filter(pk=variante_id, etat=EtatVariante.EN_CALCUL).update(avancement=avancement)


@transaction.atomic
def write_calcul(*, variante_id: UUID, matiere: Matiere, plan: Plan) -> bool:
    """Keep the plan and its figures; False when the computation was given up."""
    variante = Variante.objects.select_for_update(of=("self",)).select_related("tableau").get(pk=variante_id)
    if variante.etat != EtatVariante.EN_CALCUL:
        return False
    variante.etat, variante.calculee_le = EtatVariante.PRETE, now()
    variante.probleme, variante.plan = probleme_to_json(matiere.probleme), plan_to_json(plan)
    variante.bilan = summarise(matiere, plan)
    variante.save(update_fields=["etat", "calculee_le", "probleme", "plan", "bilan"])
    journal.record(
        "gardes.calcul_fait", variante.tableau, by=SYSTEME, variante=variante.numero, prouve=variante.bilan["prouve"]
    )
    return True


def summarise(matiere: Matiere, plan: Plan) -> dict[str, Any]:
    """The figures by which variants are compared."""
    probleme = matiere.probleme
    places = sum(poste.besoin for poste in probleme.postes)
    voulus = [souhait for souhait in probleme.souhaits if souhait.signe > 0]
    evites = [souhait for souhait in probleme.souhaits if souhait.signe < 0]
    tenus: dict[str, set[date]] = {}
    for affectation in plan.affectations:
        jour = probleme.jour(probleme.par_poste[affectation.poste])
        tenus.setdefault(affectation.personne, set()).add(jour)
    charges = Counter(affectation.personne for affectation in plan.affectations)
    present = set(matiere.depart)
    return {
        "prouve": plan.prouve,
        "niveaux": {n.objectif.value: {"valeur": n.valeur, "borne": n.borne, "prouve": n.prouve} for n in plan.niveaux},
        "places": places,
        "pourvues": len(plan.affectations),
        "voulus": len(voulus),
        "accordes": sum(s.jour in tenus.get(s.personne, ()) for s in voulus),
        "evites": len(evites),
        "respectes": sum(s.jour not in tenus.get(s.personne, ()) for s in evites),
        "charges": _spread(probleme, charges),
        "avances": matiere.avances,
        "changements": len(present - set(plan.affectations)) if present else None,
    }


def _spread(probleme: Probleme, charges: Counter[str]) -> dict[str, list[int]]:
    """By profession, the fewest and the most duties of somebody."""
    par_profession: dict[str, list[int]] = {}
    for personne in probleme.personnes:
        par_profession.setdefault(personne.profession, []).append(charges[personne.cle])
    return {profession: [min(own), max(own)] for profession, own in par_profession.items()}


@transaction.atomic
def compute_variante(*, variante_id: UUID) -> bool:
    """The three steps in a row, in the transaction of the caller: for a demonstration or a test."""
    matiere = read_matiere(variante_id=variante_id)
    return matiere is not None and write_calcul(variante_id=variante_id, matiere=matiere, plan=apply_rule(matiere))


@transaction.atomic
def fail_calcul(*, variante_id: UUID, raison: str, raisons: Collection[Raison] = ()) -> None:
    """Say why no plan came, with the facts that contradict when that is why; another may then be asked for."""
    variante = Variante.objects.select_for_update(of=("self",)).select_related("tableau").get(pk=variante_id)
    if variante.etat != EtatVariante.EN_CALCUL:
        return
    variante.etat, variante.erreur, variante.calculee_le = EtatVariante.ECHEC, raison[:400], now()
    variante.bilan = {"raisons": [asdict(one) for one in raisons]} if raisons else {}
    variante.save(update_fields=["etat", "erreur", "calculee_le", "bilan"])
    journal.record("gardes.calcul_echoue", variante.tableau, by=SYSTEME, variante=variante.numero)


@transaction.atomic
def keep_variante(*, variante_id: UUID, by: Acteur) -> Tableau:
    """Take up a plan: the drafts are those of this variant. Raises ActionRefusee when it is not ready, or when the
    roster's shifts or people changed since."""
    tableau = lock_tableau(Variante.objects.values_list("tableau", flat=True).get(pk=variante_id))
    variante = Variante.objects.get(pk=variante_id)
    if variante.etat != EtatVariante.PRETE or variante.nature != NatureVariante.COMPLETE:
        raise ActionRefusee("Cette variante n’est pas prête à être retenue.")
    if tableau.etat != EtatTableau.CALCUL:
        raise ActionRefusee("Ce tableau est publié\u00a0: une variante entière ne s’y applique plus.")
    main = {(a.poste, a.personne) for a in list_affectations(tableau, origines=[OrigineGarde.MAIN])}
    tableau.gardes.filter(etat=EtatGarde.PROJET).delete()
    with refuse_in_french():
        Garde.objects.bulk_create(build_gardes(tableau, read_affectations(variante), main))
    tableau.variantes.exclude(retenue_le=None).update(retenue_le=None)
    variante.retenue_le = now()
    variante.save(update_fields=["retenue_le"])
    journal.record("gardes.variante_retenue", tableau, by=by, variante=variante.numero)
    return tableau


def read_affectations(variante: Variante) -> list[Affectation]:
    return [Affectation(ligne["poste"], ligne["personne"]) for ligne in variante.plan["affectations"]]


def build_gardes(
    tableau: Tableau, affectations: Collection[Affectation], main: Collection[tuple[str, str]] = ()
) -> list[Garde]:
    """Draft duties of a plan, by place. Raises ActionRefusee when a shift or a person is no longer there."""
    postes = {str(poste.pk): poste for poste in tableau.postes.all()}
    people = {str(participant.pk): participant for participant in Participant.objects.filter(tableau=tableau)}
    places: Counter[str] = Counter()
    gardes = []
    for affectation in sorted(affectations):
        poste, participant = postes.get(affectation.poste), people.get(affectation.personne)
        if poste is None or participant is None:
            raise ActionRefusee("Le tableau a changé depuis ce calcul\u00a0: lancez-en un autre.")
        places[affectation.poste] += 1
        gardes.append(
            Garde(
                cpts_id=tableau.cpts_id,
                tableau=tableau,
                poste=poste,
                place=places[affectation.poste],
                participant=participant,
                professionnel_id=participant.professionnel_id,
                debut=poste.debut,
                fin=poste.fin,
                origine=OrigineGarde.MAIN if (affectation.poste, affectation.personne) in main else OrigineGarde.CALCUL,
            )
        )
    return gardes
