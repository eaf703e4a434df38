"""What signing in needs besides the account: second factors, steps under way, failures, old passwords, reviews."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field

from models.base import Base


class SecondFactor(Base, table=True):
    """The authenticator app of an account (TOTP). Secrets are sealed with a key that is not in the database."""

    __tablename__ = "second_factor"

    account_id: int = Field(primary_key=True, foreign_key="account.id")
    secret: str = Field(default="", max_length=400)  # empty until the first code was confirmed
    confirmed_at: datetime | None = None
    last_step: int = Field(default=0, sa_type=BigInteger)  # the half minute of the last code taken: none is taken twice
    next_secret: str = Field(default="", max_length=400)  # shown, and not yet confirmed
    next_at: datetime | None = None


class RecoveryCode(Base, table=True):
    """A code of 120 random bits that stands in for the app once; kept as its SHA-256 only."""

    __tablename__ = "recovery_code"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    code_sha256: str = Field(max_length=64, unique=True)
    created_at: datetime
    used_at: datetime | None = None


class SignInStep(Base, table=True):
    """A sign-in under way: it opens nothing. `kind` is code (the password was right) or oidc (the browser is there)."""

    __tablename__ = "sign_in_step"

    id: int | None = Field(default=None, primary_key=True)
    token_sha256: str = Field(max_length=64, unique=True)
    kind: str = Field(max_length=10)
    account_id: int | None = Field(default=None, foreign_key="account.id")
    method: str | None = Field(default=None, max_length=10)
    sealed: str = Field(default="", max_length=1000)
    address: str = Field(default="", max_length=60)
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


class AddressFailure(Base, table=True):
    """How often signing in failed from one address lately, shared by all replicas."""

    __tablename__ = "address_failure"

    address: str = Field(primary_key=True, max_length=60)
    failures: int = 0
    last_at: datetime
    waits_until: datetime | None = None


class PasswordHistory(Base, table=True):
    """Hashes of passwords an account had, so that an administrator takes none of the last ten again."""

    __tablename__ = "password_history"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    password_hash: str = Field(max_length=200)
    set_at: datetime


class AccountReview(Base, table=True):
    """An administrator has looked at every account and its rights, and signs for it."""

    __tablename__ = "account_review"

    id: int | None = Field(default=None, primary_key=True)
    signed_at: datetime
    signed_by: int | None = Field(default=None, foreign_key="account.id")
    accounts: int
    list_sha256: str = Field(max_length=64)  # of the list as it was signed; the audit row holds the list
    note: str = Field(default="", max_length=500)
