"""The hold model on SimPy: one process an entity, which waits for an exponential delay again and again.

Usage: hold.py PENDING EVENTS; prints nanoseconds of CPU time per event, bytes per pending event and the version.
`hold.py version` prints the version alone.
"""

import json
import random
import resource
import sys
import time

import simpy


class Countdown:
    """Stops a run after so many events."""

    def __init__(self, env):
        self.env = env
        self.left = 0
        self.over = None

    def run(self, events):
        self.left = events
        self.over = self.env.event()
        self.env.run(until=self.over)

    def count(self):
        self.left -= 1
        if self.left == 0:
            self.over.succeed()


def client(env, countdown):
    while True:
        yield env.timeout(int(random.expovariate(1 / 60e6)))
        countdown.count()


def resident_bytes():
    with open("/proc/self/statm") as pages:
        return int(pages.read().split()[1]) * resource.getpagesize()


def main(pending, events):
    random.seed(1)
    empty = resident_bytes()
    env = simpy.Environment()
    countdown = Countdown(env)
    for _ in range(pending):
        env.process(client(env, countdown))
    # The first event of a process starts it.
    for _ in range(pending):
        env.step()
    held = resident_bytes() - empty
    countdown.run(max(1, events // 5))
    before = time.process_time()
    countdown.run(events)
    seconds = time.process_time() - before
    print(json.dumps({"nsPerEvent": seconds * 1e9 / events, "bytesPerEntity": held / pending}))


if sys.argv[1] == "version":
    print(simpy.__version__)
else:
    main(int(sys.argv[1]), int(sys.argv[2]))
