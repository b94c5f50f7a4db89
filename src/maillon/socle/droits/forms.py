"""Forms of the access pages."""

import re
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from maillon.socle.comptes.models import Compte
from maillon.socle.horloge import today

from .enums import Mission, Role

DATE = {"type": "date"}


class _MissionForm(forms.Form):
    """A referent is the referent of one mission."""

    def _check_mission(self, roles: list[str]) -> None:
        if Role.REFERENT_MISSION in roles and not self.cleaned_data.get("mission"):
            self.add_error("mission", "Choisissez la mission dont cette personne est référente.")


class InvitationForm(_MissionForm):
    prenom = forms.CharField(label="Prénom", max_length=80, widget=forms.TextInput({"autocomplete": "off"}))
    nom = forms.CharField(label="Nom", max_length=80, widget=forms.TextInput({"autocomplete": "off"}))
    email = forms.EmailField(
        label="Courriel",
        help_text="Son adresse personnelle ou professionnelle : jamais une boîte partagée.",
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    rpps = forms.CharField(
        label="Numéro RPPS",
        required=False,
        help_text="11 chiffres. Il permet de se connecter par Pro Santé Connect.",
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    roles = forms.MultipleChoiceField(label="Rôles", choices=Role.choices, widget=forms.CheckboxSelectMultiple)
    mission = forms.ChoiceField(
        label="Mission suivie",
        required=False,
        choices=[("", "Aucune"), *Mission.choices],
        help_text="Pour un référent de mission.",
    )

    def clean_rpps(self) -> str:
        rpps = re.sub(r"\s", "", self.cleaned_data["rpps"])
        if rpps and not re.fullmatch(r"\d{11}", rpps):
            raise ValidationError("Un numéro RPPS compte 11 chiffres.")
        return rpps

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._check_mission(cleaned.get("roles", []))
        return cleaned


class RoleForm(_MissionForm):
    role = forms.ChoiceField(label="Rôle", choices=[("", "Choisir un rôle"), *Role.choices])
    mission = forms.ChoiceField(
        label="Mission suivie",
        required=False,
        choices=[("", "Aucune"), *Mission.choices],
        help_text="Pour un référent de mission.",
    )
    debut = forms.DateField(label="À partir du", widget=forms.DateInput(DATE, format="%Y-%m-%d"), initial=today)
    fin = forms.DateField(
        label="Jusqu’au",
        required=False,
        widget=forms.DateInput(DATE, format="%Y-%m-%d"),
        help_text="Dernier jour du mandat. Sans date, le rôle dure jusqu’à ce que vous le retiriez.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._check_mission([cleaned.get("role", "")])
        if cleaned.get("debut") and cleaned.get("fin") and cleaned["fin"] < cleaned["debut"]:
            self.add_error("fin", "Le mandat finirait avant de commencer.")
        return cleaned


class MotDePasseForm(forms.Form):
    """The password of a new account, twice."""

    password1 = forms.CharField(
        label="Mot de passe",
        strip=False,
        help_text="Au moins 14 caractères. Une phrase de quatre mots sans rapport convient très bien.",
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label="Le même mot de passe", strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, compte: Compte, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.compte = compte

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        validate_password(password, self.compte)
        return password

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "password1" in cleaned and cleaned["password1"] != cleaned.get("password2"):
            self.add_error("password2", "Les deux mots de passe sont différents.")
        return cleaned
