// The hold model on std::priority_queue: take the first event, add an exponential delay, put it back.
// Usage: hold PENDING EVENTS; prints nanoseconds of CPU time per event.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <queue>
#include <sys/resource.h>
#include <vector>

struct Event {
  uint64_t tick;
  uint32_t entity;
  bool operator>(const Event &other) const {
    return tick != other.tick ? tick > other.tick : entity > other.entity;
  }
};

static uint32_t mix(uint32_t v) {
  v = (v ^ (v >> 16)) * 0x7feb352du;
  v = (v ^ (v >> 15)) * 0x846ca68bu;
  return v ^ (v >> 16);
}

static uint64_t delay(uint32_t entity, uint32_t index) {
  uint32_t bits = mix(mix(1u ^ (entity * 0x9e3779b1u)) + index * 0x85ebca77u);
  return static_cast<uint64_t>(-60e6 * std::log((bits + 0.5) / 4294967296.0));
}

static double cpuSeconds() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

int main(int, char **argv) {
  const uint32_t pending = std::atoi(argv[1]);
  const uint32_t events = std::atoi(argv[2]);
  std::priority_queue<Event, std::vector<Event>, std::greater<Event>> queue;
  for (uint32_t entity = 0; entity < pending; entity += 1) queue.push({delay(entity, 0), entity});
  uint32_t index = 1;
  const auto hold = [&](uint32_t count) {
    for (uint32_t done = 0; done < count; done += 1) {
      const Event event = queue.top();
      queue.pop();
      queue.push({event.tick + delay(event.entity, index++), event.entity});
    }
  };
  hold(pending);
  const double before = cpuSeconds();
  hold(events);
  std::printf("%.1f\n", (cpuSeconds() - before) * 1e9 / events);
}
