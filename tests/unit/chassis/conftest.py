"""What the tests of the chassis share."""

import pytest

from tests.unit.chassis.jobs import Jobs


@pytest.fixture
def jobs() -> Jobs:
    return Jobs()
