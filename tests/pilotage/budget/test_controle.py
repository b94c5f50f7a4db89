"""The control of the refusal to edit what is paid: without the trigger, the same write passes."""

from decimal import Decimal

import psycopg
import pytest
from django.db import IntegrityError, transaction

from fabriques.budget import make_operation
from fabriques.droits import make_cpts
from maillon.pilotage.budget.models import Operation
from maillon.socle.contexte import use_cpts


def edit(cpts, operation) -> Decimal:
    with use_cpts(cpts.pk):
        Operation.objects.filter(pk=operation.pk).update(montant=Decimal(1))
        return Operation.objects.get(pk=operation.pk).montant


@pytest.mark.commits
def test_the_trigger_alone_keeps_a_paid_operation(clone_base):
    cpts = make_cpts()
    with use_cpts(cpts.pk):
        operation = make_operation(cpts, payee=True)
    with pytest.raises(IntegrityError, match="budget_operation_payee_intacte"), transaction.atomic():
        edit(cpts, operation)
    with psycopg.connect(clone_base.url_proprietaire, autocommit=True) as owner:
        owner.execute("DROP TRIGGER budget_operation_payee ON budget_operation")
    assert edit(cpts, operation) == Decimal(1)
