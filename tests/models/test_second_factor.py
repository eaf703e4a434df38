"""Seeds of apps and recovery codes are random, long, and never the same twice."""

import re

from models.second_factor import hash_of_recovery_code, looks_like_recovery_code, new_recovery_codes, new_secret


def test_seeds_and_recovery_codes_are_long_and_come_from_the_system(monkeypatch):
    asked: list[int] = []

    def given(size: int) -> bytes:
        asked.append(size)
        return bytes(size)

    seeds = {new_secret() for _ in range(100)}
    assert len(seeds) == 100 and all(re.fullmatch("[A-Z2-7]{32}", seed) for seed in seeds)  # 160 bits
    monkeypatch.setattr("models.second_factor.secrets.token_bytes", given)
    assert set(new_recovery_codes()) == {"AAAA-AAAA-AAAA-AAAA-AAAA-AAAA"} and asked == [15] * 10  # 120 bits each
    monkeypatch.undo()
    codes = {code for _ in range(20) for code in new_recovery_codes()}
    assert len(codes) == 200 and all(looks_like_recovery_code(code) for code in codes)
    assert len({hash_of_recovery_code(code) for code in codes}) == 200
