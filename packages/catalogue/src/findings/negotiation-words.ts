import type { Words } from '../action-definition.ts';
import { tunnelTerms, type TunnelSetting } from '../vpn/tunnel-terms.ts';
import type { FindingCause, FindingEntry } from './finding-entry.ts';

/** Parameters as the API writes them. */
export const ike = <Name extends string>(name: Name) => `IKEOptionsSpecification.${name}` as const;
export const esp = <Name extends string>(name: Name) => `IPSECOptionsSpecification.${name}` as const;
/** The networks of both ends. */
export const policies = 'SecurityPolicyDatabases';
export const peerAddress = 'CustomerGateway.IpAddress';

export const peerLog: Words = {
  en: 'Look into the log of the peer: it says why.',
  zh: '请查看对端日志，其中记录了原因。',
};

/**
 * Where both ends have to have the same.
 * @param form how the API writes a value, where that is another way
 * @param meaning of the term, for whom it tells nothing
 */
export function differs(
  layer: 'ike' | 'esp',
  field: TunnelSetting,
  form: Words = { en: '', zh: '' },
  meaning: Words = { en: '', zh: '' },
): FindingEntry {
  const term = tunnelTerms[field];
  return {
    ...{ severity: 'error', layer, field },
    summary: {
      en: `The ${term.en}${meaning.en} differs between the two ends: {ours} here, {theirs} on the peer.`,
      zh: `两端的 ${term.zh}${meaning.zh}不同：本端 {ours}，对端 {theirs}。`,
    },
    fixHere: {
      en: `Set ${field} to what the peer has: {theirs}${form.en}.`,
      zh: `将 ${field} 设为对端的值：{theirs}${form.zh}。`,
    },
    fixThere: { en: `Set it to {ours} on the peer.`, zh: `在对端设为 {ours}。` },
  };
}

export const diffieHellman: Words = { en: ' (Diffie-Hellman)', zh: '（Diffie-Hellman）' };
export const forwardSecrecy: Words = { en: ' (perfect forward secrecy)', zh: '（完全前向保密）' };

/** How the API writes what is told of algorithms. */
export const dhGroupForm: Words = { en: ' (written `GROUP` and the number)', zh: '（写作 `GROUP` 加编号）' };
export const pfsGroupForm: Words = {
  en: ' (written `DH-GROUP` and the number, or `NULL` for none)',
  zh: '（写作 `DH-GROUP` 加编号；不使用时为 `NULL`）',
};
export const cipherForm: Words = {
  en: ' (AES-GCM-16-256 is written `AES256GCM128`)',
  zh: '（AES-GCM-16-256 写作 `AES256GCM128`）',
};

export const presharedKey: FindingCause = {
  field: 'PreShareKey',
  tells: {
    en: 'The log of the peer speaks of a wrong key, or of a checksum (MAC, HASH) that does not match; enter the key anew on both ends.',
    zh: '对端日志提示密钥错误，或校验值（MAC、HASH）不匹配；请在两端重新填写密钥。',
  },
};
export const localIdentity: FindingCause = {
  field: ike('LocalIdentity'),
  tells: {
    en: 'The log of the peer says that no connection matches, and names the identity that we sent: {ours}.',
    zh: '对端日志提示没有匹配的连接，并给出本端发送的标识：{ours}。',
  },
};
export const remoteIdentity: FindingCause = {
  field: ike('RemoteIdentity'),
  tells: {
    en: 'The peer goes by another identity than the one that we ask for: compare its own identity with RemoteIdentity.',
    zh: '对端自身的标识与本端要求的不同：请将其与 RemoteIdentity 比较。',
  },
};
export const port4500: FindingCause = {
  field: 'UDP 4500',
  tells: {
    en: 'A capture on the peer shows no packet to port 4500: a firewall between the ends drops it.',
    zh: '在对端抓包看不到发往 4500 端口的报文：中间的防火墙将其丢弃。',
  },
};
