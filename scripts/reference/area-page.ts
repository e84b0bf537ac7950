import type { ActionDefinition } from '@landbridge/catalogue/action-definition';
import { errorRegistry, type ErrorReason } from '@landbridge/catalogue/errors/error-registry';
import type { CataloguedAction } from '@landbridge/catalogue/services';
import { serviceVersions } from '@landbridge/catalogue/service-versions';
import { fieldsOf } from './field-table.ts';

/** The page of the reference about one area: its Actions, service by service. */
export function areaPage(area: string, actions: readonly CataloguedAction[]): string {
  const services = [...new Set(actions.map(({ service }) => service))];
  const parts = services.map((service) => {
    const own = actions.filter((action) => action.service === service);
    const index = own.map(({ name, definition }) => `- [${name}](#${name.toLowerCase()}) – ${definition.summary.en}`);
    return [
      `## Service \`${service}\`, version \`${serviceVersions[service]}\``,
      index.join('\n'),
      ...own.flatMap(({ name, definition }) => actionSection(name, definition)),
    ].join('\n\n');
  });
  return [`# ${area}`, generated, ...parts].join('\n\n') + '\n';
}

export const generated =
  'Generated from the catalogue (`npm run reference`): what stands here is what the service checks.';

function actionSection(name: string, definition: ActionDefinition): string[] {
  const { summary, request, response } = definition;
  const said = [`${summary.en}\n${summary.zh}`, remarks(definition)].filter((part) => part !== '');
  return [
    `### ${name}`,
    ...said,
    table('Request', fieldsOf(request), true),
    table('Answer', fieldsOf(response), false),
    ...filterTable(definition),
    ...errorTable(definition.errors),
  ];
}

function remarks({ completes, forAdministrators }: ActionDefinition): string {
  const later =
    'Answered before the network has changed: DescribeVpcTaskResult, or the state of the object, tells when it has.';
  return [forAdministrators ? 'For administrators only.' : '', completes === 'later' ? later : '']
    .filter((part) => part !== '')
    .join(' ');
}

function table(title: string, fields: ReturnType<typeof fieldsOf>, isRequest: boolean): string {
  if (fields.length === 0) return isRequest ? `${title}: no parameters.` : `${title}: RequestId only.`;
  const rows = fields.map(({ name, type, required, words }) =>
    isRequest ? row([`\`${name}\``, type, required ? 'yes' : '', words]) : row([`\`${name}\``, type, words]),
  );
  const head = isRequest ? ['Field', 'Type', 'Needed', ''] : ['Field', 'Type', ''];
  return [`${title}:`, '', row(head), row(head.map(() => '---')), ...rows].join('\n');
}

function filterTable({ filters }: ActionDefinition): string[] {
  const rows = Object.entries(filters).map(([name, words]) => row([`\`${name}\``, words]));
  return rows.length === 0
    ? []
    : [['Filters:', '', row(['Name', 'Compared with']), row(['---', '---']), ...rows].join('\n')];
}

function errorTable(reasons: readonly ErrorReason[]): string[] {
  const rows = reasons.map((reason) => row([`\`${errorRegistry[reason].code}\``, errorRegistry[reason].en]));
  if (rows.length === 0) return [];
  return [
    [
      'Errors beside [those of every Action](errors.md):',
      '',
      row(['Code', 'Message']),
      row(['---', '---']),
      ...rows,
    ].join('\n'),
  ];
}

export function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}
