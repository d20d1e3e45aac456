"""A true OpenID provider in a process of its own: Authlib's server decides, none of our code does.

`python -m tests.openid_provider PORT` serves one client. A person signs in by typing an e-mail; `sub` is made of it.
Over `/faults` a test says what the provider is to get wrong, by `/rotation` it signs with another key from now on.
"""

import hmac
import logging
import os
import secrets
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from json import dumps
from typing import Any
from urllib.parse import urlencode

import httpx
from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector, current_token
from authlib.oauth2.rfc6749 import ClientMixin, TokenMixin
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import AuthorizationCodeMixin, OpenIDCode
from flask import Flask, jsonify, redirect, request
from joserfc import jws, jwt
from joserfc.jwk import OctKey, RSAKey
from msgspec import Struct
from typing_extensions import override
from werkzeug.serving import make_server

from tests.services import free_port, port_answers

CLIENT, SECRET = "avis-de-test", "un secret que personne ne devine"
FORM = """<!doctype html><html lang=fr><title>Identification</title><h1>Qui êtes-vous ?</h1>
<form method=post><label>Adresse professionnelle <input name=email></label><button>Continuer</button></form>"""


class Client(ClientMixin):
    @override
    def get_client_id(self) -> str:
        return CLIENT

    @override
    def get_allowed_scope(self, scope: str) -> str:
        return " ".join(word for word in scope.split() if word in {"openid", "email"})

    @override
    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return str(redirect_uri).endswith("/admin/connexion/fournisseur/retour")

    @override
    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    @override
    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return bool(method == FAULTS.get("auth", "client_secret_post"))

    @override
    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    @override
    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class Code(AuthorizationCodeMixin):
    def __init__(self, asked: Any, email: str) -> None:
        self.redirect_uri, self.scope = asked.payload.redirect_uri, asked.payload.scope
        self.nonce = asked.payload.data.get("nonce")
        self.code_challenge = asked.payload.data["code_challenge"]
        self.code_challenge_method = asked.payload.data["code_challenge_method"]
        self.email = email

    @override
    def get_redirect_uri(self) -> str:
        return str(self.redirect_uri)

    @override
    def get_scope(self) -> str:
        return str(self.scope)

    @override
    def get_nonce(self) -> str:
        return str(self.nonce)

    @override
    def get_auth_time(self) -> int:
        return int(time.time())

    @override
    def get_acr(self) -> str:
        return str(FAULTS.get("acr", "eidas1"))

    @override
    def get_amr(self) -> list[str]:
        return list(FAULTS.get("amr", ["pwd"]))


class Token(TokenMixin):
    def __init__(self, scope: str, email: str) -> None:
        self.scope, self.email = scope, email

    @override
    def get_scope(self) -> str:
        return self.scope

    @override
    def is_expired(self) -> bool:
        return False

    @override
    def is_revoked(self) -> bool:
        return False


FAULTS: dict[str, Any] = {}
CODES: dict[str, Code] = {}
TOKENS: dict[str, Token] = {}
KEYS: list[RSAKey] = []
ASKED: list[dict[str, str]] = []
"""What was said at the end of a session."""


def rotate() -> None:
    """Another key from now on; the one before is not shown any more."""
    KEYS[:] = [RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig"}, private=True)]


class CodeGrant(AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_post", "client_secret_basic")

    @override
    def save_authorization_code(self, code: str, request: Any) -> None:
        CODES[code] = Code(request, request.user)

    @override
    def query_authorization_code(self, code: str, client: Any) -> Code | None:
        return CODES.get(code)

    @override
    def delete_authorization_code(self, authorization_code: Any) -> None:
        for name in [name for name, one in CODES.items() if one is authorization_code]:
            del CODES[name]

    @override
    def authenticate_user(self, authorization_code: Any) -> str:
        return str(authorization_code.email)


class IdToken(OpenIDCode):
    def __init__(self, issuer: str) -> None:
        super().__init__(require_nonce=True)
        self.issuer = issuer

    @override
    def exists_nonce(self, nonce: str, request: Any) -> bool:
        return any(code.nonce == nonce for code in CODES.values())

    @override
    def resolve_client_private_key(self, client: Any) -> RSAKey:
        return KEYS[-1]

    @override
    def get_encode_header(self, client: Any) -> dict[str, Any]:
        return {"alg": "RS256", "kid": KEYS[-1].kid}

    @override
    def get_client_algorithm(self, client: Any) -> str:
        return "RS256"

    @override
    def get_client_claims(self, client: Any) -> dict[str, Any]:
        return {"iss": self.issuer, "aud": [CLIENT], "exp": int(time.time()) + 60}

    @override
    def generate_user_info(self, user: str, scope: str) -> dict[str, Any]:
        return {"sub": sub_of(user)}

    @override
    def encode_id_token(self, token: Any, request: Any) -> str:
        made: str = super().encode_id_token(token, request)
        return forged(made) if "id_token" in FAULTS else made


def sub_of(email: str) -> str:
    return str(FAULTS.get("sub", sha256(email.casefold().encode()).hexdigest()))


def forged(token: str) -> str:
    """The token with other claims, or signed in another way."""
    claims = jwt.decode(token, KEYS[-1]).claims | FAULTS["id_token"]
    how = FAULTS.get("signed", "RS256")
    if how == "none":
        return jws.serialize_compact({"alg": "none"}, dumps(claims), OctKey.generate_key(), ["none"])
    if how == "HS256":
        # What is public may not be a secret key: the old confusion of algorithms.
        parts = [{"alg": "HS256", "kid": KEYS[-1].kid}, claims]
        said = b".".join(urlsafe_b64encode(dumps(part).encode()).rstrip(b"=") for part in parts)
        seal = hmac.digest(KEYS[-1].as_pem(private=False), said, "sha256")
        return (said + b"." + urlsafe_b64encode(seal).rstrip(b"=")).decode()
    kid = "kid-of-nobody" if how == "a kid of nobody" else KEYS[-1].kid
    key = KEYS[-1] if how == "RS256" else RSAKey.generate_key(2048, private=True)
    return jwt.encode({"alg": "RS256", "kid": kid}, claims, key)


class Bearer(BearerTokenValidator):
    @override
    def authenticate_token(self, token_string: str) -> Token | None:
        return TOKENS.get(token_string)


def create(issuer: str) -> Flask:
    app = Flask(__name__)

    def save(token: dict[str, Any], asked: Any) -> None:
        TOKENS[token["access_token"]] = Token(token["scope"], asked.user)

    server = AuthorizationServer(app, query_client=lambda name: Client() if name == CLIENT else None, save_token=save)
    server.register_grant(CodeGrant, [IdToken(issuer), CodeChallenge(required=True)])
    protect = ResourceProtector()
    protect.register_token_validator(Bearer())
    rotate()

    @app.get("/.well-known/openid-configuration")
    def discovery() -> Any:
        said = {
            "issuer": FAULTS.get("issuer", issuer),
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "jwks_uri": f"{issuer}/jwks",
            "end_session_endpoint": f"{issuer}/session/end",
            "token_endpoint_auth_methods_supported": [FAULTS.get("auth", "client_secret_post")],
            "claims_parameter_supported": True,
        }
        return jsonify(said)

    @app.get("/jwks")
    def jwks() -> Any:
        return jsonify({"keys": [key.as_dict(private=False) for key in KEYS]})

    @app.route("/authorize", methods=["GET", "POST"])
    def authorize() -> Any:
        if request.method == "GET":
            server.get_consent_grant(end_user=None)
            return FORM
        email = request.form["email"]
        return server.create_authorization_response(grant_user=email, grant=server.get_consent_grant(end_user=email))

    @app.post("/token")
    def token() -> Any:
        return server.create_token_response()

    @app.get("/userinfo")
    @protect("openid")
    def userinfo() -> Any:
        person = {"sub": sub_of(current_token.email), "email": current_token.email, "email_verified": True}
        person |= FAULTS.get("userinfo", {})
        person = {name: value for name, value in person.items() if value is not None}
        if FAULTS.get("plain"):
            return jsonify(person)
        signed = jwt.encode({"alg": "RS256", "kid": KEYS[-1].kid}, {"iss": issuer, "aud": CLIENT, **person}, KEYS[-1])
        return signed, {"Content-Type": "application/jwt"}

    @app.get("/session/end")
    def end_session() -> Any:
        ASKED.append(dict(request.args))
        jwt.decode(request.args["id_token_hint"], KEYS[-1])
        back = request.args["post_logout_redirect_uri"]
        return redirect(f"{back}?{urlencode({'state': request.args['state']})}", 303)

    _steering(app)
    return app


def _steering(app: Flask) -> None:
    """What no provider has: how a test makes it fail, and looks at it."""

    @app.post("/faults")
    def faults() -> str:
        FAULTS.clear()
        FAULTS.update(request.get_json())
        return ""

    @app.post("/rotation")
    def rotation() -> str:
        rotate()
        return ""

    @app.get("/asked")
    def asked() -> Any:
        return jsonify(ASKED)


class RunningProvider(Struct):
    """The process, seen from a test."""

    url: str
    process: "subprocess.Popen[bytes]"

    def is_to(self, **faults: Any) -> None:
        httpx.post(f"{self.url}/faults", json=faults)

    def rotate(self) -> None:
        httpx.post(f"{self.url}/rotation")

    def ended(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = httpx.get(f"{self.url}/asked").json()
        return found

    def environment(self) -> dict[str, str]:
        return {
            "AVIS_OIDC_ISSUER": self.url,
            "AVIS_OIDC_CLIENT_ID": CLIENT,
            "AVIS_OIDC_CLIENT_SECRET": SECRET,
        }


@contextmanager
def openid_provider() -> Iterator[RunningProvider]:
    port = free_port()
    command = [sys.executable, "-m", "tests.openid_provider", str(port)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=None) as process:
        try:
            port_answers(port)
            yield RunningProvider(f"http://127.0.0.1:{port}", process)
        finally:
            process.terminate()


if __name__ == "__main__":
    # Only the loopback speaks unencrypted here.
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    number = int(sys.argv[1])
    make_server("127.0.0.1", number, create(f"http://127.0.0.1:{number}"), threaded=True).serve_forever()
