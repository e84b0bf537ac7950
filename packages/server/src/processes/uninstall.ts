import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync, rmdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { runFolder } from '../drivers/gateway-paths.ts';
import type { Kernel } from '../drivers/kernel.ts';
import { installationOf } from '../drivers/netns.ts';
import { claimDataDir } from '../platform/claim-data-dir.ts';
import { removeUser } from '../platform/service-user.ts';
import { seamFolder } from '../seam/seam-socket.ts';
import { isStoredHere } from '../store/store-files.ts';
import { removeNetwork, type Removal } from './remove-network.ts';

export interface UninstallOptions {
  readonly dataDir: string;
  /** Of the service. */
  readonly user: string;
  /** The one that the service is started with; null: there is none. */
  readonly configFile: string | null;
  /** What `make install` has copied, or a checkout. */
  readonly program: string;
  /** Also what is stored, the configuration and the service's user. */
  readonly withData: boolean;
  /** Without it, only tells what would be removed. */
  readonly confirmed: boolean;
  readonly kernel?: Kernel;
}

export interface Uninstallation {
  readonly network: Removal;
  /** Files and folders that go. */
  readonly files: readonly string[];
  /** Services of systemd that are stopped and disabled before. */
  readonly services: readonly string[];
  /** What stays, and why, for people. */
  readonly kept: readonly string[];
}

/**
 * Takes an installation off this host: services, network, program; what is stored stays unless it is asked for, and a file that somebody
 * else put beside it stays always. In such an order that one that was cut short can be done again: the program goes last. Throws where
 * something of it runs that is no service of systemd.
 */
export async function uninstall(options: UninstallOptions): Promise<Uninstallation> {
  const { dataDir, user, withData, confirmed, kernel } = options;
  refusePackage(options.program);
  const { program, folders, services, others } = whatIsInstalled(options);
  using claims = new DisposableStack();
  if (confirmed) {
    if (services.length > 0) systemctl('disable', '--now', ...services);
    if (existsSync(dataDir)) claims.use(claimDataDir(dataDir));
  }
  const data = withData ? filesOfData(options) : [];
  const kept = [...keptData(options), ...others.map(whyProgramStays)];
  const network = await removeNetwork({ dataDir, confirmed, ...(kernel && { kernel }) });
  if (confirmed) {
    claims.dispose();
    remove(data);
    if (withData) removeIfEmpty(dataDir);
    if (withData && others.length === 0 && !removeUser(user)) kept.push(`the user ${user}, whom somebody else made`);
    remove(program);
    folders.forEach(removeIfEmpty);
    if (services.length > 0) systemctl('daemon-reload');
  }
  return { network, files: [...data, ...program], services, kept };
}

/** Of a package its own tools remove every file, and know which those are. */
function refusePackage(program: string): void {
  const { status } = spawnSync('dpkg-query', ['--search', join(program, 'landbridge')], { stdio: 'ignore' });
  if (status === 0) throw new Error('this is the program of a package: apt-get purge landbridge');
}

interface Installed {
  readonly program: readonly string[];
  /** That go when nothing is in them. */
  readonly folders: readonly string[];
  readonly services: readonly string[];
  /** Folders below /run of other installations on this host. */
  readonly others: readonly string[];
}

/** The last one is the program itself, with the list of what there is beside it (scripts/install-files); a checkout has none. */
function whatIsInstalled({ dataDir, program }: UninstallOptions): Installed {
  const list = join(program, 'installed-files');
  const own = seamFolder(installationOf(dataDir));
  const others = siblings(own).filter((folder) => folder !== own);
  if (!existsSync(list) || others.length > 0) return { program: [], folders: [], services: [], others };
  const paths = readFileSync(list, 'utf8').split('\n');
  const there = paths.filter((path) => path !== '' && existsSync(path));
  const [folders, beside] = [there.filter((path) => path.endsWith('/')), there.filter((path) => !path.endsWith('/'))];
  const units = existsSync('/run/systemd/system') ? beside.filter((path) => path.endsWith('.service')) : [];
  return { program: [...beside, program], folders, services: units.map((path) => basename(path)), others };
}

function whyProgramStays(other: string): string {
  return `the program, since ${other} is of another installation on this host`;
}

/** Of installations on this host whose network stands, or whose agent runs. */
function siblings(folder: string): string[] {
  const names = readdirSync(dirname(folder)).filter((name) => /^landbridge-[0-9a-f]{12}$/.test(name));
  return names.map((name) => join(dirname(folder), name));
}

function filesOfData({ dataDir, configFile }: UninstallOptions): string[] {
  const names = existsSync(dataDir) ? readdirSync(dataDir) : [];
  const stored = names.filter(isOurs).map((name) => join(dataDir, name));
  return [...stored, ...(configFile === null ? [] : [configFile])];
}

/** Beside what is stored: what root's processes keep there. */
function isOurs(name: string): boolean {
  return (
    isStoredHere(name) ||
    ['agent', basename(runFolder('')), 'landbridge.lock', 'landbridge.lock-journal'].includes(name)
  );
}

function keptData({ dataDir, configFile, withData }: UninstallOptions): string[] {
  const names = existsSync(dataDir) ? readdirSync(dataDir) : [];
  if (withData)
    return names
      .filter((name) => !isOurs(name))
      .map((name) => `${join(dataDir, name)} is nothing that the service made`);
  const stored = [...(names.length > 0 ? [dataDir] : []), ...(configFile === null ? [] : [configFile])];
  return stored.map((path) => `${path} goes with --data only`);
}

function remove(paths: readonly string[]): void {
  for (const path of paths) rmSync(path, { recursive: true, force: true });
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Somebody else has something there, or it is gone.
  }
}

function systemctl(...words: readonly string[]): void {
  const { status, stderr } = spawnSync('systemctl', words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`systemctl ${words.join(' ')}: ${stderr.trim()}`);
}
