import { objectPath, type Bench } from '../bench/bench.ts';
import { propertyTrigger } from '../bench/bodies.ts';
import { triggerDepth, type Calendar } from '../bench/calendar.ts';
import { succeeded } from '../bench/replies.ts';
import type { PushResource } from '../endpoint/push-resource.ts';
import { skip, verdict, type Check, type Outcome } from '../check.ts';

const clause = 'WebDAV-Push draft, Push-Dont-Notify';

interface Pair {
  readonly calendar: Calendar;
  readonly writer: PushResource;
  readonly location: string;
  readonly reader: PushResource;
}

/** A writer and somebody else, both registered. */
async function pairOn(bench: Bench, triggers?: string): Promise<Pair> {
  const calendar = await bench.makeCalendar();
  await bench.write(calendar, 'there');
  await bench.settle();
  const [writer, reader] = [await bench.openResource(), await bench.openResource()];
  const parts = triggers === undefined ? {} : { triggers };
  const location = bench.locationOf(await bench.register(calendar.path, writer, parts));
  await bench.register(calendar.path, reader, parts);
  return { calendar, writer, location, reader };
}

async function writerSpared(bench: Bench, { writer, reader }: Pair): Promise<Outcome> {
  await bench.message(reader, 1, 'the change to the other registration');
  await bench.settle();
  return verdict(writer.received.length === 0, 'the registration named in the header was told all the same');
}

/** Who is left out of a message by the writer's wish. */
export const dontNotifyChecks: readonly Check[] = [
  {
    id: 'dont-notify.put',
    clause,
    level: 'MUST',
    title: 'Who names its own registration is not told of its PUT; others are',
    async run(bench) {
      const pair = await pairOn(bench);
      await bench.write(pair.calendar, 'own', 'Own', { 'push-dont-notify': `"${pair.location}"` });
      return await writerSpared(bench, pair);
    },
  },
  {
    id: 'dont-notify.delete',
    clause,
    level: 'MUST',
    title: 'The same for DELETE',
    async run(bench) {
      const pair = await pairOn(bench);
      const request = {
        method: 'DELETE',
        target: objectPath(pair.calendar, 'there'),
        headers: { 'push-dont-notify': `"${pair.location}"` },
      };
      succeeded(await bench.user.ask(request), 'the DELETE of an object');
      return await writerSpared(bench, pair);
    },
  },
  {
    id: 'dont-notify.proppatch',
    clause,
    level: 'MUST',
    title: 'The same for PROPPATCH',
    async run(bench) {
      const { path } = await bench.makeCalendar();
      const { triggers } = await bench.pushProperties(path);
      if (triggerDepth(triggers, 'property-update') === undefined)
        return skip('property-update is not supported');
      const pair = await pairOn(bench, propertyTrigger('0'));
      await bench.rename(pair.calendar, 'own', { 'push-dont-notify': `"${pair.location}"` });
      return await writerSpared(bench, pair);
    },
  },
  {
    id: 'dont-notify.star',
    clause,
    level: 'SHOULD',
    title: 'With * nobody is told',
    async run(bench) {
      const { calendar, writer, reader } = await pairOn(bench);
      await bench.write(calendar, 'quiet', 'Quiet', { 'push-dont-notify': '*' });
      await bench.settle();
      const told = writer.received.length + reader.received.length;
      return verdict(told === 0, `${told} registrations were told`);
    },
  },
  {
    id: 'dont-notify.list',
    clause,
    level: 'MUST',
    title: 'Several registrations can be named in one header',
    async run(bench) {
      const pair = await pairOn(bench);
      const second = await bench.openResource();
      const location = bench.locationOf(await bench.register(pair.calendar.path, second));
      const names = `"${pair.location}", "${location}"`;
      await bench.write(pair.calendar, 'own', 'Own', { 'push-dont-notify': names });
      await bench.message(pair.reader, 1, 'the change to the other registration');
      await bench.settle();
      const told = pair.writer.received.length + second.received.length;
      return verdict(told === 0, `${told} of the two were told all the same`);
    },
  },
  {
    id: 'dont-notify.lines',
    clause: 'WebDAV-Push draft, Push-Dont-Notify; RFC 9110 section 5.3',
    level: 'MUST',
    title: 'Several header lines are read as one list',
    async run(bench) {
      const pair = await pairOn(bench);
      const second = await bench.openResource();
      const location = bench.locationOf(await bench.register(pair.calendar.path, second));
      const lines = [`"${pair.location}"`, `"${location}"`];
      await bench.write(pair.calendar, 'own', 'Own', { 'push-dont-notify': lines });
      await bench.message(pair.reader, 1, 'the change to the other registration');
      await bench.settle();
      const told = pair.writer.received.length + second.received.length;
      return verdict(told === 0, `${told} of the two were told all the same`);
    },
  },
  {
    id: 'dont-notify.invalid',
    clause,
    level: 'MUST',
    title: 'A value that means nothing is ignored',
    async run(bench) {
      const { calendar, writer } = await pairOn(bench);
      await bench.write(calendar, 'other', 'Other', { 'push-dont-notify': 'nothing, that; means' });
      await bench.message(writer);
      return { result: 'pass' };
    },
  },
  {
    id: 'dont-notify.once',
    clause,
    level: 'MUST',
    title: 'The wish holds for one operation: the next change is told',
    async run(bench) {
      const { calendar, writer, location } = await pairOn(bench);
      await bench.write(calendar, 'own', 'Own', { 'push-dont-notify': `"${location}"` });
      await bench.write(calendar, 'own', 'Next');
      await bench.message(writer, 1, 'the next change');
      return { result: 'pass' };
    },
  },
];
