"""Settings: every one documented, every fault reported at once, secrets never made up."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tracker import config
from tracker.assessment.pace import Pace
from tracker.assessment.time_ledger import GRACE
from tracker.config import KNOWN, POSSIBLE_CHANGES_A_SECOND, ROOT, Config, Keep, Provider, SmtpServer
from tracker.errors import ConfigError

SECRET = "0123456789abcdef" * 2
STORE = "mongodb://127.0.0.1:27017/skillmark"


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    """An instance folder as the launcher leaves it while it runs."""
    (tmp_path / "secret_key").write_text(f"{SECRET}\n")
    (tmp_path / "mongodb.uri").write_text(f"{STORE}\n")
    return tmp_path


def faults_of(**environment: str) -> list[str]:
    """What is wrong with these settings; the instance folder is an empty one unless they name another."""
    with pytest.raises(ConfigError) as refusal:
        Config.from_environment(environment)
    return list(refusal.value.faults)


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_every_setting_is_documented_where_it_is_read_and_in_the_readme(name: str) -> None:
    documented = re.compile(rf"^\| `?{name}`? \| \S.* \| \S.* \|$", re.MULTILINE)

    assert documented.search(config.__doc__ or "")
    assert documented.search((ROOT / "README.md").read_text())


def test_no_setting_is_documented_that_does_not_exist() -> None:
    for text in (config.__doc__ or "", (ROOT / "README.md").read_text(), (ROOT / "compose.yaml").read_text()):
        assert set(re.findall(r"TRACKER_[A-Z_]+", text)) <= KNOWN


def test_settings_from_the_environment_are_taken_as_they_are(tmp_path: Path) -> None:
    settings = Config.from_environment(
        {
            "TRACKER_INSTANCE": str(tmp_path),
            "TRACKER_SECRET_KEY": SECRET,
            "TRACKER_DATABASE_URL": "postgresql+psycopg://db/skillmark",
            "TRACKER_MONGODB_URI": STORE,
            "TRACKER_HTTPS": "1",
            "TRACKER_PROXIES": "2",
            "TRACKER_RETAKE_DAYS": "7",
            "TRACKER_CHANGES_A_SECOND": "9",
            "TRACKER_ADDRESS": "https://skills.example.org",
            "TRACKER_SMTP_URL": "smtp://mail.example.org",
            "TRACKER_MAIL_FROM": "skills@example.org",
            "TRACKER_OIDC_ISSUER": "https://accounts.example.org/staff/",
            "TRACKER_OIDC_CLIENT_ID": "skillmark",
            "TRACKER_OIDC_CLIENT_SECRET": SECRET,
            "TRACKER_OIDC_NAME": "Example Ltd",
            "TRACKER_KEEP_MAILS_DAYS": "7",
            "TRACKER_KEEP_LOOKS_DAYS": "400",
            "TRACKER_KEEP_AUDIT_DETAILS_DAYS": "3650",
            "TRACKER_LOG": "json",
            "TRACKER_METRICS_TOKEN": SECRET,
        }
    )

    assert settings == Config(
        secret_key=SECRET,
        database_url="postgresql+psycopg://db/skillmark",
        mongodb_uri=STORE,
        is_store_named=True,
        instance=tmp_path,
        is_https=True,
        proxies=2,
        retake_days=7,
        changes_a_second=9,
        address="https://skills.example.org",
        smtp=SmtpServer(host="mail.example.org", port=25),
        mail_from="skills@example.org",
        provider=Provider("https://accounts.example.org/staff/", "skillmark", SECRET, "Example Ltd"),
        keep=Keep(mails_days=7, looks_days=400, audit_details_days=3650),
        is_log_json=True,
        metrics_token=SECRET,
    )


def test_what_the_launcher_made_fills_the_gaps(instance: Path) -> None:
    settings = Config.from_environment({"TRACKER_INSTANCE": str(instance)})

    assert (settings.secret_key, settings.mongodb_uri) == (SECRET, STORE)
    assert settings.database_url == f"sqlite:///{instance / 'skillmark.sqlite3'}"
    assert (settings.is_https, settings.proxies, settings.bank) == (False, 0, ROOT / "question_bank")


def test_the_environment_wins_over_what_the_launcher_made(instance: Path) -> None:
    settings = Config.from_environment({"TRACKER_INSTANCE": str(instance), "TRACKER_SECRET_KEY": SECRET[::-1]})

    assert settings.secret_key == SECRET[::-1]


def test_variables_of_other_programs_are_none_of_our_business(instance: Path) -> None:
    Config.from_environment({"TRACKER_INSTANCE": str(instance), "PATH": "/bin", "FLASK_DEBUG": "1", "TRACKERS": "x"})


def test_secrets_have_no_default(tmp_path: Path) -> None:
    assert faults_of(TRACKER_INSTANCE=str(tmp_path)) == [
        "TRACKER_SECRET_KEY: set at least 32 characters, or run `make run` once",
        "TRACKER_MONGODB_URI: set it, or start the embedded server: `make run`, or for one command"
        " `python -m tracker.launch exec -- .venv/bin/flask …`",
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_secret_that_is_too_short_is_refused_and_not_repeated(instance: Path) -> None:
    (fault,) = faults_of(TRACKER_INSTANCE=str(instance), TRACKER_SECRET_KEY=SECRET[:31])

    assert fault.startswith("TRACKER_SECRET_KEY: ")
    assert SECRET[:31] not in fault


def test_all_faults_are_reported_at_once(tmp_path: Path) -> None:
    faults = faults_of(
        TRACKER_INSTANCE=str(tmp_path),
        TRACKER_MONGO_URI=STORE,
        TRACKER_DEBUG="1",
        TRACKER_SECRET_KEY="short",
        TRACKER_HTTPS="yes",
        TRACKER_PROXIES="-1",
    )

    assert [fault.split(":")[0] for fault in faults] == [
        "TRACKER_DEBUG",
        "TRACKER_MONGO_URI",
        "TRACKER_SECRET_KEY",
        "TRACKER_MONGODB_URI",
        "TRACKER_HTTPS",
        "TRACKER_PROXIES",
    ]


@pytest.mark.parametrize("value", ["2", "true", "on", " 1"])
def test_https_is_1_or_0_and_nothing_else(instance: Path, value: str) -> None:
    assert faults_of(TRACKER_INSTANCE=str(instance), TRACKER_HTTPS=value) == ["TRACKER_HTTPS: must be 0 or 1"]


@pytest.mark.parametrize("value", ["-1", "1.5", "one"])
def test_the_number_of_proxies_is_a_whole_number(instance: Path, value: str) -> None:
    assert faults_of(TRACKER_INSTANCE=str(instance), TRACKER_PROXIES=value) == [
        "TRACKER_PROXIES: must be a whole number"
    ]


@pytest.mark.parametrize("value", ["-1", "0.5", "a day", "366"])
def test_the_days_until_a_retake_are_a_whole_number_of_a_year_at_most(instance: Path, value: str) -> None:
    assert faults_of(TRACKER_INSTANCE=str(instance), TRACKER_RETAKE_DAYS=value) == [
        "TRACKER_RETAKE_DAYS: must be a whole number, 365 at most"
    ]


@pytest.mark.parametrize("value", ["-1", "5.5", "many", "4", "1001"])
def test_the_changes_a_second_are_a_whole_number_within_reason(instance: Path, value: str) -> None:
    assert faults_of(TRACKER_INSTANCE=str(instance), TRACKER_CHANGES_A_SECOND=value) == [
        "TRACKER_CHANGES_A_SECOND: must be a whole number from 5 to 1000, or 0"
    ]


def test_whoever_changes_too_much_waits_less_long_than_an_answer_may_be_late() -> None:
    assert max(Pace(number).window for number in POSSIBLE_CHANGES_A_SECOND if number) < GRACE


def test_by_default_a_retake_waits_a_day(instance: Path) -> None:
    assert Config.from_environment({"TRACKER_INSTANCE": str(instance)}).retake_days == 1
    assert Config.from_environment({"TRACKER_INSTANCE": str(instance), "TRACKER_RETAKE_DAYS": "0"}).retake_days == 0


def test_by_default_people_reach_it_on_this_machine_and_no_mail_leaves_it(instance: Path) -> None:
    settings = Config.from_environment({"TRACKER_INSTANCE": str(instance)})

    assert (settings.address, settings.smtp, settings.mail_from) == (
        "http://127.0.0.1:8000",
        None,
        "skillmark@localhost",
    )


@pytest.mark.parametrize("value", ["JSON", "yes", "verbose"])
def test_it_logs_as_text_or_json_and_nothing_else(instance: Path, value: str) -> None:
    assert faults_of(TRACKER_INSTANCE=str(instance), TRACKER_LOG=value) == ["TRACKER_LOG: must be text or json"]


@pytest.mark.parametrize("value", [SECRET[:31], "ä" * 32])
def test_a_token_for_metrics_is_long_and_plain_and_not_repeated(instance: Path, value: str) -> None:
    assert faults_of(TRACKER_INSTANCE=str(instance), TRACKER_METRICS_TOKEN=value) == [
        "TRACKER_METRICS_TOKEN: must be at least 32 plain characters"
    ]


@pytest.mark.parametrize("setting", [{"TRACKER_HTTPS": "1"}, {"TRACKER_PROXIES": "1"}])
def test_where_people_come_another_way_their_address_must_be_set(instance: Path, setting: dict[str, str]) -> None:
    assert faults_of(TRACKER_INSTANCE=str(instance), **setting) == [
        "TRACKER_ADDRESS: set it with TRACKER_HTTPS or TRACKER_PROXIES: links in mails begin with it"
    ]
    Config.from_environment({"TRACKER_INSTANCE": str(instance), "TRACKER_ADDRESS": "https://a.example", **setting})


@pytest.mark.parametrize("value", ["https://skills.example.org", "http://10.0.0.7:8080/", "http://[::1]:8000"])
def test_an_address_is_kept_without_a_slash_at_its_end(instance: Path, value: str) -> None:
    settings = Config.from_environment({"TRACKER_INSTANCE": str(instance), "TRACKER_ADDRESS": value})

    assert settings.address == value.rstrip("/")


@pytest.mark.parametrize(
    "value",
    [
        "skills.example.org",
        "ftp://skills.example.org",
        "https://",
        "https://lena@skills.example.org",
        "https://skills.example.org/quiz",
        "https://skills.example.org?x=1",
        "https://skills.example.org:port",
        "https://skills .example.org",
        "https://skills.example.org\nBcc: x",
        "https://[::1",
    ],
)
def test_an_address_is_a_scheme_and_a_host_and_nothing_else(instance: Path, value: str) -> None:
    assert faults_of(TRACKER_INSTANCE=str(instance), TRACKER_ADDRESS=value) == [
        "TRACKER_ADDRESS: must be http:// or https:// and a host, as in https://skills.example.org"
    ]


@pytest.mark.parametrize(
    ("value", "server"),
    [
        ("smtp://mail.example.org", SmtpServer(host="mail.example.org", port=25)),
        ("smtp://mail.example.org:587/", SmtpServer(host="mail.example.org", port=587)),
        ("smtps://mail.example.org", SmtpServer(host="mail.example.org", port=465, is_tls=True)),
        (
            "smtps://skill%40mark:p%3Aass%2Fword@mail.example.org:4650",
            SmtpServer(host="mail.example.org", port=4650, is_tls=True, user="skill@mark", password="p:ass/word"),
        ),
    ],
)
def test_a_mail_server_is_read_whole(instance: Path, value: str, server: SmtpServer) -> None:
    settings = Config.from_environment({"TRACKER_INSTANCE": str(instance), "TRACKER_SMTP_URL": value})

    assert settings.smtp == server


@pytest.mark.parametrize("value", ["mail.example.org", "http://mail.example.org", "smtp://", "smtp://u:secret@h/x"])
def test_a_mail_server_that_is_none_is_refused_and_not_repeated(instance: Path, value: str) -> None:
    assert faults_of(TRACKER_INSTANCE=str(instance), TRACKER_SMTP_URL=value) == [
        "TRACKER_SMTP_URL: must be as smtp://host, or smtps://user:password@host:465"
    ]


def test_a_mail_servers_password_is_not_shown_with_the_settings(instance: Path) -> None:
    url = "smtps://skillmark:very-secret@mail.example.org"

    assert "very-secret" not in repr(
        Config.from_environment({"TRACKER_INSTANCE": str(instance), "TRACKER_SMTP_URL": url})
    )


@pytest.mark.parametrize(
    "value", ["skills", "Skills <skills@example.org>", "a@example.org, b@example.org", "a@b\nBcc: c@d"]
)
def test_mails_are_from_one_plain_address(instance: Path, value: str) -> None:
    assert faults_of(TRACKER_INSTANCE=str(instance), TRACKER_MAIL_FROM=value) == [
        "TRACKER_MAIL_FROM: must be a plain address, as in skillmark@example.org"
    ]


@pytest.mark.parametrize("value", ["0", "-1", "3651", "a month", "1.5"])
def test_what_is_kept_for_a_while_is_kept_for_whole_days(instance: Path, value: str) -> None:
    assert faults_of(TRACKER_INSTANCE=str(instance), TRACKER_KEEP_LOOKS_DAYS=value) == [
        "TRACKER_KEEP_LOOKS_DAYS: must be a whole number from 1 to 3650"
    ]


def test_an_empty_setting_is_no_setting(instance: Path) -> None:
    empty = {
        "TRACKER_HTTPS": "",
        "TRACKER_PROXIES": "",
        "TRACKER_DATABASE_URL": "",
        "TRACKER_SMTP_URL": "",
        "TRACKER_ADDRESS": "",
    }

    settings = Config.from_environment({"TRACKER_INSTANCE": str(instance), **empty})

    assert settings == Config.from_environment({"TRACKER_INSTANCE": str(instance)})


def test_a_mongodb_uri_must_name_a_database(instance: Path) -> None:
    (fault,) = faults_of(TRACKER_INSTANCE=str(instance), TRACKER_MONGODB_URI="mongodb://127.0.0.1:27017/?w=1")

    assert fault.startswith("TRACKER_MONGODB_URI: name a database")


def test_faulty_settings_stop_the_start_with_one_line_each_and_no_trace(tmp_path: Path) -> None:
    environment = {"TRACKER_INSTANCE": str(tmp_path), "TRACKER_NONSENSE": "1", "TRACKER_SECRET_KEY": SECRET}

    start = subprocess.run(
        [sys.executable, "-c", "import wsgi"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )

    assert start.returncode == 1
    assert start.stdout == ""
    assert start.stderr.splitlines() == [
        "The settings have faults:",
        "TRACKER_NONSENSE: there is no such setting",
        "TRACKER_MONGODB_URI: set it, or start the embedded server: `make run`, or for one command"
        " `python -m tracker.launch exec -- .venv/bin/flask …`",
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_provider_needs_no_secret_and_no_name(instance: Path) -> None:
    settings = Config.from_environment(
        {
            "TRACKER_INSTANCE": str(instance),
            "TRACKER_OIDC_ISSUER": "http://127.0.0.1:9400",
            "TRACKER_OIDC_CLIENT_ID": "skillmark",
        }
    )

    assert settings.provider == Provider("http://127.0.0.1:9400", "skillmark", "", "your organisation")


def test_a_providers_secret_is_in_no_log(instance: Path) -> None:
    assert "very-secret" not in repr(Provider("https://accounts.example.org", "skillmark", "very-secret"))


@pytest.mark.parametrize("name", ["ISSUER", "CLIENT_ID", "CLIENT_SECRET", "NAME"])
def test_a_provider_is_named_wholly_or_not_at_all(instance: Path, name: str) -> None:
    value = "https://accounts.example.org"

    assert faults_of(**{"TRACKER_INSTANCE": str(instance), f"TRACKER_OIDC_{name}": value}) == [
        "TRACKER_OIDC_ISSUER and TRACKER_OIDC_CLIENT_ID: set both, or nothing of TRACKER_OIDC"
    ]


@pytest.mark.parametrize(
    "issuer",
    [
        "http://accounts.example.org",
        "accounts.example.org",
        "https://accounts.example.org/?tenant=1",
        "https://accounts.example.org/#here",
        "https://somebody@accounts.example.org",
        "file:///etc/passwd",
        "https://accounts.example.org/" + "x" * 200,
    ],
)
def test_nobody_can_listen_between_us_and_a_provider(instance: Path, issuer: str) -> None:
    settings = {"TRACKER_OIDC_ISSUER": issuer, "TRACKER_OIDC_CLIENT_ID": "skillmark"}

    assert faults_of(TRACKER_INSTANCE=str(instance), **settings) == [
        "TRACKER_OIDC_ISSUER: must be as https://accounts.example.org; http:// is for providers on this machine"
    ]
