import { access, constants, open } from 'node:fs/promises';
import { release } from 'node:os';
import { delimiter } from 'node:path';
import type { DataPlane } from '../domain/operator/observation.ts';
import { systemCommands, type Commands } from '../platform/commands.ts';
import type { Binaries } from './binaries.ts';

/** What this host can do, found out by trying it where nothing can be harmed. */
export interface HostCapabilities {
  readonly root: boolean;
  readonly kernelRelease: string;
  /** The kernel accepts an ESP SA. */
  readonly kernelEsp: boolean;
  /** The kernel makes xfrm interfaces. */
  readonly xfrmInterface: boolean;
  /** /dev/net/tun can be opened. */
  readonly tun: boolean;
  /** TUN devices take UDP super-packets (USO, Linux 6.2): faster UDP on the uxfrm data plane. */
  readonly tunUdpSegmentation: boolean;
  /** The uxfrm daemon and its preload shim are there. */
  readonly uxfrm: boolean;
  readonly missingPrograms: readonly MissingProgram[];
}

export interface MissingProgram {
  readonly program: string;
  /** The Debian and Ubuntu package that brings it. */
  readonly package: string;
}

/** Wanted data plane as configured. */
export type DataPlaneChoice = DataPlane | 'auto';

export interface ChosenDataPlane {
  readonly name: DataPlane;
  /** For people: why it is this one. */
  readonly reason: string;
}

/** The host cannot run the data plane that was asked for; the message says what to install or enable. */
export class DataPlaneUnavailableError extends Error {
  constructor(problems: readonly string[]) {
    super(problems.join('; '));
    this.name = 'DataPlaneUnavailableError';
  }
}

interface Need {
  readonly program: string;
  readonly package: string;
}

const neededPrograms: readonly Need[] = [
  { program: 'ip', package: 'iproute2' },
  { program: 'tc', package: 'iproute2' },
  { program: 'nft', package: 'nftables' },
  { program: 'nsenter', package: 'util-linux' },
  { program: 'unshare', package: 'util-linux' },
  { program: 'setpriv', package: 'util-linux' },
  { program: 'pivot_root', package: 'util-linux' },
  { program: 'mount', package: 'mount' },
  { program: 'sh', package: 'dash' },
];

/** charon and the plugins that are files of their own in Debian. */
const charonPackage = 'strongswan-charon';
const viciPackage = 'strongswan-swanctl';
const viciPluginFiles = [
  '/usr/lib/ipsec/plugins/libstrongswan-vici.so',
  '/usr/lib/strongswan/plugins/libstrongswan-vici.so',
  '/usr/lib64/strongswan/plugins/libstrongswan-vici.so',
];

const searchPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export async function probeHost(binaries: Binaries, commands: Commands = systemCommands): Promise<HostCapabilities> {
  const missingPrograms = await findMissingPrograms(binaries);
  const [kernelEsp, xfrmInterface, tun, uxfrm] = await Promise.all([
    succeeds(commands, espProbe),
    succeeds(commands, ['unshare', '--net', 'ip', 'link', 'add', 'probe', 'type', 'xfrm', 'if_id', '1']),
    canOpenTun(),
    allReadable([binaries.uxfrm, binaries.uxfrmShim]),
  ]);
  const kernelRelease = release();
  return {
    root: process.getuid?.() === 0,
    kernelRelease,
    kernelEsp,
    xfrmInterface,
    tun,
    tunUdpSegmentation: tun && isAtLeast(kernelRelease, 6, 2),
    uxfrm,
    missingPrograms,
  };
}

/** `auto` takes the kernel's ESP where it exists, else uxfrm; throws DataPlaneUnavailableError when neither works. */
export function chooseDataPlane(capabilities: HostCapabilities, wanted: DataPlaneChoice): ChosenDataPlane {
  if (wanted === 'none') return asConfigured('none');
  const common = commonProblems(capabilities);
  const kernel = kernelProblems(capabilities);
  const uxfrm = uxfrmProblems(capabilities);
  if (wanted !== 'auto') {
    const problems = [...common, ...(wanted === 'kernel' ? kernel : uxfrm)];
    if (problems.length > 0) throw new DataPlaneUnavailableError(problems);
    return asConfigured(wanted);
  }
  if (common.length === 0) {
    if (kernel.length === 0) return { name: 'kernel', reason: 'the kernel has ESP and xfrm interfaces' };
    if (uxfrm.length === 0) return { name: 'uxfrm', reason: kernel.join('; ') };
  }
  throw new DataPlaneUnavailableError([
    ...common,
    ...kernel.map((problem) => `data plane kernel: ${problem}`),
    ...uxfrm.map((problem) => `data plane uxfrm: ${problem}`),
  ]);
}

/** What nobody has to find out. */
export function asConfigured(name: DataPlane): ChosenDataPlane {
  return { name, reason: 'as configured' };
}

function commonProblems(capabilities: HostCapabilities): string[] {
  const problems: string[] = [];
  if (!capabilities.root) problems.push('the agent must run as root (it makes network namespaces)');
  for (const missing of capabilities.missingPrograms) {
    problems.push(`${missing.program} is missing: apt-get install ${missing.package}`);
  }
  return problems;
}

function kernelProblems(capabilities: HostCapabilities): string[] {
  const problems: string[] = [];
  if (!capabilities.kernelEsp) {
    problems.push('the kernel has no ESP (CONFIG_XFRM_USER and CONFIG_INET_ESP; try modprobe esp4)');
  }
  if (!capabilities.xfrmInterface) {
    problems.push('the kernel has no xfrm interfaces (CONFIG_XFRM_INTERFACE; try modprobe xfrm_interface)');
  }
  return problems;
}

function uxfrmProblems(capabilities: HostCapabilities): string[] {
  const problems: string[] = [];
  if (!capabilities.tun) problems.push('/dev/net/tun cannot be opened (CONFIG_TUN; try modprobe tun)');
  if (!capabilities.uxfrm) problems.push('uxfrm is not built: run make setup, which installs what it needs');
  return problems;
}

/** In a namespace without a name that is gone when the program ends; the key is a constant that protects nothing. */
const espProbe = [
  ...['unshare', '--net', 'ip', 'xfrm', 'state', 'add', 'src', '127.0.0.1', 'dst', '127.0.0.2'],
  ...['proto', 'esp', 'spi', '0x100', 'mode', 'tunnel', 'aead', 'rfc4106(gcm(aes))', `0x${'00'.repeat(20)}`, '128'],
];

/** The first use of ESP loads and self-tests half a dozen modules, which takes a slow machine long. */
const probeTimeoutMs = 60_000;

async function succeeds(commands: Commands, argv: readonly string[]): Promise<boolean> {
  try {
    await commands.run(argv, { timeoutMs: probeTimeoutMs });
    return true;
  } catch {
    return false;
  }
}

async function canOpenTun(): Promise<boolean> {
  try {
    await (await open('/dev/net/tun', 'r+')).close();
    return true;
  } catch {
    return false;
  }
}

async function findMissingPrograms(binaries: Binaries): Promise<MissingProgram[]> {
  const found = await Promise.all(neededPrograms.map((need) => isOnPath(need.program)));
  const missing: MissingProgram[] = neededPrograms.filter((_, index) => found[index] !== true);
  if (!(await allReadable([binaries.charon]))) missing.push({ program: binaries.charon, package: charonPackage });
  const vici = await Promise.all(viciPluginFiles.map((file) => allReadable([file])));
  if (!vici.includes(true)) missing.push({ program: "charon's vici plugin", package: viciPackage });
  return missing;
}

async function isOnPath(program: string): Promise<boolean> {
  const found = await Promise.all(searchPath.split(delimiter).map((folder) => allReadable([`${folder}/${program}`])));
  return found.includes(true);
}

async function allReadable(files: readonly string[]): Promise<boolean> {
  try {
    await Promise.all(files.map((file) => access(file, constants.R_OK)));
    return true;
  } catch {
    return false;
  }
}

function isAtLeast(kernelRelease: string, major: number, minor: number): boolean {
  const [haveMajor = 0, haveMinor = 0] = kernelRelease.split('.').map((part) => Number.parseInt(part, 10));
  return haveMajor > major || (haveMajor === major && haveMinor >= minor);
}
