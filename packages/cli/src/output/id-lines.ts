/** The ids of what a reply is about: of the object that was made, or of each one in a list. */
export function idLines(reply: Readonly<Record<string, unknown>>): string[] {
  for (const [name, member] of Object.entries(reply)) {
    const objects = (Array.isArray(member) ? member : [member]).filter(isObject);
    const key = objects[0] === undefined ? undefined : ownIdOf(name, objects[0]);
    if (key !== undefined) return objects.map((object) => String(object[key]));
    if (Array.isArray(member) && member.length === 0 && 'TotalCount' in reply) return [];
  }
  const own = Object.keys(reply).find((name) => name !== 'RequestId' && name.endsWith('Id'));
  if (own !== undefined) return [String(reply[own])];
  if (Object.keys(reply).every((name) => name === 'RequestId')) return [];
  throw new Error('this reply has no ids; --query tells what to print of it');
}

/** `SubnetSet` and `Subnet` have a `SubnetId`; a list of something else its only id. */
export function ownIdOf(member: string, object: Readonly<Record<string, unknown>>): string | undefined {
  const noun = member.replace(/(Set|s)$/, '');
  const ids = Object.keys(object).filter((name) => name.endsWith('Id') && typeof object[name] !== 'object');
  return (
    ids.find((name) => name === `${noun}Id`) ??
    ids.find((name) => name === `${noun}ItemId`) ??
    (ids.length === 1 ? ids[0] : undefined)
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
