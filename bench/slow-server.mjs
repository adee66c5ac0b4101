// Loaded into a server by NODE_OPTIONS=--import: makes every answer take a given share longer than it would,
// by keeping the processor busy before it ends. Other processes that load it stay as they are.
import { ServerResponse } from 'node:http';

const share = Number(process.env.DAVPULSE_SLOW_SHARE ?? 0);
if (share > 0 && process.argv.includes('serve')) {
  const begun = new WeakMap();
  const { end } = ServerResponse.prototype;
  const note = (response) => begun.get(response) ?? performance.now();
  ServerResponse.prototype.assignSocket = new Proxy(ServerResponse.prototype.assignSocket, {
    apply(target, self, args) {
      begun.set(self, performance.now());
      return Reflect.apply(target, self, args);
    },
  });
  ServerResponse.prototype.end = function endLate(...args) {
    const now = performance.now();
    const until = now + share * (now - note(this));
    while (performance.now() < until);
    return Reflect.apply(end, this, args);
  };
}
