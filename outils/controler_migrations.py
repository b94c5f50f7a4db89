"""Looks in our migrations for what would lock a table or break the version still running during an upgrade.

Run by ``./dev check``. The SQL of a migration depends on the server, so the tests' cluster is used.
"""

import contextlib
import io
import os
import sys

import django

from maillon.site import environnement


def main() -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "maillon.site.settings_tests"
    django.setup()
    from django.apps import apps
    from django_migration_linter import MigrationLinter

    environnement.join()
    try:
        linter = MigrationLinter(
            include_apps=[config.label for config in apps.get_app_configs() if config.name.startswith("maillon.")],
            # A table is created empty: an index made with it locks nothing.
            exclude_migration_tests=["CREATE_INDEX", "CREATE_INDEX_EXCLUSIVE"],
            database="proprietaire",
            no_cache=True,
            quiet=["ok", "ignore", "warning"],
        )
        with contextlib.redirect_stdout(io.StringIO()) as sortie:
            linter.lint_all_migrations()
            linter.print_summary()
        if linter.has_errors:
            print(sortie.getvalue())
    finally:
        environnement.leave()
    return int(linter.has_errors)


if __name__ == "__main__":
    sys.exit(main())
