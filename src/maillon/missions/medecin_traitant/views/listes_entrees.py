"""The lists of the ways in: waiting lists taken over, their rows, the people to call."""

from typing import Any, ClassVar

from django.urls import reverse

from maillon.communaute.patients.selectors import read_identites
from maillon.communaute.reprise.enums import EtatReprise
from maillon.socle.droits.requete import Requete
from maillon.socle.ui.composants import Pastille, Vide
from maillon.socle.ui.listes import Colonne, Filtre, Liste
from maillon.socle.ui.typographie import format_telephone

from ..enums import IssueAttente
from ..models import Demande, LigneAttente, ListeAttente
from ..selectors import list_communes
from ..selectors.demandes import search_demandes

ETATS_LISTE: dict[str, Pastille] = {
    EtatReprise.A_LIRE: Pastille("colonnes à choisir", "attente"),
    EtatReprise.EXAMEN: Pastille("lecture en cours", "cours"),
    EtatReprise.A_VERIFIER: Pastille("à vérifier", "attente"),
    EtatReprise.APPLICATION: Pastille("enregistrement en cours", "cours"),
    EtatReprise.APPLIQUEE: Pastille("enregistrée", "bien"),
    EtatReprise.ANNULATION: Pastille("annulation en cours", "cours"),
    EtatReprise.ANNULEE: Pastille("annulée", "neutre"),
    EtatReprise.ABANDONNEE: Pastille("abandonnée", "neutre"),
}
ISSUES: dict[str, Pastille] = {
    IssueAttente.AJOUT: Pastille("à ajouter", "bien", "user-plus"),
    IssueAttente.DOUBLON_BASE: Pastille("a déjà une demande", "cours", "user-check"),
    IssueAttente.DOUBLON_LISTE: Pastille("répétée", "neutre"),
    IssueAttente.REFUSEE: Pastille("refusée", "alerte"),
}


class ListeListes(Liste):
    titre: ClassVar[str] = "Listes d’attente reprises"
    objet: ClassVar[tuple[str, str]] = ("liste", "listes")
    colonnes: ClassVar[tuple[Colonne, ...]] = (
        Colonne("nom", "Fichier", tri=True, principale=True),
        Colonne("deposee_le", "Déposée le", genre="date", tri=True),
        Colonne("etat", "État", valeur=lambda liste: ETATS_LISTE[liste.etat], genre="pastille", tri=True),
        Colonne("lues", "Lignes", genre="nombre", tri=True),
        Colonne("ajouts", "Demandes", valeur=lambda liste: liste.comptes.get("ajout", 0), genre="nombre"),
    )
    recherche: ClassVar[tuple[str, ...]] = ("nom",)
    tri_defaut: ClassVar[str] = "-deposee_le"
    panneau: ClassVar[bool] = False
    vide: ClassVar[Vide] = Vide(
        "Aucune liste reprise",
        "Vous tenez une liste d’attente dans un tableur ? Déposez-la : Maillon montre ce qu’elle donnerait, "
        "garde le rang de chacun, et prépare les appels pour recueillir l’accord.",
        icone="upload",
    )

    def url_ligne(self, objet: ListeAttente) -> str:
        return reverse("medecin_traitant_liste_reprise", args=[self.request.cpts.slug, objet.pk])


class ListeLignesAttente(Liste):
    """Rows by their number in the file, which the desk has beside: nobody is named."""

    titre: ClassVar[str] = "Lignes"
    objet: ClassVar[tuple[str, str]] = ("ligne à regarder", "lignes à regarder")
    colonnes: ClassVar[tuple[Colonne, ...]] = (
        Colonne("numero", "Ligne du fichier", genre="nombre", tri=True, principale=True),
        Colonne("issue", "Résultat", valeur=lambda ligne: ISSUES[ligne.issue], genre="pastille", tri=True),
        Colonne("motif", "Pourquoi", valeur=lambda ligne: ligne.motif or "—"),
        Colonne("deja", "Demande ouverte", valeur=lambda ligne: ligne.deja or "—"),
    )
    filtres: ClassVar[tuple[Filtre, ...]] = (Filtre("issue", "Résultat", choix=IssueAttente.choices),)
    tri_defaut: ClassVar[str] = "numero"
    export_nom: ClassVar[str] = "liste-d-attente"
    panneau: ClassVar[bool] = False
    vide: ClassVar[Vide] = Vide("Rien à regarder", "Aucune ligne ne pose de question ici.", icone="circle-check")

    def url_ligne(self, objet: LigneAttente) -> str:
        return ""


class ListeRecontacts(Liste):
    """People to call for their agreement, with their names, each read leaving its trace."""

    titre: ClassVar[str] = "À recontacter"
    objet: ClassVar[tuple[str, str]] = ("personne", "personnes")
    colonnes: ClassVar[tuple[Colonne, ...]] = (
        Colonne("reference", "Référence", tri=True, principale=True),
        Colonne("nom", "Nom", valeur=lambda d: d.identite.nom_complet if d.identite else "identité effacée"),
        Colonne("telephone", "Téléphone", valeur=lambda d: d.telephone),
        Colonne("commune", "Commune", valeur="patient.commune.nom", tri="patient__commune__nom_recherche"),
        Colonne("deposee_le", "Demande faite", genre="date", tri=True),
        Colonne("prochaine_date", "Appel prévu", genre="date", tri=True),
        Colonne("a_effacer_le", "Effacée sans accord", genre="date", tri=True),
        Colonne("responsable", "Suivie par", valeur=lambda d: str(d.responsable or ""), facultative=True),
    )
    recherche: ClassVar[tuple[str, ...]] = ("reference",)
    recherche_libelle: ClassVar[str] = "Nom, téléphone ou référence"
    recherche_privee: ClassVar[bool] = True
    par_page: ClassVar[int] = 30
    panneau: ClassVar[bool] = False
    vide: ClassVar[Vide] = Vide(
        "Tout le monde a été recontacté",
        "Ici paraissent les personnes d’une liste d’attente reprise, tant qu’elles n’ont pas donné leur accord. Pour "
        "en reprendre une, ouvrez « Listes reprises ».",
        icone="phone-call",
    )

    def url_ligne(self, objet: Demande) -> str:
        return reverse("medecin_traitant_recontact", args=[self.request.cpts.slug, objet.pk])

    def search(self, lignes: Any) -> Any:
        return search_demandes(lignes, self.texte, by=self.request.acteur)

    def prepare(self, objets: list[Demande]) -> list[Demande]:
        """The names of the page, in one traced reading."""
        identites = read_identites(
            [d.patient_id for d in objets], quoi="identite", pourquoi="appels à passer", by=self.request.acteur
        )
        for demande in objets:
            identite = identites.get(demande.patient_id)
            demande.identite = identite  # type: ignore[attr-defined] # read by the columns
            numero = (identite.telephone or identite.proche_telephone) if identite else ""
            demande.telephone = format_telephone(numero) if numero else ""  # type: ignore[attr-defined]
        return objets


def build_recontacts(request: Requete) -> type[ListeRecontacts]:
    """The call round of one community, with its communes among the filters."""
    communes = [(commune.pk, commune.nom) for commune in list_communes(request.cpts.pk)]

    class RecontactsDeLaCommunaute(ListeRecontacts):
        filtres: ClassVar[tuple[Filtre, ...]] = (
            Filtre("commune", "Commune", champ="patient__commune", choix=communes),
        )

    return RecontactsDeLaCommunaute
