import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { CommandError, systemCommands } from './commands.ts';

const run: typeof systemCommands.run = (argv, options) => systemCommands.run(argv, options);
const start: typeof systemCommands.start = (argv, options) => systemCommands.start(argv, options);

describe('run', () => {
  it('gives standard output, and standard input to the program', async () => {
    expect(await run(['cat'], { input: 'text\n' })).toBe('text\n');
  });

  it('hands on nothing of our environment but PATH, and sets the C locale', async () => {
    vi.stubEnv('LANDBRIDGE_SECRET', 'secret');
    const environment = await run(['env']);
    vi.unstubAllEnvs();
    expect(
      environment
        .trim()
        .split('\n')
        .map((line) => line.split('=')[0])
        .sort(),
    ).toEqual(['LC_ALL', 'PATH']);
    expect(environment).toContain('LC_ALL=C');
  });

  it('takes arguments as they are', async () => {
    expect(await run(['printf', '%s|', '$HOME', '; true', '*'])).toBe('$HOME|; true|*|');
  });

  it('rejects with argv, exit code and stderr, and never with the input', async () => {
    const error = await run(['sh', '-c', 'cat >/dev/null; echo problem >&2; exit 3'], { input: 'secret' }).catch(
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(CommandError);
    expect(error).toMatchObject({ exitCode: 3, stderr: 'problem\n' });
    expect((error as CommandError).argv[0]).toBe('sh');
    expect((error as Error).message).toMatch(/exit code 3: problem$/);
    expect(JSON.stringify([error, (error as Error).message])).not.toContain('secret');
  });

  it('rejects for a program that is not there, and for one that a signal ended', async () => {
    await expect(run(['no-such-program'])).rejects.toThrow(/cannot be started/);
    await expect(run(['sh', '-c', 'kill -9 $$'])).rejects.toThrow(/SIGKILL/);
  });

  it('ends a program after its time', async () => {
    const begin = performance.now();
    await expect(run(['sleep', '10'], { timeoutMs: 50 })).rejects.toThrow(/no result after 50 ms/);
    expect(performance.now() - begin).toBeLessThan(3000);
  });

  it('ends a program when its caller leaves, with the reason of the caller', async () => {
    const caller = new AbortController();
    const result = run(['sleep', '10'], { signal: caller.signal });
    caller.abort(new Error('left'));
    await expect(result).rejects.toThrow('left');
    await expect(run(['true'], { signal: caller.signal })).rejects.toThrow('left');
  });

  it('does not mind a program that ignores its input', async () => {
    expect(await run(['true'], { input: 'x'.repeat(1_000_000) })).toBe('');
  });
});

describe('start', () => {
  it('starts a program in a session of its own, with its output in a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'commands-'));
    const outputFile = join(folder, 'output');
    const argv = ['sh', '-c', 'echo "$MARK $(ps -o sid= -p $$) $$"'];
    const pid = await start(argv, { outputFile, env: { MARK: 'here' } });
    const output = await vi.waitFor(async () => {
      const text = await readFile(outputFile, 'utf8');
      expect(text).toMatch(/\n$/);
      return text;
    });
    expect(output.trim().split(/\s+/)).toEqual(['here', String(pid), String(pid)]);
    await rm(folder, { recursive: true });
  });

  it('rejects for a program that is not there', async () => {
    await expect(start(['no-such-program'], { outputFile: '/dev/null', env: {} })).rejects.toThrow(CommandError);
  });
});
