"""What the scheduler does besides jobs: it chains the ledger."""

from datetime import timedelta
from functools import partial

from jobs.installation import Installation
from jobs.ticks import Tick
from privacy.ledger.sequencer import sequence

EVERY_SECOND = timedelta(seconds=1)


def installation_ticks(installation: Installation) -> list[Tick]:
    """Ticks of the scheduler's process; made once its keys were checked."""
    chain = partial(
        sequence, installation.engines.sequencer, installation.signer, installation.anchors
    )
    return [Tick("sequencer", EVERY_SECOND, chain)]
