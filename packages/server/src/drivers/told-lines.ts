import { cutText } from '../domain/cut-text.ts';
import type { Kernel } from './kernel.ts';
import { withOther } from './netnsd.ts';

/** One thing that the kernel was told, and what became of it. */
export interface ToldLine {
  /** When it had answered, milliseconds since the epoch. */
  readonly at: number;
  /** The namespace's name on this machine; null for the one that this process lives in. */
  readonly netns: string | null;
  readonly by: 'ip' | 'nft' | 'sysctl' | 'tc';
  /** In the words of that program; without secrets, as plans are. */
  readonly line: string;
  /** Null: it is done. Of a transaction every line has the same. */
  readonly problem: string | null;
}

/** A plan from nothing may have thousands. */
const mostLines = 1000;
const longestLine = 500;

/** What the kernel is told while a plan is applied, for whoever asks later what was done. */
export class ToldLines {
  readonly lines: ToldLine[] = [];
  /** More than are kept. */
  dropped = 0;

  note(line: ToldLine): void {
    if (this.lines.length >= mostLines) this.dropped++;
    else
      this.lines.push({
        ...line,
        line: cutText(line.line, longestLine),
        problem: line.problem === null ? null : cutText(line.problem, longestLine),
      });
  }
}

/** The same kernel; what is told to it is noted. */
export function notedKernel(kernel: Kernel, told: Pick<ToldLines, 'note'>, now: () => number): Kernel {
  const { netnsd, commands } = kernel;
  type Said = Pick<ToldLine, 'netns' | 'by'>;
  const note = (said: Said, lines: readonly string[], problemOf: (index: number) => string | null) => {
    const at = now();
    lines.forEach((line, index) => told.note({ ...said, at, line, problem: problemOf(index) }));
  };
  const whole = async (said: Said, lines: readonly string[], work: Promise<void>) => {
    try {
      await work;
      note(said, lines, () => null);
    } catch (error) {
      note(said, lines, () => (error as Error).message);
      throw error;
    }
  };
  return {
    ...kernel,
    netnsd: withOther(netnsd, {
      change: async (netns, lines, signal) => {
        const outcomes = await netnsd.change(netns, lines, signal).catch((error: unknown) => {
          note({ netns, by: 'ip' }, lines, () => (error as Error).message);
          throw error;
        });
        note({ netns, by: 'ip' }, lines, (index) => outcomes[index] ?? null);
        return outcomes;
      },
      runNft: (netns, script, signal) => {
        const lines = script.split('\n').filter((line) => line.trim() !== '');
        return whole({ netns, by: 'nft' }, lines, netnsd.runNft(netns, script, signal));
      },
      writeSysctls: (netns, values, signal) => {
        const lines = values.map(([path, value]) => `${path} = ${value}`);
        return whole({ netns, by: 'sysctl' }, lines, netnsd.writeSysctls(netns, values, signal));
      },
    }),
    commands,
  };
}
