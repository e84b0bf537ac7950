import type { Words } from '@landbridge/catalogue/action-definition';
import { findingSeverities, type FindingEntry } from '@landbridge/catalogue/findings/finding-entry';
import { findingRegistry } from '@landbridge/catalogue/findings/finding-registry';
import type { WireFinding } from '@landbridge/catalogue/operator/tunnel-health';
import { settingsFor } from '../../domain/diagnosis/peer-proposals.ts';
import type { Finding } from '../../domain/diagnosis/finding.ts';
import type { FindingCode } from '../../domain/diagnosis/finding-codes.ts';
import { wireIkeSettings } from '../actions/vpn/negotiation-wire.ts';
import type { Language } from '../protocol/api-error.ts';
import { wireInstant } from './wire-values.ts';

/** Each code has its words. */
const registry: Readonly<Record<FindingCode, FindingEntry>> = findingRegistry;

/** As replies show them, the gravest first. */
export function wireFindings(findings: readonly Finding[], language: Language): WireFinding[] {
  const rank = ({ code }: Finding) => findingSeverities.indexOf(registry[code].severity);
  return findings.toSorted((one, other) => rank(one) - rank(other)).map((finding) => wireFinding(finding, language));
}

/** For events, in English; null for what nobody has to be told of. */
export function describeFinding(finding: Finding): string | null {
  const { severity } = registry[finding.code];
  const { summary } = wordsOf(finding);
  if (severity === 'notice') return null;
  const text = filled(summary, finding, 'en-US');
  const values = [valueText('here', finding.ours, text), valueText('on the peer', finding.theirs, text)].filter(
    Boolean,
  );
  return `${text}${values.length === 0 ? '' : ` (${values.join(', ')})`}`;
}

/** Empty where there is no value, or the sentence has it. */
function valueText(where: string, value: string | null, sentence: string): string {
  return value === null || sentence.includes(value) ? '' : `${where} ${value}`;
}

function wireFinding(finding: Finding, language: Language): WireFinding {
  const { code, object, ours, theirs, evidence, since } = finding;
  const { severity, layer, field } = registry[code];
  const { causes = [], summary, fixHere, fixThere } = wordsOf(finding);
  const inWords = (words: Words | undefined) => (words === undefined ? '' : filled(words, finding, language));
  return {
    ...{ Code: code, Severity: severity, Layer: layer, Field: field },
    ...{ ResourceId: object, Ours: ours, Theirs: theirs },
    Causes: causes.map((cause) => ({ Field: cause.field, Tells: inWords(cause.tells) })),
    Evidence: [...evidence],
    Since: wireInstant(since),
    ...{ Summary: inWords(summary), FixHere: inWords(fixHere), FixThere: inWords(fixThere) },
  };
}

/** Those of a peer that was asked, once it was. */
function wordsOf({ code, accepts }: Finding): Pick<FindingEntry, 'summary' | 'causes' | 'fixHere' | 'fixThere'> {
  const entry = registry[code];
  if (accepts === undefined || accepts.verdict === 'unclear') return entry;
  const { verdict, settable } = accepts;
  const outcome = verdict === 'other' ? (settable === null ? 'unsettable' : 'settable') : verdict;
  return entry.asked?.[outcome] ?? entry;
}

/** What is not known is said to be so. */
function filled({ en, zh }: Words, { ours, theirs, accepts }: Finding, language: Language): string {
  const [template, notKnown, notTold] =
    language === 'zh-CN' ? [zh, '未知', '（未告知）'] : [en, 'not known', '(not told)'];
  const set = accepts === undefined ? [] : wireIkeSettings(settingsFor(accepts));
  const settings = set.map(({ Parameter, Value }) => `${Parameter} = ${Value}`).join(', ');
  const values: Readonly<Record<string, string>> = { ours: ours ?? notKnown, theirs: theirs ?? notTold, settings };
  return template.replaceAll(/\{(ours|theirs|settings)\}/g, (all, name: string) => values[name] ?? all);
}
