"""From an address as somebody typed it to the places it may mean; from a free text to the places it names. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from abhaya.places.names import Candidate, Found, Gazetteer, Place
from abhaya.shared.reason import Reason

POSTAL_DIGITS_MIN = 2


@dataclass(frozen=True, slots=True)
class Country:
    """What is particular to one country, all of it read from `data/countries/<code>/`."""

    code: str
    gazetteer: Gazetteer
    postal_name: str = ""  # what people call it: PIN, ZIP
    postal_pattern: re.Pattern[str] | None = None
    postal: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # prefix -> states, several where shared
    mobile_numbers_are_ported: bool = False
    time_zone: str = "UTC"
    cues_before: frozenset[str] = frozenset()
    cues_after: frozenset[str] = frozenset()
    not_in_text: frozenset[str] = frozenset()  # keys of names that are words or people

    def postal_states(self, code: str) -> tuple[str, ...] | None:
        """The states a postal code may lie in, by its longest known prefix. None: not a code of this country."""
        digits = re.sub(r"[\s-]", "", code)
        if self.postal_pattern is None or not self.postal_pattern.fullmatch(digits):
            return None
        for length in range(len(digits), POSTAL_DIGITS_MIN - 1, -1):
            if (states := self.postal.get(digits[:length])) is not None:
                return states
        return ()


@dataclass(frozen=True, slots=True)
class AddressPlace:
    """Where an address lies, as far as it says. `possible`: the districts it may mean when it does not say which."""

    country: str = ""
    state: str = ""
    district: str = ""
    possible: tuple[str, ...] = ()
    agree: int = 0  # how many of state, city and postal code point there
    reasons: tuple[Reason, ...] = ()
    against: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A place named in a free text."""

    found: Found
    text: str
    start: int
    end: int


def place_of_address(
    country: Country, *, region: str = "", city: str = "", postal_code: str = "", text: str = ""
) -> AddressPlace:
    """Reads the parts of an address against each other. Parts that contradict are said, and the state is then left open."""
    work = _Reading(country)
    work.read_region(region)
    work.read_postal(postal_code or _postal_in(country, text))
    work.read_city(city, text)
    return work.answer()


class _Reading:
    """The parts of one address as they are read: from the region, the postal code, the city."""

    def __init__(self, country: Country) -> None:
        self.country = country
        self.gazetteer = country.gazetteer
        self.region: Place | None = None
        self.postal: tuple[str, ...] = ()
        self.city: tuple[Candidate, ...] = ()
        self.reasons: list[Reason] = []
        self.against: list[Reason] = []

    def read_region(self, region: str) -> None:
        found = self.gazetteer.find(region, kinds=("state",)) if region.strip() else None
        if found is None:
            return
        if len(found.candidates) != 1:
            self.against.append(Reason("region_not_known", {"region": region[:60]}))
            return
        self.region = self.gazetteer.ancestors(found.candidates[0].place.code)[1]
        self.reasons.append(Reason("region_says", {"region": region[:60], **_named(self.region)}))

    def read_postal(self, code: str) -> None:
        if not code.strip():
            return
        values: dict[str, str | int | float] = {
            "postal_name": self.country.postal_name or "postal code",
            "code": code[:20],
        }
        states = self.country.postal_states(code)
        if states is None:
            self.against.append(Reason("postal_not_a_code", values))
        elif not states:
            self.against.append(Reason("postal_says_nothing", values))
        else:
            self.postal = states
            listed = [self.gazetteer.places[state] for state in states if state in self.gazetteer.places]
            self.reasons.append(
                Reason("postal_says" if len(listed) == 1 else "postal_shared", values | _listed(listed))
            )

    def read_city(self, city: str, text: str) -> None:
        found = self.gazetteer.find(city) if city.strip() else None
        if city.strip() and (found is None or not found.candidates):
            found = next(
                (inside for inside, _, _ in self.gazetteer.find_inside(city, kinds=("district", "town"))), None
            )
        if (found is None or not found.candidates) and text.strip():
            found, city = self._city_in(text)
        if found is None or not found.candidates:
            if city.strip():
                self.against.append(Reason("city_not_known", {"city": city[:60]}))
            return
        states = (self.region.code,) if self.region else self.postal
        fitting = [one for one in found.candidates if not states or self._state(one) in states]
        values: dict[str, str | int | float] = {"city": city[:60]}
        if not fitting:
            where = [one.place for one in found.candidates]
            self.against.append(
                Reason(
                    "city_elsewhere" if self.region else "city_not_by_postal", values | _listed(where, self.gazetteer)
                )
            )
            if self.region:
                return
            fitting = list(found.candidates)
        self.city = tuple(fitting)
        if len(fitting) > 1:
            self.against.append(
                Reason("city_ambiguous", values | _listed([one.place for one in fitting], self.gazetteer))
            )
        else:
            self.reasons.append(Reason(f"city_{fitting[0].how}", values | _listed([fitting[0].place], self.gazetteer)))
        if found.alike and not states:
            self.against.append(Reason("city_alike", values | _listed(list(found.alike), self.gazetteer)))

    def _city_in(self, text: str) -> tuple[Found | None, str]:
        """The last district named in an address of one line; a state named there is read as its region."""
        inside = self.gazetteer.find_inside(text, kinds=("state", "district"))
        states = [found for found, _, _ in inside if found.candidates[0].place.kind == "state"]
        if states and self.region is None:
            self.read_region(states[0].candidates[0].matched)
        towns = [(found, start, end) for found, start, end in inside if found.candidates[0].place.kind == "district"]
        if not towns:
            return None, ""
        found, start, end = max(towns, key=lambda one: one[1])
        return found, text[start:end]

    def _state(self, one: Candidate) -> str:
        line = self.gazetteer.ancestors(one.place.code)
        return line[1].code if len(line) > 1 else ""

    def answer(self) -> AddressPlace:
        states = {self._state(one) for one in self.city}
        state = self.region.code if self.region else ""
        if not state and len(states) == 1:
            state = next(iter(states))
        if not state and not states and len(self.postal) == 1:
            state = self.postal[0]
        disputed = bool(state and self.postal and state not in self.postal)
        if disputed:
            listed = [self.gazetteer.places[code] for code in self.postal if code in self.gazetteer.places]
            self.against.append(
                Reason("postal_contradicts", _listed(listed) | {"state": self.gazetteer.places[state].name})
            )
        districts = tuple(sorted({found for one in self.city if (found := self._district(one))}))
        return AddressPlace(
            country=self.country.code,
            state="" if disputed else state,
            district=districts[0] if len(districts) == 1 and len(self.city) == 1 and not disputed else "",
            possible=districts if len(districts) > 1 or disputed else (),
            agree=sum(
                (self.region is not None, bool(self.city) and len(states) == 1, bool(self.postal) and not disputed)
            ),
            reasons=tuple(self.reasons),
            against=tuple(self.against),
        )

    def _district(self, one: Candidate) -> str:
        return next((place.code for place in self.gazetteer.ancestors(one.place.code) if place.kind == "district"), "")


def places_in_text(country: Country, text: str) -> list[Mention]:
    """States and districts that a text names with a word around them that speaks of a place ("in Pune", "पुणे में").

    Names that are also words or people's names are left out: a mention is the weakest of leads as it is.
    """
    mentions = []
    for found, start, end in country.gazetteer.find_inside(text, kinds=("state", "district")):
        named = text[start:end]
        before = re.findall(r"[^\W\d_]+", text[max(0, start - 40) : start].casefold())[-2:]
        after = re.match(r"[\s,.]*([^\s,.!?।]+)", text[end : end + 20].casefold())
        cued = bool(country.cues_before & set(before)) or (after is not None and after[1] in country.cues_after)
        if cued and country.not_in_text.isdisjoint({named.casefold()}):
            mentions.append(Mention(found, named, start, end))
    return sorted(mentions, key=lambda one: one.start)


def _postal_in(country: Country, text: str) -> str:
    """The last postal code in an address of one line."""
    if country.postal_pattern is None:
        return ""
    found = [one[0] for one in re.finditer(rf"(?<!\d){country.postal_pattern.pattern}(?!\d)", text)]
    return found[-1] if found else ""


def _named(place: Place) -> dict[str, str | int | float]:
    return {"place": place.name, "place_hi": place.name_hi or place.name}


def _listed(places: Iterable[Place], gazetteer: Gazetteer | None = None) -> dict[str, str | int | float]:
    """Names for a sentence: "Aurangabad (Bihar), Chhatrapati Sambhajinagar (Maharashtra)", in both languages."""
    english, hindi = [], []
    for place in places:
        line = gazetteer.ancestors(place.code) if gazetteer else []
        state = line[1] if len(line) > 2 else None
        english.append(place.name + (f" ({state.name})" if state else ""))
        hindi.append((place.name_hi or place.name) + (f" ({state.name_hi or state.name})" if state else ""))
    return {"place": ", ".join(english), "place_hi": ", ".join(hindi)}
