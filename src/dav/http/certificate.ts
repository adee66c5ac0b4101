import { generate } from 'selfsigned';

/** Makes a certificate for an address, valid for a year, signed by nobody. */
export async function selfSigned(host: string): Promise<{ key: string; cert: string }> {
  const address =
    /^[\d.]+$/.test(host) || host.includes(':')
      ? [{ type: 7 as const, ip: host }]
      : [{ type: 2 as const, value: host }];
  const pems = await generate([{ name: 'commonName', value: host }], {
    keyType: 'ec',
    curve: 'P-256',
    extensions: [
      { name: 'subjectAltName', altNames: [...address, { type: 2 as const, value: 'localhost' }] },
    ],
  });
  return { key: pems.private, cert: pems.cert };
}
