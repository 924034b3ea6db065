"""Who answers an error: programs get problem+json, people a page."""

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from connector.http.api.problems import render as render_problem
from connector.http.console.problems import render as render_page
from privacy.core.errors import SiltaError
from tenants.http.guard import is_machine


def install_errors(app: Flask) -> None:
    """One renderer for each face; also for what fails before a view is reached."""

    def answer(error: Exception) -> Response:
        for_programs = is_machine(request.path) or request.path.startswith("/forms/")
        return render_problem(error) if for_programs else render_page(error)

    for kind in (SiltaError, HTTPException, Exception):
        app.register_error_handler(kind, answer)
