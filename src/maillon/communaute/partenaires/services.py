"""Keeping partners, their contacts and the conventions signed with them."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from maillon.communaute.personnes.models import Personne
from maillon.communaute.structures.enums import TypeStructure
from maillon.communaute.structures.models import Partenariat, Structure
from maillon.communaute.territoire.models import Commune
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.services import store_fichier
from maillon.socle.horloge import today
from maillon.socle.journal import services as journal

from .models import Convention, FicheStructure
from .permissions import CONVENTIONS


class PartenaireRefuse(ValueError):
    """Why a partner or a convention is not recorded so, in one French sentence."""


@dataclass(frozen=True, slots=True)
class DonneesStructure:
    """A structure that the national file does not have."""

    type: TypeStructure
    nom: str
    commune: Commune
    adresse: str = ""
    code_postal: str = ""
    telephone: str = ""
    courriel: str = ""
    lits: int | None = None


@transaction.atomic
def add_partenaire(*, cpts_id: UUID, structure: Structure, objet: str = "", by: Acteur) -> Partenariat:
    """Make a structure a partner from today. Raises PartenaireRefuse when it is one, or is the community itself."""
    if structure.cpts_id == cpts_id:
        raise PartenaireRefuse("C’est votre communauté : elle n’est pas sa propre partenaire.")
    if Partenariat.objects.filter(cpts_id=cpts_id, structure=structure, jusqu_a=None).exists():
        raise PartenaireRefuse(f"{structure} est déjà partenaire.")
    partenariat = Partenariat(cpts_id=cpts_id, structure=structure, objet=objet, depuis=today())
    partenariat.save(force_insert=True)
    journal.record("partenaires.ajoute", partenariat, by=by, structure=str(structure.pk))
    return partenariat


@transaction.atomic
def create_partenaire(*, cpts_id: UUID, donnees: DonneesStructure, by: Acteur) -> Partenariat:
    """Record a structure that the national file does not have (a town hall, an association), and make it a partner."""
    fictive = Cpts.objects.values_list("fictive", flat=True).get(pk=cpts_id)
    structure = Structure(
        type=donnees.type,
        nom=donnees.nom,
        commune=donnees.commune,
        adresse=donnees.adresse,
        code_postal=donnees.code_postal or (donnees.commune.codes_postaux or [""])[0],
        telephone=donnees.telephone,
        courriel=donnees.courriel,
        lits=donnees.lits,
        fictive=fictive,
    )
    structure.save(force_insert=True)
    return add_partenaire(cpts_id=cpts_id, structure=structure, by=by)


@transaction.atomic
def end_partenariat(*, partenariat: Partenariat, by: Acteur) -> Partenariat:
    """End a partnership today. Contacts and conventions stay. Raises PartenaireRefuse when it has ended."""
    partenariat = Partenariat.objects.select_for_update(of=("self",)).get(pk=partenariat.pk)
    if partenariat.jusqu_a is not None:
        raise PartenaireRefuse("Ce partenariat a déjà pris fin.")
    partenariat.jusqu_a = today()
    partenariat.save(update_fields=["jusqu_a"])
    journal.record("partenaires.termine", partenariat, by=by, jusqu_a=partenariat.jusqu_a.isoformat())
    return partenariat


@transaction.atomic
def resume_partenariat(*, partenariat: Partenariat, by: Acteur) -> Partenariat:
    """Take back the end of a partnership. Raises PartenaireRefuse when another one is open."""
    partenariat = Partenariat.objects.select_for_update(of=("self",)).get(pk=partenariat.pk)
    ouverts = Partenariat.objects.filter(cpts_id=partenariat.cpts_id, structure=partenariat.structure_id, jusqu_a=None)
    if ouverts.exists():
        raise PartenaireRefuse("Cette structure est déjà partenaire.")
    partenariat.jusqu_a = None
    partenariat.save(update_fields=["jusqu_a"])
    journal.record("partenaires.repris", partenariat, by=by)
    return partenariat


@transaction.atomic
def keep_fiche(*, partenariat: Partenariat, objet: str, valeurs: dict[str, Any], by: Acteur) -> FicheStructure:
    """What the community knows of a partner, beside the national facts, which stay as they are."""
    fiche, _ = FicheStructure.objects.update_or_create(
        cpts_id=partenariat.cpts_id, structure_id=partenariat.structure_id, defaults=valeurs
    )
    Partenariat.objects.filter(pk=partenariat.pk).update(objet=objet)
    journal.record("partenaires.fiche", fiche, by=by)
    return fiche


@transaction.atomic
def keep_contact(
    *, cpts_id: UUID, structure: Structure, valeurs: dict[str, str], by: Acteur, personne: Personne | None = None
) -> Personne:
    """Add somebody to call in a structure, or change what is known of them."""
    ajout = personne is None
    personne = personne or Personne(cpts_id=cpts_id, structure=structure)
    for champ, valeur in valeurs.items():
        setattr(personne, champ, valeur)
    personne.save(force_insert=ajout)
    journal.record("partenaires.contact", personne, by=by, ajout=ajout)
    return personne


@transaction.atomic
def leave_contact(*, personne: Personne, partie: bool, by: Acteur) -> Personne:
    """Say that a contact has left, or take it back."""
    personne.partie_le = today() if partie else None
    personne.save(update_fields=["partie_le"])
    journal.record("partenaires.contact_parti" if partie else "partenaires.contact_revenu", personne, by=by)
    return personne


@dataclass(frozen=True, slots=True)
class Piece:
    """A document received: its name and its content."""

    nom: str
    contenu: bytes


@transaction.atomic
def keep_convention(
    *,
    cpts_id: UUID,
    structure: Structure,
    valeurs: dict[str, Any],
    document: Piece | None,
    by: Acteur,
    convention: Convention | None = None,
) -> Convention:
    """Record a convention, or change it; a new document replaces the former, which stays kept. Raises FichierRefuse."""
    ajout = convention is None
    convention = convention or Convention(cpts_id=cpts_id, structure=structure)
    for champ, valeur in valeurs.items():
        setattr(convention, champ, valeur)
    if document is not None:
        convention.document = store_fichier(
            cpts_id=cpts_id, nom=document.nom, contenu=document.contenu, by=by, permission=CONVENTIONS.code
        )
    convention.save(force_insert=ajout)
    journal.record("partenaires.convention", convention, by=by, ajout=ajout)
    return convention


@transaction.atomic
def end_convention(*, convention: Convention, le: date | None, by: Acteur) -> Convention:
    """Terminate a convention from a day, or take its termination back (`le` None). Raises PartenaireRefuse."""
    if le is not None and (convention.signee_le is None or le < convention.signee_le):
        raise PartenaireRefuse("Une convention se résilie après sa signature.")
    convention.resiliee_le = le
    convention.save(update_fields=["resiliee_le"])
    code = "partenaires.convention_resiliee" if le else "partenaires.convention_retablie"
    journal.record(code, convention, by=by)
    return convention
