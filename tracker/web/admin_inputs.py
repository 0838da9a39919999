"""What admins send. What they look for comes in the address, and what is left empty does not matter."""

from flask_wtf import FlaskForm
from wtforms import DateField, SearchField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Length, Optional, ValidationError

from tracker.services.deeds import DEEDS
from tracker.web.inputs import ANY

LONGEST_SEARCH = 254
OUR_TIME = range(2000, 3000)


def _of_our_time(_form: FlaskForm, field: DateField) -> None:
    if field.data and field.data.year not in OUR_TIME:
        raise ValidationError("Choose a day of this century.")


class PeopleInput(FlaskForm):
    """Whom to look for."""

    class Meta:
        csrf = False

    wanted = SearchField("Name or address", [Length(max=LONGEST_SEARCH)], default="")


class EventsInput(FlaskForm):
    """Which events to list."""

    class Meta:
        csrf = False

    person = StringField("Address or number of a person", [Length(max=LONGEST_SEARCH)], default="")
    action = SelectField(
        "What was done",
        choices=[ANY, *(SelectChoice(*words) for words in sorted(DEEDS.items(), key=lambda words: words[1]))],
        default="",
    )
    since = DateField("From", [Optional(), _of_our_time])
    until = DateField("To", [Optional(), _of_our_time])
