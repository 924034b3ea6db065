"""Export of all calls of a tenant, in both forms."""

from collections.abc import Iterator

from bench.contexts import Context
from bench.results import Goal, Result
from bench.rounds import alternate
from connector.calls.export import export_calls, say_export
from connector.calls.exported import ExportForm
from connector.calls.queries import Query


def measure(context: Context) -> Iterator[Result]:
    """From the ledger's event to the last byte, one thread."""
    context.stock  # noqa: B018 - made before the clock runs
    forms = list(ExportForm)
    series = alternate(
        [lambda form=form: export(context, form) for form in forms],  # type: ignore[misc]
        rounds=context.sizes.export_rounds,
        amount=context.sizes.stock,
    )
    for form, each in zip(forms, series, strict=True):
        yield Result(
            f"export, {form.value}",
            each.text("rec/s"),
            f"{context.sizes.stock:,} calls of 30 days",
            each.median,
            Goal(80_000, 100_000),
            "one core opens 1 M blobs/s; decoding and writing text take the rest",
        )


def export(context: Context, form: ExportForm) -> int:
    """Bytes of an export of the stock."""
    site, query, vault = context.site, Query(), context.site.house.vault
    with site.work(context.stock).begin() as work:
        say_export(work, vault=vault, query=query, form=form)
    with site.work(context.stock).begin() as work:
        parts = export_calls(work, vault=vault, query=query, form=form)
        return sum(map(len, parts))
