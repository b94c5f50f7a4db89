"""Writing one row of a list: the person, the professional, the membership, the groups; and keeping what was made."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import models

from maillon.communaute.adhesions.enums import Etat
from maillon.communaute.adhesions.models import Adhesion
from maillon.communaute.adhesions.services import admit
from maillon.communaute.annuaire.enums import ModeExercice
from maillon.communaute.annuaire.models import Activite, Professionnel
from maillon.communaute.annuaire.services import adopt_professionnel
from maillon.communaute.personnes.enums import GenreGroupe
from maillon.communaute.personnes.models import Groupe, Personne
from maillon.communaute.personnes.services import join_groupe, keep_professionnel
from maillon.communaute.structures.models import Structure
from maillon.regles.catalogue import fold
from maillon.socle.droits.acteur import Acteur
from maillon.socle.journal import services as journal

from ..examen import Verdict
from ..models import LigneReprise


class Ecrivain:
    """Writes the rows of one list, in order; groups made by a row serve the next ones."""

    def __init__(self, *, cpts_id: UUID, fictive: bool, on: date, by: Acteur) -> None:
        self.cpts_id, self.fictive, self.on, self.by = cpts_id, fictive, on, by
        self._groupes = {fold(g.nom): g for g in Groupe.objects.filter(cpts_id=cpts_id, ferme_le=None)}
        demandees = Adhesion.objects.filter(cpts_id=cpts_id, etat=Etat.DEMANDEE)
        self._demandees = {cle for paire in demandees.values_list("professionnel", "structure") for cle in paire}

    def write(self, verdict: Verdict, ligne: LigneReprise) -> None:
        """Do what the row says; `ligne` keeps what was made and replaced, and is saved by the caller."""
        if verdict.fiche is not None and verdict.fiche.is_structure:
            assert verdict.structure is not None
            self._admit(verdict.structure, verdict, ligne)
        else:
            personne = self._keep_personne(verdict, ligne)
            if verdict.adhesion and personne.professionnel is not None:
                self._admit(personne.professionnel, verdict, ligne)
            for nom in verdict.groupes:
                self._join(nom, personne, ligne)
            ligne.personne = personne
        ligne.faite = True

    def _keep_personne(self, verdict: Verdict, ligne: LigneReprise) -> Personne:
        fiche, personne = verdict.fiche, verdict.personne
        assert fiche is not None
        professionnel = self._find_professionnel(verdict, ligne)
        ecrits: dict[str, Any] = dict(verdict.ecrits)
        if personne is not None:
            if personne.professionnel is None and professionnel is not None:
                ecrits["professionnel"] = professionnel
        elif professionnel is not None:
            personne = keep_professionnel(cpts_id=self.cpts_id, professionnel=professionnel, by=self.by)
            _note(ligne, personne)
            said = {"courriel": fiche.courriel, "telephone": fiche.telephone, "fonction": fiche.fonction}
            return _change(personne, {champ: valeur for champ, valeur in said.items() if valeur})
        else:
            return self._make_personne(verdict, ligne)
        for champ, ecrit in ecrits.items():
            ligne.avant[champ] = [write_plain(getattr(personne, champ)), write_plain(ecrit)]
        return _change(personne, ecrits)

    def _find_professionnel(self, verdict: Verdict, ligne: LigneReprise) -> Professionnel | None:
        """The professional that the row names, taken from the national directory when no community knew them."""
        fiche, trouve = verdict.fiche, verdict.trouve
        assert fiche is not None
        if trouve is None:
            return self._make_professionnel(verdict, ligne) if fiche.rpps and verdict.personne is None else None
        if trouve.professionnel is not None:
            return trouve.professionnel
        professionnel = adopt_professionnel(rpps=trouve.rpps, by=self.by, cpts_id=self.cpts_id)
        _note(ligne, professionnel)
        return professionnel

    def _make_personne(self, verdict: Verdict, ligne: LigneReprise) -> Personne:
        fiche = verdict.fiche
        assert fiche is not None
        personne = Personne(
            cpts_id=self.cpts_id,
            nom=fiche.nom,
            prenom=fiche.prenom,
            courriel=fiche.courriel,
            telephone=fiche.telephone,
            fonction=fiche.fonction,
            structure=verdict.structure,
        )
        personne.save(force_insert=True)
        journal.record("personnes.ajoutee", personne, by=self.by)
        _note(ligne, personne)
        return personne

    def _make_professionnel(self, verdict: Verdict, ligne: LigneReprise) -> Professionnel:
        """Somebody whom the directory does not know yet, with what the list says; it prevails when it comes."""
        fiche = verdict.fiche
        assert fiche is not None
        professionnel = Professionnel(
            rpps=fiche.rpps, nom=fiche.nom, prenom=fiche.prenom, profession=fiche.profession, fictif=self.fictive
        )
        professionnel.save(force_insert=True)
        _note(ligne, professionnel)
        if verdict.commune is not None:
            activite = Activite(
                professionnel=professionnel,
                structure=verdict.structure,
                mode_exercice=ModeExercice.SALARIE if verdict.structure else ModeExercice.LIBERAL,
                commune=verdict.commune,
                adresse=fiche.adresse,
                code_postal=fiche.code_postal,
            )
            activite.save(force_insert=True)
            _note(ligne, activite)
        return professionnel

    def _admit(self, adherent: Professionnel | Structure, verdict: Verdict, ligne: LigneReprise) -> None:
        """A membership; one that was asked for is accepted, and undoing gives the request back."""
        assert verdict.adhesion is not None
        adhesion = admit(
            cpts_id=self.cpts_id,
            adherent=adherent,
            debut=verdict.adhesion,
            college=verdict.college or None,
            by=self.by,
        )
        if adherent.pk in self._demandees:
            ligne.avant["adhesion_demandee"] = str(adhesion.pk)
        else:
            _note(ligne, adhesion)

    def _join(self, nom: str, personne: Personne, ligne: LigneReprise) -> None:
        groupe = self._groupes.get(fold(nom))
        if groupe is None:
            groupe = Groupe(cpts_id=self.cpts_id, nom=nom, genre=GenreGroupe.GROUPE_TRAVAIL)
            groupe.save(force_insert=True)
            self._groupes[fold(nom)] = groupe
            _note(ligne, groupe)
        # The dry run has left out the groups where the person already is.
        _note(ligne, join_groupe(groupe=groupe, personne=personne, depuis=self.on, by=self.by))


def write_plain(valeur: Any) -> Any:
    """A value of a row as JSON keeps it: a relation by its key."""
    return str(valeur.pk) if isinstance(valeur, models.Model) else valeur


def _note(ligne: LigneReprise, objet: models.Model) -> None:
    ligne.cree.append([objet._meta.label, str(objet.pk)])


def _change(personne: Personne, valeurs: dict[str, Any]) -> Personne:
    for champ, valeur in valeurs.items():
        setattr(personne, champ, valeur)
    if valeurs:
        personne.save(update_fields=list(valeurs))
    return personne
