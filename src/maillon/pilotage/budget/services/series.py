"""Monthly spending: committed in advance, one operation a month, until a date."""

from datetime import date
from uuid import UUID

from django.db import transaction

from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.droits.acteur import Acteur
from maillon.socle.journal import services as journal
from maillon.socle.ui.typographie import format_date

from ..calcul import list_mois
from ..donnees import DonneesSerie
from ..enums import EtatOperation, SensOperation
from ..models import Operation, Serie
from .operations import check_jour, lock_reglages, must_be_approved, next_reference

MOIS_MAX = 72


@transaction.atomic
def create_serie(*, cpts_id: UUID, donnees: DonneesSerie, by: Acteur) -> Serie:
    """Commit the same spending each month. Raises SaisieInvalide when no month falls between the two dates."""
    check_jour(donnees.du)
    check_jour(donnees.au)
    jours = list_mois(donnees.du, donnees.au, donnees.jour)
    if not jours:
        raise SaisieInvalide("Aucune échéance ne tombe entre ces deux dates : vérifiez-les, ainsi que le jour du mois.")
    if len(jours) > MOIS_MAX:
        raise SaisieInvalide(f"Cette dépense aurait {len(jours)} échéances : arrêtez-la au plus tard après six ans.")
    reglages = lock_reglages(cpts_id)
    serie = Serie(
        cpts_id=cpts_id,
        poste=donnees.poste,
        categorie=donnees.categorie,
        libelle=donnees.libelle,
        tiers=donnees.tiers,
        montant=donnees.montant,
        jour=donnees.jour,
        du=donnees.du,
        au=donnees.au,
    )
    serie.save(force_insert=True)
    numeros = {annee: int(next_reference(cpts_id, annee).split("-")[1]) for annee in {jour.year for jour in jours}}
    operations = []
    for jour in jours:
        operations.append(_operation(serie, jour, numeros[jour.year], by=by))
        operations[-1].a_approuver = must_be_approved(reglages, SensOperation.DEPENSE, donnees.montant)
        numeros[jour.year] += 1
    Operation.objects.bulk_create(operations)
    journal.record(
        "budget.serie_creee", serie, by=by, montant=str(serie.montant), echeances=len(jours), au=serie.au.isoformat()
    )
    return serie


def _operation(serie: Serie, jour: date, numero: int, *, by: Acteur) -> Operation:
    mois = format_date(jour, jour=False, today=date.min).split("\u00a0", 1)[-1]
    return Operation(
        cpts_id=serie.cpts_id,
        reference=f"{jour.year}-{numero:04d}",
        le=jour,
        sens=SensOperation.DEPENSE,
        poste=serie.poste,
        categorie=serie.categorie,
        libelle=f"{serie.libelle}, {mois}",
        tiers=serie.tiers,
        montant=serie.montant,
        recurrente=True,
        serie=serie,
        saisie_par=by.compte_id,
    )


@transaction.atomic
def stop_serie(*, serie: Serie, au: date, by: Acteur) -> int:
    """End a monthly spending on a day: what was committed afterwards is cancelled. Returns how many months.

    Raises SaisieInvalide for a day before the beginning or after the end.
    """
    serie = Serie.objects.select_for_update().get(pk=serie.pk)
    if not serie.du <= au < serie.au:
        raise SaisieInvalide(
            f"Cette dépense va du {serie.du:%d/%m/%Y} au {serie.au:%d/%m/%Y} : choisissez un jour avant sa fin."
        )
    suivantes = Operation.objects.select_for_update().filter(serie=serie, le__gt=au, etat=EtatOperation.ENGAGEE)
    for operation in suivantes:
        operation.etat = EtatOperation.ANNULEE
        operation.save(update_fields=["etat"])
    serie.au = au
    serie.save(update_fields=["au"])
    journal.record("budget.serie_arretee", serie, by=by, au=au.isoformat(), annulees=len(suivantes))
    return len(suivantes)
