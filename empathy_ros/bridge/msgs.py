# SPDX-License-Identifier: Apache-2.0
"""All message, service and action classes that our nodes use, in one import."""

from __future__ import annotations

from builtin_interfaces.msg import Duration, Time
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue
from geometry_msgs.msg import Quaternion
from sensor_msgs.msg import CameraInfo, CompressedImage, Image
from std_msgs.msg import Bool, Empty, String, UInt32
from std_srvs.srv import SetBool, Trigger
from trajectory_msgs.msg import JointTrajectory, JointTrajectoryPoint

try:
    from empathy_interfaces.action import EmpathicResponse, EnrollPerson, Say
    from empathy_interfaces.msg import (
        AffectEstimate,
        AffectEstimateArray,
        AffectTaxonomy,
        AffectTaxonomyArray,
        AudioChunk,
        CaregiverAlert,
        ConsentState,
        ConsentStateArray,
        ConversationState,
        DataUse,
        DataUseArray,
        DirectiveOutcome,
        EmpathicDirective,
        Expression,
        FaceFeatures,
        FaceFeaturesArray,
        Person,
        PersonAffect,
        PersonAffectArray,
        PersonArray,
        Utterance,
        WellbeingSummary,
    )
    from empathy_interfaces.srv import (
        AcknowledgeAlert,
        Explain,
        ExportPerson,
        ForgetPerson,
        GetConsent,
        GetPersonAffect,
        GetWellbeing,
        LeaseSensor,
        ReportFeedback,
        SetConsent,
    )
except ImportError as error:
    raise ImportError(
        f'{error}. The messages are not built or not sourced: run '
        '`colcon build --base-paths . empathy_interfaces` and source install/setup.bash, '
        'or start through ./empathy'
    ) from error

__all__ = [
    'AcknowledgeAlert',
    'AffectEstimate',
    'AffectEstimateArray',
    'AffectTaxonomy',
    'AffectTaxonomyArray',
    'AudioChunk',
    'Bool',
    'CameraInfo',
    'CaregiverAlert',
    'CompressedImage',
    'ConsentState',
    'ConsentStateArray',
    'ConversationState',
    'DataUse',
    'DataUseArray',
    'DiagnosticArray',
    'DiagnosticStatus',
    'DirectiveOutcome',
    'Duration',
    'EmpathicDirective',
    'EmpathicResponse',
    'Empty',
    'EnrollPerson',
    'Explain',
    'ExportPerson',
    'Expression',
    'FaceFeatures',
    'FaceFeaturesArray',
    'ForgetPerson',
    'GetConsent',
    'GetPersonAffect',
    'GetWellbeing',
    'Image',
    'JointTrajectory',
    'JointTrajectoryPoint',
    'KeyValue',
    'LeaseSensor',
    'Person',
    'PersonAffect',
    'PersonAffectArray',
    'PersonArray',
    'Quaternion',
    'ReportFeedback',
    'Say',
    'SetBool',
    'SetConsent',
    'String',
    'Time',
    'Trigger',
    'UInt32',
    'Utterance',
    'WellbeingSummary',
]
