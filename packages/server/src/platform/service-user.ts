import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Who the part that hears tenants runs as. */
export interface ServiceUser {
  readonly name: string;
  readonly userId: number;
  readonly groupId: number;
}

/** Throws when there is no such user, or it is root. */
export function findUser(name: string): ServiceUser {
  const idOf = (which: '-u' | '-g') =>
    Number(execFileSync('id', [which, '--', name], { stdio: ['ignore', 'pipe', 'pipe'] }));
  let user: ServiceUser;
  try {
    user = { name, userId: idOf('-u'), groupId: idOf('-g') };
  } catch (cause) {
    throw new Error(`there is no user ${name}: make one, or name another as "user" in the configuration`, { cause });
  }
  if (user.userId === 0 || user.groupId === 0) throw new Error(`the service's user must not be root, as ${name} is`);
  return user;
}

/** Of a user that this made: its comment in passwd(5). */
const madeHere = 'made by landbridge';

/** Makes a system user of that name where there is none. */
export function ensureUser(name: string): ServiceUser {
  try {
    return findUser(name);
  } catch (problem) {
    const flags = [
      ...['--system', '--no-create-home', '--home-dir', '/nonexistent', '--shell', '/usr/sbin/nologin'],
      ...['--comment', madeHere],
      ...(hasGroup(name) ? ['--gid', name] : ['--user-group']),
    ];
    try {
      execFileSync('useradd', [...flags, '--', name], { stdio: ['ignore', 'ignore', 'pipe'] });
    } catch (cause) {
      // Somebody else may have made it meanwhile.
      if (!canFind(name)) throw new Error((problem as Error).message, { cause });
    }
    return findUser(name);
  }
}

/** One that ensureUser made, and nobody else. @returns whether there is none any more. */
export function removeUser(name: string): boolean {
  const { stdout, status } = spawnSync('getent', ['passwd', '--', name], { encoding: 'utf8' });
  if (status !== 0) return true;
  const [, , , , comment] = stdout.trim().split(':');
  if (comment !== madeHere) return false;
  execFileSync('userdel', ['--', name], { stdio: ['ignore', 'ignore', 'pipe'] });
  return true;
}

function hasGroup(name: string): boolean {
  return spawnSync('getent', ['group', '--', name], { stdio: 'ignore' }).status === 0;
}

function canFind(name: string): boolean {
  try {
    findUser(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * From now on this process is that user, and can never be anything more: it has no capability left, and none can be had. Throws unless
 * that is so. To be called by root with what `unprivileged` leaves.
 */
export function becomeUser({ userId, groupId, name }: ServiceUser): void {
  process.setgroups?.([]);
  process.setgid?.(groupId);
  process.setuid?.(userId);
  const status = readFileSync('/proc/self/status', 'utf8');
  const has = ['CapPrm', 'CapEff', 'CapBnd', 'CapAmb'].filter((set) => !new RegExp(`^${set}:\\s0+$`, 'm').test(status));
  if (has.length > 0 || !/^NoNewPrivs:\s1$/m.test(status)) {
    throw new Error(
      `as ${name} this process would still have privileges (${has.join(', ')}): start it by "landbridge serve"`,
    );
  }
}

/**
 * Argument vector by which root starts a program that may become a user, and until then read what is root's, and nothing else. It ends
 * with its parent.
 */
export function unprivileged(argv: readonly string[]): string[] {
  const untilThen = '--inh-caps=-all,+setuid,+setgid,+dac_read_search';
  // The bounding set bounds what can be made inheritable: in this order.
  return ['setpriv', untilThen, 'setpriv', '--bounding-set=-all', '--no-new-privs', '--pdeathsig=KILL', '--', ...argv];
}

/** The same for a program with all of root's power. */
export function withParent(argv: readonly string[]): string[] {
  return ['setpriv', '--pdeathsig=KILL', '--', ...argv];
}
