// Loaded into a server by NODE_OPTIONS=--import: makes every answer cost a given share of processor time more than it
// would. Other processes that load it stay as they are.
import { ServerResponse } from 'node:http';

const share = Number(process.env.DAVPULSE_SLOW_SHARE ?? 0);
if (share > 0 && process.argv.includes('serve')) {
  // The clock of processor time is too coarse and too slow to be read at every answer.
  const every = 250;
  let answers = 0;
  let owedMs = 0;
  let perAnswerMs = 0;
  let usedMs = 0;
  let delayedMs = 0;
  const { end } = ServerResponse.prototype;
  const measure = () => {
    const { user, system } = process.cpuUsage();
    const nowMs = (user + system) / 1000;
    perAnswerMs = (share * Math.max(0, nowMs - usedMs - delayedMs)) / every;
    usedMs = nowMs;
    delayedMs = 0;
  };
  ServerResponse.prototype.end = function endLate(...args) {
    answers += 1;
    if (answers % every === 0) measure();
    owedMs += perAnswerMs;
    if (owedMs > 0.05) {
      const begun = performance.now();
      while (performance.now() < begun + owedMs);
      const spentMs = performance.now() - begun;
      // A loop that was interrupted has not worked for as long as it took.
      delayedMs += Math.min(spentMs, owedMs + 0.01);
      owedMs = 0;
    }
    return Reflect.apply(end, this, args);
  };
}
