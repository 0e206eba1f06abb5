"""What the backtest service imports before it is needed."""

import subprocess
import sys

from deploy.services import ROOT


def test_the_service_checks_requests_without_loading_the_compiler() -> None:
    """Numba's second and 70 MB belong to the workers."""
    program = """if True:
        import sys
        import services.backtest.bootstrap
        from services.backtest.domain.planning import define
        from services.backtest.market_data import open_market_data
        from services.backtest.views import view_strategy_types
        assert open_market_data("sample").instruments()
        assert define("rsi", {"window": 7}).parameters["window"] == 7
        assert view_strategy_types().data
        assert "numba" not in sys.modules
    """

    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, timeout=60)
