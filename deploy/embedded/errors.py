"""The errors of the embedded stack. Each has a message of one line, and an exit code.

StackError
├── UnusableError       exit code 2: the port, the folder or a package can't be used, nothing was started
├── NotReadyError       exit code 1: a process did not become ready
└── SampleError         exit code 1: the gateway refused a sample strategy
"""

from typing import ClassVar


class StackError(Exception):
    exit_code: ClassVar[int] = 1


class UnusableError(StackError):
    exit_code: ClassVar[int] = 2


class NotReadyError(StackError):
    pass


class SampleError(StackError):
    pass
