"""Creating and changing a meeting; an item of its agenda; why it is cancelled."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone

from maillon.communaute.actions.enums import Etat as EtatAction
from maillon.communaute.actions.models import Action
from maillon.communaute.personnes.models import Groupe
from maillon.socle.declarations import Cible, collect
from maillon.socle.droits.enums import Mission

from ..donnees import DonneesPoint, DonneesReunion
from ..enums import STATUTAIRES, Etat, Invites, TypeReunion
from ..models import Reunion
from .commun import ChampDuree, ChampHeure, ChampJour, build_plage, check_taille, list_durees, read_document


def list_cibles(cpts_id: UUID) -> list[Cible]:
    """The indicators of the running contract that a meeting may serve."""
    return [cible for source in collect("cibles") for cible in source.cibles(cpts_id)]


def group_cibles(cibles: list[Cible]) -> list[tuple[str, Any]]:
    """Choices by mission; nothing to choose without a contract."""
    groupes: dict[str, list[tuple[str, str]]] = {}
    for cible in cibles:
        groupes.setdefault(str(Mission(cible.mission).label).capitalize(), []).append((cible.code, cible.libelle))
    return [("", "aucun"), *groupes.items()]


class ReunionForm(forms.Form):
    """One short form. `convoquee` says that type and people are settled."""

    type = forms.ChoiceField(label="Genre de réunion", choices=TypeReunion.choices, initial=TypeReunion.GROUPE_TRAVAIL)
    titre = forms.CharField(label="Titre", max_length=160, help_text="Ce que les invités liront dans leur agenda.")
    groupe = forms.ModelChoiceField(label="Groupe", queryset=Groupe.objects.none(), required=False, empty_label="aucun")
    invites = forms.ChoiceField(
        label="Qui inviter ?", choices=Invites.choices, widget=forms.RadioSelect, initial=Invites.GROUPE
    )
    jour = ChampJour(label="Date", required=False)
    heure = ChampHeure(label="Heure", required=False)
    duree = ChampDuree(label="Durée")
    lieu = forms.CharField(label="Lieu", max_length=200, required=False)
    visio = forms.URLField(label="Lien de visioconférence", required=False, assume_scheme="https")
    mission = forms.ChoiceField(label="Mission", choices=[("", "aucune"), *Mission.choices], required=False)
    indicateur = forms.ChoiceField(
        label="Indicateur du contrat",
        required=False,
        help_text="Une fois tenue, la réunion compte pour cet indicateur : rien à ressaisir.",
    )
    action = forms.ModelChoiceField(
        label="Fiche-action", queryset=Action.objects.none(), required=False, empty_label="aucune"
    )
    motif_delai = forms.CharField(
        label="Motif, si le délai de convocation n’est plus tenu", max_length=300, required=False
    )

    def __init__(self, *args: Any, cpts_id: UUID, reunion: Reunion | None = None, **options: Any) -> None:
        if reunion is not None:
            options["initial"] = initial_of(reunion) | (options.get("initial") or {})
        super().__init__(*args, **options)
        self.cibles = list_cibles(cpts_id)
        self._choose("groupe", Groupe.objects.filter(cpts_id=cpts_id, ferme_le=None))
        self._choose("action", Action.objects.filter(cpts_id=cpts_id).exclude(etat=EtatAction.ABANDONNEE))
        champ = self.fields["indicateur"]
        assert isinstance(champ, forms.ChoiceField)
        champ.choices = group_cibles(self.cibles)
        self._settle(reunion)

    def _choose(self, nom: str, rows: Any) -> None:
        champ = self.fields[nom]
        assert isinstance(champ, forms.ModelChoiceField)
        champ.queryset = rows

    def _settle(self, reunion: Reunion | None) -> None:
        """Leave out what this meeting can no longer change, or what has nothing to offer."""
        retires = [nom for nom in ("indicateur",) if not self.cibles]
        if reunion is not None:
            retires += ["invites"]
            duree = self.fields["duree"]
            assert isinstance(duree, forms.TypedChoiceField)
            duree.choices = list_durees(int(self.initial["duree"]))
        if reunion is None or reunion.etat != Etat.CONVOQUEE or reunion.type not in STATUTAIRES:
            retires += ["motif_delai"]
        if reunion is not None and reunion.etat == Etat.CONVOQUEE:
            retires += ["type", "groupe"]
        for nom in retires:
            del self.fields[nom]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        if donnees.get("jour") and not donnees.get("heure") and "heure" not in self.errors:
            self.add_error("heure", "Indiquez l’heure de la réunion.")
        if donnees.get("invites") == Invites.GROUPE and not donnees.get("groupe"):
            self.add_error("groupe", "Choisissez le groupe à inviter, ou invitez d’autres personnes.")
        cible = next((c for c in self.cibles if c.code == donnees.get("indicateur")), None)
        if cible is not None and not donnees.get("mission"):
            donnees["mission"] = cible.mission
        elif cible is not None and donnees["mission"] != cible.mission:
            self.add_error(
                "indicateur",
                f"Cet indicateur est celui de la mission « {Mission(cible.mission).label} » : choisissez cette "
                "mission, ou un autre indicateur.",
            )
        return donnees

    def build(self, reunion: Reunion | None = None) -> DonneesReunion:
        """What was typed; what the form left out stays as it is on the meeting."""
        lu = self.cleaned_data
        debut, fin = build_plage(lu["jour"], lu["heure"], lu["duree"]) if lu["jour"] else (None, None)
        return DonneesReunion(
            type=TypeReunion(lu.get("type") or (reunion.type if reunion else TypeReunion.GROUPE_TRAVAIL)),
            titre=lu["titre"],
            mission=lu["mission"],
            indicateur=lu.get("indicateur", ""),
            action=lu["action"],
            groupe=lu["groupe"] if "groupe" in self.fields else (reunion.groupe if reunion else None),
            debut=debut,
            fin=fin,
            lieu=lu["lieu"],
            visio=lu["visio"],
        )


def initial_of(reunion: Reunion) -> dict[str, Any]:
    """A meeting as the form shows it."""
    debut = timezone.localtime(reunion.debut) if reunion.debut else None
    duree = reunion.fin - reunion.debut if reunion.fin and reunion.debut else timedelta(hours=2)
    return {
        "type": reunion.type,
        "titre": reunion.titre,
        "groupe": reunion.groupe_id,
        "jour": debut.date() if debut else None,
        "heure": debut.time() if debut else None,
        "duree": int(duree.total_seconds() // 60),
        "lieu": reunion.lieu,
        "visio": reunion.visio,
        "mission": reunion.mission,
        "indicateur": reunion.indicateur,
        "action": reunion.action_id,
    }


class AnnulerForm(forms.Form):
    motif = forms.CharField(
        label="Pourquoi ?", max_length=300, required=False, help_text="Les personnes prévenues liront ce motif."
    )


class PointForm(forms.Form):
    titre = forms.CharField(label="Point", max_length=200)
    orateur = forms.CharField(label="Présenté par", max_length=120, required=False)
    minutes = forms.IntegerField(label="Durée en minutes", min_value=1, max_value=480, required=False)
    texte = forms.CharField(
        label="Précisions", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    document = forms.FileField(
        label="Document", required=False, help_text="PDF, image, Word, Excel, texte ou CSV ; 10 Mo au plus."
    )

    def clean_document(self) -> object:
        check_taille(self.cleaned_data["document"])
        return self.cleaned_data["document"]

    def build(self) -> DonneesPoint:
        return DonneesPoint(**{nom: self.cleaned_data[nom] for nom in ("titre", "texte", "orateur", "minutes")})

    @property
    def piece(self) -> tuple[str, bytes] | None:
        return read_document(self.cleaned_data["document"])
