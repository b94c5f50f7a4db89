from django.db import migrations

# The table that Django's database cache expects (its `createcachetable` writes the same).
CREATION = """
CREATE TABLE comptes_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX comptes_cache_expires ON comptes_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("comptes", "0001_initial")]

    operations = [migrations.RunSQL(CREATION, "DROP TABLE comptes_cache")]
