import { runCommand } from '@landbridge/testbed/run-command';

export interface NamedProcess {
  readonly pid: number;
  readonly commandLine: string;
}

/** Processes with this (a regular expression) on their command line, in this process's pid namespace: those of labs in others are not ours. */
export async function processesNaming(pattern: string): Promise<NamedProcess[]> {
  const ownOnly = ['--ns', String(process.pid), '--nslist', 'pid'];
  const { stdout } = await runCommand(['pgrep', ...ownOnly, '--list-full', '--full', pattern]);
  return stdout
    .split('\n')
    .map((line) => /^(\d+) (.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, pid, commandLine = '']) => ({ pid: Number(pid), commandLine }))
    .filter(({ commandLine }) => !commandLine.includes('pgrep'));
}
