"""Keeping people and groups."""

from datetime import date
from uuid import UUID

from django.db import transaction

from maillon.communaute.annuaire.models import Professionnel
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.models import Membre
from maillon.socle.journal import services as journal

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
        personne = Personne(cpts_id=membre.cpts_id, prenom=compte.prenom, nom=compte.nom, courriel=compte.email)
    personne.membre = membre
    personne.save()
    journal.record("personnes.rattachee", personne, by=by)
    return personne


@transaction.atomic
def join_groupe(
    *, groupe: Groupe, personne: Personne, depuis: date, by: Acteur, responsable: bool = False
) -> Appartenance:
    """Put a person in a group from a date. Somebody already there stays as they are."""
    appartenance, made = Appartenance.objects.get_or_create(
        cpts_id=groupe.cpts_id,
        groupe=groupe,
        personne=personne,
        jusqu_a=None,
        defaults={"depuis": depuis, "responsable": responsable},
    )
    if made:
        journal.record("personnes.groupe_rejoint", appartenance, by=by, groupe=str(groupe.pk))
    return appartenance
