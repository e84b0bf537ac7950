import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { firstTunnel } from './first-tunnel.ts';
import { questions, type Answers } from './first-tunnel-questions.ts';

export interface InitCommandOptions extends Partial<Answers> {
  readonly output: string;
  readonly config: string;
  readonly force?: boolean;
}

/**
 * `landbridge init`: asks what a first tunnel needs, as far as options do not say it, and writes the site file and the settings of
 * the service. Answers come from the terminal, or line by line from standard input; an empty one takes what is proposed.
 */
export async function init({ output, config, force = false, ...given }: InitCommandOptions): Promise<void> {
  const there = [output, config].filter((file) => existsSync(file));
  if (there.length > 0 && !force) throw new Error(`${there.join(' and ')} would be written over; --force does it`);
  const { site, settings } = firstTunnel(await ask(given));
  await writeFile(config, settings);
  await writeFile(output, site);
  process.stdout.write(`wrote ${config} and ${output}\n`);
}

async function ask(given: Partial<Answers>): Promise<Answers> {
  const answers: Record<string, string> = { ...given };
  const open = questions.filter(({ name }) => answers[name] === undefined);
  if (open.length === 0) return checked(answers);
  const terminal = createInterface({ input: process.stdin });
  const lines = terminal[Symbol.asyncIterator]();
  try {
    for (const { name, text, proposal } of open) {
      process.stdout.write(`${text} [${proposal}] `);
      const next = await lines.next();
      const line = next.done === true ? '' : next.value.trim();
      if (!process.stdin.isTTY) process.stdout.write(`${line}\n`);
      answers[name] = line === '' ? proposal : line;
    }
  } finally {
    terminal.close();
  }
  return checked(answers);
}

/** Throws for an answer that is none, naming the question. */
function checked(answers: Readonly<Record<string, string>>): Answers {
  for (const { name, text, pattern } of questions) {
    const answer = answers[name] ?? '';
    if (!pattern.test(answer)) throw new Error(`"${answer}" is no answer to: ${text}`);
  }
  return answers as unknown as Answers;
}
