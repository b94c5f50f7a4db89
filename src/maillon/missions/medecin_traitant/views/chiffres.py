"""The desk in figures, without any patient; and what a doctor was asked."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from maillon.communaute.sollicitations.selectors import get_professionnel
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.partage import share
from maillon.socle.ui.composants import Chiffre
from maillon.socle.ui.sections import TYPES, Contenu, export_sections
from maillon.socle.ui.typographie import compter, format_nombre

from ..chiffres import Page, build_page, sections
from ..permissions import GERER, REPONDRE, VOIR_TOTAUX
from ..selectors import apres, besoins, delais, equite, flux, lieux

PERIODES = (("13", "les 3 derniers mois"), ("26", "les 6 derniers mois"), ("52", "les 12 derniers mois"))
DEFAUT = "26"
COMPARAISONS = (("avant", "la période précédente"), ("an", "un an plus tôt"), ("rien", "rien"))
MESURES = ((lieux.Mesure.ATTENTE, "Qui attend aujourd’hui"), (lieux.Mesure.ANNEE, "Douze mois de demandes"))
MOTS = {"avant": "la période précédente", "an": "un an plus tôt"}


def _choose(request: Requete, nom: str, choix: tuple[tuple[str, str], ...], defaut: str) -> str:
    """The value asked for, among those offered."""
    voulu = request.GET.get(nom, "")
    return voulu if voulu in dict(choix) else defaut


@acces(VOIR_TOTAUX)
@require_safe
def totaux(request: Requete, slug: str) -> HttpResponse:
    """Totals without any patient: open to the president and the bureau too. Constant queries."""
    semaines = _choose(request, "periode", PERIODES, DEFAUT)
    compare = _choose(request, "comparer", COMPARAISONS, "avant")
    periode = flux.find_periode(int(semaines))
    with share():
        page = _build(request, periode, compare)
    titre = "Le guichet en chiffres"
    if "export" in request.GET:
        phrase = f"{request.cpts.nom}, {_say(periode, semaines)}. Des totaux seulement, aucun patient."
        return _export(
            Contenu(titre, phrase, [sections.build_ensemble(page.chiffres), *page.sections]), request.GET["export"]
        )
    contexte = {
        "titre": titre,
        "chiffres": page.chiffres,
        "sections": page.sections,
        "dit": _say(periode, semaines),
        "choix": (
            ("periode", "Période", PERIODES, semaines),
            ("comparer", "Comparer avec", COMPARAISONS, compare),
        ),
        "carte": request.GET.get("carte", ""),
        "exports": [(f, _address(request, export=f)) for f in TYPES],
    }
    return render(request, "medecin_traitant/totaux.html", contexte)


def _build(request: Requete, periode: flux.Periode, compare: str) -> Page:
    cpts_id, peut_gerer = request.cpts.pk, request.acteur.can(GERER)
    semaine = flux.compute_flux(cpts_id, periode)
    avant = {"avant": periode.avant, "an": periode.an_dernier}.get(compare)
    attentes = delais.compute_attentes(cpts_id, periode)
    bilan = flux.Bilan(semaine.arrivees, semaine.placees, semaine.closes, attentes[-1].delai_median)
    places = besoins.compute_offre(cpts_id)
    parts = equite.compute_equite(cpts_id, periode)
    chiffres = sections.build_chiffres(
        semaine,
        bilan,
        flux.compute_bilan(cpts_id, avant) if avant else None,
        MOTS.get(compare, ""),
        attentes[-1],
        places,
        adresse=reverse("medecin_traitant_liste", args=[request.cpts.slug]) if peut_gerer else "",
    )
    ou = _count_lieux(request)
    liens = [(mot, _address(request, carte=m.value) + "#communes", m is ou.mesure) for m, mot in MESURES]
    return build_page(
        chiffres,
        [
            sections.build_flux(semaine),
            sections.build_stock(semaine),
            sections.build_attentes(attentes),
            sections.build_delais(attentes),
            sections.build_apres(apres.compute_apres(cpts_id, periode)),
            sections.build_lieux(ou, liens=liens),
            sections.build_offre(places),
            sections.build_equite(parts, equite.name_medecins(parts) if peut_gerer else None),
            sections.build_refus(equite.count_refus(cpts_id, periode)),
            sections.build_origines(flux.count_by_origine(cpts_id, periode)),
            sections.build_clotures(semaine),
        ],
    )


def _count_lieux(request: Requete) -> lieux.Lieux:
    """The measure asked for; by default those who wait today, unless they are too few for any commune to be shown."""
    voulue = _choose(request, "carte", tuple((m.value, mot) for m, mot in MESURES), "")
    if voulue:
        return lieux.count_by_commune(request.cpts.pk, lieux.Mesure(voulue))
    attente = lieux.count_by_commune(request.cpts.pk, lieux.Mesure.ATTENTE)
    if attente.is_montrable:
        return attente
    return lieux.count_by_commune(request.cpts.pk, lieux.Mesure.ANNEE)


def _say(periode: flux.Periode, semaines: str) -> str:
    return f"{dict(PERIODES)[semaines]}, depuis le {periode.debut:%d/%m/%Y}"


def _address(request: Requete, **remplace: str) -> str:
    suite = request.GET.copy()
    suite.pop("export", None)
    for nom, valeur in remplace.items():
        suite[nom] = valeur
    return f"?{suite.urlencode()}"


def _export(contenu: Contenu, format_export: str) -> HttpResponse:
    if format_export not in TYPES:
        raise Http404
    reponse = HttpResponse(export_sections(contenu, format_export), content_type=TYPES[format_export])
    reponse["Content-Disposition"] = f'attachment; filename="guichet-en-chiffres-{today().isoformat()}.{format_export}"'
    reponse["X-Content-Type-Options"] = "nosniff"
    return reponse


@acces(REPONDRE)
@require_safe
def mes_chiffres(request: Requete, slug: str) -> HttpResponse:
    """What this doctor was asked and answered, beside the median of all; nothing of any other doctor."""
    semaines = _choose(request, "periode", PERIODES, "52")
    periode = flux.find_periode(int(semaines))
    medecin = get_professionnel(request.acteur)
    parts = equite.compute_equite(request.cpts.pk, periode)
    mien = parts.find_part(medecin.pk) if medecin else None
    libelles = (
        ("demandees", "Demandes reçues"),
        ("acceptees", "Acceptées"),
        ("refusees", "Refusées"),
        ("sans_reponse", "Restées sans réponse"),
    )
    contexte = {
        "titre": "Ce qui m’a été demandé",
        "chiffres": [
            Chiffre(libelle, getattr(mien, champ), source=_say_mediane(parts.median_of(champ)))
            for champ, libelle in libelles
            if mien is not None
        ],
        "medecins": compter(len(parts.parts), "médecin"),
        "montrable": parts.is_montrable,
        "minimum": equite.MEDECINS_MINIMUM,
        "dit": _say(periode, semaines),
        "choix": (("periode", "Période", PERIODES, semaines),),
    }
    return render(request, "medecin_traitant/mes_chiffres.html", contexte)


def _say_mediane(valeur: float | None) -> str:
    return "" if valeur is None else f"médiane de tous : {format_nombre(valeur)}"
