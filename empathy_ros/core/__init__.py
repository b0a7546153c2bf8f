# SPDX-License-Identifier: Apache-2.0
"""Pure thinking: standard library and numpy only; no ROS, files, threads or clock."""
