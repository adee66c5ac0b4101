import { whyNoOwnProcessors } from '../live/index.ts';
import { note } from './output.ts';

/** Says so where the bundled server must be measured on the processors of those who ask it. */
export function noteSharedProcessors(): void {
  const reason = whyNoOwnProcessors();
  if (reason === undefined) return;
  note(`the server shares processors with its clients, as ${reason}: a calm one will seem dearer than it is`);
}
