import { errorRegistry } from '@landbridge/catalogue/errors/error-registry';
import { everyActionErrors } from '@landbridge/catalogue/errors/every-action-errors';
import { allActions, services, type CataloguedAction } from '@landbridge/catalogue/services';
import { notOffered } from '@landbridge/catalogue/vendor-actions';
import { generated, row } from './area-page.ts';

/** The first page: which areas there are. */
export function indexPage(areas: ReadonlyMap<string, readonly CataloguedAction[]>): string {
  const rows = [...areas].map(([area, actions]) => {
    const [first] = actions;
    const title = first === undefined ? undefined : titleOf(first);
    return row([`[${area}](${area}.md)`, title?.en ?? '', title?.zh ?? '', String(actions.length)]);
  });
  const offered = allActions.filter(({ service }) => service === 'vpc').length;
  return (
    [
      '# Reference',
      generated,
      [row(['Area', '', '', 'Actions']), row(['---', '---', '---', '---']), ...rows].join('\n'),
      [
        `Of the vendor's Actions of service \`vpc\`, ${offered} are offered; [the others](not-offered.md) answer that they are not.`,
        '[Errors of every Action](errors.md). [openapi.json](openapi.json) says the same as these pages (OpenAPI 3.1).',
      ].join('\n'),
      [
        'Services:',
        '',
        ...Object.entries(services).map(([name, { version, title }]) => `- \`${name}\` ${version}: ${title.en}`),
      ].join('\n'),
    ].join('\n\n') + '\n'
  );
}

function titleOf({ service, area }: CataloguedAction) {
  return (
    services[service].areas as Readonly<
      Record<string, { readonly title: { readonly en: string; readonly zh: string } }>
    >
  )[area]?.title;
}

/** What every Action may answer. */
export function errorsPage(): string {
  const rows = everyActionErrors.map((reason) => {
    const { code, en, zh } = errorRegistry[reason];
    return row([`\`${code}\``, en, zh]);
  });
  return (
    [
      '# Errors of every Action',
      generated,
      [row(['Code', '', '']), row(['---', '---', '---']), ...rows].join('\n'),
    ].join('\n\n') + '\n'
  );
}

/** The vendor's Actions of service vpc that are not offered, and why. */
export function notOfferedPage(): string {
  const built = new Set(allActions.filter(({ service }) => service === 'vpc').map(({ name }) => name));
  const groups = notOffered(built).map(({ why, names }) => [`## ${why}`, names.map((name) => `- ${name}`).join('\n')]);
  return ['# What is not offered', generated, ...groups.flat()].join('\n\n') + '\n';
}
