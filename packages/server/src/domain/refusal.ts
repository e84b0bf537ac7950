/**
 * Why a use case was refused, in the service's own terms. The caller's fault, never ours: anything else is a bug.
 * `api/protocol/error-registry.ts` gives each reason its code and its message in both languages.
 */
export const refusalReasons = [
  'not-found',
  // Who is told what
  'mute-ends-before',
  'finding-not-muted',
  'webhook-url-unusable',
  'webhook-address-refused',
  'webhooks-too-many',
  'quota-reached',
  'region-not-offered',
  // VPC networks
  'vpc-not-found',
  'vpc-in-use',
  'secondary-range-twice',
  'secondary-range-exists',
  'secondary-range-not-found',
  'secondary-range-in-use',
  'secondary-range-overlaps-block',
  'secondary-range-overlaps-other',
  'secondary-range-holds-route',
  'secondary-range-holds-remote',
  'secondary-range-holds-gateway-route',
  'secondary-range-holds-probe',
  'subnet-outside-vpc',
  'subnet-overlap',
  'subnet-in-use',
  'route-table-is-default',
  'route-table-in-use',
  'route-table-of-other-vpc',
  'route-inside-vpc',
  'route-exists',
  'route-to-other-gateway-exists',
  'route-next-hop-not-found',
  'route-next-hop-of-other-vpc',
  // VPN gateways
  'no-uplink',
  'no-public-address-left',
  'host-full',
  'vpn-gateway-in-use',
  'vpn-gateway-not-available',
  'vpn-gateway-not-prepaid',
  'vpn-gateway-vpc-mismatch',
  'bandwidth-class-fixed',
  // Customer gateways
  'customer-gateway-exists',
  'customer-gateway-in-use',
  'address-is-ours',
  // VPN connections
  'vpn-connection-pair-exists',
  'vpn-connection-in-use',
  'policy-remotes-overlap',
  'policy-local-overlaps-remote',
  'policy-remote-inside-vpc',
  'policy-conflict',
  'policies-missing',
  'policies-with-gateway-routes',
  'aead-needs-ikev2',
  'local-name-missing',
  'peer-is-gateway-itself',
  'identity-is-pattern',
  'pre-shared-key-ambiguous',
  'health-check-needs-destination-routing',
  'health-check-address-taken',
  'health-check-address-in-range',
  'health-check-address-is-public',
  'health-check-address-not-private',
  'peer-address-is-probed',
  'health-check-addresses-equal',
  'health-check-no-address-left',
  'no-if-id-left',
  // Configurations of peers
  'peer-vendor-unknown',
  'peer-configuration-impossible',
  'peer-pair-of-two-devices',
  'peer-pair-of-one-gateway',
  'peer-dialect-unknown',
  'peer-file-unreadable',
  // Gateway routes
  'gateway-route-exists',
  'gateway-route-both-ways',
  'gateway-route-into-policies',
  'gateway-route-inside-vpc',
  'gateway-route-quota-reached',
  // Host interfaces
  'interface-attached',
  'interface-reserved',
  'interface-in-use',
  'agent-away',
  'timeline-not-there',
  'interface-not-attached',
  // History
  'sas-not-told',
  'history-away',
  'history-busy',
  // Packet captures
  'captures-of-account-full',
  'captures-of-host-full',
  'captures-away',
  'capture-place-missing',
  'capture-fits-nothing',
  'capture-program-missing',
  'capture-hidden',
  'capture-keys-forbidden',
  'capture-without-keys',
  // Questions to peers
  'peer-questions-away',
  'peer-question-not-ikev2',
  'peer-question-not-there',
  'peer-asked-now',
  'peer-questions-of-account',
  'peer-questions-of-host',
  'peer-question-failed',
  // Paths that packets prove
  'proofs-away',
  'proof-not-there',
  'proof-no-free-address',
  'proof-under-way',
  'proofs-of-host',
  'proofs-of-account',
  'proof-failed',
  // Drills of failovers
  'drill-other-way',
  'drill-not-used',
  'drill-no-standby',
  'drill-unanswered',
  // CCN
  'ccn-in-use',
  'ccn-attached',
  'ccn-not-attached',
  'ccn-request-not-pending',
  'ccn-request-not-accepted',
  'ccn-gateway-of-vpc',
  'ccn-route-overlap',
  'ccn-has-route-tables',
  'ccn-route-table-unknown',
  'ccn-route-table-of-other-ccn',
  'ccn-route-table-quota-reached',
  'ccn-default-route-table-fixed',
  'ccn-default-route-table-stays',
  'ccn-route-table-in-use',
  'ccn-association-without-attachment',
  'ccn-route-policies-too-many',
  'ccn-route-condition-values-too-many',
  'ccn-selection-quota-reached',
  'ccn-selection-twice',
  'ccn-selection-without-attachment',
  'ccn-selection-of-default-table',
  'ccn-not-postpaid',
  'prepaid-ccn-limits-between-regions',
  'prepaid-ccn-meters-bandwidth',
  'limit-needs-peer-region',
  'limit-takes-no-peer-region',
  'limit-within-region',
  'limit-named-twice',
  'route-to-ccn-exists',
  'route-of-system',
  'vpc-without-ccn',
  'route-not-publishable',
  // Direct Connect
  'direct-connect-gateway-in-use',
  'direct-connect-gateway-without-ccn',
  'direct-connect-range-exists',
  'direct-connect-line-attached',
  'direct-connect-line-missing',
  'line-addresses',
  'vxlan-taken',
  'vxlan-to-itself',
  // Tags
  'resource-tags-too-many',
  // Access keys
  'administrator-only',
  'last-administrator-key',
  'access-key-bounded',
  'own-key-only',
  'access-key-expires-already',
  'access-keys-too-many',
  'temporary-credentials-by-temporary',
  'client-token-of-other-call',
  'pre-shared-key-masked',
  // Ways of packets
  'address-at-no-place',
  'address-at-several-places',
] as const;

export type RefusalReason = (typeof refusalReasons)[number];

/** The same in both languages of the API. */
export interface Words {
  readonly en: string;
  readonly zh: string;
}

/** Placeholders that stand for words: those in one language only would be half a message in the other. */
type WordsNamed<Names extends string> = Readonly<Partial<Record<Names, Words>>>;

/** Values for the message's placeholders. Never secrets. */
export type RefusalDetails = Readonly<Record<string, string | number | Words>> &
  WordsNamed<'rule' | 'problem' | 'feature' | 'expected' | 'things' | 'reason' | 'uses'>;

export class Refusal extends Error {
  readonly reason: RefusalReason;
  readonly details: RefusalDetails;

  constructor(reason: RefusalReason, details: RefusalDetails = {}) {
    super(reason);
    this.name = 'Refusal';
    this.reason = reason;
    this.details = details;
  }
}

export function refuse(reason: RefusalReason, details: RefusalDetails = {}): never {
  throw new Refusal(reason, details);
}
