# SPDX-License-Identifier: Apache-2.0
"""ROS nodes: wiring only, one file per node."""
