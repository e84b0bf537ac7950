import { clockTime, lineText } from './line-text.ts';
import type { Story } from './read-story.ts';
import type { TimelineLine } from './timeline.ts';
import type { Named } from './tunnel-names.ts';
import { duration } from '../output/duration.ts';
import { findingLines } from '../output/finding-lines.ts';

/** A story in lines that a person reads. */
export function tellStory(story: Story, named: Named): string[] {
  const { state, reason, before, tried, attempts, findings, afterwards } = story;
  const near = story.at ?? Date.now();
  const dated = (line: TimelineLine) => {
    const [first = '', ...below] = lineText(line, story.id, named);
    return [`  ${clockTime(Date.parse(line.Time), near)}  ${first}`, ...below.map((text) => `  ${text}`)];
  };
  const section = (title: string, lines: readonly TimelineLine[]) =>
    lines.length === 0 ? [] : [title, ...lines.flatMap(dated)];
  return [
    headline(story, named),
    ...(reason === '' ? [] : [`  ${reason}`]),
    ...findings.flatMap(findingLines),
    ...section('What led to it:', before),
    ...section(attempts === 0 ? 'Since then:' : `Since then (${attempts} times negotiated anew):`, tried),
    ...section('Afterwards:', afterwards),
    ...(story.at !== null && afterwards.length === 0 && state !== null ? ['It has not changed since.'] : []),
  ];
}

function headline({ id, at, stateWord, since }: Story, named: Named): string {
  const near = at ?? Date.now();
  const name = named(id) === id ? id : `${named(id)} (${id})`;
  const when = at === null ? 'is' : `at ${clockTime(at, Date.now())} was`;
  if (stateWord === '') return `${name} ${when} in no state that is known: nothing is kept of that time`;
  if (since === null) return `${name} ${when} ${stateWord}`;
  return `${name} ${when} ${stateWord}, since ${clockTime(since, near)} (${duration(near - since)})`;
}
