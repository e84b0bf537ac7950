import { describe, expect, test } from 'vitest';
import { exampleFiles } from '../../testing/example-files.ts';
import { mutationsOf } from '../../testing/mutate-tunnel.ts';
import { dialects as writers } from '../dialects.ts';
import { peerConfiguration } from '../peer-configuration.ts';
import type { PeerModel } from '../peer-model.ts';
import { PeerConfigurationRefusal } from '../refusal.ts';
import { sampleModels } from '../sample-models.ts';
import { chooseTunnel } from './choose-tunnel.ts';
import { compare, type Comparison } from './compare.ts';
import type { ComparedTunnel, DifferenceField } from './difference.ts';
import type { Dialect } from './found-tunnel.ts';
import { dialects, readPeerFile } from './read-peer-file.ts';

/** Platforms of ../dialects.ts whose files are read. */
const platforms: Readonly<Record<Dialect, readonly string[]>> = {
  swanctl: ['strongswan swanctl'],
  'strongswan-ipsec-conf': ['strongswan ipsec.conf'],
  libreswan: ['libreswan'],
  vyos: ['vyos'],
  'cisco-ios': ['cisco ios', 'cisco ios-xe'],
  fortigate: ['fortinet'],
  routeros: ['mikrotik'],
};

interface Pair {
  readonly name: string;
  readonly text: string;
  readonly tunnel: ComparedTunnel;
}

/** Files as they are frozen in ../../examples: those for which nothing may differ. */
function examplePairs(dialect: Dialect): Pair[] {
  return exampleFiles(dialect).flatMap(({ file, text, tunnel, cases }) => {
    const fitting = cases.find(({ differs }) => differs.length === 0);
    const replaced = (fitting?.replace ?? []).reduce((before, [from, to]) => before.replaceAll(from, () => to), text);
    return fitting === undefined ? [] : [{ name: file, text: replaced, tunnel }];
  });
}

/** Files that we write ourselves for a device: they have to fit the tunnel that they are written for. */
function writtenPairs(dialect: Dialect): Pair[] {
  const chosen = writers.filter(({ vendorName, platform }) =>
    platforms[dialect].some((name) => `${vendorName} ${platform}`.startsWith(name)),
  );
  expect(chosen.length).toBe(platforms[dialect].length);
  return chosen.flatMap((writer) =>
    Object.entries(sampleModels).flatMap(([name, model]: [string, PeerModel]) => {
      const [tunnel] = model.tunnels;
      const withKey = { ...tunnel, preSharedKey: 'a-long-random-secret' };
      try {
        const { files } = peerConfiguration(writer, { device: model.device, tunnels: [withKey] });
        const text = files.flatMap((file) => (file.name.endsWith('.sh') ? [] : [file.text])).join('\n');
        const gatewayBegins = tunnel.initiates ? 'never' : 'at-once';
        return [
          { name: `${writer.title}, ${name}`, text, tunnel: { device: model.device, tunnel: withKey, gatewayBegins } },
        ];
      } catch (error) {
        if (error instanceof PeerConfigurationRefusal) return [];
        throw error;
      }
    }),
  );
}

function compareWith({ text }: Pair, dialect: Dialect, ours: ComparedTunnel): Comparison {
  const { tunnels } = readPeerFile(text, dialect, ours.device.publicAddress);
  const choice = chooseTunnel(tunnels, ours);
  if ('tunnel' in choice) return compare(ours, choice.tunnel, dialect);
  // As good as nothing found: somebody has to say which tunnel is meant.
  return { differences: [], unknown: [], key: 'not-in-the-file' };
}

interface Tally {
  made: number;
  found: number;
  /** The file says nothing of the field. */
  unsaid: number;
  readonly missed: string[];
  readonly beside: string[];
}

/** What differs besides when a field does: another cipher kind has another hash, IKEv1 and IKEv2 name modes and keys apart. */
const related: Partial<Record<DifferenceField, readonly DifferenceField[]>> = {
  'ike-version': ['exchange-mode', 'selectors'],
};

function measure(pairs: readonly Pair[], dialect: Dialect): Tally {
  const tally: Tally = { made: 0, found: 0, unsaid: 0, missed: [], beside: [] };
  for (const pair of pairs) {
    for (const { field, what, tunnel } of mutationsOf(pair.tunnel)) {
      const { differences, unknown, key } = compareWith(pair, dialect, tunnel);
      const fields = differences.map((difference) => difference.field);
      const isUnsaid = field === 'key' ? key === 'not-in-the-file' || key === 'unreadable' : unknown.includes(field);
      tally.made++;
      if (fields.includes(field)) tally.found++;
      else if (isUnsaid) tally.unsaid++;
      else tally.missed.push(`${pair.name}: ${field}, ${what}`);
      const beside = fields.filter((other) => other !== field && related[field]?.includes(other) !== true);
      if (beside.length > 0) tally.beside.push(`${pair.name}: ${field}, ${what}: also ${beside.join(', ')}`);
    }
  }
  return tally;
}

describe.each(dialects)('%s', (dialect) => {
  test('nothing differs where everything fits', () => {
    for (const pair of [...examplePairs(dialect), ...writtenPairs(dialect)]) {
      const { tunnels } = readPeerFile(pair.text, dialect, pair.tunnel.device.publicAddress);
      expect({ name: pair.name, choice: Object.keys(chooseTunnel(tunnels, pair.tunnel)) }).toEqual({
        name: pair.name,
        choice: ['tunnel'],
      });
      const { differences, unknown } = compareWith(pair, dialect, pair.tunnel);
      expect({ name: pair.name, differences }).toEqual({ name: pair.name, differences: [] });
      expect(unknown.length).toBeLessThanOrEqual(6);
    }
  });

  test('of what is made to differ, nine in ten are found', () => {
    const pairs = [...examplePairs(dialect), ...writtenPairs(dialect)];
    const { made, found, unsaid, missed, beside } = measure(pairs, dialect);
    console.log(
      `${dialect}: ${pairs.length} files, ${found} of ${made} differences found, ${unsaid} not said by the file`,
      missed,
      beside,
    );
    expect(found).toBeGreaterThanOrEqual(0.9 * made);
    expect(beside).toEqual([]);
  });
});
