import pc from 'picocolors';
import type { Progress } from '../run/index.ts';
import { formatTime } from './format-time.ts';

/** Whole lines are printed this often where no terminal can redraw one. */
const plainStep = 0.1;

const millions = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 });

const doing = ({ doing, eventsPerSecond }: Progress): string =>
  eventsPerSecond > 0 ? `${doing}, ${millions.format(eventsPerSecond / 1e6)} M events/s` : doing;

const timeLeft = ({ share, remainingMs }: Progress): string =>
  share >= 1 ? '' : `${formatTime(remainingMs)} left · `;

function line(progress: Progress, width: number): string {
  const cells = Math.round(progress.share * 24);
  const bar = pc.cyan('█'.repeat(cells)) + pc.dim('░'.repeat(24 - cells));
  const percent = `${Math.floor(progress.share * 100)}%`.padStart(4);
  const runs = `${progress.finishedRuns}/${progress.totalRuns} runs`;
  const left = `${formatTime(progress.remainingMs)} left`;
  return `${bar}${percent}  ${runs}  ${left}  ${doing(progress)}`.slice(0, width + bar.length - 24);
}

/** Shows what a study does and how long is left: one line redrawn on a terminal, a line per tenth elsewhere. */
export function progressDisplay(stream: NodeJS.WriteStream): {
  update(progress: Progress): void;
  clear(): void;
} {
  let printedShare = -1;
  let drawnAt = -Infinity;
  return {
    update(progress) {
      const now = performance.now();
      if (stream.isTTY) {
        if (now - drawnAt < 100 && progress.share < 1) return;
        drawnAt = now;
        stream.write(`\r\u001b[2K${line(progress, stream.columns ?? 80)}`);
      } else if (progress.share - printedShare >= plainStep || (progress.share >= 1 && printedShare < 1)) {
        printedShare = progress.share;
        const percent = Math.floor(progress.share * 100);
        const { finishedRuns, totalRuns } = progress;
        stream.write(
          `${percent} % · ${finishedRuns} of ${totalRuns} runs · ${timeLeft(progress)}${doing(progress)}\n`,
        );
      }
    },
    clear() {
      if (stream.isTTY) stream.write('\r\u001b[2K');
    },
  };
}
