"""The API without a database behind it: for what is decided before one is needed."""

from typing import Any

from flask import Flask
from pydantic import SecretStr

from connector.http.api.register import register as register_api
from connector.http.intake.register import register as register_intake
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.ids import new_id
from privacy.core.settings import Settings
from tenants.http.callers import set_caller
from tenants.http.services import Services, install
from tenants.permissions import KEY_SCOPES
from tenants.principals import Principal, PrincipalKind

PUBLIC_URL = "https://silta.example.com"
SOMEBODY = Principal(
    PrincipalKind.API_KEY,
    INSTALLATION_ID,
    id=new_id(),
    scopes=frozenset(scope.value for scope in KEY_SCOPES),
)


def bare_app() -> Flask:
    """Both faces for programs, with a caller who may do everything and no services to do it."""
    app = Flask("bare")
    settings = Settings.model_construct(
        public_url=PUBLIC_URL, redis_url=SecretStr("redis://127.0.0.1:1/0")
    )
    nothing: Any = None
    install(app, Services(settings, nothing, nothing, b""))
    app.before_request(lambda: set_caller(SOMEBODY))
    register_api(app)
    register_intake(app)
    return app
