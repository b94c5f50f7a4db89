"""What the sheet of a person shows of the membership."""

from uuid import UUID

from django.urls import reverse

from maillon.communaute.personnes.models import Personne
from maillon.communaute.personnes.selectors import is_self
from maillon.socle.cpts.selectors import get_slug
from maillon.socle.declarations import ElementPersonne
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import today
from maillon.socle.ui.typographie import format_date

from . import selectors
from .enums import Etat
from .listes_gestion import show_cotisation
from .models import MandatStatutaire, Rattachement
from .permissions import COTISATIONS, VOIR_MEMBRES


def _read(cpts_id: UUID, personne_id: UUID) -> tuple[str, Personne]:
    slug = get_slug(cpts_id)
    return slug, Personne.objects.select_related("professionnel").get(pk=personne_id, cpts_id=cpts_id)


def list_adhesions(cpts_id: UUID, personne_id: UUID, acteur: Acteur) -> list[ElementPersonne]:
    """Own memberships, and the member structures where the person works."""
    if not acteur.can(VOIR_MEMBRES):
        return []
    slug, personne = _read(cpts_id, personne_id)
    colleges = selectors.get_colleges(cpts_id)
    elements = []
    for adhesion in selectors.adhesions_of(personne).exclude(debut=None):
        active = adhesion.etat == Etat.ACTIVE
        fin = f", jusqu’au {format_date(adhesion.fin, jour=False)}" if adhesion.fin else ""
        elements.append(
            ElementPersonne(
                le=adhesion.debut,  # type: ignore[arg-type]
                libelle="Membre",
                detail=f"collège « {colleges.get(adhesion.college, adhesion.college)} »{fin}",
                url=reverse("adhesions_adhesion", args=[slug, adhesion.pk]),
                etat="active" if active else "terminée",
                ton="bien" if active else "neutre",
            )
        )
    rows = Rattachement.objects.filter(personne=personne_id).select_related("adhesion__structure").order_by("-depuis")
    for row in rows:
        over = row.jusqu_a is not None and row.jusqu_a <= today()
        elements.append(
            ElementPersonne(
                le=row.depuis,
                libelle=str(row.adhesion.structure),
                detail="représente cette structure membre"
                if row.representant
                else "professionnel de cette structure membre",
                url=reverse("adhesions_adhesion", args=[slug, row.adhesion_id]),
                etat="terminé" if over else "couvert",
                ton="neutre" if over else "bien",
            )
        )
    return elements


def list_mandats(cpts_id: UUID, personne_id: UUID, acteur: Acteur) -> list[ElementPersonne]:
    """Offices of the association held by the person."""
    if not acteur.can(VOIR_MEMBRES):
        return []
    slug = get_slug(cpts_id)
    adresse, on = reverse("adhesions_mandats", args=[slug]), today()
    elements = []
    for mandat in MandatStatutaire.objects.filter(personne=personne_id, cpts_id=cpts_id).order_by("-periode"):
        fin = mandat.dernier_jour
        over = fin is not None and fin < on
        elements.append(
            ElementPersonne(
                le=mandat.periode.lower,
                libelle=mandat.get_fonction_display().capitalize(),
                detail=f"jusqu’au {format_date(fin, jour=False)}" if fin else "sans date de fin",
                url=adresse,
                etat="terminé" if over else "en cours" if mandat.periode.lower <= on else "à venir",
                ton="neutre" if over else "bien",
            )
        )
    return elements


def list_cotisations(cpts_id: UUID, personne_id: UUID, acteur: Acteur) -> list[ElementPersonne]:
    """Dues of the person: read by those who keep them, and by the person."""
    slug, personne = _read(cpts_id, personne_id)
    gerer = acteur.can(COTISATIONS)
    if not gerer and not is_self(personne, acteur):
        return []
    elements = []
    for cotisation in selectors.list_dues_of(personne):
        regle = getattr(cotisation, "regle", None)
        etat = show_cotisation(cotisation)
        elements.append(
            ElementPersonne(
                le=regle.recu_le if regle else cotisation.campagne.echeance,
                libelle=f"Cotisation {cotisation.campagne.annee}",
                detail=f"reçu n° {regle.reference}" if regle else cotisation.motif,
                montant=cotisation.montant,
                url=reverse("adhesions_cotisation", args=[slug, cotisation.pk]) if gerer else "",
                etat=etat.libelle,
                ton=etat.ton,
            )
        )
    return elements
