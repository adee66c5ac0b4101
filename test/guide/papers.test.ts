import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { frameworkExamples } from './framework-examples.ts';

const paper = (name: string): string => readFileSync(join('reports', name), 'utf8');

/** The fenced block that follows the marker of an example. */
const exampleIn = (text: string, name: string): string =>
  new RegExp(`<!-- example: ${name} -->\n\`\`\`\\w+\n([\\s\\S]*?)\n?\`\`\``).exec(text)?.[1] ??
  `no example ${name}`;

/** Without layout, and without what differs from run to run: keys, names, dates, addresses. */
const masked = (text: string): string =>
  text
    .replaceAll(/>\s+</g, '><')
    .replaceAll(/(<vapid-public-key[^>]*>)[^<]+/g, '$1KEY')
    .replaceAll(/(<(?:\w+:)?topic>)[^<]+/g, '$1TOPIC')
    .replaceAll(/urn:davpulse:sync:[^<]+/g, 'TOKEN')
    .replaceAll(/registrations\/\S+/g, 'registrations/NAME')
    .replaceAll(/127\.0\.0\.1:\d+/g, 'HOST')
    .replaceAll(/Expires: .*/g, 'Expires: DATE')
    .trim();

describe('the framework paper', () => {
  const text = paper('framework.md');

  it('has examples that the running server gives', async () => {
    const given = await frameworkExamples((name) => exampleIn(text, name));
    expect([...given.keys()]).toHaveLength(4);
    for (const [name, example] of given) expect(masked(exampleIn(text, name)), name).toBe(masked(example));
  });
});

describe('all papers', () => {
  it.each(['framework.md', 'protocol.md', 'requirements.md', 'seven-things.md', 'guide/README.md'])(
    '%s points to what is there',
    (name) => {
      const text = paper(name);
      const links = [...text.matchAll(/\]\(([^)#]+)(?:#([^)]+))?\)/g)];
      for (const [, target = '', anchor] of links) {
        const file = join('reports', dirname(name), target);
        expect(existsSync(file), target).toBe(true);
        if (anchor === undefined) continue;
        const anchors = [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
          heading
            .toLowerCase()
            .replaceAll(/[^\w\- ]/g, '')
            .replaceAll(' ', '-'),
        );
        expect(anchors).toContain(anchor);
      }
      for (const [, path = ''] of text.matchAll(/`((?:src|test|scenarios)\/[\w./-]+)`/g)) {
        expect(existsSync(path), path).toBe(true);
      }
    },
  );
});
