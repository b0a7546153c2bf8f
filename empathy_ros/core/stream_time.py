# SPDX-License-Identifier: Apache-2.0
"""Time of a sound stream: is the labelled rate true, and when did a chunk end."""

from __future__ import annotations

STANDARD_RATES_HZ = (
    8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 64_000, 88_200, 96_000,
)  # fmt: skip


class RateWatch:
    """Compares the labelled sample rate with samples per time of the stamps."""

    _WINDOW_S = 1.5
    _OK_SHARE = 0.08
    _SNAP_SHARE = 0.04

    def __init__(self) -> None:
        """Start without an opinion."""
        self.rate_hz = 0
        self._label_hz = 0
        self._restart(0)
        self._suspect = 0

    def _restart(self, stamp_ns: int) -> None:
        self._anchor_ns, self._count, self._last_ns = stamp_ns, 0, stamp_ns

    def step(self, stamp_ns: int, count: int, label_hz: int, gap: bool = False) -> int:
        """Return the rate to believe [Hz], or 0 when the stream must be refused.

        Args:
            stamp_ns: Capture time of the first sample of this chunk.
            count: Samples in this chunk.
            label_hz: What the sender says.
            gap: True when chunks were lost before this one.
        """
        if label_hz != self._label_hz:
            self._label_hz, self.rate_hz, self._suspect = label_hz, label_hz, 0
            self._restart(stamp_ns)
        step_s = (stamp_ns - self._last_ns) * 1e-9
        if gap or step_s < 0.0 or step_s > 1.0:
            self._restart(stamp_ns)
        span_s = (stamp_ns - self._anchor_ns) * 1e-9
        if span_s >= self._WINDOW_S:
            self._judge(self._count / span_s)
            self._restart(stamp_ns)
        self._count += count
        self._last_ns = stamp_ns
        return self.rate_hz

    def _judge(self, measured_hz: float) -> None:
        """Believe a deviation that two windows in a row show."""
        if abs(measured_hz / self._label_hz - 1.0) <= self._OK_SHARE:
            self.rate_hz, self._suspect = self._label_hz, 0
            return
        nearest = min(STANDARD_RATES_HZ, key=lambda rate: abs(rate - measured_hz))
        fast = measured_hz > self._label_hz
        share = self._SNAP_SHARE if fast else self._SNAP_SHARE / 4
        snaps = abs(measured_hz / nearest - 1.0) <= share
        # Too little sound that fits no standard rate is lost sound, not a wrong label.
        guess = nearest if snaps else (0 if fast else self._label_hz)
        self._suspect = self._suspect + 1 if guess != self.rate_hz else 0
        if self._suspect >= 2:
            self.rate_hz, self._suspect = guess, 0


class StreamClock:
    """Time of a stream: counted by samples, drawn gently to the stamps.

    Stamps may jitter, stand still or run at another speed (simulated time); waits of the speech
    activity must not notice. Only a jump of more than half a second is believed at once.
    """

    _JUMP_NS = 500_000_000
    _SLEW_SHARE = 0.03

    def __init__(self) -> None:
        """Start with the first chunk."""
        self._end_ns: int | None = None
        self._stamp_end_ns = 0

    def step(self, stamp_ns: int, duration_ns: int) -> tuple[int, bool]:
        """Return the end of this chunk [ns] and whether sound is missing before it."""
        stamp_end_ns = stamp_ns + duration_ns
        if self._end_ns is None:
            self._end_ns = self._stamp_end_ns = stamp_end_ns
            return stamp_end_ns, False
        jump = abs(stamp_ns - self._stamp_end_ns) > self._JUMP_NS
        self._stamp_end_ns = stamp_end_ns
        if jump:
            self._end_ns = stamp_end_ns
            return stamp_end_ns, True
        slew_ns = int(self._SLEW_SHARE * duration_ns)
        off_ns = stamp_end_ns - (self._end_ns + duration_ns)
        self._end_ns += duration_ns + min(max(off_ns, -slew_ns), slew_ns)
        return self._end_ns, False
