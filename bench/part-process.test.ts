import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { requirePrograms } from './required-programs.ts';

const source = (file: string): string => JSON.stringify(new URL(file, import.meta.url).href);

/** A part that has started something, and then needs a program that is not there. */
const program = `
  import { spawn } from 'node:child_process';
  import { reportPart } from ${source('part-process.ts')};
  import { runChecked } from '@landbridge/testbed/run-command';
  await reportPart(async () => {
    spawn('sleep', ['30'], { stdio: 'ignore' });
    return runChecked(['no-such-program']);
  });
`;

describe('a part of the bench', () => {
  it('ends with a failure that names the program which is missing, whatever it had started', async () => {
    const node = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', program, '{}'];
    const part = spawn(process.execPath, node, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const said: unknown[] = [];
    part.on('message', (message) => said.push(message));
    const timeout = AbortSignal.timeout(20_000);
    try {
      const [code] = (await once(part, 'exit', { signal: timeout })) as [number];
      expect(code).toBe(1);
    } finally {
      part.kill('SIGKILL');
    }
    expect(said).toContainEqual({ kind: 'failure', message: expect.stringContaining('no-such-program') as string });
  }, 30_000);

  it('is not begun when a program is missing', () => {
    expect(() => requirePrograms(['sh', 'no-such-program', 'nor-this'])).toThrow('no-such-program, nor-this');
    expect(() => requirePrograms(['sh'])).not.toThrow();
  });
});
