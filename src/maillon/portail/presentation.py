"""From figures to the components that home pages show."""

from collections.abc import Sequence
from decimal import Decimal

from django.urls import reverse

from maillon.communaute.territoire.enums import Niveau
from maillon.communaute.territoire.selectors import PopulationTerritoire, get_zones
from maillon.pilotage.contrats.permissions import LIRE, MODIFIER
from maillon.pilotage.contrats.selectors import ResumeAnnee, get_contrat
from maillon.pilotage.portefeuille.selectors import Totaux
from maillon.socle.comptes.models import Compte
from maillon.socle.cpts.models import Cpts
from maillon.socle.declarations import Alerte
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now
from maillon.socle.ui.cartes import Carte, Zone, build_carte
from maillon.socle.ui.composants import Chiffre, ProgressionAnnee, Vide
from maillon.socle.ui.typographie import compter, format_euros

from .selectors import Communaute

SIGNES = {
    "en_vigueur": "Contrat en vigueur",
    "anniversaire_proche": "Anniversaire dans moins de 60 jours",
    "sans_contrat": "Sans contrat en vigueur",
}
ECHEANCES_MONTREES = 6
SOURCE_CARTE = "Contours : IGN Admin Express, simplifiés. Composition des territoires : contrats."


def greet(compte: Compte) -> str:
    """« Bonjour Claire », « Bonsoir » after 18 h."""
    return f"{'Bonsoir' if now().astimezone().hour >= 18 else 'Bonjour'} {compte.prenom}".strip()


def build_premier_pas(cpts: Cpts, acteur: Acteur) -> Vide | None:
    """What a community without contract does first, to those who steer it."""
    if not acteur.can(LIRE) or get_contrat(cpts.pk) is not None:
        return None
    return Vide(
        "Le contrat n’est pas encore saisi",
        "Avec lui, Maillon calcule l’année, dit ce qu’il reste à démontrer et prévient des échéances. "
        "Comptez moins d’une heure, même en cours de contrat.",
        "Saisir le contrat" if acteur.can(MODIFIER) else "",
        reverse("pilotage:saisie", args=[cpts.slug]),
        "signature",
    )


def build_annees(resume: ResumeAnnee, slug: str) -> list[ProgressionAnnee]:
    """One bar a mission that has a variable part."""
    url = reverse("pilotage:annee", args=[slug])
    return [
        ProgressionAnnee(
            libelle=mission.libelle,
            constate=mission.montants.constate,
            a_confirmer=mission.montants.a_confirmer,
            possible=mission.montants.encore_possible + mission.non_reparti,
            perdu=mission.montants.perdu,
            note="Montant à confirmer" if mission.a_confirmer else "",
            url=f"{url}#{mission.mission.mission}",
            cle=mission.mission.mission,
        )
        for mission in resume.annee.missions
        if mission.variable is not None and mission.variable.valeur
    ]


def build_prochains(resume: ResumeAnnee, slug: str) -> list[Alerte]:
    """The cheapest next tiers, as sentences that open the indicator."""
    return [
        Alerte(
            colonne="palier",
            phrase=f"{prochain.indicateur.libelle}\u00a0: {prochain.phrase}",
            url=reverse("pilotage:indicateur", args=[slug, prochain.indicateur.pk]),
        )
        for prochain in resume.prochains
    ]


def build_carte_territoire(communautes: Sequence[Communaute]) -> Carte | None:
    """Each community, drawn by its communes and coloured by the state of its contract; it opens the contract."""
    contours = {zone.id: zone.rings for zone in get_zones([code for one in communautes for code in one.communes])}
    if not contours:
        return None
    departements = sorted({communaute.situation.cpts.departement for communaute in communautes})
    zones = []
    for communaute in communautes:
        situation = communaute.situation
        releve = situation.releve
        zones.append(
            Zone(
                id=situation.cpts.slug,
                nom=situation.cpts.nom,
                contours=[ring for code in communaute.communes for ring in contours[code]],
                categorie=communaute.signe,
                url=reverse("portefeuille:contrat", args=[releve.contrat_id]) if releve else "",
                detail=compter(len(communaute.communes), "commune"),
            )
        )
    return build_carte(
        [zone for zone in zones if zone.contours],
        fond=[ring for zone in get_zones(departements, level=Niveau.DEPARTEMENT) for ring in zone.rings],
        titre="Les communautés, par état de leur contrat",
        libelle_zone="Communauté",
        libelle_valeur="Contrat",
        categories=SIGNES,
        source=SOURCE_CARTE,
    )


def build_carte_communaute(population: PopulationTerritoire | None) -> Carte | None:
    """The communes of one community, by inhabitants."""
    if population is None:
        return None
    inhabitants = {commune.code_insee: commune.municipale for commune in population.communes}
    return build_carte(
        [
            Zone(id=zone.id, nom=zone.nom, contours=zone.rings, valeur=inhabitants[zone.id])
            for zone in get_zones(list(inhabitants))
        ],
        titre=f"Le territoire : {compter(len(inhabitants), 'commune')}",
        libelle_zone="Commune",
        libelle_valeur="Habitants",
        source=f"Population municipale {population.millesime}, Insee. {SOURCE_CARTE}",
    )


def build_chiffres_territoire(totaux: Totaux, communautes: int) -> list[Chiffre]:
    """Totals of the territory over the contracts in force."""
    certitude = "à confirmer" if totaux.is_a_confirmer else ""
    url = reverse("portefeuille:contrats")

    def euros(libelle: str, montant: Decimal) -> Chiffre:
        return Chiffre(libelle, montant, "€", certitude=certitude, url=url)

    return [
        Chiffre("Contrats en vigueur", totaux.contrats, cible=f"sur {compter(communautes, 'communauté')}", url=url),
        euros("Engagés cette année, hors crise", totaux.hors_activation),
        euros("Constaté sur la part variable", totaux.constate),
        euros("À confirmer d’après les actes", totaux.a_confirmer),
    ]


def build_echeances(communautes: Sequence[Communaute]) -> list[Alerte]:
    """Anniversaries to come, the nearest first, and the euros without evidence."""
    situations = [communaute.situation for communaute in communautes if communaute.situation.en_vigueur]
    lignes = []
    for situation in sorted(situations, key=lambda s: s.jours or 0)[:ECHEANCES_MONTREES]:
        releve, jours = situation.releve, situation.jours or 0
        assert releve is not None
        phrase = f"{situation.cpts.nom}\u00a0: l’année {releve.annee} finit dans {compter(jours, 'jour')}."
        if releve.sans_preuve:
            phrase += f" {format_euros(releve.sans_preuve)} sans justificatif."
        url = reverse("portefeuille:contrat", args=[releve.contrat_id])
        lignes.append(Alerte(colonne="expire", phrase=phrase, url=url, le=releve.fin, urgente=jours <= 60))
    return lignes
