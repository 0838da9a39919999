"""What an attempt gave, as values of the API."""

from tracker.services import results
from tracker.services.explanation import Explanation
from tracker.web.api import schemas_result as schemas


def result_of(result: results.Result) -> schemas.Result:
    """A result as far as it may be told."""
    attempt = result.attempt
    return schemas.Result.model_validate(
        {
            "attempt": attempt.id,
            "assessment": attempt.assessment_slug,
            "finished_at": attempt.finished_at,
            "ran_out": attempt.ran_out,
            "stopped_by": attempt.stopped_by,
            "is_released": result.is_released,
            "areas": [_area(area) for area in result.areas],
            "items": [_item(item) for item in result.items if result.is_released],
            "notices": result.signals.sentences,
            "late": result.late,
        }
    )


def _area(result: results.AreaResult) -> schemas.AreaResult:
    return schemas.AreaResult(
        area=result.area.slug,
        score=schemas.Score.model_validate(result.score),
        before=schemas.Score.model_validate(result.before.score) if result.before else None,
        change=schemas.Change.model_validate(result.change) if result.change else None,
        right=result.right,
        told=result.told,
    )


def _item(result: results.ItemResult) -> schemas.ItemResult:
    return schemas.ItemResult(
        position=result.number - 1,
        topic=result.topic_name,
        mark=result.mark,
        is_held=result.is_held,
        is_under_review=result.is_under_review,
        seconds=round(result.seconds, 1),
        explained=_explained(result.explanation) if result.explanation else None,
    )


def _explained(explanation: Explanation) -> schemas.Explained:
    item, body = explanation.item, explanation.item.body
    return schemas.Explained(
        version=item.version,
        type=body.name,
        stem_html=item.stem,
        answer=body.send(explanation.answer),
        key=body.send(body.key),
        options=[
            schemas.ExplainedOption(
                token=option.token, html=option.text, text=option.plain, is_key=option.is_key, note_html=option.note
            )
            for option in explanation.options
        ],
        blanks_html=[blank.label for blank in body.ask((), explanation.answer).blanks],
        notes_html=[mistake.note for mistake in body.mistakes(explanation.answer)],
        explanation_html=item.explanation,
        misconceptions=[schemas.Misconception.model_validate(one) for one in explanation.misconceptions],
        source=schemas.Source.model_validate(item.source),
        proved_on=list(explanation.proved_on),
    )
