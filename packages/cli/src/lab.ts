import { labDown as removeLab, listScenarios, runScenario } from '@landbridge/lab';

interface RunOptions {
  readonly json?: boolean;
  readonly keep?: boolean;
  readonly dataPlane: string;
}

/** `landbridge lab list`. */
export function labList(options: { readonly names?: boolean }): void {
  for (const { name, title } of listScenarios()) {
    process.stdout.write(options.names === true ? `${name}\n` : `${name.padEnd(10)} ${title}\n`);
  }
}

/** `landbridge lab run NAME`: exit code 0 only if every cell is as expected. */
export async function labRun(name: string, options: RunOptions): Promise<void> {
  const result = await runScenario(name, {
    json: options.json ?? false,
    keep: options.keep ?? false,
    dataPlane: options.dataPlane,
  });
  if (!result.ok) process.exitCode = 1;
}

/** `landbridge lab down`. */
export async function labDown(): Promise<void> {
  await removeLab();
}
