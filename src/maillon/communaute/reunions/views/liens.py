"""Pages of personal links, without account: say when one can come, answer, give a proxy, read, vote.

GET changes nothing. Through a link one sees the meeting and oneself; of the others, only the names of those who may
carry one's proxy.
"""

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from maillon.socle.droits.permissions import acces_lien
from maillon.socle.droits.requete import Requete
from maillon.socle.fichiers.telechargement import serve_fichier
from maillon.socle.horloge import now

from .. import presentation, selectors, services
from ..codes import is_ouverte
from ..enums import Choix, ChoixVote, Etat, PreuvePouvoir
from ..forms import read_choix
from ..models import Participation, Reunion
from .commun import attempt
from .fiche import answer, build_reponse
from .reunions import serve_ics
from .votes import cast


def _open(request: Requete) -> tuple[Reunion, Participation]:
    """The meeting and the invitation behind the link."""
    one = (
        Participation.objects.visible_to(request.acteur)
        .select_related("personne", "reunion__cpts", "reunion__convocation__document", "reunion__groupe")
        .first()
    )
    if one is None:  # taken off the list since
        raise Http404
    return one.reunion, one


@acces_lien(services.LIEN_INVITATION)
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: Requete, jeton: str) -> HttpResponse:
    """Answer, give a proxy, read the agenda and its documents, vote."""
    reunion, one = _open(request)
    if request.method == "POST":
        if "choix" in request.POST:
            cast(request, one)
        else:
            answer(request, one, PreuvePouvoir.LIEN)
        return redirect("reunions:lien_invitation", jeton=jeton)
    convocation = getattr(reunion, "convocation", None)
    contexte = {
        "titre": reunion.titre,
        "sous_titre": f"{reunion.get_type_display().capitalize()} – {presentation.say_quand(reunion)}",
        "reunion": reunion,
        "etat": presentation.show_etat(reunion),
        "points": selectors.list_points(reunion),
        "convocation": convocation,
        "jeton": jeton,
        "bulletins": selectors.list_bulletins(one),
        "choix": ChoixVote.choices,
        "passee": reunion.etat in (Etat.TENUE, Etat.ANNULEE),
        "emargement": reunion.etat == Etat.CONVOQUEE and is_ouverte(reunion.debut, reunion.fin, now()),
        **build_reponse(reunion, one, convocation),
    }
    return render(request, "reunions/lien_invitation.html", contexte)


@acces_lien(services.LIEN_INVITATION)
@require_safe
def bulletins(request: Requete, jeton: str) -> HttpResponse:
    """The fragment that the telephone asks again: votes that have just opened or closed."""
    _, one = _open(request)
    contexte = {"jeton": jeton, "bulletins": selectors.list_bulletins(one), "choix": ChoixVote.choices, "mienne": one}
    return render(request, "reunions/_bulletins.html", contexte)


@acces_lien(services.LIEN_INVITATION)
@require_safe
def agenda(request: Requete, jeton: str) -> HttpResponse:
    """The meeting for one's own calendar."""
    reunion, _ = _open(request)
    return serve_ics(reunion)


@acces_lien(services.LIEN_INVITATION)
@require_safe
def document(request: Requete, jeton: str) -> HttpResponseBase:
    """The convocation, or what an item of the agenda gives to read (`?d=`)."""
    reunion, _ = _open(request)
    convocation = getattr(reunion, "convocation", None)
    lisibles = [point.document for point in selectors.list_points(reunion) if point.document]
    if convocation is not None and convocation.document:
        lisibles.append(convocation.document)
    found = next((fichier for fichier in lisibles if str(fichier.pk) == request.GET.get("d")), None)
    if found is None:
        raise Http404
    return serve_fichier(found, by=request.acteur)


@acces_lien(services.LIEN_SONDAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def sondage(request: Requete, jeton: str) -> HttpResponse:
    """Yes, if need be or no to each date; changed as long as the poll is open."""
    reunion, one = _open(request)
    found = selectors.get_sondage(reunion)
    creneaux = list(found.creneaux.all()) if found else []
    ouvert = bool(found and found.clos_le is None and reunion.etat == Etat.PREPARATION)
    dits = {d.creneau_id: d.choix for d in one.disponibilites.all()}
    manquent: set[UUID] = set()
    if request.method == "POST":
        choix, manquent = read_choix(request.POST, creneaux)
        if not manquent and attempt(
            request,
            lambda: services.answer_sondage(participation_id=one.pk, choix=choix, by=request.acteur),
            done="Merci, c’est noté. Vous pouvez changer d’avis tant que la date n’est pas choisie.",
        ):
            return redirect("reunions:lien_sondage", jeton=jeton)
        dits |= choix
    contexte = {
        "titre": reunion.titre,
        "sous_titre": "Quand pouvez-vous venir ?",
        "reunion": reunion,
        "sondage": found,
        "ouvert": ouvert,
        "mienne": one,
        "deja": bool(dits) and not manquent,
        "choix": Choix.choices,
        "lignes": [(creneau, dits.get(creneau.pk, ""), creneau.pk in manquent) for creneau in creneaux],
        "manquent": manquent,
    }
    return render(request, "reunions/lien_sondage.html", contexte, status=422 if manquent else 200)
