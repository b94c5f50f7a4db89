"""Finding a slot, and holding it: two clicks from the list to the appointment."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_POST

from maillon.communaute.territoire.selectors import get_zones
from maillon.socle.droits.requete import Requete
from maillon.socle.ui.cartes import Carte, Zone, build_carte
from maillon.socle.ui.composants import Onglet
from maillon.socle.ui.typographie import compter

from .. import services
from ..enums import Quand, Tri
from ..forms.rendez_vous import RechercheForm
from ..models import ActionRefusee, Creneau, CreneauPris, DemandeSoin, RendezVous
from ..selectors.demandes import get_demande, list_professions
from ..selectors.offres import list_offres_of
from ..selectors.recherche import (
    CRENEAUX_MAX,
    Filtres,
    Trouvaille,
    get_a_prendre,
    get_creneau,
    list_suivants,
    search,
)
from ..selectors.rendez_vous import list_retenus
from .commun import group_creneaux, list_faits, read_uuid
from .cotes import Cote, is_too_fast, on_side, slow_down
from .portes import for_members

CHAMPS = ("profession", "commune", "quand", "modalite", "tri")
DEFAUTS = {"profession": "10", "commune": "", "quand": Quand.AUJOURD_HUI.value, "modalite": "", "tri": Tri.TOT.value}


def read_filtres(request: Requete, cote: Cote) -> RechercheForm:
    """Those of the address, kept in the session; without any, those of the last time. What does not exist is as if not
    asked."""
    kept: dict[str, Any] = request.session.get("soins_recherche", {})
    given = {nom: request.GET[nom] for nom in CHAMPS if nom in request.GET}
    form = build_form({**DEFAUTS, **kept.get(cote.lieu, {}), **given}, cote)
    form.is_valid()
    values = {**DEFAUTS, **{nom: valeur for nom, valeur in form.cleaned_data.items() if valeur}}
    if given and kept.get(cote.lieu) != values:
        request.session["soins_recherche"] = {**kept, cote.lieu: values}
    return build_form(values, cote) if form.errors else form


def build_form(values: dict[str, str], cote: Cote) -> RechercheForm:
    return RechercheForm(values, professions=list_professions(), communes=cote.communes)


def to_filtres(form: RechercheForm) -> Filtres:
    """What a form asks."""
    form.is_valid()
    clean = {**DEFAUTS, **{nom: valeur for nom, valeur in form.cleaned_data.items() if valeur}}
    return Filtres(
        profession=clean["profession"],
        commune=clean["commune"],
        modalite=clean["modalite"],
        quand=Quand(clean["quand"]),
        tri=Tri(clean["tri"]),
    )


@on_side
def show_recherche(request: Requete, cote: Cote) -> HttpResponse:
    """Free slots by professional, in a list or on a map."""
    if is_too_fast(request):
        return slow_down(request)
    form = read_filtres(request, cote)
    filtres = to_filtres(form)
    seul = read_uuid(request.GET["professionnel"]) if request.GET.get("professionnel") else None
    if seul is not None:
        found = list_offres_of(seul, filtres, for_acteur=cote.acteur, fuseau=cote.fuseau)
    else:
        found = search(filtres, for_acteur=cote.acteur, communes=cote.communes, fuseau=cote.fuseau)
    elargi = ""
    if found.plus_tard is not None and filtres.quand is not Quand.SEMAINE:  # nothing that day: what comes next is there
        plus_loin = replace(filtres, quand=Quand.SEMAINE)
        suite = search(plus_loin, for_acteur=cote.acteur, communes=cote.communes, fuseau=cote.fuseau)
        if suite.offres:
            elargi, filtres, found = filtres.quand.label.lower(), plus_loin, suite
    demande = find_demande(request, cote)
    if demande is not None:
        found = keep_cpts(found, demande.cpts_id)
    on_map = request.GET.get("vue") == "carte"
    partial = bool(request.headers.get("HX-Request"))
    adresse = cote.url("recherche")
    contexte = {
        "titre": "Créneaux du jour" if cote.is_regulation else "Trouver un créneau",
        "form": form,
        "trouve": found,
        "filtres": filtres,
        "elargi": elargi,
        "carte": build_carte_creneaux(found, cote, adresse) if on_map else None,
        "onglets": [Onglet("Liste", adresse, not on_map), Onglet("Carte", f"{adresse}?vue=carte", on_map)],
        "on_map": on_map,
        "seul": seul is not None,
        "au_plus": found.nombre if found.nombre >= CRENEAUX_MAX else 0,
        "adresse": adresse,
        "demande": demande,
        "retenir": cote.url("retenir"),
        "demander": cote.url("demander"),
        "cle": get_random_string(24),
        "retenus": [] if partial else list_a_donner(cote, demande),
        "plusieurs": len({offre.cpts.pk for offre in found.offres} | {cpts.pk for cpts in cote.communautes}) > 1,
        "semaine": filtres.quand is Quand.SEMAINE,
    }
    return render(request, f"soins_non_programmes/{'_resultats' if partial else 'recherche'}.html", contexte)


def keep_cpts(found: Trouvaille, cpts_id: UUID) -> Trouvaille:
    """For a request: the slots of its community, where the person is known."""
    offres = tuple(offre for offre in found.offres if offre.cpts.pk == cpts_id)
    return replace(found, offres=offres, nombre=sum(len(offre.creneaux) + offre.autres for offre in offres))


def build_carte_creneaux(found: Trouvaille, cote: Cote, adresse: str) -> Carte | None:
    """Free slots by commune of the place: never a person."""
    nombres = found.par_commune
    noms = [commune.pk for commune in cote.communes]
    zones = get_zones(noms)
    if not zones or not nombres:
        return None
    return build_carte(
        [
            Zone(
                id=zone.id,
                nom=zone.nom,
                contours=zone.rings,
                valeur=nombres.get(zone.id, 0),
                url=f"{adresse}?commune={zone.id}&tri={Tri.PRES.value}",
            )
            for zone in zones
        ],
        titre=f"{compter(found.nombre, 'créneau libre', 'créneaux libres')}, par commune du lieu",
        libelle_zone="Commune",
        libelle_valeur="Créneaux",
        source="Contours\u00a0: IGN Admin Express, simplifiés.",
    )


def find_demande(request: Requete, cote: Cote) -> DemandeSoin | None:
    """The request for which one seeks, when the address or the form names one that this person may see."""
    brut = request.POST.get("demande") or request.GET.get("demande") or ""
    return get_demande(read_uuid(brut), for_acteur=cote.acteur) if brut else None


def for_demande(demande: DemandeSoin | None) -> str:
    """What an address adds to go on seeking for this request."""
    return f"?demande={demande.pk}" if demande else ""


@on_side
def hold_creneau(request: Requete, cote: Cote) -> HttpResponse:
    """The first click: the slot is kept some minutes. 409 when somebody was quicker."""
    creneau_id = read_uuid(request.POST.get("creneau", ""))
    creneau = get_a_prendre(creneau_id, for_acteur=cote.acteur)
    cpts = cote.get_cpts(creneau.cpts_id)
    demande = find_demande(request, cote)
    cle = f"{request.POST.get('cle', '')[:24] or get_random_string(24)}-{creneau_id.hex}"
    try:
        with cote.inside(cpts):
            held = services.hold(creneau_id=creneau_id, by=cote.acteur, cle_depot=cle, origine=cote.origine)
    except ActionRefusee as refus:
        status = 409 if isinstance(refus, CreneauPris) else 422
        return show_pris(request, cote, creneau, str(refus), demande=demande, status=status)
    return redirect(cote.url("confirmer", held.pk) + for_demande(demande))


def show_pris(
    request: Requete,
    cote: Cote,
    creneau: Creneau,
    phrase: str,
    *,
    demande: DemandeSoin | None = None,
    status: int,
) -> HttpResponse:
    """Somebody was quicker, or it is too late: the next slots are there already. Who holds too many finds them here."""
    retenus = list_a_donner(cote, demande) if phrase == services.TROP_DE_RETENUES else []
    en_plus = cote.url("en_plus", creneau.pk) if cote.is_guichet and status == 409 else ""
    contexte = {
        "titre": say_refus(status, retenus),
        "retenus": retenus,
        "phrase": phrase,
        "creneau": creneau,
        "suivants": group_creneaux(
            suivant
            for suivant in list_suivants(creneau, for_acteur=cote.acteur)
            if demande is None or suivant.cpts_id == demande.cpts_id
        ),
        "retenir": cote.url("retenir"),
        "recherche": cote.url("recherche"),
        "demander": cote.url("demander"),
        "demande": demande,
        "en_plus": en_plus,
        "cle": get_random_string(24),
    }
    return render(request, "soins_non_programmes/pris.html", contexte, status=status)


def list_a_donner(cote: Cote, demande: DemandeSoin | None) -> list[tuple[RendezVous, str, str]]:
    """The slots that this account keeps and has given to nobody yet: where to give each, where to let it go."""
    suite = for_demande(demande)
    return [
        (held, cote.url("confirmer", held.pk) + suite, cote.url("liberer", held.pk) + suite)
        for held in list_retenus(for_acteur=cote.acteur)
    ]


def say_refus(status: int, retenus: list[tuple[RendezVous, str, str]]) -> str:
    if retenus:
        return f"Vous retenez déjà {compter(len(retenus), 'créneau', 'créneaux')}"
    return "Ce créneau n’est plus libre" if status == 409 else "Ce créneau ne se réserve pas"


@on_side
def show_creneau(request: Requete, cote: Cote, creneau_id: UUID) -> HttpResponse:
    """One slot, as the national platform links to it: one click from the appointment."""
    creneau = get_creneau(creneau_id, for_acteur=cote.acteur)
    contexte = {
        "titre": "Donner ce rendez-vous",
        "creneau": creneau,
        "faits": list_faits(creneau),
        "retenir": cote.url("retenir"),
        "recherche": cote.url("recherche"),
        "cle": get_random_string(24),
        "suivants": [] if creneau.etat == "libre" else group_creneaux(list_suivants(creneau, for_acteur=cote.acteur)),
    }
    return render(request, "soins_non_programmes/creneau.html", contexte)


recherche = for_members(show_recherche)
retenir = for_members(hold_creneau, require_POST)
