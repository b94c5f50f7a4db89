"""The figures of the contract, and what moves them besides the acts."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from maillon.socle.declarations import (
    Agregat,
    IndicateurDeclare,
    Sens,
)

from ..selectors import indicateurs, stocks

_PREUVE = "Suivi nominatif tenu par la CPTS ; à l’écran et à l’export, actes pseudonymes et empreinte du journal"


def _placed(
    code: str,
    libelle: str,
    definition: str,
    rows: Callable[[UUID, date, date], QuerySet[Any]],
    *,
    discret: bool = False,
) -> IndicateurDeclare:
    return IndicateurDeclare(
        code=f"medecin_traitant.{code}",
        mission="acces",
        libelle=libelle,
        definition=definition,
        unite="patients",
        sens=Sens.HAUSSE,
        certificateur="Assurance Maladie, à l’évaluation",
        preuve=_PREUVE,
        rows=rows,
        to_acte=indicateurs.placement_to_acte,
        url_row=indicateurs.url_of_demande,
        discret=discret,
        ensemble=indicateurs.list_placees,
        parmi=indicateurs.PARTS[code],
        totaux=indicateurs.measure_placees,
        actes=indicateurs.list_actes,
    )


INDICATEURS = (
    _placed(
        "ald",
        "Patients en ALD pour qui un médecin traitant a été trouvé",
        "Demandes placées dans la période, ALD oui ; sans les bénéficiaires de l’AME, qui n’ont pas de médecin "
        "traitant déclaré.",
        indicateurs.list_placees_ald,
    ),
    _placed(
        "16_ans",
        "Patients de 16 ans et plus pour qui un médecin traitant a été trouvé",
        "Demandes placées dans la période, année du placement moins année de naissance au moins égale à 16 ; sans "
        "les bénéficiaires de l’AME.",
        indicateurs.list_placees_16_ans,
    ),
    _placed(
        "c2s_ald",
        "Patients en ALD et à la C2S pour qui un médecin traitant a été trouvé",
        "Demandes placées dans la période, ALD oui et C2S oui ; sans les bénéficiaires de l’AME.",
        indicateurs.list_placees_c2s_ald,
        discret=True,
    ),
    _placed(
        "plus_de_70",
        "Patients de plus de 70 ans pour qui un médecin traitant a été trouvé",
        "Demandes placées dans la période, plus de 70 ans ; sans les bénéficiaires de l’AME.",
        indicateurs.list_placees_plus_de_70,
    ),
    IndicateurDeclare(
        code="medecin_traitant.delai",
        mission="acces",
        libelle="Délai du guichet",
        definition="Médiane, en jours, du dépôt de la demande à l’accord du patient, pour les demandes placées dans "
        "la période ; sans les bénéficiaires de l’AME.",
        unite="jours",
        sens=Sens.BAISSE,
        certificateur="CPTS, sur pièces",
        preuve=_PREUVE,
        rows=indicateurs.list_placees,
        to_acte=indicateurs.placement_to_acte,
        url_row=indicateurs.url_of_demande,
        agregat=Agregat.MEDIAN,
        fact="delai_jours",
        totaux=indicateurs.measure_delai,
        actes=indicateurs.list_actes,
    ),
    IndicateurDeclare(
        code="medecin_traitant.volontaires",
        mission="acces",
        libelle="Médecins volontaires pour de nouveaux patients",
        definition="Médecins généralistes membres qui offrent des places à la fin de la période.",
        unite="médecins",
        sens=Sens.HAUSSE,
        certificateur="CPTS, sur pièces",
        preuve="Déclarations de places, datées",
        rows=indicateurs.list_volontaires,
        to_acte=indicateurs.volontaire_to_acte,
        url_row=indicateurs.url_of_capacite,
        agregat=Agregat.STOCK,
    ),
)

EXPLICATIONS_STOCK = stocks.EXPLICATIONS
