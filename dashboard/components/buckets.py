"""The buckets of the open files, and the sum that proves that none is lost."""

from collections.abc import Iterable

from dashboard.components.address import address, here
from dashboard.components.figures import figure
from dashboard.components.markup import Html, el, join, link
from dashboard.context import PageContext
from models.enums import LATE_BUCKETS, N_, Bucket
from models.queries.figures import Figures

# What the sum line says after a number; the bands of lateness stand there together.
IN_SUM = {
    Bucket.ON_TIME: N_("{n} on time"),
    Bucket.DUE_SOON: N_("{n} due soon"),
    Bucket.PAUSED: N_("{n} lawfully suspended"),
    Bucket.NO_LIMIT: N_("{n} without a statutory limit"),
    Bucket.CANNOT_TELL: N_("{n} cannot be told"),
}


def sum_line(ctx: PageContext, figures: Figures) -> Html:
    """64 open = 41 on time + 5 due soon + 7 late + …: every open file is in exactly one part."""
    t = ctx.t
    total = figures.value("files.open")
    parts = {bucket: figures.value(f"bucket.{bucket}") for bucket in Bucket}
    late = sum(parts[bucket] for bucket in LATE_BUCKETS)
    said = [
        _part(ctx, t(IN_SUM[bucket], n=parts[bucket]), bucket=bucket) for bucket in (Bucket.ON_TIME, Bucket.DUE_SOON)
    ]
    said.append(_part(ctx, t("{n} late", n=late), late=1))
    said += [_part(ctx, t(text, n=parts[bucket]), bucket=bucket) for bucket, text in IN_SUM.items()][2:]
    opened = link(address(ctx, "/cases"), t.n("{n} open file", "{n} open files", total), data_figure="files.open",
                  data_value=total)  # fmt: skip
    return el("span", opened, " = ", join(said, " + "), _proof(ctx, total, sum(parts.values())), data_sum=total)


def _part(ctx: PageContext, said: str, **filters: str | int) -> Html:
    return link(address(ctx, "/cases", **filters), said)


def _proof(ctx: PageContext, total: int, added: int) -> Html:
    if total == added:
        return Html("")
    return el("b", " ", ctx.t("The parts add up to {added}: tell the administrator.", added=added), class_="late")


def strip(ctx: PageContext, figures: Figures, chosen: Bucket | None) -> Html:
    """The nine buckets side by side, each a link to its files on the page of deadlines."""
    return el("nav", *_boxes(ctx, figures, chosen), class_="strip", aria_label=ctx.t("Buckets"))


def _boxes(ctx: PageContext, figures: Figures, chosen: Bucket | None) -> Iterable[Html]:
    for bucket in Bucket:
        count = figures.value(f"bucket.{bucket}")
        look = [f"b-{bucket}", *(["chosen"] if bucket is chosen else []), *([] if count else ["empty"])]
        yield el(
            "div",
            figure(
                ctx.t, f"bucket.{bucket}", count, here(ctx, "/deadlines", bucket=bucket, page=None, due=None),
                aria_current="true" if bucket is chosen else None,
            ),
            el("span", ctx.t.label(bucket)),
            class_=" ".join(look),
        )  # fmt: skip
