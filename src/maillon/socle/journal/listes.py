"""The three books of the journal as lists: persons by name, patients by reference only."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from django.apps import apps
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from maillon.socle.comptes.models import Compte
from maillon.socle.contexte import get_contexte
from maillon.socle.declarations import collect
from maillon.socle.droits.enums import Genre as GenreActeur
from maillon.socle.droits.enums import Role, RoleTerritorial
from maillon.socle.droits.models import Membre
from maillon.socle.droits.selectors import may_open
from maillon.socle.identifiants import reference_of
from maillon.socle.ui.composants import Vide
from maillon.socle.ui.contexte import find_url
from maillon.socle.ui.listes import Colonne, Filtre, Liste
from maillon.socle.ui.typographie import format_heure

from .services import record

EMPREINTE = re.compile(r"[0-9a-f]{64}")  # the beginning tells one document from another; the whole is in the export
JOUR = re.compile(r"\d{4}-\d\d-\d\d")
DONNEES_LUES = {"identite": "identité", "telephone": "téléphone"}
OPERATIONS = {"insert": "création", "update": "modification", "delete": "suppression"}
LIBELLES = {choice.value: str(choice.label) for kind in (Role, RoleTerritorial) for choice in kind}


def describe_acteur(etiquette: str) -> str:
    """« coordination, secrétariat » from the technical label that a row keeps."""
    kind, _, roles = etiquette.partition(":")
    if roles:
        return ", ".join(LIBELLES.get(role, role) for role in roles.split("+"))
    return "tâche automatique" if kind == GenreActeur.SYSTEME else dict(GenreActeur.choices).get(kind, kind)


def format_instant(moment: datetime) -> str:
    """`22/11/2026, 3 h 30`: evidence needs its year, and a table a short date."""
    return f"{timezone.localtime(moment):%d/%m/%Y}, {format_heure(moment)}"


def describe_evenement(code: str) -> str:
    """The sentence that the app declares for its event (`EVENEMENTS`); otherwise the code itself."""
    return dict(collect("evenements")).get(code, code)


def tables() -> dict[str, str]:
    """French name of each table."""
    return {model._meta.db_table: str(model._meta.verbose_name) for model in apps.get_models()}


def list_members() -> Iterable[tuple[str, str]]:
    """The people of the current community, by name."""
    members = Membre.objects.filter(cpts=get_contexte().cpts_id).select_related("compte")
    return sorted(((str(m.compte_id), str(m.compte)) for m in members), key=lambda pair: pair[1])


def filter_reference(field: str) -> Any:
    """Rows about the object of a typed reference: the end of its key, its letter in front or not."""

    def apply(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        return rows.annotate(cle_ecrite=Cast(field, CharField())).filter(
            cle_ecrite__endswith=value.replace(" ", "")[-8:].lower()
        )

    return apply


QUAND = Colonne("le", "Quand", lambda row: format_instant(row.le), tri="id", principale=True)
QUI = Colonne("qui", "Qui", lambda row: row.qui)
ROLE = Colonne("role", "Rôle", lambda row: describe_acteur(row.acteur))
DONNEES = Colonne("quoi", "Données lues", lambda row: DONNEES_LUES.get(row.quoi, row.quoi), tri=True)
PERSONNE = Filtre("personne", "Personne", "compte_id", choix=list_members)
DEPUIS = Filtre("depuis", "Depuis", "le__date", "depuis")
JUSQU_A = Filtre("jusqu_a", "Jusqu’au", "le__date", "jusqu_a")


class ListeJournal(Liste):
    """What the three books share."""

    objet = ("ligne", "lignes")
    colonnes: ClassVar[Sequence[Colonne]] = (QUAND,)
    tri_defaut = "-le"
    panneau = False

    def prepare(self, objets: list[Any]) -> list[Any]:
        comptes = Compte.objects.in_bulk({row.compte_id for row in objets if row.compte_id})
        for row in objets:
            compte = comptes.get(row.compte_id)
            row.qui = str(compte) if compte else "Maillon" if row.acteur.startswith("systeme") else "–"
        return objets

    def on_export(self, objets: list[Any], format_export: str) -> None:
        cpts = self.request.cpts
        record(
            "journal.exporte",
            cpts,
            by=self.request.acteur,
            cpts_id=cpts.pk,
            livre=self.export_nom,
            lignes=len(objets),
            format=format_export,
        )


class ListeLectures(ListeJournal):
    titre = "Journal"
    objet = ("lecture", "lectures")
    colonnes = (
        QUAND,
        QUI,
        ROLE,
        Colonne("patient", "Patient", lambda row: reference_of(row.patient_id, "P"), gabarit="journal/_patient.html"),
        DONNEES,
        Colonne("pourquoi", "Motif", tri=True),
    )
    filtres = (
        PERSONNE,
        Filtre("patient", "Patient (référence)", genre="texte", applique=filter_reference("patient_id")),
        DEPUIS,
        JUSQU_A,
    )
    recherche = ("quoi", "pourquoi")
    recherche_libelle = "Données ou motif"
    export_nom = "lectures"
    vide = Vide(
        "Personne n’a encore lu de données de patient", "Chaque lecture s’inscrira ici, avec son motif.", icone="eye"
    )

    def prepare(self, objets: list[Any]) -> list[Any]:
        slug = self.request.cpts.slug
        lignes = super().prepare(objets)
        adresses = [find_traces(slug, row.patient_id) for row in lignes]
        opens = bool(adresses) and bool(adresses[0]) and may_open(self.request.acteur, adresses[0])
        for row, adresse in zip(lignes, adresses, strict=True):
            row.url_traces = adresse if opens else ""
        return lignes


def find_traces(slug: str, patient_id: UUID) -> str:
    """Where the traces of one patient are, when that room is there."""
    return find_url("patients_traces", slug, str(patient_id))


class ListeEvenements(ListeJournal):
    titre = "Journal"
    objet = ("événement", "événements")
    colonnes = (
        QUAND,
        Colonne("evenement", "Événement", lambda row: describe_evenement(row.evenement), tri=True),
        QUI,
        ROLE,
        Colonne("objet", "Objet", lambda row: reference_of(row.objet_id, row.objet_type.partition(".")[2][:1].upper())),
        Colonne("details", "Détails", lambda row: describe_details(row.details)),
    )
    filtres = (
        Filtre("evenement", "Événement", choix=lambda: sorted(collect("evenements"), key=lambda pair: pair[1])),
        PERSONNE,
        Filtre("objet", "Objet (référence)", genre="texte", applique=filter_reference("objet_id")),
        DEPUIS,
        JUSQU_A,
    )
    export_nom = "evenements"
    vide = Vide("Rien ne s’est encore passé", "Chaque décision s’inscrira ici, avec son auteur.", icone="history")


def describe_details(details: dict[str, Any]) -> str:
    """« origine : public ; notice : 2026-11 »; objects by their reference, counts of zero left out."""
    return " ; ".join(
        f"{key.replace('_', ' ')} : {text}" for key, value in details.items() if (text := describe_detail(value))
    )


def describe_detail(value: Any) -> str:
    """One detail, in words."""
    if isinstance(value, dict):
        return ", ".join(f"{key.rpartition('.')[2]} {count}" for key, count in value.items() if count)
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, str) and EMPREINTE.fullmatch(value):
        return f"{value[:12]}…"
    if isinstance(value, str) and JOUR.fullmatch(value):
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    if isinstance(value, str) and len(value) == 36 and value.count("-") == 4:
        return reference_of(value)
    return "" if value is None else str(value)


class ListeEcritures(ListeJournal):
    titre = "Journal"
    objet = ("écriture", "écritures")
    colonnes = (
        QUAND,
        Colonne("operation", "Opération", lambda row: OPERATIONS.get(row.operation, row.operation), tri=True),
        Colonne("table", "Sur", lambda row: tables().get(row.table_nom, row.table_nom), tri="table_nom"),
        Colonne("ligne", "Ligne", lambda row: reference_of(row.ligne_id)),
        Colonne("colonnes", "Colonnes changées", lambda row: ", ".join(row.colonnes)),
        QUI,
        ROLE,
        Colonne("valeurs", "Valeurs", lambda row: describe_valeurs(row.valeurs), facultative=True),
    )
    filtres = (
        PERSONNE,
        Filtre("operation", "Opération", choix=list(OPERATIONS.items())),
        Filtre("table", "Sur", "table_nom", choix=lambda: sorted(tables().items(), key=lambda pair: pair[1])),
        Filtre("ligne", "Ligne (référence)", genre="texte", applique=filter_reference("ligne_id")),
        DEPUIS,
        JUSQU_A,
    )
    export_nom = "ecritures"
    vide = Vide("Rien n’a encore été écrit", "Chaque changement s’inscrira ici.", icone="edit")


def describe_valeurs(valeurs: dict[str, list[Any]]) -> str:
    """« etat : depose → accepte »."""
    return " ; ".join(f"{name} : {pair[0] or 'rien'} → {pair[1] or 'rien'}" for name, pair in valeurs.items())
