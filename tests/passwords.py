"""How tests hash the passwords of officers and senders that they make: the same scheme, at the least work it allows. What a
real program hashes, and that an unknown name costs the same work, is tested on the real parameters (`tests/access`).
"""

from __future__ import annotations

from argon2 import PasswordHasher
from django.contrib.auth.hashers import Argon2PasswordHasher

OF_SENDERS = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


class QuickArgon2(Argon2PasswordHasher):
    time_cost = 1
    memory_cost = 64  # KiB
    parallelism = 1
