import type { Provenance } from '../capacity/index.ts';
import { machineFingerprint } from '../results/index.ts';

/** Where a measured data file says it is from: this command, today, here. */
export function provenanceOf(command: string): Provenance {
  const { cpu, cores } = machineFingerprint();
  return {
    command,
    date: new Date().toISOString().slice(0, 10),
    machine: `${cores} cores, ${cpu}, Node ${process.version}`,
  };
}
