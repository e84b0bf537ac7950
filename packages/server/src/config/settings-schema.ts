import { Type, type TSchemaOptions } from 'typebox';
import { logAreas, logForms, logLevels, type LogLevels } from '../domain/operator/log-words.ts';
import { defaultQuotas, type Quotas } from '../domain/operator/quotas.ts';
import { defaultRateLimits } from '../domain/operator/rate-limits.ts';
import { defaultRecorderBounds } from '../domain/operator/timeline.ts';
import { defaultHoldDown } from '../domain/vpn/tunnel-usability.ts';
import { quotaBounds } from './quota-bounds.ts';

/**
 * The configuration file (JSON) and the command line's flags. Every object is closed: a mistyped key is an error. Words and defaults
 * are those of docs/configuration.md, which is generated (`npm run reference`).
 */

/** Keywords of ours, for people: what a number counts, how a text is written, what stands in for a default, the flag. */
export const ownKeywords = ['unit', 'form', 'defaultWords', 'flag'] as const;
type Words = TSchemaOptions & Readonly<Partial<Record<(typeof ownKeywords)[number], string>>>;

const closed = { additionalProperties: false };
const oneOf = <const T extends readonly string[]>(values: T, words: Words = {}) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...words });

/** Of settings that are one value. */
export const settingDefaults = {
  listen: '127.0.0.1:9700',
  dataDir: '/var/lib/landbridge',
  dataPlane: 'auto',
  defaults: 'modern',
  logLevel: 'info',
  logForm: 'auto',
  plainHttpBeyondLoopback: false,
  console: true,
  user: 'landbridge',
  /** The vendor takes 10 MB for the sake of multipart, which nothing here takes (docs/adr/0021). */
  mostJsonBytes: 1_048_576,
  espInUdp: 'auto',
} as const;
export const historyDefaults = { mostMebibytes: 512 } as const;
export const capacityDefaults = { memoryKeptMebibytes: 256 } as const;
export const captureDefaults = { keys: false } as const;
export const tlsListenDefault = '0.0.0.0:9743';
export const usualPathMtu = 1500;

const text = (words: Words) => Type.String(words);
const device = (description: string) =>
  Type.String({ minLength: 1, maxLength: 15, form: 'name of an interface', description });
const pool = () =>
  Type.Array(Type.String({ form: 'IPv4 address or range' }), {
    minItems: 1,
    maxItems: 256,
    description: 'public addresses that gateways get, one each',
  });
const pathMtu = () =>
  Type.Optional(
    Type.Integer({
      minimum: 576,
      maximum: 65_535,
      default: usualPathMtu,
      unit: 'bytes',
      description: 'MTU of the path to the peers; tunnels derive theirs from it',
    }),
  );

/** By `mode`, which says what else an uplink has. */
export const uplinkSchemas = {
  routed: Type.Object(
    {
      mode: oneOf(['routed'], {
        description: 'a /32 for each gateway through a veth; the interface answers ARP for it',
      }),
      interface: device('of the host, towards the peers'),
      addresses: pool(),
      pathMtu: pathMtu(),
    },
    closed,
  ),
  bridged: Type.Object(
    {
      mode: oneOf(['bridged'], { description: 'gateways sit on the uplink’s own layer 2' }),
      interface: Type.Optional(device('a MACVLAN of it is the gateway’s; this one or `bridge`')),
      bridge: Type.Optional(device('a port of it is the gateway’s; this one or `interface`')),
      addresses: pool(),
      prefixLength: Type.Integer({ minimum: 1, maximum: 31, description: 'of the network that the addresses are in' }),
      nextHop: text({ form: 'IPv4 address', description: 'router of that network' }),
      pathMtu: pathMtu(),
    },
    closed,
  ),
  nat: Type.Object(
    {
      mode: oneOf(['nat'], { description: 'the host’s own address, shared with one gateway' }),
      interface: device('of the host, with the address'),
      address: text({ form: 'IPv4 address', description: 'UDP 500, UDP 4500 and protocol 50 of it are the gateway’s' }),
      pathMtu: pathMtu(),
    },
    closed,
  ),
} as const;

export const flagsSchema = Type.Object(
  {
    dataDir: Type.Optional(
      Type.String({
        minLength: 1,
        default: settingDefaults.dataDir,
        form: 'path',
        flag: '--data-dir',
        description: 'database, key file, administrator key, run-time files of the gateways; below',
      }),
    ),
    listen: Type.Optional(
      text({
        default: settingDefaults.listen,
        form: 'host:port',
        flag: '--listen',
        description: 'the API in plain HTTP; on loopback only',
      }),
    ),
    dataPlane: Type.Optional(
      oneOf(['auto', 'kernel', 'uxfrm', 'none'], {
        default: settingDefaults.dataPlane,
        flag: '--data-plane',
        description:
          'what encrypts: `auto` takes the kernel’s ESP where it exists, else `uxfrm`; `none` touches no network',
      }),
    ),
    defaults: Type.Optional(
      oneOf(['modern', 'vendor'], {
        default: settingDefaults.defaults,
        description:
          'negotiation options that a caller leaves out: modern ones, or the vendor’s documented, weak ones; below',
      }),
    ),
    logLevel: Type.Optional(
      oneOf(logLevels, {
        default: settingDefaults.logLevel,
        description: 'the log on standard error tells from this level on; below',
      }),
    ),
  },
  closed,
);

const holdDownMs = (name: keyof typeof defaultHoldDown, description: string) =>
  Type.Optional(
    Type.Integer({ minimum: 0, maximum: 3_600_000, default: defaultHoldDown[name], unit: 'milliseconds', description }),
  );
const callsPerSecond = (words: Words = {}) =>
  Type.Integer({ minimum: 1, maximum: 1_000_000, unit: 'calls a second', ...words });
const filePath = (description: string) => Type.String({ minLength: 1, form: 'path', description });

const logLevelOf = (description: string) =>
  Type.Optional(oneOf(logLevels, { defaultWords: 'as `logLevel`', description }));

/** What an account may have in all regions follows from what it may have in one. */
const defaultsOfAccountQuotas: Partial<Record<keyof Quotas, string>> = {
  vpcsPerAccount: 'as `vpcs`',
  vpnGatewaysPerAccount: '`vpcVpnGateways` and `ccnVpnGateways` together',
  directConnectGatewaysPerAccount: 'as `directConnectGateways`',
  customerGatewaysPerAccount: 'ten times `customerGateways`',
};

const quota = (name: keyof Quotas) => {
  const defaultWords = defaultsOfAccountQuotas[name];
  const standard = defaultWords === undefined ? { default: defaultQuotas[name] } : { defaultWords };
  return Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000, ...standard, description: quotaBounds[name] }));
};

const quotaNames = Object.keys(quotaBounds) as (keyof Quotas)[];

export const fileSchema = Type.Object(
  {
    ...flagsSchema.properties,
    plainHttpBeyondLoopback: Type.Optional(
      Type.Boolean({
        default: settingDefaults.plainHttpBeyondLoopback,
        description:
          '`true` lets `listen` name another address: only where nobody can listen in between, as behind a proxy that ends TLS; the proxy has to keep the Host header',
      }),
    ),
    console: Type.Optional(
      Type.Boolean({
        default: settingDefaults.console,
        description: '`false`: no web console at `/console`',
      }),
    ),
    logForm: Type.Optional(
      oneOf(logForms, {
        default: settingDefaults.logForm,
        description: 'a line of JSON, or a `text` for people; `auto`: `text` on a terminal, else `json`',
      }),
    ),
    logLevels: Type.Optional(
      Type.Unsafe<LogLevels>(
        Type.Object(
          Object.fromEntries(Object.entries(logAreas).map(([area, description]) => [area, logLevelOf(description)])),
          { ...closed, defaultWords: 'as `logLevel`', description: 'levels of single areas; below' },
        ),
      ),
    ),
    tls: Type.Optional(
      Type.Object(
        {
          certificate: filePath('PEM, with its chain; read anew within five seconds of a change'),
          key: filePath('PEM, not readable by every user of the host; read anew as well'),
          listen: Type.Optional(
            text({ default: tlsListenDefault, form: 'host:port', description: 'the API over TLS 1.2 and 1.3' }),
          ),
        },
        { ...closed, description: 'the same API over TLS; below' },
      ),
    ),
    metrics: Type.Optional(
      Type.Object(
        {
          listen: text({
            form: 'host:port',
            description:
              '`GET /metrics` and health, in plain HTTP: an address that only those reach who watch the service',
          }),
        },
        { ...closed, description: 'numbers for Prometheus; below' },
      ),
    ),
    webhooks: Type.Optional(
      Type.Object(
        {
          allowedNetworks: Type.Optional(
            Type.Array(Type.String({ form: 'IPv4 or IPv6 range' }), {
              maxItems: 100,
              defaultWords: 'none',
              description:
                'ranges that webhooks of tenants may lead to though they are no part of the internet; in clear where the URL has the address itself. The host’s own addresses are never told otherwise',
            }),
          ),
        },
        { ...closed, defaultWords: 'the internet alone', description: 'where tenants may have themselves told; below' },
      ),
    ),
    regions: Type.Optional(
      Type.Array(Type.String({ pattern: '^[A-Za-z0-9-]{1,40}$', form: 'name of letters, digits and `-`' }), {
        minItems: 1,
        maxItems: 100,
        uniqueItems: true,
        defaultWords: 'every name',
        description: 'the regions that exist; below',
      }),
    ),
    mostJsonBytes: Type.Optional(
      Type.Integer({
        minimum: 65_536,
        maximum: 10_485_760,
        default: settingDefaults.mostJsonBytes,
        unit: 'bytes',
        description:
          'of one JSON body. Forms have 1 MiB, queries 32 KiB; requests have at most 10,000 values, 12 levels deep',
      }),
    ),
    espInUdp: Type.Optional(
      oneOf(['auto', 'always', 'behind-nat'], {
        default: settingDefaults.espInUdp,
        description:
          'ESP in UDP port 4500 `always`, or only `behind-nat`, else as IP protocol 50; `auto`: `always` with `uxfrm`, which is several times faster that way, `behind-nat` with `kernel`',
      }),
    ),
    /** Checked by `mode` afterwards. */
    uplink: Type.Optional(
      Type.Object(
        { mode: oneOf(['routed', 'bridged', 'nat']) },
        { description: 'how gateways get public addresses; below. Without it no VPN gateway can be made' },
      ),
    ),
    user: Type.Optional(
      Type.String({
        pattern: '^[a-z_][a-z0-9_-]{0,31}$',
        default: settingDefaults.user,
        form: 'name of a user',
        description:
          'who the API and its decisions run as, without any privilege; made as a system user where there is none of that name',
      }),
    ),
    hostInterfaces: Type.Optional(
      Type.Array(device(''), {
        maxItems: 1000,
        uniqueItems: true,
        defaultWords: 'whatever is free',
        description: 'the host’s interfaces that may be attached to subnets and lines; without it all but the uplink’s',
      }),
    ),
    captures: Type.Optional(
      Type.Object(
        {
          keys: Type.Optional(
            Type.Boolean({
              default: captureDefaults.keys,
              description:
                '`true` lets owners of packet captures have the keys of their tunnels’ SAs, to read ESP; whoever has them can read all of what these SAs carry',
            }),
          ),
        },
        { ...closed, defaultWords: 'below', description: 'packet captures; below' },
      ),
    ),
    holdDown: Type.Optional(
      Type.Object(
        {
          checkedMs: holdDownMs('checkedMs', 'without an unanswered probe, for a tunnel with a health check'),
          uncheckedMs: holdDownMs('uncheckedMs', 'with an installed CHILD_SA, for a tunnel without a health check'),
        },
        {
          ...closed,
          defaultWords: 'below',
          description: 'how long a tunnel that failed must be faultless before it is used again; below',
        },
      ),
    ),
    history: Type.Optional(
      Type.Object(
        {
          mostMebibytes: Type.Optional(
            Type.Integer({
              minimum: 8,
              maximum: 1_048_576,
              default: historyDefaults.mostMebibytes,
              unit: 'MiB',
              description: 'of its file; where seven days would be more, fewer are kept',
            }),
          ),
        },
        {
          ...closed,
          defaultWords: 'below',
          description: 'what passed tunnels in the last seven days; docs/monitoring.md',
        },
      ),
    ),
    capacity: Type.Optional(
      Type.Object(
        {
          memoryKeptMebibytes: Type.Optional(
            Type.Integer({
              minimum: 0,
              maximum: 1_048_576,
              default: capacityDefaults.memoryKeptMebibytes,
              unit: 'MiB',
              description: 'of memory that new gateways and tunnels leave to everything else on the host',
            }),
          ),
        },
        { ...closed, defaultWords: 'below', description: 'how much of the host gateways and tunnels may take; below' },
      ),
    ),
    recorder: Type.Optional(
      Type.Object(
        {
          subjectBytes: Type.Optional(
            Type.Integer({
              ...{
                minimum: 16_384,
                maximum: 1_073_741_824,
                default: defaultRecorderBounds.subjectBytes,
                unit: 'bytes',
              },
              description: 'of one tunnel, gateway or other resource',
            }),
          ),
          hostBytes: Type.Optional(
            Type.Integer({
              ...{
                minimum: 1_048_576,
                maximum: 1_099_511_627_776,
                default: defaultRecorderBounds.hostBytes,
                unit: 'bytes',
              },
              description: 'of the file with all of it, `DATA_DIR/agent/recorder.db`',
            }),
          ),
        },
        { ...closed, defaultWords: 'below', description: 'how much history the flight recorder keeps; below' },
      ),
    ),
    quotas: Type.Optional(
      Type.Unsafe<Partial<Quotas>>(
        Type.Object(Object.fromEntries(quotaNames.map((name) => [name, quota(name)])), {
          ...closed,
          defaultWords: 'below',
          description: 'upper bounds, per account and region, and per account; below',
        }),
      ),
    ),
    rateLimits: Type.Optional(
      Type.Object(
        {
          default: Type.Optional(
            callsPerSecond({
              default: defaultRateLimits.default,
              description: 'to each Action that `actions` does not name',
            }),
          ),
          actions: Type.Optional(
            Type.Unsafe<Record<string, number>>({
              type: 'object',
              additionalProperties: callsPerSecond(),
              default: defaultRateLimits.actions,
              description: 'by the Action’s name; these are added to the defaults',
            }),
          ),
        },
        { ...closed, defaultWords: 'below', description: 'calls a second, per account and Action; below' },
      ),
    ),
  },
  closed,
);

/** What a removal asks for (loadInstallation). */
export const installationSchema = Type.Object(
  { dataDir: fileSchema.properties.dataDir, user: fileSchema.properties.user },
  closed,
);
