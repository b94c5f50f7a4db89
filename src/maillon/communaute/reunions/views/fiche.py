"""The page of a meeting, for its organiser and for those who are invited."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete

from .. import presentation, selectors, services
from ..enums import STATUTAIRES, Etat, Presence, PreuvePouvoir, Reponse
from ..forms import AnnulerForm, ConvoquerForm, MandataireForm
from ..forms.reunions import list_cibles
from ..models import ActionRefusee, Convocation, Participation, Reunion
from ..permissions import GERER, VOIR
from .commun import attempt, build_fil, show_quorum
from .commun_presences import build_onglets


@acces(VOIR)
@require_safe
def fiche(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """What, when, where, what comes next, the agenda, who answered."""
    reunion = selectors.get_reunion(pk, for_acteur=request.acteur)
    return render(request, "reunions/fiche.html", build_contexte(request, reunion))


def build_contexte(request: Requete, reunion: Reunion) -> dict[str, Any]:
    """What the page shows to this person."""
    organise = request.acteur.can(GERER)
    convocation: Convocation | None = getattr(reunion, "convocation", None)
    participations = list(selectors.list_participations(reunion))
    points = selectors.list_points(reunion)
    mienne = selectors.get_participation(reunion, for_acteur=request.acteur)
    contexte: dict[str, Any] = {
        "titre": reunion.titre,
        "sous_titre": f"{reunion.get_type_display().capitalize()} – {presentation.say_quand(reunion)}",
        "fil": build_fil(request, reunion),
        "reunion": reunion,
        "etat": presentation.show_etat(reunion),
        "onglets": build_onglets(request, reunion, "fiche"),
        "organise": organise,
        "modifiable": organise and reunion.etat in (Etat.PREPARATION, Etat.CONVOQUEE),
        "faits": presentation.build_faits(
            reunion, convocation, list_cibles(reunion.cpts_id) if reunion.indicateur else ()
        ),
        "points": points,
        "convocation": convocation,
        "reponses": selectors.compte_reponses(participations),
        "invites": len(participations),
        "precedentes": selectors.find_precedentes(reunion),
        "statutaire": reunion.type in STATUTAIRES,
        "votes": reunion.type in STATUTAIRES and (convocation is not None or reunion.etat == Etat.PREPARATION),
        "resolutions": [
            (resolution, presentation.show_resolution(resolution), presentation.say_resultat(resolution))
            for resolution in selectors.list_resolutions(reunion)
        ],
        **build_reponse(reunion, mienne, convocation),
    }
    if organise:
        contexte |= _build_organisation(reunion, participations, points, convocation)
    return contexte


def _build_organisation(
    reunion: Reunion, participations: list[Participation], points: list[Any], convocation: Convocation | None
) -> dict[str, Any]:
    """What the organiser sees: the next step, who answered what, the proxies."""
    sondage = selectors.get_sondage(reunion) if reunion.etat == Etat.PREPARATION else None
    prete = reunion.etat == Etat.PREPARATION and reunion.debut is not None
    contexte: dict[str, Any] = {
        "suite": presentation.say_suite(
            reunion,
            reponses=selectors.compte_reponses(participations),
            points=len(points),
            plan=selectors.plan_convocation(reunion) if prete else None,
            grille=selectors.build_grille(sondage) if sondage and reunion.debut is None else None,
            envoye=bool(sondage and sondage.envoye_le),
            presents=sum(one.presence == Presence.PRESENT for one in participations),
        ),
        "lignes": [(one, presentation.show_reponse(one)) for one in participations],
        "pouvoirs": selectors.list_pouvoirs(reunion) if convocation and convocation.pouvoirs_max else [],
        "form_annuler": AnnulerForm(),
        "prevenus": reunion.convoquee_le is not None or bool(sondage and sondage.envoye_le),
    }
    if convocation is not None and reunion.etat == Etat.CONVOQUEE:
        ecrits = sum(one.convoquee_le is not None for one in participations)
        contexte["ecrits"] = ecrits
        contexte["sans_courriel"] = [one for one in participations if not one.personne.courriel]
        contexte["en_envoi"] = ecrits + len(contexte["sans_courriel"]) < len(participations)
        if reunion.type in STATUTAIRES:
            _, contexte["quorum"] = show_quorum(reunion)
    return contexte


def build_reponse(reunion: Reunion, mienne: Participation | None, convocation: Convocation | None) -> dict[str, Any]:
    """What somebody invited may say: come or not, give a proxy."""
    if mienne is None:
        return {"mienne": None}
    donne = mienne.pouvoirs_donnes.filter(fin_le=None).select_related("mandataire__personne").first()
    presente = mienne.presence == Presence.PRESENT
    repond = reunion.etat == Etat.CONVOQUEE and not presente
    peut = bool(repond and mienne.votant and convocation and convocation.pouvoirs_max)
    return {
        "mienne": mienne,
        "ma_reponse": presentation.show_reponse(mienne),
        "repond": repond,
        "presente": presente,
        "pouvoir_donne": donne,
        "pouvoirs_portes": list(mienne.pouvoirs_recus.filter(fin_le=None).select_related("mandant__personne")),
        "form_pouvoir": MandataireForm(mandataires=selectors.list_mandataires(mienne)) if peut else None,
    }


def answer(request: Requete, participation: Participation, preuve: PreuvePouvoir) -> bool:
    """What somebody invited posts, from the page or from a link; the message says what was kept."""
    envoi = request.POST
    if envoi.get("pouvoir") == "retirer":
        donne = participation.pouvoirs_donnes.filter(fin_le=None).first()
        return donne is not None and attempt(
            request,
            lambda: services.revoke_pouvoir(pouvoir_id=donne.pk, by=request.acteur),
            done="Votre pouvoir est retiré.",
        )
    if "mandataire" in envoi:
        form = MandataireForm(envoi, mandataires=selectors.list_mandataires(participation))
        if not form.is_valid():
            messages.error(request, "Choisissez à qui vous donnez pouvoir.")
            return False
        vers = form.cleaned_data["mandataire"]
        return attempt(
            request,
            lambda: services.give_pouvoir(
                mandant_id=participation.pk, mandataire_id=vers.pk, preuve=preuve, by=request.acteur
            ),
            done=f"C’est noté : {vers.personne} votera pour vous. Si vous venez, ce pouvoir tombe de lui-même.",
        )
    if envoi.get("reponse") not in {Reponse.OUI, Reponse.NON, Reponse.PEUT_ETRE}:
        return False
    reponse = Reponse(envoi["reponse"])
    return attempt(
        request,
        lambda: services.answer_invitation(participation_id=participation.pk, reponse=reponse, by=request.acteur),
        done="C’est noté, merci.",
    )


@acces(VOIR)
@require_POST
def repondre(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Somebody with an account answers, gives or takes back a proxy."""
    reunion = selectors.get_reunion(pk, for_acteur=request.acteur)
    mienne = selectors.get_participation(reunion, for_acteur=request.acteur)
    if mienne is not None:
        answer(request, mienne, PreuvePouvoir.COMPTE)
    return redirect("reunions:fiche", slug=slug, pk=pk)


@acces(GERER)
@require_http_methods(["GET", "POST"])
def convoquer(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """What will be sent, to whom, under which rules; then send it."""
    reunion = selectors.get_reunion(pk, for_acteur=request.acteur)
    if reunion.etat != Etat.PREPARATION or reunion.debut is None:
        return redirect("reunions:fiche", slug=slug, pk=pk)
    form = ConvoquerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.convoke_reunion(reunion_id=pk, motif_delai=form.cleaned_data["motif_delai"], by=request.acteur)
            messages.success(request, "La convocation est gardée ; les courriels partent.")
            return redirect("reunions:fiche", slug=slug, pk=pk)
        except ActionRefusee as refus:
            form.add_error("motif_delai", str(refus))
    plan = selectors.plan_convocation(reunion)
    contexte = {
        "titre": "Convoquer" if plan.regles else "Envoyer l’invitation",
        "sous_titre": f"{reunion.titre} – {presentation.say_quand(reunion)}",
        "fil": build_fil(request, reunion, "Convoquer"),
        "reunion": reunion,
        "plan": plan,
        "points": selectors.list_points(reunion),
        "form": form,
        "regles_url": reverse("reunions:regles", args=[slug]),
    }
    return render(request, "reunions/convoquer.html", contexte, status=422 if form.errors else 200)
