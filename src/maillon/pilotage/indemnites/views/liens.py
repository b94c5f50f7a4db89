"""The page of a signed link: somebody without an account confirms, declares, and says what others pay."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from maillon.socle.droits.permissions import acces_lien
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today

from ..enums import Etat
from ..forms.declarations import DeclarationForm, SituationForm
from ..models import Declaration
from ..presentation import show_rang
from ..selectors.annees import get_situation
from ..selectors.gens import find_employeur, find_habitude, get_personne
from ..services.participations import confirm_all, declare
from ..services.situations import LIEN_DECLARATION, declare_situation
from .commun import REFUS, say_confirmed


@acces_lien(LIEN_DECLARATION)
@require_http_methods(["GET", "HEAD", "POST"])
def lien(request: Requete, jeton: str) -> HttpResponse:
    """What attendance proved, a form to declare the rest, and the question of the year. Nothing of anybody else."""
    acteur, annee = request.acteur, today().year
    personne = get_personne(request.lien.cpts_id, request.lien.objet_id)
    if personne is None:
        raise Http404
    geste = request.POST.get("geste", "")
    form = DeclarationForm(
        request.POST if geste == "declarer" else None,
        cpts_id=personne.cpts_id,
        salariee=find_employeur(personne) is not None,
        habitude=find_habitude(personne),
    )
    question = SituationForm(request.POST if geste == "situation" else None)
    # Fiches-action are the community's own affair: the outside names a mission, no more.
    form.fields.pop("action", None)
    miennes = Declaration.objects.visible_to(acteur)
    if geste == "confirmer":
        say_confirmed(request, confirm_all(declarations=miennes.filter(etat=Etat.PROPOSEE), by=acteur))
        return redirect("indemnites:lien", jeton=jeton)
    try:
        if geste == "declarer" and form.is_valid():
            declare(personne=personne, donnees=form.read_donnees(), by=acteur)
            messages.success(request, "C’est déclaré. La coordination vérifie, puis le bureau approuve.")
            return redirect("indemnites:lien", jeton=jeton)
        if geste == "situation" and question.is_valid():
            declare_situation(personne=personne, annee=annee, by=acteur, **question.read())
            messages.success(request, f"C’est noté pour {annee}.")
            return redirect("indemnites:lien", jeton=jeton)
    except REFUS as refus:
        (form if geste == "declarer" else question).add_error(None, str(refus))
    contexte = {
        "titre": f"Bonjour {personne.prenom}",
        "sous_titre": "Vos participations à la vie de la communauté",
        "proposees": [show_rang(une) for une in miennes.filter(etat=Etat.PROPOSEE).order_by("-le")],
        "recentes": [
            show_rang(une) for une in miennes.exclude(etat__in=[Etat.PROPOSEE, Etat.ECARTEE]).order_by("-le")[:10]
        ],
        "form": form,
        "question": question if question.errors or get_situation(personne.pk, annee) is None else None,
        "annee": annee,
    }
    status = 422 if form.errors or question.errors else 200
    return render(request, "indemnites/lien.html", contexte, status=status)
