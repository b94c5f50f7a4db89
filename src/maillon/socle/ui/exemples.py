"""What the gallery shows: invented values of real length."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Any, Self

from django import forms
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from maillon.socle.horloge import now, today

from .cartes import Zone, build_carte
from .chaleurs import CaseChaleur, build_chaleur
from .chronologies import Bande, Chronologie, Cible, SerieDatee, build_chronologie
from .composants import (
    A_CONFIRMER,
    Avancement,
    Chiffre,
    Etape,
    Evenement,
    Explication,
    Fait,
    LigneExplication,
    Onglet,
    Pastille,
    ProgressionAnnee,
    Vide,
)
from .graphiques import Serie, build_graphique
from .listes import Colonne, Filtre, Liste

ETAPES = (Etape("La personne", "#"), Etape("Sa situation"), Etape("Son accord"), Etape("Vérifier"))


class DemandeForm(forms.Form):
    nom = forms.CharField(label="Nom de la personne", max_length=80)
    telephone = forms.CharField(
        label="Téléphone", help_text="Un numéro où la joindre en journée, par exemple 04 77 12 34 56."
    )
    commune = forms.ChoiceField(
        label="Commune", choices=[("", "Choisir"), ("42218", "Saint-Étienne"), ("42207", "Saint-Chamond")]
    )
    naissance = forms.DateField(
        label="Date de naissance", widget=forms.DateInput(attrs={"type": "date"}), required=False
    )
    mobilite = forms.ChoiceField(
        label="Peut-elle se déplacer au cabinet ?",
        choices=[("oui", "Oui"), ("aide", "Oui, avec de l’aide"), ("non", "Non")],
        widget=forms.RadioSelect,
    )
    besoins = forms.MultipleChoiceField(
        label="Situation",
        choices=[
            ("ald", "Affection de longue durée (ALD)"),
            ("plus70", "Plus de 70 ans"),
            ("langue", "Besoin d’un interprète"),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    remarque = forms.CharField(
        label="Remarque pour le secrétariat", widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    accord = forms.BooleanField(
        label="La personne a lu l’information sur ses données et l’accepte.",
        help_text="Elle peut changer d’avis à tout moment.",
    )


class ConnexionForm(forms.Form):
    login = forms.EmailField(label="Adresse électronique")
    password = forms.CharField(label="Mot de passe", widget=forms.PasswordInput)


def build_chiffres() -> list[Chiffre]:
    return [
        Chiffre(
            "Patients en ALD sans médecin traitant",
            388,
            cible="376, à 12 du palier",
            realise=Decimal("0.86"),
            tendance="baisse",
            tendance_texte="24 de moins en un mois",
            source="CPAM de la Loire, relevé d’octobre 2026",
            url="#chiffres",
        ),
        Chiffre(
            "Reste à démontrer avant le 21 décembre",
            Decimal(107500),
            "€",
            realise=Decimal("0.71"),
            certitude=A_CONFIRMER,
            source="Avenant 2, article 5.2 ; calcul de ce matin",
            url="#chiffres",
        ),
        Chiffre("Rendez-vous honorés ce mois-ci", 1204, tendance="stable", tendance_texte="stable depuis trois mois"),
        Chiffre(
            "Délai médian d’une demande",
            "11 jours",
            cible="moins de 30 jours",
            tendance="hausse",
            tendance_texte="2 jours de plus",
        ),
        Chiffre("Vaccinations des plus de 65 ans", None, source="Le relevé de cette année n’est pas encore arrivé."),
    ]


def build_explication() -> Explication:
    texte = "ACI CPTS, avenant 2, art. 5"
    depuis = today().replace(year=2022, month=3, day=31)
    return Explication(
        [
            LigneExplication(
                "Financement du fonctionnement",
                75000,
                "Taille 3 : de 80 001 à 175 000 habitants.",
                texte,
                depuis,
                url="#",
            ),
            LigneExplication(
                "Accès aux soins, part fixe",
                70000,
                "Mission ouverte le 3 mars, payée au prorata de l’année.",
                texte,
                depuis,
            ),
            LigneExplication(
                "Accès aux soins, part variable",
                Decimal("18500.50"),
                "Palier 2 sur 3 atteint.",
                texte,
                depuis,
                A_CONFIRMER,
            ),
            LigneExplication("Gestion de crise, activation", 0, "Aucune crise n’a été déclarée cette année."),
        ],
        total=Decimal("163500.50"),
        libelle_total="Total de l’année 3",
        certitude=A_CONFIRMER,
        titre="Ce que vaut l’année 3",
        conclusion="Il manque 12 patients en ALD pour le palier suivant, qui vaut 3 000 €.",
    )


def build_evenements() -> list[Evenement]:
    maintenant = now()
    return [
        Evenement(
            maintenant - timedelta(hours=3), "Acceptée par un médecin", "Dr Anne-Sophie Vandenbroucke", ton="bien"
        ),
        Evenement(
            maintenant - timedelta(days=2),
            "Proposée à deux médecins",
            "Camille Peyrachon-Delorme",
            "Réponse attendue sous cinq jours. Le secrétariat est prévenu sans réponse.",
            "attente",
            url="#",
        ),
        Evenement(
            maintenant - timedelta(days=3), "Qualifiée : priorité haute", "Camille Peyrachon-Delorme", ton="cours"
        ),
        Evenement(maintenant.date() - timedelta(days=4), "Déposée depuis la page publique", ton="neutre", icone="send"),
    ]


def build_annees() -> list[ProgressionAnnee]:
    return [
        ProgressionAnnee(
            "Accès aux soins", 61000, 18500, 28000, 0, "Palier proche : 12 patients en ALD, 3 000 €.", "#", "acces"
        ),
        ProgressionAnnee("Parcours pluriprofessionnels", 30000, 0, 22500, 12500, cle="parcours"),
        ProgressionAnnee(
            "Prévention",
            0,
            4500,
            30500,
            0,
            "4 500 € sans justificatif : deux émargements, un compte rendu.",
            cle="prevention",
        ),
    ]


def build_zones() -> list[Zone]:
    """A honeycomb of invented areas, one without value."""
    noms = ("Fontarbelle", "Sainte-Ostre", "Le Crozel", "Villeneuve-d’Urzon", "Vauxmoire", "Chânes", "Pont-Salvy")
    centres = ((0.0, 0.0), (1.73, 0.0), (0.87, 1.5), (2.6, 1.5), (-0.87, 1.5), (-1.73, 0.0), (3.46, 0.0))
    valeurs = (176280.0, 35530.0, 8080.0, 5860.0, None, 12400.0, 940.0)
    hexagone = ((0.0, 1.0), (0.87, 0.5), (0.87, -0.5), (0.0, -1.0), (-0.87, -0.5), (-0.87, 0.5))
    return [
        Zone(
            f"z{i}",
            nom,
            [[(4.4 + (cx + x) * 0.04, 45.4 + (cy + y) * 0.028) for x, y in hexagone]],
            valeur,
            "signee" if i % 3 == 0 else "encours" if i % 3 == 1 else "",
            f"#zone-{i}",
        )
        for i, (nom, (cx, cy), valeur) in enumerate(zip(noms, centres, valeurs, strict=True))
    ]


def build_exemple_chronologie() -> Chronologie:
    """Four values, three tiers and a range to the anniversary, at invented days."""
    jours = [date(2026, 1, 15), date(2026, 4, 15), date(2026, 7, 15), date(2026, 10, 15)]
    anniversaire = date(2026, 12, 22)
    return build_chronologie(
        titre="Le deuxième palier reste incertain",
        series=[
            SerieDatee("Constaté", list(zip(jours, (66.3, 67.1, 69.9, 70.6), strict=True))),
            SerieDatee("Déclaré", [(date(2026, 11, 10), 71.2)], relie=False),
            SerieDatee("Projeté", [(jours[-1], 70.6), (anniversaire, 72.0)]),
        ],
        debut=jours[0],
        fin=anniversaire,
        cibles=[Cible(69.7, "69,7 % : 1 000 €"), Cible(72.4, "72,4 % : 2 500 €"), Cible(75, "75 % : 3 500 €")],
        bande=Bande("Intervalle à 80 %", [(jours[-1], 70.6, 70.6), (anniversaire, 69.9, 74.1)]),
        jour=date(2026, 11, 24),
        axe_y="Dépistage, en %",
    )


HEURES_CHAUDES = (
    ("15 h – 16 h", (0.4, "4,1", "10 pl."), (0.7, "3,5", "5 pl."), (None, "·", "5 pl.")),
    ("16 h – 17 h", (0.9, "9,2", "10 pl."), (0.5, "2,4", "5 pl."), (None, "–", "")),
    ("17 h – 18 h", (1.4, "14,2", "10 pl."), (1.0, "5,0", "5 pl."), (0.6, "3,1", "5 pl.")),
)


def build_figures() -> dict[str, Any]:
    mois = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.")
    return {
        "carte": build_carte(
            build_zones(),
            titre="Les trois quarts des habitants vivent dans une seule commune",
            libelle_valeur="Habitants",
            source="Insee, population municipale 2019",
        ),
        "carte_categories": build_carte(
            build_zones(),
            titre="Deux communes sur trois ont signé",
            libelle_valeur="État",
            categories={"signee": "Signée", "encours": "En cours"},
        ),
        "chronologie": build_exemple_chronologie(),
        "chaleur": build_chaleur(
            titre="Entre 17 h et 18 h, plus de demandes que de places",
            sous_titre="Demandes par semaine, puis places",
            coin="Heure",
            colonnes=["Médecin", "Infirmier", "Kiné"],
            lignes=[
                (heure, [CaseChaleur(rapport, texte, note, cachee=texte == "·") for rapport, texte, note in cases])
                for heure, *cases in HEURES_CHAUDES
            ],
            classes=(
                (0.5, "jusqu’à une demande pour deux places"),
                (1.0, "jusqu’à une demande par place"),
                (2.0, "plus de demandes que de places"),
            ),
            rien="personne ne demande",
            cachee="moins de 11 personnes",
        ),
        "courbe": build_graphique(
            titre="Les demandes attendent deux fois moins longtemps qu’en janvier",
            etiquettes=mois,
            series=[Serie("Délai médian", (41, 38, 36, None, 33, 31, 27, 25, 22, 19))],
            axe_y="Jours d’attente",
            axe_x="mois de 2026",
            cible=30,
            cible_libelle="Engagement",
        ),
        "barres": build_graphique(
            titre="Les rendez-vous honorés dépassent la cible depuis juin",
            etiquettes=mois,
            genre="barres",
            series=[
                Serie("Honorés", (620, 700, 810, 790, 930, 1080, 1120, 990, 1150, 1204)),
                Serie("Non honorés", (40, 61, 58, 71, 66, 80, 75, 62, 70, 64)),
            ],
            axe_y="Rendez-vous",
            axe_x="mois de 2026",
            cible=1000,
        ),
    }


def build_contexte(request: HttpRequest) -> dict[str, Any]:
    """Everything that the gallery's template receives."""
    return {
        **build_figures(),
        "titre": "Galerie des composants",
        "sous_titre": "Tout ce dont une page de Maillon est faite, dans tous ses états.",
        "fil": [("Accueil", "#"), ("Socle", "#"), ("Galerie", "")],
        "pastilles": [
            Pastille("Attend une réponse", "attente"),
            Pastille("En cours", "cours"),
            Pastille("Acceptée", "bien"),
            Pastille("Échéance dépassée", "alerte"),
            Pastille("Close", "neutre", "archive"),
        ],
        "chiffres": build_chiffres(),
        "explication": build_explication(),
        "evenements": build_evenements(),
        "annees": build_annees(),
        "faits": [
            Fait("Commune", "Saint-Priest-en-Jarez"),
            Fait("Téléphone", "04 77 12 34 56", "joignable le matin"),
            Fait("Suivie par", "Camille Peyrachon-Delorme", url="#"),
            Fait("Prochaine date", "mardi 3 mars, 14 h 30"),
        ],
        "onglets": [
            Onglet("En attente", "#onglets", True, 12),
            Onglet("Proposées", "#onglets", compte=4),
            Onglet("Closes", "#onglets", compte=1204),
            Onglet("Réglages", "#onglets"),
        ],
        "etapes": ETAPES,
        "vide": Vide(
            "Aucune demande n’attend",
            "Ici arrivent les demandes de médecin traitant, du public comme des professionnels. "
            "La première chose à faire : donner l’adresse de votre page publique.",
            "Saisir une demande",
            "#",
            "mood-smile",
        ),
        "avancement": Avancement("Lecture de l’annuaire national", 1240, 3000, "encore 2 minutes environ"),
    }


@dataclass(frozen=True)
class DemandeInventee:
    pk: int
    reference: str
    commune: str
    etat: str
    deposee_le: date
    attente: int
    montant: Decimal
    suivie_par: str


ETATS = {
    "deposee": Pastille("À qualifier", "attente"),
    "proposee": Pastille("Proposée", "cours"),
    "acceptee": Pastille("Acceptée", "bien"),
    "retard": Pastille("En retard", "alerte"),
    "close": Pastille("Close", "neutre", "archive"),
}
COMMUNES = ("Saint-Étienne", "Saint-Priest-en-Jarez", "La Talaudière", "Saint-Jean-Bonnefonds", "Villars", "Sorbiers")
NOMS = ("Camille Peyrachon-Delorme", "Inès Benhaddou", "Jean-Baptiste de La Rochefoucauld-Montbel", "")


class LignesInventees:
    """As much of a queryset as a list asks for, over rows in memory."""

    ordered = True

    def __init__(self, lignes: list[DemandeInventee]) -> None:
        self.lignes = lignes

    @classmethod
    def build(cls, nombre: int) -> Self:
        jour, etats = today(), list(ETATS)
        return cls(
            [
                DemandeInventee(
                    i,
                    f"DMT-2026-{i:04d}",
                    COMMUNES[i * 7 % len(COMMUNES)],
                    etats[i * i % len(etats)],
                    jour - timedelta(days=i % 90),
                    i % 90,
                    Decimal(i * 137 % 4000) / 4,
                    NOMS[i % len(NOMS)],
                )
                for i in range(1, nombre + 1)
            ]
        )

    def _matches(self, ligne: DemandeInventee, condition: Any) -> bool:
        if isinstance(condition, Q):
            sens = any if condition.connector == Q.OR else all
            return sens(self._matches(ligne, c) for c in condition.children)
        champ, _, comparaison = condition[0].partition("__")
        valeur, cherche = getattr(ligne, champ), condition[1]
        if comparaison == "icontains":
            return str(cherche).lower() in str(valeur).lower()
        return bool({"gte": valeur >= cherche, "lte": valeur <= cherche}.get(comparaison, valeur == cherche))

    def filter(self, *conditions: Q, **egalites: Any) -> Self:
        toutes = [*conditions, *egalites.items()]
        return type(self)([li for li in self.lignes if all(self._matches(li, c) for c in toutes)])

    def order_by(self, *champs: str) -> Self:
        lignes = list(self.lignes)
        for champ in reversed(champs):
            lignes.sort(key=attrgetter(champ.lstrip("-")), reverse=champ.startswith("-"))
        return type(self)(lignes)

    def count(self) -> int:
        return len(self.lignes)

    def __len__(self) -> int:
        return len(self.lignes)

    def __getitem__(self, tranche: slice) -> list[DemandeInventee]:
        return self.lignes[tranche]


class ListeDemandesInventees(Liste):
    titre = "Demandes de médecin traitant"
    objet = ("demande", "demandes")
    colonnes = (
        Colonne("reference", "Référence", tri=True, principale=True),
        Colonne("etat", "État", lambda d: ETATS[d.etat], "pastille", tri=True),
        Colonne("commune", "Commune", tri=True),
        Colonne("deposee_le", "Déposée le", genre="date", tri=True),
        Colonne("attente", "Jours d’attente", genre="nombre", tri=True),
        Colonne("suivie_par", "Suivie par", lambda d: d.suivie_par or "personne"),
        Colonne("montant", "En jeu", genre="euros", tri=True, facultative=True),
    )
    filtres = (
        Filtre("etat", "État", choix=[(code, p.libelle) for code, p in ETATS.items()]),
        Filtre("commune", "Commune", choix=[(c, c) for c in sorted(COMMUNES)]),
        Filtre("depuis", "Déposée depuis", "deposee_le", "depuis"),
    )
    recherche = ("reference", "commune", "suivie_par")
    recherche_libelle = "Référence, commune ou personne"
    tri_defaut = "-attente"
    export_nom = "demandes"
    vide = Vide(
        "Aucune demande n’attend",
        "Ici arrivent les demandes de médecin traitant. La première chose à faire : en saisir une.",
        "Saisir une demande",
        "#",
        "stethoscope",
    )

    def url_ligne(self, objet: DemandeInventee) -> str:
        return reverse("galerie_fiche", args=(objet.pk,))
