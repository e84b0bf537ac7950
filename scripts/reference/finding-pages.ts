import type { Words } from '@landbridge/catalogue/action-definition';
import { dataPlaneFindings } from '@landbridge/catalogue/findings/data-plane-findings';
import type { AskedOutcome, FindingEntry } from '@landbridge/catalogue/findings/finding-entry';
import { negotiationFindings } from '@landbridge/catalogue/findings/negotiation-findings';
import { planFindings } from '@landbridge/catalogue/findings/plan-findings';
import { generated, row } from './area-page.ts';

type Entries = Readonly<Record<string, FindingEntry>>;

/** What the lists are called on the first page. */
const lists: readonly (readonly [string, Entries])[] = [
  ['Negotiation', negotiationFindings],
  ['Data plane', dataPlaneFindings],
  ['Configuration', planFindings],
];

/** docs/findings: a page for each code, and one that lists them all; by file name. */
export function findingPages(): ReadonlyMap<string, string> {
  const pages = lists.flatMap(([, entries]) =>
    Object.entries(entries).map(([code, entry]): [string, string] => [`${code}.md`, findingPage(code, entry)]),
  );
  return new Map([['README.md', indexPage()], ...pages]);
}

function indexPage(): string {
  const sections = lists.flatMap(([title, entries]) => [
    `## ${title}`,
    [
      row(['Code', 'Severity', 'Layer', 'What it is']),
      row(['---', '---', '---', '---']),
      ...Object.entries(entries).map(([code, { severity, layer, summary }]) =>
        row([`[\`${code}\`](${code}.md)`, severity, layer, shown(summary.en)]),
      ),
    ].join('\n'),
  ]);
  const intro =
    'What DescribeTunnelHealth finds of a tunnel, whether it is up or down. An error: packets are lost because of it; a warning: they ' +
    'will be, or something is weaker than meant; a notice: worth knowing. [What is said about each fault](faults.md) was written by the lab.';
  return page(['# Findings', generated, intro, ...sections]);
}

function findingPage(code: string, entry: FindingEntry): string {
  const { severity, layer, field, causes = [], summary, fixHere, fixThere } = entry;
  return page([
    `# ${code}`,
    generated,
    inBoth(summary),
    [row(['Severity', 'Layer', 'Field']), row(['---', '---', '---']), row([severity, layer, `\`${field}\``])].join(
      '\n',
    ),
    ...(causes.length === 0 ? [] : ['## One of these, the likeliest first', ...causes.map(causeLines)]),
    ...fixSection('What to do here', fixHere),
    ...fixSection('What to do on the peer', fixThere),
    ...Object.entries(entry.asked ?? {}).flatMap(([outcome, words]) => askedSection(outcome as AskedOutcome, words)),
  ]);
}

const outcomes: Readonly<Record<AskedOutcome, string>> = {
  settable: 'asked, it accepts something that the tunnel can be set to',
  unsettable: 'asked, it accepts something that the tunnel cannot be set to',
  ours: 'asked, it accepts what the tunnel offers',
  nothing: 'asked, it accepts nothing',
  silent: 'asked, it does not answer',
};

/** What is said once the peer was asked (AskPeerProposals). */
function askedSection(
  outcome: AskedOutcome,
  { summary, causes = [], fixHere, fixThere }: NonNullable<NonNullable<FindingEntry['asked']>[AskedOutcome]>,
): string[] {
  return [
    `## Where the peer, ${outcomes[outcome]}`,
    inBoth(summary),
    ...causes.map(causeLines),
    ...[fixHere, fixThere].filter((words) => words !== undefined).map(inBoth),
  ];
}

function causeLines({ field, tells }: NonNullable<FindingEntry['causes']>[number], index: number): string {
  return `${index + 1}. \`${field}\`: ${shown(tells.en)}\n   ${shown(tells.zh)}`;
}

function fixSection(title: string, words: Words | undefined): string[] {
  return words === undefined ? [] : [`## ${title}`, inBoth(words)];
}

function inBoth({ en, zh }: Words): string {
  return `${shown(en)}\n${shown(zh)}`;
}

/** Places of values, so that they are seen as such. */
function shown(text: string): string {
  return text.replaceAll(/\{(ours|theirs|settings)\}/g, '_$1_');
}

function page(parts: readonly string[]): string {
  return `${parts.join('\n\n')}\n`;
}
