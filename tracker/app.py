"""Putting the app together."""

from datetime import timedelta

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from tracker import cli
from tracker.assessment.pace import Pace
from tracker.config import ROOT, Config
from tracker.formats.code_spans import code_spans
from tracker.scoring import levels
from tracker.storage import (
    accommodations,
    address,
    calibration_progress,
    disk,
    documents,
    export_files,
    fingerprints,
    post,
    proofs,
    question_bank,
    retention,
    rewriting,
    seals,
    sql,
)
from tracker.storage import attempts as stored_attempts
from tracker.web import (
    accounts,
    admin_health,
    admin_mails,
    admin_people,
    agreements,
    api,
    assessments,
    assignments,
    attempts,
    audit,
    bank,
    cohort_people,
    cohort_settings,
    cohorts,
    compression,
    coverage,
    entry,
    errors,
    exports,
    group_figures,
    headers,
    health,
    home,
    identities,
    invitations,
    item_reports,
    limits,
    looks,
    mails,
    members,
    metrics,
    moments,
    notes,
    passwords,
    path_parts,
    people,
    personal_data,
    practice,
    provider,
    radar,
    request_log,
    second_factor,
    sessions,
    sign_ups,
    static_files,
    targets,
    tokens,
    verification,
)

BODY_LIMIT = 1024 * 1024
FORM_PARTS_LIMIT = 100
BLUEPRINTS = (
    health,
    metrics,
    home,
    accounts,
    entry,
    identities,
    second_factor,
    sessions,
    sign_ups,
    passwords,
    verification,
    tokens,
    personal_data,
    assessments,
    assignments,
    attempts,
    practice,
    radar,
    cohorts,
    cohort_people,
    cohort_settings,
    agreements,
    coverage,
    group_figures,
    exports,
    members,
    targets,
    notes,
    looks,
    invitations,
    mails,
    admin_mails,
    bank,
    item_reports,
    admin_people,
    audit,
    admin_health,
)


def create_app(config: Config) -> Flask:
    """The app with these settings. Raises: BankError when the question bank has faults."""
    app = Flask("tracker", template_folder=str(ROOT / "templates"), static_folder=None)
    app.config.update(
        SECRET_KEY=config.secret_key,
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        MAX_FORM_PARTS=FORM_PARTS_LIMIT,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        SESSION_COOKIE_NAME="__Host-skillmark" if config.is_https else "skillmark",
        SESSION_COOKIE_SECURE=config.is_https,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,
        METRICS_TOKEN=config.metrics_token,
        RETAKE_AFTER=timedelta(days=config.retake_days),
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "autoescape": True}

    app.extensions[question_bank.EXTENSION] = question_bank.open_bank(config.bank, instance=config.instance)
    sql.connect(app, config.database_url)
    documents.connect(app, config.mongodb_uri, is_named=config.is_store_named)
    stored_attempts.connect(app, Pace(config.changes_a_second) if config.changes_a_second else None)
    proofs.connect(app, config.instance)
    calibration_progress.connect(app, config.instance)
    disk.connect(app, config.instance)
    export_files.connect(app, config.instance)
    rewriting.connect(app, config.instance / "store")
    retention.connect(app, config.keep)
    address.connect(app, config.address)
    seals.connect(app, config.secret_key)
    fingerprints.connect(app, config.secret_key)
    post.connect(app, smtp=config.smtp, instance=config.instance, mail_from=config.mail_from)
    accommodations.connect(app, is_self_set=config.is_extra_time_self_set)
    request_log.init(app)
    path_parts.init(app)
    people.init(app)
    provider.init(app, config.provider)
    csrf = CSRFProtect(app)
    headers.init(app, config)
    compression.init(app)
    limits.init(app, config)
    errors.init(app)
    moments.init(app)
    app.add_template_filter(code_spans)
    app.jinja_env.globals["scale"] = levels
    app.jinja_env.globals["is_extra_time_own"] = config.is_extra_time_self_set
    for module in BLUEPRINTS:
        app.register_blueprint(module.bp)
    api.init(app, csrf)
    cli.init(app)
    static_files.init(app, config)
    if config.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=config.proxies, x_proto=config.proxies, x_host=config.proxies
        )
    return app
