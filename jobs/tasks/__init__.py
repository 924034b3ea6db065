"""What each job does: a few lines each, shells over use cases of the floors below."""

from collections.abc import Mapping

from jobs.contexts import Task
from privacy.core.outbox.names import JobName

TASKS: Mapping[JobName, Task] = {}
"""The task of every job. A test holds that none is missing."""
