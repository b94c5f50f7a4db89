"""The figures of the contract that unscheduled care gives."""

from functools import partial

from maillon.communaute.annuaire.enums import Profession
from maillon.socle.declarations import Agregat, IndicateurDeclare, Sens

from ..selectors import indicateurs as lus

_HORS = "Ne comptent ni les créneaux retirés, ni ceux des heures de la permanence des soins."
_JOURNAL = "Journal des créneaux, daté\u00a0; à l’écran et à l’export, actes pseudonymes et empreinte"


def _rendez_vous(part: str, libelle: str, definition: str, sens: Sens) -> IndicateurDeclare:
    return IndicateurDeclare(
        code=f"soins_non_programmes.{part}",
        mission="acces",
        libelle=libelle,
        definition=f"{definition} Le rendez-vous compte au jour de son créneau. {_HORS}",
        unite="rendez-vous",
        sens=sens,
        certificateur="ARS",
        preuve=_JOURNAL,
        rows=partial(lus.list_part, part),
        to_acte=lus.rendez_vous_to_acte,
        url_row=lus.url_of_rendez_vous,
        ensemble=lus.list_rendez_vous,
        parmi=lus.PARTS[part],
    )


def _heures(profession: Profession, nom: str, code: str) -> IndicateurDeclare:
    return IndicateurDeclare(
        code=f"soins_non_programmes.heures_{code}",
        mission="acces",
        libelle=f"Heures où {nom} reçoit l’après-midi",
        definition=f"Heures de la période, de 14\u00a0h à 20\u00a0h (ou aux heures que la communauté a promises), où "
        f"{nom} au moins offre des créneaux\u00a0: deux à la même heure ne comptent qu’une fois. {_HORS}",
        unite="heures",
        sens=Sens.HAUSSE,
        certificateur="CPTS, sur pièces",
        preuve=_JOURNAL,
        rows=partial(lus.list_heures, profession),
        to_acte=lus.heures_to_acte,
        url_row=lus.url_of_chiffres,
        agregat=Agregat.SUM,
        fact="heures",
    )


INDICATEURS = (
    IndicateurDeclare(
        code="soins_non_programmes.medecins_sas",
        mission="acces",
        libelle="Médecins qui offrent des créneaux au service d’accès aux soins (SAS)",
        definition="Médecins qui ont ouvert, dans la période, un créneau au moins\u00a0; le centre 15 et le SAS les "
        "voient tous. "
        f"{_HORS}",
        unite="médecins",
        sens=Sens.HAUSSE,
        certificateur="ARS",
        preuve=_JOURNAL,
        rows=lus.list_medecins_sas,
        to_acte=lus.medecin_to_acte,
        url_row=lus.url_of_chiffres,
        # Measured whole over the year: who is certified already is not added a second time.
        agregat=Agregat.STOCK,
    ),
    IndicateurDeclare(
        code="soins_non_programmes.creneaux",
        mission="acces",
        libelle="Créneaux de soins non programmés ouverts",
        definition=f"Créneaux de la période, libres ou réservés. {_HORS}",
        unite="créneaux",
        sens=Sens.HAUSSE,
        certificateur="ARS",
        preuve=_JOURNAL,
        rows=lus.list_creneaux,
        to_acte=lus.creneau_to_acte,
        url_row=lus.url_of_chiffres,
    ),
    _rendez_vous(
        "rendez_vous",
        "Rendez-vous de soins non programmés donnés",
        "Rendez-vous confirmés, honorés ou manqués\u00a0; ni les annulés, ni les déplacés.",
        Sens.HAUSSE,
    ),
    _rendez_vous(
        "honores",
        "Rendez-vous de soins non programmés honorés",
        "Rendez-vous où le patient est venu, comme le professionnel ou le guichet l’a noté.",
        Sens.HAUSSE,
    ),
    _rendez_vous(
        "manques",
        "Rendez-vous de soins non programmés manqués",
        "Rendez-vous où le patient n’est pas venu, comme le professionnel ou le guichet l’a noté.",
        Sens.BAISSE,
    ),
    IndicateurDeclare(
        code="soins_non_programmes.delai",
        mission="acces",
        libelle="Délai de réponse à une demande de soin du jour",
        definition="Médiane, en minutes, du dépôt d’une demande à sa réponse, pour les demandes répondues dans la "
        "période\u00a0; un rendez-vous pris directement sur un créneau n’est pas une demande.",
        unite="minutes",
        sens=Sens.BAISSE,
        certificateur="CPTS, sur pièces",
        preuve="Journal des demandes, daté\u00a0; à l’écran et à l’export, actes pseudonymes et empreinte",
        rows=lus.list_repondues,
        to_acte=lus.repondue_to_acte,
        url_row=lus.url_of_demande,
        agregat=Agregat.MEDIAN,
        fact="minutes",
    ),
    IndicateurDeclare(
        code="soins_non_programmes.dans_la_journee",
        mission="acces",
        libelle="Demandes de soin répondues dans les 24 heures",
        definition="Part des demandes déposées dans la période qui ont eu une réponse dans les 24 heures\u00a0; sans "
        "celles que le demandeur a annulées, ni celles qui attendent depuis moins de 24 heures.",
        unite="%",
        sens=Sens.HAUSSE,
        certificateur="CPTS, sur pièces",
        preuve="Journal des demandes, daté\u00a0; à l’écran et à l’export, actes pseudonymes et empreinte",
        rows=lus.list_jugees,
        to_acte=lus.demande_to_acte,
        url_row=lus.url_of_demande,
        agregat=Agregat.RATE,
        fact="dans_la_journee",
    ),
    _heures(Profession.MEDECIN, "un médecin", "medecin"),
    _heures(Profession.MASSEUR_KINESITHERAPEUTE, "un masseur-kinésithérapeute", "kinesitherapeute"),
    _heures(Profession.INFIRMIER, "un infirmier", "infirmier"),
)
