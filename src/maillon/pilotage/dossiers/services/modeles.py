"""The table that the CPAM asks to fill: kept, its places found, figures proposed."""

from collections.abc import Mapping

from django.db import transaction

from maillon.pilotage.contrats.models import Contrat
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.enums import TypeFichier
from maillon.socle.fichiers.services import FichierRefuse, store_fichier
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal

from ..documents.chiffres import Chiffre
from ..documents.tableau import TableauRefuse, places_to_json, propose, read_places
from ..models import ModeleTableau
from ..permissions import LIRE


@transaction.atomic
def store_modele(*, contrat: Contrat, nom: str, contenu: bytes, chiffres: list[Chiffre], by: Acteur) -> ModeleTableau:
    """Keep the CPAM's table for this contract, with the figures proposed for its places; the former one is retired.

    Links already made by hand are kept for places of the same name. Raises FichierRefuse for a document that is not an
    accepted workbook.
    """
    Contrat.objects.select_for_update().get(pk=contrat.pk)
    fichier = store_fichier(cpts_id=contrat.cpts_id, nom=nom, contenu=contenu, by=by, permission=LIRE.code)
    if fichier.type != TypeFichier.XLSX:
        raise FichierRefuse(f"« {nom} » n’est pas un classeur Excel. Enregistrez le tableau en .xlsx, sans macro.")
    try:
        places = read_places(contenu)
    except TableauRefuse as refus:
        raise FichierRefuse(str(refus)) from refus
    ancien = ModeleTableau.objects.filter(contrat=contrat, retire_le__isnull=True).first()
    correspondances = propose(places, chiffres)
    if ancien is not None:
        noms = {place.nom for place in places}
        correspondances |= {nom: code for nom, code in ancien.correspondances.items() if nom in noms}
        ancien.retire_le = now()
        ancien.save(update_fields=["retire_le"])
    modele = ModeleTableau.objects.create(
        cpts_id=contrat.cpts_id,
        contrat=contrat,
        fichier=fichier,
        places=places_to_json(places),
        correspondances=correspondances,
        depose_par=by.compte_id,
    )
    journal.record("dossiers.tableau_depose", modele, by=by, places=len(places), liees=len(correspondances))
    return modele


@transaction.atomic
def link_places(
    *, modele: ModeleTableau, correspondances: Mapping[str, str], chiffres: list[Chiffre], by: Acteur
) -> ModeleTableau:
    """Say which figure goes in which place; an empty code leaves the place as it is.

    Raises SaisieInvalide for a place or a figure that does not exist.
    """
    modele = ModeleTableau.objects.select_for_update().get(pk=modele.pk)
    places = {place["nom"] for place in modele.places}
    codes = {chiffre.code for chiffre in chiffres}
    choisies = {nom: code for nom, code in correspondances.items() if code}
    if not choisies.keys() <= places or not set(choisies.values()) <= codes:
        raise SaisieInvalide("Une cellule ou un chiffre choisi n’existe plus. Rechargez la page et recommencez.")
    modele.correspondances = choisies
    modele.save(update_fields=["correspondances"])
    journal.record("dossiers.tableau_relie", modele, by=by, liees=len(choisies))
    return modele


@transaction.atomic
def remove_modele(*, modele: ModeleTableau, by: Acteur) -> ModeleTableau:
    """Fill this table no more; packs already made keep theirs."""
    modele = ModeleTableau.objects.select_for_update().get(pk=modele.pk)
    if modele.retire_le is None:
        modele.retire_le = now()
        modele.save(update_fields=["retire_le"])
        journal.record("dossiers.tableau_retire", modele, by=by)
    return modele
