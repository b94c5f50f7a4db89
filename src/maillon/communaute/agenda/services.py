"""Opening and closing feeds; linking calendars kept elsewhere, and keeping what was read of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from maillon.communaute.personnes.models import Groupe, Personne
from maillon.communaute.personnes.services import keep_membre
from maillon.socle.declarations import collect
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.models import Membre
from maillon.socle.droits.services import create_lien, revoke_liens
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal
from maillon.socle.taches import enqueue

from .enums import GenreExterne
from .models import AgendaExterne, Flux, Occupation

BUT = "agenda.flux"
# Calendars ask for the same address for years; leaving the community closes it at once.
DUREE_FLUX = timedelta(days=5 * 366)
EXTERNES_MAX = 5


class TropDAgendas(ValueError):
    def __init__(self) -> None:
        super().__init__(f"Vous avez déjà relié {EXTERNES_MAX} agendas\u00a0: retirez-en un d’abord.")


def keep_personne(*, by: Acteur) -> Personne:
    """The person behind an account, made on the first call."""
    assert by.membre_id is not None
    return keep_membre(membre=Membre.objects.select_related("compte").get(pk=by.membre_id), by=by)


@transaction.atomic
def open_flux(*, personne: Personne, groupe: Groupe | None = None, by: Acteur) -> tuple[Flux, str]:
    """Open the feed of a person, or of a group for a person, and return its token, which is kept nowhere. The former
    address of the same feed stops at once."""
    vise = {"groupe": groupe} if groupe else {"personne": personne}
    for ancien in Flux.objects.select_for_update().filter(pour=personne, revoque_le=None, **vise):
        close_flux(flux=ancien, by=by)
    flux = Flux.objects.create(cpts_id=personne.cpts_id, pour=personne, **vise)
    jeton = create_lien(but=BUT, cpts_id=flux.cpts_id, objet_id=flux.pk, expire_le=now() + DUREE_FLUX)
    journal.record("agenda.flux_ouvert", flux, by=by, groupe=str(groupe.pk) if groupe else "")
    return flux, jeton


@transaction.atomic
def close_flux(*, flux: Flux, by: Acteur) -> None:
    """Stop a feed at once: calendars that subscribed to it read nothing any more."""
    flux.revoque_le = now()
    flux.save(update_fields=["revoque_le"])
    revoke_liens(but=BUT, objet_id=flux.pk)
    journal.record("agenda.flux_ferme", flux, by=by)


def note_lecture(*, flux: Flux) -> None:
    """Remember when a feed was last read, to the hour."""
    if flux.lu_le is None or now() - flux.lu_le > timedelta(hours=1):
        Flux.objects.filter(pk=flux.pk).update(lu_le=now())


@transaction.atomic
def link_externe(
    *, personne: Personne, libelle: str, genre: GenreExterne, adresse: str, utilisateur: str, secret: str, by: Acteur
) -> AgendaExterne:
    """Link a calendar kept elsewhere, and have it read. Raises TropDAgendas."""
    Personne.objects.select_for_update().get(pk=personne.pk)
    if AgendaExterne.objects.filter(personne=personne).count() >= EXTERNES_MAX:
        raise TropDAgendas
    agenda = AgendaExterne(cpts_id=personne.cpts_id, personne=personne, libelle=libelle, genre=genre)
    agenda.write_secrets(adresse=adresse, utilisateur=utilisateur, secret=secret)
    agenda.save(force_insert=True)
    journal.record("agenda.externe_relie", agenda, by=by, genre=genre.value)
    request_lecture(agenda.cpts_id, agenda.pk)
    return agenda


@transaction.atomic
def unlink_externe(*, agenda: AgendaExterne, by: Acteur) -> None:
    """Forget a calendar: its address, its password, and what was read of it."""
    journal.record("agenda.externe_retire", agenda, by=by)
    agenda.delete()
    _tell_occupations(agenda)


def request_lecture(cpts_id: UUID, agenda_id: UUID) -> None:
    """Have a calendar read soon; one waiting request is enough."""
    enqueue("agenda.lire", cpts_id=cpts_id, once=f"agenda.lire:{agenda_id}", agenda_id=str(agenda_id))


@transaction.atomic
def keep_lecture(*, agenda: AgendaExterne, intervalles: Sequence[tuple[datetime, datetime]]) -> None:
    """Replace what was known by what was just read. A calendar unlinked meanwhile keeps nothing."""
    locked = AgendaExterne.objects.select_for_update().filter(pk=agenda.pk).first()
    if locked is None:
        return
    locked.occupations.all().delete()
    Occupation.objects.bulk_create(
        Occupation(cpts_id=locked.cpts_id, agenda=locked, personne_id=locked.personne_id, debut=de, fin=a)
        for de, a in intervalles
    )
    locked.lu_le = locked.essaye_le = now()
    locked.erreur = ""
    locked.save(update_fields=["lu_le", "essaye_le", "erreur"])
    _tell_occupations(locked)


def _tell_occupations(agenda: AgendaExterne) -> None:
    """Those who follow the busy times of this person hear that they changed."""
    if agenda.personne.professionnel_id is None:
        return
    for suite in collect("suites_occupations"):
        suite.fait(agenda.cpts_id, agenda.personne.professionnel_id)


def keep_echec(*, agenda: AgendaExterne, phrase: str) -> None:
    """Say why a calendar could not be read; what was known of it stays."""
    AgendaExterne.objects.filter(pk=agenda.pk).update(essaye_le=now(), erreur=phrase[:300])
