"""A part of a whole as whole per cent, rounded in one place so that screen, chart and file say the same."""


def whole_percent(part: int, whole: int) -> int:
    """Per cent rounded half up; 0 and 100 only where it is none and all, because 999 of 1000 are not everybody.

    Raises ValueError for a part outside its whole and for a whole of nothing.
    """
    if whole <= 0 or not 0 <= part <= whole:
        raise ValueError(f"{part} is no part of {whole}")
    rounded = (200 * part + whole) // (2 * whole)
    return rounded if part in (0, whole) else min(99, max(1, rounded))


def percent_words(part: int, whole: int) -> str:
    """81%(174/214)."""
    return f"{whole_percent(part, whole)}%({part}/{whole})"
