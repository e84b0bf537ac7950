import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firstTunnel } from './first-tunnel.ts';
import { questions, type Answers } from './first-tunnel-questions.ts';
import { objectsOfSite } from './objects-of-site.ts';
import { keySource } from './pre-shared-keys.ts';
import { located, parseSite } from './read-site-file.ts';
import { describeStep } from './report.ts';
import { Secret } from './secret.ts';
import { stepsTo } from './steps.ts';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'site-'))));
afterEach(() => rmSync(directory, { recursive: true }));

function problemOf(text: string): string {
  try {
    const file = parseSite(text, 'site.yaml');
    try {
      objectsOfSite(file.site, keySource({ directory, mayWrite: false, environment: {} }));
    } catch (error) {
      throw located(error, file);
    }
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

const tunnel = (lines: string) => `site: s
customerGateways:
  idc: { address: 198.51.100.7 }
vpnGateways:
  gw:
    tunnels:
      t:
        customerGateway: idc
        ${lines}
`;

describe('what is wrong in a site file is told with file, line and field', () => {
  it.each([
    [
      'a field that there is not',
      'site: s\nvpcs:\n  a:\n    cidr: 10.0.0.0/16\n    colour: red\n',
      'site.yaml:5: vpcs.a.colour: there is no such field',
    ],
    [
      'a word that is none',
      tunnel('mode: fast'),
      'site.yaml:9: vpnGateways.gw.tunnels.t.mode: must be one of route, spd',
    ],
    [
      'a reference to nothing',
      tunnel('mode: route').replace('idc:', 'other:'),
      'site.yaml:8: vpnGateways.gw.tunnels.t: tunnel gw/t names customerGateway idc, which is not in this file',
    ],
    [
      'a key in clear',
      tunnel('mode: route\n        preSharedKey: 1234secret'),
      'site.yaml:10: vpnGateways.gw.tunnels.t.preSharedKey: file:PATH, env:NAME or generate:PATH is expected, never the key itself',
    ],
    [
      'a key that is not there',
      tunnel('mode: route\n        preSharedKey: env:NO_KEY'),
      'site.yaml:10: vpnGateways.gw.tunnels.t.preSharedKey: the environment has no NO_KEY',
    ],
    ['SPD without policies', tunnel('mode: spd'), 'site.yaml:8: vpnGateways.gw.tunnels.t: mode spd needs `policies`'],
    [
      'a name that is there twice',
      'site: s\nvpcs:\n  a: { cidr: 10.0.0.0/16 }\n  a: { cidr: 10.1.0.0/16 }\n',
      'site.yaml:4: Map keys must be unique',
    ],
    [
      'what is no YAML',
      'site: [\n',
      'site.yaml:2: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
  ])('%s', (_, text, problem) => {
    expect(problemOf(text)).toBe(problem);
  });
});

describe('keys', () => {
  const keys = (mayWrite: boolean) => keySource({ directory, mayWrite, environment: { KEY: 'of the environment' } });

  it('are made once, for their owner only, and not in a dry run', () => {
    keys(false)('generate:keys/a.psk', []);
    expect(existsSync(join(directory, 'keys/a.psk'))).toBe(false);
    const made = keys(true)('generate:keys/a.psk', []).reveal();
    expect(statSync(join(directory, 'keys/a.psk')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(directory, 'keys/a.psk'), 'utf8')).toBe(`${made}\n`);
    chmodSync(join(directory, 'keys/a.psk'), 0o400);
    expect(keys(true)('generate:keys/a.psk', []).reveal()).toBe(made);
    expect(keys(true)('file:keys/a.psk', []).reveal()).toBe(made);
    expect(keys(true)('env:KEY', []).reveal()).toBe('of the environment');
    expect(() => keys(true)('file:keys/b.psk', [])).toThrow('there is no key in');
  });

  it('are shown by nothing', () => {
    const secret = new Secret('hidden');
    const object = {
      key: 'tunnel a/b',
      kind: 'tunnel',
      path: ['a', 'b'],
      needs: [],
      fields: { preSharedKey: secret },
    } as const;
    const present = { ...object, id: 'vpnx-1', isOwn: true, fields: { preSharedKey: new Secret('before') } };
    const [step] = stepsTo([object], [present], { prune: false });
    expect(step).toMatchObject({ do: 'change', fields: ['preSharedKey'] });
    const shown = [
      step === undefined ? '' : describeStep(step),
      inspect(step, { depth: 9 }),
      JSON.stringify(step),
      String(secret),
    ];
    expect(shown.join()).not.toMatch(/hidden|before/);
  });
});

describe('init', () => {
  it.each(['route', 'spd'])('writes a file of mode %s that is right', (mode) => {
    const proposed = Object.fromEntries(questions.map(({ name, proposal }) => [name, proposal]));
    const { site, settings } = firstTunnel({ ...proposed, mode } as unknown as Answers);
    const objects = objectsOfSite(parseSite(site, 'site.yaml').site, () => new Secret('key'));
    const expected = [
      'customerGateway idc',
      'interface office/a/eth1',
      'subnet office/a',
      'tunnel gateway/to-idc',
      'vpc office',
      'vpcRoute office/192.168.1.0/24',
      'vpnGateway gateway',
    ];
    const routes = mode === 'route' ? ['gatewayRoute gateway/192.168.1.0/24/to-idc'] : [];
    expect(objects.map(({ key }) => key).sort()).toEqual([...expected, ...routes].sort());
    expect(JSON.parse(settings)).toEqual({
      uplink: { mode: 'routed', interface: 'eth0', addresses: ['203.0.113.16/29'] },
    });
  });

  it('asks ten questions, and proposes an answer to each that it takes', () => {
    expect(questions).toHaveLength(10);
    for (const { proposal, pattern } of questions) expect(proposal).toMatch(pattern);
  });
});

it('a value that the catalogue has words for in two languages is refused in words', () => {
  expect(problemOf('site: s\nregion: a b\n')).toMatch(/^site\.yaml:2: region: .*letters/);
});
