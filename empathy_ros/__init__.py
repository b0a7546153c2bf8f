# SPDX-License-Identifier: Apache-2.0
"""From a face, a voice and words to a kind and honest answer, on ROS 2."""

__version__ = '0.1.0'
