"""Situations of the other ways in: call inside `use_cpts(cpts.pk)`."""

from itertools import count

from fabriques.medecin_traitant import Guichet
from fabriques.structures import PartenariatFabrique
from maillon.communaute.structures.models import Structure
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums import Origine
from maillon.missions.medecin_traitant.models import Demande, ListeAttente
from maillon.socle.droits.acteur import SYSTEME

_numeros = count(1)
TITRES = "Nom;Prénom;Date de naissance;Tél;Ville;CP;Date de la demande;ALD;Observations;N° sécu"


def deposit_liste(guichet: Guichet, *lignes: str, titres: str = TITRES, nom: str = "attente.csv") -> ListeAttente:
    """A waiting list just received."""
    contenu = "\n".join([titres, *lignes]).encode()
    return services.deposit_attente(cpts_id=guichet.cpts.pk, nom=nom, contenu=contenu, by=guichet.acteur)


def look_liste(guichet: Guichet, *lignes: str, titres: str = TITRES) -> ListeAttente:
    """The same once its columns are chosen: nothing is written yet."""
    liste = deposit_liste(guichet, *lignes, titres=titres)
    return services.choose_colonnes_attente(liste_id=liste.pk, colonnes=liste.colonnes, by=guichet.acteur)


def take_liste(guichet: Guichet, *lignes: str, titres: str = TITRES) -> ListeAttente:
    """The same once recorded: its people wait for a call."""
    liste = look_liste(guichet, *lignes, titres=titres)
    services.ask_application_attente(liste_id=liste.pk, by=guichet.acteur)
    services.apply_liste(liste_id=liste.pk, by=SYSTEME)
    liste.refresh_from_db()
    return liste


def make_sans_accord(guichet: Guichet, *, nom: str = "Canari", prenom: str = "Zoé") -> Demande:
    """One person of a list taken over who must still agree; another person at each call."""
    n = next(_numeros)
    ligne = f"{nom};{prenom};{1930 + n % 90};06{n:08d};Saint-Étienne;42000;03/02/2026;oui;;"
    return Demande.objects.get(liste=take_liste(guichet, ligne))


def give_acces(
    guichet: Guichet, structure: Structure | None = None, *, origine: Origine = Origine.PHARMACIE
) -> services.AccesDonne:
    """A partner's link, valid six months."""
    structure = structure or PartenariatFabrique(cpts=guichet.cpts).structure
    return services.give_acces(
        cpts=guichet.cpts, structure=structure, origine=origine, service="comptoir", mois=6, by=guichet.acteur
    )
