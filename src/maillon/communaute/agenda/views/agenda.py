"""The shared calendar by month, week or list; the feed."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from maillon.communaute.personnes.selectors import get_personne_of
from maillon.socle.declarations import PorteeAgenda
from maillon.socle.droits.enums import Mission
from maillon.socle.droits.permissions import acces, acces_lien
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import now, today
from maillon.socle.ui.composants import Onglet, Vide

from .. import selectors, services
from ..enums import Vue
from ..grille import build_jours, find_periode, split_weeks
from ..ics import compute_etag, write_flux
from ..permissions import LIRE

MIEN = "moi"


@dataclass(frozen=True, slots=True)
class Demande:
    """What the address asks for; anything unknown falls back to everything, this month."""

    vue: Vue
    jour: date
    genre: str
    mission: str
    de: str

    def write(self, **remplace: object) -> str:
        """The address of the same view with some things replaced."""
        champs = {"vue": self.vue.value, "jour": self.jour.isoformat(), "genre": self.genre}
        champs |= {"mission": self.mission, "de": self.de}
        return "?" + urlencode({nom: valeur for nom, valeur in {**champs, **remplace}.items() if valeur})


def _read(request: Requete, genres: set[str]) -> Demande:
    lu = request.GET
    try:
        jour = parse_date(lu.get("jour", "")) or today()
    except ValueError:
        jour = today()
    if not 2000 <= jour.year <= 2100:
        jour = today()
    return Demande(
        vue=Vue(lu["vue"]) if lu.get("vue") in Vue.values else Vue.MOIS,
        jour=jour,
        genre=lu["genre"] if lu.get("genre") in genres else "",
        mission=lu["mission"] if lu.get("mission") in Mission.values else "",
        de=lu.get("de", "")[:40],
    )


@acces(LIRE)
@require_safe
def agenda(request: Requete, slug: str) -> HttpResponse:
    """What the person may know of, over a month, a week or a list."""
    sources = {source.genre: source.libelle for source in selectors.list_sources()}
    demande = _read(request, set(sources))
    groupes = selectors.list_groupes(request.acteur)
    portee = _find_portee(request, demande, {str(groupe.pk) for groupe in groupes})
    zone, on = ZoneInfo(request.cpts.fuseau), today()
    periode = find_periode(demande.vue, demande.jour)
    entrees = (
        selectors.list_entrees(portee, *periode.bounds(zone), genre=demande.genre, mission=demande.mission)
        if portee
        else []
    )
    mois = demande.jour.month if demande.vue is Vue.MOIS else None
    jours = build_jours(entrees, periode, zone=zone, on=on, mois=mois)
    return render(
        request,
        "agenda/agenda.html",
        {
            "titre": "Agenda",
            "titre_periode": periode.titre[0].upper() + periode.titre[1:],
            "vue": demande.vue.value,
            "onglets": [Onglet(str(v.label), demande.write(vue=v.value), v is demande.vue) for v in Vue],
            "avant": demande.write(jour=periode.avant.isoformat()),
            "apres": demande.write(jour=periode.apres.isoformat()),
            "aujourd_hui": demande.write(jour=""),
            "semaines": split_weeks(jours) if demande.vue is Vue.MOIS else [],
            "jours": jours if demande.vue is not Vue.LISTE else [jour for jour in jours if jour.entrees],
            "demande": demande,
            "genres": sources.items(),
            "missions": Mission.choices,
            "groupes": [(str(groupe.pk), groupe.nom) for groupe in groupes],
            "filtree": bool(demande.genre or demande.mission or demande.de),
            "sans_entree": not entrees,
            "vide": Vide(
                "Rien sur cette période",
                "Les réunions, les échéances du contrat et les étapes des actions paraissent ici d’elles-mêmes.",
                icone="calendar",
            ),
            "abonnements": reverse("agenda:abonnements", args=[slug]),
        },
    )


def _find_portee(request: Requete, demande: Demande, groupes: set[str]) -> PorteeAgenda | None:
    """Whose calendar: everything that the actor may see, theirs alone, or a group's. None for somebody whom the
    community does not know as a person yet."""
    cpts_id = request.cpts.pk
    if demande.de == MIEN:
        personne = get_personne_of(request.acteur)
        return PorteeAgenda(cpts_id, personne_id=personne.pk) if personne else None
    if demande.de in groupes:
        return PorteeAgenda(cpts_id, groupe_id=UUID(demande.de))
    return PorteeAgenda(cpts_id, acteur=request.acteur)


@acces_lien(services.BUT)
@require_safe
def flux(request: Requete, jeton: str) -> HttpResponse:
    """The calendar of a person or a group, for their other calendars; 304 when nothing has changed."""
    assert request.acteur.lien_objet is not None
    lu = selectors.find_flux_lu(request.acteur.lien_objet)
    if lu is None:
        raise Http404
    services.note_lecture(flux=lu)
    nom = f"{lu.groupe or 'Mon agenda'} – {request.cpts.nom}"
    entrees = selectors.list_entrees_flux(lu)
    etag = compute_etag(nom, entrees)
    entetes = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if request.headers.get("If-None-Match", "").removeprefix("W/") == etag:
        return HttpResponse(status=304, headers=entetes)
    contenu = write_flux(nom, entrees, fuseau=request.cpts.fuseau, base=settings.MAILLON_ADRESSE, moment=now())
    entetes["Content-Disposition"] = 'inline; filename="agenda.ics"'
    return HttpResponse(contenu, content_type="text/calendar; charset=utf-8", headers=entetes)
