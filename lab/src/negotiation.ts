/** Strong options for both ends of a tunnel: what the API is told, and what the same means for strongSwan. */
export interface Negotiation {
  readonly ike: Readonly<Record<string, unknown>>;
  readonly ipsec: Readonly<Record<string, unknown>>;
  readonly version: 1 | 2;
  readonly aggressive?: boolean;
  readonly ikeProposals: string;
  readonly espProposals: string;
}

export const strongNegotiation: Negotiation = {
  ike: {
    IKEVersion: 'IKEV2',
    PropoEncryAlgorithm: 'AES-CBC-256',
    PropoAuthenAlgorithm: 'SHA-256',
    DhGroupName: 'GROUP14',
    ExchangeMode: 'MAIN',
    LocalIdentity: 'ADDRESS',
    RemoteIdentity: 'ADDRESS',
    IKESaLifetimeSeconds: 86400,
  },
  ipsec: {
    EncryptAlgorithm: 'AES256GCM128',
    IntegrityAlgorith: 'SHA-256',
    PfsDhGroup: 'DH-GROUP14',
    IPSECSaLifetimeSeconds: 3600,
  },
  version: 2,
  ikeProposals: 'aes256-sha256-modp2048',
  espProposals: 'aes256gcm16-modp2048',
};
