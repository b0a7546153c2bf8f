# SPDX-License-Identifier: Apache-2.0
"""Sound messages and sound."""

from __future__ import annotations

from array import array

import numpy as np

from empathy_ros.bridge import msgs
from empathy_ros.bridge.convert.basics import stamp_from_msg, stamp_to_msg
from empathy_ros.core.audio import MAX_CHUNK_S, mono_from_pcm, to_int16
from empathy_ros.core.media import Sound
from empathy_ros.core.resampling import RATE_HI_HZ, RATE_LO_HZ

_MAX_BYTES = int(MAX_CHUNK_S * RATE_HI_HZ * 4 * 8)


def audio_from_msg(msg: msgs.AudioChunk) -> Sound:
    """Return the sound of a chunk as mono.

    Raises:
        ValueError: unknown encoding, a number of bytes that is no whole frame, no bytes, too many
            bytes, or an absurd sample rate; the text names it.
    """
    if not RATE_LO_HZ <= msg.sample_rate <= RATE_HI_HZ:
        raise ValueError(
            f'sample_rate: {msg.sample_rate} Hz is outside {RATE_LO_HZ}..{RATE_HI_HZ}'
        )
    if not 0 < len(msg.data) <= _MAX_BYTES:
        raise ValueError(f'data: {len(msg.data)} bytes; send chunks of 20 to 100 ms')
    samples = mono_from_pcm(memoryview(msg.data).tobytes(), msg.encoding, int(msg.channels))
    return Sound(stamp_from_msg(msg.header.stamp), samples, int(msg.sample_rate), int(msg.seq))


def audio_to_msg(sound: Sound, frame_id: str = 'microphone') -> msgs.AudioChunk:
    """Return sound as a chunk of signed 16-bit samples."""
    msg = msgs.AudioChunk(
        sample_rate=sound.sample_rate, channels=1, encoding='S16LE', seq=sound.seq % 2**32
    )
    msg.header.stamp = stamp_to_msg(sound.stamp_ns)
    msg.header.frame_id = frame_id
    msg.data = array('B', np.ascontiguousarray(to_int16(sound.samples)).tobytes())
    return msg
