import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { parseIpAddress } from '@landbridge/net';
import type { Dialect, PeerConfiguration } from './dialect.ts';
import { dialectOf, dialects } from './dialects.ts';
import { documentedForms } from './documented-forms.ts';
import { formPattern } from './form-pattern.ts';
import { peerConfiguration } from './peer-configuration.ts';
import type { PeerDhGroup, PeerEncryption, PeerIntegrity, PeerModel, PeerTunnel } from './peer-model.ts';
import { PeerConfigurationRefusal } from './refusal.ts';
import { sampleModels } from './sample-models.ts';

const nameOf = ({ vendorName, platform }: Dialect): string => `${vendorName}/${platform}`;
const named = dialects.map((dialect) => [nameOf(dialect), dialect] as const);
const cases = Object.entries<PeerModel>(sampleModels);

function written(dialect: Dialect, model: PeerModel): PeerConfiguration | PeerConfigurationRefusal {
  try {
    return peerConfiguration(dialect, model);
  } catch (error) {
    if (error instanceof PeerConfigurationRefusal) return error;
    throw error;
  }
}

function shown(result: PeerConfiguration | PeerConfigurationRefusal): string {
  if (result instanceof PeerConfigurationRefusal) return `refused: ${result.message}\n`;
  const files = result.files.map(({ name, text, secret }) => `=== ${name}${secret ? ' (secret)' : ''}\n${text}`);
  return [...files, `=== notes\n${result.notes.join('\n')}\n`].join('\n');
}

/** Whatever anybody could take for the end of a line. */
const linesOf = (text: string): string[] => text.split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/u);

function expectDocumented(dialect: Dialect, { files }: PeerConfiguration): void {
  if (dialect.proof === 'sheet') return;
  for (const { name, text } of files) {
    const forms = documentedForms[`${nameOf(dialect)} ${name}`];
    if (forms === undefined) throw new Error(`no forms for ${name} of ${nameOf(dialect)}`);
    const form = formPattern(forms);
    for (const line of linesOf(text))
      if (line !== '' && !form.test(line)) expect.fail(`${name}: ${JSON.stringify(line)}`);
  }
}

describe('the dialects', () => {
  it('have the two of the vendor first, and no name twice', () => {
    expect(dialects.slice(0, 2)).toMatchObject([
      { vendorName: 'cisco', platform: 'ios', softwareVersion: 'V15.4' },
      { vendorName: 'h3c', platform: 'comware', softwareVersion: 'V1.0' },
    ]);
    expect(new Set(named.map(([name]) => name)).size).toBe(dialects.length);
    for (const dialect of dialects) expect(dialectOf(dialect)).toBe(dialect);
    expect(dialectOf({ vendorName: 'cisco', platform: 'ios', softwareVersion: 'V1' })).toBeNull();
  });

  it.each(named)('%s writes most cases', (_, dialect) => {
    const possible = cases.filter(([, model]) => !(written(dialect, model) instanceof PeerConfigurationRefusal));
    expect(possible.length).toBeGreaterThanOrEqual(2);
  });
});

describe.each(named)('%s', (name, dialect) => {
  it.each(cases)('%s is as its golden file', async (title, model) => {
    const result = written(dialect, model);
    const file = new URL(`../golden/${name.replace('/', '-')}/${title}.txt`, import.meta.url);
    await expect(shown(result)).toMatchFileSnapshot(file.pathname);
  });

  it.each(cases)('%s is made of documented commands', (_, model) => {
    const result = written(dialect, model);
    if (!(result instanceof PeerConfigurationRefusal)) expectDocumented(dialect, result);
  });

  it('is made of documented commands for every choice of algorithms, or names the one that it lacks', () => {
    fc.assert(
      fc.property(anyCase(), anyNegotiation(), (model, negotiation) => {
        const changed = withTunnels(model, (tunnel) => ({ ...tunnel, ...negotiation(tunnel) }));
        const result = written(dialect, changed);
        if (result instanceof PeerConfigurationRefusal) {
          expect(result.field).toMatch(/^(ike|esp|dpd|traffic|localIdentity|remoteIdentity|healthCheck)/);
          expect(result.message).toContain(result.field);
        } else {
          expectDocumented(dialect, result);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('lets no name, identity or key out of its place', () => {
    fc.assert(
      fc.property(anyCase(), hostile(), hostileName(), hostileKey(), (model, people, fqdn, key) => {
        const tame = withTunnels(model, (tunnel) => ({ ...tunnel, ...identities(tunnel, 'tame.example.com') }));
        const wild = withTunnels(model, (tunnel) => ({
          ...tunnel,
          ...identities(tunnel, fqdn),
          name: people,
          preSharedKey: key,
        }));
        const [expected, result] = [written(dialect, tame), written(dialect, wild)];
        if (result instanceof PeerConfigurationRefusal) {
          expect(linesOf(result.message)).toHaveLength(1);
          if (result.field === 'preSharedKey') expect(result.value).toBeNull();
          return;
        }
        if (expected instanceof PeerConfigurationRefusal) return expect.fail(expected.message);
        expectDocumented(dialect, result);
        expect(result.files.map(({ text }) => linesOf(text).length)).toEqual(
          expected.files.map(({ text }) => linesOf(text).length),
        );
        const withKey = result.files.filter(({ secret }) => secret);
        expect(withKey).toHaveLength(1);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps the key to the file that says so, and to no note', () => {
    const key = 'Only_Here_9471';
    const result = written(
      dialect,
      withTunnels(keyCase(dialect), (tunnel) => ({ ...tunnel, preSharedKey: key })),
    );
    if (result instanceof PeerConfigurationRefusal) return expect.fail(result.message);
    expect(result.files.filter(({ text }) => text.includes(key)).map(({ secret }) => secret)).toEqual([true]);
    expect(result.notes.join('\n')).not.toContain(key);
  });
});

function keyCase(dialect: Dialect): PeerModel {
  const found = cases.find(([, model]) => !(written(dialect, model) instanceof PeerConfigurationRefusal));
  if (found === undefined) throw new Error(`${nameOf(dialect)} writes no case`);
  return found[1];
}

describe('a model', () => {
  const [tunnel] = sampleModels['route-ikev2'].tunnels;
  const of = (changes: Partial<PeerTunnel>): PeerModel => ({
    ...sampleModels['route-ikev2'],
    tunnels: [{ ...tunnel, ...changes }],
  });
  const [dialect] = dialects as [Dialect];

  it.each<[string, Partial<PeerTunnel>]>([
    ['id', { id: 'a b' }],
    ['gatewayAddress', { gatewayAddress: '203.0.113.17\nend' as PeerTunnel['gatewayAddress'] }],
    ['mtu', { mtu: Number.NaN }],
    ['preSharedKey', { preSharedKey: 'two\nlines' }],
    ['ike.encryption', { ike: { ...tunnel.ike, version: 1, encryption: 'aes256gcm16' } }],
    ['traffic.remotes', { gatewayAddress: parseIpAddress('10.0.0.1') }],
  ])('is refused by %s', (field, changes) => {
    expect(written(dialect, of(changes))).toMatchObject({ field });
  });

  it('is refused when its pair is by policies', () => {
    const [policy] = sampleModels['policy-ikev2'].tunnels;
    const second = { ...policy, id: 'vpnx-second', gatewayAddress: parseIpAddress('203.0.113.99') };
    const model = { ...sampleModels['policy-ikev2'], tunnels: [policy, second] } as const;
    expect(written(dialect, model)).toMatchObject({ field: 'traffic.mode' });
  });

  it('is refused without its key', () => {
    const result = written(dialect, of({ preSharedKey: 'what? never' }));
    expect(result).toMatchObject({ field: 'preSharedKey', value: null });
    expect((result as PeerConfigurationRefusal).message).not.toContain('never');
  });
});

function withTunnels(model: PeerModel, change: (tunnel: PeerTunnel) => PeerTunnel): PeerModel {
  const [first, second] = model.tunnels;
  return { ...model, tunnels: second === undefined ? [change(first)] : [change(first), change(second)] };
}

/** Names where there were names; addresses stay. */
function identities(tunnel: PeerTunnel, fqdn: string): Pick<PeerTunnel, 'localIdentity' | 'remoteIdentity'> {
  if (tunnel.localIdentity.kind === 'address') return tunnel;
  const identity = { kind: 'fqdn', value: fqdn } as const;
  return { localIdentity: identity, remoteIdentity: identity };
}

function anyCase(): fc.Arbitrary<PeerModel> {
  return fc.constantFrom(...cases.map(([, model]) => model));
}

function anyNegotiation(): fc.Arbitrary<(tunnel: PeerTunnel) => Partial<PeerTunnel>> {
  const cipher = fc.constantFrom<PeerEncryption>(
    ...(['des', '3des', 'aes128', 'aes192', 'aes256', 'aes128gcm16', 'aes192gcm16', 'aes256gcm16', 'null'] as const),
  );
  const hash = fc.constantFrom<PeerIntegrity>('md5', 'sha1', 'sha256', 'sha384', 'sha512');
  const group = fc.constantFrom<PeerDhGroup>(1, 2, 5, 14, 15, 16, 19, 20, 21, 24);
  return fc
    .record({
      version: fc.constantFrom(1 as const, 2 as const),
      aggressive: fc.boolean(),
      ike: fc.tuple(cipher, hash, group),
      esp: fc.tuple(cipher, hash, fc.option(group)),
      life: fc.integer({ min: 180, max: 604_800 }),
      timeoutSeconds: fc.integer({ min: 3, max: 120 }),
      enabled: fc.boolean(),
      initiates: fc.boolean(),
      natTraversal: fc.boolean(),
    })
    .map(({ version, aggressive, ike, esp, life, timeoutSeconds, enabled, initiates, natTraversal }) => {
      const [ikeCipher, integrity, dhGroup] = ike;
      const encryption = ikeCipher === 'null' ? 'aes256' : ikeCipher;
      return (tunnel: PeerTunnel) => ({
        ike: {
          version,
          aggressive: version === 1 && aggressive,
          encryption,
          integrity,
          dhGroup,
          lifetimeSeconds: life,
        },
        esp: { ...tunnel.esp, encryption: esp[0], integrity: esp[1], pfsGroup: esp[2], lifetimeSeconds: life },
        dpd: { enabled, timeoutSeconds, action: 'clear' as const },
        initiates,
        natTraversal,
      });
    });
}

const marks = [
  '"',
  "'",
  '\\',
  '`',
  '$',
  ';',
  '#',
  '!',
  '?',
  '{',
  '}',
  '=',
  '\n',
  '\r',
  '\u2028',
  '\u0085',
  '\t',
  ' ',
  'end',
  '0x41',
  '0sQQ==',
  '}\nsecrets {',
];

function hostile(): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.constantFrom(...marks),
    fc.string({ unit: 'grapheme', maxLength: 4 }),
    fc.stringMatching(/^[a-z0-9]{1,6}$/),
  );
  return fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(''));
}

/** Any text, or one that most platforms take but for the marks in it. */
function hostileKey(): fc.Arbitrary<string> {
  return fc.oneof(
    hostile(),
    fc.stringMatching(/^[a-z0-9"'\\$;#!{}= ]{1,12}$/),
    fc.stringMatching(/^[A-Za-z0-9$;#!{}=._-]{1,12}$/),
  );
}

/** As the API lets them be: printable, without spaces. */
function hostileName(): fc.Arbitrary<string> {
  return hostile()
    .map((text) => text.replace(/[^\x21-\x7e]/g, ''))
    .filter((text) => text !== '');
}
