import { ValueSyntaxError } from '@landbridge/net';
import type { Words } from '../../domain/refusal.ts';
import { reject } from '../protocol/api-error.ts';

const things: Readonly<Record<string, string>> = {
  'an IP address': 'IP 地址',
  'a CIDR block': 'CIDR 网段',
  'an interface name': '网卡名称',
};

/** What `read` makes of the text of this parameter; throws ApiError with what the parser says of one that it cannot read. */
export function readSyntax<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ValueSyntaxError)) throw error;
    return reject('malformed-value', { name, rule: syntaxRule(error) });
  }
}

function syntaxRule({ message, what, quoted, suggestion }: ValueSyntaxError): Words {
  const hint = suggestion === undefined ? '' : `（是否应为 ${suggestion}？）`;
  return { en: message, zh: `${quoted} 不是合法的${things[what] ?? '取值'}${hint}` };
}
