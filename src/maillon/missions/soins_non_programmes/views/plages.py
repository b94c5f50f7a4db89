"""Openings: the list, a new one in plain French with its next dates, one by one; the places."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.territoire.models import Commune
from maillon.communaute.territoire.selectors import get_codes_by_cpts
from maillon.regles.erreurs import ErreurRegle
from maillon.regles.horaires import describe_regle
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.ui.composants import Fait, Pastille, Vide
from maillon.socle.ui.listes import Colonne, Filtre, Liste, afficher_liste
from maillon.socle.ui.typographie import compter, format_date, format_heure

from .. import services
from ..enums import Audience, Modalite, Origine
from ..forms.plages import ChoixProfessionnelForm, LieuForm, PlageForm
from ..models import ActionRefusee, LieuConsultation, Plage
from ..permissions import GERER, OUVRIR
from ..selectors.plages import (
    Apercu,
    find_professionnel,
    get_lieu,
    get_plage,
    list_autres_cpts,
    list_plages,
    list_professionnels,
    preview_plage,
)
from ..selectors.reglages import get_today
from .gestes_creneaux import attempt, describe_bilan, is_own, read_moment, say_gardes

PLUS_TARD = "C’est enregistré. Les créneaux seront proposés six semaines à l’avance."
PASTILLES = {True: Pastille("ouverte", "bien"), False: Pastille("retirée", "neutre")}


class ListePlages(Liste):
    titre = "Créneaux des professionnels"
    objet = ("plage", "plages")
    colonnes = (
        Colonne("professionnel", "Professionnel", tri="professionnel__nom_recherche", principale=True),
        Colonne("metier", "Profession", "professionnel.libelle_profession"),
        Colonne("quand", "Quand", lambda p: describe_quand(p)),
        Colonne("lieu", "Où", "lieu.libelle", tri="lieu__libelle"),
        Colonne("etat", "État", lambda p: PASTILLES[p.retiree_le is None], "pastille"),
        Colonne("libres", "Libres à venir", genre="nombre", tri="libres"),
        Colonne("pris", "Réservés à venir", genre="nombre", tri="pris"),
        Colonne("origine", "Ouverte", lambda p: p.get_origine_display(), facultative=True),
        Colonne("jour", "Depuis le", genre="date", tri=True, facultative=True),
    )
    filtres = (
        Filtre("origine", "Ouverte", choix=Origine.choices),
        Filtre("modalite", "Comment", choix=Modalite.choices),
    )
    recherche = ("professionnel__nom_recherche", "lieu__libelle")
    tri_defaut = "-jour"
    export_nom = "creneaux"
    vide = Vide(
        "Aucune plage ouverte",
        "Quand un professionnel ouvre des créneaux, ils paraissent ici. Vous pouvez en ouvrir pour lui, au téléphone.",
        icone="calendar",
    )

    def url_ligne(self, objet: Plage) -> str:
        return reverse("soins_plage", args=[self.request.cpts.slug, objet.pk])


def describe_quand(plage: Plage) -> str:
    """« tous les mardis et jeudis, de 14 h à 16 h »."""
    heures = f"de {format_heure(plage.de)} à {format_heure(plage.a)}"
    return f"{describe_regle(plage.regle) if plage.regle else format_date(plage.jour)}, {heures}"


@acces(GERER)
@require_safe
def plages(request: Requete, slug: str) -> HttpResponse:
    """All openings, for the desk; « Ouvrir des créneaux » asks for whom."""
    return afficher_liste(
        request,
        ListePlages,
        list_plages(request.acteur),
        gabarit="soins_non_programmes/plages.html",
        contexte={"choix": ChoixProfessionnelForm(professionnels=list_professionnels(request.cpts.pk))},
    )


@acces(GERER)
@require_safe
def choisir(request: Requete, slug: str) -> HttpResponse:
    """For whom the desk opens: to the week of that professional, where places are opened in one touch too."""
    form = ChoixProfessionnelForm(request.GET, professionnels=list_professionnels(request.cpts.pk))
    if form.is_valid():
        return redirect("soins_semaine", slug=slug, professionnel_id=form.cleaned_data["professionnel"].pk)
    return redirect("soins_plages", slug=slug)


def _url_semaine(request: Requete, professionnel: Professionnel) -> str:
    slug = request.cpts.slug
    if is_own(request, professionnel):
        return reverse("soins_mes_creneaux", args=[slug])
    return reverse("soins_semaine", args=[slug, professionnel.pk])


def _fil(request: Requete, professionnel: Professionnel, titre: str) -> list[tuple[str, str]]:
    nom = "Mes créneaux" if is_own(request, professionnel) else str(professionnel)
    return [(nom, _url_semaine(request, professionnel)), (titre, "")]


@acces(OUVRIR)
@require_http_methods(["GET", "HEAD", "POST"])
def nouvelle(request: Requete, slug: str, professionnel_id: UUID) -> HttpResponse:
    """A new opening. « Voir les dates » answers with the next dates and writes nothing."""
    professionnel = find_professionnel(professionnel_id, for_acteur=request.acteur)
    lieux = services.take_lieux(cpts_id=request.cpts.pk, professionnel=professionnel, by=request.acteur)
    if not lieux:
        attempt(request, lambda: _refuse("Dites d’abord où ce professionnel reçoit."))
        return redirect("soins_lieu_nouveau", slug=slug, professionnel_id=professionnel.pk)
    autres = list_autres_cpts(request.acteur, professionnel)
    debut = {"jour": get_today(request.cpts), "audiences": [Audience.CPTS, Audience.PRO, Audience.SNP]}
    form = PlageForm(request.POST or None, lieux=lieux, autres=autres, initial=debut)
    if request.method == "POST" and "apercu" in request.POST:
        return _show_nouvelle(request, professionnel, form, apercu=_preview(request, form))
    if request.method == "POST" and form.is_valid():
        try:
            plage, bilan = services.open_plage(
                cpts=request.cpts,
                professionnel=professionnel,
                saisie=form.to_saisie(),
                origine=Origine.AGENDA if is_own(request, professionnel) else Origine.GUICHET,
                by=request.acteur,
            )
        except ActionRefusee as refus:
            form.add_error(refus.champ or None, str(refus))
        else:
            undo = reverse("soins_plage_retirer", args=[slug, plage.pk])
            done = describe_bilan(bilan) if bilan != services.Bilan() else PLUS_TARD
            attempt(request, lambda: True, done=done, undo=undo)
            return redirect(_url_semaine(request, professionnel))
    return _show_nouvelle(request, professionnel, form, status=422 if form.errors else 200)


def _refuse(texte: str) -> None:
    raise ActionRefusee(texte)


def _preview(request: Requete, form: PlageForm) -> Apercu | str:
    """The next dates of what is typed so far, or what is missing."""
    if not form.is_valid():
        return str(next(iter(form.errors.values()))[0])
    saisie = form.to_saisie()
    plage = Plage(cpts=request.cpts, jour=saisie.jour, de=saisie.de, a=saisie.a, duree=saisie.duree)
    plage.regle, plage.jusque, plage.feries = saisie.regle, saisie.jusque, saisie.feries
    try:
        services.check_jours(request.cpts, saisie)
        return preview_plage(plage, request.cpts)
    except (ErreurRegle, ActionRefusee) as erreur:
        return str(erreur)


def _show_nouvelle(
    request: Requete,
    professionnel: Professionnel,
    form: PlageForm,
    *,
    apercu: Apercu | str | None = None,
    status: int = 200,
) -> HttpResponse:
    contexte = {
        "titre": "Ouvrir des créneaux",
        "sous_titre": "" if is_own(request, professionnel) else f"Pour {professionnel}.",
        "fil": _fil(request, professionnel, "Ouvrir des créneaux"),
        "form": form,
        "retour": _url_semaine(request, professionnel),
        "professionnel": professionnel,
        "apercu": apercu if isinstance(apercu, Apercu) else None,
        "manque": apercu if isinstance(apercu, str) else "",
    }
    if request.headers.get("HX-Request") and apercu is not None:
        return render(request, "soins_non_programmes/_apercu.html", contexte)
    return render(request, "soins_non_programmes/plage_nouvelle.html", contexte, status=status)


@acces(OUVRIR)
@require_safe
def plage(request: Requete, slug: str, plage_id: UUID) -> HttpResponse:
    """One opening: what it says, its next dates, withdraw it."""
    trouvee = get_plage(plage_id, for_acteur=request.acteur)
    fuseau = {str(cpts.pk): cpts.nom for cpts in list_autres_cpts(request.acteur, trouvee.professionnel)}
    partages = [fuseau.get(str(pk), "une autre communauté") for pk in trouvee.partages]
    faits = [
        Fait("Quand", describe_quand(trouvee)),
        Fait("Où", str(trouvee.lieu), trouvee.lieu.commune.nom),
        Fait("Comment", f"{trouvee.get_modalite_display()}, {trouvee.duree} minutes par créneau"),
        Fait("Visible par", ", ".join(Audience(a).label for a in trouvee.audiences)),
        Fait("Rendez-vous", "sur rendez-vous" if trouvee.reservable else "sans rendez-vous"),
        Fait("Jours fériés", trouvee.get_feries_display()),
        Fait("Heures", trouvee.get_horaire_display()),
        Fait("Ouverte", trouvee.get_origine_display(), format_date(trouvee.ouverte_le)),
        *([Fait("Montrée aussi à", ", ".join(partages))] if partages else []),
        *([Fait("Dernier jour", format_date(trouvee.jusque))] if trouvee.jusque else []),
        *([Fait("Jours ôtés", ", ".join(format_date(jour) for jour in trouvee.sauf))] if trouvee.sauf else []),
    ]
    contexte = {
        "titre": describe_quand(trouvee).capitalize(),
        "sous_titre": "" if is_own(request, trouvee.professionnel) else str(trouvee.professionnel),
        "fil": _fil(request, trouvee.professionnel, "Une plage"),
        "plage": trouvee,
        "faits": faits,
        "apercu": preview_plage(trouvee, request.cpts) if trouvee.retiree_le is None else None,
    }
    return render(request, "soins_non_programmes/plage.html", contexte)


@acces(OUVRIR)
@require_POST
def retirer_plage(request: Requete, slug: str, plage_id: UUID) -> HttpResponse:
    """No more slots of this opening; who has an appointment in it is to be told."""
    trouvee = get_plage(plage_id, for_acteur=request.acteur)
    retrait = services.withdraw_plage(plage_id=trouvee.pk, by=request.acteur)
    phrase = f"La plage est retirée\u00a0: {compter(retrait.retires, 'créneau', 'créneaux')} en moins."
    if retrait.gardes:
        phrase += f" {say_gardes(retrait)}"
    undo = reverse("soins_plage_rouvrir", args=[slug, trouvee.pk])
    undo += "?" + urlencode({"moment": retrait.moment.isoformat()})
    attempt(request, lambda: True, done=phrase, undo=undo)
    if retrait.donnes:
        return redirect("soins_a_prevenir", slug=slug)
    return redirect(_url_semaine(request, trouvee.professionnel))


@acces(OUVRIR)
@require_POST
def rouvrir_plage(request: Requete, slug: str, plage_id: UUID) -> HttpResponse:
    """Undo the withdrawal."""
    trouvee = get_plage(plage_id, for_acteur=request.acteur)
    services.restore_plage(plage_id=trouvee.pk, moment=read_moment(request), by=request.acteur)
    attempt(request, lambda: True, done="La plage est rouverte.")
    return redirect("soins_plage", slug=slug, plage_id=trouvee.pk)


# Places ---------------------------------------------------------------------------------------------------------------


def _communes(request: Requete) -> list[Commune]:
    codes = get_codes_by_cpts([request.cpts.pk], on=get_today(request.cpts)).get(request.cpts.pk, [])
    return list(Commune.objects.filter(pk__in=codes).order_by("nom"))


def _show_lieu(request: Requete, lieu: LieuConsultation, form: LieuForm, titre: str) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            services.save_lieu(lieu=form.save(commit=False), by=request.acteur)
        except ActionRefusee as refus:
            form.add_error("libelle", str(refus))
        else:
            attempt(request, lambda: True, done="Le lieu est enregistré.")
            return redirect(_url_semaine(request, lieu.professionnel))
    contexte: dict[str, Any] = {
        "titre": titre,
        "fil": _fil(request, lieu.professionnel, titre),
        "form": form,
        "lieu": lieu if lieu.pk and not lieu._state.adding else None,
        "retour": _url_semaine(request, lieu.professionnel),
    }
    return render(request, "soins_non_programmes/lieu.html", contexte, status=422 if form.errors else 200)


@acces(OUVRIR)
@require_http_methods(["GET", "HEAD", "POST"])
def nouveau_lieu(request: Requete, slug: str, professionnel_id: UUID) -> HttpResponse:
    professionnel = find_professionnel(professionnel_id, for_acteur=request.acteur)
    lieu = LieuConsultation(cpts=request.cpts, professionnel=professionnel)
    form = LieuForm(request.POST or None, instance=lieu, communes=_communes(request))
    return _show_lieu(request, lieu, form, "Ajouter un lieu")


@acces(OUVRIR)
@require_http_methods(["GET", "HEAD", "POST"])
def modifier_lieu(request: Requete, slug: str, lieu_id: UUID) -> HttpResponse:
    lieu = get_lieu(lieu_id, for_acteur=request.acteur)
    communes = {commune.pk: commune for commune in [*_communes(request), lieu.commune]}
    form = LieuForm(request.POST or None, instance=lieu, communes=list(communes.values()))
    return _show_lieu(request, lieu, form, "Modifier un lieu")


@acces(OUVRIR)
@require_POST
def fermer_lieu(request: Requete, slug: str, lieu_id: UUID) -> HttpResponse:
    lieu = get_lieu(lieu_id, for_acteur=request.acteur)
    attempt(request, lambda: services.close_lieu(lieu=lieu, by=request.acteur), done="Ce lieu n’est plus proposé.")
    return redirect(_url_semaine(request, lieu.professionnel))
