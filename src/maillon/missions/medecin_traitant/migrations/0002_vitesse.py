"""Commune and year of birth on the request, kept equal to its patient's by triggers; the totals of past days, forgotten by a trigger."""

from pathlib import Path

import django.db.models.deletion
import maillon.socle.identifiants
from django.db import migrations, models

# Without the history of a change that no person made.
REMPLIR = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE medecin_traitant_demande DISABLE TRIGGER USER;
UPDATE medecin_traitant_demande d SET commune_id = p.commune_id, annee_naissance = p.annee_naissance
FROM patients_patient p WHERE p.id = d.patient_id;
ALTER TABLE medecin_traitant_demande ENABLE TRIGGER USER;
"""
RETOUR = """
DROP TRIGGER medecin_traitant_jours ON medecin_traitant_demande;
DROP TRIGGER medecin_traitant_patient_depot ON medecin_traitant_demande;
DROP TRIGGER medecin_traitant_patient_tenu ON medecin_traitant_demande;
DROP TRIGGER medecin_traitant_patient_change ON patients_patient;
DROP FUNCTION medecin_traitant_oublier_jours();
DROP FUNCTION medecin_traitant_lire_patient();
DROP FUNCTION medecin_traitant_suivre_patient();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('annuaire', '0002_index_apres_les_lignes'),
        ('cpts', '0001_initial'),
        ('droits', '0001_initial'),
        ('medecin_traitant', '0001_initial'),
        ('patients', '0002_lecture_tracee'),
        ('territoire', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='JourGuichet',
            fields=[
                ('id', models.UUIDField(default=maillon.socle.identifiants.new_id, editable=False, primary_key=True, serialize=False)),
                ('genre', models.CharField(choices=[('arrivees', 'arrivées'), ('devenir', 'devenir des arrivées'), ('placees', 'médecins trouvés'), ('closes', 'closes')], max_length=8, verbose_name='genre')),
                ('jour', models.DateField(verbose_name='jour')),
                ('chiffres', models.JSONField(default=dict, verbose_name='chiffres')),
                ('delais', models.BinaryField(default=b'', verbose_name='délais')),
            ],
            options={
                'verbose_name': 'totaux d’un jour du guichet',
                'verbose_name_plural': 'totaux des jours du guichet',
            },
        ),
        migrations.AddField(
            model_name='jourguichet',
            name='cpts',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cpts.cpts', verbose_name='communauté'),
        ),
        migrations.AddConstraint(
            model_name='jourguichet',
            constraint=models.UniqueConstraint(fields=('cpts', 'genre', 'jour'), name='mt_jour_une_fois'),
        ),
        migrations.RemoveIndex(
            model_name='demande',
            name='mt_demande_file',
        ),
        migrations.RemoveIndex(
            model_name='demande',
            name='mt_demande_arrivees',
        ),
        migrations.AddField(
            model_name='demande',
            name='annee_naissance',
            field=models.PositiveSmallIntegerField(editable=False, null=True, verbose_name='année de naissance'),
        ),
        migrations.AddField(
            model_name='demande',
            name='commune',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territoire.commune', verbose_name='commune'),
        ),
        migrations.RunSQL(REMPLIR, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='demande',
            name='commune',
            field=models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territoire.commune', verbose_name='commune'),
        ),
        migrations.RunSQL((Path(__file__).parent / "triggers_vitesse.sql").read_text(encoding="utf-8"), RETOUR),
        migrations.AddIndex(
            model_name='demande',
            index=models.Index(condition=models.Q(('etat__in', ('deposee', 'qualifiee', 'proposee', 'acceptee'))), fields=['cpts', '-priorite_score', 'deposee_le', 'id'], include=('etat', 'accord', 'priorite_niveau', 'prochaine_date', 'prochaine_action', 'reference', 'responsable', 'patient', 'medecin', 'ald', 'ne_peut_se_deplacer', 'commune', 'annee_naissance'), name='mt_demande_file'),
        ),
        migrations.AddIndex(
            model_name='demande',
            index=models.Index(condition=models.Q(('etat__in', ('placee', 'close'))), fields=['cpts', 'commune', '-deposee_le', '-id'], include=('etat', 'priorite_niveau', 'responsable'), name='mt_demande_terminees_lieu'),
        ),
        migrations.AddIndex(
            model_name='demande',
            index=models.Index(fields=['cpts', 'deposee_le'], include=('origine', 'placee_le', 'close_le', 'accord', 'etat', 'commune'), name='mt_demande_arrivees'),
        ),
    ]
