"""Who does what by when: the steps that a call agreed, each once, however often they were said."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from .language.language import Language, load
from .moments import Moment
from .transcript import AGENT, UNKNOWN, Role

BEHAVIOUR = "action_point"
PROMISE = "promise"
IMMEDIATE = "immediate"
# The kinds of the occasions that promises give: does it say by when?
DATED, UNDATED = "dated", "undated"


@dataclass(frozen=True, slots=True)
class ActionPoint:
    """One step somebody committed themselves to.

    ``owner`` is "agent", "we" (the agent's side), "customer", "other" or a speaker's name; ``action`` what they will do
    in the words of the call; ``due_text`` by when as it was said, ``due`` the same as an ISO date where the call's own
    date is known; ``firmness`` is "firm" or "soft". ``quote``, ``turn`` and ``time_s`` say where it was first said,
    ``said_again`` in which turns it was repeated. ``role`` is that of the speaker.
    """

    owner: str
    action: str
    due_text: str | None
    due: str | None
    firmness: str
    quote: str
    turn: int
    time_s: float | None
    said_again: tuple[int, ...] = ()
    kind: str = PROMISE
    start: int = 0
    end: int = 0
    role: Role = UNKNOWN


def action_points(
    moments: Iterable[Moment], *, kinds: Collection[str] = (PROMISE,), language: Language | None = None
) -> tuple[ActionPoint, ...]:
    """The steps among ``moments``, in order, merged where one was said more than once (see ``merged``).

    ``kinds`` picks promises for later, steps taken in the call ("immediate"), or both. ``language`` is that of the call.
    """
    return merged([m for m in moments if m.behaviour == BEHAVIOUR and m.kind in kinds], language or load())


def merged(moments: Iterable[Moment], language: Language) -> tuple[ActionPoint, ...]:
    """The steps that moments of a behaviour of promises tell, whatever its id: in order, merged where one was said more than once.

    Two mentions are one step when the same side does the same kind of thing with the same objects, and their dates, where
    both have one, agree. The later mention supplies what the first left open; said in the same words with another date, it
    corrects the date.
    """
    any_date = language.words["steps.any_date"]
    points: list[ActionPoint] = []
    keys: list[tuple[str, str, frozenset[str]]] = []
    # The turns in which each step is said again, and the steps of one side and one kind of deed.
    again: list[dict[int, None]] = []
    alike: dict[tuple[str, str], list[int]] = {}
    for moment in sorted(moments, key=_place):
        point = _point(moment)
        key = _key(moment, language)
        near = alike.setdefault(key[:2], [])
        # Deeds of no family are never the same, however many there are.
        known = near[: -_MOST_ALIKE - 1 : -1] if key[1] else ()
        at = next((i for i in known if _same(keys[i], key) and _dates_agree(points[i], point, any_date)), None)
        if at is None:
            near.append(len(points))
            points.append(point)
            keys.append(key)
            again.append({})
        else:
            if point.turn != points[at].turn:
                again[at][point.turn] = None
            points[at] = _merged(points[at], point)
            keys[at] = (key[0], key[1], keys[at][2] | key[2])
    return tuple(replace(point, said_again=tuple(turns)) if turns else point for point, turns in zip(points, again, strict=True))


# A step is looked for among so many of its kind that were said last: a call may hold thousands.
_MOST_ALIKE = 50


def _place(moment: Moment) -> tuple[int, int]:
    return moment.turn, moment.start


def _point(moment: Moment) -> ActionPoint:
    details = moment.details
    return ActionPoint(
        owner=details.get("owner", moment.speaker),
        action=details.get("action", moment.quote),
        due_text=details.get("due_text"),
        due=details.get("due"),
        firmness=details.get("firmness", "firm"),
        quote=moment.quote,
        turn=moment.turn,
        time_s=moment.time_s,
        kind=moment.kind or PROMISE,
        start=moment.start,
        end=moment.end,
        role=moment.role,
    )


def _dates_agree(one: ActionPoint, other: ActionPoint, any_date: frozenset[str]) -> bool:
    """Whether two mentions may be of one step: one has no date, both name the same, or the same words correct it."""
    if not one.due_text or not other.due_text or (one.due and one.due == other.due) or one.action.casefold() == other.action.casefold():
        return True
    first, second = (frozenset(t.casefold().replace(",", " ").split()) - any_date for t in (one.due_text, other.due_text))
    return first <= second or second <= first


def _merged(first: ActionPoint, again: ActionPoint) -> ActionPoint:
    """The first mention with what the later one adds."""
    dated = again if again.due_text else first
    fuller = again if len(again.action.split()) > len(first.action.split()) else first
    return replace(
        first, action=fuller.action, due_text=dated.due_text, due=dated.due, firmness=again.firmness,
        kind=PROMISE if PROMISE in (first.kind, again.kind) else IMMEDIATE,
    )  # fmt: skip


def _key(moment: Moment, language: Language) -> tuple[str, str, frozenset[str]]:
    """Who, which family of deed, and the words that tell it apart."""
    families, empty = language.table("families"), language.words["steps.empty"]
    owner = str(moment.details.get("owner", moment.speaker))
    side = Role.AGENT.value if owner in (Role.AGENT.value, "we", "other") and moment.role is AGENT else owner
    action = str(moment.details.get("action", moment.quote)).casefold()
    words = ["".join(c for c in word if c.isalnum()) for word in action.replace("\u2019", "'").split()]
    act = str(moment.details.get("act", "")).split()
    family = next((families[w] for w in [*act, *words] if w in families), act[0] if act else "")
    content = frozenset(_singular(w) for w in words if w and w not in empty and families.get(w, w) != family and w not in act)
    return side, family, content


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _same(a: tuple[str, str, frozenset[str]], b: tuple[str, str, frozenset[str]]) -> bool:
    if a[:2] != b[:2] or not a[1]:
        return False
    if not a[2] or not b[2]:
        return True  # "I'll send it": nothing tells it from the one before
    shared = len(a[2] & b[2])
    return shared >= 0.5 * min(len(a[2]), len(b[2]))
