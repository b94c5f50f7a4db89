"""Partners of the demonstration: invented houses of true communes, their contacts, conventions of which one expires."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from maillon.communaute.partenaires.models import Convention, FicheStructure
from maillon.communaute.personnes.models import Personne
from maillon.communaute.structures.enums import TypeStructure
from maillon.communaute.structures.models import Partenariat, Structure
from maillon.regles.aci.cycle import add_months
from maillon.socle.chiffrement import normalize
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.enums import Mission

from .communautes import Communaute


@dataclass(frozen=True, slots=True)
class Maison:
    """An invented structure, and the function of the person who answers there."""

    type: TypeStructure
    nom: str
    fonction: str
    objet: str
    lits: int | None = None


MAISONS = (
    Maison(
        TypeStructure.EHPAD, "EHPAD Les Glycines (fictif)", "infirmière coordinatrice", "Soins de premier recours", 82
    ),
    Maison(TypeStructure.EHPAD, "EHPAD Les Tilleuls (fictif)", "directeur", "Soins de premier recours", 64),
    Maison(TypeStructure.EHPAD, "EHPAD du Belvédère (fictif)", "médecin coordonnateur", "Plan de crise", 96),
    Maison(TypeStructure.RESIDENCE_AUTONOMIE, "Résidence des Quatre-Vents (fictive)", "directrice", "Prévention", 48),
    Maison(TypeStructure.SSIAD, "SSIAD de la Vallée (fictif)", "infirmier coordinateur", "Retours à domicile", 70),
    Maison(
        TypeStructure.AIDE_DOMICILE, "Aide à domicile du Pays (fictive)", "responsable de secteur", "Retours à domicile"
    ),
    Maison(TypeStructure.HOPITAL, "Centre hospitalier des Deux-Rives (fictif)", "cadre de santé", "Lits d’aval", 410),
    Maison(
        TypeStructure.HOPITAL, "Clinique Sainte-Claire (fictive)", "assistante de direction", "Sorties d’hôpital", 135
    ),
    Maison(
        TypeStructure.CENTRE_EXAMENS_SANTE, "Centre d’examens de santé (fictif)", "chargé de prévention", "Dépistages"
    ),
    Maison(TypeStructure.MAIRIE, "Mairie (fictive)", "élue à la santé", "Contrat local de santé"),
    Maison(TypeStructure.ASSOCIATION, "Association Mieux Vivre (fictive)", "présidente", "Ateliers nutrition"),
    Maison(TypeStructure.ASSOCIATION, "Équipe mobile Précarité (fictive)", "coordinateur", "Aller vers"),
)


def meet_partenaires(communaute: Communaute, *, now: datetime) -> None:
    """Twelve partners with somebody to call, two conventions, and one fact that the community knows better."""
    cpts, tirage = communaute.cpts, communaute.tirage
    jour = now.date()
    structures, partenariats, contacts = [], [], []
    for rang, maison in enumerate(MAISONS):
        commune = communaute.communes[rang % len(communaute.communes)]
        structure = Structure(
            type=maison.type,
            nom=maison.nom,
            commune=commune,
            adresse=tirage.adresse(),
            code_postal=(commune.codes_postaux or [""])[0],
            telephone=tirage.telephone(),
            lits=maison.lits,
            fictive=True,
        )
        personne = tirage.personne()
        structures.append(structure)
        partenariats.append(
            Partenariat(
                cpts=cpts, structure=structure, objet=maison.objet, depuis=jour - timedelta(days=700 - 40 * rang)
            )
        )
        contacts.append(
            Personne(
                cpts=cpts,
                prenom=personne.prenom,
                nom=personne.nom,
                fonction=maison.fonction,
                telephone=tirage.telephone(),
                courriel=f"{normalize(f'{personne.prenom} {personne.nom}').replace(' ', '.')}@example.org",
                structure=structure,
            )
        )
    Structure.objects.bulk_create(structures)
    with use_cpts(cpts.pk):
        Partenariat.objects.bulk_create(partenariats)
        Personne.objects.bulk_create(contacts)
        FicheStructure.objects.create(
            cpts=cpts, structure=structures[0], lits=86, note="Demander l’infirmière coordinatrice avant 16 h."
        )
        Convention.objects.bulk_create(
            [
                Convention(
                    cpts=cpts,
                    structure=structures[6],
                    objet="Accès aux lits d’aval et sorties préparées (convention fictive)",
                    mission=Mission.PARCOURS,
                    signee_le=add_months(jour, -34),
                    fin=add_months(jour, 2),
                ),
                Convention(
                    cpts=cpts,
                    structure=structures[0],
                    objet="Intervention des professionnels de la communauté (convention fictive)",
                    mission=Mission.ACCES,
                    signee_le=add_months(jour, -14),
                    fin=add_months(jour, -2),
                    reconduction=12,
                ),
            ]
        )
