// The hold model on ns-3: an event schedules the next one of its entity after an exponential delay.
// Usage: ns3 SCHEDULER PENDING EVENTS, the scheduler by its class, as in ns3::MapScheduler; prints nanoseconds of
// CPU time per event and bytes per pending event.
#include "hold.h"
#include <ns3/core-module.h>

static uint32_t taken = 0;
static uint32_t warm;
static uint32_t last;
static double before;

static void fire(uint32_t entity) {
  taken += 1;
  if (taken == warm) before = cpuSeconds();
  if (taken == last) {
    ns3::Simulator::Stop();
    return;
  }
  ns3::Simulator::Schedule(ns3::MicroSeconds(delay(entity, taken)), &fire, entity);
}

int main(int, char **argv) {
  const uint32_t pending = std::atoi(argv[2]);
  const uint32_t events = std::atoi(argv[3]);
  warm = warmUp(events);
  last = warm + events;
  ns3::ObjectFactory factory;
  factory.SetTypeId(argv[1]);
  ns3::Simulator::SetScheduler(factory);
  const double empty = residentBytes();
  for (uint32_t entity = 0; entity < pending; entity += 1) {
    ns3::Simulator::Schedule(ns3::MicroSeconds(delay(entity, 0)), &fire, entity);
  }
  const double bytes = residentBytes() - empty;
  ns3::Simulator::Run();
  print(cpuSeconds() - before, events, bytes, pending);
}
