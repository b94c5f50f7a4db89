"""Duties as calendars, pay and people's sheets read them."""

from collections.abc import Collection
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.urls import reverse

from maillon.socle.cpts.models import Cpts
from maillon.socle.cpts.selectors import get_slug
from maillon.socle.declarations import (
    ElementPersonne,
    EntreeAgenda,
    FonctionGarde,
    ParticipationPayable,
    PorteeAgenda,
    VueSollicitation,
)
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Mission
from maillon.socle.ui.typographie import format_date, format_duree, local_day

from .enums import EtatGarde, GenrePoste, MotifRefus
from .heures import is_nuit, say_heures, to_heures
from .models import Garde, Poste
from .permissions import VOIR
from .selectors import say_profession

GENRE = "garde"
SOURCE = "gardes"
DERNIERES = 12
FONCTIONS = {
    GenrePoste.SAMEDI: FonctionGarde.SAMEDI,
    GenrePoste.DIMANCHE: FonctionGarde.FERIE,
    GenrePoste.FERIE: FonctionGarde.FERIE,
}
TONS = {EtatGarde.TENUE: "bien", EtatGarde.PUBLIEE: "cours", EtatGarde.NON_TENUE: "attente"}


def list_agenda(portee: PorteeAgenda, debut: datetime, fin: datetime) -> list[EntreeAgenda]:
    """Published duties over [debut, fin[: a person's calendar has theirs, those taken from them said cancelled; an
    actor sees all that the actor may. No group is on duty. Two queries."""
    rows = _within(portee).exclude(etat=EtatGarde.PROJET).filter(debut__lt=fin, fin__gt=debut)
    found = list(rows.select_related("poste", "participant__personne").order_by("debut", "poste__profession", "place"))
    slug = get_slug(portee.cpts_id) if found else ""
    return [
        EntreeAgenda(
            uid=f"garde-{garde.pk}@maillon",
            genre=GENRE,
            titre=_write_titre(garde, portee),
            debut=garde.debut,
            fin=garde.fin,
            sequence=garde.sequence,
            lieu=garde.poste.lieu,
            url=reverse("gardes_miennes", args=[slug])
            if portee.personne_id
            else reverse("gardes_tableau", args=[slug, garde.tableau_id]),
            annulee=garde.etat == EtatGarde.RETIREE,
            mission=Mission.ACCES,
        )
        for garde in found
    ]


def _within(portee: PorteeAgenda) -> QuerySet[Garde]:
    if portee.acteur is not None:
        return Garde.objects.visible_to(portee.acteur).exclude(etat=EtatGarde.RETIREE)
    if portee.personne_id is not None:
        return Garde.objects.filter(cpts_id=portee.cpts_id, participant__personne=portee.personne_id)
    return Garde.objects.none()


def _write_titre(garde: Garde, portee: PorteeAgenda) -> str:
    metier = say_profession(garde.poste.profession)
    return f"Garde ({metier})" if portee.personne_id else f"Garde\u00a0: {garde.participant.personne}, {metier}"


def list_participations(cpts_id: UUID, debut: date, fin: date) -> list[ParticipationPayable]:
    """Duties said held over [debut, fin[, each with its hours and the hash of what was said; two queries."""
    zone = ZoneInfo(Cpts.objects.values_list("fuseau", flat=True).get(pk=cpts_id))
    start, end = (datetime.combine(jour, time(), zone) for jour in (debut, fin))
    rows = Garde.objects.filter(cpts_id=cpts_id, etat=EtatGarde.TENUE, debut__gte=start, debut__lt=end)
    return [
        ParticipationPayable(
            reference=str(garde.pk),
            personne_id=garde.participant.personne_id,
            le=garde.poste.jour,
            heures=_measure(garde),
            mission=Mission.ACCES,
            libelle=f"Garde du {format_date(garde.poste.jour, jour=False)}, "
            f"{say_heures(garde.debut, garde.fin, garde.tableau.cpts.fuseau)}",
            preuve=f"garde constatée tenue, empreinte {garde.empreinte[:12]}",
            fonctions=_list_fonctions(garde),
        )
        for garde in rows.select_related("poste", "participant", "tableau__cpts").order_by("debut", "pk")
    ]


def _list_fonctions(garde: Garde) -> tuple[FonctionGarde, ...]:
    """As what a duty is paid: its hours first, then its day, then any duty."""
    nuit = (FonctionGarde.NUIT,) if is_nuit(garde.debut, garde.fin, garde.tableau.cpts.fuseau) else ()
    jour = FONCTIONS.get(GenrePoste(garde.poste.genre))
    return (*nuit, *((jour,) if jour else ()), FonctionGarde.GARDE)


def _measure(garde: Garde) -> Decimal:
    """True hours: a night when the clocks change is one hour shorter or longer."""
    return to_heures(garde.fin - garde.debut)


def list_gardes_of(cpts_id: UUID, personne_id: UUID, acteur: Acteur) -> list[ElementPersonne]:
    """The last duties of a person that the actor may see; two queries."""
    if not acteur.can(VOIR):
        return []
    rows = (
        Garde.objects.visible_to(acteur)
        .filter(cpts_id=cpts_id, participant__personne=personne_id)
        .exclude(etat__in=(EtatGarde.RETIREE, EtatGarde.PROJET))
        .select_related("poste", "tableau__cpts")
        .order_by("-debut")
    )
    return [
        ElementPersonne(
            le=local_day(garde.debut),
            libelle="Garde",
            detail=say_heures(garde.debut, garde.fin, garde.tableau.cpts.fuseau),
            url=reverse("gardes_tableau", args=[garde.tableau.cpts.slug, garde.tableau_id]),
            etat=garde.get_etat_display(),
            ton=TONS.get(EtatGarde(garde.etat), "neutre"),
        )
        for garde in rows[:DERNIERES]
    ]


def present_postes(cpts_id: UUID, poste_ids: Collection[UUID]) -> dict[UUID, VueSollicitation]:
    """What somebody asked to take a duty reads: when, how long, where; one query."""
    motifs = tuple((motif.value, str(motif.label)) for motif in MotifRefus)
    rows = Poste.objects.filter(cpts_id=cpts_id, pk__in=poste_ids).select_related("tableau__cpts")
    return {
        poste.pk: VueSollicitation(
            titre=f"{format_date(poste.jour).capitalize()}, "
            f"{say_heures(poste.debut, poste.fin, poste.tableau.cpts.fuseau)}",
            besoins=tuple(
                filter(
                    None,
                    (
                        f"{format_duree(poste.fin - poste.debut)} de garde, {say_profession(poste.profession)}",
                        poste.lieu,
                        f"jour férié\u00a0: {poste.ferie}" if poste.ferie else "",
                    ),
                )
            ),
            motifs=motifs,
        )
        for poste in rows
    }
