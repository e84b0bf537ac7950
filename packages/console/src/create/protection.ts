import type { Parameters } from '../calls/call.ts';
import type { Protection } from './answers.ts';

type Negotiated = Pick<Parameters<'CreateVpnConnection'>, 'IKEOptionsSpecification' | 'IPSECOptionsSpecification'>;

/** What the two ends have to agree on; lifetimes are the service's own. */
export const negotiations: Readonly<Record<Protection, Negotiated>> = {
  strong: {
    IKEOptionsSpecification: {
      ...{ IKEVersion: 'IKEV2', PropoEncryAlgorithm: 'AES256GCM128' },
      ...{ PropoAuthenAlgorithm: 'SHA-256', DhGroupName: 'GROUP19' },
    },
    IPSECOptionsSpecification: {
      ...{ EncryptAlgorithm: 'AES256GCM128', IntegrityAlgorithm: 'SHA-256', PfsDhGroup: 'DH-GROUP19' },
    },
  },
  usual: {
    IKEOptionsSpecification: {
      ...{ IKEVersion: 'IKEV2', PropoEncryAlgorithm: 'AES-CBC-256' },
      ...{ PropoAuthenAlgorithm: 'SHA-256', DhGroupName: 'GROUP14' },
    },
    IPSECOptionsSpecification: {
      ...{ EncryptAlgorithm: 'AES-CBC-256', IntegrityAlgorithm: 'SHA-256', PfsDhGroup: 'DH-GROUP14' },
    },
  },
  ikev1: {
    IKEOptionsSpecification: {
      ...{ IKEVersion: 'IKEV1', ExchangeMode: 'MAIN', PropoEncryAlgorithm: 'AES-CBC-256' },
      ...{ PropoAuthenAlgorithm: 'SHA-256', DhGroupName: 'GROUP14' },
    },
    IPSECOptionsSpecification: {
      ...{ EncryptAlgorithm: 'AES-CBC-256', IntegrityAlgorithm: 'SHA-256', PfsDhGroup: 'DH-GROUP14' },
    },
  },
};
