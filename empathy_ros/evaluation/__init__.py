# SPDX-License-Identifier: Apache-2.0
"""What `empathy eval` and `empathy bench` run; no ROS."""
