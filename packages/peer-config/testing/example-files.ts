import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseCidr, parseIpAddress } from '@landbridge/net';
import type { PeerTunnel } from '../src/peer-model.ts';
import type { ComparedTunnel } from '../src/reading/difference.ts';
import type { Dialect } from '../src/reading/found-tunnel.ts';

/** A tunnel as the files of ../examples describe it. */
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

interface Case {
  readonly replace?: readonly (readonly [string, string])[];
  /** Fields, in order of the alphabet. */
  readonly differs: readonly string[];
}

interface StoredExample {
  readonly file: string;
  readonly source: string;
  readonly tunnel: Partial<ExampleTunnel>;
  readonly cases: readonly Case[];
}

/** A file of ../examples, what the gateway has, and what differs in which variant of the file. */
export interface ExampleFile {
  readonly file: string;
  readonly text: string;
  readonly tunnel: ComparedTunnel;
  readonly cases: readonly Case[];
}

const folder = fileURLToPath(new URL('../examples/', import.meta.url));

export function exampleFiles(dialect: Dialect): ExampleFile[] {
  const base = JSON.parse(readFileSync(`${folder}base-tunnel.json`, 'utf8')) as ExampleTunnel;
  const stored = JSON.parse(readFileSync(`${folder}${dialect}/examples.json`, 'utf8')) as StoredExample[];
  return stored.map(({ file, tunnel, cases }) => ({
    file,
    cases,
    text: readFileSync(`${folder}${dialect}/${file}`, 'utf8'),
    tunnel: comparedTunnel({ ...base, ...tunnel }),
  }));
}

const begins = { active: 'at-once', passive: 'never', 'on-traffic': 'with-traffic' } as const;

function comparedTunnel(example: ExampleTunnel): ComparedTunnel {
  const address = parseIpAddress(example.deviceAddress);
  return {
    device: { publicAddress: address, address, interfaceName: 'eth0' },
    gatewayBegins: begins[example.negotiation],
    tunnel: {
      ...{ id: 'example', name: 'example', priority: 0, preSharedKey: example.key, healthCheck: null },
      ...{ mtu: 1400, mss: 1360, natTraversal: true, initiates: true },
      gatewayAddress: parseIpAddress(example.gatewayAddress),
      localIdentity: example.deviceIdentity,
      remoteIdentity: example.gatewayIdentity,
      ike: { ...example.ike, version: example.ikeVersion, aggressive: example.aggressive },
      esp: example.esp,
      dpd: { ...example.dpd, action: 'restart' },
      traffic: trafficOf(example),
    },
  };
}

function trafficOf({ mode, mappings, gatewayRanges }: ExampleTunnel): PeerTunnel['traffic'] {
  if (mode === 'route') return { mode, remotes: gatewayRanges.map(parseCidr), withheld: [], locals: [] };
  const pairs = mappings.map(({ gateway, device }) => ({ local: parseCidr(device), remote: parseCidr(gateway) }));
  return { mode: 'policy', pairs };
}
