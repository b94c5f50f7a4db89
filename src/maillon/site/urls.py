"""Root addresses: `/c/<slug>/` for members, `/p/<slug>/` for the public, `/l/<jeton>/` for signed links."""

from importlib.util import find_spec

from django.urls import include, path

from .views import sante

# Rooms that bring addresses, by module; each module holds complete paths.
SALLES = (
    "maillon.socle.comptes.urls",
    "maillon.socle.droits.urls",
    "maillon.socle.journal.urls",
    "maillon.socle.courriels.urls",
    "maillon.socle.fichiers.urls",
    "maillon.socle.ui.urls",
    "maillon.communaute.territoire.urls",
    "maillon.communaute.annuaire.urls",
    "maillon.communaute.structures.urls",
    "maillon.communaute.personnes.urls",
    "maillon.communaute.adhesions.urls",
    "maillon.communaute.partenaires.urls",
    "maillon.communaute.reprise.urls",
    "maillon.communaute.bibliotheque.urls",
    "maillon.communaute.actions.urls",
    "maillon.communaute.reunions.urls",
    "maillon.communaute.patients.urls",
    "maillon.communaute.messagerie.urls",
    "maillon.communaute.agenda.urls",
    "maillon.communaute.sollicitations.urls",
    "maillon.communaute.gardes.urls",
    "maillon.missions.medecin_traitant.urls",
    "maillon.missions.soins_non_programmes.urls",
    "maillon.pilotage.contrats.urls",
    "maillon.pilotage.cycle.urls",
    "maillon.pilotage.importations.urls",
    "maillon.pilotage.arretes.urls",
    "maillon.pilotage.budget.urls",
    "maillon.pilotage.indemnites.urls",
    "maillon.pilotage.simulations.urls",
    "maillon.pilotage.dossiers.urls",
    "maillon.pilotage.dialogues.urls",
    "maillon.pilotage.portefeuille.urls",
    "maillon.api.urls",
    "maillon.portail.urls",
)


def _exists(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


urlpatterns = [
    path("sante/", sante, name="sante"),
    *(path("", include(module)) for module in SALLES if _exists(module)),
    # After the rooms: `socle.comptes` closes the pages of the library that Maillon does not offer.
    path("compte/", include("allauth.urls")),
]

handler500 = "maillon.site.views.panne"
