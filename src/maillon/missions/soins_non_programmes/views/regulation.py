"""The pages of a regulator (centre 15, SAS): those of the members, over every community of the territory."""

from django.views.decorators.http import require_http_methods, require_POST

from .confirmations import confirm_page, release_page
from .demandes import answer_page, cancel_demande_page, reopen_page, show_demande, show_jour
from .depots import file_page
from .portes import for_regulators, take_form
from .recherche import hold_creneau, show_creneau, show_recherche
from .rendez_vous import cancel_page, move_page, restore_page, show_donnes, show_rendez_vous

recherche = for_regulators(show_recherche)
retenir = for_regulators(hold_creneau, require_POST)
# Reached from the national platform (`?origin=sas`), through the sign-in when need be.
creneau = for_regulators(show_creneau)
donnes = for_regulators(show_donnes)
rendez_vous = for_regulators(show_rendez_vous)
confirmer = for_regulators(confirm_page, take_form)
liberer = for_regulators(release_page, require_POST)
annuler = for_regulators(cancel_page, require_POST)
retablir = for_regulators(restore_page, require_POST)
deplacer = for_regulators(move_page, require_http_methods(["GET", "HEAD", "POST"]))
demandes = for_regulators(show_jour)
demander = for_regulators(file_page, take_form)
demande = for_regulators(show_demande)
repondre = for_regulators(answer_page, require_POST)
annuler_demande = for_regulators(cancel_demande_page, require_POST)
rouvrir = for_regulators(reopen_page, require_POST)
