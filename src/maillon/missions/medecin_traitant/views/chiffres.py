"""The desk in figures, without any patient."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.ui.composants import Chiffre

from ..enums import Etat
from ..permissions import GERER, VOIR_TOTAUX
from ..selectors import (
    compute_totaux,
)
from .onglets import build_onglets


@acces(VOIR_TOTAUX)
@require_safe
def totaux(request: Requete, slug: str) -> HttpResponse:
    """Totals without any patient: open to the president and the bureau too."""
    t = compute_totaux(request.cpts.pk)
    peut_gerer = request.acteur.can(GERER)
    adresse = reverse("medecin_traitant_liste", args=[slug]) if peut_gerer else ""
    chiffres = [
        Chiffre("Demandes en cours", t.ouvertes, url=adresse),
        Chiffre("Attendent depuis plus de 30 jours", t.attente_longue, url=f"{adresse}?age=30" if adresse else ""),
        Chiffre("Médecins trouvés en douze mois", t.placees_annee),
        Chiffre("Délai médian", t.delai_median_jours, unite="jours", source="du dépôt à l’accord du patient"),
        Chiffre("Médecins volontaires", t.medecins_volontaires),
        Chiffre("Places libres", t.places),
    ]
    contexte = {
        "titre": "Le guichet en chiffres",
        "onglets": build_onglets(request, "medecin_traitant_totaux") if peut_gerer else [],
        "chiffres": chiffres,
        "par_etat": [(etat.label, t.par_etat.get(etat.value, 0)) for etat in Etat],
    }
    return render(request, "medecin_traitant/totaux.html", contexte)
