"""The gateway's errors.

ChassisError (chassis)
└── NoReplyError            no answer came in time
"""

from services.chassis.errors import ChassisError


class NoReplyError(ChassisError):
    """No answer came in time. The request may still be carried out."""
