"""A stream and its runs as lines of a table."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from connector.accounts.states import READING
from connector.http.console.asked.states import MODES, OUTCOMES
from connector.http.console.wording import plural, thousands
from connector.syncs.describe_account import AccountView, RunView, StreamView

_NOT_ALLOWED: Final = "The credential may not read it. Allow it there, then test again."


@dataclass(frozen=True, slots=True)
class StreamFacts:
    """One stream. `progress`: things seen and expected, while it runs."""

    name: str
    label: str
    state_label: str
    state_tone: str
    text: str
    paused: bool
    removal: bool
    busy: bool
    progress: tuple[int, int] | None
    last_counts: str
    last_success_at: datetime | None
    next_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class RunFacts:
    """One run."""

    label: str
    mode: str
    outcome_label: str
    outcome_tone: str
    started_at: datetime
    seconds: int
    counts: str
    failure: str


def streams_of(view: AccountView, now: datetime) -> list[StreamFacts]:
    """Every stream of an account, with what its last run brought."""
    last: dict[str, RunView] = {}
    for run in view.runs:
        if run.ended_at is not None:
            last.setdefault(run.stream, run)
    reading = view.state in READING
    return [_stream(one, last.get(one.name), reading, now) for one in view.streams]


def _stream(one: StreamView, last: RunView | None, reading: bool, now: datetime) -> StreamFacts:
    due = reading and one.next_due_at is not None and one.next_due_at <= now
    label, tone, text = _standing(one, due)
    running = one.running
    waits = due and one.readable and not one.paused and one.failure_code is None
    goes_on = reading and one.readable and not one.paused
    return StreamFacts(
        name=one.name,
        label=one.label,
        state_label=label,
        state_tone=tone,
        text=text,
        paused=one.paused,
        removal=one.removal_waits is not None,
        busy=running is not None or waits,
        progress=(running.seen, running.estimated) if running and running.estimated else None,
        last_counts=counts_of(last) if last else "",
        last_success_at=one.last_success_at,
        next_due_at=one.next_due_at if goes_on else None,
    )


def _standing(one: StreamView, due: bool) -> tuple[str, str, str]:
    """Word, tone, and a sentence where one is needed."""
    if one.running is not None:
        return "Reading", "warn", _progress(one.running)
    if one.paused:
        return "Paused", "quiet", ""
    if not one.readable:
        return "Not allowed", "bad", _NOT_ALLOWED
    if one.removal_waits is not None:
        return "Waits for you", "warn", _missing(one)
    if one.failure_code is not None:
        return "Failing", "bad", one.failure_text or one.failure_code
    if due:
        return "Waits its turn", "warn", ""
    if one.last_success_at is not None:
        return "Up to date", "good", ""
    return "Not read yet", "quiet", ""


def _missing(one: StreamView) -> str:
    missing, of = thousands(one.removal_waits or 0), thousands(one.removal_of or 0)
    return f"{missing} of {of} are listed no more. They are kept until you confirm it."


def _progress(run: RunView) -> str:
    seen = thousands(run.seen)
    if run.estimated:
        return f"{seen} of {thousands(run.estimated)} so far"
    return f"{seen} so far"


def run_facts(run: RunView) -> RunFacts:
    """A line of the history."""
    label, tone = OUTCOMES[run.outcome]
    return RunFacts(
        label=run.label,
        mode=MODES[run.mode],
        outcome_label=label,
        outcome_tone=tone,
        started_at=run.started_at,
        seconds=round(run.seconds),
        counts=counts_of(run),
        failure=(run.failure_code or "").replace("_", " "),
    )


def counts_of(run: RunView) -> str:
    """`3 new, 1 changed, 40 as before`; what there was none of is left out."""
    told = [
        (run.created, "new"),
        (run.changed, "changed"),
        (run.unchanged, "as before"),
        (run.removed, "gone"),
        (run.refused, "refused"),
    ]
    parts = [f"{thousands(count)} {word}" for count, word in told if count]
    if run.unread:
        parts.append(plural(run.unread, "value unreadable", "values unreadable"))
    return ", ".join(parts) or "nothing"
