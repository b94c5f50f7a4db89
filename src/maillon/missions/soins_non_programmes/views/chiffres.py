"""Unscheduled care in figures: demand against offer, the afternoons ahead; without any patient."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.sections import TYPES, Contenu, Section, export_sections
from maillon.socle.ui.typographie import compter

from .. import chiffres_sections as sections
from ..models import ActionRefusee
from ..permissions import GERER, VOIR_TOTAUX
from ..presentation_blancs import build_calendrier, build_demandables
from ..selectors import chiffres, equite, promesses, tensions
from ..selectors.periodes import Periode, find_periode
from ..services.ouvertures_demandees import ask_ouverture

PERIODES = (("4", "4 semaines"), ("13", "3 mois"), ("26", "6 mois"), ("52", "12 mois"))
DEFAUT = "13"
TOUS = "tous"
JOURS = ((TOUS, "tous les jours"), *((str(rang), nom) for rang, nom in enumerate(sections.JOURS, start=1)))


def choose(request: Requete, nom: str, choix: tuple[tuple[str, str], ...], defaut: str) -> str:
    """The value asked for, among those offered."""
    voulu = request.GET.get(nom, "")
    return voulu if voulu in dict(choix) else defaut


@acces(VOIR_TOTAUX)
@require_safe
def ensemble(request: Requete, slug: str) -> HttpResponse:
    """The page of figures, or a file of what it shows. Constant queries."""
    semaines = choose(request, "periode", PERIODES, DEFAUT)
    jour = choose(request, "jour", JOURS, TOUS)
    periode = find_periode(int(semaines))
    bilan = chiffres.compute_bilan(request.cpts.pk, periode)
    tete = sections.build_chiffres(bilan, chiffres.compute_bilan(request.cpts.pk, periode.avant))
    corps = _build(request, periode, bilan, None if jour == TOUS else int(jour))
    dit = f"Les {dict(PERIODES)[semaines]} depuis le {periode.debut:%d/%m/%Y}"
    if "export" in request.GET:
        phrase = f"{request.cpts.nom}. {dit}. Des totaux seulement, aucun patient."
        return _export(
            Contenu("Soins du jour en chiffres", phrase, [sections.build_ensemble(tete), *corps]), request.GET["export"]
        )
    blancs = promesses.find_blancs(request.cpts)
    contexte = {
        "titre": "Soins du jour en chiffres",
        "chiffres": tete,
        "sections": corps,
        "dit": dit,
        "vide": not bilan.creneaux and not bilan.jugees,
        "calendrier": build_calendrier(request.cpts, blancs),
        "demandables": build_demandables(request.cpts, blancs, nomme=request.acteur.can(GERER)),
        "choix": (("periode", "Période", PERIODES, semaines), ("jour", "Jours de la carte", JOURS, jour)),
        "exports": [(f, _address(request, export=f)) for f in TYPES],
        "peut_gerer": request.acteur.can(GERER),
    }
    return render(request, "soins_non_programmes/chiffres.html", contexte)


def _build(request: Requete, periode: Periode, bilan: chiffres.Bilan, jour: int | None) -> list[Section]:
    cpts_id = request.cpts.pk
    groupes = equite.compute_equite(cpts_id, periode)
    noms = equite.name_professionnels(groupes) if request.acteur.can(GERER) else None
    trouvees = [
        sections.build_tensions(
            tensions.compute_tensions(cpts_id, periode.passee, jour=jour), periode.semaines, jour=jour
        ),
        sections.build_presences(chiffres.compute_presences(request.cpts, periode)),
        sections.build_reponses(chiffres.count_reponses(cpts_id, periode), bilan),
        sections.build_origines(chiffres.count_origines(cpts_id, periode)),
        sections.build_refus(equite.count_refus(cpts_id, periode)),
        sections.build_equite(groupes, noms),
    ]
    return [section for section in trouvees if section is not None]


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
    nom = f"soins-du-jour-en-chiffres-{today().isoformat()}.{format_export}"
    reponse["Content-Disposition"] = f'attachment; filename="{nom}"'
    reponse["X-Content-Type-Options"] = "nosniff"
    return reponse


@acces(GERER)
@require_POST
def demander_ouverture(request: Requete, slug: str) -> HttpResponse:
    """Write to those who could be there on a blank afternoon."""
    try:
        nombre = ask_ouverture(cpts=request.cpts, cle=request.POST.get("blanc", ""), by=request.acteur)
    except ActionRefusee as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, f"{compter(nombre, 'message envoyé', 'messages envoyés')}.")
    return redirect("soins_chiffres", slug=slug)
