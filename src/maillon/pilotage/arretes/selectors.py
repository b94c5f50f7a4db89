"""Sealed periods, and what has changed since."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse

from maillon.pilotage.contrats.annee import AnneeContrat
from maillon.pilotage.contrats.mentions import MentionAnnee
from maillon.pilotage.contrats.models import Releve, ReleveActe
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import today
from maillon.socle.journal.models import Entree

from .contenu import build_contenu, compute_empreinte, contenu_of_annee, contenu_of_releve
from .differences import Difference, compare
from .models import Arrete, ArreteQuerySet

EVENEMENT = "arretes.periode_arretee"


def list_arretes(contrat_id: UUID, *, for_acteur: Acteur) -> ArreteQuerySet:
    """Every seal of a contract, without contents, the latest period first."""
    return _visible(for_acteur).filter(contrat_id=contrat_id).legers()


def get_arrete(pk: UUID, *, for_acteur: Acteur) -> Arrete:
    """A seal with its content, or 404 outside the person's community or territory."""
    arrete = _visible(for_acteur).select_related("cpts").filter(pk=pk).first()
    if arrete is None:
        raise Http404
    return arrete


def get_cpts(contrat_id: UUID, *, for_acteur: Acteur) -> Cpts:
    """The community of a contract whose figures an agent reads, or 404."""
    releves = Releve.objects.select_related("cpts").filter(contrat_id=contrat_id, cpts_id__in=for_acteur.cpts_lues)
    releve = releves.defer("chiffres").first()
    if releve is None:
        raise Http404
    return releve.cpts


def _visible(acteur: Acteur) -> ArreteQuerySet:
    if acteur.cpts_id is not None:
        return Arrete.objects.filter(cpts_id=acteur.cpts_id)
    return Arrete.objects.filter(cpts_id__in=acteur.cpts_lues)


def find_dernier(cpts_id: UUID, contrat_id: UUID, numero: int) -> Arrete | None:
    """The seal that tells a year, with its content: the final one, else the latest intermediate one."""
    ouverts = Arrete.objects.en_vigueur().filter(cpts_id=cpts_id, contrat_id=contrat_id, annee=numero)
    return ouverts.order_by("-definitif", "-fin", "-arrete_le").first()


def find_suivant(arrete: Arrete) -> Arrete | None:
    """The seal in force of the same period, when it is no longer this one."""
    memes = Arrete.objects.filter(
        cpts_id=arrete.cpts_id,
        contrat_id=arrete.contrat_id,
        annee=arrete.annee,
        debut=arrete.debut,
        fin=arrete.fin,
    )
    dernier = memes.en_vigueur().legers().first()
    return None if dernier is None or dernier.pk == arrete.pk else dernier


def find_mention(annee: AnneeContrat) -> MentionAnnee | None:
    """The seal that tells a year, and what changed since; nothing for a year never sealed.

    An intermediate seal of a running year changes every day: what changed is told on its own page only.
    """
    contrat = annee.contrat
    arrete = find_dernier(contrat.cpts_id, contrat.pk, annee.annee.numero)
    if arrete is None:
        return None
    slug, ecarts = contrat.cpts.slug, compare(arrete, contenu_of_annee(annee)) if arrete.definitif else []
    urls = reverse("arretes:arrete", args=[slug, arrete.pk]), reverse("arretes:arretes", args=[slug])
    return _mention(arrete, urls, ecarts)


def find_mention_publiee(releve: Releve) -> MentionAnnee | None:
    """The same for CPAM and ARS, from what is published: the last seal of the contract, whatever its year."""
    arretes = Arrete.objects.en_vigueur().filter(cpts_id=releve.cpts_id, contrat_id=releve.contrat_id)
    arrete = arretes.order_by("-fin", "-definitif", "-arrete_le").first()
    if arrete is None:
        return None
    contrat_id, actuel = arrete.contrat_id, find_publie(arrete) if arrete.definitif else None
    liste = reverse("arretes:territoire_arretes", args=[contrat_id])
    urls = reverse("arretes:territoire_arrete", args=[contrat_id, arrete.pk]), liste
    return _mention(arrete, urls, [] if actuel is None else compare(arrete, actuel))


def _mention(arrete: Arrete, urls: tuple[str, str], ecarts: list[Difference]) -> MentionAnnee:
    return MentionAnnee(
        annee=arrete.annee,
        le=arrete.arrete_le,
        definitif=arrete.definitif,
        empreinte=arrete.empreinte,
        url=urls[0],
        url_liste=urls[1],
        chiffres=arrete.chiffres,
        ecarts=tuple(ecarts),
    )


def compute_actuel(arrete: Arrete) -> dict[str, Any]:
    """The content of the same year today."""
    return build_contenu(arrete.contrat, arrete.annee, on=today())


def find_publie(arrete: Arrete) -> dict[str, Any] | None:
    """What CPAM and ARS read of the same year today; None when nothing was published of it."""
    releve = Releve.objects.filter(cpts_id=arrete.cpts_id, contrat_id=arrete.contrat_id, annee=arrete.annee).first()
    if releve is None:
        return None
    return contenu_of_releve(releve, ReleveActe.objects.filter(cpts_id=arrete.cpts_id, releve=releve))


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether a sealed period is what was sealed. `anomalie` says in French what is wrong; empty when intact."""

    arrete: Arrete
    recalculee: str
    anomalie: str

    @property
    def intact(self) -> bool:
        return not self.anomalie


def verify_arrete(arrete: Arrete, *, with_journal: bool = True) -> Verification:
    """Compute the hash again, and compare it with the row and with what the journal kept on the day.

    CPAM and ARS do not read the journal of a community: `with_journal=False` compares with the row alone.
    """
    recalculee = compute_empreinte(arrete.contenu)
    anomalie = ""
    if recalculee != arrete.empreinte:
        anomalie = "Le contenu ne donne plus l’empreinte inscrite : il a été modifié hors de Maillon."
    elif with_journal:
        anomalie = _check_journal(arrete)
    return Verification(arrete, recalculee, anomalie)


def _check_journal(arrete: Arrete) -> str:
    traces = Entree.objects.filter(cpts_id=arrete.cpts_id, objet_id=arrete.pk, evenement=EVENEMENT)
    journal = traces.values_list("details__empreinte", flat=True).first()
    if journal is None:
        return "Le journal ne connaît pas cet arrêté : il a été ajouté hors de Maillon."
    if journal != arrete.empreinte:
        return "L’empreinte n’est pas celle que le journal a gardée : l’arrêté a été réécrit hors de Maillon."
    return ""


def verify_arretes(cpts_id: UUID) -> Iterator[Verification]:
    """Every seal of a community, one at a time."""
    for arrete in Arrete.objects.filter(cpts_id=cpts_id).order_by("arrete_le").iterator(chunk_size=5):
        yield verify_arrete(arrete)
