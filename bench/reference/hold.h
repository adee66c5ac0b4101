// What the programs that hold events share: the delays, the clock and what they print.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <sys/resource.h>
#include <unistd.h>

inline uint32_t mix(uint32_t v) {
  v = (v ^ (v >> 16)) * 0x7feb352du;
  v = (v ^ (v >> 15)) * 0x846ca68bu;
  return v ^ (v >> 16);
}

// An exponential delay of a minute on average, in whole microseconds.
inline uint64_t delay(uint32_t entity, uint32_t index) {
  const uint32_t bits = mix(mix(1u ^ (entity * 0x9e3779b1u)) + index * 0x85ebca77u);
  return static_cast<uint64_t>(-60e6 * std::log((bits + 0.5) / 4294967296.0));
}

inline double cpuSeconds() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

// Memory in use, of which the kernel tells in pages.
inline double residentBytes() {
  long total = 0, resident = 0;
  FILE *file = std::fopen("/proc/self/statm", "r");
  if (file == nullptr || std::fscanf(file, "%ld %ld", &total, &resident) != 2) return 0;
  std::fclose(file);
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

// Events taken before the clock starts, so that memory is laid out as in the long run.
inline uint32_t warmUp(uint32_t events) { return std::max(1u, events / 5); }

inline void print(double seconds, uint32_t events, double bytes, uint32_t pending) {
  std::printf("{\"nsPerEvent\":%.1f,\"bytesPerEntity\":%.1f}\n", seconds * 1e9 / events, bytes / pending);
}
