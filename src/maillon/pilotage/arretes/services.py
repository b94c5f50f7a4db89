"""Sealing a period."""

from datetime import date
from uuid import UUID

from django.db import transaction

from maillon.pilotage.contrats import regles
from maillon.pilotage.contrats.enums import EtatContrat
from maillon.pilotage.contrats.models import Contrat
from maillon.pilotage.contrats.releves import refresh_releve
from maillon.regles import aci
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import today
from maillon.socle.journal import services as journal

from .contenu import build_contenu, compute_empreinte
from .models import Arrete
from .selectors import EVENEMENT


@transaction.atomic
def freeze_periode(*, contrat: Contrat, numero: int, by: Acteur, motif: str) -> Arrete:
    """Seal year `numero` as it is known today: for good once the anniversary has come, intermediate before.

    The figures and acts are those of the pages. A period already sealed with the same content is left as it is (a form
    sent twice seals once); with another content, the new seal replaces the former, which stays readable. Raises
    SaisieInvalide for a year not begun, a contract in preparation or an empty reason.
    """
    motif = motif.strip()
    if not motif:
        raise SaisieInvalide("Dites pourquoi cette période est arrêtée : évaluation, dialogue de gestion…")
    on = today()
    debut, fin = _check_periode(contrat, numero, on)
    Contrat.objects.select_for_update().get(pk=contrat.pk)
    refresh_releve(cpts_id=contrat.cpts_id, contrat=contrat, numero=numero)
    contenu = build_contenu(contrat, numero, on=on)
    periode = {"contrat": contrat, "annee": numero, "debut": debut, "fin": min(on, fin)}
    ouvert = Arrete.objects.en_vigueur().filter(**periode).first()
    if ouvert is not None and _holds_same(ouvert, contenu):
        return ouvert
    arrete = Arrete(
        cpts_id=contrat.cpts_id,
        **periode,
        definitif=on >= fin,
        par=by.compte_id,
        motif=motif,
        contenu=contenu,
        empreinte=compute_empreinte(contenu),
        remplace=ouvert,
    )
    arrete.save(force_insert=True)
    journal.record(EVENEMENT, arrete, by=by, annee=numero, definitif=arrete.definitif, empreinte=arrete.empreinte)
    return arrete


def _check_periode(contrat: Contrat, numero: int, on: date) -> tuple[date, date]:
    if contrat.etat == EtatContrat.BROUILLON:
        raise SaisieInvalide("Ce contrat est encore en préparation : rien n’est à arrêter avant sa signature.")
    duree = len(aci.compute_anniversaires(contrat.signe_le, on=contrat.bareme_le)) - 1
    if not 1 <= numero <= duree:
        raise SaisieInvalide(f"Le contrat a {duree} années : il n’a pas d’année {numero}.")
    debut, fin = regles.bounds_of(contrat, numero)
    if on < debut:
        raise SaisieInvalide(f"L’année {numero} du contrat ne commence que le {debut:%d/%m/%Y}.")
    return debut, fin


def _holds_same(arrete: Arrete, contenu: dict[str, object]) -> bool:
    """Whether the seal holds this content, whatever the day on which each was drawn up."""
    return {**arrete.contenu, "au": ""} == {**contenu, "au": ""}


@transaction.atomic
def publish_annees(*, cpts_id: UUID) -> int:
    """Write again the published figures of every sealed year, so that its differences are read outside too. How many.

    Idempotent: only what differs is written.
    """
    scelles = Arrete.objects.en_vigueur().filter(cpts_id=cpts_id).legers().select_related("contrat")
    annees = {(arrete.contrat_id, arrete.annee): arrete.contrat for arrete in scelles}
    for (_, numero), contrat in annees.items():
        refresh_releve(cpts_id=cpts_id, contrat=contrat, numero=numero)
    return len(annees)
