import { readdir } from 'node:fs/promises';
import { CommandError, systemCommands, type Commands } from '../platform/commands.ts';
import { netnsdBinary } from './installed-binaries.ts';
import { NetnsdProcess, type Netnsd } from './netnsd.ts';

/** Everything a driver needs to talk to the kernel. */
export interface Kernel {
  readonly commands: Commands;
  readonly netnsd: Netnsd;
  /** A named namespace that plays the host's part; null is the namespace this process lives in. */
  readonly hostNetns: string | null;
  /** Names of all named namespaces, as `ip netns list` finds them. */
  listNetns(): Promise<readonly string[]>;
}

/** One for the whole process. */
const systemNetnsd = new NetnsdProcess([netnsdBinary]);

/** @param hostNetns plays the host's part in tests. */
export function systemKernel(hostNetns: string | null = null): Kernel {
  const listNetns = () => readdir('/run/netns').catch(() => []);
  return { commands: systemCommands, netnsd: systemNetnsd, hostNetns, listNetns };
}

/** A plan's namespace: a name, or null for the host's. */
export type Netns = string | null;

/** The mark of every route and rule we add: its protocol number (`ip route … proto 76`). */
export const routeProtocol = 76;

/** One line of ip(8), and the namespace it is said in. */
export interface IpCommand {
  readonly netns: Netns;
  readonly line: string;
}

/** What an object asked for cannot have yet, because something else is missing; the next try may succeed. */
export class NotReadyError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotReadyError';
  }
}

/** The namespace's name on this machine, null when commands run there without switching. */
export function realNetns(kernel: Kernel, netns: Netns): string | null {
  return netns ?? kernel.hostNetns;
}

/** `-n NAME` for ip and tc. */
function netnsOption(kernel: Kernel, netns: Netns): string[] {
  const name = realNetns(kernel, netns);
  return name === null ? [] : ['-n', name];
}

/** Argument vector that runs a program inside a namespace, by exec: the process id stays. */
export function inNetns(kernel: Kernel, netns: Netns, argv: readonly string[]): string[] {
  const name = realNetns(kernel, netns);
  return name === null ? [...argv] : ['nsenter', `--net=/run/netns/${name}`, '--', ...argv];
}

/** How `ip link … netns X` names the namespace as the destination of a device. */
export function netnsArgument(kernel: Kernel, netns: Netns): string {
  return realNetns(kernel, netns) ?? String(process.pid);
}

/** Answers to queries such as `route show table all`; numbers instead of names, so that no file of the host changes what we read. */
export async function readIp(
  kernel: Kernel,
  netns: Netns,
  queries: readonly string[],
  signal?: AbortSignal,
): Promise<unknown[][]> {
  return kernel.netnsd.show(realNetns(kernel, netns), queries, signal);
}

/**
 * Says the lines in order. A failing one does not keep the next ones from being tried; the error thrown afterwards names
 * every line that failed and why.
 */
export async function runIp(kernel: Kernel, commands: readonly IpCommand[], signal?: AbortSignal): Promise<void> {
  const problems = await tryIp(kernel, commands, signal);
  if (problems.length > 0) throw new Error(problems.join('; '));
}

/** As runIp, but returns what failed: each with its line and why. */
export async function tryIp(kernel: Kernel, commands: readonly IpCommand[], signal?: AbortSignal): Promise<string[]> {
  const problems: string[] = [];
  for (const { netns, lines } of consecutiveRuns(commands)) {
    const outcomes = await kernel.netnsd.change(realNetns(kernel, netns), lines, signal);
    const place = ['ip', ...netnsOption(kernel, netns)].join(' ');
    problems.push(
      ...lines.flatMap((line, index) => (outcomes[index] == null ? [] : [`${place} ${line}: ${outcomes[index]}`])),
    );
  }
  return problems;
}

/** As runIp, for what `ip xfrm` alone knows. */
export function runXfrm(kernel: Kernel, netns: Netns, lines: readonly string[], signal?: AbortSignal): Promise<void> {
  return runProgram('ip', kernel, netns, lines, signal);
}

/** As runIp, for traffic control. */
export function runTc(kernel: Kernel, netns: Netns, lines: readonly string[], signal?: AbortSignal): Promise<void> {
  return runProgram('tc', kernel, netns, lines, signal);
}

async function runProgram(
  program: 'ip' | 'tc',
  kernel: Kernel,
  netns: Netns,
  lines: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  if (lines.length === 0) return;
  const argv = [program, ...netnsOption(kernel, netns), '-force', '-batch', '-'];
  const problems = await runBatch(kernel, argv, lines, signal);
  if (problems.length > 0) throw new Error(problems.join('; '));
}

/** As readIp, for what tc alone knows. */
export async function readTcBatch(
  kernel: Kernel,
  netns: Netns,
  queries: readonly string[],
  signal?: AbortSignal,
): Promise<unknown[][]> {
  if (queries.length === 0) return [];
  const argv = ['tc', ...netnsOption(kernel, netns), '-json', '-batch', '-'];
  return readBatch(kernel, argv, queries, signal);
}

/** For what tc tells in text only. */
export async function readTcText(
  kernel: Kernel,
  netns: Netns,
  query: readonly string[],
  signal?: AbortSignal,
): Promise<string> {
  return kernel.commands.run(['tc', ...netnsOption(kernel, netns), ...query], signal && { signal });
}

async function readBatch(
  kernel: Kernel,
  argv: readonly string[],
  queries: readonly string[],
  signal: AbortSignal | undefined,
): Promise<unknown[][]> {
  const output = await kernel.commands.run(argv, { input: `${queries.join('\n')}\n`, ...(signal && { signal }) });
  const answers = output.split('\n').filter((line) => line.trim() !== '');
  if (answers.length !== queries.length) {
    throw new Error(`${argv[0]} answered ${answers.length} of ${queries.length} queries (${queries.join(', ')})`);
  }
  return answers.map((line) => JSON.parse(line) as unknown[]);
}

async function runBatch(
  kernel: Kernel,
  argv: readonly string[],
  lines: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string[]> {
  try {
    await kernel.commands.run(argv, { input: `${lines.join('\n')}\n`, ...(signal && { signal }) });
    return [];
  } catch (error) {
    if (!(error instanceof CommandError) || error.exitCode === null) throw error;
    return explainBatch(argv, lines, error.stderr);
  }
}

/** `Cannot find device "x"` and `Command failed -:3` → the third line and its reason. */
export function explainBatch(argv: readonly string[], lines: readonly string[], stderr: string): string[] {
  const problems: string[] = [];
  let reason: string[] = [];
  for (const text of stderr.split('\n')) {
    const failed = /^Command failed -:(\d+)/.exec(text);
    if (failed === null) {
      if (text.trim() !== '' && !text.startsWith('We have an error talking')) reason.push(text.trim());
      continue;
    }
    const line = lines[Number(failed[1]) - 1] ?? '?';
    problems.push(`${argv.slice(0, -3).join(' ')} ${line}: ${reason.join(' ')}`);
    reason = [];
  }
  return problems.length > 0 ? problems : [`${argv.join(' ')}: ${stderr.trim()}`];
}

function consecutiveRuns(commands: readonly IpCommand[]): { netns: Netns; lines: string[] }[] {
  const runs: { netns: Netns; lines: string[] }[] = [];
  for (const command of commands) {
    const last = runs.at(-1);
    if (last?.netns === command.netns) last.lines.push(command.line);
    else runs.push({ netns: command.netns, lines: [command.line] });
  }
  return runs;
}
