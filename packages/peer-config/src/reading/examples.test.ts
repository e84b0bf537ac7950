import { describe, expect, test } from 'vitest';
import { exampleFiles } from '../../testing/example-files.ts';
import { chooseTunnel } from './choose-tunnel.ts';
import { compare, type Comparison } from './compare.ts';
import type { ComparedTunnel } from './difference.ts';
import type { Dialect } from './found-tunnel.ts';
import { dialects, readPeerFile } from './read-peer-file.ts';
import { recognizeDialect } from './recognize-dialect.ts';

function compareText(text: string, dialect: Dialect, ours: ComparedTunnel): Comparison {
  const { tunnels } = readPeerFile(text, dialect, ours.device.publicAddress);
  const choice = chooseTunnel(tunnels, ours);
  if (!('tunnel' in choice)) throw new Error(`one of ${choice.candidates.map(({ name }) => name).join(', ')}`);
  return compare(ours, choice.tunnel, dialect);
}

describe.each(dialects)('%s', (dialect) => {
  for (const { file, text: original, tunnel, cases } of exampleFiles(dialect)) {
    test(`${file} is recognized`, () => expect(recognizeDialect(original)).toBe(dialect));
    for (const { replace = [], differs } of cases) {
      test(`${file} ${JSON.stringify(replace)}`, () => {
        const text = replace.reduce((before, [from, to]) => {
          expect(before).toContain(from);
          return before.replaceAll(from, () => to);
        }, original);
        const { differences } = compareText(text, dialect, tunnel);
        expect(differences.map(({ field }) => field).sort()).toEqual([...differs].sort());
        for (const { fixHere, fixThere } of differences) {
          expect(fixHere).not.toBe('');
          expect(fixThere).not.toBe('');
        }
        expect(JSON.stringify(differences)).not.toContain(tunnel.tunnel.preSharedKey);
      });
    }
  }
});
