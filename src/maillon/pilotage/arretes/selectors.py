"""Sealed periods, and what has changed since."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404

from maillon.pilotage.contrats.models import Contrat
from maillon.socle.droits.acteur import Acteur
from maillon.socle.journal.models import Entree

from .contenu import compute_empreinte
from .models import Arrete, ArreteQuerySet

EVENEMENT = "arretes.periode_arretee"


def list_arretes(contrat_id: UUID, *, for_acteur: Acteur) -> ArreteQuerySet:
    """Every seal of a contract, without contents, the latest period first."""
    return _visible(for_acteur).filter(contrat_id=contrat_id).legers()


def get_arrete(pk: UUID, *, for_acteur: Acteur) -> Arrete:
    """A seal with its content, or 404 outside the person's community or territory."""
    arrete = _visible(for_acteur).select_related("cpts", "remplace_par").filter(pk=pk).first()
    if arrete is None:
        raise Http404
    return arrete


def _visible(acteur: Acteur) -> ArreteQuerySet:
    if acteur.cpts_id is not None:
        return Arrete.objects.filter(cpts_id=acteur.cpts_id)
    return Arrete.objects.filter(cpts_id__in=acteur.cpts_lues)


def find_dernier(contrat: Contrat, numero: int) -> Arrete | None:
    """The seal that tells a year, with its content: the final one, else the latest intermediate one."""
    ouverts = Arrete.objects.en_vigueur().filter(cpts_id=contrat.cpts_id, contrat=contrat, annee=numero)
    return ouverts.order_by("-definitif", "-fin", "-arrete_le").first()


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether a sealed period is what was sealed. `anomalie` says in French what is wrong; empty when intact."""

    arrete: Arrete
    recalculee: str
    anomalie: str

    @property
    def intact(self) -> bool:
        return not self.anomalie


def verify_arrete(arrete: Arrete) -> Verification:
    """Compute the hash again, and compare it with the row and with what the journal kept on the day."""
    recalculee = compute_empreinte(arrete.contenu)
    traces = Entree.objects.filter(cpts_id=arrete.cpts_id, objet_id=arrete.pk, evenement=EVENEMENT)
    journal = traces.values_list("details__empreinte", flat=True).first()
    anomalie = ""
    if recalculee != arrete.empreinte:
        anomalie = "Le contenu ne donne plus l’empreinte inscrite : il a été modifié hors de Maillon."
    elif journal is None:
        anomalie = "Le journal ne connaît pas cet arrêté : il a été ajouté hors de Maillon."
    elif journal != arrete.empreinte:
        anomalie = "L’empreinte n’est pas celle que le journal a gardée : l’arrêté a été réécrit hors de Maillon."
    return Verification(arrete, recalculee, anomalie)


def verify_arretes(cpts_id: UUID) -> Iterator[Verification]:
    """Every seal of a community, one at a time."""
    for arrete in Arrete.objects.filter(cpts_id=cpts_id).order_by("arrete_le").iterator(chunk_size=5):
        yield verify_arrete(arrete)
