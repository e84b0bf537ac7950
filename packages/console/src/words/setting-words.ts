import {
  comparedFields,
  comparedTerm,
  tunnelTerms,
  type ComparedField,
  type TunnelSetting,
} from '@landbridge/catalogue/vpn/tunnel-terms';

interface Both {
  readonly en: string;
  readonly zh: string;
}

/** What settings of a tunnel are called: in its form, in findings, and where a device's configuration is compared. */
export const settingWords = {
  ...(Object.fromEntries(
    Object.entries(tunnelTerms).map(([setting, term]) => [`field.${setting}`, term]),
  ) as unknown as { readonly [Setting in TunnelSetting as `field.${Setting}`]: Both }),
  ...(Object.fromEntries(
    Object.keys(comparedFields).map((field) => [`peer.field.${field}`, comparedTerm(field as ComparedField)]),
  ) as unknown as { readonly [Field in ComparedField as `peer.field.${Field}`]: Both }),
} as const;
