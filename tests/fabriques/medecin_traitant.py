"""Situations of the médecin traitant desk: call inside `use_cpts(cpts.pk)`, except `make_guichet`.

guichet = make_guichet()            # a community open to patients, its desk, two communes
medecin = make_medecin(guichet, places=3)
demande = make_demande(guichet, etat=Etat.PROPOSEE, medecins=[medecin], ald=True)
"""

import secrets
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

from fabriques.adhesions import AdhesionFabrique
from fabriques.annuaire import ActiviteFabrique, ProfessionnelFabrique
from fabriques.droits import make_acteur, make_compte, make_cpts, make_membre
from fabriques.patients import make_identite
from fabriques.territoire import make_territoire
from maillon.communaute.adhesions.enums import College
from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.patients.notices import NOTICE_VERSION
from maillon.communaute.sollicitations.models import Sollicitation
from maillon.communaute.territoire.models import Commune
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums import Etat, Origine
from maillon.missions.medecin_traitant.models import Demande
from maillon.socle.comptes.models import Compte
from maillon.socle.contexte import use_cpts
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import PUBLIC, SYSTEME, Acteur
from maillon.socle.droits.enums import Genre, Role
from maillon.socle.droits.models import Lien, Membre

_numeros = count(1)


@dataclass(frozen=True)
class Guichet:
    """A community whose desk works: `membre` is its interlocuteur social, `acteur` the same as an actor."""

    cpts: Cpts
    membre: Membre
    acteur: Acteur
    saint_etienne: Commune
    villars: Commune


def make_guichet(cpts: Cpts | None = None, **champs: Any) -> Guichet:
    """The desk of a community open to patients, over the Grand Saint-Étienne; `champs` are the community's."""
    cpts = cpts or make_cpts(**{"telephone": "04 77 00 00 00", "patients_ouverts_le": date(2020, 1, 1), **champs})
    with use_cpts(cpts.pk):
        make_territoire(cpts)
        membre = make_membre(cpts, Role.INTERLOCUTEUR_SOCIAL, prenom="Inès", nom="Guichet")
        communes = Commune.objects.in_bulk(["42218", "42330"])
        return Guichet(cpts, membre, make_acteur(membre), communes["42218"], communes["42330"])


def make_medecin(
    guichet: Guichet,
    *,
    places: int | None = 3,
    commune: Commune | None = None,
    courriel: str = "",
    visites: bool = False,
    nom: str = "Durand",
) -> Professionnel:
    """A member médecin généraliste with an address; `places=None` for one who said nothing of places."""
    numero = next(_numeros)
    medecin = ProfessionnelFabrique(generaliste=True, nom=nom, prenom=f"Alix {numero}", civilite="Dr")
    ActiviteFabrique(
        professionnel=medecin,
        commune=commune or guichet.saint_etienne,
        adresse="1 rue de la Paix",
        courriel=courriel or f"medecin-{numero}@example.org",
    )
    AdhesionFabrique(cpts=guichet.cpts, professionnel=medecin, college=College.MEDECINS, debut=date(2020, 1, 1))
    if places is not None:
        services.update_capacite(
            cpts_id=guichet.cpts.pk,
            professionnel=medecin,
            places=places,
            accepte_visites=visites,
            by=SYSTEME,
        )
    return medecin


def make_acteur_medecin(guichet: Guichet, medecin: Professionnel) -> Acteur:
    """The same doctor signed in."""
    compte = Compte.objects.filter(rpps=medecin.rpps).first()
    compte = compte or make_compte(prenom=medecin.prenom, nom=medecin.nom, rpps=medecin.rpps)
    membre = Membre.objects.filter(cpts=guichet.cpts, compte=compte).first()
    return make_acteur(membre or make_membre(guichet.cpts, Role.PROFESSIONNEL, compte=compte))


FAITS = ("ald", "c2s", "ame", "plus_de_70", "ne_peut_se_deplacer", "grossesse", "sortie_hopital", "isolement", "langue")


def file_demande(guichet: Guichet, *, by: Acteur = PUBLIC, **champs: Any) -> services.Depot:
    """A request filed by the public form; `champs` are facts, or fields of the identity. Everybody has the same name,
    and a telephone of their own."""
    faits = {nom: champs.pop(nom) for nom in FAITS if nom in champs}
    annee = champs.pop("annee_naissance", 1980)
    return services.file_demande(
        cpts=guichet.cpts,
        commune_id=champs.pop("commune", guichet.saint_etienne).pk,
        annee_naissance=annee,
        origine=champs.pop("origine", Origine.PUBLIC),
        cle_depot=champs.pop("cle_depot", secrets.token_urlsafe(16)),
        notice_version=NOTICE_VERSION,
        faits=services.FaitsSaisis(**faits),
        identite=make_identite(
            naissance=None,
            **{"courriel": "patient@example.org", "telephone": f"0450{next(_numeros):06d}", **champs},
        ),
        by=by,
    )


def make_demande(
    guichet: Guichet, *, etat: Etat = Etat.DEPOSEE, medecins: list[Professionnel] | None = None, **champs: Any
) -> Demande:
    """A request brought to `etat` by the services; from PROPOSEE on it is proposed to `medecins` (one by default), the
    first of whom accepts."""
    demande = file_demande(guichet, **champs).demande
    if etat == Etat.DEPOSEE:
        return demande
    faits = services.FaitsSaisis(**{nom: champs[nom] for nom in FAITS if nom in champs})
    services.qualify_demande(demande_id=demande.pk, faits=faits, by=guichet.acteur)
    if etat in (Etat.PROPOSEE, Etat.ACCEPTEE, Etat.PLACEE):
        propositions = services.propose_demande(
            demande_id=demande.pk,
            professionnel_ids=[medecin.pk for medecin in medecins or [make_medecin(guichet)]],
            by=guichet.acteur,
        )
        if etat != Etat.PROPOSEE:
            first = medecins[0].pk if medecins else propositions[0].professionnel_id
            chosen = next(p for p in propositions if p.professionnel_id == first)
            services.accept_proposition(proposition_id=chosen.pk, by=SYSTEME)
        if etat == Etat.PLACEE:
            services.confirm_by_patient(demande_id=demande.pk, oui=True, by=SYSTEME)
    elif etat == Etat.CLOSE:
        services.close_demande(demande_id=demande.pk, motif="abandon", by=guichet.acteur)
    demande.refresh_from_db()
    return demande


def make_acteur_lien(objet: Sollicitation | Demande) -> Acteur:
    """The bearer of a signed link on this object."""
    return Acteur(genre=Genre.LIEN, cpts_id=objet.cpts_id, lien_objet=objet.pk)


def find_lien(objet: Sollicitation | Demande, but: str) -> Lien | None:
    """The latest live link of a purpose on an object."""
    return Lien.objects.filter(but=but, objet_id=objet.pk, revoque_le=None).order_by("-cree_le").first()
