import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { withInterruption } from '../src/interruption.ts';
import { runInPrivateLab } from '../src/private-lab.ts';

// `node lab/test/console-soak.ts --minutes 30`: what the console shows of five tunnels while one thing after the other goes wrong with them. Each
// state on the screen that neither the flight recorder nor DescribeTunnelHealth had within a second is a wrong one; exits 1 when there is one.

const script = fileURLToPath(new URL('console-soak/soak-process.ts', import.meta.url));
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '30' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error(`--minutes: ${values.minutes} is no number above 0`);

process.exitCode = await withInterruption((signal) => runInPrivateLab([script, String(minutes)], { signal })).catch(
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  },
);
