import { describe, expect, it } from 'vitest';
import { labelsWithRoom } from '../../src/report/charts/labels-with-room.ts';
import { figuresOf } from '../../src/report/figures.ts';
import { fixtureResult } from './fixture.ts';

describe('labels beside marks', () => {
  const label = (x: number, y: number) => ({ label: 'poll 15 min', x, y, side: 'right' }) as const;

  it('stay where they have room, and give way to the first where they would lie over each other', () => {
    const labels = [label(0.1, 0.5), label(0.12, 0.51), label(0.1, 0.9), label(0.6, 0.5)];
    expect(labelsWithRoom(labels, 800, 340)).toEqual([true, false, true, true]);
    expect(labelsWithRoom(labels, 100, 340)).toEqual([true, false, true, false]);
  });

  it('are drawn for the policies that lie apart', () => {
    const result = fixtureResult();
    const crowded = {
      ...result,
      runs: result.runs.flatMap((run) => [
        run,
        { ...run, spec: { ...run.spec, label: `${run.spec.label}, the same again` } },
      ]),
    };
    const figure = figuresOf(crowded).find(({ chart }) => chart.id === 'pareto-energy');
    const rows = figure?.drawing.rows ?? [];
    const withRoom = rows.filter(({ hasRoom }) => hasRoom === true);
    expect(withRoom.length).toBeGreaterThan(0);
    expect(withRoom.length).toBeLessThanOrEqual(rows.length / 2);
  });
});
