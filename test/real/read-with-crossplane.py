# Prints what crossplane reads of the files named on the standard input, as JSON: for each file its
# directives as [line, name, arguments, directives of the block or null].
import json
import sys

import crossplane


def plain(block):
    return [
        [each["line"], each["directive"], each["args"], plain(each["block"]) if "block" in each else None]
        for each in block
    ]


def read(path):
    payload = crossplane.parse(
        path, single=True, comments=False, strict=False, check_ctx=False, check_args=False
    )
    errors = [each["error"] for each in payload["errors"]]
    return {"errors": errors, "directives": plain(payload["config"][0]["parsed"])}


json.dump({path: read(path) for path in sys.stdin.read().splitlines()}, sys.stdout)
