"""Views of the calendar, and ways of reading one kept elsewhere."""

from django.db import models


class Vue(models.TextChoices):
    MOIS = "mois", "Mois"
    SEMAINE = "semaine", "Semaine"
    LISTE = "liste", "Liste"


class GenreExterne(models.TextChoices):
    ICAL = "ical", "une adresse iCal (.ics)"
    CALDAV = "caldav", "un compte CalDAV"
