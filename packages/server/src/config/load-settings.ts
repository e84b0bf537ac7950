import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import Type, { type Static } from 'typebox';
import { guessName } from '../domain/guess-name.ts';
import { defaultRateLimits } from '../domain/operator/rate-limits.ts';
import { defaultHoldDown } from '../domain/vpn/tunnel-usability.ts';
import { defaultRecorderBounds } from '../domain/operator/timeline.ts';
import { completeQuotas } from '../domain/operator/quotas.ts';
import { checkSchema } from './check-schema.ts';
import {
  capacityDefaults,
  captureDefaults,
  fileSchema,
  flagsSchema,
  historyDefaults,
  installationSchema,
  settingDefaults,
  tlsListenDefault,
} from './settings-schema.ts';
import { SettingsError, type ListenAddress, type Settings } from './settings.ts';
import { readUplink } from './uplink-settings.ts';

/** Settings given on the command line, as text. */
export type SettingsFlags = Static<typeof flagsSchema>;

export interface SettingsSources {
  /** JSON; none means that only flags and defaults count. */
  readonly configFile?: string;
  readonly flags?: { readonly [Name in keyof SettingsFlags]?: SettingsFlags[Name] | undefined };
}

/** Flags win over the file, the file over the defaults. Throws SettingsError at the first mistake. */
export function loadSettings({ configFile, flags = {} }: SettingsSources): Settings {
  const given = checkSchema(flagsSchema, withoutUndefined(flags), 'command line');
  const file = configFile === undefined ? {} : checkSchema(fileSchema, readJson(configFile), configFile);
  const fileSource = configFile ?? 'defaults';
  const { uplink, quotas, rateLimits, holdDown, tls, metrics, webhooks, ...others } = file;
  const { history, recorder, captures, capacity, regions = null, hostInterfaces = null, ...more } = others;
  const { logLevels = {}, ...plain } = more;
  const { plainHttpBeyondLoopback, ...chosen } = { ...settingDefaults, ...plain, ...given };
  const listenSource = given.listen === undefined ? fileSource : 'command line';
  const listen = readListen(chosen.listen, listenSource);
  return {
    ...chosen,
    plainHttpBeyondLoopback,
    uplinkSource: configFile ?? 'no configuration file',
    uplink: uplink === undefined ? null : readUplink(uplink, fileSource),
    listen: plainHttpBeyondLoopback ? listen : onLoopback(listen, listenSource),
    tls: tls === undefined ? null : readTls(tls, fileSource),
    metrics: metrics === undefined ? null : readMetrics(metrics, fileSource),
    webhooks: readWebhooks(webhooks, fileSource),
    regions,
    hostInterfaces,
    logLevels,
    quotas: completeQuotas(quotas),
    holdDown: { ...defaultHoldDown, ...holdDown },
    history: { ...historyDefaults, ...history },
    recorder: { ...defaultRecorderBounds, ...recorder },
    captures: { ...captureDefaults, ...captures },
    capacity: { ...capacityDefaults, ...capacity },
    rateLimits: completeRateLimits(rateLimits),
  };
}

export type Installation = Pick<Settings, 'dataDir' | 'user'>;

/**
 * What has to be known to remove an installation: no other mistake of the file keeps anybody from that. Throws SettingsError where
 * one of these may be meant.
 */
export function loadInstallation({ configFile, flags = {} }: SettingsSources): Installation {
  const given = checkSchema(flagsSchema, withoutUndefined(flags), 'command line');
  const file = configFile === undefined ? {} : readInstallation(configFile);
  const { dataDir, user } = { ...settingDefaults, ...file, ...given };
  return { dataDir, user };
}

/** Also a name that is like no setting: who can say what it was to mean. */
function readInstallation(path: string): Partial<Installation> {
  const read = checkSchema(Type.Record(Type.String(), Type.Unknown()), readJson(path), path);
  const isOther = (name: string) => {
    const meant = guessed(name);
    return meant !== undefined && !Object.hasOwn(installationSchema.properties, meant);
  };
  const left = Object.entries(read).filter(([name]) => !isOther(name));
  return checkSchema(installationSchema, Object.fromEntries(left), path);
}

function guessed(name: string): string | undefined {
  const known = Object.keys(fileSchema.properties);
  return known.includes(name) ? name : guessName(name, known);
}

type FileSettings = Static<typeof fileSchema>;

function readTls(tls: NonNullable<FileSettings['tls']>, source: string): NonNullable<Settings['tls']> {
  return { ...tls, listen: readListen(tls.listen ?? tlsListenDefault, source, 'tls.listen') };
}

function readMetrics({ listen }: NonNullable<FileSettings['metrics']>, source: string): Settings['metrics'] {
  return { listen: readListen(listen, source, 'metrics.listen') };
}

function readWebhooks(webhooks: FileSettings['webhooks'], source: string): Settings['webhooks'] {
  const { allowedNetworks = [] } = webhooks ?? {};
  const wrong = allowedNetworks.findIndex((range) => !ipaddr.isValidCIDR(range));
  if (wrong !== -1) {
    throw new SettingsError(
      source,
      `webhooks.allowedNetworks[${wrong}]`,
      `"${allowedNetworks[wrong]}" is no range such as 10.0.0.0/8`,
    );
  }
  return { allowedNetworks };
}

function completeRateLimits(given: FileSettings['rateLimits']): Settings['rateLimits'] {
  const { default: standard, actions } = given ?? {};
  return { default: standard ?? defaultRateLimits.default, actions: { ...defaultRateLimits.actions, ...actions } };
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const problem = cause instanceof SyntaxError ? `is not JSON (${cause.message})` : (cause as Error).message;
    throw new SettingsError(path, '', problem, { cause });
  }
}

/** `127.0.0.1:9700`, `[::1]:9700`, `name:9700`. */
function readListen(text: string, source: string, path = 'listen'): ListenAddress {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined || port > 65_535) {
    throw new SettingsError(source, path, `"${text}" is not host:port with a port up to 65535`);
  }
  return { host, port };
}

/** Calls in clear can be read, and sent again, by whoever is on the way. */
function onLoopback(listen: ListenAddress, source: string): ListenAddress {
  const { host } = listen;
  if (host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))) return listen;
  const problem =
    `${host} is not loopback, and this listener speaks plain HTTP. Set "tls" for one that others can use, ` +
    'or "plainHttpBeyondLoopback": true if nobody can listen in between, as behind a proxy that ends TLS';
  throw new SettingsError(source, 'listen', problem);
}

/** Command line parsers hand over flags that were not given as undefined. */
function withoutUndefined(flags: object): object {
  return Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
}
