# SPDX-License-Identifier: Apache-2.0
"""The only place that knows both ROS messages and our own types."""
