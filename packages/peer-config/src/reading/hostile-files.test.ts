import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exampleFiles } from '../../testing/example-files.ts';
import { mostBytes } from './bounds.ts';
import type { Dialect } from './found-tunnel.ts';
import { PeerFileError } from './peer-file-error.ts';
import { dialects, readPeerFile } from './read-peer-file.ts';
import { recognizeDialect } from './recognize-dialect.ts';

/** Reads; passes over the parser's own error, which has to name a line of the file. */
function read(text: string, dialect: Dialect): void {
  try {
    readPeerFile(text, dialect, '198.51.100.7');
  } catch (error) {
    if (!(error instanceof PeerFileError)) throw error;
    expect(error.line).toBeGreaterThan(0);
    expect(error.line).toBeLessThanOrEqual(text.split('\n').length);
  }
}

describe.each(dialects)('%s', (dialect) => {
  const texts = exampleFiles(dialect).map(({ text }) => text);
  const words = texts.flatMap((text) => text.split(/(\s+|[{}=:,"'[\]])/)).filter((word) => word !== '');
  const soup = fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ unit: 'binary', maxLength: 6 })), {
    maxLength: 120,
  });

  test('random text, and the words of a file in any order, are refused by a line or read', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => read(text, dialect)),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(soup, (parts) => {
        read(parts.join(''), dialect);
        recognizeDialect(parts.join(''));
      }),
      { numRuns: 700 },
    );
  });

  test('a file with pieces of it taken out or doubled is refused by a line or read', () => {
    const whole = texts.join('\n');
    const piece = fc.tuple(fc.nat(whole.length), fc.nat(200), fc.boolean());
    const change = (text: string, [at, length, isDoubled]: [number, number, boolean]) =>
      text.slice(0, at) + (isDoubled ? text.slice(at, at + length).repeat(2) : '') + text.slice(at + length);
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5 }), (pieces) => read(pieces.reduce(change, whole), dialect)),
      { numRuns: 300 },
    );
  });

  test('time grows with the size of a file and no faster', () => {
    const patterns = [
      ...texts,
      ...['{', '}', '"', "'", '\\\n', 'a = b\n', ' a', 'x {\n}\n', '[', 'edit a\n', 'config a\n', '!\n', '=', 'a=[ '],
      ...['crypto map a 1 ipsec-isakmp\n', 'conn a\n also=b\n', 'set vpn ipsec site-to-site peer a tunnel 1\n'],
      ...[
        ': PSK a\n',
        '/ip ipsec peer add name=a\n',
        'a\n b\n  c\n',
        'a : b { c = d }\n',
        'conn %default\n also=%default\n',
      ],
    ];
    for (const pattern of patterns) {
      const [small, large] = [16_384, 131_072].map((size) =>
        timeOf(pattern.repeat(Math.ceil(size / pattern.length)), dialect),
      );
      // Eight times as much text: sixty-four times the time, were it quadratic.
      const ratio = (large ?? 0) / Math.max(small ?? 0, 10);
      expect({ pattern, ratio }).toSatisfy((found: { ratio: number }) => found.ratio < 24);
    }
  }, 60_000);

  test('a file that is too large is refused, and one that is nested deep is at least read in time', () => {
    expect(() => readPeerFile(' '.repeat(mostBytes + 1), dialect, null)).toThrow(PeerFileError);
    read('a {\n'.repeat(100_000), dialect);
    read('config a\nedit b\n'.repeat(50_000), dialect);
    read(Array.from({ length: 1000 }, (_, depth) => `${' '.repeat(depth)}a`).join('\n'), dialect);
  });
});

/** Milliseconds of the processor, the best of two. */
function timeOf(text: string, dialect: Dialect): number {
  const times = [1, 2].map(() => {
    const started = process.cpuUsage();
    read(text, dialect);
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}
