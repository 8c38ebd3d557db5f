import { awsRegionOf, defaultUploadHosts, outboundAgents } from '@exrec/gc-api';
import axios, { isAxiosError } from 'axios';
import { fine, someOf, stops, warning, type Finding } from './finding.js';
import type { AllSettings } from './settings.js';

const subject = 'upload hosts';
const patienceMs = 10_000;

/**
 * Whether this machine gets through to where uploads go: any answer will do, nothing is sent.
 * @param named a URL that Genesys Cloud has named for an upload, if it did
 */
export async function checkUploadHosts(
  settings: AllSettings,
  named: string | undefined,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  if (settings.EXRP_ALLOW_INSECURE_UPLOAD)
    findings.push(
      warning(
        subject,
        'uploads may go over plain http',
        'EXRP_ALLOW_INSECURE_UPLOAD is for tests and the simulator only',
      ),
    );
  const origins = originsToTry(settings, named);
  const reached: string[] = [];
  for (const origin of origins) {
    const fault = await faultOf(origin, settings);
    const { host } = new URL(origin);
    if (fault === undefined) reached.push(host);
    else
      findings.push(
        stops(
          subject,
          `${host} cannot be reached (${fault})`,
          'HTTPS_PROXY, NO_PROXY, DNS, firewall: recordings are uploaded there',
        ),
      );
  }
  if (reached.length > 0) findings.push(fine(subject, `${someOf(reached)} can be reached`));
  else if (origins.length === 0)
    findings.push(fine(subject, 'EXRP_UPLOAD_HOSTS has patterns only, of which no host is known'));
  return findings;
}

function originsToTry(settings: AllSettings, named: string | undefined): string[] {
  const { GC_REGION: region, GC_API_URL: apiUrl, EXRP_UPLOAD_HOSTS: hosts } = settings;
  const place = { region, apiUrl };
  if (named !== undefined) return [new URL(named).origin];
  return (hosts ?? defaultUploadHosts(place)).flatMap((host) => {
    const amazon = /^\*\.(amazonaws\.[a-z.]+)$/.exec(host)?.[1];
    const awsRegion = awsRegionOf(place);
    if (amazon !== undefined)
      return [`https://s3.${awsRegion === undefined ? '' : `${awsRegion}.`}${amazon}`];
    if (host.includes('*')) return [];
    // A simulator is its own S3.
    const isApi = apiUrl !== undefined && new URL(apiUrl).hostname === host;
    return [isApi && settings.EXRP_ALLOW_INSECURE_UPLOAD ? apiUrl : `https://${host}`];
  });
}

/** Undefined: something answered. */
async function faultOf(
  origin: string,
  { HTTPS_PROXY, NO_PROXY }: AllSettings,
): Promise<string | undefined> {
  try {
    await axios.head(origin, {
      ...outboundAgents(origin, { proxyEnv: { HTTPS_PROXY, NO_PROXY }, stallMs: patienceMs }),
      timeout: patienceMs,
      maxRedirects: 0,
      proxy: false,
      validateStatus: () => true,
    });
    return undefined;
  } catch (error) {
    return (isAxiosError(error) ? error.code : undefined) ?? 'no answer';
  }
}
