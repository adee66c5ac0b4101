import { isIP } from 'node:net';
import type { Bench } from '../bench/bench.ts';
import { shown } from '../bench/replies.ts';
import { skip, verdict, type Check, type Outcome } from '../check.ts';

const clause = 'UnifiedPush server specification (SSRF); WebDAV-Push draft, security considerations';

/** Offers a push resource at an address that no user should make a server speak to. */
async function refused(bench: Bench, urls: readonly string[]): Promise<Outcome> {
  const { path } = await bench.makeCalendar();
  const resource = await bench.openResource();
  const taken: string[] = [];
  for (const pushResource of urls) {
    const reply = await bench.tryRegister(path, resource, { pushResource });
    if (reply.status < 400) taken.push(`${pushResource} (${shown(reply)})`);
  }
  return verdict(taken.length === 0, `accepted: ${taken.join(', ')}`);
}

const check = (id: string, title: string, urls: readonly string[]): Check => ({
  id: `address.${id}`,
  clause,
  level: 'SHOULD',
  title,
  run: (bench) => refused(bench, urls),
});

const onLoopback = (url: string): boolean => {
  const host = new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
};

/** Addresses by which a user could make the server knock at doors inside its own network. */
export const addressChecks: readonly Check[] = [
  check('private', 'Push resources at private IPv4 addresses are refused', [
    'https://10.0.0.1/push',
    'https://172.16.0.1/push',
    'https://192.168.0.1/push',
    'https://100.64.0.1/push',
  ]),
  check('link-local', 'Push resources at link-local addresses, where clouds keep secrets, are refused', [
    'https://169.254.169.254/latest/meta-data/',
    'https://[fe80::1]/push',
  ]),
  check('private-v6', 'Push resources at unique local IPv6 addresses are refused', [
    'https://[fd00::1]/push',
  ]),
  check('mapped', 'IPv4 addresses dressed as IPv6 are judged as IPv4', [
    'https://[::ffff:10.0.0.1]/push',
    'https://[64:ff9b::a00:1]/push',
  ]),
  check('odd-spelling', 'Private addresses in odd spellings are refused', [
    'https://0x0a000001/push',
    'https://167772161/push',
    'https://10.1/push',
  ]),
  check('scheme', 'Push resources that are not http(s) are refused', [
    'ftp://push.example.org/push',
    'file:///etc/passwd',
    'gopher://push.example.org/1',
  ]),
  {
    id: 'address.loopback',
    clause,
    level: 'SHOULD',
    title: 'Push resources on the server’s own machine are refused',
    async run(bench) {
      const { url } = await bench.openResource();
      if (onLoopback(url)) return skip('the suite itself listens on loopback');
      return await refused(bench, ['https://127.0.0.1/push', 'https://[::1]/push', 'https://localhost/push']);
    },
  },
];
