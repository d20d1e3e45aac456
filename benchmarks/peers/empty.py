"""The least that Litestar can do: decode the same Struct and answer. Stores nothing, checks nothing."""

from litestar import Litestar, post
from litestar.params import JSONBody

from benchmarks.peers.body import Body


@post("/api/v1/reviews")
async def receive(data: JSONBody[Body]) -> dict[str, str]:
    return {"status": data.key}


app = Litestar([receive], openapi_config=None)
