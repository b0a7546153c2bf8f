# SPDX-License-Identifier: Apache-2.0
"""Keeps the ids of faces stable from frame to frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
import itertools
import math
import secrets

from empathy_ros.core.face import Face
from empathy_ros.core.params import param

NS_PER_S = 1_000_000_000
LETTERS = 'bcdfghjkmnpqrstvwxz'
SPEED_GAIN = 0.5


@dataclass(frozen=True)
class TrackingConfig:
    """When two detections are the same face."""

    lost_after_s: float = param(
        1.5, 'A face not seen for so long is gone; later it gets a new id [s].', lo=0.1, hi=30.0
    )
    confirm_frames: int = param(
        3, 'Frames in which a new face must be found before it counts.', lo=1, hi=30
    )
    max_jump: float = param(
        0.8, 'Largest distance from the expected place [sides of the face].', lo=0.1, hi=5.0
    )
    max_growth: float = param(
        1.6, 'Largest change of size between frames [factor].', lo=1.05, hi=5.0
    )
    deterministic_ids: bool = param(False, 'Ids f1, f2, ... instead of random ones, for tests.')


@dataclass(frozen=True, eq=False)
class Track:
    """A face followed over time.

    Attributes:
        id: Short, a letter first; never a name.
        face: As last seen.
        first_ns: When it was first seen.
        seen_ns: When it was last seen.
        frames: In how many frames it was seen.
        confirmed: Seen in enough frames to count as a face.
    """

    id: str
    face: Face
    first_ns: int
    seen_ns: int
    frames: int
    confirmed: bool
    speed_px_s: tuple[float, float] = (0.0, 0.0)


def random_id() -> str:
    """Return 'f' and four random letters without vowels (130,000 ids, no words)."""
    return 'f' + ''.join(secrets.choice(LETTERS) for _ in range(4))


class FaceTracker:
    """Matches faces to tracks by overlap of place and size, with constant speed between frames.

    Candidate pairs are taken from the closest on; with the few faces of a living room this differs
    from the best assignment only when two faces share one place.
    """

    def __init__(self, config: TrackingConfig | None = None) -> None:
        """Start without faces."""
        self.config = config or TrackingConfig()
        self._tracks: list[Track] = []
        self._numbers = itertools.count(1)
        self._now_ns: int | None = None

    def clear(self) -> None:
        """Forget all faces; the next ones get new ids."""
        self._tracks, self._now_ns = [], None

    def update(self, faces: Sequence[Face], now_ns: int) -> list[Track]:
        """Return the confirmed tracks that are seen in this frame, best score first.

        Args:
            faces: The faces of one frame.
            now_ns: Its stamp; when it goes back, as in a replay that starts again, all is
                forgotten.
        """
        if self._now_ns is not None and now_ns < self._now_ns:
            self.clear()
        self._now_ns = now_ns
        limit_ns = int(self.config.lost_after_s * NS_PER_S)
        self._tracks = [t for t in self._tracks if now_ns - t.seen_ns <= limit_ns]
        kept, new = self._match(faces, now_ns)
        seen = [self._follow(track, face, now_ns) for track, face in kept]
        seen += [self._begin(face, now_ns) for face in new]
        missing = {id(track) for track, _ in kept}
        waiting = [t for t in self._tracks if id(t) not in missing and t.confirmed]
        self._tracks = waiting + seen
        confirmed = [t for t in seen if t.confirmed]
        return sorted(confirmed, key=lambda t: -t.face.score)

    def in_view(self) -> int:
        """Return how many confirmed faces are here, the briefly unseen ones included."""
        return sum(track.confirmed for track in self._tracks)

    def _match(
        self, faces: Sequence[Face], now_ns: int
    ) -> tuple[list[tuple[Track, Face]], list[Face]]:
        pairs = []
        for track, (index, face) in itertools.product(self._tracks, enumerate(faces)):
            distance = self._distance(track, face, now_ns)
            if distance is not None:
                pairs.append((distance, -track.frames, index, track))
        pairs.sort(key=lambda pair: pair[:3])
        kept: list[tuple[Track, Face]] = []
        used_tracks: set[int] = set()
        used_faces: set[int] = set()
        for _, _, index, track in pairs:
            if id(track) not in used_tracks and index not in used_faces:
                used_tracks.add(id(track))
                used_faces.add(index)
                kept.append((track, faces[index]))
        return kept, [face for i, face in enumerate(faces) if i not in used_faces]

    def _distance(self, track: Track, face: Face, now_ns: int) -> float | None:
        """Return how far a face is from where the track should be, None = another face."""
        age_s = (now_ns - track.seen_ns) / NS_PER_S
        side = track.face.side_px
        growth = max(side, face.side_px) / max(1e-6, min(side, face.side_px))
        # A gap of a second leaves room for more movement and another distance to the camera.
        slack = 1.0 + age_s
        if growth > self.config.max_growth * slack:
            return None
        x, y = track.face.centre_px
        # Speed is trusted less the longer nothing was seen.
        ahead_s = min(age_s, 0.5)
        dx = face.centre_px[0] - x - track.speed_px_s[0] * ahead_s
        dy = face.centre_px[1] - y - track.speed_px_s[1] * ahead_s
        distance = math.hypot(dx, dy) / max(side, 1e-6)
        if distance > self.config.max_jump * slack:
            return None
        return distance + 0.5 * math.log(growth)

    def _follow(self, track: Track, face: Face, now_ns: int) -> Track:
        dt_s = max((now_ns - track.seen_ns) / NS_PER_S, 1e-3)
        speed = tuple(
            (1 - SPEED_GAIN) * old + SPEED_GAIN * (new - before) / dt_s
            for old, new, before in zip(
                track.speed_px_s, face.centre_px, track.face.centre_px, strict=True
            )
        )
        frames = track.frames + 1
        confirmed = track.confirmed or frames >= self.config.confirm_frames
        return Track(
            track.id, face, track.first_ns, now_ns, frames, confirmed, (speed[0], speed[1])
        )

    def _begin(self, face: Face, now_ns: int) -> Track:
        used = {track.id for track in self._tracks}
        name = f'f{next(self._numbers)}' if self.config.deterministic_ids else random_id()
        while name in used:
            name = random_id()
        return Track(name, face, now_ns, now_ns, 1, self.config.confirm_frames <= 1)
