"""The census at a glance: totals, a map, a chart. No doctor is named."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from maillon.communaute.territoire.selectors import get_codes_by_cpts, get_zones
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.cartes import Carte, Zone, build_carte
from maillon.socle.ui.composants import Chiffre
from maillon.socle.ui.graphiques import Graphique, Serie, build_graphique
from maillon.socle.ui.typographie import accorder, compter, format_nombre

from ..permissions import GERER, VOIR_TOTAUX
from ..selectors.offre import Bilan, Potentiel, compute_bilan, compute_potentiel
from ..selectors.recensement import PlacesCommune, Recensement, compute_recensement, count_by_commune, count_by_month

# Below, a commune's places would be those of a doctor whom everybody there knows.
MEDECINS_MIN = 3
MOIS = ("janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")


@acces(VOIR_TOTAUX)
@require_safe
def ensemble(request: Requete, slug: str) -> HttpResponse:
    """Places, promises, potential, departures; the map and the year."""
    cpts_id, gere = request.cpts.pk, request.acteur.can(GERER)
    recensement = compute_recensement(cpts_id)
    bilan = compute_bilan(cpts_id, on=today())
    potentiel = compute_potentiel(cpts_id, on=today())
    contexte = {
        "titre": "Carte des places",
        "chiffres": _chiffres(request, recensement, bilan, potentiel),
        "bilan": bilan,
        "carte": _carte(request, count_by_commune(cpts_id), gere=gere),
        "graphique": _graphique(cpts_id),
    }
    return render(request, "medecin_traitant/places_ensemble.html", contexte)


def _chiffres(request: Requete, r: Recensement, bilan: Bilan, potentiel: Potentiel) -> list[Chiffre]:
    slug, gere = request.cpts.slug, request.acteur.can(GERER)

    def url(name: str, query: str = "") -> str:
        return reverse(f"medecin_traitant_{name}", args=[slug]) + query if gere else ""

    sur = f"{format_nombre(r.offrent)} {accorder(r.offrent, 'médecin offre', 'médecins offrent')} des places"
    muets = r.a_confirmer + r.jamais
    return [
        Chiffre("Places libres", r.places, source=sur, url=url("places", "?places=libres")),
        Chiffre(
            "Places de plus d’ici six mois",
            r.prevues,
            source="promises par les médecins",
            certitude="à confirmer" if r.prevues else "",
            url=url("places", "?places=bientot"),
        ),
        Chiffre(
            "Médecins à jour",
            r.medecins - muets,
            cible=f"sur {format_nombre(r.medecins)}",
            realise=(r.medecins - muets) / r.medecins if r.medecins else None,
            source=f"{format_nombre(r.a_confirmer)} à confirmer, {format_nombre(r.jamais)} sans réponse",
            url=url("places", "?fraicheur=fraiche"),
        ),
        Chiffre(
            "Potentiel des renforts",
            potentiel.declares + potentiel.a_confirmer,
            unite="patients",
            source="déclaré, jamais ajouté aux places",
            certitude="à confirmer" if potentiel.a_confirmer else "",
            url=url("renforts"),
        ),
        Chiffre(
            "Patients laissés d’ici six mois",
            bilan.patients,
            source=compter(bilan.departs, "départ", "départs"),
            certitude="à confirmer" if bilan.a_confirmer or bilan.inconnus else "",
            url=url("mouvements"),
        ),
        Chiffre(
            "Places d’arrivées d’ici six mois",
            bilan.places,
            source=compter(bilan.arrivees, "arrivée", "arrivées"),
            certitude="à confirmer" if bilan.a_confirmer or bilan.inconnus else "",
            url=url("mouvements"),
        ),
    ]


def find_hidden(found: dict[str, PlacesCommune]) -> frozenset[str]:
    """The communes of too few doctors; one alone would be read from the total, and the smallest other goes with it."""
    few = {code for code, here in found.items() if 0 < here.medecins < MEDECINS_MIN}
    others = sorted((here.places, code) for code, here in found.items() if code not in few and here.places)
    return frozenset(few | {code for _, code in others[:1]} if len(few) == 1 else few)


def _carte(request: Requete, found: dict[str, PlacesCommune], *, gere: bool) -> Carte | None:
    codes = get_codes_by_cpts([request.cpts.pk], on=today()).get(request.cpts.pk, [])
    adresse = reverse("medecin_traitant_places", args=[request.cpts.slug])
    zones, hidden = [], frozenset() if gere else find_hidden(found)
    for zone in get_zones(list(dict.fromkeys([*codes, *found]))):
        here = found.get(zone.id, PlacesCommune())
        zones.append(
            Zone(
                zone.id,
                zone.nom,
                zone.rings,
                valeur=None if zone.id in hidden else float(here.places),
                url=f"{adresse}?commune={zone.id}&places=libres" if gere and here.places else "",
                detail="non montré" if zone.id in hidden else "",
            )
        )
    if not zones:
        return None
    avec = sum(bool(zone.valeur) for zone in zones)
    total = compter(sum(here.places for here in found.values()), "place libre", "places libres")
    where = f"{total} dans {compter(avec, 'commune', 'communes')}"
    secret = any(zone.detail for zone in zones)
    return build_carte(
        zones,
        titre=f"{total}\u00a0; où moins de trois médecins offrent, le détail n’est pas montré" if secret else where,
        libelle_zone="Commune",
        libelle_valeur="Places libres",
        write=format_nombre,
        source="Ce que les médecins ont déclaré, moins les patients acceptés depuis",
        bornes=[0.0, 2.0, 5.0, 10.0, max(11.0, *(zone.valeur or 0.0 for zone in zones))],
    )


def _graphique(cpts_id: UUID) -> Graphique | None:
    points = count_by_month(cpts_id)
    if not any(places for _, places, _ in points):
        return None
    before, last = points[-2][1], points[-1][1]
    word = "augmentent" if last > before else "diminuent" if last < before else "ne changent pas"
    figures = f"{format_nombre(last)} aujourd’hui, {format_nombre(before)} le mois dernier"
    return build_graphique(
        titre=f"Les places déclarées {word}\u00a0: {figures}",
        etiquettes=[f"{MOIS[moment.month - 1]} {moment:%y}" for moment, _, _ in points],
        series=[Serie("Places dites", [places for _, places, _ in points])],
        genre="barres",
        axe_y="Places",
        axe_x="fin de mois",
    )
