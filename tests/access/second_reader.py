"""Verifies signed messages with the Standard Webhooks project's own library:
one JSON object a line, counts of what it takes for good as one JSON line."""

import json
import sys
from datetime import datetime, timezone

from standardwebhooks.webhooks import Webhook

counts = {"messages": 0, "verified": 0, "same_signature": 0, "changed": 0, "changed_verified": 0}
with open(sys.argv[1], encoding="utf-8") as lines:
    for line in lines:
        message = json.loads(line)
        headers = {f"webhook-{name}": message[name] for name in ("id", "timestamp", "signature")}
        try:
            hook = Webhook(message["secret"])
            hook.verify(message["body"], headers, json_parse=False)
            good = 1
        except Exception:  # whatever the reason, it is not taken
            good = 0
        if message["is_changed"]:
            counts["changed"] += 1
            counts["changed_verified"] += good
            continue
        counts["messages"] += 1
        counts["verified"] += good
        time = datetime.fromtimestamp(int(message["timestamp"]), tz=timezone.utc)
        own = hook.sign(message["id"], time, message["body"])
        counts["same_signature"] += own in message["signature"].split(" ")
print(json.dumps(counts))
