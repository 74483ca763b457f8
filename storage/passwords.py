"""Passwords are kept as Argon2id hashes; one-time passwords are drawn from letters that cannot be mistaken."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher()
LETTERS = "abcdefghjkmnpqrstuvwxyz"
CAPITALS = "ABCDEFGHJKMNPQRSTUVWXYZ"
DIGITS = "23456789"


def hash_password(password: str) -> str:
    return HASHER.hash(password)


@cache
def _nobody() -> str:
    return HASHER.hash(secrets.token_hex(16))


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether the password fits; without a hash the same work is done, so that an unknown name takes as long as a known one."""
    try:
        return HASHER.verify(password_hash or _nobody(), password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def draw_password() -> str:
    """A one-time password of four groups, some 75 bits, with a capital, a small letter, a digit and a sign."""
    everything = LETTERS + CAPITALS + DIGITS
    groups = ["".join(secrets.choice(everything) for _ in range(3)) for _ in range(3)]
    last = secrets.choice(LETTERS) + secrets.choice(CAPITALS) + secrets.choice(DIGITS)
    return "-".join([*groups, last])
