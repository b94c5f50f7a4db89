"""Campaigns of the census: how far they are, whom to call."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.http import Http404

from maillon.communaute.annuaire.models import Activite
from maillon.socle.droits.acteur import Acteur

from ..enums_places import Appel, StatutReponse
from ..models import CampagneRecensement, Capacite, DestinataireRecensement


def get_campagne(campagne_id: UUID, *, for_acteur: Acteur) -> CampagneRecensement:
    """Raises Http404 when the actor may not see it."""
    found = CampagneRecensement.objects.visible_to(for_acteur).filter(pk=campagne_id).first()
    if found is None:
        raise Http404
    return found


def get_campagne_en_cours(cpts_id: UUID) -> CampagneRecensement | None:
    return CampagneRecensement.objects.filter(cpts_id=cpts_id).en_cours().first()


def get_destinataire(
    destinataire_id: UUID, *, for_acteur: Acteur, campagne: CampagneRecensement | None = None
) -> DestinataireRecensement:
    """Raises Http404 when the actor may not see it, or when it is not of this campaign."""
    rows = DestinataireRecensement.objects.visible_to(for_acteur).select_related("campagne", "professionnel")
    if campagne is not None:
        rows = rows.filter(campagne=campagne)
    found = rows.filter(pk=destinataire_id).first()
    if found is None:
        raise Http404
    return found


def list_campagnes(acteur: Acteur) -> QuerySet[CampagneRecensement]:
    """Campaigns with `interroges` and `reponses`, latest first."""
    return (
        CampagneRecensement.objects.visible_to(acteur)
        .annotate(
            interroges=Count("destinataires"),
            reponses=Count("destinataires", filter=Q(destinataires__repondu_le__isnull=False)),
        )
        .order_by("-lancee_le")
    )


def list_destinataires(campagne: CampagneRecensement) -> QuerySet[DestinataireRecensement]:
    """Who is asked, with `statut_cle`, `restantes`, `prevues` and a `telephone` to call."""
    capacite = Capacite.objects.with_restantes().filter(cpts=campagne.cpts_id, professionnel=OuterRef("professionnel"))
    telephone = Activite.objects.filter(professionnel=OuterRef("professionnel")).exclude(telephone="").order_by("id")
    return (
        DestinataireRecensement.objects.filter(campagne=campagne)
        .select_related("professionnel")
        .annotate(
            restantes=Subquery(capacite.values("restantes")),
            prevues=Subquery(capacite.values("places_prevues")),
            telephone=Subquery(telephone.values("telephone")[:1]),
            statut_cle=Case(
                When(repondu_le__isnull=False, then=Value(StatutReponse.REPONDU)),
                When(appel=Appel.DECLINE, then=Value(StatutReponse.DECLINE)),
                When(joignable=True, then=Value(StatutReponse.ATTENDU)),
                default=Value(StatutReponse.A_APPELER),
                output_field=CharField(),
            ),
        )
    )


@dataclass(frozen=True, slots=True)
class Avancee:
    """How far a campaign is."""

    interroges: int
    reponses: int
    declines: int
    a_appeler: int
    envoyes: int
    joignables: int
    rappeles: int
    offrent: int
    places: int
    prevues: int

    @property
    def sans_reponse(self) -> int:
        return self.interroges - self.reponses - self.declines


def compute_avancee(campagne: CampagneRecensement) -> Avancee:
    """Counts of a campaign, and what those who answered offer today: two queries."""
    open_rows = Q(repondu_le=None) & ~Q(appel=Appel.DECLINE)
    counts = campagne.destinataires.aggregate(
        interroges=Count("pk"),
        reponses=Count("pk", filter=Q(repondu_le__isnull=False)),
        declines=Count("pk", filter=Q(repondu_le=None, appel=Appel.DECLINE)),
        a_appeler=Count("pk", filter=open_rows & Q(joignable=False)),
        envoyes=Count("pk", filter=Q(envoye_le__isnull=False)),
        joignables=Count("pk", filter=Q(joignable=True)),
        rappeles=Count("pk", filter=Q(rappels_envoyes__gt=0)),
    )
    answered = campagne.destinataires.filter(professionnel=OuterRef("professionnel"), repondu_le__isnull=False)
    offers = list(
        Capacite.objects.with_restantes()
        .filter(Exists(answered), cpts=campagne.cpts_id)
        .values_list("restantes", "places_prevues")
    )
    return Avancee(
        **counts,
        offrent=sum(bool(restantes) for restantes, _ in offers),
        places=sum(restantes for restantes, _ in offers),
        prevues=sum(prevues for _, prevues in offers),
    )


def is_interroge(*, cpts_id: UUID, professionnel_id: UUID) -> bool:
    """Whether a campaign of this community asked this doctor."""
    return DestinataireRecensement.objects.filter(cpts_id=cpts_id, professionnel=professionnel_id).exists()
