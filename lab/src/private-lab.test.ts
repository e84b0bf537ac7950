import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { namespaceNames } from '@landbridge/testbed/namespace';
import { poll } from '@landbridge/testbed/poll';
import { inPrivatePlace, runInPrivateLab } from './private-lab.ts';
import { runChecked, runCommand } from '@landbridge/testbed/run-command';

const isRoot = process.getuid?.() === 0;

const imports = `
  import { spawn } from 'node:child_process';
  import { existsSync, writeFileSync } from 'node:fs';
  import { mkdtemp } from 'node:fs/promises';
  import { withHostNamespace } from ${source('enter-host-namespace.ts')};
  import { labDown } from ${source('index.ts')};
  import { Interrupted, withInterruption } from ${source('interruption.ts')};
  import { takeInventory } from ${source('leak-check.ts')};
  import { Namespace } from '@landbridge/testbed/namespace';
  import { temporaryPrefix } from ${source('own-namespaces.ts')};
  import { poll } from '@landbridge/testbed/poll';
  import { runInPrivateLab } from ${source('private-lab.ts')};
  import { sweepInsideHost } from ${source('sweep.ts')};
`;

/** One of each thing that a lab makes. Names of namespaces are the same in all labs; the temporary directory's is not. */
const makeThings = `
  await Namespace.create('lab-node');
  const directory = await mkdtemp(temporaryPrefix);
  const argv = new Namespace('lab-node').enter(['sh', '-c', 'sleep 300; true', directory]);
  spawn(argv[0], argv.slice(1), { stdio: 'ignore', detached: true }).unref();
  /** Without process ids. */
  const look = async () => (await takeInventory()).map((item) => item.replace(/process \\d+/, 'process')).sort();
  const made = await poll('the process runs', look, (items) => items.some((item) => item.startsWith('process sleep 300')), { within: 10_000 });
  const waitFor = (file) => poll(file, () => existsSync(file), Boolean, { within: 20_000 });
`;

function source(file: string): string {
  return JSON.stringify(new URL(file, import.meta.url).href);
}

function node(program: string, ...parameters: readonly string[]): string[] {
  return ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', imports + program, ...parameters];
}

const never = new AbortController().signal;

/** Runs a program in a private lab and returns what it said. */
async function messagesOf(program: string, ...parameters: readonly string[]): Promise<unknown[]> {
  const said: unknown[] = [];
  const onMessage = (message: unknown): void => void said.push(message);
  expect(await runInPrivateLab(node(program, ...parameters), { signal: never, onMessage })).toBe(0);
  return said;
}

describe.runIf(isRoot)('a private lab', { timeout: 60_000 }, () => {
  /** What programs tell each other by files, and a mark on their command lines. */
  let folder: string;
  let before: readonly string[];

  beforeEach(async () => {
    before = await namespaceNames();
    folder = await mkdtemp(join(tmpdir(), 'two-labs-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
    expect(await namespaceNames()).toEqual(before);
  });

  const processesOf = async (mark: string): Promise<string[]> =>
    (await runCommand(['pgrep', '-f', mark])).stdout.split('\n').filter(Boolean);

  it('hands on the exit code, the messages and the environment of its program', async () => {
    const said: unknown[] = [];
    const program = `process.send(process.env.MARK, () => process.exit(3))`;
    const options = { signal: never, onMessage: (message: unknown) => said.push(message), environment: { MARK: 'm' } };
    expect(await runInPrivateLab(node(program), options)).toBe(3);
    expect(said).toEqual(['m']);
  });

  it('fails when its program has left something, though that goes all the same', async () => {
    const left = runInPrivateLab(node(`${makeThings} process.disconnect(); process.exit(0);`), { signal: never });
    await expect(left).rejects.toThrow(/left behind: namespace lab-node; .*directory \/var\/lib\/landbridge-lab\/tmp-/);
  });

  it('neither sees nor counts nor sweeps what is in another one', async () => {
    const program = `${makeThings}
      const [own, other, swept] = process.argv.slice(1);
      writeFileSync(own, '');
      await waitFor(other);
      const both = await look();
      // The first one sweeps while the second one has everything.
      if (own < other) writeFileSync((await sweepInsideHost(), swept), '');
      else await waitFor(swept);
      const after = await look();
      await sweepInsideHost();
      process.send({ directory, made, both, after }, () => process.disconnect());
    `;
    const [one, two, swept] = ['1', '2', 'swept'].map((name) => join(folder, name)) as [string, string, string];
    const [[first], [second]] = (await Promise.all([
      messagesOf(program, one, two, swept),
      messagesOf(program, two, one, swept),
    ])) as [[Report], [Report]];
    for (const { directory, made, both } of [first, second]) {
      expect(made).toEqual(
        expect.arrayContaining([`directory ${directory}`, 'namespace lab-host', 'namespace lab-node']),
      );
      expect(made.filter((item) => item.startsWith('directory') || item.startsWith('namespace'))).toHaveLength(3);
      expect(both).toEqual(made);
    }
    expect(second.after).toEqual(second.made);
    expect(first.after).not.toContain('namespace lab-node');
  });

  interface Report {
    readonly directory: string;
    readonly made: readonly string[];
    readonly both: readonly string[];
    readonly after: readonly string[];
  }

  it.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
    'goes with all its processes when its starter gets %s, and another one goes on',
    async (signal) => {
      const file = (name: string): string => join(folder, name);
      const beside = messagesOf(
        `${makeThings}
        writeFileSync(process.argv[1], '');
        await waitFor(process.argv[2]);
        const after = await look();
        await sweepInsideHost();
        process.send({ made, after }, () => process.disconnect());`,
        file('beside'),
        file('gone'),
      );
      const inner = node(
        `${makeThings} writeFileSync(process.argv[1], ''); setInterval(() => {}, 1000);`,
        file('built'),
      );
      const outer = node(
        `const argv = ${JSON.stringify(inner)};
        await withInterruption((signal) => runInPrivateLab(argv, { signal })).catch((error) => {
          process.exitCode = error instanceof Interrupted ? 7 : 1;
        });`,
      );
      const starter = spawn(process.execPath, outer, { stdio: 'inherit' });
      const ended = new Promise((resolve) => starter.once('exit', (code, by) => resolve(by ?? code)));
      await poll('both are built', () => runChecked(['ls', folder]), (names) => names.includes('beside\nbuilt'), { within: 20_000 }); // prettier-ignore
      expect(await processesOf(file('built'))).not.toEqual([]);
      starter.kill(signal);
      expect(await ended).toBe(signal === 'SIGKILL' ? signal : 7);
      await poll('its processes are gone', () => processesOf(file('built')), (pids) => pids.length === 0, { within: 5000 }); // prettier-ignore
      await writeFile(file('gone'), '');
      const [{ made, after }] = (await beside) as [{ made: string[]; after: string[] }];
      expect(after).toEqual(made);
    },
  );

  it('stands beside a kept one: neither of them removes the other', async () => {
    // A private place plays the machine.
    const machine = node(
      `${''}
      let made, look;
      await withHostNamespace(async () => { ${makeThings.replace('const made', 'made').replace('const look', 'look')} }, { keep: true });
      const inner = ${JSON.stringify(
        node(`${makeThings}
          writeFileSync(process.argv[1], '');
          await waitFor(process.argv[2]);
          process.send((await look()).join() === made.join(), async () => { await sweepInsideHost(); process.disconnect(); });`),
      )};
      const said = [];
      const run = runInPrivateLab([...inner, ...process.argv.slice(1)], { signal: new AbortController().signal, onMessage: (message) => said.push(message) });
      await poll('built', () => existsSync(process.argv[1]), Boolean, { within: 20_000 });
      const kept = (await look()).join() === made.join();
      const removed = await labDown();
      writeFileSync(process.argv[2], '');
      const code = await run;
      console.log(JSON.stringify({ kept, said, code, removed: removed.map((name) => name.replace(/tmp-.*/, 'tmp')), left: await look() }));`,
      join(folder, 'built'),
      join(folder, 'down'),
    );
    const [file = '', ...argv] = inPrivatePlace([process.execPath, ...machine]);
    const { stdout } = await promisify(execFile)(file, argv);
    expect(JSON.parse(stdout)).toEqual({
      ...{ kept: true, said: [true], code: 0, left: [] },
      removed: ['lab-node', 'lab-host', '/var/lib/landbridge-lab/tmp'],
    });
  });
});
