"""What the backtest service imports before it is needed."""

import subprocess
import sys

from deploy.services import ROOT


def test_the_coverage_is_known_without_loading_the_compiler() -> None:
    """The service itself only checks requests; numba's second and 70 MB belong to the workers."""
    program = """if True:
        import sys
        from services.backtest.market_data import SampleMarketData
        assert SampleMarketData().coverage().symbols
        assert "numba" not in sys.modules
    """

    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, timeout=60)
