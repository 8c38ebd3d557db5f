export type GcHosts = {
  /** Origin of the platform API, without a trailing slash. */
  readonly apiUrl: string;
  /** Origin of the login service, without a trailing slash. */
  readonly loginUrl: string;
};

export type GcHostOptions = {
  /** `GC_REGION`: a host (`mypurecloud.de`) or an AWS region name (`eu-central-1`). */
  readonly region?: string | undefined;
  readonly apiUrl?: string | undefined;
  readonly loginUrl?: string | undefined;
};

/** AWS region → Genesys Cloud host (docs/reference/genesys-facts.md#51-oauth-and-hosts). */
const hostOfAwsRegion: Readonly<Record<string, string>> = {
  'us-east-1': 'mypurecloud.com',
  'us-east-2': 'use2.us-gov-pure.cloud',
  'us-west-2': 'usw2.pure.cloud',
  'ca-central-1': 'cac1.pure.cloud',
  'mx-central-1': 'mxc1.pure.cloud',
  'eu-west-1': 'mypurecloud.ie',
  'eu-west-2': 'euw2.pure.cloud',
  'eu-central-1': 'mypurecloud.de',
  'eu-central-2': 'euc2.pure.cloud',
  'sa-east-1': 'sae1.pure.cloud',
  'me-central-1': 'mec1.pure.cloud',
  'ap-south-1': 'aps1.pure.cloud',
  'ap-southeast-1': 'apse1.pure.cloud',
  'ap-southeast-2': 'mypurecloud.com.au',
  'ap-northeast-1': 'mypurecloud.jp',
  'ap-northeast-2': 'apne2.pure.cloud',
  'ap-northeast-3': 'apne3.pure.cloud',
  'eusc-de-east-1': 'edee1.eusc-pure.cloud',
};

/**
 * Where the organisation lives: `https://api.{host}` and `https://login.{host}` (docs/reference/genesys-facts.md#51-oauth-and-hosts), each
 * replaceable by an explicit origin (docs/design/CONTRACTS.md#9-clarifications (7)).
 * A host that is not in the table is taken as it is, so that a new region needs no new version.
 * @throws RangeError when the two origins do not follow from what was given
 */
export function gcHosts({ region, apiUrl, loginUrl }: GcHostOptions): GcHosts {
  if (apiUrl !== undefined && loginUrl !== undefined) {
    return { apiUrl: origin(apiUrl), loginUrl: origin(loginUrl) };
  }
  const host = hostOf(region);
  return {
    apiUrl: apiUrl === undefined ? `https://api.${host}` : origin(apiUrl),
    loginUrl: loginUrl === undefined ? `https://login.${host}` : origin(loginUrl),
  };
}

/** The AWS region where an organisation lives; undefined where its host is not in the table. */
export function awsRegionOf({ region, apiUrl }: GcHostOptions): string | undefined {
  const name = region?.trim().toLowerCase() ?? '';
  if (Object.hasOwn(hostOfAwsRegion, name)) return name;
  const host = apiUrl === undefined ? name : new URL(apiUrl).hostname.replace(/^api\./, '');
  return Object.entries(hostOfAwsRegion).find(([, known]) => known === host)?.[0];
}

/**
 * The hosts that an organisation's upload URLs may name when nothing else is said: those of S3 in the part of AWS where
 * it lives. Europe's sovereign cloud and China are parts of their own.
 */
export function defaultUploadHosts({ region, apiUrl }: GcHostOptions): readonly string[] {
  const place =
    apiUrl === undefined ? (region?.trim().toLowerCase() ?? '') : new URL(apiUrl).hostname;
  if (place.startsWith('eusc-') || place.endsWith('.eusc-pure.cloud')) return ['*.amazonaws.eu'];
  if (place.startsWith('cn-') || place.endsWith('.cn')) return ['*.amazonaws.com.cn'];
  return ['*.amazonaws.com'];
}

function hostOf(region: string | undefined): string {
  const name = region?.trim().toLowerCase() ?? '';
  const known = Object.hasOwn(hostOfAwsRegion, name) ? hostOfAwsRegion[name] : undefined;
  if (known !== undefined) return known;
  if (/^[a-z0-9-]+(?:\.[a-z0-9-]+){1,9}$/.test(name)) return name;
  throw new RangeError('GC_REGION is neither a Genesys Cloud host nor a known AWS region');
}

function origin(url: string): string {
  return new URL(url).origin;
}
