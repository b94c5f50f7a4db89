"""What every service does: lock in the one order, send a wave, fold up what is over, pass to the next wave."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from maillon.socle.courriels.services import cancel_for
from maillon.socle.declarations import FaitSollicitation, GenreSollicitation
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.services import create_lien, revoke_liens
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal

from ..enums import EtatAppel, EtatSollicitation, MotifRetrait
from ..models import ActionRefusee, Appel, Sollicitation
from ..selectors import find_courriels, list_absents, list_occupes

LIEN_SOLLICITATION = "sollicitations.repondre"

DEJA = {
    EtatSollicitation.PREVUE: "Cette sollicitation n’est pas encore partie.",
    EtatSollicitation.ACCEPTEE: "Vous avez déjà accepté.",
    EtatSollicitation.REFUSEE: "Vous avez déjà refusé.",
    EtatSollicitation.EXPIREE: "Le délai de réponse est passé\u00a0: la demande est proposée à d’autres.",
    EtatSollicitation.RETIREE: "Cette demande n’attend plus votre réponse. Merci d’avoir répondu.",
}


@dataclass(slots=True)
class Prise:
    """A call whose mission's object, row and solicitations are locked, in this order."""

    genre: GenreSollicitation
    objet: Any
    appel: Appel
    by: Acteur

    def tell(self, fait: FaitSollicitation, sollicitation: Sollicitation | None = None) -> None:
        """The mission follows."""
        self.genre.suit(fait, self.objet, self.appel, sollicitation, self.by)

    def rows(self, *etats: EtatSollicitation) -> list[Sollicitation]:
        """The call's solicitations in these states, in order."""
        own = self.appel.sollicitations.filter(etat__in=etats).select_related("professionnel")
        rows = list(own.order_by("vague", "rang"))
        for row in rows:
            row.appel = self.appel
        return rows


def take_appel(appel_id: UUID, *, by: Acteur, objet: Any = None) -> Prise:
    """Lock a call and what belongs to it: the mission's object first, unless the mission already holds it (`objet`)."""
    seen = Appel.objects.get(pk=appel_id)
    held = objet if objet is not None else seen.declare.verrouille(seen.objet_id)
    appel = Appel.objects.select_for_update(of=("self",)).select_related("cpts").get(pk=appel_id)
    list(Sollicitation.objects.select_for_update().filter(appel=appel).order_by("pk").values_list("pk"))
    return Prise(appel.declare, held, appel, by)


def take_sollicitation(sollicitation_id: UUID, *, by: Acteur) -> tuple[Prise, Sollicitation]:
    """The same, from one solicitation."""
    appel_id = Sollicitation.objects.values_list("appel", flat=True).get(pk=sollicitation_id)
    prise = take_appel(appel_id, by=by)
    sollicitation = Sollicitation.objects.select_related("professionnel").get(pk=sollicitation_id)
    sollicitation.appel = prise.appel
    return prise, sollicitation


def check_ouverte(sollicitation: Sollicitation) -> None:
    """Raise ActionRefusee unless an answer is still awaited."""
    if sollicitation.etat != EtatSollicitation.ENVOYEE:
        raise ActionRefusee(DEJA[EtatSollicitation(sollicitation.etat)])
    if sollicitation.expire_le is None or sollicitation.expire_le <= now():
        raise ActionRefusee(DEJA[EtatSollicitation.EXPIREE])


def retire(sollicitations: Iterable[Sollicitation], motif: MotifRetrait) -> int:
    """Take back solicitations: their links close and their unsent mails are cancelled. Returns how many.

    Somebody else was quicker: the link lives until its deadline and says so, because its bearer is thanked for coming.
    """
    nombre = 0
    for sollicitation in sollicitations:
        was_sent = sollicitation.envoyee_le is not None
        sollicitation.etat, sollicitation.motif_retrait = EtatSollicitation.RETIREE, motif
        sollicitation.save(update_fields=["etat", "motif_retrait"])
        if was_sent:
            cancel_unsent(sollicitation)
            if motif != MotifRetrait.AUTRE:
                close_liens(sollicitation)
        nombre += 1
    return nombre


def fold(sollicitation: Sollicitation) -> None:
    """Nobody is asked any more about a solicitation that is over."""
    cancel_unsent(sollicitation)
    close_liens(sollicitation)


def cancel_unsent(sollicitation: Sollicitation) -> None:
    cancel_for(cpts_id=sollicitation.cpts_id, objet_id=sollicitation.pk)


def close_liens(sollicitation: Sollicitation) -> None:
    revoke_liens(but=LIEN_SOLLICITATION, objet_id=sollicitation.pk)


def end(prise: Prise, etat: EtatAppel) -> None:
    """The call is over."""
    appel = prise.appel
    appel.etat, appel.clos_le, appel.prochaine_vague_le = etat, now(), None
    appel.save(update_fields=["etat", "clos_le", "prochaine_vague_le"])
    journal.record("sollicitations.termine", appel, by=prise.by, etat=str(etat))


def advance(prise: Prise) -> None:
    """When an open call has nobody left to wait for, the next wave leaves; without any, the mission escalates."""
    appel = prise.appel
    if appel.etat != EtatAppel.OUVERT:
        return
    if prise.rows(EtatSollicitation.ENVOYEE):
        set_deadline(prise)
        return
    if not send_next_wave(prise):
        end(prise, EtatAppel.EPUISE)
        prise.tell(FaitSollicitation.EPUISE)


def set_deadline(prise: Prise) -> None:
    """The running wave lasts until the last deadline of those who still may answer."""
    deadlines = [row.expire_le for row in prise.rows(EtatSollicitation.ENVOYEE) if row.expire_le]
    latest = max(deadlines, default=None)
    if latest != prise.appel.prochaine_vague_le:
        prise.appel.prochaine_vague_le = latest
        prise.appel.save(update_fields=["prochaine_vague_le"])


def send_next_wave(prise: Prise) -> bool:
    """Send the first planned wave that holds somebody available; False when none is left."""
    while planned := prise.rows(EtatSollicitation.PREVUE):
        vague = planned[0].vague
        if send(prise, [row for row in planned if row.vague == vague]):
            return True
    return False


def send(prise: Prise, planned: list[Sollicitation]) -> list[Sollicitation]:
    """Ask these now; who is away, busy or no longer suits is left out. Returns who was asked."""
    appel = prise.appel
    ids = [row.professionnel_id for row in planned]
    available = prise.genre.disponibles(prise.objet, ids) - list_absents(ids, cpts_id=appel.cpts_id, on=today())
    sent_at = now()
    if prise.genre.occupe:
        available -= list_occupes(ids, debut=sent_at, fin=sent_at + appel.delai)
    retire([row for row in planned if row.professionnel_id not in available], MotifRetrait.INDISPONIBLE)
    asked = [row for row in planned if row.professionnel_id in available]
    if not asked:
        return []
    courriels = find_courriels([row.professionnel_id for row in asked], cpts_id=appel.cpts_id)
    for row in asked:
        row.etat, row.envoyee_le, row.expire_le = EtatSollicitation.ENVOYEE, sent_at, sent_at + appel.delai
        row.a_rappeler_le = find_rappel(prise, row)
        row.save(update_fields=["etat", "envoyee_le", "expire_le", "a_rappeler_le"])
        write(prise, row, prise.genre.courriel, courriels.get(row.professionnel_id, ""))
        prise.tell(FaitSollicitation.ENVOYEE, row)
    appel.vague = max(appel.vague, asked[0].vague)
    appel.prochaine_vague_le = max(sent_at + appel.delai, appel.prochaine_vague_le or sent_at)
    appel.save(update_fields=["vague", "prochaine_vague_le"])
    prise.tell(FaitSollicitation.VAGUE)
    return asked


def find_rappel(prise: Prise, row: Sollicitation) -> Any:
    """When to remind: before the deadline as the kind says, halfway when the delay is shorter than that."""
    before: timedelta | None = prise.genre.rappel_avant
    if before is None or row.expire_le is None:
        return None
    return row.expire_le - (before if before < prise.appel.delai else prise.appel.delai / 2)


def create_lien_sollicitation(sollicitation: Sollicitation) -> str:
    """The professional's link: accept or decline without account, until the deadline."""
    return create_lien(
        but=LIEN_SOLLICITATION,
        cpts_id=sollicitation.cpts_id,
        objet_id=sollicitation.pk,
        expire_le=sollicitation.expire_le,
    )


def write(prise: Prise, sollicitation: Sollicitation, courriel: Any, adresse: str, *, occasion: str = "") -> None:
    """Mail the link, and nothing else, to a professional; to nobody when no address is known. The same mail is written
    once for each `occasion`."""
    jeton = create_lien_sollicitation(sollicitation)
    courriel(
        cpts=prise.appel.cpts,
        objet_id=sollicitation.pk,
        lien=settings.MAILLON_ADRESSE + reverse("sollicitations:lien", args=[jeton]),
        avant_le=sollicitation.expire_le,
    ).queue(to=adresse, occasion=occasion)
