"""What people send: one WTForms class a form."""

from zoneinfo import available_timezones

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import (
    AnyOf,
    DataRequired,
    Email,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
    StopValidation,
    ValidationError,
)

from tracker.assessment.attempt import MOST_EVENTS, REVIEW, SIGNALS
from tracker.assessment.health_state import HealthState
from tracker.assessment.item_review import KEPT, UNDER_REVIEW
from tracker.assessment.item_types import REGISTRY
from tracker.assessment.key_state import KeyState
from tracker.assessment.quality.coverage import LEVELS
from tracker.config import MAIL_ADDRESS
from tracker.services.accommodations import PERCENTS
from tracker.services.accounts import normal_address
from tracker.services.bank_catalogue import LIVE, RETIRED
from tracker.services.credits import LEAST_MINUTES, MOST_MINUTES
from tracker.services.passwords import LONGEST, SHORTEST
from tracker.services.tokens import LIVES, USUAL_LIFE, Scope

ZONES = sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")
LONGEST_EMAIL = 254
LONGEST_NAME = 80
LONGEST_CODE = 40
LONGEST_FORM = 200
LONGEST_AWAY = 24 * 3600
MOST_PRACTISED = 1000
LAST_SECOND = 2**40
ANY = SelectChoice("", "Any")
KEY_STATES = {
    KeyState.PROVED: "Proved here",
    KeyState.FAILED: "Failed here",
    KeyState.CITED: "Cited",
    KeyState.UNPROVED: "Not proved here",
}

HEALTH_STATES = {
    HealthState.UNDER_REVIEW: "Under review",
    HealthState.FINDINGS: "Findings",
    HealthState.SOUND: "No findings",
    HealthState.UNMEASURED: "No statistics yet",
}
SCOPE_WORDS = {
    Scope.PROFILE_READ: "See your profile, scores and next steps",
    Scope.ATTEMPTS_READ: "See your attempts and results",
    Scope.ATTEMPTS_WRITE: "Start attempts, answer and finish them",
    Scope.COHORTS_READ: "See the cohorts that you lead, and export them",
}
NEW_PASSWORD = [
    DataRequired("Choose a password."),
    Length(SHORTEST, LONGEST, f"Use {SHORTEST} to {LONGEST} characters."),
]
LONGEST_REASON = 300
SHORTEST_REPORT = 10
LONGEST_REPORT = 1000
REPORT_KINDS = {
    "key": "The key seems wrong",
    "unclear": "It is unclear",
    "typo": "There is a typing error",
    "other": "Something else",
}


def _one_line(_form: FlaskForm, field: StringField) -> None:
    if field.data and not field.data.isprintable():
        raise ValidationError("Use plain characters on one line.")


def _mailable(_form: FlaskForm, field: StringField) -> None:
    if not MAIL_ADDRESS.fullmatch(normal_address(field.data or "")):
        raise ValidationError("We cannot write to this address: use one with plain letters before the @.")


def _plain_lines(_form: FlaskForm, field: TextAreaField) -> None:
    if not all(line.isprintable() for line in (field.data or "").replace("\t", " ").split("\n")):
        raise ValidationError("Use plain characters.")


def _unless_absent(_form: FlaskForm, field: IntegerField) -> None:
    if not field.raw_data:
        raise StopValidation


def _stripped(text: str | None) -> str | None:
    return text.strip() if text else text


def _with_plain_line_ends(text: str | None) -> str | None:
    return text.replace("\r\n", "\n") if text else text


class SignInInput(FlaskForm):
    """Address and password."""

    email = StringField("Email address", [DataRequired("Type your email address."), Length(max=LONGEST_EMAIL)])
    password = PasswordField("Password", [DataRequired("Type your password."), Length(max=LONGEST)])


class AddressInput(FlaskForm):
    """The address that somebody wants an account for, or a new password."""

    email = StringField(
        "Email address",
        [
            DataRequired("Type your email address."),
            Length(max=LONGEST_EMAIL),
            Email("This is not an email address."),
            _mailable,
        ],
        filters=[_stripped],
    )


class NewcomerInput(FlaskForm):
    """What a new account needs beside its address. The browser fills in the zone when it can."""

    name = StringField(
        "Name",
        [DataRequired("Type the name that others should see."), Length(max=LONGEST_NAME), _one_line],
        filters=[_stripped],
    )
    password = PasswordField("Password", NEW_PASSWORD)
    zone = HiddenField(default="UTC")


class SignUpInput(AddressInput, NewcomerInput):
    """A new account, where it begins at once."""


class NewPasswordInput(FlaskForm):
    """A new password, without the one before."""

    password = PasswordField("New password", NEW_PASSWORD)


class ProfileInput(FlaskForm):
    """Name and time zone."""

    name = StringField("Name", [DataRequired("Type a name."), Length(max=LONGEST_NAME), _one_line], filters=[_stripped])
    zone = SelectField("Time zone", choices=ZONES)


class PasswordInput(FlaskForm):
    """The current password and a new one."""

    current = PasswordField("Current password", [DataRequired("Type your current password."), Length(max=LONGEST)])
    password = PasswordField("New password", NEW_PASSWORD)


class AgainInput(FlaskForm):
    """What shows once more who somebody is, before another way in opens; `web.again` leaves out what they lack."""

    password = PasswordField("Your password", [DataRequired("Type your password."), Length(max=LONGEST)])
    code = StringField("Code", [DataRequired("Type the code."), Length(max=LONGEST_CODE)])


class ErasureInput(AgainInput):
    """What shows that somebody means to be erased: their address, and who they are once more."""

    typed = StringField("Type your address", [DataRequired("Type your address."), Length(max=LONGEST_EMAIL)])
    password = PasswordField("Password", [Length(max=LONGEST)])
    code = StringField("Code", [Length(max=LONGEST_NAME)])


class TokenInput(AgainInput):
    """A new token: what it is for, what it may do, and for how long."""

    name = StringField(
        "Name",
        [DataRequired("Say what it is for."), Length(max=LONGEST_NAME), _one_line],
        filters=[_stripped],
    )
    scopes = SelectMultipleField(
        "What it may do",
        [DataRequired("Choose at least one.")],
        choices=[SelectChoice(scope, SCOPE_WORDS[scope]) for scope in Scope],
    )
    days = SelectField(
        "Works for", choices=[SelectChoice(str(days), f"{days} days") for days in LIVES], default=str(USUAL_LIFE)
    )


class CodeInput(FlaskForm):
    """A code of an authenticator app, or a recovery code."""

    code = StringField("Code", [DataRequired("Type the code."), Length(max=LONGEST_CODE)])


class ExtraTimeInput(FlaskForm):
    """One's own extra time."""

    percent = SelectField(
        "Extra time",
        choices=[SelectChoice(str(percent), f"{percent} % more" if percent else "None") for percent in PERCENTS],
    )


class MemberTimeInput(ExtraTimeInput):
    """A member's extra time, and why."""

    reason = StringField(
        "Why",
        [DataRequired("Say why: the member sees it."), Length(max=LONGEST_REASON), _one_line],
        filters=[_stripped],
    )


class CreditInput(FlaskForm):
    """More time for an open attempt, and why. `credit` is made with the page: sent again, it changes nothing."""

    minutes = IntegerField(
        "Minutes", [InputRequired("Say how many minutes."), NumberRange(LEAST_MINUTES, MOST_MINUTES)]
    )
    reason = StringField(
        "Why",
        [DataRequired("Say why: the member sees it."), Length(max=LONGEST_REASON), _one_line],
        filters=[_stripped],
    )
    credit = HiddenField(validators=[Regexp(r"[0-9a-f]{32}\Z", message="This is no form of ours.")])


class CohortInput(FlaskForm):
    """A new cohort's name."""

    name = StringField(
        "Name", [DataRequired("Give the cohort a name."), Length(max=LONGEST_NAME), _one_line], filters=[_stripped]
    )


class BankInput(FlaskForm):
    """Which of the bank's items to list; comes in the address, and what is left empty does not matter."""

    class Meta:
        csrf = False

    place = SelectField("Topic", default="")
    type = SelectField("Type", choices=[ANY, *REGISTRY], default="")
    level = SelectField("Level", choices=[ANY, *map(str, LEVELS)], default="")
    state = SelectField("Key", choices=[ANY, *(SelectChoice(*words) for words in KEY_STATES.items())], default="")
    status = SelectField(
        "Status", choices=[ANY, SelectChoice(LIVE, "Live"), SelectChoice(RETIRED, "Retired")], default=""
    )
    health = SelectField(
        "Health", choices=[ANY, *(SelectChoice(*words) for words in HEALTH_STATES.items())], default=""
    )


class ReviewInput(FlaskForm):
    """What becomes of an item, and why."""

    state = HiddenField(validators=[AnyOf((UNDER_REVIEW, KEPT))])
    because = StringField(
        "Why",
        [DataRequired("Say why: whoever looks next wants to know."), Length(max=LONGEST_REASON), _one_line],
        filters=[_stripped],
    )


class ReportInput(FlaskForm):
    """What is wrong with an item. `report` is made with the page: the same words again under it change nothing."""

    kind = SelectField(
        "What is wrong?",
        [DataRequired("Choose what fits best.")],
        choices=[SelectChoice("", "Please choose"), *(SelectChoice(*words) for words in REPORT_KINDS.items())],
    )
    text = TextAreaField(
        "In your words",
        [DataRequired("Say what is wrong."), Length(SHORTEST_REPORT, LONGEST_REPORT), _plain_lines],
        filters=[_stripped, _with_plain_line_ends],
    )
    report = HiddenField(default="")


class ReplyInput(FlaskForm):
    """What became of a report, for whoever made it."""

    text = StringField(
        "Your reply",
        [DataRequired("Say what became of it: whoever reported it reads this."), Length(max=LONGEST_REASON), _one_line],
        filters=[_stripped],
    )


_is_key = Regexp(r"[A-Za-z0-9-]{1,64}\Z", message="This is no key of ours.")


class OpenInput(FlaskForm):
    """A page that opens an attempt; `key` is as in `ResponseInput`."""

    key = StringField(validators=[Optional(), _is_key])


class ResponseInput(FlaskForm):
    """One answer: where it belongs, the attempt's newest number that the page knew, where to go if that is free.

    The answer itself is one `answer` field for each option chosen or the one text typed. `key` is the request's own, so
    that it is known when it comes again.
    """

    seq = IntegerField(validators=[InputRequired(), NumberRange(1, MOST_EVENTS)])
    position = IntegerField(validators=[InputRequired(), NumberRange(0, LONGEST_FORM)])
    item = StringField(validators=[InputRequired(), Length(max=64)])
    then = IntegerField(validators=[_unless_absent, InputRequired(), NumberRange(REVIEW, LONGEST_FORM)])
    key = StringField(validators=[Optional(), _is_key])


class FlagInput(FlaskForm):
    """Marking a place of an attempt, or no longer, and where to go; an `answer` comes along as in `ResponseInput`."""

    seq = IntegerField(validators=[InputRequired(), NumberRange(1, MOST_EVENTS)])
    position = IntegerField(validators=[InputRequired(), NumberRange(0, LONGEST_FORM)])
    item = StringField(validators=[Length(max=64)])
    is_on = BooleanField(false_values=("", "n"))


class SignalInput(FlaskForm):
    """What a page noticed: that it was left for some seconds, or that something was pasted."""

    type = StringField(validators=[AnyOf(SIGNALS)])
    position = IntegerField(validators=[InputRequired(), NumberRange(REVIEW, LONGEST_FORM)])
    seconds = IntegerField(default=0, validators=[NumberRange(0, LONGEST_AWAY)])


class MoveInput(FlaskForm):
    """Going to another place of an attempt; `seq` is the newest number that the page knew."""

    seq = IntegerField(validators=[InputRequired(), NumberRange(1, MOST_EVENTS)])
    then = IntegerField(validators=[InputRequired(), NumberRange(REVIEW, LONGEST_FORM)])


class FinishInput(FlaskForm):
    """Finishing an attempt; `seq` is the newest number that the page knew."""

    seq = IntegerField(validators=[InputRequired(), NumberRange(1, MOST_EVENTS)])


class PracticeInput(FlaskForm):
    """One answer in practice: to which item, how many answers it had when the page was shown, and when that was.

    The answer itself comes as in `ResponseInput`; with `is_unknown` there is none.
    """

    item = StringField(validators=[InputRequired(), Length(max=64)])
    seq = IntegerField(validators=[InputRequired(), NumberRange(0, MOST_PRACTISED)])
    shown_at = IntegerField(validators=[InputRequired(), NumberRange(0, LAST_SECOND)])
    is_unknown = BooleanField()


class EmptyInput(FlaskForm):
    """A button: nothing but the proof that the page was ours."""
