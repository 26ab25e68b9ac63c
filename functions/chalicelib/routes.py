"""Every route there is: its address, its handler, and who may call it."""

from __future__ import annotations

from chalice import Blueprint

from chalicelib.contract import Route
from schemas.language import Role

EVERYBODY = frozenset(Role)
INSPECTORS = EVERYBODY - {Role.ADMINISTRATOR}
"""Who has anything to inspect, and so may read what was found."""
ADMINISTRATORS = EVERYBODY - INSPECTORS
"""Who sets the unit up."""
OFFICERS = frozenset({Role.OFFICER})
DIRECTORS = frozenset({Role.DIRECTOR})
PRINCIPALS = frozenset({Role.PRINCIPAL})
"""Who answers for the whole unit."""
LEADERS = DIRECTORS | PRINCIPALS
"""Who reports, and answers for what officers do."""
ANYONE: frozenset[Role] = frozenset()
"""Nobody needs to be logged in."""

ROUTES = (
    Route("POST", "/v1/login", "login.login", ANYONE, counted=True),
    Route("POST", "/v1/session/refresh", "login.refresh", EVERYBODY),
    Route("POST", "/v1/session/membership", "login.switch", EVERYBODY),
    Route("GET", "/v1/session", "login.session", EVERYBODY),

    Route("GET", "/v1/todos", "todos.todos", EVERYBODY),
    Route("GET", "/v1/progress/{duty}", "progress.progress", LEADERS),
    Route("GET", "/v1/tasks/{duty}/{due}/{target}", "tasks.task", INSPECTORS),
    Route("POST", "/v1/inspections", "inspections.submit", INSPECTORS, status=201),

    Route("GET", "/v1/hazards", "hazards.hazards", INSPECTORS),
    Route("GET", "/v1/hazards/{hazard}", "hazards.hazard", INSPECTORS),
    Route("POST", "/v1/hazards/{hazard}/order", "hazards.order", LEADERS),
    Route("POST", "/v1/hazards/{hazard}/extension", "hazards.ask_extension", OFFICERS),
    Route("POST", "/v1/hazards/{hazard}/grade", "hazards.regrade", INSPECTORS),
    Route("POST", "/v1/hazards/{hazard}/rectification", "hazards.rectify", INSPECTORS),

    Route("GET", "/v1/targets", "records.targets", INSPECTORS),
    Route("GET", "/v1/targets/{target}/records", "records.records", INSPECTORS),
    Route("GET", "/v1/targets/{target}/records/{record}", "records.record", INSPECTORS),

    Route("GET", "/v1/reports/{kind}", "reports.reports", LEADERS),
    Route("GET", "/v1/reports/{kind}/{report}", "reports.report", LEADERS),
    Route("GET", "/v1/weekly_reports/{due}/{kind}", "reports.weekly_draft", LEADERS),
    Route("POST", "/v1/weekly_reports", "reports.file_weekly_reports", LEADERS, status=201),
    Route("GET", "/v1/monthly_reports/{due}", "reports.monthly_draft", LEADERS),
    Route("POST", "/v1/monthly_reports", "reports.file_monthly_reports", PRINCIPALS, status=201),
    Route("GET", "/v1/minutes", "reports.minutes_of_month", LEADERS),
    Route("POST", "/v1/minutes", "reports.submit_minutes", DIRECTORS, status=201),
    Route("GET", "/v1/minutes/{minutes}", "reports.minutes", LEADERS),
    Route("POST", "/v1/minutes/{minutes}/return", "reports.return_minutes", PRINCIPALS),
    Route("POST", "/v1/minutes/{minutes}/signature", "reports.sign_minutes", PRINCIPALS, status=201),

    Route("GET", "/v1/statistics", "statistics.statistics", PRINCIPALS),
    Route("GET", "/v1/statistics/outcomes", "statistics.outcomes", PRINCIPALS),
    Route("GET", "/v1/statistics/found", "statistics.found_hazards", PRINCIPALS),
    Route("GET", "/v1/statistics/rectified", "statistics.rectified_hazards", PRINCIPALS),
    Route("GET", "/v1/statistics/open", "statistics.open_hazards", PRINCIPALS),

    Route("GET", "/v1/expiries", "clocks.expiries", EVERYBODY),
    Route("GET", "/v1/custom-lists", "custom.custom_lists", ADMINISTRATORS),
    Route("GET", "/v1/custom-lists/{duty}/{kind}", "custom.custom_list", ADMINISTRATORS),
    Route("POST", "/v1/custom-lists/{duty}/{kind}", "custom.revise_custom_list", ADMINISTRATORS, status=201),
    Route("GET", "/v1/gaps", "gaps.gaps", ADMINISTRATORS),
    Route("GET", "/v1/gaps/{gap}/{unit_kind}", "gaps.gap", ADMINISTRATORS),

    Route("POST", "/v1/uploads", "uploads.request_upload", EVERYBODY, status=201, counted=True),
    Route("GET", "/v1/uploads/{file}", "uploads.upload_status", EVERYBODY),
    Route("GET", "/v1/files/{file}", "uploads.file_link", EVERYBODY),
)  # fmt: skip

blueprint = Blueprint(__name__)
for route in ROUTES:
    route.declare(blueprint)
