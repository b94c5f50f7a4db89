"""Openings, slots and appointments as those see them who open and close: the desk all, a professional their own."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.annuaire.selectors.membres import list_adherents
from maillon.regles.horaires import Horaire as Heures
from maillon.regles.horaires import Moment, classify, describe_regle, expand
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.models import Membre
from maillon.socle.horloge import now

from ..enums import EtatCreneau, Origine
from ..models import Creneau, LieuConsultation, Plage, RendezVous
from ..ouvertures import to_ouverture
from ..permissions import GERER
from .reglages import get_reglages, get_today, get_zone, list_feries


def get_professionnel(acteur: Acteur) -> Professionnel | None:
    """The professional of this account."""
    return Professionnel.objects.filter(rpps=acteur.rpps).first() if acteur.rpps else None


def list_professionnels(cpts_id: UUID) -> QuerySet[Professionnel]:
    """Those who belong to the community today."""
    return Professionnel.objects.filter(pk__in=list_adherents(cpts_id))


def find_professionnel(pk: UUID, *, for_acteur: Acteur) -> Professionnel:
    """One for whom this actor opens and closes; 404 for any other."""
    rows = Professionnel.objects.filter(rpps=for_acteur.rpps or "")
    if for_acteur.can(GERER) and for_acteur.cpts_id:
        rows = Professionnel.objects.filter(
            Q(pk__in=list_adherents(for_acteur.cpts_id))
            | Q(pk__in=Plage.objects.filter(cpts_id=for_acteur.cpts_id).values("professionnel"))
        )
    return get_object_or_404(rows, pk=pk)


def _own(for_acteur: Acteur, chemin: str = "professionnel") -> Q:
    own = Q(cpts_id=for_acteur.cpts_id)
    return own if for_acteur.can(GERER) else own & Q(**{f"{chemin}__rpps": for_acteur.rpps or ""})


def get_plage(pk: UUID, *, for_acteur: Acteur) -> Plage:
    rows = Plage.objects.visible_to(for_acteur).select_related("professionnel", "lieu__commune", "cpts")
    return get_object_or_404(rows, pk=pk)


def list_plages(for_acteur: Acteur) -> QuerySet[Plage]:
    """With the number of slots free and booked ahead (`libres`, `pris`)."""
    ahead = Q(creneaux__debut__gt=now())
    return (
        Plage.objects.visible_to(for_acteur)
        .select_related("professionnel", "lieu__commune")
        .annotate(
            libres=Count("creneaux", filter=ahead & Q(creneaux__etat=EtatCreneau.LIBRE)),
            pris=Count("creneaux", filter=ahead & Q(creneaux__etat=EtatCreneau.RESERVE)),
        )
    )


def get_creneau(pk: UUID, *, for_acteur: Acteur) -> Creneau:
    return get_object_or_404(Creneau.objects.filter(_own(for_acteur)).select_related("professionnel"), pk=pk)


def get_rendez_vous_recu(pk: UUID, *, for_acteur: Acteur) -> RendezVous:
    """An appointment, as who receives the person (or the desk) says what became of it."""
    rows = RendezVous.objects.filter(_own(for_acteur, "creneau__professionnel"))
    return get_object_or_404(rows.select_related("creneau__professionnel"), pk=pk)


def is_recu(rendez_vous: RendezVous, *, by: Acteur) -> bool:
    """Whether this actor receives the person, or is the desk of the community where they are received: those who say
    what became of the appointment, and not whoever gave it."""
    here = rendez_vous.cpts_id == by.cpts_id
    return here and (by.can(GERER) or bool(by.rpps and by.rpps == rendez_vous.creneau.professionnel.rpps))


def get_lieu(pk: UUID, *, for_acteur: Acteur) -> LieuConsultation:
    return get_object_or_404(
        LieuConsultation.objects.filter(_own(for_acteur)).select_related("professionnel", "commune"), pk=pk
    )


def list_autres_cpts(acteur: Acteur, professionnel: Professionnel) -> list[Cpts]:
    """The other communities of a professional, who alone reads own memberships and may share slots with them."""
    if acteur.rpps != professionnel.rpps or acteur.compte_id is None:
        return []
    rows = Membre.objects.filter(compte=acteur.compte_id, actif=True)
    found = [membre.cpts for membre in rows.select_related("cpts").order_by("cpts__nom")]
    return [cpts for cpts in found if cpts.pk != acteur.cpts_id]


@dataclass(frozen=True, slots=True)
class JourApercu:
    jour: date
    nombre: int
    hors_aci: int


@dataclass(frozen=True, slots=True)
class Apercu:
    """What an opening gives: its repetition in words, its next days, the holidays that it leaves out."""

    phrase: str
    jours: list[JourApercu]
    feries: list[tuple[date, str]]
    total: int
    suite: bool


def preview_plage(plage: Plage, cpts: Cpts, *, montres: int = 6, semaines: int = 6) -> Apercu:
    """The next days of an opening, saved or not. ErreurRegle for hours or a repetition that make no sense."""
    debut = max(get_today(cpts), plage.jour)
    fin = debut + timedelta(weeks=semaines)
    reglages, feries = get_reglages(cpts.pk), list_feries(cpts, debut, fin)
    ouverture = to_ouverture(plage, reglages)
    moments = [m for m in expand(ouverture, debut, fin, feries, cpts.fuseau) if m.debut > now()]
    kept = {m.debut.astimezone(get_zone(cpts)).date() for m in moments}
    without = expand(ouverture, debut, fin, (), cpts.fuseau)
    skipped = {m.debut.astimezone(get_zone(cpts)).date() for m in without} & (feries.keys() - kept)
    jours = _by_day(moments, feries, cpts)
    return Apercu(
        describe_regle(plage.regle),
        jours[:montres],
        [(jour, feries[jour]) for jour in sorted(skipped)],
        len(moments),
        bool(plage.regle) or len(jours) > montres,
    )


def _by_day(moments: Collection[Moment], feries: Collection[date], cpts: Cpts) -> list[JourApercu]:
    by_day: dict[date, list[Moment]] = {}
    for moment in moments:
        by_day.setdefault(moment.debut.astimezone(get_zone(cpts)).date(), []).append(moment)
    return [
        JourApercu(jour, len(own), sum(classify(m, feries, cpts.fuseau) == Heures.PDSA for m in own))
        for jour, own in by_day.items()
    ]


def count_par_lien(cpts: Cpts, professionnel: Professionnel) -> int:
    """How often this professional opened places today by the morning's link: a form sent twice shows by it."""
    rows = Plage.objects.filter(cpts_id=cpts.pk, professionnel=professionnel, jour=get_today(cpts))
    return rows.filter(origine=Origine.LIEN).count()
