import type { LogForm, LogLevel, LogLevels } from '../domain/operator/log-words.ts';
import type { RateLimits } from '../domain/operator/rate-limits.ts';
import type { RecorderBounds } from '../domain/operator/timeline.ts';
import type { DefaultsProfile } from '../domain/vpn/negotiation-defaults.ts';
import type { DataPlane } from '../domain/operator/observation.ts';
import type { Quotas } from '../domain/operator/quotas.ts';
import type { HoldDown } from '../domain/vpn/tunnel-usability.ts';
import type { Uplink } from '../domain/operator/uplink.ts';

/** Everything an operator can choose, checked and complete. */
export interface Settings {
  /** Where the uplink is configured, for people. */
  readonly uplinkSource: string;
  /** Null: none is configured, and no VPN gateway can be made. */
  readonly uplink: Uplink | null;
  /** Plain HTTP; on loopback only, unless `plainHttpBeyondLoopback` was set. */
  readonly listen: ListenAddress;
  /** Plain HTTP comes from a proxy that ends TLS. */
  readonly plainHttpBeyondLoopback: boolean;
  /** The web console at /console. */
  readonly console: boolean;
  /** The same API over TLS; null: none. */
  readonly tls: TlsSettings | null;
  /** Where health and metrics are asked for, in plain HTTP; null: metrics nowhere, health where the API is. */
  readonly metrics: { readonly listen: ListenAddress } | null;
  /** The regions that exist; null: every name is one. */
  readonly regions: readonly string[] | null;
  /** Bytes of one JSON body. */
  readonly mostJsonBytes: number;
  readonly dataDir: string;
  /** `auto` probes the host at start. */
  readonly dataPlane: DataPlane | 'auto';
  /** `auto`: always with uxfrm, which is several times faster that way, and behind a NAT with the kernel. */
  readonly espInUdp: 'auto' | 'always' | 'behind-nat';
  /** Which values negotiation options take when a caller leaves them out. */
  readonly defaults: DefaultsProfile;
  /** From which level on the log tells, but for the areas of `logLevels`. */
  readonly logLevel: LogLevel;
  readonly logLevels: LogLevels;
  readonly logForm: LogForm;
  readonly quotas: Quotas;
  readonly rateLimits: RateLimits;
  readonly holdDown: HoldDown;
  readonly webhooks: WebhookSettings;
  /** What passed tunnels in the last seven days. */
  readonly history: { readonly mostMebibytes: number };
  readonly recorder: RecorderBounds;
  readonly capacity: CapacitySettings;
  /** Who the part that hears tenants runs as. */
  readonly user: string;
  readonly captures: CaptureSettings;
  /** What may be attached of the host; null: whatever the host does not use itself. */
  readonly hostInterfaces: readonly string[] | null;
}

export interface CaptureSettings {
  /** Owners of captures may have the keys of their SAs. */
  readonly keys: boolean;
}

export interface CapacitySettings {
  /** Memory of the host that no new gateway or tunnel is given. */
  readonly memoryKeptMebibytes: number;
}

export interface ListenAddress {
  readonly host: string;
  /** 0 lets the kernel choose. */
  readonly port: number;
}

export interface WebhookSettings {
  /** Ranges of private networks that webhooks may lead to. */
  readonly allowedNetworks: readonly string[];
}

export interface TlsSettings {
  readonly listen: ListenAddress;
  /** PEM files. */
  readonly certificate: string;
  readonly key: string;
}

/** A setting that cannot be used; the message names its source, its path and what is allowed. */
export class SettingsError extends Error {
  constructor(source: string, path: string, problem: string, options?: ErrorOptions) {
    super(path === '' ? `${source}: ${problem}` : `${source}: ${path}: ${problem}`, options);
    this.name = 'SettingsError';
  }
}
