"""A forgotten password of a holder: a link by mail, and the same answer for everybody."""

from connector.registrations.desks import Office
from connector.registrations.links import LASTS, consume_link, issue_link, peek_link
from connector.registrations.models import Registrant
from connector.registrations.seals import open_details, put_password
from connector.registrations.sessions import end_sessions_of
from connector.registrations.sign_in import count_attempt, find_holder
from privacy.core.errors import Gone
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.mails.kinds import MailKind
from tenants.limits.keys import Trial
from tenants.passwords.rules import check_password
from tenants.tenants.views import view_tenant


def ask_for_reset(office: Office, *, who: str, address: str) -> None:
    """Send the link if there is such an account. Raises TooManyRequests, whether or not."""
    with office.work() as work:
        count_attempt(work, office, trial=Trial.RESET, who=who, address=address)
    with office.work() as work:
        row = find_holder(work, office, who)
        if row is None:
            return
        token = issue_link(work, registrant_id=row.id, purpose="reset")
        values = {
            "tenant": view_tenant(office.vault, work).name,
            "link": office.link("account/*/reset", token),
            "minutes": str(int(LASTS["reset"].total_seconds() // 60)),
        }
        to = open_details(work, office.vault, row).email
        office.mail(work, to=to, kind=MailKind.REGISTRANT_RESET, values=values)


def peek_reset(office: Office, *, token: str) -> None:
    """Whether the link still works, changing nothing. Raises Gone."""
    with office.work() as work:
        peek_link(work, purpose="reset", token=token)


def reset_password(office: Office, *, token: str, new: str) -> None:
    """Set a password with a link; all sessions end.

    Raises:
        Gone: the link is used or too old. Invalid: the password is too weak.
    """
    with office.work() as work:
        registrant_id = peek_link(work, purpose="reset", token=token)
        row = work.session.get(Registrant, (work.tenant_id, registrant_id))
        if row is None or row.state != "active":
            raise Gone
        details = open_details(work, office.vault, row)
    check_password(new, email=details.email, name=details.name)
    encoded = office.desk.hashing.hash(new)
    with office.work(registrant_id) as work:
        consume_link(work, purpose="reset", token=token)
        row = work.session.get(Registrant, (work.tenant_id, registrant_id), with_for_update=True)
        if row is None or row.state != "active":
            raise Gone
        put_password(work, office.vault, row, encoded)
        end_sessions_of(work, registrant_id=registrant_id)
        record(work, Event.REGISTRANT_RESET, subject=registrant_id)
