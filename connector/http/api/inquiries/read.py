"""GET /api/v1/inquiries, POST …/search, GET …/{id}."""

import uuid

from flask import Response

from connector.http.api.answers import answer
from connector.http.api.inputs import JSON, read_json, read_query
from connector.http.api.inquiries.shapes import (
    EXAMPLE,
    MESSAGE,
    FoundInquiries,
    InquiryQuery,
    InquirySearch,
    WholeInquiry,
    inquiry_of,
    whole_of,
)
from connector.http.api.operations import Body, Operation, describes
from connector.inquiries.find import Wanted
from connector.inquiries.views import view_inquiry, view_page
from privacy.core.errors import Invalid, NotFound
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission
from tenants.principals import Mode


@requires(Permission.INQUIRIES_READ)
@describes(
    Operation(
        id="listInquiries",
        summary="List inquiries",
        description="Heads of threads, the latest message first, by state and channel.",
        tag="inquiries",
        query=InquiryQuery,
        answer=FoundInquiries,
        example={"inquiries": [EXAMPLE], "next_cursor": None},
        problems=(Invalid,),
        mode=True,
    )
)
def list_all() -> Response:
    """A page of threads."""
    query = read_query(InquiryQuery)
    wanted = Wanted(state=query.state, channel=query.channel)
    return _page(wanted, query.cursor, query.limit)


@requires(Permission.INQUIRIES_READ)
@describes(
    Operation(
        id="searchInquiries",
        summary="Find a person's inquiries",
        description="By e-mail address or telephone number, which are in the body and no log.",
        tag="inquiries",
        body=Body(
            kinds={JSON: InquirySearch},
            examples={JSON: {"email": "robin@example.org"}},
            description="Whose inquiries; one of the two is needed.",
        ),
        answer=FoundInquiries,
        example={"inquiries": [EXAMPLE], "next_cursor": None},
        mode=True,
    )
)
def search() -> Response:
    """A person's threads."""
    query = read_json(InquirySearch)
    if not (query.email or query.telephone):
        raise Invalid(fields={"/email": "Send an e-mail address or a telephone number."})
    wanted = Wanted(email=query.email, telephone=query.telephone, region=query.region)
    return _page(wanted, query.cursor, query.limit)


@requires(Permission.INQUIRIES_READ)
@describes(
    Operation(
        id="readInquiry",
        summary="Read an inquiry",
        description="A thread with its messages. Of what has ended, nothing is found.",
        tag="inquiries",
        path={"inquiry_id": "The inquiry's id."},
        answer=WholeInquiry,
        example={"inquiry": EXAMPLE, "messages": [MESSAGE]},
        problems=(NotFound,),
        mode=True,
    )
)
def read(inquiry_id: uuid.UUID) -> Response:
    """One thread."""
    if caller().mode is Mode.TEST:
        raise NotFound
    with work_of_caller() as work:
        thread = view_inquiry(work, vault=services().vault, inquiry_id=inquiry_id)
    return answer(whole_of(thread))


def _page(wanted: Wanted, cursor: str | None, limit: int) -> Response:
    """Test keys lie about in scripts: they open nobody's inquiries."""
    if caller().mode is Mode.TEST:
        return answer(FoundInquiries([], None))
    with work_of_caller() as work:
        page = view_page(work, vault=services().vault, wanted=wanted, cursor=cursor, limit=limit)
    return answer(FoundInquiries([inquiry_of(one) for one in page.inquiries], page.next_cursor))
