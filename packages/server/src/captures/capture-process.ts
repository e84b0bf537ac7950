import { spawn } from 'node:child_process';
import { withRawSocketAlone } from '../drivers/confine.ts';
import { inNetns, type Kernel } from '../drivers/kernel.ts';
import { baseEnvironment } from '../platform/commands.ts';
import { Later } from '../platform/later.ts';
import type { CapturePlace } from './capture-place.ts';

/** A program that listens at a device until it is stopped; it ends with this process, however that one ends. */
export interface CaptureProcess {
  /** Resolves once it sees what passes; rejects with what it said where it ends before. */
  readonly listening: Promise<unknown>;
  /** A file of libpcap, as it comes. */
  readonly output: AsyncIterable<Buffer>;
  /** Resolves with its last words; never rejects. */
  readonly ended: Promise<string>;
  /** It tells what it has, and how many were lost, unless that takes too long. */
  stop(): void;
}

export interface Listening {
  /** Of pcap-filter(7). */
  readonly expression: string;
  readonly snapLength: number;
  readonly packets: number;
}

export type StartCapture = (place: CapturePlace, listening: Listening) => CaptureProcess;

/** As tcpdump says of an expression that no packet can fit. */
export const fitsNothing = 'expression rejects all packets';
/** As setpriv says of what is not installed. */
export const isMissing = 'failed to execute tcpdump';

const graceMs = 1000;
const longestWords = 500;
/** Of the kernel's, for packets that wait, in KiB. */
const bufferKib = '4096';

/** tcpdump(8) in the namespace, as nobody, in a root without files of ours, with no right but to open its socket. */
export function startTcpdump(kernel: Kernel): StartCapture {
  return (place, listening) => {
    const [program = '', ...args] = inNetns(kernel, place.netns, tcpdumpArgv(place.device, listening));
    const child = spawn(program, args, { cwd: '/', env: { ...baseEnvironment }, stdio: ['ignore', 'pipe', 'pipe'] });
    const listens = Promise.withResolvers<undefined>();
    const ended = Promise.withResolvers<string>();
    let words = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-longestWords);
      if (words.includes('listening on')) listens.resolve(undefined);
    });
    child.stdout.on('error', () => undefined);
    const end = (why: string) => {
      kill.cancel();
      listens.reject(new Error(why));
      ended.resolve(why);
    };
    const kill = new Later(() => child.kill('SIGKILL'));
    child.once('error', (error) => end(error.message));
    child.once('close', () => end(words.trim()));
    listens.promise.catch(() => undefined);
    return {
      listening: listens.promise,
      output: child.stdout as AsyncIterable<Buffer>,
      ended: ended.promise,
      stop: () => {
        child.kill('SIGTERM');
        kill.in(graceMs);
      },
    };
  };
}

function tcpdumpArgv(device: string, { expression, snapLength, packets }: Listening): string[] {
  return withRawSocketAlone([
    ...['tcpdump', '-i', device, '-n', '-p', '-U', '--immediate-mode', '-B', bufferKib],
    ...['--time-stamp-precision=nano', '-s', String(snapLength), '-c', String(packets), '-w', '-', expression],
  ]);
}
