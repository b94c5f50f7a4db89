"""click speaks French: its messages go through gettext, and this is their catalogue.

click binds ``gettext`` in each of its modules; replacing that name there needs no compiled catalogue on disk and no
change of the process's locale.
"""

from __future__ import annotations

import click.core
import click.decorators
import click.exceptions
import click.formatting
import click.parser
import click.termui
import click.types

_CATALOGUE = {
    "Usage:": "Usage :",
    "Options": "Options",
    "Commands": "Commandes",
    "Positional arguments": "Arguments",
    "Show this message and exit.": "Affiche cette aide.",
    "Show the version and exit.": "Affiche la version.",
    "Error: {message}": "Erreur : {message}",
    "Try '{command} {option}' for help.": "Pour l’aide : {command} {option}",
    "Invalid value: {message}": "valeur refusée : {message}",
    "Invalid value for {param_hint}: {message}": "valeur refusée pour {param_hint} : {message}",
    "Missing argument": "il manque l’argument",
    "Missing option": "il manque l’option",
    "Missing parameter": "il manque le paramètre",
    "Missing {param_type}": "il manque {param_type}",
    "Missing parameter: {param_name}": "il manque le paramètre {param_name}",
    "Missing command.": "indiquez une commande.",
    "No such option {name!r}.": "l’option {name!r} n’existe pas.",
    "No such command {name!r}.": "la commande {name!r} n’existe pas.",
    "Did you mean {possibility}?": "Vouliez-vous dire {possibility} ?",
    "(Did you mean one of: {possibilities}?)": "Vouliez-vous dire l’une de celles-ci : {possibilities} ?",
    "unknown error": "erreur inconnue",
    "Could not open file {filename!r}: {message}": "le fichier {filename!r} ne peut être ouvert : {message}",
    "Choose from:\n\t{choices}": "Au choix :\n\t{choices}",
    "{value!r} is not {choice}.": "{value!r} n’est pas {choice}.",
    "{value!r} is not one of {choices}.": "{value!r} ne fait pas partie de {choices}.",
    "{value!r} does not match the format {format}.": "{value!r} n’est pas de la forme {format}.",
    "{value!r} does not match the formats {formats}.": "{value!r} n’est d’aucune de ces formes : {formats}.",
    "{value!r} is not a valid {number_type}.": "{value!r} n’est pas un nombre valide.",
    "{value} is not in the range {range}.": "{value} est hors de l’intervalle {range}.",
    "{value!r} is not a valid boolean. Recognized values: {states}": "{value!r} n’est ni oui ni non ({states}).",
    "{value!r} is not a valid UUID.": "{value!r} n’est pas un UUID.",
    "file": "fichier",
    "directory": "répertoire",
    "path": "chemin",
    "{name} {filename!r} does not exist.": "{name} {filename!r} introuvable.",
    "{name} {filename!r} is a file.": "{filename!r} est un fichier.",
    "{name} {filename!r} is a directory.": "{filename!r} est un répertoire.",
    "{name} {filename!r} is not readable.": "{name} {filename!r} illisible.",
    "{name} {filename!r} is not writable.": "{name} {filename!r} protégé en écriture.",
    "{name} {filename!r} is not executable.": "{name} {filename!r} non exécutable.",
    "Takes {nargs} values but 1 was given.": "il faut {nargs} valeurs, une seule est donnée.",
    "Takes {nargs} values but {len} were given.": "il faut {nargs} valeurs, {len} sont données.",
    "Got unexpected extra argument ({args})": "argument en trop : {args}",
    "Got unexpected extra arguments ({args})": "arguments en trop : {args}",
    "Option {name!r} requires an argument.": "l’option {name!r} attend une valeur.",
    "Option {name!r} requires {nargs} arguments.": "l’option {name!r} attend {nargs} valeurs.",
    "Option {name!r} does not take a value.": "l’option {name!r} n’attend pas de valeur.",
    "Argument {name!r} takes {nargs} values.": "l’argument {name!r} attend {nargs} valeurs.",
    "Value must be an iterable.": "il faut une liste de valeurs.",
    "env var: {var}": "variable : {var}",
    "default: {default}": "défaut : {default}",
    "required": "obligatoire",
    "(dynamic)": "(calculé)",
    "deprecated": "déconseillé",
    "Aborted!": "Interrompu.",
    "Do you want to continue?": "Continuer ?",
    "Confirm the action without prompting.": "Ne demande pas de confirmation.",
    "Repeat for confirmation": "Une seconde fois, pour vérifier",
    "Error: The two entered values do not match.": "Les deux saisies diffèrent.",
    "Error: invalid input": "Saisie refusée.",
    "%(prog)s, version %(version)s": "%(prog)s, version %(version)s",
}


def translate(message: str) -> str:
    """The French wording of one of click's messages; the message itself when it is not in the catalogue."""
    return _CATALOGUE.get(message, message)


def _translate_plural(singular: str, plural: str, n: int) -> str:
    return translate(singular if n < 2 else plural)


def install() -> None:
    """Make click speak French in this process."""
    modules = (
        click.core, click.decorators, click.exceptions, click.formatting, click.parser, click.termui, click.types,
    )  # fmt: skip
    for module in modules:
        if hasattr(module, "_"):
            setattr(module, "_", translate)  # noqa: B010 - a plain assignment would not pass the type checker
        if hasattr(module, "ngettext"):
            setattr(module, "ngettext", _translate_plural)  # noqa: B010
