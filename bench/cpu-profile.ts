import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { poll } from '@landbridge/testbed/poll';
import { serviceProcess, type ServiceSide } from '../lab/src/service-processes.ts';
import type { World } from '../lab/src/world.ts';

/** Where profiles go, for whoever asks with BENCH_PROFILES; one is a `.cpuprofile` of Chrome's format. */
const folder = process.env['BENCH_PROFILES'];

/** So that both processes of the service find a port: SIGUSR1 makes them listen for a debugger. To be set before they start. */
export function prepareForProfiles(): void {
  if (folder !== undefined) process.env['NODE_OPTIONS'] = `${process.env['NODE_OPTIONS'] ?? ''} --inspect-port=0`;
}

/** Profiles controller and agent meanwhile, if that was asked for and there is a title. */
export async function profileWhile<Result>(
  world: World,
  title: string | null,
  work: () => Promise<Result>,
): Promise<Result> {
  if (folder === undefined || title === null) return work();
  await mkdir(folder, { recursive: true });
  const sides = ['controller', 'agent'] as const;
  // One after the other: which of them a new line of the log is about would not be told otherwise.
  const profilers: Profiler[] = [];
  for (const side of sides) profilers.push(await Profiler.start(world, side));
  const result = await work();
  for (const [place, profiler] of profilers.entries()) {
    await writeFile(join(folder, `${title} ${sides[place]}.cpuprofile`), JSON.stringify(await profiler.stop()));
  }
  return result;
}

interface Reply {
  readonly id?: number;
  readonly result?: { readonly profile?: unknown };
}

/** The debugger of one process, by the protocol of its inspector. */
class Profiler {
  static readonly #urls = new Map<number, string>();
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #number = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const reply = JSON.parse(String(data)) as Reply;
      if (reply.id !== undefined) this.#waiting.get(reply.id)?.(reply);
    });
  }

  static async start(world: World, side: ServiceSide): Promise<Profiler> {
    const socket = new WebSocket(await Profiler.#urlOf(world, side));
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve);
      socket.addEventListener('error', reject);
    });
    const profiler = new Profiler(socket);
    await profiler.#say('Profiler.enable');
    await profiler.#say('Profiler.setSamplingInterval', { interval: 200 });
    await profiler.#say('Profiler.start');
    return profiler;
  }

  async stop(): Promise<unknown> {
    const { result } = await this.#say('Profiler.stop');
    this.#socket.close();
    return result?.profile;
  }

  /** It says in the log where it listens, once. */
  static async #urlOf(world: World, side: ServiceSide): Promise<string> {
    const pid = await serviceProcess(world.server.pid, side);
    if (pid === undefined) throw new Error(`no ${side} runs`);
    const known = Profiler.#urls.get(pid);
    if (known !== undefined) return known;
    const said = async (): Promise<string[]> => [
      ...new Set((await world.server.log()).match(/ws:\/\/127\.0\.0\.1:\S+/g) ?? []),
    ];
    const before = await said();
    const isNew = (url: string): boolean => !before.includes(url) && ![...Profiler.#urls.values()].includes(url);
    process.kill(pid, 'SIGUSR1');
    const urls = await poll(`${side} listens for a debugger`, said, (all) => all.some(isNew), { within: 10_000 });
    const url = urls.find(isNew) ?? '';
    Profiler.#urls.set(pid, url);
    return url;
  }

  #say(method: string, params: object = {}): Promise<Reply> {
    const id = ++this.#number;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }
}
