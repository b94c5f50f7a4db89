"""The peer of `./dev bench fhir`, in its own environment: `fhir.resources` validates a Bundle and writes it.

Reads the Bundle at the path given, then makes one round for each line received; answers with the seconds of the clock
and of the processor.
"""

import json
import sys
import time
from pathlib import Path

from fhir.resources.R4B.bundle import Bundle


def main() -> None:
    ready = json.loads(Path(sys.argv[1]).read_text())
    print("prêt", flush=True)
    for _ in sys.stdin:
        clock, processor = time.perf_counter(), time.process_time()
        Bundle.model_validate(ready).model_dump_json()
        print(time.perf_counter() - clock, time.process_time() - processor, flush=True)


main()
