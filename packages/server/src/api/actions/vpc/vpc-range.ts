import type { Cidr } from '@landbridge/net';
import { isVpcCidr } from '../../../domain/vpc/vpc-cidr.ts';
import { reject } from '../../protocol/api-error.ts';
import { readCidr } from '../../wire/wire-values.ts';

/** A block that a VPC may have as one of its ranges. */
export function readVpcRange(text: string, name: string): Cidr {
  const range = readCidr(text, name);
  if (!isVpcCidr(range)) {
    const rule = {
      en: 'a /12 to /28 in 10.0.0.0/8 or 172.16.0.0/12, or a /16 to /28 in 192.168.0.0/16, is expected',
      zh: '应为 10.0.0.0/8 或 172.16.0.0/12 内掩码 /12 到 /28 的网段，或 192.168.0.0/16 内掩码 /16 到 /28 的网段',
    };
    reject('invalid-value', { name, rule });
  }
  return range;
}
