"""What the coordinator enters by hand: a dated value, a document, the start of a mission, a contract file."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from maillon.communaute.champs import AIDE_DOCUMENT, ChampDate
from maillon.regles.aci.contrat import parse_contrat
from maillon.regles.catalogue import Modele
from maillon.regles.erreurs import ErreurRegle
from maillon.socle.declarations import collect
from maillon.socle.fichiers.services import TAILLE_MAX
from maillon.socle.horloge import today

from .donnees import DonneesContrat, Piece
from .enums import Periodicite
from .import_contrat import donnees_of_fichier
from .models import Indicateur
from .saisie.indicateurs import propose_declare


def check_taille(fichier: UploadedFile | None) -> None:
    """Refuse before reading what would fill the memory."""
    if fichier is not None and (fichier.size or 0) > TAILLE_MAX:
        raise forms.ValidationError("Ce document dépasse la limite de 10 Mo. Réduisez-le ou déposez-le en parties.")


class ConstatForm(forms.Form):
    valeur = forms.DecimalField(label="Valeur", localize=True, max_digits=14, decimal_places=4, min_value=0)
    le = ChampDate(label="À la date du")
    qui = forms.ChoiceField(
        label="Qui donne cette valeur ?",
        widget=forms.RadioSelect,
        choices=(
            ("declare", "La communauté la déclare : elle reste à confirmer"),
            ("certifie", "Le certificateur l’a établie : elle vaut constat"),
        ),
        initial="declare",
    )
    certifie_par = forms.CharField(
        label="Certifiée par", required=False, max_length=120, help_text="Par exemple : CPAM de la Loire, service GDR."
    )
    source = forms.CharField(
        label="D’où vient-elle ?", max_length=200, help_text="Courrier, tableau de bord, relevé… et sa date."
    )
    document = forms.FileField(label="Document", required=False, help_text=AIDE_DOCUMENT)
    anonyme = forms.BooleanField(
        label="Ce document ne nomme personne",
        required=False,
        help_text="Il est alors remis à la CPAM et à l’ARS avec le dossier. Sinon elles n’en lisent que le genre et "
        "l’empreinte.",
    )

    def __init__(self, *args: Any, indicateur: Indicateur, **options: Any) -> None:
        super().__init__(*args, **options)
        self.indicateur = indicateur
        self.fields["valeur"].help_text = f"En {indicateur.unite}." if indicateur.unite else ""
        if indicateur.code_declare:
            self.fields["qui"].help_text = (
                "Maillon calcule cet indicateur à partir de vos actes : une valeur déclarée est gardée, mais ne change "
                "pas la prévision ; une valeur certifiée vaut constat."
            )
        self.fields["le"].initial = today()
        self.fields["certifie_par"].initial = indicateur.certificateur

    def clean_document(self) -> object:
        check_taille(self.cleaned_data["document"])
        return self.cleaned_data["document"]

    def clean(self) -> dict[str, object]:
        donnees = super().clean() or {}
        if donnees.get("qui") == "certifie" and not donnees.get("certifie_par"):
            self.add_error("certifie_par", "Dites qui a certifié cette valeur.")
        return donnees

    @property
    def certificateur(self) -> str:
        return self.cleaned_data["certifie_par"] if self.cleaned_data["qui"] == "certifie" else ""

    @property
    def piece(self) -> Piece | None:
        return read_piece(self.cleaned_data["document"])


class FicheForm(forms.Form):
    """What an indicator says of itself; empty fields are proposed from the catalogue."""

    definition = forms.CharField(
        label="Ce qui est mesuré",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Le texte de votre annexe l’emporte toujours.",
    )
    preuve_demandee = forms.CharField(
        label="Justificatif demandé, au singulier",
        required=False,
        max_length=120,
        help_text="Par exemple : feuille d’émargement, compte rendu, statistique de l’Assurance Maladie.",
    )
    periodicite = forms.ChoiceField(
        label="La valeur est attendue",
        choices=Periodicite.choices,
        help_text="Au-delà, Maillon signale que la valeur est en retard.",
    )
    code_declare = forms.ChoiceField(label="Calculé par Maillon", required=False)

    def __init__(self, *args: Any, indicateur: Indicateur, modele: Modele | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.indicateur = indicateur
        self._offer_declares(indicateur)
        propose = {"definition": modele.definition, "preuve_demandee": modele.preuve} if modele else {}
        for champ in ("definition", "preuve_demandee"):
            self.fields[champ].initial = getattr(indicateur, champ) or propose.get(champ, "")
        self.fields["periodicite"].initial = indicateur.periodicite

    def _offer_declares(self, indicateur: Indicateur) -> None:
        """The figures of Maillon that may feed it; one that its label asks for is named, never chosen for anyone."""
        declares = list(collect("indicateurs"))
        offerts = {d.code: d.libelle for d in declares if d.serves(indicateur.mission)}
        champ = self.fields["code_declare"]
        assert isinstance(champ, forms.ChoiceField)
        champ.choices = [("", "Non : la valeur est saisie"), *offerts.items()]
        champ.initial = indicateur.code_declare
        champ.help_text = "Les actes enregistrés comptent alors d’eux-mêmes, avec leurs preuves."
        propose = propose_declare(indicateur.mission, indicateur.libelle, declares)
        if not indicateur.code_declare and propose in offerts:
            champ.help_text = f"D’après l’intitulé, « {offerts[propose]} » peut le compter. {champ.help_text}"

    def clean_code_declare(self) -> str:
        """What feeds it stays when the form does not say."""
        return self.cleaned_data["code_declare"] if "code_declare" in self.data else self.indicateur.code_declare


class DemarrageForm(forms.Form):
    le = ChampDate(label="Démarrée le")


class DeploiementForm(forms.Form):
    le = ChampDate(label="Déployée le")


class ContratForm(forms.Form):
    fichier = forms.FileField(label="Fichier du contrat", required=False, help_text="YAML (.yaml) ou JSON (.json).")
    texte = forms.CharField(
        label="ou son contenu", required=False, widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false"})
    )
    millesime = forms.IntegerField(
        label="Millésime de la population",
        required=False,
        min_value=2006,
        max_value=2100,
        help_text="Année du recensement dont vient la population du contrat.",
    )

    def clean(self) -> dict[str, object]:
        donnees = super().clean() or {}
        fichier, texte = donnees.get("fichier"), donnees.get("texte") or ""
        is_json = False
        if fichier is not None:
            check_taille(fichier)
            is_json = fichier.name.lower().endswith(".json")
            try:
                texte = fichier.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                raise forms.ValidationError(
                    f"« {fichier.name} » n’est pas un texte : déposez un fichier YAML ou JSON enregistré en UTF-8."
                ) from None
        if not texte.strip():
            raise forms.ValidationError("Déposez le fichier du contrat, ou collez son contenu.")
        try:
            self.contrat: DonneesContrat = donnees_of_fichier(
                parse_contrat(texte, is_json=is_json), millesime=donnees.get("millesime")
            )
        except ErreurRegle as refus:
            raise forms.ValidationError(str(refus)) from None
        return donnees


def read_piece(fichier: UploadedFile | None) -> Piece | None:
    """The document of a form, read; its size is already checked."""
    if fichier is None:
        return None
    return Piece(fichier.name or "", fichier.read())
