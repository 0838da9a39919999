"""What people send about cohorts: one WTForms class a form."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from tracker.assessment.assignment import (
    LEAST_PRACTICE,
    MOST_ATTEMPTS,
    MOST_EXTRA_MINUTES,
    MOST_PRACTICE,
    Release,
)
from tracker.assessment.export_format import ExportFormat
from tracker.assessment.joining import Joining
from tracker.assessment.sees import Sees
from tracker.services.cohort_people import LIVES, MOST_USES
from tracker.services.coverage import MOST_HOLDERS
from tracker.services.matrix import NOT_ENOUGH, Order
from tracker.services.notes import LONGEST
from tracker.web.inputs import ANY, CohortInput
from tracker.web.moments import MomentField

USUAL_HOLDERS = 2


SEES_CHOICES = [
    SelectChoice(Sees.LEVELS, "Levels, in words"),
    SelectChoice(Sees.SCORES, "Scores, as numbers"),
    SelectChoice(Sees.ANSWERS, "Scores and answers"),
]
LONGEST_LIST = 100_000
EXPORT_FORMATS = (
    (
        ExportFormat.XLSX,
        "Excel",
        "A workbook: members by area and by topic, spread, who is how far with which assignment, misconceptions, the"
        " trend by month, and what each column means.",
    ),
    (
        ExportFormat.PDF,
        "PDF",
        "A report to read or print: each member by area, spread with charts, assignments in numbers, misconceptions and"
        " the trend by month. It is made in the background: look again in a minute.",
    ),
    (ExportFormat.CSV, "CSV", "One line a member with every area and topic, for any spreadsheet or script."),
    (ExportFormat.JSON, "JSON", "All that the workbook has, for programs, with a documented schema."),
)
USUAL_ANSWERS = 20
EVERYBODY, SOME = "all", "some"
WHO_WORDS = {EVERYBODY: "Every member, those who join later too", SOME: "Those ticked here"}
RELEASES = {
    Release.AT_ONCE: "At once, when an attempt ends",
    Release.AFTER_DEADLINE: "After the deadline, to everybody",
    Release.NEVER: "Never",
}
JOINING_CHOICES = [
    SelectChoice(Joining.OPEN, "Joins at once"),
    SelectChoice(Joining.APPROVED, "Waits until a lead lets them in"),
]


class JoinInput(FlaskForm):
    """Consent to what the leads will see; `sees` is what the page said."""

    sees = HiddenField(validators=[AnyOf([*Sees])])
    consent = BooleanField("I agree that the cohort's leads see this.", [DataRequired("Agree, or close this page.")])


class SettingsInput(CohortInput):
    """A cohort's name, what its leads see, and how it is joined."""

    sees = RadioField("What its leads see of its members", choices=SEES_CHOICES)
    joining = RadioField("Whoever follows an invitation", choices=JOINING_CHOICES)


class LinkInput(FlaskForm):
    """A new invitation link: how long it works, and for how many people."""

    days = SelectField(
        "Works for",
        choices=[SelectChoice(str(days), "1 day" if days == 1 else f"{days} days") for days in LIVES],
        default="14",
    )
    most_uses = IntegerField(
        "For how many people", [Optional(), NumberRange(1, MOST_USES, f"Give a number from 1 to {MOST_USES}.")]
    )


class AddressesInput(FlaskForm):
    """Addresses to invite: pasted, or in a file."""

    pasted = TextAreaField("Addresses", [Length(max=LONGEST_LIST, message="This is too long: send it in parts.")])
    file = FileField("Or a file")


class AgreementInput(FlaskForm):
    """What a member lets the leads see, and whether others may see that they could help."""

    agreed_to = RadioField("The leads see", choices=SEES_CHOICES)
    may_mentor = BooleanField("The leads may see that I could mentor others")


class StepBackInput(FlaskForm):
    """Consent of a lead who becomes a member to what the other leads will see; `sees` is what the page said."""

    sees = HiddenField(validators=[AnyOf([*Sees])])


class AssignmentInput(FlaskForm):
    """What to assign, to whom, in which window of the lead's own time, and on what terms.

    The view gives what and who can be chosen. Practice is chosen as `practice/<scope>`.
    """

    assessment = SelectField("What to take or practise")
    who = RadioField("Who", choices=[SelectChoice(*words) for words in WHO_WORDS.items()], validators=[Optional()])
    member = SelectMultipleField("Members", coerce=int, validate_choice=False)
    opens_at = MomentField("Opens", [Optional()])
    closes_at = MomentField("Deadline", [InputRequired("Give the deadline.")])
    attempts = SelectField(
        "Attempts allowed", choices=[SelectChoice(str(number)) for number in range(1, MOST_ATTEMPTS + 1)]
    )
    extra_minutes = IntegerField("Extra minutes", [Optional(), NumberRange(0, MOST_EXTRA_MINUTES)], default=0)
    release = SelectField("Answers are shown", choices=[SelectChoice(*words) for words in RELEASES.items()])
    answers = IntegerField(
        "Answers wanted",
        [Optional(), NumberRange(LEAST_PRACTICE, MOST_PRACTICE)],
        default=USUAL_ANSWERS,
    )

    @property
    def chosen_who(self) -> str:
        """Whom it is for, as the form stands: those who are ticked, if nothing else is said."""
        return self.who.data or (SOME if self.member.data else EVERYBODY)

    def validate_member(self, field: SelectMultipleField) -> None:
        """Everybody and somebody at once is neither."""
        if self.chosen_who == EVERYBODY and field.data:
            raise ValidationError("You ticked members and chose every member. Choose one of both.")


class NoteInput(FlaskForm):
    """A note about a member."""

    text = TextAreaField(
        "New note",
        [
            DataRequired("Write something first."),
            Length(max=LONGEST, message=f"A note has at most {LONGEST} characters. Yours is still below: shorten it."),
        ],
        filters=[lambda text: text and text.strip()],
    )


class CoverageInput(FlaskForm):
    """How many members are to hold each wanted level; comes in the address."""

    class Meta:
        csrf = False

    holders = SelectField(
        "How many should hold each level",
        [AnyOf([str(count) for count in range(1, MOST_HOLDERS + 1)], message=f"Choose 1 to {MOST_HOLDERS}.")],
        choices=[str(count) for count in range(1, MOST_HOLDERS + 1)],
        default=str(USUAL_HOLDERS),
        validate_choice=False,
    )


class ExportInput(FlaskForm):
    """The format of a file to make."""

    format = SelectField(choices=[*ExportFormat], coerce=ExportFormat)


class MatrixInput(FlaskForm):
    """How to read a matrix; comes in the address, and what is left empty does not matter."""

    class Meta:
        csrf = False

    order = SelectField(
        "Sort by",
        choices=[
            SelectChoice(Order.NEED, "Who needs help first"),
            SelectChoice(Order.NAME, "Name"),
            SelectChoice(Order.ACTIVITY, "Last answer"),
        ],
        default=Order.NEED,
    )
    skill = SelectField("Area or topic", default="")
    at_most = SelectField(
        "Level there",
        choices=[
            ANY,
            SelectChoice(NOT_ENOUGH, "Not enough evidence yet"),
            SelectChoice("Foundation", "Foundation"),
            SelectChoice("Developing", "Developing or below"),
            SelectChoice("Proficient", "Proficient or below"),
        ],
        default="",
    )
    active = SelectField(
        "Last answer",
        choices=[ANY, SelectChoice("yes", "In the last 30 days"), SelectChoice("no", "Not in the last 30 days")],
        default="",
    )

    def validate_at_most(self, field: SelectField) -> None:
        """A level is of somewhere."""
        if field.data and not self.skill.data:
            raise ValidationError("Choose an area or topic too; a level alone filters nothing.")
