"""One real console for all tests of the gate, started by its command on a filled database."""

from collections.abc import Iterator

import pytest

from tests import serving


@pytest.fixture(scope="session")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[serving.Served]:
    path = serving.make_world(tmp_path_factory.mktemp("gate"), True)
    served = serving.serve(path, MATRIX_CONSOLE_LOCK_AFTER="3", MATRIX_CONSOLE_IDLE_MINUTES="15")
    yield served
    served.stop()
