"""What identifies a citizen does not leave the house, and nothing else is hidden."""

from matrix.masking import LETTERS, pseudonym


def test_a_citizen_has_one_name_that_leads_nowhere() -> None:
    key = "u0123456789abcdef01234567"
    name = pseudonym(key)
    assert name == pseudonym(key) == "网民FZRSM4"
    assert name.startswith("网民")
    assert set(name[2:]) <= set(LETTERS)
    assert key[1:7].upper() not in name
    assert pseudonym("") == "匿名"


def test_many_citizens_have_many_names() -> None:
    assert len({pseudonym(f"u{number:024x}") for number in range(20_000)}) >= 19_995
