import { execFileSync } from 'node:child_process';

let path: string | undefined;

/** For tests only: Prometheus' own checker, of Debian's package, unpacked once and never installed: that would start a service. */
export function promtool(): string {
  const script = new URL('../../../lab/unpack-packages', import.meta.url).pathname;
  path ??= `${execFileSync(script, ['--alone', 'prometheus'], { encoding: 'utf8' }).trim()}/usr/bin/promtool`;
  return path;
}
