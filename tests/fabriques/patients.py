"""Patients for tests: call inside `use_cpts(cpts.pk)`."""

from datetime import date

from maillon.communaute.patients.models import Patient
from maillon.communaute.patients.notices import NOTICE_VERSION
from maillon.communaute.patients.services import SaisieIdentite, create_patient, open_relation, record_opposition
from maillon.communaute.territoire.models import Commune
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import SYSTEME


def make_identite(**champs: object) -> SaisieIdentite:
    """Jeanne Martin, born in 1950, with a telephone; `champs` replace hers."""
    values = {
        "nom": "Martin",
        "prenom": "Jeanne",
        "naissance": date(1950, 3, 12),
        "telephone": "04 77 01 02 03",
        **champs,
    }
    return SaisieIdentite(**values)  # type: ignore[arg-type]


def make_patient(
    cpts: Cpts,
    *,
    commune: Commune | None = None,
    soignant: str = "",
    oppose: bool = False,
    origine: str = "public",
    **champs: object,
) -> Patient:
    """A patient with an identity (`champs` of `make_identite`).

    `soignant` is the RPPS of a professional with a care relation; `oppose` records an opposition.
    """
    if commune is None:
        commune, _ = Commune.objects.get_or_create(
            code_insee="42218", defaults={"nom": "Saint-Étienne", "departement": "42", "region": "84"}
        )
    patient = create_patient(
        cpts_id=cpts.pk,
        identite=make_identite(**champs),
        commune_id=commune.pk,
        annee_naissance=None,
        origine=origine,
        notice_version=NOTICE_VERSION,
        by=SYSTEME,
    )
    if soignant:
        open_relation(patient=patient, rpps=soignant, motif="essai", by=SYSTEME)
    if oppose:
        record_opposition(patient=patient, by=SYSTEME)
    return patient
