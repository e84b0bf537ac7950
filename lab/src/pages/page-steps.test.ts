import { expect, test } from 'vitest';
import { readPage } from './page-steps.ts';

const read = (...lines: readonly string[]) => readPage('guides/a.md', lines.join('\n'));
const fence = '```';

test('steps come in the order of the page, with what is said about them', () => {
  const page = read(
    '# A',
    '<!-- goes on from: ../first.md -->',
    '<!-- generated: not ours -->',
    '',
    '<!-- file: a.json -->',
    `${fence}json`,
    '{}',
    fence,
    '<!-- starts, and says: listening on -->',
    '',
    `${fence}sh`,
    'landbridge serve',
    fence,
    '<!-- lab: it rains -->',
    '<!-- on: router -->',
    '<!-- answers: eth0, , 10.0.0.0/8 -->',
    `   ${fence}sh`,
    '   ip link',
    `   ${fence}`,
    '<!-- not run: needs systemd -->',
    `${fence}sh`,
    'systemctl restart x',
    fence,
  );
  expect(page).toEqual({
    goesOnFrom: 'first.md',
    steps: [
      { kind: 'write', line: 6, file: 'a.json', text: '{}\n' },
      { kind: 'start', line: 11, text: 'landbridge serve', on: null, input: '', until: 'listening on' },
      { kind: 'scene', line: 14, text: 'it rains' },
      { kind: 'run', line: 17, text: 'ip link', on: 'router', input: 'eth0\n\n10.0.0.0/8\n' },
      { kind: 'not-run', line: 21, text: 'systemctl restart x', reason: 'needs systemd' },
    ],
  });
});

test('commands of a console come one by one, with what they print', () => {
  const { steps } = read(
    '<!-- after a moment -->',
    `${fence}console`,
    '$ a \\',
    '  --b',
    'one',
    'two \\',
    '$ c',
    fence,
  );
  expect(steps).toEqual([
    { kind: 'compare', line: 3, text: 'a \\\n  --b', expected: 'one\ntwo \\\n', on: null, input: '', isAwaited: true },
    { kind: 'compare', line: 7, text: 'c', expected: '', on: null, input: '', isAwaited: true },
  ]);
});

test.each([
  [[fence, 'x', fence], 'guides/a.md:1: the block does not say what it is'],
  [[`${fence}sh`, 'x'], 'guides/a.md:1: the block has no end'],
  [[`${fence}text`, 'x', '  landbridge status', fence], 'guides/a.md:3: a command in a block of text'],
  [[`${fence}json`, '$ x', fence], 'guides/a.md:2: a command in a block of json'],
  [[`${fence}console`, 'x', fence], 'guides/a.md:2: a block of console begins with "$ "'],
  [['<!-- not run: x -->', '', 'words'], 'guides/a.md:3: a block has to follow the comment above'],
])('%j is refused', (lines, problem) => expect(() => read(...lines)).toThrow(problem));
