"""Words of choices by language: one is kept, forms and notices say it as the reader speaks."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from connector.free_fields.checks import check_values
from connector.free_fields.declare import Declaration, declare_field, list_fields
from connector.free_fields.kinds import About, FieldType
from connector.free_fields.rename import rename_field
from connector.http.forms.shown import own_field
from connector.inquiries.forms.own import OwnField
from connector.notices.fields import with_own_fields
from privacy.core.db.declarations import LegalBasis, Purpose
from privacy.core.errors import Invalid
from privacy.notices.languages import speech
from privacy.profiles import profile
from tests.tenancies import House

SIZE = Declaration(
    About.CONTACT,
    "size",
    "Size",
    FieldType.CHOICE,
    Purpose.DELIVERY,
    LegalBasis.CONTRACT,
    choices=("small", "very  large"),
    labels={"fi": "Koko"},
    words={"fi": {"small": " pieni ", "very large": "iso"}, "de": {"small": "klein"}, "sv": {}},
)


def test_one_is_kept_and_shown_as_the_reader_speaks(house: House) -> None:
    with house.alice.work() as work:
        field_id = declare_field(work, declaration=SIZE)
        [field] = list_fields(work)
        shown = {one: [said for _, said in field.offered(one)] for one in ("en", "fi", "de", "sv")}
        assert check_values([field], {"size": "very  large"}) == {"size": "very large"}
        with pytest.raises(Invalid):
            check_values([field], {"size": "iso"})
        rename_field(work, field_id=field_id, label="Size", labels={})
        assert field.offered("fi")[1] == ("very large", "iso"), "names alone change no words"
        rename_field(work, field_id=field_id, label="Size", labels={}, words={})
        assert field.offered("fi")[1] == ("very large", "very large")
    assert shown["fi"] == ["pieni", "iso"]
    assert shown["de"] == ["klein", "very large"]
    assert shown["en"] == shown["sv"] == ["small", "very large"]


def test_web_forms_send_what_is_kept() -> None:
    words = ("pieni", "iso")
    own = OwnField("size", "Koko", "choice", ("small", "large"), words, required=True)
    assert own_field(own, {}).choices == (("small", "pieni"), ("large", "iso"))


@pytest.mark.promise("A13")
def test_notices_say_what_can_be_chosen(house: House) -> None:
    rules = profile("N")
    many = tuple(f"{number} {'x' * 70}" for number in range(50))
    with house.alice.work() as work:
        declare_field(work, declaration=SIZE)
        declare_field(work, declaration=replace(SIZE, key="long", choices=many, words={}))
        [extended] = with_own_fields(work, [rules])
    size, long = (kind.fields[0] for kind in extended.data[-2:])
    said = {one: speech(one).field(size) for one in ("en", "fi", "de", "sv")}
    assert said["en"] == said["sv"] == "Size (small, very large)"
    assert said["fi"] == "Koko (pieni, iso)"
    assert said["de"] == "Size (klein, very large)"
    assert long.meaning.startswith("Size (0 x")
    assert long.meaning.endswith(" …)")


LOOK_ALIKE = {"fi": {"small": "iso", "very large": "iso"}}
STANDS_IN = {"fi": {"small": "very large"}}


@pytest.mark.attack(43)
@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"words": LOOK_ALIKE}, "words_fi"),
        ({"words": STANDS_IN}, "words_fi"),
        ({"words": {"fi": {"huge": "valtava"}}}, "words_fi"),
        ({"words": {"fi": {"small": "x" * 81}}}, "words_fi"),
        ({"words": {"fi": {"small": "pie\u202eni"}}}, "words_fi"),
        ({"words": {"fr": {"small": "petit"}}}, "words"),
        ({"choices": ("small", " small")}, "choices"),
        ({"choices": ("small", " ")}, "choices"),
        ({"choices": ("small", "la\x00rge"), "words": {}}, "choices"),
        ({"label": "Si\x00ze"}, "label"),
        ({"label": "Size\u2066"}, "label"),
        ({"labels": {"fi": "Ko\x1bko"}}, "label_fi"),
    ],
)
def test_words_that_cannot_be(house: House, change: Mapping[str, object], named: str) -> None:
    with house.alice.work() as work, pytest.raises(Invalid) as refusal:
        declare_field(work, declaration=replace(SIZE, **change))  # type: ignore[arg-type]
    assert named in refusal.value.details["fields"]  # type: ignore[operator]


@pytest.mark.parametrize("value", ["a\x00b", "abc\u202ecba", "\x1b[2J"])
def test_what_cannot_be_seen_is_not_entered(value: str) -> None:
    note = OwnField("note", "Note", "text", (), (), required=False)
    with pytest.raises(Invalid) as refusal:
        check_values([note], {"note": value})
    assert value not in str(refusal.value.details)
