"""A small identity provider on this machine: it knows one person at a time, and lies when a test asks it to."""

import base64
import hashlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "liem", "a secret between two programs"


@dataclass
class Provider:
    """What it says of itself and of the person; `claims` are put over the true ones, `lie` bends the token."""

    issuer: str
    person: str = "uyvien"
    claims: dict[str, Any] = field(default_factory=dict)
    lie: str = ""
    asked: list[str] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)
    _key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, parameters={"kid": "1"}))
    _other: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, parameters={"kid": "1"}))

    def application(self) -> Starlette:
        """Its addresses."""
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.about),
                Route("/authorize", self.authorize),
                Route("/token", self.token, methods=["POST"]),
                Route("/keys", self.keys),
                Route("/end", self.end),
            ]
        )

    async def about(self, _request: Request) -> Response:
        self.asked.append("about")
        ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        issuer = "http://127.0.0.1:1" if self.lie == "description" else self.issuer
        if self.lie != "no end":
            ends["end_session_endpoint"] = "end?realm=x"
        return JSONResponse({"issuer": issuer, **{name: f"{self.issuer}/{path}" for name, path in ends.items()}})

    async def authorize(self, request: Request) -> Response:
        """With ?go=1 straight back, as for somebody who is known there already; else a page with a link."""
        query = dict(request.query_params)
        assert query["response_type"] == "code" and query["client_id"] == CLIENT and query["code_challenge"]
        assert query["code_challenge_method"] == "S256" and "openid" in query["scope"].split()
        code = f"code-{len(self._codes)}"
        self._codes[code] = query
        back = f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"
        return HTMLResponse(f'<p>{self.person}</p><a id="go" href="{back}">Continue</a>', headers={"X-Back": back})

    async def token(self, request: Request) -> Response:
        form = dict((await request.form()).items())
        basic = base64.b64encode(f"{CLIENT}:{SECRET.replace(' ', '+')}".encode()).decode()
        plain = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        asked = self._codes.pop(str(form.get("code")), None)  # a code is good once
        proof = base64.urlsafe_b64encode(hashlib.sha256(str(form.get("code_verifier")).encode()).digest()).decode()
        fits = asked and asked["code_challenge"] == proof.rstrip("=") and asked["redirect_uri"] == form["redirect_uri"]
        if self.lie == "moved":  # elsewhere somebody would answer
            self._codes[str(form.get("code"))] = asked or {}
            self.lie = ""
            return RedirectResponse("/token", 307)
        if not fits or request.headers.get("authorization") not in (f"Basic {basic}", f"Basic {plain}"):
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": self._token(asked or {})})

    async def end(self, request: Request) -> Response:
        """Its own sign-out: nobody is signed in there any more."""
        assert request.query_params["client_id"] == CLIENT and request.query_params["realm"] == "x"
        self.asked.append("end")
        return RedirectResponse(request.query_params["post_logout_redirect_uri"], 303)

    async def keys(self, _request: Request) -> Response:
        self.asked.append("keys")
        return JSONResponse({"keys": [self._key.as_dict(private=False)]})

    def _token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        true = {"iss": self.issuer, "aud": CLIENT, "sub": "7", "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        said = {**true, "preferred_username": self.person, **self.claims}
        if self.lie == "none":
            return ".".join((_part({"alg": "none"}), _part(said), ""))
        if self.lie == "hmac":  # signed with what everybody knows: the public key
            secret = json.dumps(self._key.as_dict(private=False)).encode()
            return str(jwt.encode({"alg": "HS256", "kid": "1"}, said, _octets(secret)))
        head: dict[str, Any] = {"alg": "RS256", "kid": "1"}
        if self.lie == "own key":  # the token brings the key that it is to be proved with, and says where it lies
            head |= {"jwk": self._other.as_dict(private=False), "jku": f"{self.issuer}/keys"}
        key = self._other if self.lie in ("signature", "own key") else self._key
        return str(jwt.encode(head, said, key))


def _octets(secret: bytes) -> Any:
    from joserfc.jwk import OctKey

    return OctKey.import_key(secret)


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@contextmanager
def providing() -> Iterator[Provider]:
    """The provider, listening on a free port of this machine."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        provider = Provider(f"http://127.0.0.1:{listener.getsockname()[1]}")
        config = uvicorn.Config(provider.application(), log_level="error", lifespan="off", ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield provider
        server.should_exit = True
        thread.join(10)
