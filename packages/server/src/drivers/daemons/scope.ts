import { randomBytes } from 'node:crypto';

/**
 * Argument vector that runs the program in a scope of systemd's own, where our unit names the slice for it: there it outlives our service
 * whatever becomes of that, and has bounds of its own (packaging/landbridge-gateway.conf). By exec: the process id stays. As it is where no
 * unit of ours started us.
 */
export function inScope(
  argv: readonly string[],
  { name, netns }: { readonly name: string; readonly netns: string },
): string[] {
  const slice = process.env['LANDBRIDGE_GATEWAY_SLICE'];
  if (slice === undefined) return [...argv];
  // One that has ended may not be gone yet when the next one comes.
  const unit = `landbridge-gateway-${netns}-${name}-${randomBytes(4).toString('hex')}`;
  const options = [`--slice=${slice}`, `--unit=${unit}`, `--description=${name} of ${netns}`];
  return ['systemd-run', '--scope', '--quiet', '--collect', ...options, '--', ...argv];
}
