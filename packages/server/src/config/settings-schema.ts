import { Type } from 'typebox';
import { defaultQuotas } from '../domain/operator/quotas.ts';
import { logLevels } from './settings.ts';

/** The configuration file (JSON) and the command line's flags. Every object is closed: a mistyped key is an error. */

const closed = { additionalProperties: false };
const oneOf = <const T extends readonly string[]>(values: T) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...values] });

/** Of settings that are one value. */
export const settingDefaults = {
  listen: '127.0.0.1:9700',
  dataDir: '/var/lib/landbridge',
  dataPlane: 'auto',
  defaults: 'modern',
  logLevel: 'info',
  plainHttpBeyondLoopback: false,
  user: 'landbridge',
  /** The vendor takes 10 MB for the sake of multipart, which nothing here takes (docs/adr/0021). */
  mostJsonBytes: 1_048_576,
  espInUdp: 'auto',
} as const;
export const tlsListenDefault = '0.0.0.0:9743';

const device = () => Type.String({ minLength: 1, maxLength: 15 });
const pool = () => Type.Array(Type.String(), { minItems: 1, maxItems: 256 });
const pathMtu = () => Type.Optional(Type.Integer({ minimum: 576, maximum: 65_535 }));

/** By `mode`, which says what else an uplink has. */
export const uplinkSchemas = {
  routed: Type.Object({ mode: oneOf(['routed']), interface: device(), addresses: pool(), pathMtu: pathMtu() }, closed),
  bridged: Type.Object(
    {
      mode: oneOf(['bridged']),
      interface: Type.Optional(device()),
      bridge: Type.Optional(device()),
      addresses: pool(),
      prefixLength: Type.Integer({ minimum: 1, maximum: 31 }),
      nextHop: Type.String(),
      pathMtu: pathMtu(),
    },
    closed,
  ),
  nat: Type.Object({ mode: oneOf(['nat']), interface: device(), address: Type.String(), pathMtu: pathMtu() }, closed),
} as const;

export const flagsSchema = Type.Object(
  {
    listen: Type.Optional(Type.String()),
    dataDir: Type.Optional(Type.String({ minLength: 1 })),
    dataPlane: Type.Optional(oneOf(['auto', 'kernel', 'uxfrm', 'none'])),
    defaults: Type.Optional(oneOf(['modern', 'vendor'])),
    logLevel: Type.Optional(oneOf(logLevels)),
  },
  closed,
);

const count = () => Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 }));
const holdDownMs = () => Type.Optional(Type.Integer({ minimum: 0, maximum: 3_600_000 }));
const callsPerSecond = () => Type.Integer({ minimum: 1, maximum: 1_000_000 });
const filePath = () => Type.String({ minLength: 1 });
const regionCount = { minItems: 1, maxItems: 100, uniqueItems: true };
type QuotaName = keyof typeof defaultQuotas;
const quotaNames = Object.keys(defaultQuotas) as QuotaName[];

export const fileSchema = Type.Object(
  {
    ...flagsSchema.properties,
    plainHttpBeyondLoopback: Type.Optional(Type.Boolean()),
    tls: Type.Optional(
      Type.Object({ listen: Type.Optional(Type.String()), certificate: filePath(), key: filePath() }, closed),
    ),
    metrics: Type.Optional(Type.Object({ listen: Type.String() }, closed)),
    regions: Type.Optional(Type.Array(Type.String({ pattern: '^[A-Za-z0-9-]{1,40}$' }), regionCount)),
    user: Type.Optional(Type.String({ pattern: '^[a-z_][a-z0-9_-]{0,31}$' })),
    hostInterfaces: Type.Optional(Type.Array(device(), { maxItems: 1000, uniqueItems: true })),
    mostJsonBytes: Type.Optional(Type.Integer({ minimum: 65_536, maximum: 10_485_760 })),
    espInUdp: Type.Optional(oneOf(['auto', 'always', 'behind-nat'])),
    /** Checked by `mode` afterwards. */
    uplink: Type.Optional(Type.Object({ mode: oneOf(['routed', 'bridged', 'nat']) })),
    quotas: Type.Optional(
      Type.Unsafe<Partial<Record<QuotaName, number>>>(
        Type.Object(Object.fromEntries(quotaNames.map((name) => [name, count()])), closed),
      ),
    ),
    holdDown: Type.Optional(Type.Object({ checkedMs: holdDownMs(), uncheckedMs: holdDownMs() }, closed)),
    rateLimits: Type.Optional(
      Type.Object(
        {
          default: Type.Optional(callsPerSecond()),
          actions: Type.Optional(
            Type.Unsafe<Record<string, number>>({ type: 'object', additionalProperties: callsPerSecond() }),
          ),
        },
        closed,
      ),
    ),
  },
  closed,
);
