import type { Words } from '@landbridge/catalogue/action-definition';
import { findingSeverities, type FindingEntry } from '@landbridge/catalogue/findings/finding-entry';
import { findingRegistry } from '@landbridge/catalogue/findings/finding-registry';
import type { WireFinding } from '@landbridge/catalogue/operator/tunnel-health';
import type { Finding } from '../../domain/diagnosis/finding.ts';
import type { FindingCode } from '../../domain/diagnosis/finding-codes.ts';
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
  const { severity, summary } = registry[finding.code];
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
  const { severity, layer, field, causes = [], summary, fixHere, fixThere } = registry[code];
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

/** What is not known is said to be so. */
function filled({ en, zh }: Words, { ours, theirs }: Finding, language: Language): string {
  const [template, notKnown, notTold] =
    language === 'zh-CN' ? [zh, '未知', '（未告知）'] : [en, 'not known', '(not told)'];
  const values: Readonly<Record<string, string>> = { ours: ours ?? notKnown, theirs: theirs ?? notTold };
  return template.replaceAll(/\{(ours|theirs)\}/g, (all, name: string) => values[name] ?? all);
}
