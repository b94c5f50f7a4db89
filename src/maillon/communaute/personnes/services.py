"""Keeping people and groups."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.structures.models import Structure
from maillon.socle.declarations import collect
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.droits.models import Membre
from maillon.socle.horloge import today
from maillon.socle.journal import services as journal

from .enums import GenreGroupe
from .models import Appartenance, Groupe, Personne


@transaction.atomic
def keep_professionnel(*, cpts_id: UUID, professionnel: Professionnel, by: Acteur) -> Personne:
    """The person that a professional is in a community, made on the first call.

    Name and professional contacts are copied then; what the person corrects later is not overwritten.
    """
    lieu = professionnel.activites.order_by("pk").first()
    personne, made = Personne.objects.get_or_create(
        cpts_id=cpts_id,
        professionnel=professionnel,
        fusionnee_dans=None,
        defaults={
            "prenom": professionnel.prenom,
            "nom": professionnel.nom,
            "courriel": lieu.courriel if lieu else "",
            "telephone": lieu.telephone if lieu else "",
            "fonction": professionnel.libelle_profession,
        },
    )
    if made:
        journal.record("personnes.ajoutee", personne, by=by)
    return personne


@transaction.atomic
def keep_membre(*, membre: Membre, by: Acteur) -> Personne:
    """The person behind an account, made or linked on the first call: a professional already kept is recognised by the
    RPPS number of the account."""
    personne = Personne.objects.filter(cpts_id=membre.cpts_id, membre=membre, fusionnee_dans=None).first()
    if personne is not None:
        return personne
    compte = membre.compte
    if compte.rpps:
        personne = Personne.objects.filter(
            cpts_id=membre.cpts_id, professionnel__rpps=compte.rpps, fusionnee_dans=None
        ).first()
    if personne is None:
        personne = Personne(
            cpts_id=membre.cpts_id,
            prenom=compte.prenom,
            nom=compte.nom,
            courriel=compte.email,
            professionnel=Professionnel.objects.filter(rpps=compte.rpps).first() if compte.rpps else None,
        )
    personne.membre = membre
    personne.save()
    journal.record("personnes.rattachee", personne, by=by)
    return personne


def link_membres(*, cpts_id: UUID) -> int:
    """Give a person to every account that has none yet, whatever the way it came by. Returns how many."""
    alone = Membre.objects.filter(cpts_id=cpts_id, personnes=None).select_related("compte")
    return len([keep_membre(membre=membre, by=SYSTEME) for membre in alone])


@transaction.atomic
def create_personne(
    *,
    cpts_id: UUID,
    prenom: str,
    nom: str,
    by: Acteur,
    courriel: str = "",
    telephone: str = "",
    fonction: str = "",
    structure: Structure | None = None,
) -> Personne:
    """Add somebody who is not in the directory of professionals: salaried, a partner's contact. The same name and
    address is the same person."""
    known = Personne.objects.en_activite().filter(
        cpts_id=cpts_id, prenom__iexact=prenom, nom__iexact=nom, courriel__iexact=courriel, structure=structure
    )
    if courriel and (personne := known.first()):
        return personne
    personne = Personne.objects.create(
        cpts_id=cpts_id,
        prenom=prenom,
        nom=nom,
        courriel=courriel,
        telephone=telephone,
        fonction=fonction,
        structure=structure,
    )
    journal.record("personnes.ajoutee", personne, by=by)
    return personne


@transaction.atomic
def update_coordonnees(*, personne: Personne, courriel: str, telephone: str, by: Acteur) -> Personne:
    """Correct where somebody is reached; the national directory never overwrites it."""
    personne.courriel, personne.telephone = courriel, telephone
    personne.save(update_fields=["courriel", "telephone"])
    journal.record("personnes.coordonnees", personne, by=by)
    return personne


@transaction.atomic
def choose_visibilite(*, personne: Personne, montre_courriel: bool, montre_telephone: bool, by: Acteur) -> Personne:
    """What the other members may read: the choice of the person, made by nobody else."""
    personne.montre_courriel, personne.montre_telephone = montre_courriel, montre_telephone
    personne.save(update_fields=["montre_courriel", "montre_telephone"])
    journal.record("personnes.visibilite", personne, by=by, courriel=montre_courriel, telephone=montre_telephone)
    return personne


@transaction.atomic
def change_personne(
    *, personne: Personne, prenom: str, nom: str, fonction: str, courriel: str, telephone: str, by: Acteur
) -> Personne:
    """Correct what is kept of somebody."""
    personne.prenom, personne.nom, personne.fonction = prenom, nom, fonction
    personne.save(update_fields=["prenom", "nom", "fonction"])
    return update_coordonnees(personne=personne, courriel=courriel, telephone=telephone, by=by)


@transaction.atomic
def depart_personne(*, personne: Personne, on: date, by: Acteur) -> Personne:
    """Somebody left: no longer proposed anywhere, out of the groups; what they did stays."""
    personne.partie_le = on
    personne.save(update_fields=["partie_le"])
    for appartenance in personne.appartenances.filter(Q(jusqu_a=None) | Q(jusqu_a__gt=on)):
        leave_groupe(appartenance=appartenance, on=on, by=by)
    journal.record("personnes.partie", personne, by=by, le=on.isoformat())
    _tell_presence(personne)
    return personne


def _tell_presence(personne: Personne) -> None:
    """Those who follow when a professional is there hear that they left, or are back."""
    if personne.professionnel_id is not None:
        for suite in collect("suites_occupations"):
            suite.fait(personne.cpts_id, personne.professionnel_id)


@transaction.atomic
def return_personne(*, personne: Personne, by: Acteur) -> Personne:
    """Undo a departure: back in the groups left that day."""
    left = personne.appartenances.filter(jusqu_a=personne.partie_le)
    for appartenance in left:
        rejoin_groupe(appartenance=appartenance, by=by)
    personne.partie_le = None
    personne.save(update_fields=["partie_le"])
    journal.record("personnes.revenue", personne, by=by)
    _tell_presence(personne)
    return personne


@transaction.atomic
def save_groupe(
    *, groupe: Groupe | None = None, cpts_id: UUID, nom: str, genre: GenreGroupe, mission: str, objet: str, by: Acteur
) -> Groupe:
    """Create or correct a group. Raises ValidationError, in French, when the name is taken."""
    made = groupe is None
    groupe = groupe or Groupe(cpts_id=cpts_id)
    groupe.nom, groupe.genre, groupe.mission, groupe.objet = nom, genre, mission, objet
    groupe.validate_constraints()
    groupe.save()
    journal.record("personnes.groupe_cree" if made else "personnes.groupe_modifie", groupe, by=by, genre=str(genre))
    return groupe


@transaction.atomic
def close_groupe(*, groupe: Groupe, by: Acteur) -> None:
    """Close a group: no longer proposed; its meetings and who was in it stay."""
    groupe.ferme_le = today()
    groupe.save(update_fields=["ferme_le"])
    journal.record("personnes.groupe_ferme", groupe, by=by)


@transaction.atomic
def reopen_groupe(*, groupe: Groupe, by: Acteur) -> None:
    """Raises ValidationError, in French, when another group took the name."""
    groupe.ferme_le = None
    groupe.validate_constraints()
    groupe.save(update_fields=["ferme_le"])
    journal.record("personnes.groupe_rouvert", groupe, by=by)


@transaction.atomic
def join_groupe(
    *,
    groupe: Groupe,
    personne: Personne,
    depuis: date,
    by: Acteur,
    responsable: bool = False,
    jusqu_a: date | None = None,
) -> Appartenance:
    """Put a person in a group from a date (to `jusqu_a`, excluded). Somebody who is there that day stays, to the later
    of both ends; becoming responsable is added, never taken away."""
    present = groupe.appartenances.filter(
        Q(jusqu_a=None) | Q(jusqu_a__gte=depuis, jusqu_a__gt=F("depuis")), personne=personne
    ).order_by("-depuis")
    appartenance = present.first()
    if appartenance is None:
        appartenance = Appartenance.objects.create(
            cpts_id=groupe.cpts_id,
            groupe=groupe,
            personne=personne,
            depuis=depuis,
            jusqu_a=jusqu_a,
            responsable=responsable,
        )
        journal.record("personnes.groupe_rejoint", appartenance, by=by, groupe=str(groupe.pk))
        return appartenance
    open_ended = jusqu_a is None or appartenance.jusqu_a is None
    appartenance.jusqu_a = None if open_ended else max(jusqu_a, appartenance.jusqu_a)  # type: ignore[type-var]
    appartenance.depuis = min(depuis, appartenance.depuis)
    appartenance.responsable = appartenance.responsable or responsable
    appartenance.save(update_fields=["depuis", "jusqu_a", "responsable"])
    return appartenance


@transaction.atomic
def leave_groupe(*, appartenance: Appartenance, on: date, by: Acteur) -> None:
    """Take a person out of a group: `on` is the first day without them."""
    appartenance.jusqu_a = max(on, appartenance.depuis)
    appartenance.save(update_fields=["jusqu_a"])
    journal.record("personnes.groupe_quitte", appartenance, by=by, groupe=str(appartenance.groupe_id))


@transaction.atomic
def rejoin_groupe(*, appartenance: Appartenance, by: Acteur) -> None:
    """Undo a departure, unless the person came back since."""
    others = Appartenance.objects.filter(groupe=appartenance.groupe_id, personne=appartenance.personne_id, jusqu_a=None)
    if not others.exclude(pk=appartenance.pk).exists():
        appartenance.jusqu_a = None
        appartenance.save(update_fields=["jusqu_a"])
        journal.record("personnes.groupe_rejoint", appartenance, by=by, groupe=str(appartenance.groupe_id))


@transaction.atomic
def name_responsable(*, appartenance: Appartenance, responsable: bool, by: Acteur) -> None:
    """Make somebody responsible of a group, or no longer; several may be."""
    appartenance.responsable = responsable
    appartenance.save(update_fields=["responsable"])
    journal.record("personnes.responsable", appartenance, by=by, groupe=str(appartenance.groupe_id), oui=responsable)
