import type { WireFinding } from '@landbridge/catalogue/operator/tunnel-health';

/** A finding as people read it: what is wrong, with both values, which causes it may have, and what to do on either side. */
export function findingLines(finding: WireFinding): string[] {
  const { Severity, Code, Summary, Causes, FixHere, FixThere } = finding;
  return [
    `${Severity} ${Code}: ${Summary}${valuesText(finding)}`,
    ...(Causes.length === 0 ? [] : ['  one of these, the likeliest first:']),
    ...Causes.map(({ Field, Tells }) => `    ${Field}: ${Tells}`),
    ...(FixHere === '' ? [] : [`  here: ${FixHere}`]),
    ...(FixThere === '' ? [] : [`  on the peer: ${FixThere}`]),
  ];
}

/** Values that the sentence has not told already. */
function valuesText({ Field, Summary, Ours, Theirs }: WireFinding): string {
  const told = (value: string) => Summary.includes(value);
  const values = [
    ...(Ours === null || told(Ours) ? [] : [`here ${Ours}`]),
    ...(Theirs === null || told(Theirs) ? [] : [`on the peer ${Theirs}`]),
  ];
  return values.length === 0 ? '' : ` (${Field}: ${values.join(', ')})`;
}
