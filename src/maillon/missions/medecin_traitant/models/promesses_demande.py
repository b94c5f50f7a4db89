"""What the database refuses of a request for a médecin traitant, and the ways it is listed."""

from django.db import models
from django.db.models import Q

from ..enums import AVEC_MEDECIN, OUVERTS, TERMINES, Accord, Declaration, Etat, Issue

PROMESSES = [
    models.UniqueConstraint(fields=["cpts", "reference"], name="mt_demande_reference"),
    models.UniqueConstraint(fields=["cpts", "cle_depot"], name="mt_demande_un_depot"),
    models.UniqueConstraint(fields=["cpts", "code_suivi"], name="mt_demande_code_suivi"),
    models.CheckConstraint(
        condition=~Q(etat__in=OUVERTS)
        | (Q(responsable__isnull=False) & Q(prochaine_date__isnull=False) & ~Q(prochaine_action="")),
        name="mt_demande_ouverte_suivie",
        violation_error_message="Une demande ouverte a une personne qui la suit et une prochaine date.",
    ),
    models.CheckConstraint(
        condition=Q(etat__in=AVEC_MEDECIN, medecin__isnull=False)
        | (~Q(etat__in=AVEC_MEDECIN) & Q(medecin__isnull=True)),
        name="mt_demande_medecin_si_acceptee",
    ),
    models.CheckConstraint(
        condition=(Q(etat=Etat.PLACEE, placee_le__isnull=False) & ~Q(empreinte=""))
        | (~Q(etat=Etat.PLACEE) & Q(placee_le__isnull=True)),
        name="mt_demande_placee_datee",
    ),
    models.CheckConstraint(
        condition=(Q(etat=Etat.CLOSE, close_le__isnull=False) & ~Q(motif_cloture=""))
        | (~Q(etat=Etat.CLOSE) & Q(close_le__isnull=True, motif_cloture="")),
        name="mt_demande_close_motivee",
    ),
    # Without agreement a request waits to be called or is closed: it never reaches a doctor.
    models.CheckConstraint(
        condition=Q(
            accord=Accord.A_RECUEILLIR,
            etat__in=(Etat.DEPOSEE, Etat.CLOSE),
            accord_le=None,
            a_effacer_le__isnull=False,
        )
        | Q(accord=Accord.RECUEILLI, a_effacer_le=None),
        name="mt_demande_accord_avant_tout",
        violation_error_message="Recueillez d’abord l’accord de la personne.",
    ),
    models.CheckConstraint(
        condition=~Q(etat=Etat.PLACEE)
        | Q(suivi_fini_le__isnull=False)
        | (Q(responsable__isnull=False) & Q(prochaine_date__isnull=False) & ~Q(prochaine_action="")),
        name="mt_demande_placee_suivie",
        violation_error_message="Tant que la suite n’est pas connue, quelqu’un suit et une date est prévue.",
    ),
    models.CheckConstraint(
        condition=Q(etat=Etat.PLACEE)
        | Q(issue="", premier_rdv_le__isnull=True, declaration="", bilan="", suivi_fini_le__isnull=True),
        name="mt_demande_suite_si_placee",
    ),
    models.CheckConstraint(condition=~Q(etat=Etat.PLACEE) | ~Q(issue=""), name="mt_demande_placee_issue"),
    models.CheckConstraint(
        condition=~Q(issue=Issue.MEDECIN_SUIVI) | Q(declaration="", declaration_le__isnull=True),
        name="mt_demande_suivi_sans_declaration",
        violation_error_message="Un médecin de suivi (AME) ne se déclare pas.",
    ),
    models.CheckConstraint(
        condition=Q(declaration=Declaration.FAITE, declaration_le__isnull=False)
        | (~Q(declaration=Declaration.FAITE) & Q(declaration_le__isnull=True)),
        name="mt_demande_declaration_datee",
    ),
    models.CheckConstraint(
        condition=Q(bilan="", bilan_le__isnull=True) | (~Q(bilan="") & Q(bilan_le__isnull=False)),
        name="mt_demande_bilan_date",
    ),
    models.CheckConstraint(
        condition=Q(niveau_impose="", niveau_impose_jusque__isnull=True)
        | (~Q(niveau_impose="") & Q(niveau_impose_jusque__isnull=False)),
        name="mt_demande_niveau_jusque",
    ),
]
INDEX = [
    # The desk's list: open requests by rank, however many are closed; filtered, sorted and counted from the
    # index alone.
    models.Index(
        fields=["cpts", "-priorite_score", "deposee_le", "id"],
        include=[
            "etat",
            "accord",
            "priorite_niveau",
            "prochaine_date",
            "prochaine_action",
            "reference",
            "responsable",
            "patient",
            "medecin",
            "ald",
            "ne_peut_se_deplacer",
            "commune",
            "annee_naissance",
        ],
        name="mt_demande_file",
        condition=Q(etat__in=OUVERTS),
    ),
    # The other ways to sort what is open, which indexes of all requests would tempt the database away from.
    models.Index(
        fields=["cpts", "deposee_le", "id"],
        include=["accord"],
        name="mt_demande_file_depot",
        condition=Q(etat__in=OUVERTS),
    ),
    models.Index(
        fields=["cpts", "reference", "id"],
        include=["accord"],
        name="mt_demande_file_reference",
        condition=Q(etat__in=OUVERTS),
    ),
    # Those that ended, the latest first: a far page walks the index, not the rows.
    models.Index(
        fields=["cpts", "-deposee_le", "-id"],
        include=["etat", "priorite_niveau", "responsable", "patient"],
        name="mt_demande_terminees",
        condition=Q(etat__in=TERMINES),
    ),
    # The same in one commune.
    models.Index(
        fields=["cpts", "commune", "-deposee_le", "-id"],
        include=["etat", "priorite_niveau", "responsable"],
        name="mt_demande_terminees_lieu",
        condition=Q(etat__in=TERMINES),
    ),
    models.Index(fields=["cpts", "etat", "prochaine_date"], name="mt_demande_echeance"),
    models.Index(fields=["cpts", "-deposee_le"], name="mt_demande_recente"),
    models.Index(fields=["cpts", "patient"], name="mt_demande_patient"),
    models.Index(
        fields=["cpts", "a_effacer_le"],
        name="mt_demande_sans_accord",
        condition=Q(accord=Accord.A_RECUEILLIR, etat=Etat.DEPOSEE),
    ),
    models.Index(fields=["cpts", "liste"], name="mt_demande_liste", condition=Q(liste__isnull=False)),
    models.Index(
        fields=["cpts", "acces_partenaire", "-deposee_le"],
        name="mt_demande_partenaire",
        condition=Q(acces_partenaire__isnull=False),
    ),
    # What falls due after a placement, however many follow-ups are over.
    models.Index(
        fields=["cpts", "prochaine_date"],
        name="mt_demande_suite",
        condition=Q(etat=Etat.PLACEE, suivi_fini_le__isnull=True),
    ),
    # The desk in figures: counted from the index alone, however many requests there are.
    models.Index(
        fields=["cpts", "deposee_le"],
        include=["origine", "placee_le", "close_le", "accord", "etat", "commune"],
        name="mt_demande_arrivees",
    ),
    models.Index(
        fields=["cpts", "placee_le"],
        include=[
            "deposee_le",
            "priorite_niveau",
            "etat",
            "ame",
            "ald",
            "c2s",
            "plus_de_70",
            "age_placement",
            "issue",
            "premier_rdv_le",
            "declaration",
            "bilan",
        ],
        name="mt_demande_placements",
        condition=Q(placee_le__isnull=False),
    ),
    models.Index(
        fields=["cpts", "close_le"],
        include=["motif_cloture"],
        name="mt_demande_closes",
        condition=Q(close_le__isnull=False),
    ),
]
