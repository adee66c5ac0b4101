// The hold model on std::priority_queue: take the first event, add an exponential delay, put it back.
// Usage: hold PENDING EVENTS; prints nanoseconds of CPU time per event and bytes per pending event.
#include "hold.h"
#include <functional>
#include <queue>
#include <vector>

struct Event {
  uint64_t tick;
  uint32_t entity;
  bool operator>(const Event &other) const {
    return tick != other.tick ? tick > other.tick : entity > other.entity;
  }
};

int main(int, char **argv) {
  const uint32_t pending = std::atoi(argv[1]);
  const uint32_t events = std::atoi(argv[2]);
  const double empty = residentBytes();
  std::vector<Event> room;
  room.reserve(pending);
  std::priority_queue<Event, std::vector<Event>, std::greater<Event>> queue({}, std::move(room));
  for (uint32_t entity = 0; entity < pending; entity += 1) queue.push({delay(entity, 0), entity});
  const double bytes = residentBytes() - empty;
  uint32_t index = 1;
  const auto hold = [&](uint32_t count) {
    for (uint32_t done = 0; done < count; done += 1) {
      const Event event = queue.top();
      queue.pop();
      queue.push({event.tick + delay(event.entity, index++), event.entity});
    }
  };
  hold(warmUp(events));
  const double before = cpuSeconds();
  hold(events);
  print(cpuSeconds() - before, events, bytes, pending);
}
