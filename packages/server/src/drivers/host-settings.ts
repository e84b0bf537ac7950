import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describeError } from '../platform/describe-error.ts';
import type { Logger } from '../platform/logger.ts';
import { gatewayDevicePrefix } from '../plan/names.ts';
import { replaceFile } from '../platform/replace-file.ts';
import { realNetns, type Kernel } from './kernel.ts';
import { withOther } from './netnsd.ts';
import { sysctlPath, words, type Sysctls } from './sysctl.ts';

/** A setting of the host's own, as somebody else had it before us, and as it was written here last. */
export interface WrittenSetting {
  readonly before: string;
  readonly written: string;
}

export type WrittenSettings = Readonly<Record<string, WrittenSetting>>;

/** By path below /proc/sys, in a file that lives as long as the settings do: until the machine is started again. */
export class HostSettingsFile {
  readonly #path: string;

  /** @param path below /run. */
  constructor(path: string) {
    this.#path = path;
  }

  /** Nothing where there is no file that can be read. */
  read(): WrittenSettings {
    try {
      return JSON.parse(readFileSync(this.#path, 'utf8')) as WrittenSettings;
    } catch {
      return {};
    }
  }

  write(settings: WrittenSettings): void {
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    replaceFile(this.#path, JSON.stringify(settings));
  }
}

/**
 * The same kernel; what a setting of the host's own was is noted before it is written. One that is not as it was written last is
 * somebody else's will, and what is given back in the end. A full /run keeps no gateway from being made.
 */
export function rememberingKernel(kernel: Kernel, file: HostSettingsFile, logger: Logger): Kernel {
  const { netnsd } = kernel;
  const host = realNetns(kernel, null);
  const note = async (values: readonly (readonly [string, string])[], signal?: AbortSignal): Promise<void> => {
    const now = await netnsd.readSysctls(
      host,
      values.map(([path]) => path),
      signal,
    );
    const known = file.read();
    const settings = Object.fromEntries(
      values.flatMap(([path, written], index): [string, WrittenSetting][] => {
        const value = now[index] ?? null;
        return value === null ? [] : [[path, noteOne(known[path], words(value), written)]];
      }),
    );
    file.write({ ...known, ...settings });
  };
  return {
    ...kernel,
    netnsd: withOther(netnsd, {
      writeSysctls: async (netns, values, signal) => {
        const lasting = netns === host ? values.filter(([path]) => !goesWithGateway(path)) : [];
        if (lasting.length > 0) {
          await note(lasting, signal).catch((error: unknown) => {
            logger.warn({ error: describeError(error) }, 'what settings of the host were is not noted');
          });
        }
        return netnsd.writeSysctls(netns, values, signal);
      },
    }),
  };
}

function noteOne(known: WrittenSetting | undefined, now: string, written: string): WrittenSetting {
  return { before: known?.written === now ? known.before : now, written };
}

/** Settings of a device that is made and removed here. */
function goesWithGateway(path: string): boolean {
  return path.split('/').some((part) => part.startsWith(gatewayDevicePrefix));
}

/** What becomes of settings of the host when everything of ours goes, by name. */
export interface GivenBack {
  readonly settings: Sysctls;
  /** Somebody else changed them since: they stay as they are now. */
  readonly left: Sysctls;
}

/** Pure. @param now by name; null where the kernel has none any more. */
export function settingsToGiveBack(written: WrittenSettings, now: ReadonlyMap<string, string | null>): GivenBack {
  const entries = Object.entries(written).flatMap(([path, setting]) => {
    const name = sysctlPath(path);
    const value = now.get(name) ?? null;
    return value === null ? [] : [{ name, ...setting, value: words(value) }];
  });
  const changed = entries.filter(({ before, value }) => value !== before);
  const isOurs = ({ value, written: ours }: { readonly value: string; readonly written: string }) => value === ours;
  return {
    settings: Object.fromEntries(changed.filter(isOurs).map(({ name, before }) => [name, before])),
    left: Object.fromEntries(changed.filter((each) => !isOurs(each)).map(({ name, value }) => [name, value])),
  };
}
