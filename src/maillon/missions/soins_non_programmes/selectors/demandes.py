"""Reading requests: the desk's day, one sheet, what a solicited professional is shown."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Case, Q, QuerySet, When
from django.http import Http404

from maillon.communaute.adhesions.selectors.membres import members
from maillon.communaute.annuaire.enums import Profession
from maillon.communaute.annuaire.models import Professionnel
from maillon.socle.declarations import VueSollicitation
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Genre
from maillon.socle.horloge import now, today
from maillon.socle.journal.models import Entree
from maillon.socle.ui.typographie import format_date_heure

from ..enums import SANS_REPONSE, EtatDemande, Modalite, MotifRefus
from ..models import DemandeSoin, DemandeSoinQuerySet, LieuConsultation

ATTENTE_LONGUE = timedelta(minutes=30)
AGES = ((16, "enfant ou adolescent"), (41, "16 à 40 ans"), (71, "41 à 70 ans"))


def list_demandes(*, for_acteur: Acteur) -> DemandeSoinQuerySet:
    """Requests that this person may see."""
    rows = DemandeSoin.objects.visible_to(for_acteur)
    rows = rows.select_related("cpts", "commune", "accepte_par", "usuel", "demandeur__compte")
    # A regulator reads the request, whose patient does not exist outside the community.
    return rows if for_acteur.genre is Genre.AGENT else rows.select_related("patient")


def get_demande(demande_id: UUID, *, for_acteur: Acteur) -> DemandeSoin:
    """One of them; Http404 otherwise."""
    found = list_demandes(for_acteur=for_acteur).filter(pk=demande_id).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True, slots=True)
class Jour:
    """The desk's page: what waits, the longest first among the urgent, then what was answered today."""

    escaladees: tuple[DemandeSoin, ...]
    acceptees: tuple[DemandeSoin, ...]
    en_cours: tuple[DemandeSoin, ...]
    repondues: tuple[DemandeSoin, ...]
    attente: int

    @property
    def au_dela(self) -> int:
        """How many wait and are not shown: the page shows those that came first."""
        return self.attente - len(self.escaladees) - len(self.acceptees) - len(self.en_cours)


def read_jour(*, for_acteur: Acteur, limite: int = 60) -> Jour:
    """Three queries, and the people named with them: what escalated first, then the longest wait."""
    rows = list_demandes(for_acteur=for_acteur)
    open_ones = rows.sans_reponse().annotate(urgente=Case(When(etat=EtatDemande.ESCALADEE, then=0), default=1))
    waiting = list(open_ones.order_by("urgente", "deposee_le")[:limite])
    since = now() - timedelta(hours=24)
    done = rows.exclude(etat__in=SANS_REPONSE).filter(Q(deposee_le__gte=since) | Q(repondue_le__gte=since))
    return Jour(
        tuple(d for d in waiting if d.etat == EtatDemande.ESCALADEE),
        tuple(d for d in waiting if d.etat == EtatDemande.ACCEPTEE),
        tuple(d for d in waiting if d.etat in (EtatDemande.OUVERTE, EtatDemande.SOLLICITEE)),
        tuple(done.order_by("-deposee_le")[:limite]),
        len(waiting) if len(waiting) < limite else rows.sans_reponse().count(),
    )


def list_histoire(demande: DemandeSoin) -> list[Entree]:
    """What happened to a request, the latest first. One query."""
    return list(Entree.objects.filter(cpts_id=demande.cpts_id, objet_id=demande.pk).order_by("-id")[:60])


def tranche_age(demande: DemandeSoin) -> str:
    """An age that does not point at one person."""
    annee = demande.patient.annee_naissance
    if annee is None:
        return "âge non précisé"
    age = today().year - annee
    return next((libelle for limite, libelle in AGES if age < limite), "plus de 70 ans")


def write_moment(moment: datetime, fuseau: str) -> str:
    """« mardi 3 mars, 14 h 30 » by the clock of the community."""
    return format_date_heure(moment.astimezone(ZoneInfo(fuseau)))


def present_demandes(cpts_id: UUID, objet_ids: Collection[UUID]) -> dict[UUID, VueSollicitation]:
    """All that a solicited professional reads: what is sought, where about, by when. Never who."""
    motifs = tuple((motif.value, str(motif.label)) for motif in MotifRefus)
    rows = DemandeSoin.objects.filter(cpts_id=cpts_id, pk__in=objet_ids).select_related("patient", "commune", "cpts")
    return {
        demande.pk: VueSollicitation(
            "Une personne a besoin d’un soin",
            (
                f"{str(demande.get_besoin_display()).capitalize()}, {demande.get_modalite_display()}",
                f"Habite {demande.commune.nom}, {tranche_age(demande)}",
                f"Attend une réponse avant {write_moment(demande.avant_le, demande.cpts.fuseau)}",
            ),
            motifs,
        )
        for demande in rows
    }


def list_usuels(cpts_id: UUID, profession: str) -> list[Professionnel]:
    """Members of a profession, among whom the usual one is named. One query."""
    rows = members(cpts_id, on=today()).filter(professionnel__profession=profession)
    found = {row.professionnel_id: row.professionnel for row in rows if row.professionnel is not None}
    return sorted(found.values(), key=lambda one: one.nom_recherche)


def list_lieux(professionnel_id: UUID, cpts_id: UUID) -> QuerySet[LieuConsultation]:
    """Where this professional receives, in this community."""
    own = LieuConsultation.objects.filter(cpts_id=cpts_id, professionnel=professionnel_id, ferme_le=None)
    return own.select_related("commune", "professionnel").order_by("libelle")


def list_professions() -> list[tuple[str, str]]:
    """What one seeks care from, the most sought first."""
    order = ("10", "60", "70", "50", "40", "80", "91")
    return [(code, str(Profession(code).label)) for code in order]


MODALITES = tuple((modalite.value, str(modalite.label)) for modalite in Modalite)
