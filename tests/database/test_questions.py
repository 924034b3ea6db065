"""Questions asked ahead are answered as if each were asked alone, and once."""

from typing import Any, NamedTuple

from privacy.core.db.questions import Question
from privacy.core.db.work import SYSTEM, unit_of_work
from tests.tenancies import House


class Number(NamedTuple):
    """A number and a word."""

    number: int
    word: str | None


class Seen(NamedTuple):
    """The tenant as the transaction sees it."""

    tenant: str


FOUND = Question(Number, "SELECT %s::int4, NULL::text", (7,))
NOTHING = Question(Number, "SELECT 1, 'x' WHERE %s", (False,))
BOUND = Question(Seen, "SELECT current_setting('app.tenant_id')")


def test_together_and_alone_the_answers_are_the_same(house: House) -> None:
    engine, tenant_id = house.installation.engines.app, house.alice.id
    questions: tuple[Question[Any], ...] = (FOUND, NOTHING, BOUND)
    with unit_of_work(engine, tenant_id=tenant_id, actor=SYSTEM, foreseen=questions) as work:
        assert set(work.foreseen) == set(questions)
        together = [work.ask(question) for question in questions]
        assert not work.foreseen
        assert together == [Number(7, None), None, Seen(str(tenant_id))]
        assert [work.ask(question) for question in questions] == together
