"""The public form: a patient or a carer asks for a médecin traitant. Works without JavaScript; nothing is kept on the
server before the end: what was typed travels in the page."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from maillon.communaute.patients.notices import NOTICE_VERSION
from maillon.communaute.territoire.models import Commune
from maillon.socle.comptes.verrou import get_adresse
from maillon.socle.droits.permissions import acces_public
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.composants import Etape
from maillon.socle.ui.typographie import format_telephone

from .. import services
from ..documents.papier import write_papier
from ..enums import Origine
from ..forms import AUTRE_COMMUNE, ETAPES, CodeSuiviForm, build_faits, build_identite
from ..models import ActionRefusee, Demande
from ..selectors import list_communes
from ..selectors.entrees import find_communautes, list_medecins_choix
from .commun import notice_contexte

DEPOTS_PAR_HEURE = 20
CODES_PAR_HEURE = 10
PAPIERS_PAR_HEURE = 30
PIEGE = "site_web"  # hidden from people; a robot fills it
CLE = "cle"
TITRE = "Vous n’avez pas de médecin traitant ?"


def _is_proche(data: QueryDict) -> bool:
    return data.get("pour") == "proche"


@dataclass(frozen=True, slots=True)
class Choix:
    """What the form offers: the communes of the territory, the doctors one may have in mind."""

    communes: list[Commune]
    medecins: list[tuple[str, str]]


def _build(numero: int, data: QueryDict, choix: Choix, *, bound: bool) -> forms.Form:
    """The form of a step: with its errors when bound, else filled with what was already typed."""
    classe = ETAPES[numero - 1][1]
    options: dict[str, Any] = {"communes": choix.communes, "medecins": choix.medecins, "proche": _is_proche(data)}
    if bound:
        return classe(data, **options)
    form = classe(**options)
    for nom, champ in form.fields.items():
        if nom in data:
            multiple = isinstance(champ, forms.MultipleChoiceField)
            form.initial[nom] = data.getlist(nom) if multiple else data[nom]
    return form


def _carried(numero: int, data: QueryDict, choix: Choix) -> list[tuple[str, str]]:
    """What other steps hold, to travel hidden in the page."""
    pairs = []
    for other in range(1, len(ETAPES) + 1):
        if other != numero:
            names = _build(other, data, choix, bound=False).fields
            pairs += [(nom, valeur) for nom in names for valeur in data.getlist(nom) if nom != "accord"]
    return pairs


def _show(
    request: Requete, numero: int, form: forms.Form, choix: Choix, *, status: int = 200, refus: str = ""
) -> HttpResponse:
    contexte = {
        "titre": TITRE,
        "titre_onglet": f"{'Erreur, é' if form.errors else 'É'}tape {numero} sur {len(ETAPES)} – {TITRE}",
        "form": form,
        "numero": numero,
        "derniere": numero == len(ETAPES),
        "etapes": [Etape(libelle) for libelle, _ in ETAPES],
        "porte": _carried(numero, request.POST, choix),
        "cle": services.read_cle(request.POST.get(CLE, "")),
        "proche": _is_proche(request.POST),
        **notice_contexte(),
        "refus": refus,
        "resume": _summary(request.POST, choix) if numero == len(ETAPES) else [],
    }
    return render(request, "medecin_traitant/formulaire.html", contexte, status=status)


def _summary(data: QueryDict, choix: Choix) -> list[tuple[str, str]]:
    """What was typed, read once more before sending."""
    lines = []
    for numero in range(1, len(ETAPES)):
        form = _build(numero, data, choix, bound=False)
        for nom, champ in form.fields.items():
            choices = {str(code): str(mot) for code, mot in getattr(champ, "choices", [])}
            valeurs = [choices.get(valeur, valeur) for valeur in data.getlist(nom) if valeur]
            if "telephone" in nom:
                valeurs = [format_telephone(valeur) for valeur in valeurs]
            if valeurs and nom != "pour":
                lines.append(("Situation" if nom == "besoins" else str(champ.label), " ; ".join(valeurs)))
    return lines


@acces_public(patients=True)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def formulaire(request: Requete, slug: str) -> HttpResponse:
    """Four steps; the last one files the request and opens its follow-up page."""
    choix = Choix(list_communes(request.cpts.pk), list_medecins_choix(request.cpts.pk))
    if request.method != "POST":
        return _show(request, 1, _build(1, QueryDict(), choix, bound=False), choix)
    numero = _read_numero(request.POST.get("etape", ""))
    if request.POST.get("aller") == "retour":
        numero = max(1, numero - 1)
        return _show(request, numero, _build(numero, request.POST, choix, bound=False), choix)
    donnees: dict[str, Any] = {}
    for passe in range(1, numero + 1):
        form = _build(passe, request.POST, choix, bound=True)
        if not form.is_valid():
            return _show(request, passe, form, choix, status=422)
        donnees |= form.cleaned_data
        if donnees["commune"] == AUTRE_COMMUNE:
            contexte = {"titre": "Votre commune n’est pas dans notre territoire", "communes": choix.communes}
            return render(request, "medecin_traitant/autre_commune.html", contexte)
    if numero < len(ETAPES):
        return _show(request, numero + 1, _build(numero + 1, request.POST, choix, bound=False), choix)
    return _file(request, donnees, choix)


def _read_numero(brut: str) -> int:
    return next((numero for numero in range(1, len(ETAPES) + 1) if brut == str(numero)), 1)


def _file(request: Requete, donnees: dict[str, Any], choix: Choix) -> HttpResponse:
    last = len(ETAPES)
    if request.POST.get(PIEGE):
        refus = "Votre navigateur a rempli un champ caché. Rechargez la page et recommencez, ou appelez-nous."
        form = _build(last, request.POST, choix, bound=False)
        return _show(request, last, form, choix, status=422, refus=refus)
    if not _may(request, "depot", DEPOTS_PAR_HEURE):
        return render(request, "medecin_traitant/freine.html", {"titre": "Un instant"}, status=429)
    try:
        depot = services.file_demande(
            cpts=request.cpts,
            identite=build_identite(donnees),
            commune_id=donnees["commune"],
            annee_naissance=donnees["annee_naissance"],
            faits=build_faits(donnees),
            origine=Origine.PROCHE if donnees["pour"] == "proche" else Origine.PUBLIC,
            notice_version=NOTICE_VERSION,
            cle_depot=services.read_cle(request.POST.get(CLE, "")),
            medecin_souhaite_id=donnees["medecin_souhaite"] or None,
            by=request.acteur,
        )
    except ActionRefusee as refus:
        form = _build(last, request.POST, choix, bound=False)
        return _show(request, last, form, choix, status=409, refus=str(refus))
    # Shown once on the next page, and kept nowhere in clear.
    request.session["mt_depot"] = {"code": depot.code_suivi, "deja": depot.deja_deposee}
    return redirect("medecin_traitant_suivi", jeton=depot.jeton_suivi)


def _may(request: Requete, geste: str, maximum: int) -> bool:
    return services.count_passage(
        cpts_id=request.cpts.pk,
        adresse=get_adresse(request),
        geste=geste,
        maximum=maximum,
    )


@acces_public(patients=True)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def code_suivi(request: Requete, slug: str) -> HttpResponse:
    """From the code that was read out on the telephone to the follow-up page."""
    form = CodeSuiviForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not _may(request, "code", CODES_PAR_HEURE):
            return render(request, "medecin_traitant/freine.html", {"titre": "Un instant"}, status=429)
        cpts_id = request.cpts.pk
        empreinte = services.hash_code(form.cleaned_data["code"], cpts_id=cpts_id)
        demande = Demande.objects.filter(cpts_id=cpts_id, code_suivi=empreinte).first()
        if demande:
            return redirect("medecin_traitant_suivi", jeton=services.create_lien_suivi(demande))
        form.add_error("code", "Aucune demande n’a ce code. Vérifiez-le, ou appelez-nous.")
    contexte = {"titre": "Où en est ma demande ?", "form": form}
    return render(request, "medecin_traitant/code_suivi.html", contexte, status=422 if form.errors else 200)


@acces_public(patients=True)
@require_safe
def papier(request: Requete, slug: str) -> HttpResponse:
    """The same questions on one sheet, for a counter; the desk types it."""
    if not _may(request, "papier", PAPIERS_PAR_HEURE):
        return render(request, "medecin_traitant/freine.html", {"titre": "Un instant"}, status=429)
    pdf = write_papier(request.cpts, list_communes(request.cpts.pk), on=today())
    nom = f"demande-medecin-traitant-{slug}.pdf"
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{nom}"'}
    )


@acces_public(patients=True)
@require_safe
def autre_commune(request: Requete, slug: str) -> HttpResponse:
    """Which community to ask for a commune that is not of this one. Communes are public information."""
    texte = request.GET.get("commune", "")
    contexte = {
        "titre": "Votre commune n’est pas dans notre territoire",
        "communes": list_communes(request.cpts.pk),
        "texte": texte,
        "trouvees": find_communautes(texte),
    }
    return render(request, "medecin_traitant/autre_commune.html", contexte)
