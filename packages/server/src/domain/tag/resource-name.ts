/** Kinds of resources that have tags, by the prefix of their ids (docs/spec/actions.md section 1.6). */
export const taggedPrefixes = ['vpngw', 'cgw', 'vpnx', 'vpc', 'subnet', 'rtb', 'ccn', 'dcg'] as const;
export type TaggedPrefix = (typeof taggedPrefixes)[number];

/** What the tag service calls a resource. */
export interface ResourceName {
  /** Empty for any. */
  readonly region: string;
  /** Empty for the caller's own. */
  readonly accountId: string;
  readonly prefix: TaggedPrefix;
  readonly id: string;
}

const pattern = /^qcs::vpc:([A-Za-z0-9-]{0,40}):(?:uin\/([A-Za-z0-9-]{0,64}))?:([a-z]{2,8})\/([a-z]{2,8}-[0-9a-z]{8})$/;

/** Six segments, `qcs::vpc:REGION:uin/ACCOUNT:PREFIX/ID`; undefined for whatever names none of ours. */
export function parseResourceName(text: string): ResourceName | undefined {
  const [, region = '', accountId = '', prefix = '', id = ''] = pattern.exec(text) ?? [];
  return isTaggedPrefix(prefix) && id.startsWith(`${prefix}-`) ? { region, accountId, prefix, id } : undefined;
}

export function formatResourceName({ region, accountId, prefix, id }: ResourceName): string {
  return `qcs::vpc:${region}:uin/${accountId}:${prefix}/${id}`;
}

export function isTaggedPrefix(text: string): text is TaggedPrefix {
  return (taggedPrefixes as readonly string[]).includes(text);
}
