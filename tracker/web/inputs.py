"""What people send: one WTForms class a form."""

from zoneinfo import available_timezones

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField, PasswordField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Email, InputRequired, Length, NumberRange, ValidationError

from tracker.assessment.attempt import MOST_EVENTS, REVIEW
from tracker.assessment.item_types import REGISTRY
from tracker.assessment.key_state import KeyState
from tracker.assessment.quality.coverage import LEVELS
from tracker.services.bank_catalogue import LIVE, RETIRED
from tracker.services.passwords import LONGEST, SHORTEST

ZONES = sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")
LONGEST_EMAIL = 254
LONGEST_NAME = 80
LONGEST_FORM = 200
ANY = SelectChoice("", "Any")
KEY_STATES = {
    KeyState.PROVED: "Proved here",
    KeyState.FAILED: "Failed here",
    KeyState.CITED: "Cited",
    KeyState.UNPROVED: "Not proved here",
}


def _one_line(_form: FlaskForm, field: StringField) -> None:
    if field.data and not field.data.isprintable():
        raise ValidationError("Use plain characters on one line.")


def _stripped(text: str | None) -> str | None:
    return text.strip() if text else text


class SignInInput(FlaskForm):
    """Address and password."""

    email = StringField("Email address", [DataRequired("Type your email address."), Length(max=LONGEST_EMAIL)])
    password = PasswordField("Password", [DataRequired("Type your password."), Length(max=LONGEST)])


class SignUpInput(FlaskForm):
    """A new account. The browser fills in the zone when it can."""

    name = StringField(
        "Name",
        [DataRequired("Type the name that others should see."), Length(max=LONGEST_NAME), _one_line],
        filters=[_stripped],
    )
    email = StringField(
        "Email address",
        [DataRequired("Type your email address."), Length(max=LONGEST_EMAIL), Email("This is not an email address.")],
        filters=[_stripped],
    )
    password = PasswordField(
        "Password",
        [DataRequired("Choose a password."), Length(SHORTEST, LONGEST, f"Use {SHORTEST} to {LONGEST} characters.")],
    )
    zone = HiddenField(default="UTC")


class ProfileInput(FlaskForm):
    """Name and time zone."""

    name = StringField("Name", [DataRequired("Type a name."), Length(max=LONGEST_NAME), _one_line], filters=[_stripped])
    zone = SelectField("Time zone", choices=ZONES)


class PasswordInput(FlaskForm):
    """The current password and a new one."""

    current = PasswordField("Current password", [DataRequired("Type your current password."), Length(max=LONGEST)])
    password = PasswordField(
        "New password",
        [DataRequired("Choose a password."), Length(SHORTEST, LONGEST, f"Use {SHORTEST} to {LONGEST} characters.")],
    )


class CohortInput(FlaskForm):
    """A new cohort's name."""

    name = StringField(
        "Name", [DataRequired("Give the cohort a name."), Length(max=LONGEST_NAME), _one_line], filters=[_stripped]
    )


class JoinInput(FlaskForm):
    """Consent to what the lead will see."""

    consent = BooleanField("I agree that the cohort's lead sees this.", [DataRequired("Agree, or close this page.")])


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


class ResponseInput(FlaskForm):
    """One answer: where it belongs, the attempt's newest number that the page knew, and where to go then.

    The answer itself is one `answer` field for each option chosen or the one text typed.
    """

    seq = IntegerField(validators=[InputRequired(), NumberRange(1, MOST_EVENTS)])
    position = IntegerField(validators=[InputRequired(), NumberRange(0, LONGEST_FORM)])
    item = StringField(validators=[InputRequired(), Length(max=64)])
    then = IntegerField(validators=[InputRequired(), NumberRange(REVIEW, LONGEST_FORM)])


class MoveInput(FlaskForm):
    """Going to another place of an attempt; `seq` is the newest number that the page knew."""

    seq = IntegerField(validators=[InputRequired(), NumberRange(1, MOST_EVENTS)])
    then = IntegerField(validators=[InputRequired(), NumberRange(REVIEW, LONGEST_FORM)])


class FinishInput(FlaskForm):
    """Finishing an attempt; `seq` is the newest number that the page knew."""

    seq = IntegerField(validators=[InputRequired(), NumberRange(1, MOST_EVENTS)])


class EmptyInput(FlaskForm):
    """A button: nothing but the proof that the page was ours."""
