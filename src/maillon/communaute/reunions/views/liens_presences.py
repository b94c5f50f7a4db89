"""What people open without an account: the code in the room, their personal link, the tablet passed around, the
minutes. GET changes nothing, and one sees only what is needed to sign."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.communaute.personnes.models import Personne
from maillon.communaute.personnes.selectors import get_personne_of
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.permissions import acces_lien, acces_public
from maillon.socle.droits.requete import Requete
from maillon.socle.droits.selectors import acteur_of_membre, get_membre
from maillon.socle.fichiers.telechargement import serve_fichier
from maillon.socle.horloge import now

from ..codes import is_ouverte, read_code
from ..enums import Etat, GenreDocument, Presence, PreuvePresence
from ..forms.presences import QuiForm, SignatureForm
from ..models import ActionRefusee, Participation, Reunion
from ..selectors.comptes_rendus import find_compte_rendu, find_version
from ..selectors.presences import (
    count_presences,
    find_document,
    find_invitation,
    find_ligne,
    find_personne,
    find_reunion,
    get_participation,
    list_lignes,
)
from ..services import LIEN_INVITATION
from ..services import presences as services
from ..services.comptes_rendus import LIEN_COMPTE_RENDU, show_version
from .commun_presences import attempt, read_uuid, say_quand

SCANNEE, CONNUE = "presence_scannee", "presence_personne"
# Whoever scanned in time may finish typing their name: the session remembers the meeting for ten minutes.
DELAI_SAISIE = 600


@acces_public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def par_code(request: Requete, slug: str, code: str) -> HttpResponse:
    """The code was scanned: who is known signs in one touch, others say who they are."""
    reunion = _find_scannee(request, code)
    if reunion is None:
        return render(request, "reunions/code_passe.html", {"titre": "Ce code n’est plus valable"}, status=410)
    personne, by = _who(request, reunion)
    form = QuiForm()
    if request.method == "POST" and request.POST.get("geste") == "autre":
        request.session.pop(CONNUE, None)
        return redirect(request.path)
    if request.method == "POST" and personne is None:
        form = QuiForm(request.POST)
        personne = _recognise(request, reunion, form)
    if request.method == "POST" and personne is not None:
        _act(request, reunion, personne, by)
        return redirect(request.path)
    return _show(request, reunion, personne, form=form, status=422 if form.errors else 200)


def _find_scannee(request: Requete, code: str) -> Reunion | None:
    """The meeting of a code of this moment, or of one scanned in time by this very telephone."""
    moment = now()
    scannee = read_code(code, moment)
    if scannee is not None:
        request.session[SCANNEE] = [str(scannee), moment.timestamp() + DELAI_SAISIE]
    else:
        connue, jusqu_a = request.session.get(SCANNEE, ("", 0))
        scannee = read_uuid(connue) if moment.timestamp() < jusqu_a else None
    return find_reunion(request.cpts.pk, scannee) if scannee is not None else None


def _who(request: Requete, reunion: Reunion) -> tuple[Personne | None, Acteur]:
    """Who holds the telephone: by their account, else as they said last time."""
    if request.user.is_authenticated:
        membre = get_membre(request.user, reunion.cpts.slug)
        if membre is not None:
            acteur = acteur_of_membre(request.user, membre, fort=False)
            return get_personne_of(acteur), acteur
    connue = request.session.get(CONNUE, "")
    personne = Personne.objects.en_activite().filter(cpts_id=reunion.cpts_id, pk=connue).first() if connue else None
    return personne, request.acteur


def _recognise(request: Requete, reunion: Reunion, form: QuiForm) -> Personne | None:
    if not form.is_valid():
        return None
    personne = find_personne(reunion.cpts_id, nom=form.cleaned_data["nom"], courriel=form.cleaned_data["courriel"])
    if personne is None:
        form.add_error(
            None,
            "Ce nom et ce courriel ne sont pas connus ensemble. Vérifiez-les, ou signalez-vous à l’organisateur : il "
            "vous note présent d’un geste.",
        )
        return None
    request.session[CONNUE] = str(personne.pk)
    return personne


def _act(request: Requete, reunion: Reunion, personne: Personne, by: Acteur) -> None:
    """Present, or leaving before the end."""
    ligne = find_invitation(reunion, personne)
    if request.POST.get("geste") == "partir":
        if ligne is not None:
            attempt(request, lambda: services.leave_now(participation=ligne, by=by))
        return
    attempt(request, lambda: services.add_present(reunion=reunion, personne=personne, preuve=PreuvePresence.QR, by=by))


def _show(
    request: Requete, reunion: Reunion, personne: Personne | None, *, form: Any = None, status: int = 200
) -> HttpResponse:
    """The one page of who attends: who they are, and one button."""
    contexte = {
        "titre": reunion.titre,
        "sous_titre": say_quand(reunion),
        "reunion": reunion,
        "personne": personne,
        "ligne": find_invitation(reunion, personne) if personne is not None else None,
        "ouverte": is_ouverte(reunion.debut, reunion.fin, now()) and reunion.etat not in (Etat.TENUE, Etat.ANNULEE),
        "form": form,
    }
    return render(request, "reunions/je_suis_present.html", contexte, status=status)


@acces_lien(services.LIEN_PRESENCE)
@require_http_methods(["GET", "HEAD", "POST"])
def par_lien(request: Requete, jeton: str) -> HttpResponse:
    """The personal link: one touch during the meeting."""
    ligne = _get_ligne_du_lien(request)
    if request.method == "POST":
        if request.POST.get("geste") == "partir":
            attempt(request, lambda: services.leave_now(participation=ligne, by=request.acteur))
        else:
            attempt(
                request,
                lambda: services.record_presence(participation=ligne, preuve=PreuvePresence.LIEN, by=request.acteur),
            )
        return redirect(request.path)
    return _show(request, ligne.reunion, ligne.personne)


@acces_lien(LIEN_INVITATION)
@require_POST
def par_invitation(request: Requete, jeton: str) -> HttpResponse:
    """The personal link of the convocation, during the meeting: one touch."""
    ligne = _get_ligne_du_lien(request)
    attempt(
        request,
        lambda: services.record_presence(participation=ligne, preuve=PreuvePresence.LIEN, by=request.acteur),
        done="Votre présence est enregistrée.",
    )
    return redirect("reunions:lien_invitation", jeton=jeton)


def _get_ligne_du_lien(request: Requete) -> Participation:
    ligne = find_ligne(request.cpts.pk, request.lien.objet_id)
    if ligne is None:
        raise Http404
    return ligne


@acces_lien(services.LIEN_TABLETTE)
@require_safe
def tablette(request: Requete, jeton: str) -> HttpResponse:
    """The list on a tablet: names, large; one touches one's own."""
    reunion = _get_reunion_du_lien(request)
    lignes = list(list_lignes(reunion))
    contexte = {"titre": reunion.titre, "reunion": reunion, "lignes": lignes, "jeton": jeton}
    return render(request, "reunions/tablette.html", contexte | {"compte": count_presences(lignes)})


@acces_lien(services.LIEN_TABLETTE)
@require_http_methods(["GET", "HEAD", "POST"])
def signer(request: Requete, jeton: str, participation_id: UUID) -> HttpResponse:
    """One person signs: with the finger, or by initials."""
    reunion = _get_reunion_du_lien(request)
    ligne = get_participation(participation_id, reunion=reunion)
    form = SignatureForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.record_presence(
                participation=ligne,
                preuve=PreuvePresence.TABLETTE,
                signature=form.cleaned_data["trace"],
                initiales=form.cleaned_data["initiales"].strip(),
                by=request.acteur,
            )
            return redirect("reunions:lien_tablette", jeton=jeton)
        except ActionRefusee as refus:
            form.add_error(None, str(refus))
    contexte = {"titre": str(ligne.personne), "reunion": reunion, "ligne": ligne, "form": form, "jeton": jeton}
    contexte["present"] = ligne.presence == Presence.PRESENT
    return render(request, "reunions/signer.html", contexte, status=422 if form.errors else 200)


def _get_reunion_du_lien(request: Requete) -> Reunion:
    reunion = find_reunion(request.cpts.pk, request.lien.objet_id)
    if reunion is None:
        raise Http404
    return reunion


@acces_lien(LIEN_COMPTE_RENDU)
@require_safe
def compte_rendu(request: Requete, jeton: str) -> HttpResponse:
    """The approved minutes, for somebody who was invited."""
    reunion = _get_ligne_du_lien(request).reunion
    trouve = find_compte_rendu(reunion)
    version = find_version(trouve) if trouve is not None else None
    contexte: dict[str, Any] = {
        "titre": "Compte rendu",
        "sous_titre": f"{reunion.titre}, {say_quand(reunion)}",
        "jeton": jeton,
    }
    if find_document(reunion, GenreDocument.COMPTE_RENDU) is not None and version is not None:
        contexte |= {"vue": show_version(version)}
    return render(request, "reunions/compte_rendu_lien.html", contexte)


@acces_lien(LIEN_COMPTE_RENDU)
@require_safe
def compte_rendu_pdf(request: Requete, jeton: str) -> HttpResponseBase:
    """The document itself."""
    document = find_document(_get_ligne_du_lien(request).reunion, GenreDocument.COMPTE_RENDU)
    if document is None:
        raise Http404
    return serve_fichier(document.fichier, by=request.acteur)
