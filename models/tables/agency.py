"""Agencies, and the people and accounts that act for them."""

from datetime import date, datetime

from sqlmodel import Field

from models.base import Base, stored_enum
from models.enums import AgencyKind, AgencyLevel, Role, Secrecy


class Agency(Base, table=True):
    """A body that proceeds, answers or enforces. Closed agencies stay, with the successor that carries on."""

    __tablename__ = "agency"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=40, unique=True)
    name_vi: str = Field(max_length=200)
    name_en: str = Field(max_length=200)
    name_fr: str = Field(default="", max_length=200)
    kind: AgencyKind = stored_enum(AgencyKind, "agency_kind")
    level: AgencyLevel = stored_enum(AgencyLevel, "agency_level")
    province: str = Field(default="", max_length=100)
    parent_id: int | None = Field(default=None, foreign_key="agency.id")
    valid_from: date | None = None
    valid_to: date | None = None
    successor_id: int | None = Field(default=None, foreign_key="agency.id")
    focal_point: str = Field(default="", max_length=200)  # an office or function, never a person's name
    source: str = Field(default="", max_length=300)


class Person(Base, table=True):
    """An official by function; obligations and mail go to a person, sign-in to the person's account."""

    __tablename__ = "person"

    id: int | None = Field(default=None, primary_key=True)
    display_name: str = Field(max_length=120)
    function: str = Field(default="", max_length=120)
    agency_id: int | None = Field(default=None, foreign_key="agency.id", index=True)
    email: str = Field(default="", max_length=200)
    language: str = Field(default="vi", max_length=5)
    valid_from: date | None = None
    valid_to: date | None = None


class Account(Base, table=True):
    """A named account of one person. The password is kept as an argon2id hash only."""

    __tablename__ = "account"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", unique=True)
    login: str = Field(max_length=60, unique=True)
    role: Role = stored_enum(Role, "account_role")
    clearance: Secrecy = stored_enum(Secrecy, "account_clearance", default=Secrecy.NONE)  # highest level to be read
    password_hash: str = Field(max_length=200)
    must_change: bool = False
    failures: int = 0
    locked_until: datetime | None = None
    last_sign_in_at: datetime | None = None
    created_at: datetime
    password_changed_at: datetime | None = None  # None: never since the account was made
    enabled_at: datetime | None = None  # when an administrator opened it again
    disabled_at: datetime | None = None
    disabled_because: str | None = Field(default=None, max_length=20)  # idle: by the review of accounts


class SignIn(Base, table=True):
    """A signed-in browser. The cookie's token is kept as its SHA-256 only; revoking the row ends it everywhere."""

    __tablename__ = "sign_in"

    id: int | None = Field(default=None, primary_key=True)
    token_sha256: str = Field(max_length=64, unique=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    address: str = Field(default="", max_length=60)
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    method: str | None = Field(default=None, max_length=10)  # oidc: no password of ours was typed
