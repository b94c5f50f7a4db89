"""What several pages do."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404

from maillon.socle.droits.requete import Requete
from maillon.socle.ui.annonces import offer_undo
from maillon.socle.ui.composants import Fait, Pastille, Ton
from maillon.socle.ui.typographie import format_date_heure, format_telephone

from ..enums import EtatDemande, EtatRendezVous, Modalite
from ..models import ActionRefusee, Creneau, DemandeSoin, RendezVous

A_APPELER = "Elle n’a laissé ni portable ni adresse électronique\u00a0: appelez-la."
TONS_RENDEZ_VOUS: dict[str, Ton] = {
    EtatRendezVous.RETENU: "attente",
    EtatRendezVous.CONFIRME: "cours",
    EtatRendezVous.HONORE: "bien",
    EtatRendezVous.ABSENT: "alerte",
    EtatRendezVous.ANNULE: "neutre",
    EtatRendezVous.EXPIRE: "neutre",
}
TONS_DEMANDE: dict[str, Ton] = {
    EtatDemande.OUVERTE: "attente",
    EtatDemande.SOLLICITEE: "cours",
    EtatDemande.ESCALADEE: "alerte",
    EtatDemande.ACCEPTEE: "cours",
    EtatDemande.POURVUE: "bien",
    EtatDemande.ORIENTEE: "bien",
    EtatDemande.ANNULEE: "neutre",
}
COURTS = {EtatDemande.SOLLICITEE: "sollicitation en cours", EtatDemande.ESCALADEE: "personne n’a pu"}


def read_uuid(brut: str) -> UUID:
    """What an address or a form names; Http404 when it names nothing."""
    try:
        return UUID(brut)
    except ValueError as error:
        raise Http404 from error


def attempt(request: Requete, action: Callable[[], Any], *, done: str = "", undo: str = "") -> Any:
    """Run a service; its refusal becomes a message and None, its success the message `done` and its result."""
    try:
        result = action()
    except ActionRefusee as refus:
        messages.error(request, str(refus))
        return None
    if done and undo:
        offer_undo(request, done, undo)
    elif done:
        messages.success(request, done)
    return result if result is not None else True


def pastille_rendez_vous(rendez_vous: RendezVous) -> Pastille:
    return Pastille(rendez_vous.get_etat_display(), TONS_RENDEZ_VOUS[rendez_vous.etat])


def pastille_demande(demande: DemandeSoin) -> Pastille:
    etat = EtatDemande(demande.etat)
    return Pastille(COURTS.get(etat, str(etat.label)), TONS_DEMANDE[etat])


def list_faits(creneau: Creneau) -> list[Fait]:
    """What one tells the person of a slot."""
    lieu, cpts = creneau.lieu, creneau.cpts
    telephone = lieu.telephone or cpts.telephone
    au_cabinet = creneau.modalite == Modalite.CABINET
    adresse = ", ".join(part for part in (lieu.adresse, f"{lieu.code_postal} {lieu.commune.nom}".strip()) if part)
    return [
        Fait("Quand", format_date_heure(creneau.debut)),
        Fait("Avec", str(creneau.professionnel), creneau.professionnel.libelle_profession),
        Fait("Où", lieu.libelle, adresse) if au_cabinet else Fait("Où", creneau.get_modalite_display()),
        *([Fait("Téléphone", format_telephone(telephone), url=f"tel:{telephone}")] if telephone else []),
    ]


def group_creneaux(creneaux: Iterable[Creneau]) -> list[list[Creneau]]:
    """By professional, place and way of giving care, in the order of the first slot of each."""
    groupes: dict[tuple[UUID, UUID, str], list[Creneau]] = {}
    for creneau in creneaux:
        groupes.setdefault((creneau.professionnel_id, creneau.lieu_id, creneau.modalite), []).append(creneau)
    return list(groupes.values())


def name_creneau(creneau: Creneau) -> str:
    """« mardi 3 mars, 14 h 30, avec Dr Camille Durand »."""
    return f"{format_date_heure(creneau.debut)}, avec {creneau.professionnel}"
