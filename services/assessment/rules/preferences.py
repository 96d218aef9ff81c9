"""May the person say who comes? A wish about the care worker is decided: lawful, a skill, set aside, or refused.

Refused is the wish, never the need: the line stays as it is and its requirement goes to the market without the wish.
Sources: Equality Act 2010 s.4 (the nine protected characteristics), s.39 (no discrimination in work), s.111 (nobody
instructs another to discriminate), Sch 9 para 1 (an occupational requirement: sex, where intimate care and privacy or
decency call for it). From memory, unverified; PEERS.md (b) 10 for the two published readings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from services.assessment.rules.failures import Failure, NotSo
from shared.contracts.base import Code, PlanLine, Preference, Reason
from shared.explain import Source, Step, because

PROTECTED = Source("Equality Act 2010 ss.4, 39, 111", verified=False)
OCCUPATIONAL = Source("Equality Act 2010 Sch 9 para 1", verified=False)
OWN_VOICE = Source("Care Act 2014 s.1(3): the person's own wishes; DOMAIN.md, preferences", verified=False)
OPEN_TO_ALL = Source("Care Act 2014 s.1(3)(b); no protected characteristic is asked about", verified=False)


class Characteristic(StrEnum):
    """What a wish is about. The first nine are protected, and nationality is part of race (s.9)."""

    AGE = "age"
    DISABILITY = "disability"
    GENDER_REASSIGNMENT = "gender_reassignment"
    MARRIAGE = "marriage_and_civil_partnership"
    PREGNANCY = "pregnancy_and_maternity"
    RACE = "race"
    RELIGION = "religion_or_belief"
    SEX = "sex"
    SEXUAL_ORIENTATION = "sexual_orientation"
    NATIONALITY = "nationality"
    LANGUAGE = "language"
    PRACTICE = "practice"
    FAMILIAR = "familiar_worker"
    SMOKING = "smoking"
    ANIMALS = "animals"


class Task(StrEnum):
    """What the wish is for."""

    INTIMATE_CARE = "intimate_care"
    PERSONAL_CARE = "personal_care"
    MEALS = "meals"
    HOUSEHOLD = "household"
    COMPANY = "company"
    TRANSPORT = "transport"
    ANY = "any"


class Ground(StrEnum):
    """Why it is wished."""

    PRIVACY_DECENCY = "privacy_decency"
    COMMUNICATION = "communication"
    FAITH_OR_CULTURE = "faith_or_culture"
    CONTINUITY = "continuity"
    HEALTH = "health"
    NONE_GIVEN = "none_given"


class AskedBy(StrEnum):
    """Whose wish it is. Who holds a power to speak for the person speaks as the person; a relative does not."""

    PERSON = "person"
    RELATIVE = "relative"


class Answer(StrEnum):
    LAWFUL = "lawful"
    SKILL = "skill"
    SET_ASIDE = "set_aside"
    REFUSED = "refused"


SKILLS = frozenset({Characteristic.LANGUAGE, Characteristic.PRACTICE})
"""What a care worker can do or knows, not what they are: `language:bn`, `practice:halal_kitchen`."""
NOT_PROTECTED = frozenset({Characteristic.FAMILIAR, Characteristic.SMOKING, Characteristic.ANIMALS})
INTIMATE = frozenset({Task.INTIMATE_CARE, Task.PERSONAL_CARE})
SEXES = ("female", "male")


@dataclass(frozen=True, slots=True)
class Wish:
    """One wish about who comes, on a line of a plan."""

    line_id: UUID
    characteristic: Characteristic
    wanted: Code
    task: Task
    ground: Ground
    asked_by: AskedBy


@dataclass(frozen=True, slots=True)
class Decided:
    """The answer and its one step. Only `because` and `source` say why; what was wanted is in the wish."""

    answer: Answer
    because: Reason
    source: Source

    @property
    def step(self) -> Step:
        return Step("WISH", self.because, int(self.answer in (Answer.LAWFUL, Answer.SKILL)), self.source)


class WishUnclear(NotSo):
    """A wish about who comes names no line of the plan, or a sex that is none."""

    title = "The wish about who comes is not clear"


def decide(wish: Wish) -> Decided:
    """What is unlawful is refused whoever asks; of the rest a relative's is kept apart from the person's own."""
    answer = _of_the_person(wish)
    if answer.answer is Answer.REFUSED or wish.asked_by is AskedBy.PERSON:
        return answer
    return Decided(Answer.SET_ASIDE, because("relatives_wish_is_not_the_persons"), OWN_VOICE)


def _of_the_person(wish: Wish) -> Decided:
    if wish.characteristic in SKILLS:
        return Decided(Answer.SKILL, because("what_one_can_do_is_a_skill"), OPEN_TO_ALL)
    if wish.characteristic in NOT_PROTECTED:
        return Decided(Answer.LAWFUL, because("nothing_protected_is_asked"), OPEN_TO_ALL)
    if wish.characteristic is Characteristic.SEX:
        return _of_a_sex(wish)
    return Decided(Answer.REFUSED, because("protected_characteristic_of_the_worker"), PROTECTED)


def _of_a_sex(wish: Wish) -> Decided:
    """Sch 9 para 1: for intimate care, on the ground of privacy or decency, and nothing else."""
    if wish.task not in INTIMATE:
        return Decided(Answer.REFUSED, because("sex_matters_for_intimate_care_only"), OCCUPATIONAL)
    if wish.ground is not Ground.PRIVACY_DECENCY:
        return Decided(Answer.REFUSED, because("sex_needs_privacy_or_decency"), OCCUPATIONAL)
    return Decided(Answer.LAWFUL, because("sex_for_intimate_care_is_lawful"), OCCUPATIONAL)


def be_clear(wishes: Sequence[Wish], lines: Iterable[PlanLine]) -> None:
    """Each wish is about a line of this plan (Care Act s.25). Raises WishUnclear with all that is wrong."""
    if failures := tuple(_unclear(wishes, {line.line_id for line in lines})):
        raise WishUnclear(failures)


def _unclear(wishes: Sequence[Wish], lines: set[UUID]) -> Iterator[Failure]:
    for at, wish in enumerate(wishes):
        if wish.line_id not in lines:
            yield Failure(f"wishes[{at}].line_id", "WISH-1", because("wish_about_no_line", wish=at + 1))
        if wish.characteristic is Characteristic.SEX and wish.wanted not in SEXES:
            yield Failure(f"wishes[{at}].wanted", "WISH-2", because("wish_for_no_sex", wish=at + 1))


def on_the_line(line: PlanLine, decided: Iterable[tuple[Wish, Answer]]) -> PlanLine:
    """The line with what was found lawful: preferences and skills, each once (DOMAIN.md, preferences)."""
    own = [(wish, answer) for wish, answer in decided if wish.line_id == line.line_id]
    wanted = [_preference(wish) for wish, answer in own if answer is Answer.LAWFUL]
    skills = [f"{wish.characteristic.value}:{wish.wanted}" for wish, answer in own if answer is Answer.SKILL]
    return line.model_copy(
        update={
            "preferences": tuple(dict.fromkeys((*line.preferences, *wanted))),
            "skills": tuple(dict.fromkeys((*line.skills, *skills))),
        }
    )


def be_decided(lines: Sequence[PlanLine], decided: Iterable[tuple[Wish, Answer]]) -> None:
    """A preference stands on a line only once it was decided for that line. Raises WishUnclear."""
    lawful = {(wish.line_id, _preference(wish)) for wish, answer in decided if answer is Answer.LAWFUL}
    failures = tuple(
        Failure(f"lines[{at}].preferences[{of}]", "WISH-3", because("preference_undecided", line=at + 1))
        for at, line in enumerate(lines)
        for of, preference in enumerate(line.preferences)
        if (line.line_id, preference) not in lawful
    )
    if failures:
        raise WishUnclear(failures)


def _preference(wish: Wish) -> Preference:
    return Preference(
        characteristic=wish.characteristic.value, wanted=wish.wanted, task=wish.task.value, ground=wish.ground.value
    )
