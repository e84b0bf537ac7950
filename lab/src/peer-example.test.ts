import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { asIkeV1, fillExample, peerExample } from './peer-example.ts';

const folder = new URL('../../docs/peers/', import.meta.url);
const values = { deviceAddress: '192.0.2.1', gatewayAddress: '192.0.2.2', preSharedKey: 'other key' } as const;

describe('an example', () => {
  it('keeps all but the values', () => {
    const text = 'left=198.51.100.7\nright=203.0.113.17\n: PSK "a long random secret"\nauto=start\n';
    expect(fillExample(text, values)).toBe('left=192.0.2.1\nright=192.0.2.2\n: PSK "other key"\nauto=start\n');
  });

  it('takes the values for IKEv1 where it names them', () => {
    const text = '\tikev2=insist  # IKEv1: never\n        version = 2  # IKEv1: 1\n# a comment\n';
    expect(asIkeV1(text)).toBe('\tikev2=never\n        version = 1\n# a comment\n');
  });
});

describe('the files of docs/peers', async () => {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.conf'));

  it.each(names)('%s shows both addresses and a way to IKEv1', async (name) => {
    const text = await readFile(new URL(name, folder), 'utf8');
    expect(text).toContain('198.51.100.7');
    expect(text).toContain('203.0.113.17');
    expect(text).toContain('# IKEv1: ');
    const filled = await peerExample(name, { ...values, ikeVersion: 1 });
    expect(filled).not.toMatch(/198\.51\.100\.7|203\.0\.113\.17|a long random secret|IKEv1: /);
  });

  it.each(names)('docs/peers.md leads to %s', async (name) => {
    const page = await readFile(new URL('../peers.md', folder), 'utf8');
    expect(page).toContain(`(peers/${name})`);
  });
});
