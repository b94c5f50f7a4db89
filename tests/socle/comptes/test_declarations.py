"""What is kept about people is said."""

from django.apps import apps

from maillon.socle.declarations import DonneesPersonnelles, collect


def test_accounts_and_their_named_views_are_declared_and_every_declaration_names_a_model() -> None:
    declares: dict[str, DonneesPersonnelles] = {d.modele: d for d in collect("donnees_personnelles")}
    assert "vues" in declares["comptes.Compte"].finalite
    for modele, declare in declares.items():
        assert apps.get_model(modele), modele
        assert declare.finalite, modele
        assert declare.duree, modele
