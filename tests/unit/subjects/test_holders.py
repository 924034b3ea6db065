"""No column with data about customers' customers is forgotten by every holder."""

import pytest

from connector.subjects.registry import HOLDERS, UNHELD
from migrations.metadata import metadata
from privacy.core.db.declarations import Personal, Retention, Subjects
from privacy.subjects.circumstances import about
from privacy.subjects.languages import words_of
from privacy.subjects.phrases import PHRASES
from privacy.subjects.words import Because

HELD = frozenset().union(*(one.tables for one in HOLDERS))


@pytest.mark.promise("A1")
@pytest.mark.promise("C1")
def test_every_column_about_customers_of_customers_has_a_holder_or_a_reason() -> None:
    forgotten = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(holds := column.info["holds"], Personal)
        and holds.subjects is Subjects.CUSTOMERS_OF_CUSTOMERS
        and table.name not in HELD
        and table.name not in UNHELD
    }
    assert forgotten == set()
    assert all(len(reason) > 10 for reason in UNHELD.values())
    assert not HELD & UNHELD.keys()


@pytest.mark.promise("A1")
def test_a_file_says_of_every_holder_whose_data_it_is_why_and_until_when() -> None:
    for one in HOLDERS:
        said = about(one)
        assert all(said.values()), one.name
        assert set(said["subjects"]) <= set(Subjects)


def test_names_are_words_and_unlike_each_other() -> None:
    names = [one.name for one in HOLDERS]
    assert len(set(names)) == len(names)
    assert all(name.isalpha() for name in names)
    for said in PHRASES.values():
        assert set(said) >= set(Because)
        assert set(said) == set(PHRASES["en"])
    assert set(words_of("en")["retention"]) == set(Retention)
