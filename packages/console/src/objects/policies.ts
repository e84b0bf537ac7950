/** What passes a tunnel: one range of ours, and ranges behind the peer. */
export interface PolicyEntry {
  readonly LocalCidrBlock: string;
  readonly RemoteCidrBlock: readonly string[];
}

/** One line each: `10.0.0.0/16 = 192.168.0.0/24, 192.168.1.0/24`. */
export function policyText(entries: readonly PolicyEntry[]): string {
  return entries
    .map(({ LocalCidrBlock, RemoteCidrBlock }) => `${LocalCidrBlock} = ${RemoteCidrBlock.join(', ')}`)
    .join('\n');
}

/** The service says what is wrong with what is no range. */
export function policyEntries(text: string): PolicyEntry[] {
  return linesOf(text).map((line) => {
    const [local = '', remotes = ''] = line.split('=');
    const RemoteCidrBlock = remotes.split(/[\s,]+/).filter(Boolean);
    return { LocalCidrBlock: local.trim(), RemoteCidrBlock };
  });
}

/** Without empty ones. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}
