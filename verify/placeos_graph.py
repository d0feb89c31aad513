"""Microsoft Graph as PlaceOS asks it: with its credentials, a few calls at a time, and nothing stays."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

import httpx

from clock import Clock
from clouds import Cloud
from moments import instant
from verify.answer import seen_in
from verify.outcome import Left, Seen
from verify.promise import Promise, Question
from verify.sending import BRIEF, IN_PATH, MAKING, USUAL, Patience, Sending, sending
from verify.taking_away import MayBeThere
from wire import WireError
from wire.credentials import RenewableCredential
from wire.parallel import AT_ONCE

_WINDOW = timedelta(hours=1)


class PlaceosGraph:
    """Asks the questions of one slot, with a token of its own; nothing of the credential is shown.

    tell: called with a line for each thing that is left because the process is being ended.
    """

    def __init__(
        self,
        promise: Promise,
        credential: RenewableCredential,
        cloud: Cloud,
        clock: Clock,
        tell: Callable[[str], None],
    ) -> None:
        self._promise, self._credential, self._cloud, self._clock = promise, credential, cloud, clock
        self._tell = tell
        self._unsettled: list[MayBeThere] = []

    def ask(self, questions: Sequence[Question]) -> list[Seen]:
        """What Graph answers to each, in their order; one that could not be asked says so by itself.

        WireError when none could be asked. Whatever ends this, what may have been made is taken away or told.
        """
        try:
            answers = asyncio.run(self._ask(questions))
        finally:
            self._settle()
        lost = [one.broken for one in answers if one.broken and not one.left]
        if lost and len(lost) == len(answers):
            raise lost[0]
        return answers

    async def _ask(self, questions: Sequence[Question]) -> list[Seen]:
        few = asyncio.Semaphore(AT_ONCE)
        async with sending(self._credential, self._cloud, self._clock) as placeos:

            async def one(question: Question) -> Seen:
                async with few:
                    return await self._one(placeos, question)

            return list(await asyncio.gather(*map(one, questions)))

    async def _one(self, placeos: Sending, question: Question) -> Seen:
        fill = self._filling(question)
        if question.call.makes is None:
            try:
                return seen_in(await _sent(placeos, question, fill, USUAL), question.call.answers)
            except WireError as error:
                return Seen(0, broken=error)
        may_be = MayBeThere(question.call.makes, self._promise, placeos.base, fill)
        self._unsettled.append(may_be)
        seen = await self._making(placeos, question, may_be)
        self._unsettled.remove(may_be)
        return seen

    async def _making(self, placeos: Sending, question: Question, may_be: MayBeThere) -> Seen:
        """Ask what may make something, and take away at once what it may have made."""
        try:
            response = await _sent(placeos, question, may_be.fill, MAKING)
        except WireError as error:
            seen, possible = Seen(0, broken=error), may_be.is_possible_without_answer(error)
        else:
            seen = seen_in(response, question.call.answers)
            possible = may_be.is_possible_after(response, seen)
        if not possible:
            return seen
        made, left = await may_be.take_away(placeos)
        return replace(seen, made=made, left=left)

    def _settle(self) -> None:
        """Something ended the asking in its midst: try once more, briefly, and name what is left."""
        left: dict[MayBeThere, Left | None] = {
            one: one.left("the command was ended meanwhile") for one in self._unsettled
        }
        try:
            if left:
                asyncio.run(self._last_try(left))
        finally:
            self._unsettled.clear()
            for one in filter(None, left.values()):
                self._tell(str(one))

    async def _last_try(self, left: dict[MayBeThere, Left | None]) -> None:
        async with sending(self._credential, self._cloud, self._clock) as placeos:
            for one in left:
                _, left[one] = await one.take_away(placeos, BRIEF)

    def _filling(self, question: Question) -> Callable[[str], str]:
        now = self._clock.now()
        values = {
            "{mailbox}": question.mailbox,
            "{person}": next(iter(self._promise.refused), ""),
            "{group}": self._promise.group,
            "{client}": self._promise.client_id,
            "{start}": instant(now),
            "{end}": instant(now + _WINDOW),
            "{from}": instant(now).rstrip("Z"),
            "{to}": instant(now + _WINDOW).rstrip("Z"),
        }

        def fill(text: str) -> str:
            for name, value in values.items():
                text = text.replace(name, value)
            return text

        return fill


async def _sent(
    placeos: Sending, question: Question, fill: Callable[[str], str], patience: Patience
) -> httpx.Response:
    call = question.call
    query = urlencode({name: fill(value) for name, value in call.query.items()}, quote_via=quote)
    path = f"{quote(fill(call.path), safe=IN_PATH)}{'?' if query else ''}{query}"
    body = None if call.body is None else _filled(call.body, fill)
    return await placeos.send(call.method, path, body, patience)


def _filled(value: Any, fill: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return fill(value)
    if isinstance(value, Mapping):
        return {name: _filled(inner, fill) for name, inner in value.items()}
    return [_filled(inner, fill) for inner in value] if isinstance(value, list) else value
