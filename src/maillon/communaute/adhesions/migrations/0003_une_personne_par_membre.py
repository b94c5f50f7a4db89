"""Members and accounts made before people had a room of their own get their person."""

from django.db import migrations


def keep_people(apps, schema_editor):
    """One person a member professional, then one an account: by RPPS number, else anew. Safe to run again."""
    alias = schema_editor.connection.alias
    Adhesion = apps.get_model("adhesions", "Adhesion")
    Personne = apps.get_model("personnes", "Personne")
    Membre = apps.get_model("droits", "Membre")
    Activite = apps.get_model("annuaire", "Activite")
    people = {
        (p.cpts_id, p.professionnel_id): p
        for p in Personne.objects.using(alias).filter(professionnel__isnull=False, fusionnee_dans=None)
    }
    rows = Adhesion.objects.using(alias).exclude(professionnel=None).select_related("professionnel")
    for adhesion in rows.iterator():
        key = (adhesion.cpts_id, adhesion.professionnel_id)
        if key in people:
            continue
        lieu = Activite.objects.using(alias).filter(professionnel=adhesion.professionnel_id).order_by("pk").first()
        people[key] = Personne.objects.using(alias).create(
            cpts_id=adhesion.cpts_id,
            professionnel_id=adhesion.professionnel_id,
            prenom=adhesion.professionnel.prenom,
            nom=adhesion.professionnel.nom,
            courriel=lieu.courriel if lieu else "",
            telephone=lieu.telephone if lieu else "",
        )
    for membre in Membre.objects.using(alias).select_related("compte"):
        own = Personne.objects.using(alias).filter(cpts_id=membre.cpts_id, fusionnee_dans=None)
        if own.filter(membre=membre).exists():
            continue
        compte = membre.compte
        known = own.filter(professionnel__rpps=compte.rpps, membre=None).first() if compte.rpps else None
        if known is None:
            known = Personne(cpts_id=membre.cpts_id, prenom=compte.prenom, nom=compte.nom, courriel=compte.email)
        known.membre = membre
        known.save(using=alias)


class Migration(migrations.Migration):
    dependencies = [
        ("adhesions", "0002_candidatures_cotisations_mandats"),
        ("annuaire", "0001_initial"),
        ("comptes", "0001_initial"),
        ("droits", "0001_initial"),
        ("personnes", "0002_coordonnees_et_instances"),
    ]

    operations = [migrations.RunPython(keep_people, migrations.RunPython.noop)]
