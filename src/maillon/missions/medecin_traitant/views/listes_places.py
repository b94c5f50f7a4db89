"""The lists of the census: doctors, campaigns, whom a campaign asks, helps, departures and arrivals."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from maillon.communaute.annuaire.models import Activite
from maillon.socle.ui.composants import Pastille, Ton, Vide
from maillon.socle.ui.listes import Colonne, Filtre, Liste
from maillon.socle.ui.typographie import compter, format_date, format_telephone

from ..enums import Langue
from ..enums_places import (
    Appel,
    Certitude,
    Fraicheur,
    GenreMouvement,
    NatureRenfort,
    Secteur,
    StatutRenfort,
    StatutReponse,
)
from ..models import CampagneRecensement, DestinataireRecensement, Mouvement, Renfort
from ..selectors.recensement import describe_lieux

TONS_FRAICHEUR: dict[str, Ton] = {
    Fraicheur.FRAICHE: "bien",
    Fraicheur.A_CONFIRMER: "attente",
    Fraicheur.JAMAIS: "neutre",
}
TONS_REPONSE: dict[str, Ton] = {
    StatutReponse.REPONDU: "bien",
    StatutReponse.DECLINE: "neutre",
    StatutReponse.ATTENDU: "attente",
    StatutReponse.A_APPELER: "alerte",
}
GENRES = (
    ("accepte_adultes", "adultes"),
    ("accepte_enfants", "enfants"),
    ("accepte_ald", "ALD"),
)


def describe_genres(medecin: Any) -> str:
    """« tous, visites », « ALD seulement »."""
    if medecin.dite_le is None:
        return ""
    kinds = [mot for nom, mot in GENRES if getattr(medecin, nom)]
    words = ["tous"] if len(kinds) == len(GENRES) else kinds
    return ", ".join([*words, *(["visites"] if medecin.accepte_visites else [])])


def _prevues(medecin: Any) -> str:
    if not medecin.places_prevues:
        return ""
    return f"{medecin.places_prevues} le {format_date(medecin.prevues_des, jour=False)}"


def _by_genre(lignes: QuerySet[Any], brut: str) -> QuerySet[Any]:
    if brut == "tous":
        return lignes.filter(**{nom: True for nom, _ in GENRES})
    return lignes.filter(**{f"accepte_{brut}": True})


def _by_commune(lignes: QuerySet[Any], brut: str) -> QuerySet[Any]:
    return lignes.filter(Exists(Activite.objects.filter(professionnel=OuterRef("pk"), commune=brut)))


def _by_places(lignes: QuerySet[Any], brut: str) -> QuerySet[Any]:
    return lignes.filter(places_prevues__gt=0) if brut == "bientot" else lignes.filter(restantes__gt=0)


class ListePlaces(Liste):
    """What each doctor offers."""

    titre: ClassVar[str] = "Places des médecins"
    objet: ClassVar[tuple[str, str]] = ("médecin", "médecins")
    colonnes: ClassVar[tuple[Colonne, ...]] = (
        Colonne("medecin", "Médecin", valeur=str, principale=True, tri="nom_recherche"),
        Colonne("restantes", "Places libres", genre="nombre", tri=True),
        Colonne("prevues", "D’ici six mois", valeur=_prevues, tri="places_prevues"),
        Colonne("pour", "Pour qui", valeur=describe_genres),
        Colonne("lieu", "Où", valeur=lambda m: m.lieu),
        Colonne(
            "fraicheur",
            "Déclaré le",
            genre="pastille",
            tri="dite_le",
            valeur=lambda m: Pastille(_say_fraicheur(m), TONS_FRAICHEUR[m.fraicheur]),
        ),
        Colonne("places", "Places déclarées", genre="nombre", facultative=True),
        Colonne("secteur", "Secteur", valeur=lambda m: dict(Secteur.choices).get(m.secteur, ""), facultative=True),
        Colonne(
            "langues",
            "Langues",
            valeur=lambda m: ", ".join(Langue(code).label for code in m.langues or []),
            facultative=True,
        ),
        Colonne("acces_pmr", "Fauteuil roulant", genre="oui_non", facultative=True),
        Colonne("membre", "Membre", genre="oui_non", facultative=True),
    )
    recherche: ClassVar[tuple[str, ...]] = ("nom_recherche",)
    recherche_libelle: ClassVar[str] = "Nom du médecin"
    tri_defaut: ClassVar[str] = "medecin"
    export_nom: ClassVar[str] = "places-des-medecins"
    panneau: ClassVar[bool] = False
    vide: ClassVar[Vide] = Vide(
        "Aucun médecin généraliste membre", "Ajoutez d’abord les médecins de la communauté.", icone="stethoscope"
    )

    def url_ligne(self, objet: Any) -> str:
        return reverse("medecin_traitant_places_medecin", args=[self.request.cpts.slug, objet.pk])

    def prepare(self, objets: list[Any]) -> list[Any]:
        lieux = describe_lieux([medecin.pk for medecin in objets])
        for medecin in objets:
            medecin.lieu = lieux.get(medecin.pk, "")
        return objets


def _say_fraicheur(medecin: Any) -> str:
    if medecin.dite_le is None:
        return str(Fraicheur.JAMAIS.label)
    jour = format_date(medecin.dite_le, jour=False)
    return f"{jour}, à confirmer" if medecin.fraicheur == Fraicheur.A_CONFIRMER else jour


def build_liste_places(communes: Sequence[tuple[str, str]]) -> type[ListePlaces]:
    """The census with the communes of its doctors among the filters."""
    genres = [("tous", "Tous les patients"), ("adultes", "Adultes sans ALD"), ("enfants", "Enfants")]
    places = [("libres", "Libres maintenant"), ("bientot", "D’ici six mois")]

    class ListePlacesDeLaCommunaute(ListePlaces):
        filtres: ClassVar[tuple[Filtre, ...]] = (
            Filtre("places", "Places", choix=places, applique=_by_places),
            Filtre(
                "genre",
                "Pour qui",
                choix=[*genres, ("ald", "Patients en ALD"), ("visites", "Visites à domicile")],
                applique=_by_genre,
            ),
            Filtre("commune", "Commune", choix=communes, applique=_by_commune),
            Filtre("fraicheur", "Déclaré", choix=Fraicheur.choices),
        )

    return ListePlacesDeLaCommunaute


class ListeCampagnes(Liste):
    titre: ClassVar[str] = "Campagnes de recensement"
    objet: ClassVar[tuple[str, str]] = ("campagne", "campagnes")
    colonnes: ClassVar[tuple[Colonne, ...]] = (
        Colonne("titre", "Campagne", tri=True, principale=True),
        Colonne(
            "etat",
            "État",
            genre="pastille",
            valeur=lambda c: Pastille("en cours", "cours") if c.is_en_cours else Pastille("close", "neutre"),
        ),
        Colonne("lancee_le", "Lancée", genre="date", tri=True),
        Colonne("echeance", "Jusqu’au", genre="date", tri=True),
        Colonne("reponses", "Réponses", valeur=lambda c: f"{c.reponses} sur {c.interroges}"),
    )
    tri_defaut: ClassVar[str] = "-lancee_le"
    panneau: ClassVar[bool] = False
    vide: ClassVar[Vide] = Vide(
        "Aucune campagne",
        "Lancez-en une\u00a0: chaque médecin reçoit un lien et dit ses places en dix secondes.",
        icone="mail",
    )

    def url_ligne(self, objet: CampagneRecensement) -> str:
        return reverse("medecin_traitant_campagne", args=[self.request.cpts.slug, objet.pk])


class ListeDestinataires(Liste):
    """Who answered a campaign, and whom to call."""

    titre: ClassVar[str] = "Médecins interrogés"
    objet: ClassVar[tuple[str, str]] = ("médecin", "médecins")
    colonnes: ClassVar[tuple[Colonne, ...]] = (
        Colonne("medecin", "Médecin", valeur="professionnel", principale=True, tri="professionnel__nom_recherche"),
        Colonne(
            "statut",
            "Réponse",
            genre="pastille",
            tri="statut_cle",
            valeur=lambda d: Pastille(d.statut.label, TONS_REPONSE[d.statut]),
        ),
        Colonne("repondu_le", "Répondu le", genre="date", tri=True),
        Colonne("restantes", "Places libres", genre="nombre", tri=True),
        Colonne("prevues", "D’ici six mois", genre="nombre", tri=True),
        Colonne("telephone", "Téléphone", valeur=lambda d: format_telephone(d.telephone) if d.telephone else ""),
        Colonne("rappels_envoyes", "Rappels", genre="nombre", facultative=True),
        Colonne("appel", "Appel", valeur=lambda d: "" if d.appel == Appel.DECLINE else d.get_appel_display()),
        Colonne("voie", "Comment", valeur=lambda d: d.get_voie_display(), facultative=True),
    )
    filtres: ClassVar[tuple[Filtre, ...]] = (Filtre("statut", "Réponse", "statut_cle", choix=StatutReponse.choices),)
    recherche: ClassVar[tuple[str, ...]] = ("professionnel__nom_recherche",)
    recherche_libelle: ClassVar[str] = "Nom du médecin"
    tri_defaut: ClassVar[str] = "statut"
    export_nom: ClassVar[str] = "recensement"

    def url_ligne(self, objet: DestinataireRecensement) -> str:
        return reverse("medecin_traitant_destinataire", args=[self.request.cpts.slug, objet.campagne_id, objet.pk])


class ListeRenforts(Liste):
    titre: ClassVar[str] = "Renforts"
    objet: ClassVar[tuple[str, str]] = ("renfort", "renforts")
    colonnes: ClassVar[tuple[Colonne, ...]] = (
        Colonne("intitule", "Renfort", tri=True, principale=True),
        Colonne("nature", "Nature", valeur=lambda r: r.get_nature_display(), tri=True),
        Colonne("version", "Texte", facultative=True),
        Colonne("medecins", "Médecins", valeur=lambda r: ", ".join(str(m) for m in r.medecins.all())),
        Colonne("depuis", "Depuis", genre="date", tri=True),
        Colonne("jusqu_au", "Jusqu’au", genre="date", tri=True, facultative=True),
        Colonne("numero", "Dossier", facultative=True),
        Colonne("patients", "Patients permis", genre="nombre", tri=True),
        Colonne(
            "statut",
            "Statut",
            genre="pastille",
            valeur=lambda r: Pastille(
                r.get_statut_display(), "bien" if r.statut == StatutRenfort.DECLARE else "attente"
            ),
        ),
        Colonne("source", "Source", facultative=True),
    )
    filtres: ClassVar[tuple[Filtre, ...]] = (
        Filtre("nature", "Nature", choix=NatureRenfort.choices),
        Filtre("statut", "Statut", choix=StatutRenfort.choices),
    )
    tri_defaut: ClassVar[str] = "-depuis"
    export_nom: ClassVar[str] = "renforts"
    panneau: ClassVar[bool] = False
    vide: ClassVar[Vide] = Vide(
        "Aucun renfort enregistré",
        "Notez ici les assistants médicaux, les IPA et les protocoles de délégation, avec ce qu’ils permettent.",
        icone="users-group",
    )

    def url_ligne(self, objet: Renfort) -> str:
        return reverse("medecin_traitant_renfort", args=[self.request.cpts.slug, objet.pk])


def _effect(mouvement: Mouvement) -> str:
    if mouvement.is_depart:
        if mouvement.patients is None:
            return "nombre inconnu"
        details = [
            f"{nombre} {mot}"
            for nombre, mot in ((mouvement.patients_ald, "en ALD"), (mouvement.patients_plus_70, "de plus de 70 ans"))
            if nombre
        ]
        return compter(mouvement.patients, "patient", "patients") + (f", dont {', '.join(details)}" if details else "")
    return "nombre inconnu" if mouvement.places is None else compter(mouvement.places, "place", "places")


def _certitude(mouvement: Mouvement) -> Pastille:
    if mouvement.annule_le:
        return Pastille("annulé", "neutre")
    if mouvement.applique_le:
        return Pastille("a eu lieu", "neutre", "check")
    tons: dict[str, Ton] = {Certitude.CERTAIN: "bien", Certitude.ANNONCE: "cours", Certitude.POSSIBLE: "attente"}
    return Pastille(mouvement.get_certitude_display(), tons[mouvement.certitude])


class ListeMouvements(Liste):
    titre: ClassVar[str] = "Départs et arrivées"
    objet: ClassVar[tuple[str, str]] = ("mouvement", "mouvements")
    colonnes: ClassVar[tuple[Colonne, ...]] = (
        Colonne("qui", "Qui", principale=True),
        Colonne("genre", "Quoi", valeur=lambda m: m.get_genre_display(), tri=True),
        Colonne("le", "Quand", genre="date", tri=True),
        Colonne("effet", "Effet", valeur=_effect),
        Colonne("commune", "Où", valeur="commune.nom"),
        Colonne("certitude", "Certitude", genre="pastille", valeur=_certitude),
        Colonne("source", "Source", facultative=True),
    )
    filtres: ClassVar[tuple[Filtre, ...]] = (
        Filtre("genre", "Quoi", choix=GenreMouvement.choices),
        Filtre("certitude", "Certitude", choix=Certitude.choices),
        Filtre("depuis", "Depuis le", "le", "depuis"),
    )
    tri_defaut: ClassVar[str] = "le"
    export_nom: ClassVar[str] = "departs-et-arrivees"
    panneau: ClassVar[bool] = False
    vide: ClassVar[Vide] = Vide(
        "Aucun départ ni arrivée annoncés",
        "Notez un départ dès qu’il est annoncé\u00a0: ses patients seront à placer, ses places se ferment à sa date.",
        icone="door-exit",
    )

    def url_ligne(self, objet: Mouvement) -> str:
        return reverse("medecin_traitant_mouvement", args=[self.request.cpts.slug, objet.pk])
