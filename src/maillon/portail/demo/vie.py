"""The association's life in the demonstration: its people and its groups."""

from maillon.communaute.adhesions.models import Adhesion
from maillon.communaute.annuaire.models import Activite
from maillon.communaute.personnes.models import Personne
from maillon.communaute.personnes.services import keep_membre
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.models import Membre

from .communautes import Communaute


def keep_people(communaute: Communaute) -> list[Personne]:
    """One person a member and one an account; the fictitious professionals bring their address and their mail."""
    cpts = communaute.cpts
    with use_cpts(cpts.pk):
        professionnels = [
            adhesion.professionnel
            for adhesion in Adhesion.objects.filter(cpts=cpts, structure=None).select_related("professionnel")
            if adhesion.professionnel is not None
        ]
        lieux = {lieu.professionnel_id: lieu for lieu in Activite.objects.filter(professionnel__in=professionnels)}
        Personne.objects.bulk_create(
            Personne(
                cpts=cpts,
                professionnel=professionnel,
                prenom=professionnel.prenom,
                nom=professionnel.nom,
                courriel=lieux[professionnel.pk].courriel,
                telephone=lieux[professionnel.pk].telephone,
                fonction=professionnel.libelle_profession,
            )
            for professionnel in professionnels
        )
        for membre in Membre.objects.filter(cpts=cpts).select_related("compte"):
            keep_membre(membre=membre, by=SYSTEME)
        return list(Personne.objects.filter(cpts=cpts))
