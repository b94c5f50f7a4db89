"""The register of evidence: every document, what it proves, in which state, and what still lacks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.http import Http404

from maillon.socle.declarations import Acte, IndicateurDeclare
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.selectors import may_open

from .actes import Fenetre, find_declare, find_preuves, get_rows, list_discrets, make_reference, show_acte
from .annee import AnneeContrat, IndicateurAnnee
from .enums import EtatPreuve
from .models import Constat, Indicateur, Preuve, ReleveActe
from .permissions import LIRE, LIRE_MISSION, MODIFIER

# Documents ---------------------------------------------------------------------------------------------------------


def list_preuves(cpts_id: UUID, *, for_acteur: Acteur) -> QuerySet[Preuve]:
    """Every document of the missions that the person follows, in force or not.

    `situation` is its state; `libelle_lu` what the person may read of its label, empty where it names people whom they
    do not follow: to search and sort on, so that neither tells what the page hides.
    """
    return (
        Preuve.objects.filter(cpts_id=cpts_id)
        .visible_to(for_acteur)
        .select_related("indicateur", "fichier", "retrait", "remplacee_par", "cpts")
        .annotate(
            situation=Case(
                When(retrait__isnull=False, then=Value(EtatPreuve.RETIREE.value)),
                When(remplacee_par__isnull=False, then=Value(EtatPreuve.REMPLACEE.value)),
                default=Value(EtatPreuve.EN_VIGUEUR.value),
                output_field=CharField(),
            ),
            libelle_lu=Case(When(_select_ouvrables(for_acteur), then=F("libelle")), default=Value("")),
        )
    )


def _select_ouvrables(acteur: Acteur) -> Q:
    """`may_open_preuve` for the database."""
    if acteur.can(MODIFIER):
        return ~Q(pk=None)
    siennes = acteur.missions if acteur.can(LIRE_MISSION) else ()
    return Q(nominative=False) | (Q(indicateur__mission__in=siennes) & ~Q(indicateur__code_declare__in=list_discrets()))


def list_valeurs(cpts_id: UUID, *, for_acteur: Acteur) -> QuerySet[Constat]:
    """The values that came with a document, of the missions that the person follows."""
    visibles = Indicateur.objects.visible_to(for_acteur)
    valeurs = Constat.objects.filter(cpts_id=cpts_id, indicateur__in=visibles, document__isnull=False)
    return valeurs.select_related("indicateur", "document")


def get_preuve(pk: UUID, *, cpts_id: UUID, for_acteur: Acteur) -> Preuve:
    """The document, or 404 when it does not exist or is not for this person."""
    preuve = list_preuves(cpts_id, for_acteur=for_acteur).filter(pk=pk).first()
    if preuve is None:
        raise Http404
    return preuve


def list_versions(preuve: Preuve) -> list[Preuve]:
    """Every version of a document, the newest first; one query for each version beyond the first."""
    versions = [preuve]
    while (suivante := _find(remplace=versions[0])) is not None:
        versions.insert(0, suivante)
    while versions[-1].remplace_id is not None and (avant := _find(pk=versions[-1].remplace_id)) is not None:
        versions.append(avant)
    return versions


def _find(**criteres: Any) -> Preuve | None:
    return Preuve.objects.select_related("fichier", "retrait", "indicateur").filter(**criteres).first()


def count_memes(preuve: Preuve) -> int:
    """How many acts the same document proves today."""
    return (
        Preuve.objects.en_vigueur()
        .filter(cpts_id=preuve.cpts_id, fichier_id=preuve.fichier_id)
        .exclude(acte="")
        .count()
    )


def may_open_preuve(acteur: Acteur, preuve: Preuve) -> bool:
    """Whether the document itself is for this person.

    One that names people is for whom it concerns: the coordination, and the members of its mission. Where being in the
    list says what few may know (`discret`), the coordination alone.
    """
    if acteur.can(MODIFIER) or not preuve.nominative:
        return True
    if preuve.indicateur is None:
        return False
    declare = find_declare(preuve.indicateur)
    if declare is not None and declare.discret:
        return False
    return acteur.can(LIRE_MISSION) and preuve.indicateur.mission in acteur.missions


def may_open_version(acteur: Acteur, preuve: Preuve) -> bool:
    """The same of a document that may be withdrawn; its `retrait` comes with the row."""
    return may_open_preuve(acteur, preuve) and (acteur.can(MODIFIER) or not hasattr(preuve, "retrait"))


def may_open_fichier(acteur: Acteur, fichier_id: UUID) -> bool:
    """Whether a document stored by this room is for this person: those of the missions of their mandates, or all.

    One withdrawn from all that it proved was joined by mistake: the coordination alone still opens it.
    """
    liens = ("indicateur", "retrait")
    preuves = list(Preuve.objects.visible_to(acteur).select_related(*liens).filter(fichier_id=fichier_id))
    if preuves:
        return any(may_open_version(acteur, preuve) for preuve in preuves)
    if acteur.can(LIRE):
        return True
    visibles = Indicateur.objects.visible_to(acteur)
    return Constat.objects.filter(document_id=fichier_id, indicateur__in=visibles).exists()


def say_reference(preuve: Preuve) -> str:
    """The reference of the act proven, as its indicator shows it; empty for a document of the whole indicator."""
    if not preuve.acte:
        return ""
    if preuve.indicateur is None:
        return preuve.acte
    return make_reference(preuve.acte, code=preuve.indicateur.code, cpts_id=preuve.cpts_id)


# Acts and their evidence -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ActeMontre:
    """An act of an indicator's page. `brute` is its own reference, `preuve` the document joined to it, if any."""

    acte: Acte
    brute: str
    url: str
    preuve: Preuve | None = None
    jour: date | None = None
    ouvre_preuve: bool = False

    @property
    def manque(self) -> bool:
        return not self.acte.empreinte


def show_actes(
    indicateur: Indicateur, declare: IndicateurDeclare, rows: Sequence[Any], *, for_acteur: Acteur
) -> list[ActeMontre]:
    """Rows as the acts of this indicator, under the references and hashes that CPAM and ARS read of it.

    Whoever may not open the acts of a discreet list is shown neither day nor commune: a doctor of the bureau would
    know the patient.
    """
    preuves, cpts_id = find_preuves(indicateur.cpts_id), indicateur.cpts_id
    # The bureau reads the acts; only who handles the requests opens one.
    opens = bool(rows) and may_open(for_acteur, declare.url_row(rows[0]))
    montres = []
    for row in rows:
        brut = declare.to_acte(row)
        jointe = preuves.get(brut.reference)
        acte = show_acte(brut, code=indicateur.code, cpts_id=cpts_id, jointe=jointe)
        tait = declare.discret and not opens
        montres.append(
            ActeMontre(
                acte=replace(acte, commune="") if tait else acte,
                brute=brut.reference,
                url=declare.url_row(row) if opens else "",
                preuve=jointe,
                jour=None if tait else acte.le,
                ouvre_preuve=jointe is not None and may_open_preuve(for_acteur, jointe),
            )
        )
    return montres


def list_rows_annee(ligne: IndicateurAnnee, annee: AnneeContrat) -> list[Any]:
    """Every act of the year that feeds an indicator, counted or already certified: those that are published."""
    declare, fenetre = find_declare(ligne.indicateur), ligne.prevision.fenetre
    if declare is None:
        return []
    debut = min(annee.annee.debut, fenetre.debut) if fenetre else annee.annee.debut
    return list(get_rows(declare, annee.contrat.cpts_id, Fenetre(debut, annee.annee.jusqu_a)))


def list_manquants(ligne: IndicateurAnnee, annee: AnneeContrat) -> list[Any]:
    """The rows of the year whose act has no evidence."""
    declare = find_declare(ligne.indicateur)
    if declare is None:
        return []
    preuves = find_preuves(annee.contrat.cpts_id)
    return [
        row
        for row in list_rows_annee(ligne, annee)
        if not (acte := declare.to_acte(row)).empreinte and acte.reference not in preuves
    ]


def count_manquants(ligne: IndicateurAnnee, annee: AnneeContrat) -> int:
    """How many acts of the year have no evidence, from what was published last."""
    return ReleveActe.objects.filter(
        cpts_id=annee.contrat.cpts_id,
        releve__contrat=annee.contrat,
        releve__annee=annee.annee.numero,
        indicateur_id=ligne.indicateur.pk,
        empreinte="",
    ).count()


def resolve_references(
    ligne: IndicateurAnnee, annee: AnneeContrat, *, references: Iterable[str] = (), jour: date | None = None
) -> list[str]:
    """The own references of the acts shown under these, or of those of a day; acts of another indicator are ignored."""
    declare = find_declare(ligne.indicateur)
    if declare is None:
        return []
    voulues, code, cpts_id = set(references), ligne.indicateur.code, annee.contrat.cpts_id
    actes = [declare.to_acte(row) for row in list_rows_annee(ligne, annee)]
    return [
        acte.reference
        for acte in actes
        if (jour is not None and acte.le == jour)
        or (voulues and make_reference(acte.reference, code=code, cpts_id=cpts_id) in voulues)
    ]
