# SPDX-License-Identifier: Apache-2.0
"""The planner: words, affect, events and consent in; directives out.

Everything here is deterministic for a given seed. Answers to danger come from the guardian's
rules; the planner runs the same pure rules and marks such directives with the guardian's name as
their source, so that a node can hold them back while the guardian lives and speak them when it is
dead.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from empathy_ros.core.answers import Answers
from empathy_ros.core.appraisal import Appraisal, AppraisalConfig, appraise
from empathy_ros.core.behaviour.style import (
    adapted,
    clock_facts,
    PlannerConfig,
    said_lines,
    spoken_reason,
)
from empathy_ros.core.behaviour.tree import Tree
from empathy_ros.core.behaviour.turn import Body, Plan, Turn
from empathy_ros.core.checker import Checker
from empathy_ros.core.consent import opt_out
from empathy_ros.core.conversation import NS_PER_S, Talk
from empathy_ros.core.crisis import CrisisOutcome, CrisisWatch
from empathy_ros.core.phrases import PhraseBank
from empathy_ros.core.types import (
    Act,
    Alert,
    AlertKind,
    Consent,
    Directive,
    Event,
    Expression,
    Person,
    PersonAffect,
    Scope,
    Utterance,
)
from empathy_ros.core.wording import Generator, Wording

__all__ = ['Planner', 'PlannerConfig']

CRISIS_TALK_S = 900.0
DISTRESSED = frozenset({'agitation', 'missing_person', 'worry', 'tense'})
WATCH_PERIOD_S = 60.0


class Planner:
    """Decides what to say and do for one person; pure, see the module text."""

    def __init__(
        self,
        config: PlannerConfig,
        bank: PhraseBank,
        checker: Checker,
        safety: CrisisWatch,
        generator: Generator | None = None,
    ) -> None:
        """Build the tree.

        Args:
            config: Parameters.
            bank: Phrases.
            checker: Guard behind every sentence.
            safety: Crisis rules, made from a complete crisis policy.
            generator: Optional wording.

        Raises:
            ValueError: there are no crisis rules; no conversation starts without them.
        """
        if safety is None:
            raise ValueError('planner: no crisis policy is configured; give one in policy.yaml')
        self._config, self._safety = config, safety
        self._wording = Wording(bank, checker, generator, config.seed)
        self._tree = Tree()
        self.talk = Talk()
        self._needs: frozenset[str] = frozenset()
        self._consent: Consent | None = None
        self._affect: PersonAffect | None = None
        self._queue: list[Directive] = []
        self._alerts: list[Alert] = []
        self._safety_alerts: list[Alert] = []
        self.answers = Answers()
        self._count = 0
        self._watched_ns = -(10**18)
        self._locale = bank.locale

    @property
    def generator(self) -> Generator | None:
        """The optional wording; may be set to None while its server is down."""
        return self._wording.generator

    @generator.setter
    def generator(self, generator: Generator | None) -> None:
        self._wording.generator = generator

    def reconfigure(self, config: PlannerConfig) -> None:
        """Take new parameters; the seed counts only at start."""
        self._config = config

    def person(self, person: Person) -> None:
        """Take whom the robot talks with and what they need."""
        if person.person_id != self.talk.person_id:
            self.talk = Talk(person_id=person.person_id, others=set(self.talk.others))
        self._needs = frozenset(person.needs)

    def history(self, *, low_mood_days: int = 0, turns_today: int = 0) -> None:
        """Take what the agreed log knows."""
        self.talk.low_mood_days, self.talk.turns_today = low_mood_days, turns_today

    def consent(self, consent: Consent) -> None:
        """Take what the person agrees to; a withdrawn modality is forgotten at once."""
        self._consent = consent
        if not consent.granted & {Scope.FACE, Scope.VOICE, Scope.TEXT}:
            self._affect = None

    def faces(self, count: int) -> None:
        """Take the number of faces in view; two or more mean company."""
        (self.talk.others.add if count >= 2 else self.talk.others.discard)('face')

    def sense(self, affect: PersonAffect, now_ns: int) -> None:
        """Take the newest fused estimate; one that is unknown replaces an older one."""
        del now_ns
        if self.talk.person_id in ('', affect.person_id):
            self._affect = affect

    def hear(self, utterance: Utterance, now_ns: int, speaker: str = '') -> None:
        """Decide on words; the directive comes with the next `tick`.

        Args:
            utterance: Words; source 'tv' and unfinished speech are never answered.
            now_ns: ROS time.
            speaker: 'person', 'other' or 'tv'; '' = by the utterance's ids.
        """
        who = speaker or self._speaker(utterance)
        if self.talk.television and not utterance.person_id and not speaker:
            who = 'tv'
        heard = who != 'tv' and utterance.is_final and bool(utterance.text.strip())
        counts = heard and (who == 'person' or self._reports_emergency(utterance, now_ns))
        outcome = self._safety.hear(utterance, now_ns) if counts else None
        reading = appraise(
            utterance, self._usable(now_ns), self._appraisal(), frozenset(self.talk.dead)
        )
        if heard and who == 'person':
            self._count_turn(utterance, reading)
        turn = self._turn(now_ns, reading, utterance=utterance, speaker=who)
        turn.opt_out = opt_out(utterance.text) if heard else None
        self._take(turn, outcome)
        self._decide(turn)

    def event(self, event: Event, now_ns: int) -> None:
        """Take an event; the directive comes with the next `tick`."""
        self.talk.note(event)
        outcome = self._safety.event(event, now_ns, self.talk.person_id)
        if event not in (Event.FALL, Event.STOP_BUTTON, Event.SILENCE_10S):
            return
        reading = appraise(None, self._usable(now_ns), self._appraisal())
        turn = self._turn(now_ns, reading, event=event)
        self._take(turn, outcome)
        self._decide(turn)

    def tick(self, now_ns: int) -> list[Directive]:
        """Return the directives that are due; call it after each input and at 5 Hz."""
        said = self._safety.tick(now_ns).directive
        if said is not None:
            self._queue.append(said)
        if not self._queue:
            reading = appraise(None, self._usable(now_ns), self._appraisal())
            turn = self._turn(now_ns, reading)
            looked = now_ns - self._watched_ns < WATCH_PERIOD_S * NS_PER_S
            spoke = now_ns - self.talk.last_turn_ns < WATCH_PERIOD_S / 6 * NS_PER_S
            known = self.talk.disclosed_ns > 0
            if not known or (not (spoke and self.talk.last_turn_ns) and not looked):
                self._decide(turn)
                self._watched_ns = now_ns if turn.plan is not None and known else self._watched_ns
        ready, self._queue = self._queue, []
        return ready

    def take_alerts(self) -> list[Alert]:
        """Return and forget the planner's own alerts (lasting distress)."""
        alerts, self._alerts = self._alerts, []
        return alerts

    def take_safety_alerts(self) -> list[Alert]:
        """Return and forget the safety rules' alerts; publish them if the guardian is dead."""
        alerts, self._safety_alerts = self._safety_alerts, []
        return alerts

    def taken_over(self) -> None:
        """A human acknowledged the alert: the crisis talk may end."""
        self.talk.crisis_until_ns = 0

    def explain(self, directive_id: str = '') -> str:
        """Return why something was said, in words; '' for an id that is no longer known."""
        return self.answers.explain(directive_id)

    def not_done(self, directive_id: str, why: str) -> None:
        """Take that the body did not carry an answer out: its words count as not said."""
        directive = self.answers.not_done(directive_id, why)
        if directive is None:
            return
        for line in said_lines(directive.text):
            if line in self.talk.said:
                self.talk.said.remove(line)
        if self.talk.last_text == directive.text:
            self.talk.last_text = ''

    def memory(self) -> dict[str, Any]:
        """Return what must survive a restart: no words, only times and quiet states."""
        return self.talk.stored()

    def restore(self, memory: dict[str, Any]) -> None:
        """Take what `memory` gave.

        Raises:
            ValueError: an entry is unknown.
        """
        self.talk.restore(memory)

    def _reports_emergency(self, utterance: Utterance, now_ns: int) -> bool:
        """Say whether somebody else reports an emergency; their other talk is not used."""
        return self._safety.peek(utterance, now_ns).kind is AlertKind.EMERGENCY

    def _speaker(self, utterance: Utterance) -> str:
        if utterance.source == 'tv':
            return 'tv'
        if utterance.person_id and self.talk.person_id in ('', utterance.person_id):
            self.talk.person_id = utterance.person_id
            return 'person'
        return 'other'

    def _appraisal(self) -> AppraisalConfig:
        config = self._config
        return AppraisalConfig(
            config.min_asr_confidence, config.min_affect_confidence, config.max_conflict
        )

    def _usable(self, now_ns: int) -> PersonAffect | None:
        """Return the estimate when it is fresh and nobody else is here."""
        affect = self._affect
        if affect is None or self.talk.others or now_ns - affect.stamp_ns > 10 * NS_PER_S:
            return None
        return affect

    def _count_turn(self, utterance: Utterance, reading: Appraisal) -> None:
        talk = self.talk
        talk.turns += 1
        talk.turns_today += 1
        angry = reading.situation == 'anger_at_robot'
        talk.anger_turns = talk.anger_turns + 1 if angry else 0
        talk.vulnerability = min(5, max(talk.vulnerability, reading.vulnerability))
        who = reading.slots.get('who', '')
        if reading.situation == 'grief' and who:
            talk.who = who
            talk.dead = {*list(talk.dead)[-9:], who.removeprefix('your ').lower()}

    def _turn(self, now_ns: int, reading: Appraisal, *, utterance: Utterance | None = None,
              speaker: str = 'person', event: Event | None = None) -> Turn:  # fmt: skip
        config = self._config
        granted = self._consent.granted if self._consent is not None else frozenset()
        hours = config.disclose_hours
        if 'dementia' in self._needs:
            hours = min(hours, config.dementia_disclose_hours)
        local_s = now_ns // NS_PER_S + config.utc_offset_min * 60
        facts = clock_facts(local_s, config.place)
        if self.talk.who:
            facts['who'] = self.talk.who
        return Turn(
            now_ns,
            self.talk,
            reading,
            utterance,
            speaker,
            event,
            may_talk=self._consent is None or Scope.TEXT in granted,
            wellbeing=Scope.WELLBEING in granted,
            needs=self._needs,
            day=local_s // 86_400,
            turn_limit=config.turns_per_day,
            disclose_every_ns=int(hours * 3600 * NS_PER_S),
            facts=facts,
        )

    def _take(self, turn: Turn, outcome: CrisisOutcome | None) -> None:
        """Put the safety rules' outcome into the turn."""
        if outcome is None:
            return
        self._safety_alerts.extend(outcome.alerts)
        turn.safety, turn.safety_row = outcome.directive, outcome.reading.row
        if outcome.reading.level >= 2 and outcome.directive is not None:
            self.talk.crisis_until_ns = turn.now_ns + int(CRISIS_TALK_S * NS_PER_S)

    def _decide(self, turn: Turn) -> None:
        plan = self._tree.run(turn)
        if plan is None or (not plan.acts and plan.ready is None):
            return
        directive = self._ready(plan) if plan.ready is not None else self._directive(turn, plan)
        self._remember(turn, plan, directive)
        self._queue.append(directive)

    def _ready(self, plan: Plan) -> Directive:
        assert plan.ready is not None
        rules = plan.ready.rules or ((plan.rule,) if plan.rule else ())
        body = adapted(Body(plan.ready.speech_rate), self._needs)
        shown = plan.ready.show_on_screen or bool(self._needs & {'hearing_loss', 'dementia'})
        return replace(
            plan.ready,
            rules=rules,
            speech_rate=min(plan.ready.speech_rate, body.speech_rate),
            show_on_screen=shown,
        )

    def _directive(self, turn: Turn, plan: Plan) -> Directive:
        spoken = turn.utterance.text if turn.utterance is not None else ''
        words = self._wording.compose(
            plan, self.talk, turn.appraisal, self._needs, spoken, self.answers.disliked
        )
        body = adapted(plan.body, self._needs)
        self._count += 1
        return Directive(
            stamp_ns=turn.now_ns,
            id=f'plan-{self._config.seed}-{self._count}',
            acts=words.acts,
            text=words.text,
            person_id=self.talk.person_id,
            turn_id=turn.utterance.turn_id if turn.utterance is not None else '',
            source='consent_gate' if plan.situation == 'opt_out' else 'planner',
            locale=self._locale,
            speech_rate=body.speech_rate,
            speech_volume=body.speech_volume,
            speech_pitch=body.speech_pitch,
            show_on_screen=bool(self._needs & {'hearing_loss', 'dementia'}) and bool(words.text),
            expression=Expression(body.expression),
            gaze=body.gaze,
            gesture=body.gesture,
            led=body.led,
            distance=body.distance,
            motion_limits=body.motion_limits,
            priority=plan.priority,
            rationale=plan.reason,
            rules=(plan.rule,) if plan.rule else (),
            guard_flags=words.flags,
            expires_ns=turn.now_ns + int(self._config.expires_s * NS_PER_S),
        )

    def _remember(self, turn: Turn, plan: Plan, directive: Directive) -> None:
        talk = self.talk
        self.answers.keep(directive)
        if Act.DISCLOSE_AI in directive.acts and directive.text:
            talk.disclosed_ns = turn.now_ns
        if not directive.text:
            return
        talk.last_text = directive.text
        talk.last_reason = spoken_reason(plan)
        talk.said.extend(said_lines(directive.text))
        first = plan.acts[0] if plan.acts else None
        if first is Act.INFORM and turn.utterance is not None and plan.situation != 'time':
            talk.note_answer(turn.appraisal.words, directive.text)
        if plan.situation == 'grief' and Act.CONFIRM in directive.acts:
            talk.pending = 'grief_shared'
        elif Act.OFFER_HUMAN in directive.acts:
            talk.pending = 'ask_human'
        if plan.situation == 'strong_pain':
            self._alert(turn, 'the person reports strong pain', AlertKind.EMERGENCY)
        if plan.situation == 'ask_human':
            self._alert(turn, 'the person asks for company or for a call', AlertKind.WELLBEING)
        if plan.situation == 'missing_person' and Act.OFFER_HUMAN in directive.acts:
            self._alert(turn, 'the person keeps asking for someone who is not here')
        if turn.utterance is not None:
            lasting = plan.situation in DISTRESSED or turn.appraisal.mood < -0.5
            talk.distress_turns = talk.distress_turns + 1 if lasting else 0
            if talk.distress_turns == 3 and 'dementia' in self._needs:
                self._alert(turn, 'restlessness or distress has lasted for several turns')

    def _alert(self, turn: Turn, summary: str, kind: AlertKind = AlertKind.DISTRESS) -> None:
        self._alerts.append(
            Alert(
                turn.now_ns,
                f'{kind.value}-{self._config.seed}-{self._count}',
                kind,
                1 if kind is AlertKind.DISTRESS else 0,
                summary,
                self.talk.person_id,
                (f'turns:{self.talk.depth}',),
            )
        )
