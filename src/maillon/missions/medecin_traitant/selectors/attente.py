"""What a waiting list would do, row by row; the lists received; the people to call."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet
from django.http import Http404
from django.urls import reverse

from maillon.communaute.patients.identites import get_empreinte_telephone, get_empreintes_noms
from maillon.communaute.patients.models import Patient
from maillon.communaute.patients.selectors import match_patients
from maillon.socle.chiffrement import normalize
from maillon.socle.cpts.models import Cpts
from maillon.socle.declarations import Alerte
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import today
from maillon.socle.lots import batched
from maillon.socle.ui.typographie import compter, format_date

from ..attente.colonnes import read_liste
from ..attente.lecture import LigneLue, LigneRefusee, build_territoire, read_ligne
from ..enums import OUVERTS, ChampAttente, IssueAttente
from ..models import Demande, ListeAttente
from ..permissions import GERER
from .demandes import list_communes

LOT = 1_000
# The order of the call round: the call planned first, then the oldest request.
TOURNEE = ("prochaine_date", "deposee_le", "id")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one row would do."""

    numero: int
    issue: IssueAttente
    motif: str = ""
    deja: str = ""
    lue: LigneLue | None = None


@dataclass(slots=True)
class _DejaLues:
    """People already met in the same list: same name, with the same telephone or year of birth."""

    vues: dict[tuple[str, str], int] = field(default_factory=dict)

    def find(self, lue: LigneLue) -> int | None:
        noms = " ".join(sorted(normalize(lue.noms).split()))
        cles = [(noms, numero) for numero in lue.telephones]
        cles += [(noms, str(lue.annee_naissance))] if lue.annee_naissance else []
        deja = next((self.vues[cle] for cle in cles if cle in self.vues), None)
        for cle in cles:
            self.vues.setdefault(cle, lue.numero)
        return deja


def examine(liste: ListeAttente, *, by: Acteur) -> Iterator[Verdict]:
    """Every row of the list, in order: three queries a thousand rows."""
    entetes, lignes = read_liste(liste.unseal())
    champs = [(rang, ChampAttente(liste.colonnes[t])) for rang, t in enumerate(entetes) if liste.colonnes.get(t)]
    communes = list_communes(liste.cpts_id)
    territoire = build_territoire([(c.pk, c.nom, c.codes_postaux) for c in communes])
    deja_lues, on = _DejaLues(), today()
    for lot in batched(lignes, LOT):
        verdicts: list[Verdict] = []
        for numero, cellules in lot:
            try:
                lue = read_ligne(numero, {champ: cellules[r] for r, champ in champs}, territoire=territoire, on=on)
            except LigneRefusee as refus:
                verdicts.append(Verdict(numero, IssueAttente.REFUSEE, str(refus)))
                continue
            deja = deja_lues.find(lue)
            if deja is None:
                motif = f"À vérifier : {', '.join(lue.remarques)}." if lue.remarques else ""
                verdicts.append(Verdict(numero, IssueAttente.AJOUT, motif, lue=lue))
            else:
                verdicts.append(Verdict(numero, IssueAttente.DOUBLON_LISTE, f"Répète la ligne {deja}."))
        known = find_ouvertes([v.lue for v in verdicts if v.lue], cpts_id=liste.cpts_id, by=by)
        for verdict in verdicts:
            if (reference := known.get(verdict.numero)) and verdict.lue:
                yield Verdict(verdict.numero, IssueAttente.DOUBLON_BASE, deja=reference)
            else:
                yield verdict


def find_ouvertes(lues: Sequence[LigneLue], *, cpts_id: UUID, by: Acteur) -> dict[int, str]:
    """By row, the reference of the open request of the same person: same name, and the same telephone or year of
    birth. Each person found leaves a trace."""
    cherches: dict[int, list[bytes]] = {}
    for lue in lues:
        noms = get_empreintes_noms(lue.noms, cpts_id=cpts_id)
        if lue.telephones:
            cherches[2 * lue.numero] = [*noms, get_empreinte_telephone(lue.telephones[0], cpts_id=cpts_id)]
        if lue.annee_naissance and len(noms) > 1:
            cherches[2 * lue.numero + 1] = noms
    found = match_patients(cherches, pourquoi="doublons d’une liste d’attente", by=by)
    patients = {pk for pks in found.values() for pk in pks}
    if not patients:
        return {}
    ouvertes = dict(
        Demande.objects.filter(cpts_id=cpts_id, patient__in=patients, etat__in=OUVERTS).values_list(
            "patient", "reference"
        )
    )
    annees = dict(Patient.objects.filter(pk__in=ouvertes).values_list("pk", "annee_naissance"))
    par_numero = {lue.numero: lue for lue in lues}
    known: dict[int, str] = {}
    for rang, pks in found.items():
        numero, by_year = divmod(rang, 2)
        for pk in pks:
            if pk in ouvertes and (not by_year or annees.get(pk) == par_numero[numero].annee_naissance):
                known.setdefault(numero, ouvertes[pk])
    return known


def list_listes(cpts_id: UUID) -> QuerySet[ListeAttente]:
    """The lists received, the latest first, without their content."""
    return ListeAttente.objects.filter(cpts_id=cpts_id).defer("contenu")


def get_liste(pk: UUID, *, for_acteur: Acteur) -> ListeAttente:
    """The list of the person's community, or 404."""
    liste = list_listes(for_acteur.cpts_id or UUID(int=0)).filter(pk=pk).first()
    if liste is None or not for_acteur.can(GERER):
        raise Http404
    return liste


def list_a_recontacter(*, for_acteur: Acteur) -> QuerySet[Demande]:
    """The people of a list taken over who must still agree: the call planned first, then the oldest request."""
    return (
        Demande.objects.visible_to(for_acteur)
        .sans_accord()
        .select_related("patient__commune", "responsable__compte")
        .order_by(*TOURNEE)
    )


@dataclass(frozen=True, slots=True)
class Tournee:
    """How the call round stands; `premiere` is who to call first."""

    a_appeler: int
    aujourd_hui: int
    effacees_le: date | None
    premiere: UUID | None


def compute_tournee(sans_accord: QuerySet[Demande]) -> Tournee:
    """People to call, those planned by today, the next day of erasure, who comes first: two queries."""
    due = Q(prochaine_date__lte=today())
    found = sans_accord.aggregate(nombre=Count("pk"), due=Count("pk", filter=due), le=Min("a_effacer_le"))
    premiere = sans_accord.order_by(*TOURNEE).values_list("pk", flat=True).first()
    return Tournee(found["nombre"], found["due"], found["le"], premiere)


def list_alertes_recontact(cpts_id: UUID, acteur: Acteur, moment: datetime) -> list[Alerte]:
    """The sentence of the call round: who must still agree, and by when."""
    rows = Demande.objects.filter(cpts_id=cpts_id).sans_accord()
    found = rows.aggregate(nombre=Count("pk"), le=Min("a_effacer_le"))
    if not found["nombre"]:
        return []
    slug = Cpts.objects.values_list("slug", flat=True).get(pk=cpts_id)
    phrase = (
        f"{compter(found['nombre'], 'personne', 'personnes')} de la liste reprise à recontacter avant le "
        f"{format_date(found['le'], jour=False)}."
    )
    url = reverse("medecin_traitant_recontacts", args=[slug])
    urgente = found["le"] <= moment.date() + timedelta(days=14)
    return [Alerte("attend", phrase, url, nombre=found["nombre"], le=found["le"], urgente=urgente)]
