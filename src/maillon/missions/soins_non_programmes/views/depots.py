"""A request filed in twenty seconds."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import get_random_string

from maillon.communaute.territoire.models import TerritoireCommune
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today

from .. import services
from ..enums import EtatDemande
from ..forms.champs import label_commune
from ..forms.demandes import DemanderForm
from ..models import ActionRefusee, DemandeSoin
from ..selectors.demandes import list_professions, list_usuels
from .confirmations import commune_initiale, notice
from .cotes import Cote, on_side
from .portes import for_members, take_form
from .recherche import DEFAUTS


@on_side
def file_page(request: Requete, cote: Cote) -> HttpResponse:
    """The form keeps what the search already knew."""
    kept = {**DEFAUTS, **request.session.get("soins_recherche", {}).get(cote.lieu, {})}
    professions = list_professions()
    voulue = request.POST.get("profession", kept["profession"])
    connue = not cote.is_regulation and voulue in dict(professions)
    usuels = list_usuels(request.cpts.pk, voulue) if connue else []
    form = DemanderForm(
        request.POST or None,
        communes=cote.communes,
        professions=professions,
        usuels=usuels,
        fuseau=cote.fuseau,
        initial={
            "commune": commune_initiale(request, cote),
            "profession": kept["profession"],
            "modalite": kept["modalite"] or "cabinet",
        },
    )
    if request.method == "POST" and form.is_valid():
        demande = _file(request, cote, form)
        if demande is not None:
            messages.success(request, f"Demande {demande.reference} enregistrée. {say_suite(demande)}")
            return redirect(cote.url("demande", demande.pk))
    contexte = {
        "titre": "Demander à la communauté",
        "form": form,
        "communes": [label_commune(commune) for commune in cote.communes],
        "cle": request.POST.get("cle") or get_random_string(32),
        "recherche": cote.url("recherche"),
        **notice(),
    }
    return render(request, "soins_non_programmes/demander.html", contexte, status=422 if form.errors else 200)


def _file(request: Requete, cote: Cote, form: DemanderForm) -> DemandeSoin | None:
    """None, with the error on the form, when refused."""
    cpts = _find_cpts(cote, form.cleaned_data["commune"])
    if cpts is None:
        form.add_error("commune", "Aucune communauté de votre territoire ne couvre cette commune.")
        return None
    try:
        with cote.inside(cpts):
            return services.file_demande(
                cpts=cpts,
                identite=form.identite,
                saisie=form.saisie,
                origine=cote.origine,
                cle_depot=request.POST.get("cle", "")[:64] or get_random_string(32),
                by=cote.acteur,
            )
    except ActionRefusee as refus:
        form.add_error(None, str(refus))
        return None


def _find_cpts(cote: Cote, commune: str) -> Cpts | None:
    """The community that is asked: one's own, or the one that covers the person's commune."""
    if not cote.is_regulation:
        return cote.request.cpts
    covering = TerritoireCommune.objects.filter(
        cpts__in=cote.communautes, commune=commune, territoire__periode__contains=today()
    ).select_related("cpts")
    found = covering.first()
    return found.cpts if found else None


def say_suite(demande: DemandeSoin) -> str:
    """What happens next, in a sentence."""
    if demande.etat == EtatDemande.SOLLICITEE and demande.prochaine_le:
        return "Des professionnels sont sollicités en ce moment."
    if demande.etat == EtatDemande.ESCALADEE:
        return "Personne ne pouvait être sollicité\u00a0: l’accueil et la régulation sont prévenus."
    return ""


demander = for_members(file_page, take_form)
