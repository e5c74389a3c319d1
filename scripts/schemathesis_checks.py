"""What schemathesis cannot know of this API: which refusals are about content, and what every answer carries."""

import schemathesis
from schemathesis.generation import GenerationMode

# A request that fits the published schema must never be refused for its shape.
SHAPE = {"wrong-type", "missing", "unknown-key", "wrong-shape", "unknown-answer"}


@schemathesis.check
def shape_is_described(ctx, response, case):
    """A request made by the schema is refused for what it says alone, never for how it is built."""
    if response.status_code != 422 or case.meta is None or case.meta.generation.mode != GenerationMode.POSITIVE:
        return
    codes = {error.get("code") for error in response.json().get("errors", [])}
    assert not codes & SHAPE, f"refused for a shape that the schema allows: {response.text}"


@schemathesis.check
def errors_are_problems(ctx, response, case):
    """Every refusal has the one form, with the request's id in it, and tells nothing of what is inside."""
    if response.status_code < 400:
        return
    kind = response.headers["content-type"][0]
    assert kind == "application/problem+json", f"{response.status_code} came as {kind}"
    problem = response.json()
    assert problem["status"] == response.status_code
    assert problem["instance"] == response.headers["x-request-id"][0]
    if response.status_code >= 500:
        assert "detail" not in problem or problem["code"] != "internal", f"a fault of ours is told: {response.text}"


@schemathesis.check
def answers_are_guarded(ctx, response, case):
    """No answer may be guessed at, framed or kept by a browser."""
    for name, value in (("x-content-type-options", "nosniff"), ("cache-control", "no-store"), ("x-frame-options", "DENY")):
        assert response.headers.get(name) == [value], f"{name}: {response.headers.get(name)}"


TEXTS = ("message/rfc822", "text/vtt")


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Refusals that are right, although the description cannot say when they come."""
    told = f"{failure.message} {failure.title}"
    if "429" in told and ("without authentication" in told or "Missing required header" in told):
        # Without a key an address is shut out after some attempts; it is refused either way.
        return False
    if response.status_code == 400 and case.meta is not None and case.meta.generation.mode == GenerationMode.POSITIVE:
        # A cursor is made by the service and cannot be thought up; a text as it is needs its route in the query.
        pointers = [error["pointer"] for error in response.json().get("errors", [])]
        return pointers not in (["/query/cursor"], ["/query/route"])
    if case.media_type in TEXTS and "Schema-violating" in told:
        # Every text is a mail or a transcript, if a poor one; only what stands beside it can be wrong.
        return any(f"in {place}" in told for place in ("query", "header", "path"))
    return True


@schemathesis.serializer(*TEXTS)
def text(ctx, value):
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


@schemathesis.hook
def map_query(context, query):
    """The key of a request stands in the header or in the query; two that differ are a mistake of the caller's."""
    return {name: value for name, value in query.items() if name != "idempotency_key"} if query else query
