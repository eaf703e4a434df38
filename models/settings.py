"""Every setting: default, unit, who reads it. Set them as `LIEM_<NAME>` in the environment."""

import os
from functools import cache
from hashlib import sha256
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.errors import BadUsage
from models.rules.words import words

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """The settings of this installation; a wrong value stops the start with its name."""

    model_config = SettingsConfigDict(env_prefix="LIEM_", frozen=True)

    database_url: str = Field(
        default=f"sqlite:///{ROOT / 'var' / 'liem.db'}",
        description="Where the data is: sqlite:///path/liem.db or postgresql://user:password@host/name. "
        "Read by models.db.",
    )
    smtp_url: str = Field(
        default="",
        description="Mail server, smtp://user:password@host:port or smtps://…; empty: mails stay in the outbox and are "
        "shown. Read by jobs.deliver.",
    )
    mail_from: str = Field(default="liem@localhost", description="Sender of the mails. Read by jobs.deliver.")
    province: str = Field(default="Minh Châu", description="Name of the province, printed on pages and papers.")
    province_kind: str = Field(default="tỉnh", description="What comes before the name: tỉnh or thành phố.")
    place: str = Field(default="Minh Châu", description="Place named beside the date of papers. Read by exports.")
    committee_symbol: str = Field(
        default="BCĐ", description="Symbol of the committee in document numbers. Read by exports."
    )
    term: str = Field(default="2025-2030", description="The committee's term; sessions are numbered per term.")
    language: str = Field(
        default="vi", pattern="^(vi|en)$", description="Language of mails and of people who chose none: vi or en."
    )
    digest_hour: int = Field(
        default=7, ge=0, le=23, description="Hour of the province's day when the daily digest goes out."
    )
    calendar_hour: int = Field(
        default=6, ge=0, le=23, description="Hour of the province's day when the calendar is looked at."
    )
    scan_hour: int = Field(default=5, ge=0, le=22, description="Hour of the province's day when the morning scan runs.")
    scan_minute: int = Field(default=30, ge=0, le=59, description="Minute of the morning scan.")
    due_soon_days: int = Field(
        default=10,
        ge=1,
        le=90,
        description="Days before a limit that count as due soon where the law names no lead time.",
    )
    no_news_amber_days: int = Field(default=30, ge=1, description="S7: days without news, one Standing cycle.")
    no_news_red_days: int = Field(default=90, ge=1, description="S7: days without news, one session cycle.")
    suspended_review_days: int = Field(default=90, ge=1, description="S5: days of a suspension without a review.")
    procuracy_returns: int = Field(default=2, ge=1, description="S6: returns by the procuracy that are signalled.")
    panel_returns: int = Field(default=1, ge=1, description="S6: returns by the trial panel that are signalled.")
    detention_days: int = Field(
        default=10, ge=1, le=60, description="S10: days before the end of a detention that it is signalled."
    )
    coordination_reply_workdays: int = Field(
        default=10, ge=1, le=60, description="Working days for the reply to a coordination request that names no day."
    )
    coordination_urgent_workdays: int = Field(default=3, ge=1, le=60, description="The same for an urgent request.")
    max_upload_mb: int = Field(default=20, ge=1, le=200, description="Largest file the Import page takes, MB.")
    files_dir: str = Field(
        default="",
        description="Folder of attached documents; empty: `files` beside a SQLite database, else var/files. Back it up "
        "with the database. Read by models.store.",
    )
    max_attachment_mb: int = Field(default=20, ge=1, le=200, description="Largest document that is attached, MB.")
    session_idle_minutes: int = Field(default=15, ge=1, description="A browser silent this long is signed out.")
    session_hours: int = Field(default=8, ge=1, description="A sign-in ends after this many hours at the latest.")
    admin_idle_minutes: int = Field(
        default=5, ge=1, description="The same for administrators, whose browsers wait less long."
    )
    admin_password_days: int = Field(
        default=60, ge=1, le=365, description="Days after which an administrator has to choose another password."
    )
    address_failures: int = Field(
        default=5,
        ge=1,
        le=1000,
        description="Failed sign-ins after which an address has to wait, whoever it tried; more where an office "
        "shares one.",
    )
    second_factor: str = Field(
        default="administrators",
        pattern="^(administrators|everybody)$",
        description="Who signs in with a second factor only: administrators or everybody. Others may.",
    )
    dormant_days: int = Field(
        default=45, ge=1, description="Days without a sign-in after which an account is disabled."
    )
    account_review_months: int = Field(
        default=6, ge=1, le=24, description="Months after which accounts and rights have to be reviewed again."
    )
    accounts_hour: int = Field(
        default=8, ge=0, le=23, description="Hour of the province's day when unused accounts are looked for."
    )
    draft_days: int = Field(
        default=30, ge=1, le=365, description="Days that a form somebody began and never saved is kept for them."
    )
    secret_key: str = Field(
        default="",
        description="Key that seals the secrets of second factors, 44 signs; several, separated by commas: the first "
        "seals, all open. Empty: the key file. Keep it apart from the backups of the database. Read by models.sealing.",
    )
    secret_key_file: str = Field(
        default="",
        description="File with that key; empty: `liem.key` beside a SQLite database, else var/liem.key, made when it "
        "is first needed.",
    )
    oidc_issuer: str = Field(
        default="",
        description="Identity provider (OpenID Connect) beside the passwords, as it names itself, https://…; "
        "empty: none.",
    )
    oidc_client_id: str = Field(default="", description="Name of this program at the provider.")
    oidc_client_secret: str = Field(
        default="", description="Secret of this program at the provider; empty: a public client, or the file below."
    )
    oidc_client_secret_file: str = Field(default="", description="File with that secret.")
    oidc_claim: str = Field(
        default="preferred_username",
        description="Claim of the provider that is a sign-in name here; `email` counts only when verified.",
    )
    oidc_title: str = Field(default="", description="What the provider is called on the sign-in page.")
    sign_in_days: int = Field(
        default=365, ge=30, description="Days that an ended sign-in with its address is kept; then it is removed."
    )
    mail_days: int = Field(default=90, ge=7, description="Days that the text of a mail that was sent is kept.")
    audit_hour: int = Field(
        default=4, ge=0, le=23, description="Hour of the province's day when the audit chain is looked at."
    )
    audit_months: int = Field(
        default=12,
        ge=1,
        le=120,
        description="Months that rows of the audit chain stay in the database; older months are archived as files.",
    )
    audit_dir: str = Field(
        default="",
        description="Folder of archived pieces of the audit chain; empty: `audit` beside a SQLite database, else "
        "var/audit. Back it up with the database. Read by models.chain_files.",
    )
    secure_cookie: bool = Field(
        default=False, description="Set to true behind TLS: the cookie then never travels in clear."
    )
    tls_cert: str = Field(
        default="",
        description="Certificate file (PEM, with the chain) with which `liem serve` speaks TLS itself; empty: plain "
        "HTTP, for one machine or behind a proxy.",
    )
    tls_key: str = Field(
        default="", description="Private key of the certificate (PEM, not encrypted, readable by its owner only)."
    )
    trusted_proxies: str = Field(
        default="",
        description="Addresses or networks of the reverse proxies in front, separated by commas; only they are "
        "believed about a client's address and TLS. Empty: nobody.",
    )
    allowed_hosts: str = Field(
        default="",
        description="Host names the site answers to, separated by commas, * for any; empty: addresses in figures, this "
        "machine's own name and names without a dot.",
    )
    backup_dir: str = Field(
        default="",
        description="Folder of the nightly backups, on another disk or machine; empty: none are made and the overview "
        "warns.",
    )
    backup_keep: str = Field(
        default="7/4/12",
        description="Backups kept in that folder: the newest of so many days/weeks/months; the last proved one always.",
    )
    backup_passphrase_file: str = Field(
        default="",
        description="File whose first line is the passphrase that backups are sealed with, readable by the service "
        "only; empty: nightly backups are not sealed.",
    )
    backup_hour: int = Field(
        default=1,
        ge=0,
        le=22,
        description="Hour of the province's day of the backup; the drill is an hour later, on Sundays.",
    )
    drill_days: int = Field(
        default=8, ge=1, le=365, description="Days after the last proved restore from which the overview warns."
    )
    job_lease_seconds: int = Field(
        default=300, ge=5, description="A running job silent this long may be taken over by another process."
    )

    @property
    def behind_tls(self) -> bool:
        """Whether people reach this installation over TLS: by a proxy, or by our own certificate."""
        return self.secure_cookie or bool(self.tls_cert)

    @field_validator("trusted_proxies")
    @classmethod
    def _are_addresses(cls, given: str) -> str:
        for one in given.split(",") if given.strip() else ():
            try:
                ip_network(one.strip(), strict=False)
            except ValueError:
                raise ValueError(f"{one.strip()!r} is no address and no network") from None
        return given


@cache
def settings() -> Settings:
    """The settings, read once per process. Raises BadUsage that names each setting that cannot be used.

    What the environment does not say may stand in a file of its name that the supervisor hands over (systemd's
    LoadCredential, a vault's agent): `$CREDENTIALS_DIRECTORY/LIEM_SMTP_URL`.
    """
    handed = os.environ.get("CREDENTIALS_DIRECTORY", "")
    more: dict[str, Any] = {"_secrets_dir": handed} if handed and Path(handed).is_dir() else {}
    try:
        return Settings(**more)
    except ValidationError as error:
        wrong = "; ".join(f"LIEM_{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in error.errors())
        raise BadUsage(words("A setting cannot be used. {wrong}", wrong=wrong)) from None


def effective() -> dict[str, str]:
    """Every setting by its LIEM_ name with the hash of its value; of a secret only whether it is set."""
    values = settings().model_dump()
    return {f"LIEM_{name.upper()}": _shown(name, str(value)) for name, value in values.items()}


def _shown(name: str, value: str) -> str:
    if name.endswith("_url") or any(part in name for part in ("secret", "password", "token", "key")):
        return "set" if value else ""
    return sha256(value.encode()).hexdigest()[:16] if value else ""
