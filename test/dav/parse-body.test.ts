import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseBody } from '../../src/dav/http/parse-body.ts';
import { parseXml } from '../../src/xml/index.ts';

const outcome = (parse: () => unknown): unknown => {
  try {
    return parse();
  } catch {
    return 'refused';
  }
};

const token = fc.oneof(
  { arbitrary: fc.webUrl(), weight: 4 },
  fc.constantFrom(
    '',
    ' ',
    'a&amp;b',
    'a&b',
    'a>b',
    ']]>',
    'a\r\nb',
    '\u0001',
    'ü',
    '<x/>',
    '<!-- -->',
    '<![CDATA[c]]>',
  ),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
);
const tag = fc.constantFrom('sync-token', 'D:sync-token', 'x:sync-token', 'sync-tokens');
const written = fc
  .tuple(tag, token, tag)
  .map(([open, text, other]) => [`<${open}>${text}</${open}>`, `<${open}>${text}</${other}>`, `<${open}/>`])
  .chain((ways) => fc.constantFrom(...ways));
const wrapped = fc
  .tuple(written, fc.constantFrom('prop', 'D:prop'))
  .chain(([text, name]) =>
    fc.constantFrom(
      text,
      `<${name}>${text}</${name}>`,
      `<!-- ${text} -->`,
      `<![CDATA[${text}]]>`,
      `<!--`,
      `-->`,
    ),
  );
const body = fc
  .array(
    fc.oneof(
      wrapped,
      fc.constantFrom('<sync-level>1</sync-level>', '<D:prop><D:getetag/></D:prop>', ' ', 'text'),
    ),
    {
      maxLength: 4,
    },
  )
  .map(
    (parts) =>
      `<D:sync-collection xmlns="DAV:" xmlns:D="DAV:" xmlns:x="urn:x">${parts.join('')}</D:sync-collection>`,
  );

it('finds in any body with whatever token what a parser finds that sees it for the first time', () => {
  fc.assert(
    fc.property(body, (source) => {
      const found = outcome(() => parseBody(Buffer.from(source)));
      expect(found).toEqual(outcome(() => parseXml(source)));
    }),
    { numRuns: 3000 },
  );
});

it('finds the token of each body, and leaves those before as they were', () => {
  const of = (text: string) =>
    parseBody(
      Buffer.from(`<sync-collection xmlns="DAV:"><sync-token>${text}</sync-token></sync-collection>`),
    );
  const [one, two] = [of('urn:1'), of('urn:2')];
  expect([one, two].map(({ children: [child] }) => child?.text)).toEqual(['urn:1', 'urn:2']);
});
