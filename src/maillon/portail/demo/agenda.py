"""The calendar of the demonstration: one doctor's consultations, read as busy times from a calendar that exists
nowhere."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from maillon.communaute.agenda.enums import GenreExterne
from maillon.communaute.agenda.models import AgendaExterne
from maillon.communaute.agenda.services import keep_lecture
from maillon.communaute.personnes.models import Personne
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts

from .communautes import Communaute

CONSULTATIONS = ((time(8, 30), time(12)), (time(14), time(18, 30)))
JOURS = (0, 1, 3, 4)  # never on Wednesday
SEMAINES = 8


def fill_agenda(communaute: Communaute, *, now: datetime) -> None:
    """Link the calendar of the first doctor who has an account."""
    cpts = communaute.cpts
    zone = ZoneInfo(cpts.fuseau)
    with use_cpts(cpts.pk), horloge.at(now):
        medecins = Personne.objects.filter(
            professionnel__in=communaute.medecins, membre__isnull=False, membre__roles__contains=["professionnel"]
        )
        personne = medecins.order_by("nom").first()
        if personne is None:
            return
        agenda = AgendaExterne(cpts=cpts, personne=personne, libelle="Consultations (fictif)", genre=GenreExterne.ICAL)
        agenda.write_secrets(adresse="https://agenda.example.org/consultations.ics", utilisateur="", secret="")
        agenda.save(force_insert=True)
        jours = (now.date() + timedelta(days=rang) for rang in range(7 * SEMAINES))
        keep_lecture(
            agenda=agenda,
            intervalles=[
                (datetime.combine(jour, de, zone), datetime.combine(jour, a, zone))
                for jour in jours
                if jour.weekday() in JOURS
                for de, a in CONSULTATIONS
            ],
        )
