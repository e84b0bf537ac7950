import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseCidr, parseIpAddress } from '@landbridge/net';
import { describe, expect, test } from 'vitest';
import type { PeerTunnel } from '../peer-model.ts';
import { chooseTunnel } from './choose-tunnel.ts';
import { compare, type Comparison } from './compare.ts';
import type { ComparedTunnel } from './difference.ts';
import type { Dialect } from './found-tunnel.ts';
import { dialects, readPeerFile } from './read-peer-file.ts';
import { recognizeDialect } from './recognize-dialect.ts';

/** A tunnel as the files of ../../examples describe it. */
interface ExampleTunnel {
  readonly ikeVersion: 1 | 2;
  readonly aggressive: boolean;
  readonly gatewayAddress: string;
  readonly deviceAddress: string;
  readonly gatewayIdentity: PeerTunnel['remoteIdentity'];
  readonly deviceIdentity: PeerTunnel['localIdentity'];
  readonly key: string;
  readonly ike: Omit<PeerTunnel['ike'], 'version' | 'aggressive'>;
  readonly esp: PeerTunnel['esp'];
  readonly mode: 'spd' | 'route';
  readonly mappings: readonly { readonly gateway: string; readonly device: string }[];
  readonly gatewayRanges: readonly string[];
  readonly negotiation: 'active' | 'passive' | 'on-traffic';
  readonly dpd: { readonly enabled: boolean; readonly timeoutSeconds: number };
}

interface Example {
  readonly file: string;
  readonly source: string;
  readonly tunnel: Partial<ExampleTunnel>;
  readonly cases: readonly {
    readonly replace?: readonly (readonly [string, string])[];
    readonly differs: readonly string[];
  }[];
}

const folder = fileURLToPath(new URL('../../examples/', import.meta.url));
const base = JSON.parse(readFileSync(`${folder}base-tunnel.json`, 'utf8')) as ExampleTunnel;

function tunnelOf(changes: Partial<ExampleTunnel>): ComparedTunnel {
  const example = { ...base, ...changes };
  const address = parseIpAddress(example.deviceAddress);
  return {
    device: { publicAddress: address, address, interfaceName: 'eth0' },
    gatewayBegins: ({ active: 'at-once', passive: 'never', 'on-traffic': 'with-traffic' } as const)[
      example.negotiation
    ],
    tunnel: {
      ...{
        id: 'example',
        name: 'example',
        priority: 0,
        preSharedKey: example.key,
        healthCheck: null,
        mtu: 1400,
        mss: 1360,
      },
      gatewayAddress: parseIpAddress(example.gatewayAddress),
      localIdentity: example.deviceIdentity,
      remoteIdentity: example.gatewayIdentity,
      ike: { ...example.ike, version: example.ikeVersion, aggressive: example.aggressive },
      esp: example.esp,
      dpd: { ...example.dpd, action: 'restart' },
      natTraversal: true,
      initiates: true,
      traffic:
        example.mode === 'route'
          ? { mode: 'route', remotes: example.gatewayRanges.map(parseCidr), locals: [] }
          : {
              mode: 'policy',
              pairs: example.mappings.map(({ gateway, device }) => ({
                local: parseCidr(device),
                remote: parseCidr(gateway),
              })),
            },
    },
  };
}

function compareText(text: string, dialect: Dialect, ours: ComparedTunnel): Comparison {
  const { tunnels } = readPeerFile(text, dialect, ours.device.publicAddress);
  const choice = chooseTunnel(tunnels, ours);
  if (!('tunnel' in choice)) throw new Error(`one of ${choice.candidates.map(({ name }) => name).join(', ')}`);
  return compare(ours, choice.tunnel, dialect);
}

describe.each(dialects)('%s', (dialect) => {
  const examples = JSON.parse(readFileSync(`${folder}${dialect}/examples.json`, 'utf8')) as Example[];
  for (const { file, tunnel, cases } of examples) {
    const original = readFileSync(`${folder}${dialect}/${file}`, 'utf8');
    test(`${file} is recognized`, () => expect(recognizeDialect(original)).toBe(dialect));
    for (const { replace = [], differs } of cases) {
      test(`${file} ${JSON.stringify(replace)}`, () => {
        const text = replace.reduce((before, [from, to]) => {
          expect(before).toContain(from);
          return before.replaceAll(from, () => to);
        }, original);
        const { differences } = compareText(text, dialect, tunnelOf(tunnel));
        expect(differences.map(({ field }) => field).sort()).toEqual([...differs].sort());
        for (const { fixHere, fixThere } of differences) {
          expect(fixHere).not.toBe('');
          expect(fixThere).not.toBe('');
        }
        expect(JSON.stringify(differences)).not.toContain(base.key);
      });
    }
  }
});
