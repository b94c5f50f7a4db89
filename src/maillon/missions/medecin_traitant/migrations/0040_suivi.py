"""The life of a request: calls, tasks, levels decided, weights adopted, what follows a placement."""

import django.db.models.deletion
import maillon.socle.horloge
import maillon.socle.identifiants
from django.db import migrations, models


def finish_placements(apps, schema_editor):
    """Nobody promised a follow-up to those placed before: theirs is over, and what they were found is known."""
    placees = apps.get_model("medecin_traitant", "Demande").objects.using(schema_editor.connection.alias)
    placees = placees.filter(etat="placee", issue="")
    placees.filter(ame=True).update(issue="medecin_suivi", suivi_fini_le=models.F("placee_le"))
    placees.filter(ame=False).update(issue="medecin_traitant", suivi_fini_le=models.F("placee_le"))


class Migration(migrations.Migration):
    dependencies = [
        ("annuaire", "0010_fiches_et_corrections"),
        ("cpts", "0001_initial"),
        ("droits", "0001_initial"),
        ("medecin_traitant", "0010_sollicitations"),
        ("patients", "0002_lecture_tracee"),
    ]

    operations = [
        migrations.CreateModel(
            name="AppelTelephonique",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=maillon.socle.identifiants.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("le", models.DateTimeField(default=maillon.socle.horloge.now, verbose_name="le")),
                (
                    "vers",
                    models.CharField(
                        choices=[("patient", "la personne"), ("proche", "le proche")],
                        default="patient",
                        max_length=7,
                        verbose_name="vers",
                    ),
                ),
                (
                    "issue",
                    models.CharField(
                        choices=[
                            ("joint", "Personne jointe"),
                            ("repondeur", "Répondeur"),
                            ("sans_reponse", "Pas de réponse"),
                            ("faux_numero", "Faux numéro"),
                            ("rappeler", "Demande qu’on la rappelle"),
                        ],
                        max_length=12,
                        verbose_name="issue",
                    ),
                ),
                ("rappeler_le", models.DateField(blank=True, null=True, verbose_name="à rappeler le")),
                (
                    "action_avant",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("qualifier", "Appeler et qualifier la demande"),
                            ("proposer", "Proposer à un médecin"),
                            ("attendre_medecin", "Réponse d’un médecin attendue"),
                            ("attendre_patient", "Réponse du patient attendue"),
                            ("rappeler_patient", "Appeler le patient : il n’a pas répondu"),
                            ("premier_rdv", "Savoir si le premier rendez-vous est pris"),
                            ("declaration", "Savoir si le médecin est déclaré"),
                            ("bilan", "Demander des nouvelles, trois mois après"),
                            ("decider", "Décider : personne pas suivie, ou médecin pas déclaré"),
                        ],
                        max_length=20,
                    ),
                ),
                ("date_avant", models.DateField(blank=True, null=True)),
                ("annule_le", models.DateTimeField(blank=True, null=True, verbose_name="annulé le")),
            ],
            options={
                "verbose_name": "appel téléphonique",
            },
        ),
        migrations.CreateModel(
            name="DecisionPriorite",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=maillon.socle.identifiants.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("precision", models.BinaryField(default=b"", verbose_name="précision chiffrée")),
                (
                    "niveau",
                    models.CharField(
                        blank=True,
                        choices=[("haute", "haute"), ("moyenne", "moyenne"), ("normale", "normale")],
                        max_length=8,
                        verbose_name="niveau",
                    ),
                ),
                (
                    "motif",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("medecin", "Un soignant le demande"),
                            ("situation", "La situation a changé"),
                            ("sans_issue", "Plusieurs médecins ont déjà refusé"),
                            ("suivi_partiel", "Un autre médecin la suit en attendant"),
                            ("erreur", "Le calcul ne dit pas ce qu’il faudrait"),
                        ],
                        max_length=13,
                        verbose_name="motif",
                    ),
                ),
                ("jusque", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
                ("le", models.DateTimeField(default=maillon.socle.horloge.now, verbose_name="le")),
            ],
            options={
                "verbose_name": "niveau décidé",
            },
        ),
        migrations.CreateModel(
            name="Equipier",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=maillon.socle.identifiants.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("ipa", "infirmier en pratique avancée"),
                            ("infirmier", "infirmier"),
                            ("pharmacien", "pharmacien"),
                            ("sage_femme", "sage-femme"),
                            ("kine", "masseur-kinésithérapeute"),
                            ("medecin", "médecin qui dépanne"),
                            ("autre", "autre professionnel"),
                        ],
                        max_length=10,
                        verbose_name="rôle",
                    ),
                ),
                ("depuis", models.DateField(verbose_name="depuis")),
                ("jusque", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
            ],
            options={
                "verbose_name": "professionnel de l’équipe traitante",
                "verbose_name_plural": "professionnels de l’équipe traitante",
            },
        ),
        migrations.CreateModel(
            name="PoidsAdoptes",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=maillon.socle.identifiants.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("depuis", models.DateField(verbose_name="à partir du")),
                ("decision", models.CharField(max_length=120, verbose_name="décision")),
                ("points", models.JSONField(verbose_name="points par fait")),
                (
                    "jours_par_point",
                    models.PositiveSmallIntegerField(verbose_name="jours d’attente qui valent un point"),
                ),
                ("attente_maximum", models.PositiveSmallIntegerField(verbose_name="points d’attente au plus")),
                ("seuil_moyenne", models.PositiveSmallIntegerField(verbose_name="priorité moyenne à partir de")),
                ("seuil_haute", models.PositiveSmallIntegerField(verbose_name="priorité haute à partir de")),
                ("adopte_le", models.DateTimeField(default=maillon.socle.horloge.now, verbose_name="enregistré le")),
            ],
            options={
                "verbose_name": "points de priorité adoptés",
                "verbose_name_plural": "points de priorité adoptés",
            },
        ),
        migrations.CreateModel(
            name="TacheGuichet",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=maillon.socle.identifiants.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("precision", models.BinaryField(default=b"", verbose_name="précision chiffrée")),
                (
                    "quoi",
                    models.CharField(
                        choices=[
                            ("rappeler", "Rappeler la personne"),
                            ("contacter", "Contacter une structure ou un professionnel"),
                            ("piece", "Obtenir une précision ou une pièce"),
                            ("revoir_equipe", "Revoir l’équipe traitante"),
                            ("autre", "Autre chose"),
                        ],
                        max_length=14,
                        verbose_name="quoi",
                    ),
                ),
                ("echeance", models.DateField(verbose_name="pour le")),
                (
                    "etat",
                    models.CharField(
                        choices=[("a_faire", "à faire"), ("faite", "faite"), ("annulee", "annulée")],
                        default="a_faire",
                        max_length=7,
                        verbose_name="état",
                    ),
                ),
                ("cree_le", models.DateTimeField(default=maillon.socle.horloge.now, verbose_name="notée le")),
                ("finie_le", models.DateTimeField(blank=True, null=True, verbose_name="finie le")),
            ],
            options={
                "verbose_name": "tâche du guichet",
            },
        ),
        migrations.CreateModel(
            name="Tour",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=maillon.socle.identifiants.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("numero", models.PositiveSmallIntegerField(verbose_name="tour")),
                ("fini_le", models.DateTimeField(verbose_name="fini le")),
                ("rouvert_le", models.DateTimeField(default=maillon.socle.horloge.now, verbose_name="rouvert le")),
                (
                    "motif_cloture",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("abandon", "Le patient renonce"),
                            ("trouve_seul", "Le patient a trouvé un médecin lui-même"),
                            ("doublon", "Demande en double"),
                            ("hors_territoire", "Hors du territoire"),
                            ("injoignable", "Injoignable après plusieurs appels"),
                            ("deces", "Décès"),
                            ("erreur", "Demande enregistrée par erreur"),
                            ("opposition", "La personne s’oppose au traitement de ses données"),
                        ],
                        max_length=16,
                        verbose_name="motif de clôture",
                    ),
                ),
                (
                    "issue",
                    models.CharField(
                        blank=True,
                        choices=[("medecin_traitant", "médecin traitant"), ("medecin_suivi", "médecin de suivi")],
                        max_length=16,
                        verbose_name="issue",
                    ),
                ),
                ("premier_rdv_le", models.DateField(blank=True, null=True, verbose_name="premier rendez-vous le")),
                (
                    "declaration",
                    models.CharField(
                        blank=True,
                        choices=[("faite", "faite"), ("non_faite", "pas faite")],
                        max_length=9,
                        verbose_name="déclaration",
                    ),
                ),
                ("declaration_le", models.DateField(blank=True, null=True, verbose_name="médecin traitant déclaré le")),
                (
                    "bilan",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("suivi", "suivie par ce médecin"),
                            ("non_suivi", "n’est pas suivie par ce médecin"),
                            ("sans_nouvelles", "sans nouvelles"),
                        ],
                        max_length=14,
                        verbose_name="nouvelles à trois mois",
                    ),
                ),
            ],
            options={
                "verbose_name": "tour d’une demande",
                "verbose_name_plural": "tours d’une demande",
                "ordering": ["-numero"],
            },
        ),
        migrations.AddField(
            model_name="demande",
            name="bilan",
            field=models.CharField(
                blank=True,
                choices=[
                    ("suivi", "suivie par ce médecin"),
                    ("non_suivi", "n’est pas suivie par ce médecin"),
                    ("sans_nouvelles", "sans nouvelles"),
                ],
                db_default="",
                default="",
                max_length=14,
                verbose_name="nouvelles à trois mois",
            ),
        ),
        migrations.AddField(
            model_name="demande",
            name="bilan_le",
            field=models.DateTimeField(blank=True, null=True, verbose_name="nouvelles reçues le"),
        ),
        migrations.AddField(
            model_name="demande",
            name="declaration",
            field=models.CharField(
                blank=True,
                choices=[("faite", "faite"), ("non_faite", "pas faite")],
                db_default="",
                default="",
                max_length=9,
                verbose_name="déclaration",
            ),
        ),
        migrations.AddField(
            model_name="demande",
            name="declaration_le",
            field=models.DateField(blank=True, null=True, verbose_name="médecin traitant déclaré le"),
        ),
        migrations.AddField(
            model_name="demande",
            name="issue",
            field=models.CharField(
                blank=True,
                choices=[("medecin_traitant", "médecin traitant"), ("medecin_suivi", "médecin de suivi")],
                db_default="",
                default="",
                max_length=16,
                verbose_name="issue",
            ),
        ),
        migrations.AddField(
            model_name="demande",
            name="niveau_impose",
            field=models.CharField(blank=True, db_default="", default="", max_length=8, verbose_name="niveau décidé"),
        ),
        migrations.AddField(
            model_name="demande",
            name="niveau_impose_jusque",
            field=models.DateField(blank=True, null=True, verbose_name="niveau décidé jusqu’au"),
        ),
        migrations.AddField(
            model_name="demande",
            name="premier_rdv_le",
            field=models.DateField(blank=True, null=True, verbose_name="premier rendez-vous le"),
        ),
        migrations.AddField(
            model_name="demande",
            name="suite_demandee_le",
            field=models.DateTimeField(blank=True, null=True, verbose_name="interrogé sur la suite le"),
        ),
        migrations.AddField(
            model_name="demande",
            name="suite_relancee_le",
            field=models.DateTimeField(blank=True, null=True, verbose_name="relancé sur la suite le"),
        ),
        migrations.AddField(
            model_name="demande",
            name="suivi_fini_le",
            field=models.DateTimeField(blank=True, null=True, verbose_name="suivi fini le"),
        ),
        migrations.AlterField(
            model_name="demande",
            name="prochaine_action",
            field=models.CharField(
                blank=True,
                choices=[
                    ("qualifier", "Appeler et qualifier la demande"),
                    ("proposer", "Proposer à un médecin"),
                    ("attendre_medecin", "Réponse d’un médecin attendue"),
                    ("attendre_patient", "Réponse du patient attendue"),
                    ("rappeler_patient", "Appeler le patient : il n’a pas répondu"),
                    ("premier_rdv", "Savoir si le premier rendez-vous est pris"),
                    ("declaration", "Savoir si le médecin est déclaré"),
                    ("bilan", "Demander des nouvelles, trois mois après"),
                    ("decider", "Décider : personne pas suivie, ou médecin pas déclaré"),
                ],
                max_length=20,
                verbose_name="prochaine étape",
            ),
        ),
        migrations.AddIndex(
            model_name="demande",
            index=models.Index(
                condition=models.Q(("etat", "placee"), ("suivi_fini_le__isnull", True)),
                fields=["cpts", "prochaine_date"],
                name="mt_demande_suite",
            ),
        ),
        migrations.RunPython(finish_placements, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="demande",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("etat", "placee"), _negated=True),
                    ("suivi_fini_le__isnull", False),
                    models.Q(
                        ("responsable__isnull", False),
                        ("prochaine_date__isnull", False),
                        models.Q(("prochaine_action", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="mt_demande_placee_suivie",
                violation_error_message="Tant que la suite n’est pas connue, quelqu’un suit et une date est prévue.",
            ),
        ),
        migrations.AddConstraint(
            model_name="demande",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("etat", "placee"),
                    models.Q(
                        ("bilan", ""),
                        ("declaration", ""),
                        ("issue", ""),
                        ("premier_rdv_le__isnull", True),
                        ("suivi_fini_le__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="mt_demande_suite_si_placee",
            ),
        ),
        migrations.AddConstraint(
            model_name="demande",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("etat", "placee"), _negated=True), models.Q(("issue", ""), _negated=True), _connector="OR"
                ),
                name="mt_demande_placee_issue",
            ),
        ),
        migrations.AddConstraint(
            model_name="demande",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("issue", "medecin_suivi"), _negated=True),
                    models.Q(("declaration", ""), ("declaration_le__isnull", True)),
                    _connector="OR",
                ),
                name="mt_demande_suivi_sans_declaration",
                violation_error_message="Un médecin de suivi (AME) ne se déclare pas.",
            ),
        ),
        migrations.AddConstraint(
            model_name="demande",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("declaration", "faite"), ("declaration_le__isnull", False)),
                    models.Q(models.Q(("declaration", "faite"), _negated=True), ("declaration_le__isnull", True)),
                    _connector="OR",
                ),
                name="mt_demande_declaration_datee",
            ),
        ),
        migrations.AddConstraint(
            model_name="demande",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("bilan", ""), ("bilan_le__isnull", True)),
                    models.Q(models.Q(("bilan", ""), _negated=True), ("bilan_le__isnull", False)),
                    _connector="OR",
                ),
                name="mt_demande_bilan_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="demande",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("niveau_impose", ""), ("niveau_impose_jusque__isnull", True)),
                    models.Q(models.Q(("niveau_impose", ""), _negated=True), ("niveau_impose_jusque__isnull", False)),
                    _connector="OR",
                ),
                name="mt_demande_niveau_jusque",
            ),
        ),
        migrations.AddField(
            model_name="appeltelephonique",
            name="cpts",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cpts.cpts", verbose_name="communauté"
            ),
        ),
        migrations.AddField(
            model_name="appeltelephonique",
            name="demande",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="appels", to="medecin_traitant.demande"
            ),
        ),
        migrations.AddField(
            model_name="appeltelephonique",
            name="par",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="droits.membre"
            ),
        ),
        migrations.AddField(
            model_name="decisionpriorite",
            name="cpts",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cpts.cpts", verbose_name="communauté"
            ),
        ),
        migrations.AddField(
            model_name="decisionpriorite",
            name="demande",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="decisions_priorite",
                to="medecin_traitant.demande",
            ),
        ),
        migrations.AddField(
            model_name="decisionpriorite",
            name="par",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="droits.membre"
            ),
        ),
        migrations.AddField(
            model_name="equipier",
            name="cpts",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cpts.cpts", verbose_name="communauté"
            ),
        ),
        migrations.AddField(
            model_name="equipier",
            name="demande",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="equipe", to="medecin_traitant.demande"
            ),
        ),
        migrations.AddField(
            model_name="equipier",
            name="professionnel",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="annuaire.professionnel"
            ),
        ),
        migrations.AddField(
            model_name="poidsadoptes",
            name="cpts",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cpts.cpts", verbose_name="communauté"
            ),
        ),
        migrations.AddField(
            model_name="poidsadoptes",
            name="par",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="droits.membre"
            ),
        ),
        migrations.AddField(
            model_name="tacheguichet",
            name="cpts",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cpts.cpts", verbose_name="communauté"
            ),
        ),
        migrations.AddField(
            model_name="tacheguichet",
            name="demande",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="taches", to="medecin_traitant.demande"
            ),
        ),
        migrations.AddField(
            model_name="tacheguichet",
            name="responsable",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="droits.membre", verbose_name="par"
            ),
        ),
        migrations.AddField(
            model_name="appeltelephonique",
            name="tache",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="medecin_traitant.tacheguichet",
            ),
        ),
        migrations.AddField(
            model_name="tour",
            name="cpts",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cpts.cpts", verbose_name="communauté"
            ),
        ),
        migrations.AddField(
            model_name="tour",
            name="demande",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="tours", to="medecin_traitant.demande"
            ),
        ),
        migrations.AddField(
            model_name="tour",
            name="medecin",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="annuaire.professionnel",
            ),
        ),
        migrations.AddIndex(
            model_name="decisionpriorite",
            index=models.Index(fields=["cpts", "demande", "-le"], name="mt_decision_demande"),
        ),
        migrations.AddConstraint(
            model_name="decisionpriorite",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("jusque__isnull", True), ("motif", ""), ("niveau", "")),
                    models.Q(
                        models.Q(("niveau", ""), _negated=True),
                        models.Q(("motif", ""), _negated=True),
                        ("jusque__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="mt_decision_motivee",
            ),
        ),
        migrations.AddIndex(
            model_name="equipier",
            index=models.Index(fields=["cpts", "demande"], name="mt_equipier_demande"),
        ),
        migrations.AddConstraint(
            model_name="equipier",
            constraint=models.UniqueConstraint(
                condition=models.Q(("jusque__isnull", True)),
                fields=("demande", "professionnel"),
                name="mt_equipier_une_fois",
                violation_error_message="Ce professionnel est déjà dans l’équipe traitante.",
            ),
        ),
        migrations.AddConstraint(
            model_name="equipier",
            constraint=models.CheckConstraint(
                condition=models.Q(("jusque__isnull", True), ("jusque__gte", models.F("depuis")), _connector="OR"),
                name="mt_equipier_periode",
            ),
        ),
        migrations.AddIndex(
            model_name="poidsadoptes",
            index=models.Index(fields=["cpts", "-depuis", "-id"], name="mt_poids_recents"),
        ),
        migrations.AddConstraint(
            model_name="poidsadoptes",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("seuil_moyenne__gt", 0),
                    ("seuil_haute__gt", models.F("seuil_moyenne")),
                    ("jours_par_point__gte", 1),
                ),
                name="mt_poids_seuils",
            ),
        ),
        migrations.AddConstraint(
            model_name="poidsadoptes",
            constraint=models.CheckConstraint(
                condition=models.Q(("decision", ""), _negated=True), name="mt_poids_decision"
            ),
        ),
        migrations.AddIndex(
            model_name="tacheguichet",
            index=models.Index(
                condition=models.Q(("etat", "a_faire")),
                fields=["cpts", "responsable", "echeance"],
                name="mt_tache_a_faire",
            ),
        ),
        migrations.AddIndex(
            model_name="tacheguichet",
            index=models.Index(fields=["cpts", "demande"], name="mt_tache_demande"),
        ),
        migrations.AddConstraint(
            model_name="tacheguichet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("etat", "a_faire"), ("finie_le__isnull", True)),
                    models.Q(models.Q(("etat", "a_faire"), _negated=True), ("finie_le__isnull", False)),
                    _connector="OR",
                ),
                name="mt_tache_finie_datee",
            ),
        ),
        migrations.AddConstraint(
            model_name="tacheguichet",
            constraint=models.UniqueConstraint(
                condition=models.Q(("etat", "a_faire"), ("quoi", "revoir_equipe")),
                fields=("demande",),
                name="mt_tache_une_revue",
            ),
        ),
        migrations.AddIndex(
            model_name="appeltelephonique",
            index=models.Index(fields=["cpts", "demande", "-le"], name="mt_appel_demande"),
        ),
        migrations.AddConstraint(
            model_name="appeltelephonique",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("issue", "rappeler"), _negated=True), ("rappeler_le__isnull", False), _connector="OR"
                ),
                name="mt_appel_rappel_date",
            ),
        ),
        migrations.AddIndex(
            model_name="tour",
            index=models.Index(fields=["cpts", "demande", "numero"], name="mt_tour_demande"),
        ),
        migrations.AddConstraint(
            model_name="tour",
            constraint=models.UniqueConstraint(fields=("demande", "numero"), name="mt_tour_un_numero"),
        ),
    ]
