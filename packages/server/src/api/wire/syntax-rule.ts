import type { ValueSyntaxError } from '@landbridge/net';
import type { Words } from '../../domain/refusal.ts';

const things: Readonly<Record<string, string>> = {
  'an IP address': 'IP 地址',
  'a CIDR block': 'CIDR 网段',
  'an interface name': '网卡名称',
};

/** What a parser says of a text that it cannot read. */
export function syntaxRule({ message, what, quoted, suggestion }: ValueSyntaxError): Words {
  const hint = suggestion === undefined ? '' : `（是否应为 ${suggestion}？）`;
  return { en: message, zh: `${quoted} 不是合法的${things[what] ?? '取值'}${hint}` };
}
