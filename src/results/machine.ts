import { arch, cpus, platform, totalmem } from 'node:os';
import type { MachineFingerprint } from './result-file.ts';

/** The machine that this process runs on. */
export function machineFingerprint(): MachineFingerprint {
  const processors = cpus();
  return {
    platform: `${platform()}-${arch()}`,
    cpu: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memoryBytes: totalmem(),
  };
}
