"""Having a task done by who works on the store: the daemon, or this command where nobody does."""

from __future__ import annotations

import time
from typing import NamedTuple

from aggregator.cli.composition import clerk_of, tell_hub, working_on
from aggregator.config.settings import Settings
from aggregator.errors import AggregatorError, AlreadyRunningError
from aggregator.pipeline.publication import Publisher
from aggregator.pipeline.tasks import Answer, Task
from aggregator.publish.templating import Templates
from aggregator.publish.templating import load as load_templates
from aggregator.schedule.mailbox import Mailbox

_PATIENCE = 60.0  # seconds
_GLANCE = 0.1


class Done(NamedTuple):
    """What became of a task; its answer has the paths that were `published` besides.

    `flawed` says that a template of the operator's failed, and ours stood in.
    """

    answer: Answer
    flawed: bool


def have_done(settings: Settings, task: Task) -> Done:
    """Have *task* done and published; raise AggregatorError where it cannot be.

    A task that is not done within a minute (the daemon may be busy with a long publication) waits
    for who works on the store, and AlreadyRunningError says so. Interrupted, it is taken back.
    """
    templates = load_templates(settings.publish)
    mailbox = Mailbox(settings.store.path)
    name = mailbox.post(task)
    end = time.monotonic() + _PATIENCE
    try:
        while (answer := mailbox.collect(name)) is None:
            if not _did_it(settings, templates):
                if time.monotonic() > end:
                    raise AlreadyRunningError(
                        f"who works on {settings.store.path} is busy: it is done as soon as that"
                        " has come to an end",
                        code="E411",
                    )
                time.sleep(_GLANCE)
    except KeyboardInterrupt:
        mailbox.withdraw(name)
        raise
    if "error" in answer:
        error = AggregatorError(answer["error"], code=answer.get("code", ""))
        error.exit_status = answer["status"]
        raise error
    return Done(answer, bool(templates.faults))


def _did_it(settings: Settings, templates: Templates) -> bool:
    """Do all that waits, and publish it; return False where another process works on the store."""
    try:
        with working_on(settings) as store:
            clerk = clerk_of(settings, store)
            clerk.work()
            clerk.report(Publisher(settings, store, templates=templates).publish())
            tell_hub(settings, store)
    except AlreadyRunningError:
        return False
    return True
