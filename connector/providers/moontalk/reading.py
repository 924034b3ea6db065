"""Reading a Moontalk's calls, in each of the three ways in which pages follow each other."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import Final

from connector.outbound.failures import ConfigurationFailure, SystemFailure
from connector.providers.moontalk.answers import Answered, read_answer
from connector.providers.moontalk.client import MoontalkClient, NothingThere, said
from connector.providers.moontalk.fields import Source
from connector.providers.moontalk.progress import Progress
from connector.providers.moontalk.settings import MoontalkSettings
from connector.providers.moontalk.ways import Paging
from connector.providers.port import Page

PORTION: Final = 500
"""Calls in one of our pages, however many an answer has."""
LARGEST: Final = 4_000


class OutOfOrder(ConfigurationFailure):
    """Reading on from the last change would leave calls out."""

    code = "changes_out_of_order"
    message = (
        "Calls do not come in the order of their changes, so reading on by time would lose some. "
        "Choose paging by page or cursor."
    )


class NoChanges(ConfigurationFailure):
    """There is nothing to read on from."""

    code = "no_time_of_change"
    message = (
        "Calls do not say when they changed, where the settings look for it. Correct the path, or "
        "choose paging by page or cursor."
    )


class TooManyAtOnce(SystemFailure):
    """More calls than a page can have changed at the same moment."""

    code = "too_many_at_once"
    message = (
        "More calls than fit on a page changed at the same moment. Raise the page's size, or "
        "choose paging by page or cursor."
    )


class GoesRound(SystemFailure):
    """An answer leads back to itself."""

    code = "pages_go_round"
    message = "An answer names itself as the next page. Check how pages follow each other."


class Reading:
    """One run over the calls of an account."""

    def __init__(self, client: MoontalkClient, source: Source, settings: MoontalkSettings) -> None:
        self._client = client
        self._source = source
        self._settings = settings

    def pages(self, progress: Progress) -> Iterator[Page]:
        """Pages of a run that has begun."""
        match self._source.paging:
            case Paging.CURSOR:
                yield from self._by_cursor(progress)
            case Paging.PAGE:
                yield from self._by_number(progress)
            case Paging.SINCE:
                yield from self._by_time(progress)

    def ask(self, start: datetime | None, *, place: str = "", size: int = 0) -> Answered:
        """One answer."""
        source = self._source
        query: dict[str, str] = {}
        if source.since_parameter and start is not None:
            query[source.since_parameter] = said(start, source.since_format)
        if source.size_parameter:
            query[source.size_parameter] = str(size or source.size)
        if place:
            query[source.page_parameter] = place
        return read_answer(self._client.get(query), source, self._settings)

    def _by_cursor(self, progress: Progress) -> Iterator[Page]:
        """To the answer without a next cursor, or without calls. Where nothing can be asked by
        time, the last cursor is where the next run goes on."""
        told, progress, answer = False, *self._go_on(progress)
        while True:
            told = told or answer.count > 0
            if answer.count and answer.following == progress.place != "":
                raise GoesRound(log="calls, the same cursor again")
            progress = progress.seen(answer.newest)
            if not answer.following or not answer.count:
                feed = "" if self._source.since_parameter else answer.following or progress.place
                yield from _portions(answer, progress.finished(told=told, place=feed), progress)
                return
            following = progress.at(answer.following)
            yield from _portions(answer, following, progress)
            progress = following
            answer = self.ask(progress.start, place=progress.place)

    def _go_on(self, progress: Progress) -> tuple[Progress, Answered]:
        """The first answer; a cursor that is not known any more is let go of."""
        try:
            return progress, self.ask(progress.start, place=progress.place)
        except NothingThere:
            if not progress.place:
                raise
        anew = progress.at("")
        return anew, self.ask(anew.start)

    def _by_number(self, progress: Progress) -> Iterator[Page]:
        """To the page without calls, the page that is the one before, or the one that is not
        there."""
        before: frozenset[str] = frozenset()
        number = int(progress.place) if progress.place.isdigit() else self._source.first_page
        told = number > self._source.first_page
        while True:
            answer = self._numbered(progress.start, number)
            told = told or answer.count > 0
            progress = progress.seen(answer.newest)
            if not answer.count or (answer.ids and answer.ids == before):
                yield from _portions(answer, progress.finished(told=told), progress)
                return
            number, before = number + 1, answer.ids
            following = progress.at(str(number))
            yield from _portions(answer, following, progress)
            progress = following

    def _numbered(self, start: datetime | None, number: int) -> Answered:
        """One page; the one after the last may be answered as if there never was such a list."""
        try:
            return self.ask(start, place=str(number))
        except NothingThere:
            if number == self._source.first_page:
                raise
        return Answered()

    def _by_time(self, progress: Progress) -> Iterator[Page]:
        """On from the last change, until an answer is not full any more."""
        size = self._source.size
        while True:
            answer = self.ask(progress.start, size=size)
            progress = progress.seen(answer.newest)
            if not self._is_full(answer, size):
                told = answer.count > 0
                yield from _portions(answer, progress.finished(told=told), progress)
                return
            _check_order(answer)
            following = progress.further()
            yield from _portions(answer, following, progress)
            size = self._next_size(size, moved=following.start != progress.start)
            progress = following

    def _is_full(self, answer: Answered, size: int) -> bool:
        """Whether there may be more behind it."""
        return bool(self._source.size_parameter) and answer.count >= size

    def _next_size(self, size: int, *, moved: bool) -> int:
        """A full answer of one moment leads nowhere: more is asked for at once. Raises
        TooManyAtOnce."""
        if moved:
            return self._source.size
        if size * 2 > LARGEST:
            raise TooManyAtOnce(log="calls, a full page of one moment")
        return size * 2


def _portions(answer: Answered, after: Progress, before: Progress) -> Iterator[Page]:
    """A large answer in parts; the cursor moves with the last one."""
    received = tuple(answer.received)
    for start in range(0, max(len(received), 1), PORTION):
        last = start + PORTION >= len(received)
        yield Page(
            received=received[start : start + PORTION],
            cursor=(after if last else before).cursor(),
            unread=answer.unread if last else 0,
        )


def _check_order(answer: Answered) -> None:
    changes = [at for at in answer.changes if at is not None]
    if len(changes) < answer.count:
        raise NoChanges(log="calls, no time of change")
    if any(later < at for at, later in pairwise(changes)):
        raise OutOfOrder(log="calls, not in the order of change")
